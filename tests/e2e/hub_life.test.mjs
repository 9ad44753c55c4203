// How the hub starts, stops and fails.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { describe, test } from "node:test";
import { call, connect, next, within } from "./support/clients.mjs";
import { request } from "./support/http.mjs";
import { Child } from "./support/child.mjs";
import { atEnd } from "./support/cleanup.mjs";
import { atrium, runHub, startHub, temporaryFolder } from "./support/programs.mjs";
import { WireClient } from "./support/wire.mjs";

/** Runs a hub that cannot start, and gives its code and what it said. */
async function refusal(t, options) {
  const child = runHub(t, options);
  const { code } = await within(10_000, child.ended, "giving up");
  return { code, said: child.output };
}

/** A data folder in which a hub ran and wrote something. */
async function used(t) {
  const data = temporaryFolder(t);
  const hub = await startHub(t, { data });
  const socket = await connect(t, hub.url);
  await socket.emitWithAck("setState", "0_userdata.0.kept", { val: "kept", ack: true });
  await hub.stop();
  // Whole files, without logs beside them.
  assert.deepEqual(readdirSync(data).sort(), ["atrium.db", "atrium.lock", "history.db", "recovery.db", "recovery.db.lock"]);
  return data;
}

async function kept(t, data) {
  const hub = await startHub(t, { data });
  const socket = await connect(t, hub.url);
  const [, state] = await call(socket, "getState", "0_userdata.0.kept");
  return state?.val;
}

/** The bytes where SQLite keeps `PRAGMA user_version`, big-endian. */
function setUserVersion(file, version) {
  const bytes = readFileSync(file);
  bytes.writeUInt32BE(version, 60);
  writeFileSync(file, bytes);
}

describe("starting and stopping", { timeout: 60_000 }, () => {
  test("health: alive and ready", async (t) => {
    const { port } = await startHub(t, { data: temporaryFolder(t) });
    const { status, body } = await request(port, "/healthz");
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body), { alive: true, ready: true });
    const child = new Child(atrium(), ["healthcheck", "--listen", `127.0.0.1:${port}`]);
    assert.equal((await child.ended).code, 0);
  });

  for (const signal of ["SIGTERM", "SIGINT"])
    test(`promise 11: ${signal} under load closes the listener, tells clients, commits what it acknowledged, and ends with 0`, async (t) => {
      const data = temporaryFolder(t);
      const hub = await startHub(t, { data });
      const official = await connect(t, hub.url);
      const left = next(official, "disconnect");
      const writer = await WireClient.connect(t, hub.port);
      let acked = 0;
      let sent = 0;
      const write = () => {
        if (writer.socket.readyState !== writer.socket.OPEN) return;
        writer.ask(["setState", "0_userdata.0.load", { val: ++sent, ack: true }], ([error]) => {
          if (error === null) ++acked;
          write();
        });
      };
      for (let i = 0; i < 100; ++i) write();
      await writer.request("getVersion");
      const { code, signal: killedBy } = await within(10_000, hub.child.end(signal), "stopping");
      assert.deepEqual([code, killedBy], [0, null], hub.child.output);
      assert.match((await left)[0], /^transport (close|error)$/);
      await writer.ended;
      await assert.rejects(
        new Promise((resolve, reject) => net.connect(hub.port, "127.0.0.1").on("connect", resolve).on("error", reject)),
      );
      const again = await startHub(t, { data });
      const reader = await WireClient.connect(t, again.port);
      const [, { val }] = await reader.request("getState", "0_userdata.0.load");
      assert.ok(val >= acked, `${val} is there, ${acked} were acknowledged`);
    });

  test("promise 11: clients that stop reading do not hold up the end", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t) });
    const stuck = await WireClient.connect(t, hub.port);
    stuck.socket.pause();
    const { code } = await within(10_000, hub.child.end(), "stopping");
    assert.equal(code, 0, hub.child.output);
  });

  test("a port that is taken", async (t) => {
    const first = await startHub(t, { data: temporaryFolder(t) });
    const { code, said } = await refusal(t, { data: temporaryFolder(t), listen: `127.0.0.1:${first.port}` });
    assert.equal(code, 1);
    assert.match(said, new RegExp(`error listen-failed .*127\\.0\\.0\\.1:${first.port}`));
  });
});

describe("data that cannot be used", { timeout: 60_000 }, () => {
  test("a second hub on the same data is refused and told who is first, who goes on", async (t) => {
    const data = await used(t);
    const first = await startHub(t, { data });
    const { code, said } = await refusal(t, { data });
    assert.equal(code, 1);
    assert.match(said, new RegExp(`error data-folder-failed .*process ${first.child.pid}`));
    const socket = await connect(t, first.url);
    assert.deepEqual(await call(socket, "setState", "a.b", 1), [null, "a.b"]);
  });

  for (const name of ["atrium.db", "history.db"]) {
    test(`${name} of a newer version is refused and left as it was`, async (t) => {
      const data = await used(t);
      const file = path.join(data, name);
      const version = readFileSync(file).readUInt32BE(60);
      setUserVersion(file, 9999);
      const { code, said } = await refusal(t, { data });
      assert.equal(code, 1);
      assert.match(said, new RegExp(`error data-folder-failed .*${name}.*9999`));
      setUserVersion(file, version);
      assert.equal(await kept(t, data), "kept");
    });

    test(`a corrupt ${name} is refused and left as it was`, async (t) => {
      const data = await used(t);
      const file = path.join(data, name);
      const good = readFileSync(file);
      writeFileSync(file, Buffer.alloc(good.length, "not a database "));
      const { code, said } = await refusal(t, { data });
      assert.equal(code, 1);
      assert.match(said, new RegExp(`error data-folder-failed .*${name}`));
      writeFileSync(file, good);
      assert.equal(await kept(t, data), "kept");
    });
  }

  test("data that cannot be written is refused with what to do", async (t) => {
    const data = await used(t);
    const beneath = path.join(data, "a file");
    writeFileSync(beneath, "");
    const { code, said } = await refusal(t, { data: path.join(beneath, "data") });
    assert.equal(code, 1);
    assert.match(said, /error data-folder-failed .*a file/);
    if (process.getuid() === 0) return t.diagnostic("root may write everything; the rest is left out");
    chmodSync(data, 0o500);
    atEnd(t, () => chmodSync(data, 0o700));
    assert.match((await refusal(t, { data })).said, /error data-folder-failed .*writ/);
  });
});

describe("configuration", { timeout: 60_000 }, () => {
  test("what is wrong is named with its key, file and line, and nothing starts", async (t) => {
    const file = path.join(temporaryFolder(t), "wrong.toml");
    writeFileSync(file, 'listen = "127.0.0.1:0"\n[limits]\nconnections_max = "many"\nno_such_key = 1\n');
    for (const command of ["check", "serve"]) {
      const child = new Child(atrium(), [command, "--config", file]);
      assert.equal((await child.ended).code, 2);
      assert.match(child.output, /wrong\.toml:3.*connections_max/);
      assert.match(child.output, /wrong\.toml:4.*no_such_key/);
    }
  });

  test("--help and --version", () => {
    assert.match(execFileSync(atrium(), ["--version"], { encoding: "utf8" }), /^atrium \d+\.\d+/);
    assert.match(execFileSync(atrium(), ["--help"], { encoding: "utf8" }), /serve/);
  });

  test("logs are one JSON object a line on request", async (t) => {
    const data = path.join(temporaryFolder(t), "new");
    mkdirSync(data);
    const child = runHub(t, { data, env: { LOG_FORMAT: "json" } });
    await child.wrote(/hub-started.*\n/);
    await child.end();
    const events = child.output.trim().split("\n").map((line) => JSON.parse(line));
    assert.ok(events.some(({ event }) => event === "hub-started"));
    assert.ok(events.some(({ event }) => event === "hub-stopped"));
  });
});

// A disk that takes nothing more while the hub runs: reads go on, writes are refused and say why, nothing that was
// acknowledged is lost, and the hub goes on when there is room. The disk is full for the hub alone: the system is told to let
// none of its files grow beyond a size, which needs no rights and binds root too.
import assert from "node:assert/strict";
import { once } from "node:events";
import path from "node:path";
import { describe, test } from "node:test";
import { Child, fileSizeOf } from "./support/child.mjs";
import { call, collect, connect, within } from "./support/clients.mjs";
import { atEnd } from "./support/cleanup.mjs";
import { request } from "./support/http.mjs";
import { startHub, temporaryFolder } from "./support/programs.mjs";
import { WireClient } from "./support/wire.mjs";

const id = "0_userdata.0.disk";
const quiet = { ADAPTERS: "[]" };

const allow = (hub, bytes) => fileSizeOf(hub.child, bytes);

/** Waits until the hub says so, from now on. */
function says(hub, pattern) {
  const from = hub.child.output.length;
  return hub.child.wrote(new RegExp(`^[^]{${from},}${pattern}`));
}

async function health(hub) {
  const { status, body } = await request(hub.port, "/healthz");
  return [status, JSON.parse(body)];
}

const ready = [200, { alive: true, ready: true }];
const notReady = [503, { alive: true, ready: false }];

/** What is left after the hub was killed and started again. */
async function afterRestart(t, hub, data) {
  await hub.child.end("SIGKILL");
  const again = await startHub(t, { data, env: quiet });
  return connect(t, again.url);
}

describe("a disk that is full", { timeout: 120_000 }, () => {
  test("reads go on, writes are refused, and the hub is ready again when there is room", async (t) => {
    const data = temporaryFolder(t);
    const hub = await startHub(t, { data, env: quiet });
    const socket = await connect(t, hub.url);
    const changes = collect(socket, "stateChange");
    await socket.emitWithAck("subscribe", "0_userdata.*");
    assert.deepEqual(await call(socket, "setState", id, { val: "kept", ack: true }), [null, id]);
    assert.deepEqual(await health(hub), ready);

    allow(hub, 0);
    for (const val of ["lost", "lost too"]) {
      const [error] = await call(socket, "setState", id, { val, ack: true });
      assert.match(error, /make room on the disk/);
    }
    const [error] = await call(socket, "setObject", id, { type: "state", common: {}, native: {} });
    assert.match(error, /make room on the disk/);
    assert.deepEqual(await health(hub), notReady);
    assert.match((await request(hub.port, "/metrics")).body, /^atrium_journal_ready 0$/m);
    assert.equal(hub.child.output.match(/ journal-commit-failed /g).length, 1, "once, however many are refused");

    const other = await connect(t, hub.url);
    for (const reader of [socket, other]) {
      assert.equal((await call(reader, "getState", id))[1].val, "kept");
      assert.equal((await call(reader, "getStates", "0_userdata.*"))[0], null);
      assert.deepEqual((await call(reader, "getHistory", id, { start: 0 }))[1].map(({ val }) => val), ["kept"]);
      assert.deepEqual(await call(reader, "getObject", id), [null, null]);
    }

    const goesOn = says(hub, " journal-commit-succeeded ");
    allow(hub, "unlimited");
    await within(10_000, goesOn, "noticing that there is room");
    assert.deepEqual(await health(hub), ready);
    assert.deepEqual(await call(socket, "setState", id, { val: "later", ack: true }), [null, id]);
    assert.deepEqual(changes.map(([, { val }]) => val), ["kept", "later"]);

    const back = await afterRestart(t, hub, data);
    assert.equal((await call(back, "getState", id))[1].val, "later");
    assert.deepEqual((await call(back, "getHistory", id, { start: 0 }))[1].map(({ val }) => val), ["kept", "later"]);
    assert.deepEqual(await call(back, "getObject", id), [null, null]);
  });

  test("over and over in the middle of the load: what was acknowledged is there, what was refused is not", async (t) => {
    const data = temporaryFolder(t);
    const hub = await startHub(t, { data, env: { ...quiet, HISTORY_FOLD_INTERVAL_MS: 50 } });
    const fates = new Map(); // of each value: whether it was acknowledged
    let heard = () => {};
    let going = true;
    const write = async (wire, own) => {
      for (let n = 0; going; ++n) {
        const val = `${own} ${n} ${"x".repeat(200)}`;
        const [error] = await wire.request("setState", `${id}.${own}`, { val, ack: true });
        fates.set(val, error === null);
        heard(error === null);
      }
    };
    const fate = (wanted) => new Promise((resolve) => (heard = (acknowledged) => acknowledged === wanted && resolve()));
    const wires = await Promise.all(Array.from({ length: 10 }, () => WireClient.connect(t, hub.port)));
    const writers = wires.map((wire, own) => write(wire, own));
    for (let round = 0; round < 10; ++round) {
      await within(10_000, fate(true), "an acknowledgement");
      const refused = fate(false);
      allow(hub, 40_000 * (round % 4));
      await Promise.race([refused, hub.child.ended]);
      allow(hub, "unlimited");
    }
    await within(10_000, fate(true), "an acknowledgement");
    going = false;
    await Promise.all(writers);
    assert.ok([...fates.values()].filter((x) => !x).length >= 5, "some were refused");

    const back = await afterRestart(t, hub, data);
    for (let own = 0; own < wires.length; ++own) {
      const [, past] = await call(back, "getHistory", `${id}.${own}`, { start: 0, count: 1e6, limit: 1e6 });
      const acknowledged = [...fates].filter(([val, x]) => x && val.startsWith(`${own} `)).map(([val]) => val);
      assert.ok(acknowledged.length > 0);
      assert.deepEqual(past.map(({ val }) => val), acknowledged);
    }
  });
});

test("a database that another program has locked: writes are refused, and work when it lets go", { timeout: 60_000 }, async (t) => {
  const data = temporaryFolder(t);
  const hub = await startHub(t, { data, env: quiet });
  const socket = await connect(t, hub.url);
  assert.deepEqual(await call(socket, "setState", id, { val: "kept", ack: true }), [null, id]);
  const other = new Child("sqlite3", [path.join(data, "atrium.db")], {}, { input: true });
  atEnd(t, () => (other.running ? other.end("SIGKILL") : undefined));
  other.process.stdin.write("BEGIN IMMEDIATE;\n.print locked\n");
  await other.wrote(/locked/);

  const answer = call(socket, "setState", id, { val: "lost", ack: true });
  // The journal waits for the lock for a while, and nobody waits for the journal.
  assert.equal((await call(socket, "getState", id))[1].val, "kept");
  const [error] = await within(20_000, answer, "the refusal");
  assert.match(error, /another program holds its lock/);
  assert.deepEqual(await health(hub), notReady);
  const goesOn = says(hub, " journal-commit-succeeded ");
  other.process.stdin.end("COMMIT;\n");
  await once(other.process, "close");
  await within(20_000, goesOn, "noticing that the lock is gone");
  assert.deepEqual(await health(hub), ready);
  assert.deepEqual(await call(socket, "setState", id, { val: "later", ack: true }), [null, id]);
  const back = await afterRestart(t, hub, data);
  assert.deepEqual((await call(back, "getHistory", id, { start: 0 }))[1].map(({ val }) => val), ["kept", "later"]);
});

// The official client as pages get it from the hub. Checklist of the reference: lines 61 and 62.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import vm from "node:vm";
import zlib from "node:zlib";
import { within } from "./support/clients.mjs";
import { request } from "./support/http.mjs";
import { clientFolder, startHub, temporaryFolder } from "./support/programs.mjs";

const bundles = ["socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js", "socket.io.esm.min.js"];
const decoders = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync, deflate: zlib.inflateSync };

const start = (t, env = {}) =>
  startHub(t, { data: temporaryFolder(t), env: { SOCKETIO_CLIENT_FOLDER: clientFolder(), ...env } });
const original = (name) => readFileSync(path.join(clientFolder(), name));

describe("the client's bundles", { timeout: 60_000 }, () => {
  for (const name of bundles.flatMap((x) => [x, `${x}.map`]))
    test(`checklist 61: ${name}, plain and in each encoding`, async (t) => {
      const { port } = await start(t);
      const get = (headers) => request(port, `/socket.io/${name}?v=1`, { headers });
      const plain = await get({});
      assert.equal(plain.status, 200);
      assert.equal(plain.headers["cache-control"], "public, max-age=0");
      assert.equal(plain.headers["content-encoding"], undefined);
      const type = name.endsWith(".map") ? "application/json" : "application/javascript";
      assert.equal(plain.headers["content-type"], `${type}; charset=utf-8`);
      assert.deepEqual(plain.bytes, original(name));
      for (const [encoding, decode] of Object.entries(decoders)) {
        const answer = await get({ "Accept-Encoding": encoding });
        assert.equal(answer.headers["content-encoding"], encoding);
        assert.ok(answer.bytes.length < plain.bytes.length / 2);
        assert.deepEqual(decode(answer.bytes), plain.bytes);
      }
    });

  test("checklist 61: who has this version is told so", async (t) => {
    const { port } = await start(t);
    const version = `"${readFileSync(path.join(clientFolder(), "version"), "utf8")}"`;
    const get = (headers, method = "GET") => request(port, "/socket.io/socket.io.js", { headers, method });
    assert.equal((await get({})).headers.etag, version);
    for (const known of [version, `W/${version}`]) {
      const { status, headers, bytes } = await get({ "If-None-Match": known });
      assert.equal(status, 304);
      assert.equal(headers.etag, undefined);
      assert.equal(bytes.length, 0);
    }
    assert.equal((await get({ "If-None-Match": '"0.0.0"' })).status, 200);
    assert.equal((await get({}, "POST")).status, 200);
    assert.equal((await get({}, "HEAD")).status, 200);
  });

  for (const name of bundles.filter((x) => !x.includes("esm")))
    test(`checklist 61: to a page, ${name} is the client`, async (t) => {
      const { port } = await start(t);
      const { body } = await request(port, `/socket.io/${name}`);
      // A global object and no modules.
      const page = { setTimeout, clearTimeout };
      page.self = page;
      vm.runInNewContext(body, page);
      assert.equal(typeof page.io.Manager, "function");
    });

  test("checklist 62: without the client, or for another name, the engine answers", async (t) => {
    const { port } = await start(t, { SOCKETIO_SERVE_CLIENT: false });
    assert.equal((await request(port, "/socket.io/socket.io.js")).status, 400);
    const serving = await start(t);
    assert.equal((await request(serving.port, "/socket.io/socket.io.none.js")).status, 400);
    assert.equal((await request(serving.port, "/socket.io.js")).status, 404);
  });

  test("checklist 62: a hub without the bundles says so, and answers as without the client", async (t) => {
    const hub = await start(t, { SOCKETIO_CLIENT_FOLDER: temporaryFolder(t) });
    await within(5000, hub.child.wrote(/ client-not-served /), "saying so");
    const { status, bytes } = await request(hub.port, "/socket.io/socket.io.js");
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(bytes), { code: 0, message: "Transport unknown" });
  });
});

// Clients that others have written: python-socketio as Debian has it, and the official client 2.x.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import legacyClient from "socket.io-client-2";
import { Child } from "./support/child.mjs";
import { atEnd } from "./support/cleanup.mjs";
import { call, collect, next, within } from "./support/clients.mjs";
import { request } from "./support/http.mjs";
import { startHub, startServer, temporaryFolder } from "./support/programs.mjs";

const python = "/usr/bin/python3";

describe("python-socketio", { timeout: 120_000 }, () => {
  for (const flavour of ["sync", "asyncio"])
    for (const transport of ["polling", "websocket"])
      test(`${flavour} over ${transport}: events, acks, binary, rooms, and back after a restart`, async (t) => {
        const server = await startServer(t, "semantics", { workers: 2 });
        const script = fileURLToPath(new URL(`clients/${flavour}_client.py`, import.meta.url));
        const client = new Child(python, [script, server.url, transport], { PYTHONUNBUFFERED: "1" });
        atEnd(t, () => (client.running ? client.end("SIGKILL") : undefined));
        await within(30_000, client.wrote(/ready\n/), "the first part");
        // Told that the server closes, as by SIGTERM, this client stays away when it is polling.
        await server.child.end("SIGKILL");
        await startServer(t, "semantics", { workers: 2, port: server.port });
        await within(30_000, client.wrote(/back\n/), "coming back");
        assert.equal((await within(10_000, client.ended, "its end")).code, 0, client.output);
      });
});

/** A client of Socket.IO 2, connected. */
async function connectLegacy(t, url, options = {}) {
  const socket = legacyClient(url, { forceNew: true, reconnection: false, ...options });
  atEnd(t, () => socket.disconnect());
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    for (const failure of ["connect_error", "error"]) socket.once(failure, reject);
  });
  return socket;
}

const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] };

describe("socket.io-client 2.x", { timeout: 60_000 }, () => {
  for (const [name, list] of Object.entries(transports))
    test(`checklist 111: it is in / at once and speaks with the server (${name})`, async (t) => {
      const { url } = await startServer(t, "legacy", { workers: 2 });
      const socket = await connectLegacy(t, url, { transports: list });
      if (name === "upgrade" && socket.io.engine.transport.name !== "websocket")
        await within(5000, next(socket.io.engine, "upgrade"), "the upgrade");
      assert.equal(socket.id, socket.io.engine.id);
      assert.deepEqual(await call(socket, "echo", "a", { b: ["ü€😀"] }), ["a", { b: ["ü€😀"] }]);
      const blob = Buffer.from([0, 1, 2, 255]);
      const [back] = await call(socket, "echo", { blob });
      assert.deepEqual(Buffer.from(back.blob), blob);
      const [id] = await call(socket, "id");
      assert.equal(id, socket.id);
      socket.on("question", (x, ack) => ack(`to ${x}`));
      assert.deepEqual(await call(socket, "ask", "it"), ["to it"]);
      const heard = next(socket, "heard");
      await call(socket, "room", "text and", blob);
      const [text, bytes] = await heard;
      assert.equal(text, "text and");
      assert.deepEqual(Buffer.from(bytes), blob);
      const ended = next(socket, "disconnect");
      socket.emit("kick");
      assert.deepEqual(await ended, ["io server disconnect"]);
    });

  test("checklist 111: a namespace with a query, which is its auth", async (t) => {
    const { url } = await startServer(t, "legacy");
    const socket = await connectLegacy(t, `${url}/custom?token=a%20b`, { query: {} });
    const [auth] = await call(socket, "auth");
    assert.equal(auth.token, "a b");
    const [id] = await call(socket, "id");
    assert.equal(id, `/custom#${socket.io.engine.id}`);
    assert.equal(socket.id, id);
  });

  test("checklist 111: a middleware's error is a text, or its data; an unknown namespace an object", async (t) => {
    const { url } = await startServer(t, "legacy");
    const refused = (path) =>
      connectLegacy(t, url + path).then(
        () => assert.fail("it was let in"),
        (error) => error,
      );
    assert.equal(await refused("/guarded"), "nope");
    assert.deepEqual(await refused("/guarded?data=1"), { code: 42 });
    assert.deepEqual(await refused("/nowhere"), { message: "Invalid namespace" });
  });

  test("checklist 111: without allow_eio3 it is refused", async (t) => {
    const { url, port } = await startServer(t, "semantics");
    await assert.rejects(connectLegacy(t, url), /xhr poll error/);
    const { status, body } = await request(port, "/socket.io/?EIO=3&transport=polling");
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(body), { code: 5, message: "Unsupported protocol version" });
  });

  test("checklist 111: the hub takes it when socketio.allow_eio3 says so", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t), env: { SOCKETIO_ALLOW_EIO3: true } });
    const socket = await connectLegacy(t, hub.url);
    const changes = collect(socket, "stateChange");
    assert.deepEqual(await call(socket, "subscribe", "0_userdata.0.x"), [null]);
    const change = next(socket, "stateChange");
    assert.equal((await call(socket, "setState", "0_userdata.0.x", { val: 7, ack: true }))[0], null);
    await change;
    assert.equal(changes[0][1].val, 7);
  });
});

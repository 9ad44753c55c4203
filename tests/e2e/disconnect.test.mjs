// Every reason for which a socket ends, over each transport.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPolling } from "./support/http.mjs";
import { startServer } from "./support/programs.mjs";
import { openWebSocket } from "./support/wire.mjs";

/** A raw session that has joined the main namespace: its id, and how to send. */
const transports = {
  websocket: async (t, { port }) => {
    const x = await openWebSocket(t, port);
    await x.frame();
    x.send("40");
    const { sid } = JSON.parse((await x.frame()).slice(2));
    return { sid, send: x.send, leave: () => x.socket.close(), cut: () => x.socket.terminate() };
  },
  polling: async (t, { port }) => {
    const x = await openPolling(port);
    await x.post("40");
    const { sid } = JSON.parse((await x.get()).body.slice(2));
    // A session that the server closes may end a request in any way.
    const send = (body) => void x.post(body).catch(() => {});
    return { sid, send, leave: () => send("1"), get: () => x.get().catch(() => {}) };
  },
};

/** What ends a session, by the reason that the program gets; some of it only over one transport. */
const ways = {
  "transport close": { "the client leaves": (x) => x.leave(), "its connection breaks": ["websocket", (x) => x.cut()] },
  "transport error": {
    "a ping, which only servers send": (x) => x.send("2"),
    "a message that is too large": ["websocket", (x) => x.send("4".repeat(1_000_001))],
    "two GETs at once": ["polling", (x) => void Promise.all([x.get(), x.get()])],
  },
  "parse error": { "what is no packet": (x) => x.send("abc") },
  // Over polling it is "forced server close" while no GET waits, as here; `socketio.test.mjs` has one that waits.
  "forced close": {
    "what is no Socket.IO packet": ["websocket", (x) => x.send("49")],
    "a second CONNECT": ["websocket", (x) => x.send("40")],
    "an event for a namespace that was not joined": ["websocket", (x) => x.send('42/other,["x"]')],
    "binary without a header": ["websocket", (x) => x.send(Buffer.from([1]))],
  },
  "forced server close": {
    "what is no Socket.IO packet": ["polling", (x) => x.send("49")],
    "a second CONNECT": ["polling", (x) => x.send("40")],
    "an event for a namespace that was not joined": ["polling", (x) => x.send('42/other,["x"]')],
    "binary without a header": ["polling", (x) => x.send("bAQ==")],
  },
  "client namespace disconnect": { "DISCONNECT": (x) => x.send("41") },
  "server namespace disconnect": {
    "disconnect()": (x) => x.send('42["kick",false]'),
    "disconnect(true)": (x) => x.send('42["kick",true]'),
  },
};

for (const [name, open] of Object.entries(transports))
  describe(`over ${name}`, { timeout: 30_000 }, () => {
    let server;
    before(async () => (server = await startServer(null, "semantics", { workers: 2 })));
    after(() => server.stop());

    /** The reason of a socket's end, as the program was told. */
    const reasonOf = async (server, sid) => (await server.child.wrote(new RegExp(`ended ${sid}: (.*)\n`)))[1];

    for (const [reason, all] of Object.entries(ways))
      for (const [what, way] of Object.entries(all)) {
        const [only, act] = Array.isArray(way) ? way : [name, way];
        if (only !== name) continue;
        test(`${reason}: ${what}`, async (t) => {
          const x = await open(t, server);
          act(x);
          assert.equal(await reasonOf(server, x.sid), reason);
        });
      }

    test("ping timeout: a client that does not answer", async (t) => {
      const quick = await startServer(t, "semantics", { "ping-interval": 100, "ping-timeout": 100 });
      const x = await open(t, quick);
      assert.equal(await reasonOf(quick, x.sid), "ping timeout");
    });

    test("server shutting down: the server stops", async (t) => {
      const stopping = await startServer(t, "semantics");
      const x = await open(t, stopping);
      const reason = reasonOf(stopping, x.sid);
      await stopping.stop();
      assert.equal(await reason, "server shutting down");
    });

    test("a client that joined nothing in time is closed, without a socket that could end", async (t) => {
      const strict = await startServer(t, "socket_suite");
      if (name === "websocket") {
        const x = await openWebSocket(t, strict.port);
        assert.equal(await x.ended, 1005);
      } else {
        const x = await openPolling(strict.port);
        assert.match((await x.get()).body, /^[16]/);
      }
    });
  });

// The official client against the embedding API, over each transport.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { call, client, collect, connect, next } from "./support/clients.mjs";
import { startServer } from "./support/programs.mjs";
import { openWebSocket } from "./support/wire.mjs";

const transports = {
  polling: { transports: ["polling"] },
  websocket: { transports: ["websocket"] },
  upgrade: { transports: ["polling", "websocket"] },
};

/** Settles when a client that may upgrade has done so. */
async function settled(socket, { transports }) {
  if (transports.length > 1 && socket.io.engine.transport.name === "polling") await next(socket.io.engine, "upgrade");
}

for (const workers of [1, 2]) {
  describe(`socket.io-client, ${workers} worker(s)`, { timeout: 60_000 }, () => {
    let server;
    before(async () => (server = await startServer(null, "semantics", { workers })));
    after(() => server.stop());

    for (const [name, options] of Object.entries(transports)) {
      describe(`over ${name}`, () => {
        test("it connects, and ends on the transport that was asked for", async (t) => {
          const socket = await connect(t, server.url, options);
          await settled(socket, options);
          assert.equal(socket.io.engine.transport.name, options.transports.at(-1));
          assert.match(socket.id, /^[A-Za-z0-9_-]{20}$/);
          assert.notEqual(socket.id, socket.io.engine.id);
          assert.deepEqual(await socket.emitWithAck("echo", 1), 1);
        });

        test("values come back as they went", async (t) => {
          const socket = await connect(t, server.url, options);
          const values = [null, true, -1.5, 2 ** 53, "äöü € 😀 \u2028", [], {}, { a: [{ b: null }] }, { __proto__x: 1 }];
          for (const value of values) assert.deepEqual(await socket.emitWithAck("echo", value), value);
        });

        test("binary comes back, nested and several times", async (t) => {
          const socket = await connect(t, server.url, options);
          const bytes = Buffer.from([0, 1, 127, 128, 255]);
          const back = await socket.emitWithAck("echo", { a: bytes, b: [Buffer.alloc(0), bytes] });
          assert.deepEqual(Buffer.from(back.a), bytes);
          assert.deepEqual(Buffer.from(back.b[1]), bytes);
          const [event] = await Promise.all([next(socket, "back"), socket.emit("back", "x", bytes)]);
          assert.deepEqual([event[0], Buffer.from(event[1])], ["x", bytes]);
        });

        test("a message of nearly a megabyte comes back, as text and as binary", async (t) => {
          const socket = await connect(t, server.url, options);
          const text = "ä".repeat(450_000);
          assert.equal(await socket.emitWithAck("echo", text), text);
          // Over polling, base64 makes it longer by a third.
          const bytes = Buffer.alloc(700_000, 7);
          assert.ok(bytes.equals(Buffer.from(await socket.emitWithAck("echo", bytes))));
        });

        test("the server asks, and gets the client's answer or a timeout", async (t) => {
          const socket = await connect(t, server.url, options);
          socket.once("question", (x, answer) => answer(`${x}!`, Buffer.from("b")));
          const [error, text, bytes] = await new Promise((resolve) =>
            socket.emit("ask", "really", 20_000, (...args) => resolve(args)),
          );
          assert.deepEqual([error, text, Buffer.from(bytes).toString()], [null, "really!", "b"]);
          const refused = await socket.emitWithAck("ask", "anyone?", 50);
          assert.match(refused, /time/);
        });

        test("what a client emits in a namespace before it is connected comes back in order", async (t) => {
          const socket = client(t, `${server.url}/other`, options);
          const back = collect(socket, "back");
          for (let i = 0; i < 100; ++i) socket.emit("back", i);
          socket.connect();
          await socket.emitWithAck("echo", 0);
          assert.deepEqual(back.flat(), [...Array(100).keys()]);
        });

        test("1000 messages, sent while the transport may change, come back once and in order", async (t) => {
          const socket = await connect(t, server.url, options);
          const back = collect(socket, "back");
          for (let i = 0; i < 1000; ++i) socket.emit("back", i);
          await socket.emitWithAck("echo", 0);
          assert.deepEqual(back.flat(), [...Array(1000).keys()]);
        });
      });
    }

    describe("namespaces", () => {
      test("each has its own sockets, ids and rooms on one connection", async (t) => {
        const socket = await connect(t, server.url);
        const other = socket.io.socket("/other");
        await Promise.all([next(other, "connect"), other.connect()]);
        assert.notEqual(other.id, socket.id);
        await socket.emitWithAck("join", ["room"]);
        assert.deepEqual(await socket.emitWithAck("rooms"), [socket.id, "room"]);
        assert.deepEqual(await other.emitWithAck("rooms"), [other.id]);
        const heard = collect(other, "heard");
        await socket.emitWithAck("to", ["room"], "x");
        assert.equal(await other.emitWithAck("echo", 1), 1);
        assert.deepEqual(heard, []);
      });

      test("one that does not exist is refused, and the connection stays", async (t) => {
        const socket = await connect(t, server.url);
        const unknown = socket.io.socket("/unknown");
        const [[error]] = await Promise.all([next(unknown, "connect_error"), unknown.connect()]);
        assert.equal(error.message, "Invalid namespace");
        assert.equal(await socket.emitWithAck("echo", 1), 1);
      });

      test("a middleware refuses with a message and data, and lets others in", async (t) => {
        for (const auth of [undefined, { token: "bad" }]) {
          const refused = client(t, `${server.url}/guarded`, { auth });
          const [[error]] = await Promise.all([next(refused, "connect_error"), refused.connect()]);
          assert.equal(error.message, "not authorised");
          assert.deepEqual(error.data, { code: 401 });
        }
        const socket = await connect(t, `${server.url}/guarded`, { auth: { token: "good" } });
        assert.equal(await socket.emitWithAck("echo", 1), 1);
      });
    });

    describe("rooms", () => {
      /** Clients, and what each of them heard. */
      async function people(t, rooms) {
        return await Promise.all(
          rooms.map(async (mine) => {
            const socket = await connect(t, server.url, transports.websocket);
            await socket.emitWithAck("join", mine);
            return { socket, heard: collect(socket, "heard") };
          }),
        );
      }

      /** What everyone heard, once everything that was emitted has arrived. */
      async function heardBy(all) {
        await Promise.all(all.map(({ socket }) => socket.emitWithAck("to", [socket.id], "end")));
        await Promise.all(all.map(async ({ socket, heard }) => heard.at(-1)?.[0] === "end" || next(socket, "heard", (x) => x === "end")));
        return all.map(({ heard }) => heard.flat().filter((x) => x !== "end"));
      }

      test("to, except, and to others", async (t) => {
        const all = await people(t, [["r1"], ["r2"], ["r3"]]);
        const [a, b] = all;
        await a.socket.emitWithAck("to", ["r1", "r2"], "to");
        await a.socket.emitWithAck("others", ["r1", "r3"], "others");
        await a.socket.emitWithAck("except", ["r1", "r2", "r3"], ["r2"], "except");
        await b.socket.emitWithAck("to", [a.socket.id], "direct");
        assert.deepEqual(await heardBy(all), [["to", "except", "direct"], ["to"], ["others", "except"]]);
      });

      test("promise 5: a broadcast after a join is acknowledged arrives, after a leave it does not", async (t) => {
        const [speaker, listener] = await people(t, [[], []]);
        for (let i = 0; i < 200; ++i) {
          await listener.socket.emitWithAck("join", ["door"]);
          await speaker.socket.emitWithAck("to", ["door"], i);
          await listener.socket.emitWithAck("leave", ["door"]);
          await speaker.socket.emitWithAck("to", ["door"], "missed");
        }
        const [, heard] = await heardBy([speaker, listener]);
        assert.deepEqual(heard, [...Array(200).keys()]);
      });

      test("promise 6: each receiver gets a broadcast once, however many of its rooms match", async (t) => {
        const all = await people(t, [["m1", "m2", "m3"], ["m2"], ["m3", "m1"]]);
        for (let i = 0; i < 100; ++i) await all[0].socket.emitWithAck("to", ["m1", "m2", "m3", all[0].socket.id], i);
        for (const heard of await heardBy(all)) assert.deepEqual(heard, [...Array(100).keys()]);
      });

      test("a room of a client that left is empty", async (t) => {
        const [observer, leaver] = await people(t, [[], ["gone"]]);
        assert.deepEqual(await observer.socket.emitWithAck("sockets", "gone"), [leaver.socket.id]);
        await observer.socket.emitWithAck("join", ["observers"]);
        const ended = next(observer.socket, "ended", (id) => id === leaver.id);
        leaver.id = leaver.socket.id;
        leaver.socket.disconnect();
        await ended;
        assert.deepEqual(await observer.socket.emitWithAck("sockets", "gone"), []);
      });

      test("a broadcast gathers the answers, and says when some are missing", async (t) => {
        const all = await people(t, [["voters"], ["voters"], []]);
        all[0].socket.on("question", (_, answer) => answer(1));
        all[1].socket.once("question", (_, answer) => answer(2));
        const vote = (ms) => call(all[2].socket, "vote", "voters", ms);
        const [late, votes] = await vote(20_000);
        assert.deepEqual([late, votes.sort()], [false, [1, 2]]);
        assert.deepEqual(await vote(50), [true, [1]]);
      });
    });

    describe("ends", () => {
      /** A client that hears how others end. */
      async function observe(t) {
        const observer = await connect(t, server.url);
        await observer.emitWithAck("join", ["observers"]);
        return observer;
      }

      const ways = {
        "the client leaves": [(socket) => socket.disconnect(), "io client disconnect", "client namespace disconnect"],
        "the client's transport closes": [(socket) => socket.io.engine.close(), "forced close", "transport close"],
        "the server disconnects the socket": [
          (socket) => socket.emit("kick", false),
          "io server disconnect",
          "server namespace disconnect",
        ],
        "the server closes the connection": [
          (socket) => socket.emit("kick", true),
          "io server disconnect",
          "server namespace disconnect",
        ],
        "the client sends what is no packet": [
          (socket) => socket.io.engine.write("9"),
          "transport close",
          "forced close",
        ],
      };
      for (const [what, [act, here, there]] of Object.entries(ways))
        for (const [name, options] of Object.entries(transports))
          test(`${what} (${name}): "${there}"`, async (t) => {
            const socket = await connect(t, server.url, options);
            await settled(socket, options);
            const { id } = socket;
            const ended = next(await observe(t), "ended", (x) => x === id);
            const left = next(socket, "disconnect");
            act(socket);
            assert.deepEqual([(await left)[0], (await ended)[1]], [here, there]);
          });

      test("a handler that throws, coroutine or not, is reported and ends nothing", async (t) => {
        const socket = await connect(t, server.url);
        for (const how of ["throw", "throw later"]) {
          socket.emit(how);
          assert.equal(await socket.emitWithAck("echo", 1), 1);
        }
        await server.child.wrote(/on purpose[^]*on purpose/);
      });
    });
  });
}

describe("heartbeat", { timeout: 30_000 }, () => {
  test("a client that is silent ends with \"ping timeout\", one that answers stays", async (t) => {
    const server = await startServer(t, "semantics", { "ping-interval": 200, "ping-timeout": 200 });
    const observer = await connect(t, server.url);
    await observer.emitWithAck("join", ["observers"]);
    const silent = await openWebSocket(t, server.port);
    await silent.frame();
    silent.send("40");
    const { sid } = JSON.parse((await silent.frame()).slice(2));
    const [, reason] = await next(observer, "ended", (x) => x === sid);
    assert.equal(reason, "ping timeout");
    assert.equal(await observer.emitWithAck("echo", 1), 1);
  });
});

test("a client comes back after a restart, and what it emits is answered", { timeout: 30_000 }, async (t) => {
  const first = await startServer(t, "semantics");
  const socket = await connect(t, first.url, { reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 50 });
  const left = next(socket, "disconnect");
  await first.stop();
  await left;
  const answer = socket.emitWithAck("echo", "kept until then");
  await startServer(t, "semantics", { port: first.port });
  assert.equal(await answer, "kept until then");
});

test("the server stops: clients hear of it, and it ends with 0", { timeout: 30_000 }, async (t) => {
  const server = await startServer(t, "semantics", { workers: 2 });
  const all = await Promise.all(Object.values(transports).map((options) => connect(t, server.url, options)));
  await settled(all[2], transports.upgrade);
  const left = all.map((socket) => next(socket, "disconnect"));
  await server.stop();
  const reasons = (await Promise.all(left)).map(([reason]) => reason);
  // A polling client may be between two requests, and finds nobody there for its next one.
  assert.match(reasons[0], /^transport (close|error)$/);
  assert.deepEqual(reasons.slice(1), ["transport close", "transport close"]);
});

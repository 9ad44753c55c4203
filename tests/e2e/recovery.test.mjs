// Promise 7: a client that comes back gets what it missed: connection state recovery, over restarts too.
import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { call, client, collect, connect, next } from "./support/clients.mjs";
import { startHub, startServer, temporaryFolder } from "./support/programs.mjs";

const transports = { polling: ["polling"], websocket: ["websocket"] };
const reconnecting = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50, randomizationFactor: 0 };

/** The events `m` that come, without their offsets. */
function messages(socket) {
  const all = [];
  socket.on("m", (...args) => all.push(args.slice(0, -1)));
  return all;
}

/** Waits until `all` has so many elements. */
async function grown(socket, all, size) {
  while (all.length < size) await next(socket, "m");
}

/** Ends the client's transport without a word, as a lost network does, and waits until the server knows. */
async function lose(server, socket) {
  const gone = server.child.wrote(new RegExp(`gone ${socket.id} (transport close|transport error)`));
  const left = next(socket, "disconnect");
  socket.io.engine.close();
  await left;
  await gone;
}

describe("promise 7: connection state recovery", { timeout: 60_000 }, () => {
  for (const [name, allowed] of Object.entries(transports)) {
    test(`what was missed is replayed once, in order, with id, rooms and data (${name})`, async (t) => {
      const server = await startServer(t, "recovery");
      const ann = await connect(t, server.url, { transports: allowed });
      const bob = await connect(t, server.url);
      const got = messages(ann);
      const { id } = ann;
      await ann.emitWithAck("join", "kitchen");
      await ann.emitWithAck("data", { name: "Ann" });
      await bob.emitWithAck("all", 0);
      await grown(ann, got, 1);
      const pid = ann._pid;
      await lose(server, ann);

      await bob.emitWithAck("all", 1);
      await bob.emitWithAck("to", "kitchen", 2, Buffer.from([1, 2, 3]));
      await bob.emitWithAck("to", "hall", "for others");
      await bob.emitWithAck("volatile", "lost");
      await bob.emitWithAck("to", id, 3);
      await bob.emitWithAck("others", 4, { deep: [Buffer.from("x")] });
      const back = next(ann, "connect");
      ann.connect();
      await back;
      assert.equal(ann.recovered, true);
      assert.equal(ann.id, id);
      assert.equal(ann._pid, pid);
      await bob.emitWithAck("to", "kitchen", 5);
      await grown(ann, got, 6);
      assert.deepEqual(got, [[0], [1], [2, Buffer.from([1, 2, 3])], [3], [4, { deep: [Buffer.from("x")] }], [5]]);
      assert.deepEqual(await call(ann, "who"), [id, [id, "kitchen"], { name: "Ann" }, true]);
    });

    test(`a client that is back before its loss was noticed takes its socket over (${name})`, async (t) => {
      const server = await startServer(t, "recovery");
      const old = await connect(t, server.url, { transports: allowed });
      await old.emitWithAck("join", "kitchen");
      const seen = next(old, "m");
      await old.emitWithAck("all", 1);
      await seen;
      const { id, _pid, _lastOffset } = old;
      // Another connection with what the first one knows, which is still there.
      const heir = client(t, server.url, { transports: allowed, auth: { pid: _pid, offset: _lastOffset } });
      const ended = next(old, "disconnect");
      const connected = next(heir, "connect");
      heir.connect();
      await connected;
      await ended;
      assert.equal(heir.id, id);
      await server.child.wrote(new RegExp(`gone ${id} transport close`));
      const got = messages(heir);
      await heir.emitWithAck("to", "kitchen", "here");
      await grown(heir, got, 1);
      assert.deepEqual(got, [["here"]]);
    });
  }

  test("what is replayed crosses what is emitted meanwhile: each once, in order", async (t) => {
    const server = await startServer(t, "recovery", { workers: 2 });
    const ann = await connect(t, server.url, { ...reconnecting, transports: ["websocket"] });
    const bob = await connect(t, server.url);
    const got = messages(ann);
    let n = 0;
    for (let round = 0; round < 20; ++round) {
      const left = next(ann, "disconnect");
      const back = next(ann, "connect");
      ann.io.engine.close();
      await left;
      let connected = false;
      back.then(() => (connected = true));
      while (!connected) await bob.emitWithAck("all", n++);
      assert.equal(ann.recovered, true);
    }
    await bob.emitWithAck("all", n++);
    await grown(ann, got, n);
    assert.deepEqual(got.map(([x]) => x), Array.from({ length: n }, (_, i) => i));
  });

  test("a session that is unknown, expired or left on purpose gives a new one, and the program is told", async (t) => {
    const server = await startServer(t, "recovery", { "max-disconnection": 50 });
    const stranger = await connect(t, server.url, { auth: { pid: "01234567890123456789", offset: "1.1" } });
    assert.equal(stranger.recovered, false);
    assert.equal(typeof stranger._pid, "string");
    await server.child.wrote(/refused unknown session\n/);

    const late = await connect(t, server.url, { transports: ["websocket"] });
    const seen = next(late, "m");
    await late.emitWithAck("all", 1);
    await seen;
    const { id } = late;
    await lose(server, late);
    const gone = Date.now();
    while (Date.now() < gone + 60) await new Promise((resolve) => setImmediate(resolve));
    const back = next(late, "connect");
    late.connect();
    await back;
    assert.equal(late.recovered, false);
    assert.notEqual(late.id, id);
    await server.child.wrote(/refused expired\n/);

    const leaver = await connect(t, server.url);
    const told = next(leaver, "m");
    await leaver.emitWithAck("all", 1);
    await told;
    leaver.disconnect();
    const again = next(leaver, "connect");
    leaver.connect();
    await again;
    assert.equal(leaver.recovered, false);
  });

  test("what goes beyond the limits is not replayed, nor is anything else then", async (t) => {
    for (const limit of [{ packets: 3 }, { bytes: 2000 }]) {
      const server = await startServer(t, "recovery", limit);
      const ann = await connect(t, server.url, { transports: ["websocket"] });
      const bob = await connect(t, server.url);
      const got = messages(ann);
      await bob.emitWithAck("all", 0);
      await grown(ann, got, 1);
      for (const [missed, recovered] of [[2, true], [20, false]]) {
        await lose(server, ann);
        for (let i = 0; i < missed; ++i) await bob.emitWithAck("all", i);
        const before = got.length;
        const back = next(ann, "connect");
        ann.connect();
        await back;
        assert.equal(ann.recovered, recovered);
        assert.equal(got.length, before + (recovered ? missed : 0));
      }
      await server.child.wrote(/refused packets lost\n/);
    }
  });

  test("middlewares are left out for a recovered client, unless they are wanted", async (t) => {
    for (const check of [false, true]) {
      const server = await startServer(t, "recovery", check ? { check: 1 } : {});
      const ann = await connect(t, `${server.url}/checked`, { transports: ["websocket"] });
      await server.child.wrote(/check 1 new\n/);
      const seen = next(ann, "m");
      await ann.emitWithAck("all", 1);
      await seen;
      await lose(server, ann);
      const back = next(ann, "connect");
      ann.connect();
      await back;
      assert.equal(ann.recovered, true);
      await ann.emitWithAck("all", 2);
      assert.equal(/check 2 recovered\n/.test(server.child.output), check);
    }
  });

  test("what is emitted before a disconnect arrives, and the session is over", async (t) => {
    const server = await startServer(t, "recovery");
    for (const whole of [[], [true]]) {
      const ann = await connect(t, server.url, { transports: ["websocket"] });
      const got = messages(ann);
      const left = next(ann, "disconnect");
      ann.emit("bye", ...whole);
      assert.deepEqual((await left)[0], "io server disconnect");
      assert.deepEqual(got, [["bye"]]);
      const back = next(ann, "connect");
      ann.connect();
      await back;
      assert.equal(ann.recovered, false);
    }
  });

  test("without recovery there is neither pid nor offset", async (t) => {
    const server = await startServer(t, "semantics");
    const ann = await connect(t, server.url, { auth: { pid: "01234567890123456789", offset: "1.1" } });
    assert.equal(ann._pid, undefined);
    assert.ok(!ann.recovered);
  });

  for (const signal of ["SIGTERM", "SIGKILL"])
    test(`a session outlives its server, ${signal}`, async (t) => {
      const store = path.join(temporaryFolder(t), "recovery.db");
      const first = await startServer(t, "recovery", { store });
      const ann = await connect(t, first.url, { transports: ["websocket"] });
      const bob = await connect(t, first.url);
      const got = messages(ann);
      const { id } = ann;
      await ann.emitWithAck("join", "kitchen");
      await ann.emitWithAck("data", { name: "Ann" });
      await bob.emitWithAck("all", 0);
      await grown(ann, got, 1);
      await lose(first, ann);
      await bob.emitWithAck("to", "kitchen", 1);
      await bob.emitWithAck("all", 2, Buffer.from("x"));
      bob.disconnect();
      if (signal === "SIGKILL") {
        // What is killed keeps what it has committed, a few milliseconds ago.
        const since = Date.now();
        while (Date.now() < since + 200) await new Promise((resolve) => setImmediate(resolve));
      }
      await first.child.end(signal);

      const second = await startServer(t, "recovery", { store, port: first.port });
      const other = await connect(t, second.url);
      await other.emitWithAck("to", "kitchen", 3);
      const back = next(ann, "connect");
      ann.connect();
      await back;
      assert.equal(ann.recovered, true);
      await grown(ann, got, 4);
      assert.deepEqual(got, [[0], [1], [2, Buffer.from("x")], [3]]);
      assert.deepEqual(await call(ann, "who"), [id, [id, "kitchen"], { name: "Ann" }, true]);
    });
});

describe("promise 7: the hub", { timeout: 60_000 }, () => {
  for (const signal of ["SIGTERM", "SIGKILL"])
    test(`a subscriber finds every change that was acknowledged meanwhile, once, after ${signal}`, async (t) => {
      const data = temporaryFolder(t);
      const first = await startHub(t, { data, env: { ADAPTERS: "[]" } });
      const ids = Array.from({ length: 5 }, (_, i) => `0_userdata.0.recovery${i}`);
      const socket = await connect(t, first.url, { transports: ["websocket"] });
      const seen = new Map(ids.map((id) => [id, []]));
      socket.on("stateChange", (id, { val }) => seen.get(id).push(val));
      await socket.emitWithAck("subscribe", "0_userdata.0.recovery*");
      const { id } = socket;
      const writer = await connect(t, first.url, { transports: ["websocket"] });
      let n = 0;
      const told = next(socket, "stateChange");
      for (const x of ids) await writer.emitWithAck("setState", x, { val: n, ack: true });
      await told;
      socket.io.engine.close();

      // The hub dies while writes are on their way; those that were acknowledged count.
      const acked = [];
      writer.on("disconnect", () => {});
      const writing = (async () => {
        while (writer.connected) {
          ++n;
          await Promise.all(ids.map((x) => writer.timeout(2000).emitWithAck("setState", x, { val: n, ack: true }).catch(() => (acked.partial = n))));
          if (!acked.partial) acked.push(n);
        }
      })();
      while (acked.length < 50) await new Promise((resolve) => setImmediate(resolve));
      await first.child.end(signal);
      await writing;

      const second = await startHub(t, { data, listen: `127.0.0.1:${first.port}`, env: { ADAPTERS: "[]" } });
      const later = await connect(t, second.url, { transports: ["websocket"] });
      for (const x of ids) await later.emitWithAck("setState", x, { val: "later", ack: true });
      const back = next(socket, "connect");
      socket.connect();
      await back;
      assert.equal(socket.recovered, true);
      assert.equal(socket.id, id);
      for (const x of ids) await later.emitWithAck("setState", x, { val: "live", ack: true });
      while ([...seen.values()].some((values) => values.at(-1) !== "live")) await next(socket, "stateChange");
      for (const [x, values] of seen) {
        const [, past] = await new Promise((resolve) =>
          later.emit("getHistory", x, { start: 1, count: 100_000 }, (...answer) => resolve(answer)));
        assert.deepEqual(values, past.map(({ val }) => val));
        assert.ok(acked.every((value) => values.includes(value)));
      }

      // Its subscription is the hub's again: it can be ended.
      await socket.emitWithAck("unsubscribe", "0_userdata.0.recovery*");
      const after = collect(socket, "stateChange");
      await later.emitWithAck("setState", ids[0], { val: "unheard", ack: true });
      await socket.emitWithAck("getState", ids[0]);
      assert.deepEqual(after, []);
    });

  test("it can be switched off", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t), env: { ADAPTERS: "[]", RECOVERY_ENABLED: "false" } });
    const socket = await connect(t, hub.url);
    assert.equal(socket._pid, undefined);
    const change = next(socket, "stateChange");
    await socket.emitWithAck("subscribe", "0_userdata.0.x");
    await socket.emitWithAck("setState", "0_userdata.0.x", 1);
    assert.equal((await change).length, 2);
  });
});

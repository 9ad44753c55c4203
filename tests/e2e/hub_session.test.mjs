// What a person does with the hub, as the README tells it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { call, collect, connect, next, present } from "./support/clients.mjs";
import { startHub, temporaryFolder } from "./support/programs.mjs";

const lamp = "demo.0.livingroom.lamp.on";
const temperature = "demo.0.livingroom.temperature";
const adapters = `[{type = "demo", name = "demo.0", settings = {interval_ms = 100, confirm_delay_ms = 20}}]`;

const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] };

describe("the session of the README", { timeout: 60_000 }, () => {
  for (const [name, allowed] of Object.entries(transports))
    test(`a lamp is switched, temperatures arrive, and both have a past (${name})`, async (t) => {
      const data = temporaryFolder(t);
      const begin = Date.now();
      const hub = await startHub(t, { data, env: { ADAPTERS: adapters } });
      const socket = await connect(t, hub.url, { transports: allowed });
      await present(socket, lamp);

      socket.emit("subscribe", "demo.0.*");
      const wish = next(socket, "stateChange", (id, state) => id === lamp && !state.ack);
      const confirmation = next(socket, "stateChange", (id, state) => id === lamp && state.ack);
      assert.deepEqual(await call(socket, "setState", lamp, true), [null, lamp]);

      const [, wished] = await wish;
      const [, confirmed] = await confirmation;
      for (const state of [wished, confirmed]) {
        assert.equal(state.val, true);
        assert.equal(state.q, 0);
        assert.equal(state.user, "system.user.admin");
        assert.ok(state.ts >= begin && state.ts <= Date.now());
      }
      assert.equal(wished.from, "system.adapter.atrium.0");
      assert.equal(confirmed.from, "system.adapter.demo.0");
      assert.equal(confirmed.lc, wished.lc);

      const [, warm] = await next(socket, "stateChange", (id) => id === temperature);
      assert.equal(typeof warm.val, "number");
      assert.equal(warm.ack, true);

      const [error, values, step, session] = await call(socket, "getHistory", temperature, { start: begin - 3600e3 });
      assert.deepEqual([error, step, session], [null, null, null]);
      assert.ok(values.some(({ ts, val }) => ts === warm.ts && val === warm.val));

      const [, lamps] = await call(socket, "getHistory", lamp, { start: begin, ack: true, q: true, from: true });
      assert.deepEqual(lamps.slice(-2), [
        { ts: wished.ts, val: true, ack: false, q: 0, from: wished.from },
        { ts: confirmed.ts, val: true, ack: true, q: 0, from: confirmed.from },
      ]);
    });

  test("after kill -9 everything acknowledged is there: states, their past, objects", async (t) => {
    const data = temporaryFolder(t);
    const begin = Date.now();
    const object = { type: "state", common: { name: "x", type: "number", role: "value", read: true, write: true }, native: {} };
    const first = await startHub(t, { data });
    const socket = await connect(t, first.url);
    const writes = [1, "two", null, { val: [3, { four: 5 }], ack: true, q: 1, c: "why" }];
    for (const [i, write] of writes.entries()) await socket.emitWithAck("setState", `0_userdata.0.x${i}`, write);
    assert.deepEqual(await call(socket, "setObject", "0_userdata.0.x", object), [null, { id: "0_userdata.0.x" }]);
    const read = async (from) => {
      const states = call(from, "getStates", "0_userdata.0.x*");
      const all = [await call(from, "getObject", "0_userdata.0.x")];
      for (let i = 0; i < writes.length; ++i) {
        all.push(await call(from, "getState", `0_userdata.0.x${i}`));
        all.push(await call(from, "getHistory", `0_userdata.0.x${i}`, { start: begin, ack: true, q: true, from: true }));
      }
      return [await states, ...all];
    };
    const before = await read(socket);
    await first.child.end("SIGKILL");
    const second = await startHub(t, { data });
    const after = await read(await connect(t, second.url));
    assert.deepEqual(after, before);
    assert.deepEqual(after[1][1].common, object.common);
    assert.deepEqual(
      after.slice(2).filter((_, i) => i % 2 === 0).map(([, { val }]) => val),
      [1, "two", null, [3, { four: 5 }]],
    );
  });

  for (const signal of ["SIGKILL", "SIGTERM"])
    test(`a device goes on from the state that it had, after ${signal} too`, async (t) => {
      const data = temporaryFolder(t);
      const first = await startHub(t, { data, env: { ADAPTERS: adapters } });
      const before = await connect(t, first.url);
      await present(before, lamp);
      await before.emitWithAck("subscribe", lamp);
      const confirmation = next(before, "stateChange", (id, state) => id === lamp && state.ack);
      assert.deepEqual(await call(before, "setState", lamp, true), [null, lamp]);
      const [, confirmed] = await confirmation;
      await first.child.end(signal);

      const second = await startHub(t, { data, env: { ADAPTERS: adapters } });
      const socket = await connect(t, second.url);
      const reports = collect(socket, "stateChange");
      await socket.emitWithAck("subscribe", "demo.0.*");
      // What moves by itself is reported behind all that the device has to say at its start.
      for (let i = 0; i < 2; ++i) await next(socket, "stateChange", (id) => id === temperature);
      const [, now] = await call(socket, "getState", lamp);
      assert.deepEqual([now.val, now.ack, now.q, now.lc], [true, true, 0, confirmed.lc]);
      // Only what has changed is reported again: after SIGTERM its quality has.
      if (signal === "SIGKILL") assert.equal(now.ts, confirmed.ts);
      for (const [id, { val }] of reports) if (id === lamp) assert.equal(val, true);
    });

  test("promise 7: a client that comes back finds the values and the past of what it missed", async (t) => {
    const data = temporaryFolder(t);
    const first = await startHub(t, { data });
    const socket = await connect(t, first.url, { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
    const id = "0_userdata.0.missed";
    await socket.emitWithAck("subscribe", [id]);
    const seen = next(socket, "stateChange");
    await socket.emitWithAck("setState", id, { val: "seen", ack: true });
    const [, { ts }] = await seen;

    // The hub goes and comes back elsewhere first, so that something happens while this client is away.
    const left = next(socket, "disconnect");
    await first.child.end("SIGKILL");
    await left;
    const away = await startHub(t, { data });
    const other = await connect(t, away.url);
    for (const val of ["missed 1", "missed 2"]) await other.emitWithAck("setState", id, { val, ack: true });
    await away.child.end("SIGKILL");
    const back = next(socket, "connect");
    const hub = await startHub(t, { data, listen: `127.0.0.1:${first.port}` });
    await back;

    const changes = collect(socket, "stateChange");
    await socket.emitWithAck("subscribe", [id]);
    const [, now] = await call(socket, "getState", id);
    assert.equal(now.val, "missed 2");
    const [, values] = await call(socket, "getHistory", id, { start: ts + 1 });
    assert.deepEqual(values.map(({ val }) => val), ["missed 1", "missed 2"]);
    const live = next(socket, "stateChange");
    await socket.emitWithAck("setState", id, { val: "live", ack: true });
    await live;
    assert.deepEqual(changes.map(([, { val }]) => val), ["live"]);
    assert.equal(hub.child.process.exitCode, null);
  });
});

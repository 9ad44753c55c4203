// The commands of ioBroker's clients over Socket.IO: their answers and the texts of their errors.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { call, collect, connect, next, present } from "./support/clients.mjs";
import { startHub } from "./support/programs.mjs";

describe("commands", { timeout: 60_000 }, () => {
  let data;
  let hub;
  before(async () => {
    data = mkdtempSync(path.join(tmpdir(), "atrium-e2e-"));
    hub = await startHub(null, { data });
    const socket = await connect(null, hub.url);
    for (const id of ["livingroom.lamp.on", "kitchen.lamp.on", "livingroom.temperature", "info.connection"])
      await present(socket, `demo.0.${id}`);
    socket.disconnect();
  });
  after(async () => {
    await hub.stop();
    rmSync(data, { recursive: true });
  });

  /** A client whose `call` gives all arguments of the answer. */
  async function open(t) {
    const socket = await connect(t, hub.url);
    return { socket, call: (...command) => call(socket, ...command) };
  }

  test("getVersion, authenticate, name", async (t) => {
    const { call } = await open(t);
    const [error, version, adapter] = await call("getVersion");
    assert.deepEqual([error, adapter], [null, "ws"]);
    assert.match(version, /^4\.[1-9]/);
    assert.deepEqual(await call("authenticate"), [true, false]);
    assert.deepEqual(await call("name", "a test"), []);
  });

  test("an unknown command is answered at once", async (t) => {
    const { call } = await open(t);
    assert.deepEqual(await call("fly", "to the moon"), ['unknown command "fly"']);
    assert.deepEqual(await call("extendObject", "a", {}), ['unknown command "extendObject"']);
  });

  const refused = {
    "getState without an id": [["getState", ""], "The id is empty! Please provide a valid id."],
    "getState of null": [["getState", null], "The id is empty! Please provide a valid id."],
    "getState of a number": [
      ["getState", 5],
      'The id "5" has an invalid type! Expected "string", received "number".',
    ],
    "setState to an id that ends in a dot": [
      ["setState", "a.", 1],
      'The id "a." is invalid. Ids are not allowed to end in "."',
    ],
    "setState without properties": [
      ["setState", "a.b", {}],
      "The state contains no properties! At least one property is expected!",
    ],
    "setState with an unknown property": [
      ["setState", "a.b", { val: 1, foo: 2 }],
      "The state contains the forbidden properties foo!",
    ],
    "setState with a wrong type": [
      ["setState", "a.b", { val: 1, ack: "yes" }],
      'The state property "ack" has the wrong type "string" (should be "boolean")!',
    ],
    "getStates of a bad pattern": [["getStates", "a?b"], 'The pattern "a?b" is not a valid ID pattern'],
    "getHistory of an unknown aggregate": [["getHistory", "a.b", { aggregate: "guess" }], 'Unknown aggregate "guess"'],
    "getHistory of a bad start": [["getHistory", "a.b", { start: "never" }], 'The history option "start" is invalid'],
    "setObject of null": [["setObject", "a.b", null], "null object"],
  };
  for (const [what, [args, text]] of Object.entries(refused))
    test(`${what} is refused`, async (t) => {
      const { call } = await open(t);
      assert.deepEqual(await call(...args), [text]);
    });

  test("getState gives what setState wrote, as it was written", async (t) => {
    const { call } = await open(t);
    const id = "0_userdata.0.get";
    assert.deepEqual(await call("getState", id), [null, null]);
    const begin = Date.now();
    assert.deepEqual(await call("setState", id, 1.5), [null, id]);
    const [, first] = await call("getState", id);
    assert.ok(first.ts >= begin && first.ts <= Date.now());
    assert.deepEqual(first, {
      val: 1.5,
      ack: false,
      ts: first.ts,
      q: 0,
      from: "system.adapter.atrium.0",
      user: "system.user.admin",
      lc: first.ts,
    });
    const write = { val: 1.5, ack: true, ts: 1_600_000_000, q: 0x42, from: "me", user: "nobody", c: "why" };
    await call("setState", id, write);
    const [, second] = await call("getState", id);
    assert.deepEqual(second, { ...write, ts: 1_600_000_000_000, user: "system.user.admin", lc: first.lc });
    await call("setState", id, { ack: true });
    const [, third] = await call("getState", id);
    assert.deepEqual([third.val, third.q, third.lc, third.c], [1.5, 0, first.lc, undefined]);
    await call("setState", id, null);
    assert.equal((await call("getState", id))[1].val, null);
  });

  test("forbidden characters of an id become one underscore, and the answer says so", async (t) => {
    const { call } = await open(t);
    assert.deepEqual(await call("setState", "0_userdata.0.b*d?<x>", 1), [null, "0_userdata.0.b_d_x_"]);
  });

  test("getStates by pattern, by list, and of all", async (t) => {
    const { call } = await open(t);
    const [, byPattern] = await call("getStates", "demo.0.*.lamp.on");
    assert.deepEqual(Object.keys(byPattern).sort(), ["demo.0.kitchen.lamp.on", "demo.0.livingroom.lamp.on"]);
    assert.equal(byPattern["demo.0.kitchen.lamp.on"].ack, true);
    const [, byList] = await call("getStates", ["demo.0.info.connection", "demo.0.*", "no.such"]);
    assert.deepEqual([byList["demo.0.info.connection"].val, byList["demo.0.*"], byList["no.such"]], [true, null, null]);
    assert.deepEqual(await call("getStates", []), [null, {}]);
    const [, all] = await call("getStates");
    const [, foreign] = await call("getForeignStates", "*");
    assert.deepEqual(Object.keys(all), Object.keys(foreign));
    assert.ok("system.adapter.atrium.0.alive" in all && "demo.0.livingroom.temperature" in all);
  });

  test("getObject, getObjects, setObject and objectChange", async (t) => {
    const { socket, call } = await open(t);
    assert.deepEqual(await call("getObject", "no.such"), [null, null]);
    const [, lamp] = await call("getObject", "demo.0.livingroom.lamp.on");
    assert.deepEqual([lamp._id, lamp.type, lamp.common.role], ["demo.0.livingroom.lamp.on", "state", "switch.light"]);

    const id = "0_userdata.0.object";
    await call("subscribeObjects", "0_userdata.*");
    const change = next(socket, "objectChange");
    const common = { name: "o", type: "number", role: "value", read: true, write: true, custom: { "history.0": { enabled: true } } };
    assert.deepEqual(await call("setObject", id, { type: "state", common, native: { a: 1 } }), [null, { id }]);
    const [changedId, changed] = await change;
    assert.deepEqual([changedId, changed.common, changed.native], [id, common, { a: 1 }]);
    assert.deepEqual((await call("getObject", id))[1], changed);

    // A second write replaces all but what users have set.
    await call("setObject", id, { type: "state", common: { ...common, name: "p", custom: undefined }, native: {} });
    const [, replaced] = await call("getObject", id);
    assert.deepEqual([replaced.common.name, replaced.common.custom, replaced.native], ["p", common.custom, {}]);

    const [, some] = await call("getObjects", [id, "no.such"]);
    assert.deepEqual(Object.keys(some), [id]);
    const [, all] = await call("getObjects");
    for (const needed of ["system.config", "enum.rooms", "demo.0.livingroom.lamp", id]) assert.ok(needed in all, needed);
  });

  test("the default of an object becomes the value of its state", async (t) => {
    const { call } = await open(t);
    const id = "0_userdata.0.default";
    const common = { name: "d", type: "number", role: "value", read: true, write: true, def: 7 };
    await call("setObject", id, { type: "state", common, native: {} });
    const [, state] = await call("getState", id);
    assert.deepEqual([state.val, state.ack, state.q], [7, true, 0x20]);
  });

  test("subscribe and unsubscribe, with patterns that overlap", async (t) => {
    const { socket, call } = await open(t);
    const changes = collect(socket, "stateChange");
    const [a, b, last] = ["0_userdata.0.sub.a", "0_userdata.0.sub.b", "0_userdata.0.last"];
    await call("subscribe", last);
    // Changes arrive in one order, so behind the last one nothing is missing.
    const seen = () => changes.splice(0).map(([id]) => id).slice(0, -1);
    const writeBoth = async () => {
      const arrived = next(socket, "stateChange", (id) => id === last);
      for (const id of [a, b, last]) await call("setState", id, { val: 1, ack: true });
      await arrived;
    };
    for (const nothing of [[], null, "", "a?b"]) assert.deepEqual(await call("subscribe", nothing), [null]);
    await writeBoth();
    assert.deepEqual(seen(), []);
    assert.deepEqual(await call("subscribe", ["0_userdata.0.sub.*", a]), [null]);
    assert.deepEqual(await call("subscribe", a), [null]);
    await writeBoth();
    assert.deepEqual(seen(), [a, b]);
    assert.deepEqual(await call("unsubscribe", "0_userdata.0.sub.*"), [null]);
    await writeBoth();
    assert.deepEqual(seen(), [a]);
    await call("unsubscribe", [a, "never.subscribed"]);
    await writeBoth();
    assert.deepEqual(seen(), []);
  });

  test("a command that the adapter refuses is answered with its error, and changes nothing", async (t) => {
    const { call } = await open(t);
    const id = "demo.0.bathroom.thermostat.target";
    const before = await call("getState", id);
    const [error] = await call("setState", id, 1000);
    assert.equal(typeof error, "string");
    assert.deepEqual(await call("getState", id), before);
  });

  test("getHistory: range, count, the newest, fields", async (t) => {
    const { call } = await open(t);
    const id = "0_userdata.0.history";
    const start = Date.now() - 100_000;
    for (let i = 0; i < 10; ++i) await call("setState", id, { val: i, ts: start + i * 1000, ack: true, q: i % 2 });
    const vals = async (options) => (await call("getHistory", id, options))[1].map(({ val }) => val);
    assert.deepEqual(await vals({ start }), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual(await vals({ start: start + 2000, end: start + 4000 }), [2, 3, 4]);
    assert.deepEqual(await vals({ start: start + 4000, end: start + 2000 }), [2, 3, 4]);
    assert.deepEqual(await vals({ start, count: 3 }), [0, 1, 2]);
    assert.deepEqual(await vals({ start, limit: 3 }), [0, 1, 2]);
    assert.deepEqual(await vals({ start, count: 3, returnNewestEntries: true }), [7, 8, 9]);
    assert.deepEqual(await vals({ end: start + 5000, count: 2 }), [4, 5]);
    assert.deepEqual(await vals("history.0"), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual((await call("getHistory", id, { start, count: 1, ack: true, q: true, from: true }))[1], [
      { ts: start, val: 0, ack: true, q: 0, from: "system.adapter.atrium.0" },
    ]);
    assert.deepEqual(await call("getHistory", "no.such", {}), [null, [], null, null]);
  });

  test("two clients that write parts of one state lose nothing", async (t) => {
    const [a, b] = [await open(t), await open(t)];
    const id = "0_userdata.0.parts";
    await a.call("setState", id, { val: 0, ack: true });
    for (let i = 1; i <= 50; ++i) {
      await Promise.all([a.call("setState", id, { val: i }), b.call("setState", id, { ack: true })]);
      assert.equal((await a.call("getState", id))[1].val, i);
    }
  });
});

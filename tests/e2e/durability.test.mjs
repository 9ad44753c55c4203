// Promises 1 to 3: kill -9 while 20 clients write and some watch, over and over on the same data.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { tmpdir } from "node:os";
import path from "node:path";
import { startHub } from "./support/programs.mjs";
import { WireClient } from "./support/wire.mjs";

const rounds = Number(process.env.E2E_ROUNDS ?? 50);
const writers = 20;
const watchers = 3;
const inFlight = 10;
const sharedStates = 5;
const startMax = 2000;
const prefix = "0_userdata.0.kill";

const states = [
  ...Array.from({ length: writers }, (_, i) => `${prefix}.own${i}`),
  ...Array.from({ length: sharedStates }, (_, i) => `${prefix}.shared${i}`),
];

/** Each client writes to a state of its own and, in turn, to states that it shares with others. */
const stateOf = (writer, n) => (n % 2 === 0 ? `${prefix}.own${writer}` : `${prefix}.shared${(writer + n) % sharedStates}`);

/** What clients were told in one round. */
class Round {
  /** For each writer, what was acknowledged, in the order of the acks: [id, value]. */
  acked = Array.from({ length: writers }, () => []);
  /** For each watcher, what it saw, in its order. */
  seen = Array.from({ length: watchers }, () => []);
  #enough;
  #total = 0;

  constructor(number, enough) {
    this.number = number;
    this.wanted = enough;
    /** Settles when so many writes were acknowledged. */
    this.full = new Promise((resolve) => (this.#enough = resolve));
  }

  async start(port) {
    this.begin = Date.now();
    const watching = await Promise.all(this.seen.map((seen) => this.#watch(port, seen)));
    const writing = await Promise.all(this.acked.map(() => WireClient.connect(null, port)));
    writing.forEach((wire, i) => this.#write(wire, i));
    /** Settles when everything that reached the clients was read. */
    this.ended = Promise.all([...watching, ...writing].map((wire) => wire.ended));
  }

  async #watch(port, seen) {
    const wire = await WireClient.connect(null, port);
    wire.onEvent = (_, id, { val }) => seen.push([id, val]);
    await wire.request("subscribe", `${prefix}.*`);
    return wire;
  }

  #write(wire, i) {
    let n = 0;
    const next = () => {
      if (wire.socket.readyState !== wire.socket.OPEN) return;
      const id = stateOf(i, n);
      const val = `${this.number}-${i}-${n++}`;
      wire.ask(["setState", id, { val, ack: true }], ([error, answered]) => {
        assert.deepEqual([error, answered], [null, id]);
        this.acked[i].push([id, val]);
        if (++this.#total === this.wanted) this.#enough();
        next();
      });
    };
    for (let k = 0; k < inFlight; ++k) next();
  }
}

/** The hub's own story: each state's values in order, and its current value. */
async function recorded(port, since) {
  const wire = await WireClient.connect(null, port);
  const [, all] = await wire.request("getStates", states);
  const story = new Map();
  for (const id of states) {
    const [, one] = await wire.request("getState", id);
    assert.deepEqual(one, all[id]);
    const [, past] = await wire.request("getHistory", id, { start: since, count: 100_000 });
    story.set(id, { now: one?.val, past: past.map(({ val }) => val) });
  }
  wire.socket.terminate();
  return story;
}

/** Where in its state's past each value stands. */
function placesOf(story) {
  const places = new Map();
  for (const [id, { past }] of story)
    past.forEach((val, place) => {
      assert.ok(!places.has(val), `${val} is in the past of ${id} twice`);
      places.set(val, place);
    });
  return places;
}

/** Checks that what a client was told is there, for each state in the order in which it was told. */
function isRecorded(told, places) {
  const last = new Map();
  for (const [id, val] of told) {
    const place = places.get(val);
    assert.notEqual(place, undefined, `${val} of ${id} is lost`);
    assert.ok(place > (last.get(id) ?? -1), `${val} of ${id} is out of order`);
    last.set(id, place);
  }
}

describe(`${rounds} rounds of kill -9`, { timeout: 600_000 }, () => {
  /** Each round, and what the hub recorded of it when it was back. */
  const all = [];
  let data;
  let whole;
  let slowest = 0;

  before(async () => {
    data = mkdtempSync(path.join(tmpdir(), "atrium-e2e-"));
    // Folding that often is cut off by the kill, too.
    const start = () => startHub(null, { data, env: { HISTORY_FOLD_INTERVAL_MS: 50 } });
    let hub = await start();
    for (let i = 0; i < rounds; ++i) {
      const round = new Round(i, 200 + Math.floor(Math.random() * 3000));
      await round.start(hub.port);
      await Promise.race([round.full, hub.child.ended]);
      await hub.child.end("SIGKILL");
      await round.ended;
      const killed = performance.now();
      hub = await start();
      const wire = await WireClient.connect(null, hub.port);
      await wire.request("getState", states[0]);
      slowest = Math.max(slowest, performance.now() - killed);
      wire.socket.terminate();
      all.push({ round, story: await recorded(hub.port, round.begin) });
    }
    whole = await recorded(hub.port, 0);
    await hub.stop();
  });
  after(() => rmSync(data, { recursive: true, force: true }));

  test("promise 1: an acknowledged write is there, once and in the order of the acks", (t) => {
    const end = placesOf(whole);
    for (const { round, story } of all) {
      const then = placesOf(story);
      for (const acked of round.acked) {
        isRecorded(acked, then);
        isRecorded(acked, end);
      }
    }
    t.diagnostic(`${all.flatMap(({ round }) => round.acked.flat()).length} acknowledged writes`);
  });

  test("promise 2: what a subscriber saw is there, once and in the order in which it saw it", () => {
    const end = placesOf(whole);
    for (const { round, story } of all) {
      const then = placesOf(story);
      for (const seen of round.seen) {
        isRecorded(seen, then);
        isRecorded(seen, end);
      }
    }
  });

  test("promise 3: all subscribers see one order, and acks come in it", (t) => {
    let total = 0;
    for (const { round } of all) {
      // All subscribed before the first write, so they saw the same, up to where the end cut them off.
      const longest = round.seen.reduce((x, y) => (x.length >= y.length ? x : y));
      total += longest.length;
      for (const seen of round.seen) assert.deepEqual(seen, longest.slice(0, seen.length));
      const order = new Map(longest.map(([, val], i) => [val, i]));
      for (const acked of round.acked) {
        const known = acked.map(([, val]) => order.get(val)).filter((x) => x !== undefined);
        assert.ok(known.every((x, i) => i === 0 || x > known[i - 1]));
      }
    }
    assert.ok(total > 0);
    t.diagnostic(`${total} changes seen by the one that saw most`);
  });

  test("the current value is the last one of its past", () => {
    for (const { story } of [...all, { story: whole }])
      for (const [id, { now, past }] of story) if (past.length > 0) assert.equal(now, past.at(-1), id);
  });

  test(`the hub answers again within ${startMax} ms each time`, (t) => {
    t.diagnostic(`slowest: ${Math.round(slowest)} ms`);
    assert.ok(slowest < startMax, `${slowest} ms`);
  });
});

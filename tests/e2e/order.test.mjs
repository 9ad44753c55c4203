// Promise 4: what one client sends, or one handler emits, arrives in its order, whichever way it goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "./support/programs.mjs";
import { WireClient } from "./support/wire.mjs";

const rounds = Math.ceil(Number(process.env.E2E_PAIRS ?? 100_000) / 10);
const inFlightMax = 200;

// A round is one event of each of these ways of servers/order.cpp; how many frames it sends to whom.
const ways = 5;
const frames = { a: 4, aAndB: 2, peer: 2, sender: 3, ack: ways };

/** A receiver that checks that each sender's numbers only ever grow. */
class Receiver {
  received = 0;
  wrong = [];
  #last = new Map();
  #whole = () => {};

  constructor(wire, name, rooms) {
    this.wire = wire;
    this.name = name;
    this.rooms = rooms;
    wire.onEvent = (_, from, n, step) => this.take(from, n, step);
  }

  take(from, n, step) {
    const position = n * 10 + step;
    const last = this.#last.get(from) ?? -1;
    if (position <= last) this.wrong.push({ from, position, last });
    this.#last.set(from, position);
    if (++this.received === this.expected) this.#whole();
  }

  /** Settles when so many frames have come. */
  all(expected) {
    this.expected = expected;
    return new Promise((resolve) => (this.received >= expected ? resolve() : (this.#whole = resolve)));
  }
}

async function enter(t, server, name, rooms) {
  const x = new Receiver(await WireClient.connect(t, server.port), name, rooms);
  await x.wire.request("enter", name, rooms);
  return x;
}

/** Sends events in all ways in turn until all were acknowledged. */
function send(x, count) {
  return new Promise((resolve) => {
    let sent = 0;
    let acked = 0;
    const fill = () => {
      while (sent < count && sent - acked < inFlightMax) {
        x.wire.ask(["send", x.name, sent, sent % ways, "peer"], ([from, n, steps]) => {
          x.take(from, n, steps);
          if (++acked === count) resolve();
          else fill();
        });
        ++sent;
      }
    };
    fill();
  });
}

/** How many frames of all senders' rounds a receiver gets. */
function expected(x, senders) {
  const ofAnyone = x.rooms.includes("a") ? frames.a + frames.aAndB : frames.aAndB;
  const asPeer = x.name === "peer" ? frames.peer : 0;
  const ofItself = senders.includes(x) ? frames.sender + frames.ack : 0;
  return ((ofAnyone + asPeer) * senders.length + ofItself) * rounds;
}

for (const workers of [1, 2])
  test(`promise 4: one room, two rooms, direct emits and acks arrive in order (${workers} worker(s))`, { timeout: 120_000 }, async (t) => {
    const server = await startServer(t, "order", { workers });
    const senders = [await enter(t, server, "s0", ["a"]), await enter(t, server, "s1", ["a", "b"])];
    const all = [
      ...senders,
      await enter(t, server, "peer", ["a", "b"]),
      await enter(t, server, "l0", ["a"]),
      await enter(t, server, "l1", ["b"]),
    ];
    await Promise.all(senders.map((x) => send(x, rounds * ways)));
    await Promise.all(all.map((x) => x.all(expected(x, senders))));
    for (const x of all) {
      assert.deepEqual(x.wrong.slice(0, 3), [], `${x.name}: ${x.wrong.length} arrived in the wrong order`);
      assert.equal(x.received, expected(x, senders), `${x.name}: some arrived twice`);
    }
  });

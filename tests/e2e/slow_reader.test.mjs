// Promise 8, the bar: a reader that stops reading while 100 MB are broadcast to its room costs its outbox, and
// nobody else's time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { within } from "./support/clients.mjs";
import { startServer } from "./support/programs.mjs";
import { WireClient } from "./support/wire.mjs";

const mebibyte = 1024 * 1024;
const text = "x".repeat(100_000);
const count = 1000;
const readers = 3;
// The default of `outbox_bytes_max`.
const outboxLimit = 8 * mebibyte;
// What the allocator keeps of frames that came and went, and what is on its way to the others.
const slack = 8 * mebibyte;

const p99 = (xs) => xs.sort((a, b) => a - b)[Math.floor(xs.length * 0.99)];

/** Broadcasts `times`, each once all others have the one before; gives latencies and the most memory seen. */
async function run(server, sender, others, times) {
  const latencies = [];
  let most = 0;
  for (let i = 0; i < times; ++i) {
    const begin = performance.now();
    const all = others.map(
      (x) => new Promise((resolve) => (x.onEvent = () => resolve(latencies.push(performance.now() - begin)))),
    );
    sender.emit("bcast", "room", text);
    await Promise.all(all);
    if (i % 8 === 0) most = Math.max(most, server.child.memory());
  }
  return { latencies, most };
}

describe("promise 8: a reader that stops", { timeout: 120_000 }, () => {
  for (const workers of [1, 2])
    test(`promise 8: 100 MB to its room cost its outbox and nobody else's time (${workers} worker(s))`, async (t) => {
      const server = await startServer(t, "load", { workers });
      const sender = await WireClient.connect(t, server.port);
      const others = await Promise.all(Array.from({ length: readers }, () => WireClient.connect(t, server.port)));
      for (const x of others) await x.request("join", "room");
      await run(server, sender, others, 100); // what is warm stays
      const without = await run(server, sender, others, count);
      const stuck = await WireClient.connect(t, server.port);
      await stuck.request("join", "room");
      stuck.socket.pause();
      const before = server.child.memory();
      const beside = await run(server, sender, others, count);
      stuck.socket.resume();
      await within(10_000, stuck.ended, "its end");
      const grown = beside.most - before;
      const [a, b] = [p99(without.latencies), p99(beside.latencies)];
      t.diagnostic(`memory grew by ${(grown / mebibyte).toFixed(1)} MiB`);
      t.diagnostic(`p99 ${a.toFixed(2)} ms without, ${b.toFixed(2)} ms beside it: ratio ${(b / a).toFixed(2)}`);
      assert.ok(grown <= outboxLimit + slack, `memory grew by ${grown / mebibyte} MiB`);
      // The bar is 2 on a quiet machine; where tests share the processors, only a stall is sure to be wrong.
      assert.ok(b < 10 * a + 20, `p99 ${b} ms beside it, ${a} ms without`);
    });
});

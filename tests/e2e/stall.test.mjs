// A journal that stalls under full load: the hub stops reading from its clients instead of growing, and nothing
// is lost once the journal goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { startStallingHub, temporaryFolder } from "./support/programs.mjs";
import { WireClient } from "./support/wire.mjs";

const clients = 20;
const writes = 5_000; // of each client, sent at once; without bounds they would take some 200 MiB
const stall_ms = 10_000;
const growth_max = 64 * 1024 * 1024;

test("promise 8: a journal that stalls for 10 s under full load costs bounded memory and loses nothing", async (t) => {
  const hub = await startStallingHub(t, temporaryFolder(t));
  const all = await Promise.all(Array.from({ length: clients }, () => WireClient.connect(t, hub.port)));
  await all[0].request("setState", "stall.0.warm", { val: 1, ack: true });
  const before = hub.child.memory();

  hub.child.process.kill("SIGUSR1");
  const answers = all.flatMap((client, c) =>
    Array.from({ length: writes }, (_, n) => client.request("setState", `stall.0.s${c}`, { val: n, ack: true })));
  let most = before;
  for (const end = Date.now() + stall_ms; Date.now() < end; await pass(100)) most = Math.max(most, hub.child.memory());
  hub.child.process.kill("SIGUSR2");

  const errors = (await Promise.all(answers)).map(([error]) => error).filter((error) => error !== null);
  assert.deepEqual(errors, []);
  assert.ok(most - before < growth_max, `memory grew by ${((most - before) / 2 ** 20).toFixed(1)} MiB`);
  t.diagnostic(`memory grew by ${((most - before) / 2 ** 20).toFixed(1)} MiB`);
  const history = await all[0].request("getHistory", "stall.0.s7", { start: 0, count: 2 * writes, limit: 2 * writes });
  assert.deepEqual(history[1].map(({ val }) => val), Array.from({ length: writes }, (_, n) => n));
});

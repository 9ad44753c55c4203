// Measures setState with durable acks against `atrium serve` on a folder of its own. See README.md.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, print, rounded } from "./figures.mjs";
import { commandLine } from "./options.mjs";
import { load, startHub, untilQuiet } from "./programs.mjs";

const options = commandLine({ workers: "0", folder: tmpdir() });
const { seconds, loadProgram } = options;
const states = 1000;

const cases = [
  { name: "100 in flight", args: ["set", 10, seconds, 10, states], figure: "acks_per_s", bar: 20_000, meets: (x, bar) => x >= bar },
  { name: "one at a time", args: ["set", 1, seconds, 1, states], figure: "p50_us", bar: 400, meets: (x, bar) => x <= bar },
];

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

async function measureRound(round) {
  const data = mkdtempSync(join(options.folder, "atrium-bench-durable-"));
  const port = await freePort();
  const settings = ["--listen", `127.0.0.1:${port}`, "--data", data, "--workers", options.workers, "--log-level", "warn"];
  try {
    const hub = await startHub([join(options.build, "app/atrium"), "serve", ...settings], port);
    try {
      // The first writes make the states' objects and devices.
      await load(loadProgram, hub, ["set", 10, 1, 10, states]);
      const results = [];
      for (const { name, args } of cases) {
        await untilQuiet(hub);
        results.push(await load(loadProgram, hub, args));
        print({ round, case: name, workers: Number(options.workers), ...results.at(-1) });
      }
      return results;
    } finally {
      await hub.stop();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

const rounds = [];
for (let round = 1; round <= options.rounds; ++round) rounds.push(await measureRound(round));
for (const [n, { name, figure, bar, meets }] of cases.entries()) {
  const of = (key) => rounded(median(rounds.map((x) => x[n][key])));
  const value = of(figure);
  print({ summary: name, figure, value, p99_us: of("p99_us"), cpu_us_per_ack: of("server_cpu_us_per_ack"), bar, met: meets(value, bar) });
}

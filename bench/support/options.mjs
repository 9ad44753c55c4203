// What every comparison is told on its command line.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export const bench = dirname(dirname(fileURLToPath(import.meta.url)));

/** The options that all have, and `more`, whose defaults are its values. */
export function commandLine(more) {
  const defaults = { build: join(bench, "../build/release"), rounds: "3", seconds: "3", ...more };
  const options = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, { type: "string", default: value }]));
  const { values } = parseArgs({ options });
  return {
    ...values,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    loadProgram: join(values.build, "bench/bench_socketio_load"),
  };
}

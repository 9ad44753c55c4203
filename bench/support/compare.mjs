// Measures Atrium with one and with two workers, and Node's socket.io, alternately in one run. See README.md.
import { existsSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { median, print, rounded, smallerShare } from "./figures.mjs";
import { bench, commandLine } from "./options.mjs";
import { load, start, untilQuiet } from "./programs.mjs";

const options = commandLine({ modes: "echo,bcast,conn,flood" });
const { seconds, loadProgram } = options;
const warmUpSeconds = 1;
const payload = 64;
const atrium = (workers) => [join(options.build, "tests/e2e/e2e_load"), "--port", "0", "--workers", String(workers)];

const servers = {
  atrium_1: atrium(1),
  atrium_2: atrium(2),
  node: [process.execPath, join(bench, "peers/socketio.mjs")],
};

const timed = (mode, clients, depth) => (duration) => [mode, clients, duration, depth, payload];

// A ratio's bar is for one worker beside Node; with two workers, each figure may be 1.25 times that of one.
const cases = [
  { mode: "echo", inFlight: 4, args: timed("echo", 100, 4), cost: "server_cpu_us_per_ack", ratioBar: 0.4 },
  { mode: "echo", inFlight: 1, args: timed("echo", 100, 1), cost: "server_cpu_us_per_ack" },
  { mode: "bcast", inFlight: 4, args: timed("bcast", 1000, 4), cost: "server_cpu_us_per_delivery", ratioBar: 0.35 },
  { mode: "bcast", inFlight: 1, args: timed("bcast", 1000, 1), cost: "server_cpu_us_per_delivery" },
  { mode: "conn", args: () => ["conn", 10_000], cost: "server_cpu_us_per_conn", ratioBar: 0.25 },
  { mode: "flood", inFlight: 1, args: timed("flood", 8, 1), cost: "p99_us", bar: 10_000 },
].filter(({ mode }) => options.modes.split(",").includes(mode));

/** One measurement of a server that was started for it and is warm. */
async function measure(name, { mode, args }) {
  const server = await start(servers[name]);
  try {
    const first = await load(loadProgram, server, args(warmUpSeconds));
    await untilQuiet(server);
    const result = await load(loadProgram, server, args(seconds));
    if (mode !== "conn") return result;
    // A process keeps the memory of connections that are gone, so memory is that of the first load.
    const { server_kib_per_conn, server_cpu_us_per_conn } = first;
    return { ...result, server_kib_per_conn, first_server_cpu_us_per_conn: server_cpu_us_per_conn };
  } finally {
    await server.stop();
  }
}

const rotated = (list, by) => list.map((_, n) => list[(n + by) % list.length]);

async function measureAll() {
  const rounds = [];
  for (let round = 0; round < options.rounds; ++round) {
    const results = cases.map(() => ({}));
    for (const [n, what] of cases.entries()) {
      for (const name of rotated(Object.keys(servers), round)) {
        results[n][name] = await measure(name, what);
        print({ round: round + 1, server: name, ...results[n][name] });
      }
    }
    rounds.push(results);
  }
  return rounds;
}

/** What one figure of one case was in the rounds: medians, and medians of the ratios within a round. */
function summarize(what, results, figure, bars) {
  const of = (pick) => rounded(median(results.map(pick)));
  const ratio = (a, b) => of((x) => x[a][figure] / x[b][figure]);
  const line = { summary: what.mode, in_flight: what.inFlight, figure };
  for (const name of Object.keys(servers)) line[name] = of((x) => x[name][figure]);
  line.atrium_1_to_node = ratio("atrium_1", "node");
  line.atrium_2_to_node = ratio("atrium_2", "node");
  line.atrium_2_to_1 = ratio("atrium_2", "atrium_1");
  if (bars.ratioBar) Object.assign(line, { bar: bars.ratioBar, met: line.atrium_1_to_node <= bars.ratioBar });
  if (bars.bar) Object.assign(line, { bar: bars.bar, met: line.atrium_1 <= bars.bar });
  return line;
}

function report(rounds) {
  for (const [n, what] of cases.entries()) {
    const results = rounds.map((x) => x[n]);
    const line = summarize(what, results, what.cost, what);
    if (what.mode !== "flood")
      line.smaller_share_of_2 = rounded(median(results.map((x) => smallerShare(x.atrium_2.server_thread_cpu_ms))));
    print(line);
    if (what.mode === "conn") {
      print(summarize(what, results, "first_server_cpu_us_per_conn", {}));
      print(summarize(what, results, "server_kib_per_conn", { bar: 10 }));
    }
  }
}

if (!existsSync(join(bench, "peers/node_modules")))
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: join(bench, "peers"), stdio: ["ignore", 2, 2] });
report(await measureAll());

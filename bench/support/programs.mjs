// Servers and load programs as child processes.
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const running = new Set();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** Starts a server; settles with it once it has said `listening on PORT`. */
export async function start([program, ...args]) {
  const server = spawnServer(program, args);
  const port = await new Promise((resolve, reject) => {
    let output = "";
    server.process.stdout.on("data", (text) => {
      output += text;
      const match = /listening on (\d+)\n/.exec(output);
      if (match) resolve(Number(match[1]));
    });
    server.process.once("close", () => reject(new Error(`${program} ended without listening: ${output}`)));
  });
  return { ...server, port };
}

/** Starts a server that is ready when `http://127.0.0.1:PORT/healthz` says so. */
export async function startHub([program, ...args], port) {
  const server = { ...spawnServer(program, args), port };
  for (let tries = 0; tries < 200 && server.process.exitCode === null; ++tries) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    if (answer?.ok) return server;
    await sleep(50);
  }
  await server.stop();
  throw new Error(`${program} did not become ready`);
}

/** Runs a load program against a server, and returns the object that it printed. */
export async function load(program, server, [mode, ...args]) {
  const { stdout } = await run(program, [server.port, mode, ...args, server.process.pid].map(String));
  return JSON.parse(stdout);
}

/** Waits until a server has done nothing for a third of a second: it may still tidy up after the last load. */
export async function untilQuiet(server) {
  let last = -1;
  for (let tries = 0; tries < 60; ++tries) {
    const used = cpuTicks(server.process.pid);
    if (used === last) return;
    last = used;
    await sleep(333);
  }
}

function spawnServer(program, args) {
  const child = spawn(program, args, {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.add(child);
  child.stdout.resume();
  const ended = new Promise((resolve) => child.once("close", resolve)).then(() => running.delete(child));
  child.once("error", (error) => console.error(`cannot start ${program}: ${error.message}`));
  const stop = async () => {
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(killer);
  };
  return { process: child, stop };
}

function cpuTicks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
  const [user, system] = [11, 12];
  return Number(fields[user]) + Number(fields[system]);
}

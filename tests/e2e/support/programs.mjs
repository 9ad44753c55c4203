// Starts the hub, or one of the servers of tests/e2e/servers, on a free port.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Child } from "./child.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const build = path.resolve(root, process.env.ATRIUM_BUILD ?? "build/release");

function program(...names) {
  const file = path.join(build, ...names);
  assert.ok(existsSync(file), `${file} is missing: build it, or set ATRIUM_BUILD to a build folder`);
  return file;
}

/** The path of the hub's program. */
export const atrium = () => program("app", "atrium");

/** The configuration with the demo devices. */
export const demoConfig = path.join(root, "config", "demo.toml");

/** A folder that is removed after the test. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(path.join(tmpdir(), "atrium-e2e-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends a program as an operator would, and insists on a clean end. */
async function stop(child) {
  const { code, signal } = await child.end();
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, `it ended badly:\n${child.output}`);
}

/** What tests know of a program that serves. */
function serving(child, port) {
  return { child, port, url: `http://127.0.0.1:${port}`, stop: () => stop(child) };
}

/** Starts `e2e_<name>` with options such as { workers: 2, "ping-interval": 300 }. */
export async function startServer(name, options = {}) {
  const args = Object.entries({ port: 0, ...options }).flatMap(([key, value]) => [`--${key}`, `${value}`]);
  const child = new Child(program("tests", "e2e", `e2e_${name}`), args);
  const [, port] = await child.wrote(/listening on (\d+)\n/);
  return serving(child, Number(port));
}

/** Runs the hub without waiting for anything. `env` holds keys without their ATRIUM_. */
export function runHub({ data, listen = "127.0.0.1:0", config = demoConfig, env = {} }) {
  const variables = Object.fromEntries(Object.entries(env).map(([key, value]) => [`ATRIUM_${key}`, `${value}`]));
  return new Child(atrium(), ["serve", "--config", config, "--listen", listen, "--data", data], variables);
}

/** Starts the hub and waits until it says that it is ready. */
export async function startHub(options) {
  const child = runHub(options);
  const [, port] = await child.wrote(/ hub-started .*port=(\d+)/);
  return serving(child, Number(port));
}

/** Starts the hub whose journal stalls on SIGUSR1 and goes on at SIGUSR2. */
export async function startStallingHub(data) {
  const child = new Child(program("tests", "e2e", "e2e_stalling_hub"), ["0", data]);
  const [, port] = await child.wrote(/listening on (\d+)\n/);
  return serving(child, Number(port));
}

/** Starts something for one test, which stops it at its end. */
export async function during(t, start) {
  const running = await start;
  t.after(async () => {
    if (running.child.process.exitCode === null && running.child.process.signalCode === null) await running.stop();
  });
  return running;
}

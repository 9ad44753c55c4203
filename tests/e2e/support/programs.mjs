// Starts the hub, or one of the servers of tests/e2e/servers, on a free port.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Child } from "./child.mjs";
import { atEnd } from "./cleanup.mjs";
import { within } from "./clients.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const stopMax = 15_000;
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

/** The bundles of the official client, as the scripts gather them. */
export function clientFolder() {
  const folder = path.join(root, "build", "client");
  assert.ok(existsSync(folder), `${folder} is missing: node web/client/bundles.mjs build/client, after npm ci there`);
  return folder;
}

/** A folder that is removed after the test. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(path.join(tmpdir(), "atrium-e2e-"));
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that serves. Unless the test ends it, it is stopped after the test, and has to end well. */
function serving(t, child, port) {
  const stop = async () => {
    const { code, signal } = await within(stopMax, child.end(), "stopping").catch(async (error) => {
      await child.end("SIGKILL");
      throw error;
    });
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, `it ended badly:\n${child.output}`);
  };
  atEnd(t, () => (child.running ? stop() : undefined));
  return { child, port, url: `http://127.0.0.1:${port}`, stop };
}

/**
 * Starts `e2e_<name>` with options such as { workers: 2, "ping-interval": 300 }. Without a test (null), the
 * caller stops it.
 */
export async function startServer(t, name, options = {}) {
  const args = Object.entries({ port: 0, ...options }).flatMap(([key, value]) => [`--${key}`, `${value}`]);
  const child = new Child(program("tests", "e2e", `e2e_${name}`), args);
  const [, port] = await child.wrote(/listening on (\d+)\n/);
  return serving(t, child, Number(port));
}

/** Starts a program of the examples. */
export async function startExample(t, name) {
  const child = new Child(program("examples", `example_${name}`), ["0"]);
  const [, port] = await child.wrote(/listening on (\d+)\n/);
  return serving(t, child, Number(port));
}

/** Starts the hub whose journal stalls on SIGUSR1 and goes on at SIGUSR2. */
export async function startStallingHub(t, data) {
  const child = new Child(program("tests", "e2e", "e2e_stalling_hub"), ["0", data]);
  const [, port] = await child.wrote(/listening on (\d+)\n/);
  return serving(t, child, Number(port));
}

/** Runs the hub without waiting for anything. `env` holds keys without their ATRIUM_. */
export function runHub(t, { data, listen = "127.0.0.1:0", config = demoConfig, env = {} }) {
  const variables = Object.fromEntries(Object.entries(env).map(([key, value]) => [`ATRIUM_${key}`, `${value}`]));
  const child = new Child(atrium(), ["serve", "--config", config, "--listen", listen, "--data", data], variables);
  atEnd(t, () => (child.running ? child.end("SIGKILL") : undefined));
  return child;
}

/** Starts the hub and waits until it says that it is ready. Without a test (null), the caller stops it. */
export async function startHub(t, options) {
  const child = runHub(t, options);
  const [, port] = await child.wrote(/ hub-started .*port=(\d+)/);
  return serving(t, child, Number(port));
}

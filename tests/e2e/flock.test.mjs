// Promise 7 for many clients at once: they are killed and come back; their network is bad.
// E2E_CLIENTS is how many there are, E2E_CUT_SECONDS how long the bad network is cut.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { atEnd } from "./support/cleanup.mjs";
import { within } from "./support/clients.mjs";
import { startHub, temporaryFolder } from "./support/programs.mjs";
import { WireClient } from "./support/wire.mjs";

const clients = Number(process.env.E2E_CLIENTS ?? 1000);
const cutSeconds = Number(process.env.E2E_CUT_SECONDS ?? 10);
const processes = 4;
const waitMax = 10_000;
const writeEvery = clients > 5000 ? 1000 : 250;
const id = "0_userdata.0.flock";

const child = (t, name) => {
  const x = fork(fileURLToPath(new URL(`support/${name}.mjs`, import.meta.url)), { stdio: "inherit" });
  atEnd(t, () => x.kill("SIGKILL"));
  return x;
};

/** Clients in several processes, and what each of them has told us that it knows. */
class Flock {
  #children = [];
  #connected = 0;
  #wake = [];
  wrong = [];
  waits = [];

  constructor(t, port, options) {
    Object.assign(this, { t, port, options });
    this.sessions = Array.from({ length: processes }, () => Array.from({ length: clients / processes }, () => ({})));
  }

  start() {
    this.#connected = 0;
    this.waits = [];
    this.#children = this.sessions.map((sessions, k) => {
      const x = child(this.t, "flock");
      x.on("message", (message) => this.#take(k, message));
      x.send({ sessions, id, where: { port: this.port, localAddress: `127.0.0.${k + 2}` }, ...this.options });
      return x;
    });
  }

  async kill() {
    const ended = this.#children.map((x) => once(x, "exit"));
    for (const x of this.#children) x.kill("SIGKILL");
    await Promise.all(ended);
  }

  /** Waits until all are connected. */
  connected() {
    return this.#until(() => this.#connected >= clients);
  }

  /** Waits until all have seen a value. */
  seen(value) {
    return this.#until(() => this.sessions.every((xs) => xs.every(({ last }) => last >= value)));
  }

  async #until(done) {
    while (!done()) await new Promise((resolve) => this.#wake.push(resolve));
  }

  #take(k, { connected, waited, seen, wrong }) {
    if (wrong) this.wrong.push(wrong);
    if (connected !== undefined) {
      ++this.#connected;
      this.waits.push(waited);
    }
    for (const [i, session] of seen ?? []) this.sessions[k][i] = session;
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Writes values that count up, until it is stopped. */
function counting(wire) {
  let n = 0;
  let timer;
  let going = Promise.resolve();
  let written = () => {};
  const write = async () => {
    await wire.request("setState", id, { val: n, ack: true });
    ++n;
    written();
    timer = setTimeout(() => (going = write()), writeEvery);
  };
  going = write();
  return {
    /** Waits until so many more were written. */
    more(count) {
      const wanted = n + count;
      return new Promise((resolve) => (written = () => n >= wanted && resolve()));
    },
    /** @returns the last value. */
    async stop() {
      await going;
      clearTimeout(timer);
      return n - 1;
    },
  };
}

async function flockOf(t, portOf, options) {
  const hub = await startHub(t, { data: temporaryFolder(t), env: { ADAPTERS: "[]", LIMITS_HANDSHAKES_PER_ADDRESS_MAX: 100_000 } });
  const flock = new Flock(t, await portOf(hub.port), options);
  flock.start();
  await flock.connected();
  const wire = await WireClient.connect(t, hub.port);
  return { hub, flock, writer: counting(wire) };
}

describe("promise 7: many clients", { timeout: 600_000 }, () => {
  test(`${clients} clients are killed and come back: none waits long, none misses anything`, async (t) => {
    const { flock, writer } = await flockOf(t, (port) => port, { spread: 5000 });
    await flock.seen(3);
    await flock.kill();
    await writer.more(3);
    flock.start();
    await flock.connected();
    const longest = Math.max(...flock.waits);
    const last = await writer.stop();
    await within(60_000, flock.seen(last), "the last value");
    assert.deepEqual(flock.wrong, []);
    t.diagnostic(`the longest of ${flock.waits.length} waited ${longest} ms; the last value was ${last}`);
    assert.ok(longest <= waitMax);
  });

  test(`${clients} clients behind a bad network get every value once, in order`, async (t) => {
    let cuts = 0;
    let seconds = 0;
    let over;
    const long = new Promise((resolve) => (over = resolve));
    const proxied = async (port) => {
      const proxy = child(t, "proxy");
      proxy.send({ port, delay: 200, share: 0.01 });
      const [{ port: answered }] = await once(proxy, "message");
      // It tells every second how many it has cut.
      proxy.on("message", (x) => {
        cuts = x.cuts;
        if (++seconds === cutSeconds) over();
      });
      return answered;
    };
    const { flock, writer } = await flockOf(t, proxied, { spread: 2000, forever: true });
    await long;
    const last = await writer.stop();
    await within(120_000, flock.seen(last), "the last value");
    assert.deepEqual(flock.wrong, []);
    t.diagnostic(`${cuts} connections were cut; the last value was ${last}; ${flock.waits.length - clients} came back`);
    assert.ok(cuts > 0);
  });
});

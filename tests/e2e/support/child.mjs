// Programs under test as child processes: their output by lines, and their end.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

const running = new Set();

/** From now on no file of a program may grow beyond so many bytes, as if its disk were full: root's neither. */
export function fileSizeOf(child, bytes) {
  execFileSync("prlimit", ["--pid", `${child.pid}`, `--fsize=${bytes}:`]);
}

// No child outlives the tests, however they end.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Child {
  /** What it wrote to stdout and stderr so far. */
  output = "";

  /** @param options input: whether the test writes to its stdin. */
  constructor(program, args, env = {}, { input = false } = {}) {
    this.process = spawn(program, args, {
      env: { PATH: process.env.PATH, ...env },
      stdio: [input ? "pipe" : "ignore", "pipe", "pipe"],
    });
    running.add(this.process);
    this.waiting = [];
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => this.#take(text));
    }
    /** Settles once it has ended and everything that it wrote was read. */
    this.ended = once(this.process, "close").then(([code, signal]) => {
      running.delete(this.process);
      for (const { reject } of this.waiting) reject(new Error(`${program} ended (${code ?? signal}):\n${this.output}`));
      return { code, signal };
    });
    this.process.on("error", (error) => (this.output += error.message));
  }

  get running() {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  get pid() {
    return this.process.pid;
  }

  /** The match of a pattern in its output, as soon as it is there. */
  wrote(pattern) {
    const match = pattern.exec(this.output);
    if (match) return Promise.resolve(match);
    return new Promise((resolve, reject) => this.waiting.push({ pattern, resolve, reject }));
  }

  /** Sends a signal and waits for the end. */
  async end(signal = "SIGTERM") {
    this.process.kill(signal);
    return await this.ended;
  }

  /** Its resident memory, in bytes. */
  memory() {
    const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"));
    return Number(kibibytes) * 1024;
  }

  #take(text) {
    this.output += text;
    this.waiting = this.waiting.filter(({ pattern, resolve }) => {
      const match = pattern.exec(this.output);
      if (match) resolve(match);
      return !match;
    });
  }
}

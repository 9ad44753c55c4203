// The examples, each with its client.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Child } from "./support/child.mjs";
import { atEnd } from "./support/cleanup.mjs";
import { within } from "./support/clients.mjs";
import { startExample } from "./support/programs.mjs";

// The clients find the official client among the packages of the tests.
const packages = fileURLToPath(new URL("node_modules", import.meta.url));

/** Runs the client of an example; `type` enters a line, `says` waits for one. */
function runClient(t, name, ...args) {
  const script = fileURLToPath(new URL(`../../examples/${name}.cjs`, import.meta.url));
  const child = new Child(process.execPath, [script, ...args], { NODE_PATH: packages }, { input: true });
  atEnd(t, () => (child.running ? child.end("SIGKILL") : undefined));
  return {
    child,
    type: (line) => child.process.stdin.write(`${line}\n`),
    says: (pattern) => within(10_000, child.wrote(pattern), `"${pattern}"`),
    async leave() {
      child.process.stdin.end();
      assert.equal((await within(10_000, child.ended, "leaving")).code, 0, child.output);
    },
  };
}

describe("examples", { timeout: 60_000 }, () => {
  test("chat: who is in a room hears what is said there", async (t) => {
    const server = await startExample(t, "chat");
    const join = async (room, name, members) => {
      const client = runClient(t, "chat", room, name, server.url);
      await client.says(new RegExp(`^in ${room}: ${members}$`, "m"));
      return client;
    };
    const ada = await join("kitchen", "ada", "ada");
    const bob = await join("kitchen", "bob", "ada, bob");
    const eve = await join("cellar", "eve", "eve");
    await ada.says(/^\* bob joined$/m);
    bob.type("hello ünd");
    await ada.says(/^bob: hello ünd$/m);
    ada.type("hello yourself");
    await bob.says(/^ada: hello yourself$/m);
    await bob.leave();
    await ada.says(/^\* bob left$/m);
    await eve.leave();
    assert.doesNotMatch(eve.child.output, /hello/);
    await ada.leave();
  });

  test("cluster: two servers are one chat", async (t) => {
    const server = await startExample(t, "cluster");
    const [, second] = await server.child.wrote(/listening on \d+\nlistening on (\d+)\n/);
    const join = async (url, room, name, members) => {
      const client = runClient(t, "chat", room, name, url);
      await client.says(new RegExp(`^in ${room}: ${members}$`, "m"));
      return client;
    };
    const ada = await join(server.url, "kitchen", "ada", "ada");
    const bob = await join(`http://127.0.0.1:${second}`, "kitchen", "bob", "ada, bob");
    await ada.says(/^\* bob joined$/m);
    bob.type("hello ünd");
    await ada.says(/^bob: hello ünd$/m);
    ada.type("hello yourself");
    await bob.says(/^ada: hello yourself$/m);
    for (const x of [ada, bob]) await x.leave();
  });

  test("private messages: only whom they are for, on all their connections", async (t) => {
    const server = await startExample(t, "private_messages");
    const enter = async (name, password) => {
      const client = runClient(t, "private_messages", name, password, server.url);
      await client.says(new RegExp(`^\\* you are ${name}$`, "m"));
      return client;
    };
    const ada = await enter("ada", "lovelace");
    const [grace, again, edsger] = await Promise.all([enter("grace", "hopper"), enter("grace", "hopper"), enter("edsger", "dijkstra")]);
    ada.type("grace are you there?");
    await Promise.all([grace, again].map((x) => x.says(/^ada: are you there\?$/m)));
    await ada.says(/^\* grace has it$/m);
    grace.type("ada yes");
    await again.says(/^\(from another of your windows, to ada\) yes$/m);
    await ada.says(/^grace: yes$/m);
    ada.type("nobody hello");
    await ada.says(/^\* nobody is not there$/m);
    await edsger.leave();
    assert.doesNotMatch(edsger.child.output, /there\?|yes/);
    for (const x of [ada, grace, again]) await x.leave();
  });

  test("private messages: who cannot prove a name stays out", async (t) => {
    const server = await startExample(t, "private_messages");
    const mallory = runClient(t, "private_messages", "ada", "guess", server.url);
    await mallory.says(/^\* refused: who are you\?$/m);
    assert.equal((await within(10_000, mallory.child.ended, "its end")).code, 1);
  });
});

// Promise 8: everything that a client can make the hub hold has a limit.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { within } from "./support/clients.mjs";
import { openPolling } from "./support/http.mjs";
import { startHub, startServer, temporaryFolder } from "./support/programs.mjs";
import { openWebSocket, WireClient } from "./support/wire.mjs";

const mebibyte = 1024 * 1024;
const openFiles = (child) => readdirSync(`/proc/${child.pid}/fd`).length;

/** Sends so many broadcasts of so many bytes, each once the one before came back; gives the most memory seen. */
async function flood(server, sender, count, bytes) {
  const text = "x".repeat(bytes);
  let most = 0;
  for (let i = 0; i < count; ++i) {
    const back = new Promise((resolve) => (sender.onEvent = resolve));
    sender.emit("bcast", "room", text);
    await back;
    if (i % 16 === 0) most = Math.max(most, server.child.memory());
  }
  return Math.max(most, server.child.memory());
}

describe("promise 8: memory is bounded", { timeout: 120_000 }, () => {
  for (const workers of [1, 2])
    test(`promise 8: readers that stop reading are closed at their outbox limit (${workers} worker(s))`, async (t) => {
      const server = await startServer(t, "load", { workers });
      const sender = await WireClient.connect(t, server.port);
      await sender.request("join", "room");
      await flood(server, sender, 50, 256 * 1024); // what is warm stays
      const before = server.child.memory();
      const stuck = await Promise.all(Array.from({ length: 4 }, () => WireClient.connect(t, server.port)));
      for (const x of stuck) {
        await x.request("join", "room");
        x.socket.pause();
      }
      const files = openFiles(server.child);
      const most = await flood(server, sender, 400, 256 * 1024);
      // Each may owe 8 MiB; frames are shared, and 100 MiB went by.
      assert.ok(most - before < 48 * mebibyte, `memory grew by ${(most - before) / mebibyte} MiB`);
      assert.ok(openFiles(server.child) <= files - stuck.length, "the server has closed their connections");
      for (const x of stuck) x.socket.resume();
      await within(10_000, Promise.all(stuck.map((x) => x.ended)), "hearing of it");
      assert.deepEqual(await sender.request("echo", 1), [1]);
    });

  test("promise 8: a polling client that never asks again is closed at its outbox limit", async (t) => {
    const server = await startServer(t, "load");
    const sender = await WireClient.connect(t, server.port);
    await sender.request("join", "room");
    const silent = await openPolling(server.port);
    await silent.post("40");
    await silent.get();
    await silent.post('420["join","room"]');
    const before = server.child.memory();
    const most = await flood(server, sender, 100, 256 * 1024);
    assert.ok(most - before < 32 * mebibyte, `memory grew by ${(most - before) / mebibyte} MiB`);
    assert.equal(JSON.parse((await silent.get()).body).code, 1);
  });

  test("promise 8: a subscriber of the hub that stops reading is closed, and others go on", async (t) => {
    const env = { LIMITS_OUTBOX_BYTES_MAX: mebibyte, LIMITS_OUTBOX_HIGH_WATER_BYTES: 65536 };
    const hub = await startHub(t, { data: temporaryFolder(t), env });
    const [writer, reader, stuck] = await Promise.all([1, 2, 3].map(() => WireClient.connect(t, hub.port)));
    const count = 200;
    let heard = 0;
    const all = new Promise((resolve) => (reader.onEvent = () => (++heard === count ? resolve() : undefined)));
    for (const x of [reader, stuck]) await x.request("subscribe", "0_userdata.*");
    stuck.socket.pause();
    for (let i = 0; i < count; ++i)
      assert.equal((await writer.request("setState", "0_userdata.0.big", { val: "x".repeat(100_000), ack: true }))[0], null);
    stuck.socket.resume();
    await within(10_000, stuck.ended, "hearing of it");
    await all;
  });

  test("promise 8: a client that asks faster than it reads the answers holds up only itself", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t) });
    const [greedy, other] = await Promise.all([1, 2].map(() => WireClient.connect(t, hub.port)));
    await other.request("setState", "0_userdata.0.big", { val: "x".repeat(500_000), ack: true });
    const before = hub.child.memory();
    greedy.socket.pause();
    for (let i = 0; i < 1000; ++i) greedy.ask(["getState", "0_userdata.0.big"], () => {});
    for (let i = 0; i < 200; ++i) await other.request("setState", "0_userdata.0.small", { val: i, ack: true });
    const grown = hub.child.memory() - before;
    assert.ok(grown < 64 * mebibyte, `memory grew by ${grown / mebibyte} MiB`);
  });

  test("promise 8: subscriptions have a limit", async (t) => {
    const env = { LIMITS_SUBSCRIPTIONS_PER_CONNECTION_MAX: 10 };
    const hub = await startHub(t, { data: temporaryFolder(t), env });
    const wire = await WireClient.connect(t, hub.port);
    for (let i = 0; i < 10; ++i) assert.deepEqual(await wire.request("subscribe", `a.${i}`), [null]);
    const [error] = await wire.request("subscribe", "a.10");
    assert.match(error, /limit/);
    assert.deepEqual(await wire.request("subscribe", "a.3"), [null], "one that it has is no new one");
    await wire.request("unsubscribe", "a.3");
    assert.deepEqual(await wire.request("subscribe", "a.10"), [null]);
  });

  test("promise 8: the answer to a history query has a limit", async (t) => {
    const env = { LIMITS_QUERY_VALUES_MAX: 5 };
    const hub = await startHub(t, { data: temporaryFolder(t), env });
    const wire = await WireClient.connect(t, hub.port);
    for (let i = 0; i < 8; ++i) await wire.request("setState", "a.b", { val: i, ack: true });
    const [, values] = await wire.request("getHistory", "a.b", { start: 1, count: 1000 });
    assert.equal(values.length, 5);
  });

  test("promise 8: a message has a limit", async (t) => {
    const env = { SOCKETIO_MAX_HTTP_BUFFER_BYTES: 1000 };
    const hub = await startHub(t, { data: temporaryFolder(t), env });
    const polling = await openPolling(hub.port);
    assert.equal(polling.open.maxPayload, 1000);
    assert.equal((await polling.post("x".repeat(1001))).status, 413);
    const socket = await openWebSocket(t, hub.port);
    socket.send("x".repeat(1001));
    assert.equal(await socket.ended, 1009);
  });

  test("promise 8: who joins no namespace is closed", async (t) => {
    const env = { SOCKETIO_CONNECT_TIMEOUT_MS: 100 };
    const hub = await startHub(t, { data: temporaryFolder(t), env });
    const socket = await openWebSocket(t, hub.port);
    assert.equal(await within(5000, socket.ended, "closing"), 1005);
  });
});

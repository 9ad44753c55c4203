// What the hub counts, as Prometheus reads it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileSizeOf } from "./support/child.mjs";
import { connect, next } from "./support/clients.mjs";
import { openPolling, request, samplesOf } from "./support/http.mjs";
import { startHub, startServer, temporaryFolder } from "./support/programs.mjs";
import { openWebSocket, WireClient } from "./support/wire.mjs";

/** The samples of a hub, by name and labels. */
async function metrics(port) {
  const { status, headers, body } = await request(port, "/metrics");
  assert.equal(status, 200);
  assert.match(headers["content-type"], /^text\/plain; version=0\.0\.4/);
  return samplesOf(body);
}

describe("metrics", { timeout: 60_000 }, () => {
  test("each metric has its help and type once, then its samples", async (t) => {
    const { port } = await startHub(t, { data: temporaryFolder(t) });
    const { body } = await request(port, "/metrics");
    const seen = new Set();
    let name = "";
    for (const line of body.trimEnd().split("\n")) {
      const help = /^# HELP (\S+) \S/.exec(line);
      if (help) {
        assert.ok(!seen.has(help[1]), `${help[1]} stands twice`);
        seen.add((name = help[1]));
      } else if (line.startsWith("# TYPE ")) {
        assert.match(line, new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`));
        assert.equal(name.endsWith("_total"), line.endsWith(" counter"), line);
      } else {
        assert.match(line, new RegExp(`^${name}(_bucket|_sum|_count)?({[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*})? -?[0-9.e+-]+$`));
      }
    }
    assert.ok(seen.size > 30);
  });

  test("sessions, sockets, packets and commits are counted", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t) });
    const before = await metrics(hub.port);
    const socket = await connect(t, hub.url, { transports: ["websocket"] });
    for (let i = 0; i < 10; ++i) await socket.emitWithAck("setState", "0_userdata.0.x", { val: i, ack: true });
    const polling = await connect(t, hub.url, { transports: ["polling"] });
    await polling.emitWithAck("getState", "0_userdata.0.x");
    const now = await metrics(hub.port);
    const grown = (name) => now.get(name) - before.get(name);
    assert.equal(now.get('atrium_sessions{transport="websocket",protocol="4"}'), 1);
    assert.equal(now.get('atrium_sessions{transport="polling",protocol="4"}'), 1);
    assert.equal(now.get("atrium_sockets"), 2);
    assert.equal(grown("atrium_events_received_total"), 11);
    assert.equal(grown('atrium_packets_received_total{transport="websocket"}'), 11);
    assert.ok(grown('atrium_packets_received_total{transport="polling"}') >= 2);
    assert.ok(grown('atrium_sent_bytes_total{transport="websocket"}') > 100);
    assert.ok(grown("atrium_journal_rows_total") >= 10);
    assert.ok(grown("atrium_journal_commit_seconds_count") >= 10);
    assert.equal(now.get("atrium_journal_ready"), 1);
    assert.ok(now.get("process_cpu_seconds_total") > 0);
  });

  test("what meets a limit is counted", async (t) => {
    const env = { SOCKETIO_MAX_HTTP_BUFFER_BYTES: 1000, LIMITS_UNCLAIMED_SESSIONS_MAX: 2 };
    const hub = await startHub(t, { data: temporaryFolder(t), env });
    const polling = await openPolling(hub.port);
    assert.equal((await polling.post("x".repeat(1001))).status, 413);
    await hub.child.wrote(/message-too-large/);
    const unclaimed = await openWebSocket(t, hub.port);
    const refused = await openWebSocket(t, hub.port);
    assert.equal(await refused.ended, 1005);
    const now = await metrics(hub.port);
    assert.equal(now.get('atrium_oversize_messages_total{transport="polling"}'), 1);
    assert.equal(now.get('atrium_sessions_refused_total{limit="unclaimed_sessions"}'), 1);
    // One that joins makes room.
    assert.match(await unclaimed.frame(), /^0/);
    unclaimed.send("40");
    assert.match(await unclaimed.frame(), /^40/);
    const wire = await WireClient.connect(t, hub.port);
    assert.deepEqual(await wire.request("getState", "0_userdata.0.none"), [null, null]);
  });

  test("who sends more than is allowed is read later, loses nothing, and holds up nobody", async (t) => {
    const env = { LIMITS_PACKETS_PER_SECOND_MAX: 100 };
    const hub = await startHub(t, { data: temporaryFolder(t), env });
    const [greedy, other] = await Promise.all([1, 2].map(() => WireClient.connect(t, hub.port)));
    const begin = Date.now();
    const answers = Array.from({ length: 150 }, () => greedy.request("getState", "0_userdata.0.none"));
    await other.request("getState", "0_userdata.0.none");
    const took = Date.now() - begin;
    await Promise.all(answers);
    assert.ok(Date.now() - begin >= 300, "150 packets at 100 a second");
    assert.ok(took < 300, `the other one waited for ${took} ms`);
    assert.ok((await metrics(hub.port)).get('atrium_rate_pauses_total{limit="packets"}') >= 1);
  });

  describe("clients that come back", () => {
    const transports = ["websocket"];

    /** A client that got an event; the numbers of its server from now on. */
    async function begin(t, options) {
      const server = await startServer(t, "recovery", options);
      const socket = await connect(t, server.url, { transports });
      const seen = next(socket, "m");
      await socket.emitWithAck("all", 1);
      await seen;
      return { server, socket };
    }

    /** The client goes without a word, and the server has noticed. */
    async function lose(server, socket) {
      const gone = server.child.wrote(new RegExp(`gone ${socket.id} transport`));
      const left = next(socket, "disconnect");
      socket.io.engine.close();
      await left;
      await gone;
    }

    async function comeBack(socket) {
      const back = next(socket, "connect");
      socket.connect();
      await back;
    }

    const refusals = (now) =>
      ["unknown_session", "expired", "packets_lost", "too_much_missed"].map((cause) =>
        now.get(`atrium_recoveries_refused_total{cause="${cause}"}`));

    test("those that are away, what is kept for them, and what they missed", async (t) => {
      const { server, socket } = await begin(t);
      const other = await connect(t, server.url, { transports });
      const before = await metrics(server.port);
      assert.equal(before.get("atrium_recovery_sessions"), 0);
      assert.equal(before.get("atrium_recovery_packets"), 1);
      await lose(server, socket);
      for (const x of [2, 3, 4]) await other.emitWithAck("all", x);
      const away = await metrics(server.port);
      assert.equal(away.get("atrium_recovery_sessions"), 1);
      assert.equal(away.get("atrium_recovery_packets"), 4);
      assert.ok(away.get("atrium_recovery_bytes") > before.get("atrium_recovery_bytes") + 1000);
      await comeBack(socket);
      assert.equal(socket.recovered, true);
      const now = await metrics(server.port);
      assert.equal(now.get("atrium_recovery_sessions"), 0);
      assert.equal(now.get("atrium_recoveries_total"), 1);
      assert.equal(now.get("atrium_recovery_packets_replayed_total"), 3);
      assert.deepEqual(refusals(now), [0, 0, 0, 0]);
      assert.equal(now.has("atrium_recovery_commits_failed_total"), false);
    });

    test("those that get a new session, by cause", async (t) => {
      const { server, socket } = await begin(t);
      await connect(t, server.url, { transports, auth: { pid: "01234567890123456789", offset: "1.1" } });
      assert.deepEqual(refusals(await metrics(server.port)), [1, 0, 0, 0]);
      await lose(server, socket);
      // An offset that nobody gave it.
      socket._lastOffset = "never";
      await comeBack(socket);
      assert.equal(socket.recovered, false);
      const now = await metrics(server.port);
      assert.deepEqual(refusals(now), [1, 0, 1, 0]);
      assert.equal(now.get("atrium_recoveries_total"), 0);
    });

    test("those that come too late", async (t) => {
      const { server, socket } = await begin(t, { "max-disconnection": 1 });
      await lose(server, socket);
      for (const gone = Date.now(); Date.now() < gone + 5; ) await metrics(server.port);
      await comeBack(socket);
      assert.deepEqual(refusals(await metrics(server.port)), [0, 1, 0, 0]);
    });

    test("those that missed too much", async (t) => {
      const small = { LIMITS_OUTBOX_BYTES_MAX: 100_000, LIMITS_OUTBOX_HIGH_WATER_BYTES: 50_000 };
      const hub = await startHub(t, { data: temporaryFolder(t), env: { ...small, ADAPTERS: "[]" } });
      const [socket, other] = await Promise.all([1, 2].map(() => connect(t, hub.url, { transports })));
      const id = "0_userdata.0.much";
      await socket.emitWithAck("subscribe", id);
      const seen = next(socket, "stateChange");
      await other.emitWithAck("setState", id, { val: 0, ack: true });
      await seen;
      const left = next(socket, "disconnect");
      socket.io.engine.close();
      await left;
      for (let i = 0; i < 10; ++i) await other.emitWithAck("setState", id, { val: String(i).repeat(20_000), ack: true });
      await comeBack(socket);
      assert.equal(socket.recovered, false);
      const now = await metrics(hub.port);
      assert.deepEqual(refusals(now), [0, 0, 0, 1]);
      // The hub keeps them in a file.
      assert.equal(now.get("atrium_recovery_commits_failed_total"), 0);
      assert.ok(now.get("atrium_recovery_waiting_bytes") >= 0);
    });

    test("commits that their file refuses", async (t) => {
      const hub = await startHub(t, { data: temporaryFolder(t), env: { ADAPTERS: "[]" } });
      fileSizeOf(hub.child, 0);
      const failed = hub.child.wrote(/ recovery-commit-failed /);
      await connect(t, hub.url, { transports });
      await failed;
      assert.ok((await metrics(hub.port)).get("atrium_recovery_commits_failed_total") >= 1);
      fileSizeOf(hub.child, "unlimited");
    });
  });

  test("beyond loopback they need the token", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t), env: { TOKEN: "secret" } });
    assert.equal((await request(hub.port, "/metrics")).status, 401);
    assert.equal((await request(hub.port, "/metrics", { headers: { Authorization: "Bearer secret" } })).status, 200);
  });
});

// What the hub counts, as Prometheus reads it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect } from "./support/clients.mjs";
import { openPolling, request } from "./support/http.mjs";
import { startHub, temporaryFolder } from "./support/programs.mjs";
import { openWebSocket, WireClient } from "./support/wire.mjs";

/** The samples of a hub, by name and labels. */
async function metrics(port) {
  const { status, headers, body } = await request(port, "/metrics");
  assert.equal(status, 200);
  assert.match(headers["content-type"], /^text\/plain; version=0\.0\.4/);
  const samples = body.split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
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

  test("beyond loopback they need the token", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t), env: { TOKEN: "secret" } });
    assert.equal((await request(hub.port, "/metrics")).status, 401);
    assert.equal((await request(hub.port, "/metrics", { headers: { Authorization: "Bearer secret" } })).status, 200);
  });
});

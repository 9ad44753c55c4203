// HTTPS and secure WebSockets: certificates of both sides, wrong ones, and peers that speak no TLS.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { call, client, connect, next, within } from "./support/clients.mjs";
import { makeAuthority, toPkcs12 } from "./support/certificates.mjs";
import { dial, exchange, samplesOf } from "./support/http.mjs";
import { atrium, runHub, startHub, startServer, temporaryFolder } from "./support/programs.mjs";
import { openWebSocket } from "./support/wire.mjs";

const ways = [["polling"], ["websocket"], ["polling", "websocket"]];
const clean = { EIO: 4, transport: "polling" };

let folder;
let authority;
let server;
let stranger;
const shown = {};

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), "atrium-tls-"));
  authority = makeAuthority(folder, "authority");
  server = authority.issue("hub");
  shown.kitchen = authority.issue("kitchen");
  stranger = makeAuthority(folder, "stranger");
  shown.stranger = stranger.issue("burglar");
});
after(() => rmSync(folder, { recursive: true, force: true }));

const files = () => ({ "tls-certificate": server.certificate, "tls-key": server.key });
const trusting = (more) => ({ ca: authority.cert, ...more });
const showing = (x) => trusting({ cert: x.cert, key: x.keyBytes });
const startSecure = (t, more = {}) => startServer(t, "semantics", { ...files(), ...more });
const url = (port) => `https://127.0.0.1:${port}`;

/** The error that a client meets. */
async function refused(t, port, options) {
  const socket = client(t, url(port), options);
  const failed = next(socket, "connect_error");
  socket.on("connect", () => assert.fail("it was let in"));
  socket.connect();
  return (await within(10_000, failed, "the refusal"))[0];
}

/** A bare TLS connection to the server. */
async function dialSecurely(t, port, options = {}) {
  const socket = tls.connect({ port, host: "127.0.0.1", ca: authority.cert, ...options });
  t.after(() => socket.destroy());
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  return socket;
}

for (const transports of ways)
  for (const workers of [1, 4])
    test(`the official client speaks TLS over ${transports.join(" and ")}, with ${workers} workers`, async (t) => {
      const { port } = await startSecure(t, { workers });
      const socket = await connect(t, url(port), trusting({ transports }));
      assert.deepEqual(await call(socket, "secure"), [true, null]);
      const bytes = Buffer.alloc(300_000, 7);
      assert.deepEqual(await call(socket, "echo", "kitchen", { bytes }), ["kitchen", { bytes }]);
      if (transports.length > 1 && socket.io.engine.transport.name === "polling")
        await within(10_000, next(socket.io.engine, "upgrade"), "the upgrade");
      assert.equal(socket.io.engine.transport.name, transports.at(-1));
      assert.deepEqual(await call(socket, "echo", "still"), ["still"]);
    });

test("many messages arrive in order, in both directions", async (t) => {
  const { port } = await startSecure(t, { workers: 2 });
  for (const transports of ways) {
    const socket = await connect(t, url(port), trusting({ transports }));
    const got = [];
    const all = new Promise((resolve) => socket.on("back", (i) => got.push(i) === 2000 && resolve()));
    for (let i = 0; i < 2000; ++i) socket.emit("back", i, "x".repeat(i));
    await within(20_000, all, "2000 echoes");
    assert.deepEqual(got, [...Array(2000).keys()]);
  }
});

test("what the server says last arrives before the end", async (t) => {
  const { port } = await startSecure(t);
  for (const transports of ways.slice(0, 2)) {
    const socket = await connect(t, url(port), trusting({ transports }));
    const ended = next(socket, "disconnect");
    const last = next(socket, "back");
    socket.emit("back", "y".repeat(500_000));
    socket.emit("kick", true);
    assert.equal((await within(10_000, last, "the last event"))[0].length, 500_000);
    assert.equal((await within(10_000, ended, "the end"))[0], "io server disconnect");
  }
});

test("a client that dies without a word is seen to be gone", async (t) => {
  const { port } = await startSecure(t);
  const observer = await connect(t, url(port), trusting({ transports: ["websocket"] }));
  await call(observer, "join", ["observers"]);
  const socket = await connect(t, url(port), trusting({ transports: ["websocket"] }));
  const { id } = socket;
  const ended = next(observer, "ended", (x) => x === id);
  socket.io.engine.transport.ws._socket.destroy();
  assert.equal((await within(10_000, ended, "the end"))[1], "transport close");
});

test("a client that does not read is disconnected, and others do not notice", async (t) => {
  const { port } = await startSecure(t, { workers: 2 });
  const observer = await connect(t, url(port), trusting({ transports: ["websocket"] }));
  const slow = await connect(t, url(port), trusting({ transports: ["websocket"] }));
  await call(observer, "join", ["observers"]);
  await call(slow, "join", ["slow"]);
  const { id } = slow;
  const ended = next(observer, "ended", (x) => x === id);
  slow.io.engine.transport.ws._socket.pause();
  let over = false;
  ended.then(() => (over = true));
  for (let i = 0; i < 100 && !over; ++i) await call(observer, "to", ["slow"], "z".repeat(900_000));
  assert.equal((await within(10_000, ended, "the end of the slow one"))[1], "transport error");
});

test("a body that is too large is answered with 413 before the end", async (t) => {
  const { port } = await startSecure(t);
  const socket = await dialSecurely(t, port);
  const opened = once(socket, "data");
  socket.write(`GET /socket.io/?${new URLSearchParams(clean)} HTTP/1.1\r\nHost: a\r\n\r\n`);
  const { sid } = JSON.parse(String((await opened)[0]).split("\r\n\r\n0")[1]);
  const answered = once(socket, "data");
  const target = `/socket.io/?${new URLSearchParams({ ...clean, sid })}`;
  socket.write(`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n`);
  socket.write("4".repeat(500_000));
  assert.match(String((await within(10_000, answered, "the answer"))[0]), /^HTTP\/1.1 413 /);
  await within(10_000, once(socket, "end"), "the end");
});

test("certificates of clients: the program sees whose", async (t) => {
  const { port } = await startSecure(t, { "tls-client-ca": authority.certificate, "tls-clients": "optional" });
  for (const transports of ways) {
    const anonymous = await connect(t, url(port), trusting({ transports }));
    assert.deepEqual(await call(anonymous, "secure"), [true, null]);
    const known = await connect(t, url(port), { ...showing(shown.kitchen), transports });
    assert.deepEqual(await call(known, "secure"), [true, "CN=kitchen"]);
    assert.ok(await refused(t, port, { ...showing(shown.stranger), transports }));
  }
});

test("certificates of clients: without one nobody gets in when they are required", async (t) => {
  const { port } = await startSecure(t, { "tls-client-ca": authority.certificate, "tls-clients": "required" });
  for (const transports of ways.slice(0, 2)) {
    assert.ok(await refused(t, port, trusting({ transports })));
    assert.ok(await refused(t, port, { ...showing(shown.stranger), transports }));
    const pfx = toPkcs12(shown.kitchen, "sesame");
    const known = await connect(t, url(port), trusting({ pfx, passphrase: "sesame", transports }));
    assert.deepEqual(await call(known, "secure"), [true, "CN=kitchen"]);
  }
});

test("a client that does not know the authority leaves, and the server serves on", async (t) => {
  const { port } = await startSecure(t);
  for (const transports of ways.slice(0, 2)) {
    assert.ok(await refused(t, port, { transports, ca: stranger.cert }));
    assert.ok(await refused(t, port, { transports }));
  }
  const insecure = await connect(t, url(port), { rejectUnauthorized: false });
  assert.deepEqual(await call(insecure, "echo", 1), [1]);
});

test("handshakes are counted, those that failed by cause", async (t) => {
  const { port } = await startSecure(t, { "tls-client-ca": authority.certificate, "tls-clients": "required" });
  const known = showing(shown.kitchen);
  const counted = async () => {
    const socket = await dialSecurely(t, port, known);
    const parts = [];
    socket.on("data", (part) => parts.push(part));
    socket.write("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await once(socket, "end");
    const now = samplesOf(Buffer.concat(parts).toString());
    const failed = (cause) => now.get(`atrium_tls_handshakes_failed_total{cause="${cause}"}`);
    return { done: now.get("atrium_tls_handshakes_total"), failed };
  };
  assert.equal((await counted()).done, 1);
  assert.ok(await refused(t, port, { ...showing(shown.stranger), transports: ["websocket"] }));
  assert.ok(await refused(t, port, trusting({ transports: ["websocket"] })));
  await exchange(t, port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await exchange(t, port, "\0".repeat(100));
  await exchange(t, port, "");
  // It does not trust the hub's certificate, and says so.
  spawnSync("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", stranger.certificate, "-verify_return_error"],
    { input: "" });
  const { done, failed } = await counted();
  assert.equal(done, 2);
  assert.deepEqual(
    ["client_certificate", "plain_http", "protocol", "gone", "rejected", "timeout"].map(failed),
    [2, 1, 1, 1, 1, 0],
  );
});

test("a handshake that takes too long is counted", async (t) => {
  const env = variables({ LIMITS_HTTP_HEADER_MS: 100 });
  const { port } = await startHub(t, { data: temporaryFolder(t), env });
  const silent = dial(t, port);
  await within(10_000, silent.closed, "the end");
  const answer = await new Promise((resolve, reject) =>
    https.get({ port, host: "127.0.0.1", path: "/metrics", ca: authority.cert, agent: false }, resolve).on("error", reject));
  const now = samplesOf(String(Buffer.concat(await answer.toArray())));
  assert.equal(now.get('atrium_tls_handshakes_failed_total{cause="timeout"}'), 1);
});

test("a peer that speaks plain HTTP is told so", async (t) => {
  const { port } = await startSecure(t);
  const answer = await within(10_000, exchange(t, port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "the answer");
  assert.match(String(answer), /^HTTP\/1.1 400 Bad Request\r\n[^]*This port speaks HTTPS/);
  await assert.rejects(openWebSocket(t, port));
});

test("bytes that are neither end their own connection only", async (t) => {
  const { port } = await startSecure(t);
  const good = await connect(t, url(port), trusting());
  for (const bytes of ["\x16\x03\x01\xff\xff" + "\0".repeat(100), "\0".repeat(20_000), "\x16\x03\x01\x00\x05\x01", ""])
    await within(10_000, exchange(t, port, Buffer.from(bytes, "latin1")), "the end");
  // In the middle of a connection: a record that nobody has encrypted.
  const { socket } = dial(t, port);
  await once(socket, "connect");
  await dialSecurely(t, port, { socket });
  const ended = once(socket, "close");
  socket.write("\x17\x03\x03\x00\x20" + "!".repeat(32), "latin1");
  await within(10_000, ended, "the end");
  assert.deepEqual(await call(good, "echo", 1), [1]);
});

test("TLS 1.1 is too old", async (t) => {
  const { port } = await startSecure(t);
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
  const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...old });
  t.after(() => socket.destroy());
  const [error] = await within(10_000, once(socket, "error"), "the refusal");
  assert.match(error.code, /VERSION|PROTOCOL/);
  for (const version of ["TLSv1.2", "TLSv1.3"]) {
    const good = await dialSecurely(t, port, { minVersion: version, maxVersion: version });
    assert.equal(good.getProtocol(), version);
  }
});

const variables = (more = {}) => ({
  TLS_CERTIFICATE_FILE: server.certificate,
  TLS_KEY_FILE: server.key,
  ...more,
});

/** The exit code of `atrium healthcheck`, run with these variables. */
function healthcheck(port, env) {
  const all = Object.fromEntries(Object.entries(env).map(([key, value]) => [`ATRIUM_${key}`, value]));
  const { status, stderr } = spawnSync(atrium(), ["healthcheck", "--listen", `127.0.0.1:${port}`], { env: all });
  return { status, text: String(stderr) };
}

test("the hub speaks TLS, and its health check too", async (t) => {
  const { port } = await startHub(t, { data: temporaryFolder(t), env: variables() });
  for (const transports of ways) {
    const socket = await connect(t, url(port), trusting({ transports }));
    const [error] = await call(socket, "setState", "0_userdata.0.tls", { val: 1, ack: true });
    assert.equal(error, null);
  }
  assert.deepEqual(healthcheck(port, variables()), { status: 0, text: "" });
  const plain = healthcheck(port, {});
  assert.equal(plain.status, 1);
  assert.match(plain.text, /healthz answers 400/);
});

test("the health check of a hub that requires certificates", async (t) => {
  const env = variables({ TLS_CLIENT_CA_FILE: authority.certificate, TLS_CLIENT_CERTIFICATE: "required" });
  const { port } = await startHub(t, { data: temporaryFolder(t), env });
  assert.deepEqual(healthcheck(port, env), { status: 0, text: "" });
  assert.equal(healthcheck(port, variables()).status, 1);
});

test("a peer that never finishes its handshake is closed in time", async (t) => {
  const { port } = await startHub(t, { data: temporaryFolder(t), env: variables({ LIMITS_HTTP_HEADER_MS: 200 }) });
  const { socket, closed } = dial(t, port);
  socket.write("\x16\x03\x01");
  await within(10_000, closed, "the end");
});

test("connections in a handshake count", async (t) => {
  const env = variables({ LIMITS_CONNECTIONS_MAX: 2 });
  const { port } = await startHub(t, { data: temporaryFolder(t), env });
  const waiting = [dial(t, port), dial(t, port)];
  await Promise.all(waiting.map(({ socket }) => once(socket, "connect")));
  await within(10_000, dial(t, port).closed, "the end of the third");
  for (const { socket } of waiting) socket.destroy();
});

test("a hub whose certificate cannot be used does not start, and says why", async (t) => {
  const missing = path.join(folder, "missing.pem");
  const broken = path.join(folder, "broken.pem");
  writeFileSync(broken, "no certificate\n");
  const cases = [
    [{ TLS_CERTIFICATE_FILE: missing }, /tls-failed.*missing\.pem.*No such file/],
    [{ TLS_CERTIFICATE_FILE: broken }, /tls-failed.*broken\.pem.*no start line/],
    [{ TLS_KEY_FILE: shown.kitchen.key }, /tls-failed.*kitchen\.key.*mismatch/],
    [{ TLS_CLIENT_CA_FILE: broken, TLS_CLIENT_CERTIFICATE: "required" }, /tls-failed.*broken\.pem/],
    [{ TLS_KEY_FILE: "" }, /tls\.certificate_file: .* belong together/],
    [{ TLS_CLIENT_CERTIFICATE: "required" }, /tls\.client_certificate: needs tls\.client_ca_file/],
  ];
  for (const [env, message] of cases) {
    const child = runHub(t, { data: temporaryFolder(t), env: variables(env) });
    const { code } = await within(15_000, child.ended, "the end");
    assert.notEqual(code, 0);
    assert.match(child.output, message);
  }
});

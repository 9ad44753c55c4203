// Who may connect.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { call, connect } from "./support/clients.mjs";
import { engine, openPolling, request, upgrade } from "./support/http.mjs";
import { startHub, temporaryFolder } from "./support/programs.mjs";

const webSocket = "/socket.io/?EIO=4&transport=websocket";

/** The statuses of a polling handshake and of a WebSocket one, which must agree. */
async function knock(t, port, headers = {}, query = "") {
  const polling = await request(port, engine + query, { headers });
  const { status, socket } = await upgrade(port, webSocket + query, headers);
  if (socket) socket.destroy();
  assert.equal(status === 101 ? 200 : status, polling.status, "both transports are let in, or none");
  return polling.status;
}

describe("promise 10: who connects is known", { timeout: 60_000 }, () => {
  test("promise 10: pages of this host get in, of other origins only configured ones", async (t) => {
    const env = { ALLOWED_ORIGINS: "https://panel.example.org" };
    const { port } = await startHub(t, { data: temporaryFolder(t), env });
    const self = `http://127.0.0.1:${port}`;
    for (const origin of [undefined, self, "https://panel.example.org"])
      assert.equal(await knock(t, port, origin ? { Origin: origin } : {}), 200, origin);
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1", `${self}.evil.example`, "https://panel.example.org.evil"])
      assert.equal(await knock(t, port, { Origin: origin }), 403, origin);
  });

  test("promise 10: the hub answers under its own names only", async (t) => {
    const env = { ALLOWED_HOSTS: "hub.example.org" };
    const { port } = await startHub(t, { data: temporaryFolder(t), env });
    for (const host of ["127.0.0.1", "localhost", `localhost:${port}`, "[::1]", "hub.example.org", "192.168.1.5"])
      assert.equal(await knock(t, port, { Host: host }), 200, host);
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "hub.example.org.evil"])
      assert.equal(await knock(t, port, { Host: host }), 403, host);
    // A page that points its own name at the hub has an origin that equals the host.
    const rebound = { Host: `evil.example:${port}`, Origin: `http://evil.example:${port}` };
    assert.equal(await knock(t, port, rebound), 403);
  });

  test("promise 10: beyond loopback a token is required, which the first start makes", async (t) => {
    const data = temporaryFolder(t);
    const { port, child, url } = await startHub(t, { data, listen: "0.0.0.0:0" });
    const token = readFileSync(path.join(data, "token"), "utf8").trim();
    assert.equal(statSync(path.join(data, "token")).mode & 0o777, 0o600);
    await child.wrote(new RegExp(`Bearer ${token}`));

    for (const headers of [{}, { Authorization: "Bearer wrong" }, { Authorization: `Basic ${token}` }, { Authorization: `Bearer ${token}x` }])
      assert.equal(await knock(t, port, headers), 401);
    assert.equal(await knock(t, port, {}, "&token=wrong"), 401);
    assert.equal(await knock(t, port, { Authorization: `Bearer ${token}` }), 200);
    assert.equal(await knock(t, port, {}, `&token=${token}`), 200);
    assert.equal((await request(port, "/healthz")).status, 200, "health needs no token");

    const socket = await connect(t, url, { query: { token } });
    assert.deepEqual(await call(socket, "authenticate"), [true, true]);
    await assert.rejects(connect(t, url));
  });

  test("promise 10: a session's requests need the token too", async (t) => {
    const { port } = await startHub(t, { data: temporaryFolder(t), listen: "0.0.0.0:0", env: { TOKEN: "secret" } });
    const session = await openPolling(port, { headers: { Authorization: "Bearer secret" } });
    assert.equal((await session.post("40")).status, 200);
    assert.equal((await request(port, session.target)).status, 401);
  });

  test('promise 10: auth = "off" lets everyone in, in so many words', async (t) => {
    const { port } = await startHub(t, { data: temporaryFolder(t), listen: "0.0.0.0:0", env: { AUTH: "off" } });
    assert.equal(await knock(t, port), 200);
    assert.equal(await knock(t, port, { Origin: "https://evil.example" }), 403, "origins are checked still");
  });
});

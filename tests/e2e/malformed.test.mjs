// Promise 9: no input ends the process, or another client's connection.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { call, connect } from "./support/clients.mjs";
import { dial, engine, exchange, openPolling, request } from "./support/http.mjs";
import { startHub, temporaryFolder } from "./support/programs.mjs";
import { openWebSocket } from "./support/wire.mjs";

/** A client that writes and reads all the time; `check` tells that it was never hurt. */
async function bystander(t, hub) {
  const socket = await connect(t, hub.url, { transports: ["websocket"] });
  const reasons = [];
  socket.on("disconnect", (reason) => reasons.push(reason));
  let count = 0;
  let running = true;
  const work = (async () => {
    while (running) {
      const answer = await call(socket, "setState", "0_userdata.0.bystander", { val: ++count, ack: true });
      assert.deepEqual(answer, [null, "0_userdata.0.bystander"]);
    }
  })();
  return {
    async check() {
      running = false;
      await work;
      assert.deepEqual(reasons, []);
      assert.ok(count > 0);
      assert.equal(hub.child.process.exitCode, null);
      assert.doesNotMatch(hub.child.output, / error /);
    },
  };
}

const head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n";
const handshake = `${head}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

const requests = [
  "",
  "\r\n\r\n",
  "\0\0\0\0",
  "GET\r\n\r\n",
  "GET / HTTP/9.9\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  "GET / HTTP/1.1\nHost: x\n\n",
  "get / http/1.1\r\nhost: localhost\r\n\r\n",
  "GET http://[::1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET /%zz%00?%=%&&=&sid=%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nX: \x01\x02\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\n: no name\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
  `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: localhost\r\n${"X: y\r\n".repeat(50_000)}\r\n`,
  "POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
  "POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
  "POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
  "POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
  "POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
  "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  `${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  `${head}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n\r\n`,
  `${head}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
  `${handshake.slice(0, -2)}${"X: y\r\n".repeat(2_000)}\r\n`,
  `${handshake.slice(0, -2)}Sec-WebSocket-Protocol: ${", ".repeat(5_000)}\r\n\r\n`,
  `${handshake.slice(0, -2)}Sec-WebSocket-Extensions: ${"permessage-deflate; a; b=1, ".repeat(400)}\r\n\r\n`,
  "GET /socket.io/?EIO=4&transport=__proto__ HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET /socket.io/?EIO=4&transport=polling&sid=constructor HTTP/1.1\r\nHost: localhost\r\n\r\n",
];

// Each of them behind a handshake: what no client may send.
const frames = {
  "reserved bits": [0xf1, 0x80, 0, 0, 0, 0],
  "an unknown opcode": [0x83, 0x80, 0, 0, 0, 0],
  "an unmasked frame": [0x81, 0x01, 0x33],
  "a continuation of nothing": [0x80, 0x80, 0, 0, 0, 0],
  "a ping in fragments": [0x09, 0x80, 0, 0, 0, 0],
  "a ping that is too long": [0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0],
  "a length with its highest bit set": [0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
  "a length of four gigabytes": [0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  "a length that needs fewer bytes": [0x82, 0xfe, 0, 1, 0, 0, 0, 0, 1],
  "a close with one byte": [0x88, 0x81, 0, 0, 0, 0, 1],
  "a close with a forbidden code": [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed],
  "text that is no UTF-8": [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28],
  "a new message inside a message": [0x01, 0x81, 0, 0, 0, 0, 0x34, 0x81, 0x81, 0, 0, 0, 0, 0x34],
};

const packets = [
  "",
  "9",
  "4",
  "4\u0000",
  "40{",
  "40[]",
  '40{"__proto__":{"x":1}}',
  "42",
  "42[]",
  "42{}",
  '42["setState"',
  '42["connect"]',
  "42[1e999]",
  '42999999999999999999999999["getVersion"]',
  "43[]",
  "430",
  "44",
  "45",
  '451-["x"]',
  '45-1-["x"]',
  '4599999999999-["x"]',
  '451-["x",{"_placeholder":true,"num":9}]',
  '451-["x",{"_placeholder":true,"num":"splice"}]',
  '42[{"toString":"x"}]',
  '42["__proto__",{"constructor":{"prototype":1}}]',
  `${"3\x1e".repeat(300_000)}3`,
  "46",
  `42["x",${"[".repeat(100_000)}`,
  `42["x",${'{"a":'.repeat(100_000)}`,
  `42["x","${"\\ud800".repeat(1000)}"]`,
  Buffer.from([1, 2, 3]),
];

const commands = [
  ["setState"],
  ["setState", null, null],
  ["setState", {}, []],
  ["setState", "a".repeat(100_000), 1],
  ["setState", "\u0000", 1],
  ["setState", "x", { val: { a: [] }, ack: 1, ts: "x", q: -1 }],
  ["setState", "x", { val: 1, ts: 1e308 }],
  ["setState", "x", { val: 1, lc: -1e308, q: 1e300 }],
  ["setState", "__proto__", 1],
  ["setState", "constructor.prototype", 1],
  ["getState", []],
  ["getStates", { a: 1 }],
  ["getStates", [null, {}, []]],
  ["getStates", "*".repeat(10_000)],
  ["getForeignStates", `${"*a".repeat(100)}`],
  ["subscribe", [[[["*"]]]]],
  ["subscribe", { length: 5 }],
  ["subscribe", "*a".repeat(120)],
  ["unsubscribe", 5],
  ["getObject", true],
  ["getObjects", "x"],
  ["getObjects", [1]],
  ["setObject", "x"],
  ["setObject", "x", []],
  ["setObject", "x", { type: 5, common: "x", native: [] }],
  ["setObject", "system.config", { common: null }],
  ["getHistory", {}, {}],
  ["getHistory", "x", { start: {}, end: [] }],
  ["getHistory", "x", { start: -1e308, end: 1e308, count: 1e308 }],
  ["getHistory", "x", { aggregate: {} }],
  ["getHistory", "x", 5],
  ["name", { a: 1 }],
  ["authenticate", "x", "y", "z"],
  ["httpGet", ["http://localhost"]],
  ["delObject", [5, {}]],
  ["clientSubscribe", [null, "x"]],
  ["__proto__"],
  [""],
];

describe("promise 9: what is malformed costs its sender an error, and nobody else anything", { timeout: 60_000 }, () => {
  test("promise 9: requests that are no HTTP, or bad HTTP", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t) });
    const other = await bystander(t, hub);
    const answers = await Promise.all(requests.map((x) => exchange(t, hub.port, Buffer.from(x, "latin1"))));
    answers.forEach((answer, i) => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
      if (status) assert.match(status, /^(101|2|4)/, `${JSON.stringify(requests[i].slice(0, 100))} got ${status}`);
    });
    await Promise.all(Array.from({ length: 50 }, (_, i) => exchange(t, hub.port, randomBytes(10 * (i + 1)))));
    await other.check();
  });

  test("promise 9: WebSocket frames that no client may send", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t) });
    const other = await bystander(t, hub);
    for (const [what, bytes] of Object.entries(frames)) {
      const { socket, has, closed } = dial(t, hub.port);
      socket.write(handshake);
      await has('"maxPayload"');
      socket.write(Buffer.from(bytes));
      assert.ok((await closed).length > 0, what);
    }
    await Promise.all(Array.from({ length: 50 }, (_, i) => exchange(t, hub.port, Buffer.concat([Buffer.from(handshake), randomBytes(20 * i)]))));
    await other.check();
  });

  test("promise 9: packets, over WebSocket and in the bodies of POSTs", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t) });
    const other = await bystander(t, hub);
    for (const packet of packets) {
      const socket = await openWebSocket(t, hub.port);
      socket.send("40");
      socket.send(packet);
      socket.send('421["getVersion"]');
      socket.socket.close();
      await socket.ended;
      const polling = await openPolling(hub.port);
      assert.equal((await polling.post("40")).status, 200);
      const { status } = await polling.post(packet);
      assert.ok(status === 200 || status === 400, `${status} for ${packet.toString().slice(0, 50)}`);
      await request(hub.port, polling.target, { method: "DELETE" });
    }
    const { status } = await request(hub.port, engine);
    assert.equal(status, 200);
    await other.check();
  });

  test("promise 9: a message in very many fragments costs no more than one in few", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t) });
    const other = await bystander(t, hub);
    const fragment = (first, byte) => [first, byte === undefined ? 0x80 : 0x81, 0, 0, 0, 0, ...(byte === undefined ? [] : [byte])];
    const many = (bytes) => Buffer.from(Array(200_000).fill(bytes).flat());
    const before = hub.child.memory();
    for (const bytes of [fragment(0, 0x20), fragment(0)]) {
      const { socket, has } = dial(t, hub.port);
      socket.write(handshake);
      await has('"maxPayload"');
      const text = (x) => Buffer.from([0x81, 0x80 | x.length, 0, 0, 0, 0, ...Buffer.from(x)]);
      socket.write(text("40"));
      await has('40{"sid"');
      socket.write(Buffer.from(fragment(0x01, 0x34)));
      for (let i = 0; i < 4; ++i)
        await new Promise((resolve) => socket.write(many(bytes), resolve));
      // The fragments were read: memory holds the message so far, which is below its limit.
      assert.ok(hub.child.memory() - before < 20e6, `${hub.child.memory() - before} bytes`);
      socket.destroy();
    }
    await other.check();
  });

  test("promise 9: commands with arguments of every wrong kind are answered", async (t) => {
    const hub = await startHub(t, { data: temporaryFolder(t) });
    const other = await bystander(t, hub);
    const socket = await connect(t, hub.url);
    for (const command of commands) {
      const answer = await new Promise((resolve) => {
        socket.emit(...command, (...x) => resolve(x));
        socket.once("disconnect", (reason) => resolve([`disconnected: ${reason}`]));
      });
      assert.doesNotMatch(String(answer[0]), /^disconnected/, JSON.stringify(command).slice(0, 100));
    }
    await other.check();
  });
});

// Engine.IO and Socket.IO by hand: what servers answer to each request and frame.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dial, engine, openPolling, request, upgrade } from "./support/http.mjs";
import { startServer } from "./support/programs.mjs";
import { openWebSocket, webSocketUrl } from "./support/wire.mjs";

const maxPayload = 1_000_000;
const unknownSession = { code: 1, message: "Session ID unknown" };
const badRequest = { code: 3, message: "Bad request" };

/** A WebSocket that has joined the main namespace. */
async function joined(t, port) {
  const x = await openWebSocket(t, port);
  await x.frame();
  x.send("40");
  assert.match(await x.frame(), /^40\{"sid":"[^"]{20}"\}$/);
  return x;
}

for (const workers of [1, 2])
  describe(`engine, ${workers} worker(s)`, { timeout: 60_000 }, () => {
    let server;
    let port;
    before(async () => {
      server = await startServer(null, "semantics", { workers });
      port = server.port;
    });
    after(() => server.stop());

    describe("handshake", () => {
      test("the open packet has exactly the five keys", async () => {
        const { open } = await openPolling(port);
        assert.match(open.sid, /^[A-Za-z0-9_-]{20}$/);
        delete open.sid;
        assert.deepEqual(open, { upgrades: ["websocket"], pingInterval: 25000, pingTimeout: 20000, maxPayload });
      });

      const refused = {
        "an unknown transport": ["/socket.io/?EIO=4&transport=abc", "GET", 400, { code: 0, message: "Transport unknown" }],
        "no transport": ["/socket.io/?EIO=4", "GET", 400, { code: 0, message: "Transport unknown" }],
        "an unknown session": [`${engine}&sid=abc`, "GET", 400, unknownSession],
        "a POST": [engine, "POST", 400, { code: 2, message: "Bad handshake method" }],
        "a WebSocket that does not ask for an upgrade": ["/socket.io/?EIO=4&transport=websocket", "GET", 400, badRequest],
        "an old protocol": [
          "/socket.io/?EIO=3&transport=polling",
          "GET",
          400,
          { code: 5, message: "Unsupported protocol version" },
        ],
      };
      for (const [what, [target, method, status, body]] of Object.entries(refused))
        test(`${what} is refused`, async () => {
          const answer = await request(port, target, { method });
          assert.equal(answer.status, status);
          assert.deepEqual(JSON.parse(answer.body), body);
        });

      test("an upgrade for an unknown session is refused before it is made", async () => {
        assert.equal((await upgrade(port, "/socket.io/?EIO=4&transport=websocket&sid=abc")).status, 400);
      });

      test("other paths are not found", async () => {
        for (const target of ["/", "/socket.io?EIO=4&transport=polling", "/nothing"])
          assert.equal((await request(port, target)).status, 404, target);
      });
    });

    describe("polling", () => {
      test("an answer has the headers that clients expect", async () => {
        const session = await openPolling(port);
        const posted = await session.post("40");
        assert.deepEqual([posted.status, posted.body, posted.headers["content-type"]], [200, "ok", "text/html"]);
        const got = await session.get();
        assert.match(got.body, /^40\{"sid"/);
        assert.equal(got.headers["content-type"], "text/plain; charset=UTF-8");
        assert.equal(got.headers["cache-control"], "no-store");
      });

      test("binary travels as base64", async () => {
        const session = await openPolling(port);
        await session.post('40\x1e451-0["echo",{"_placeholder":true,"num":0}]\x1ebAQID');
        const packets = [];
        while (packets.length < 3) packets.push(...(await session.get()).body.split("\x1e"));
        assert.deepEqual(packets.slice(1), ['461-0[{"_placeholder":true,"num":0}]', "bAQID"]);
      });

      test("a second GET is refused and ends the session", async () => {
        const session = await openPolling(port);
        const both = await Promise.all([session.get(), session.get()]);
        assert.deepEqual(both.map(({ status, body }) => `${status} ${body}`).sort(), ["200 1", "400 "]);
        assert.deepEqual(JSON.parse((await session.get()).body), unknownSession);
      });

      test("a GET that its client drops ends the session", async (t) => {
        const session = await openPolling(port);
        const { socket } = dial(t, port);
        socket.write(`GET ${session.target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
        // The answer to a request that came later on the same worker tells that the GET is held.
        await session.post("3");
        socket.destroy();
        for (;;) {
          const { status, body } = await session.post("3");
          if (status === 200) continue;
          assert.deepEqual(JSON.parse(body), unknownSession);
          break;
        }
      });

      test("a body of maxPayload is taken, one byte more is a 413 and the session stays", async () => {
        const session = await openPolling(port);
        const body = (bytes) => `40\x1e42["back","${"x".repeat(bytes - '40_42["back",""]'.length)}"]`;
        assert.equal((await session.post(body(maxPayload))).status, 200);
        const tooLarge = await session.post("x".repeat(maxPayload + 1));
        assert.deepEqual([tooLarge.status, tooLarge.body], [413, ""]);
        const chunked = await session.post("x".repeat(maxPayload + 1), { "Transfer-Encoding": "chunked" });
        assert.equal(chunked.status, 413);
        assert.equal((await session.post("3")).status, 200);
      });

      for (const [what, body] of Object.entries({
        "no packet": "abc",
        "an empty body": "",
        "an empty last packet": "40\x1e",
        "an unknown type": "8",
        "a ping": "2",
      }))
        test(`${what} is answered "ok", and ends the session`, async () => {
          const session = await openPolling(port);
          const { status, body: answer } = await session.post(body);
          assert.deepEqual([status, answer], [200, "ok"]);
          assert.deepEqual(JSON.parse((await session.get()).body), unknownSession);
        });

      test("octet-stream is refused, and ends the session", async () => {
        const session = await openPolling(port);
        assert.equal((await session.post("40", { "Content-Type": "application/octet-stream" })).status, 400);
        assert.deepEqual(JSON.parse((await session.post("40")).body), unknownSession);
      });

      test("other methods get a 500, and the session stays", async () => {
        const session = await openPolling(port);
        for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"])
          assert.equal((await request(port, session.target, { method })).status, 500, method);
        assert.equal((await session.post("3")).status, 200);
      });

      test("a client that closes gets a noop on its GET, and is forgotten", async () => {
        const session = await openPolling(port);
        const held = session.get();
        assert.equal((await session.post("1")).body, "ok");
        assert.equal((await held).body, "6");
        assert.deepEqual(JSON.parse((await session.get()).body), unknownSession);
      });

      test("two sessions on one connection, pipelined, are answered in order", async (t) => {
        const [a, b] = [await openPolling(port), await openPolling(port)];
        const { socket, closed } = dial(t, port);
        const post = ({ target }, more = "") =>
          `POST ${target} HTTP/1.1\r\nHost: localhost\r\n${more}Content-Length: 2\r\n\r\n40`;
        const get = ({ target }, more = "") => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
        socket.write(post(a) + get(a) + post(b) + get(b, "Connection: close\r\n"));
        const answers = (await closed).toString().split(/HTTP\/1\.1 /).slice(1);
        assert.deepEqual(
          answers.map((x) => x.split("\r\n\r\n")[1].slice(0, 2)),
          ["ok", "40", "ok", "40"],
        );
      });
    });

    describe("WebSocket", () => {
      for (const [what, frame] of Object.entries({
        "no packet": "abc",
        "an empty frame": "",
        "an unknown type": "7",
        "a ping": "2",
        "a probe on an established session": "2probe",
      }))
        test(`${what} closes it without a code`, async (t) => {
          const x = await openWebSocket(t, port);
          x.send(frame);
          assert.equal(await x.ended, 1005);
        });

      test("unsolicited pongs, noops and upgrades are ignored", async (t) => {
        const x = await joined(t, port);
        for (const frame of ["3", "6", "5"]) x.send(frame);
        x.send('420["echo",1]');
        assert.equal(await x.frame(), "430[1]");
      });

      test("a message of maxPayload is taken, one byte more closes with 1009", async (t) => {
        const x = await joined(t, port);
        const text = `421["echo","${"x".repeat(maxPayload - '421["echo",""]'.length)}"]`;
        x.send(text);
        assert.equal((await x.frame()).length, maxPayload - '"echo",'.length);
        x.send(`${text}x`);
        assert.equal(await x.ended, 1009);
      });

      test("text that is no UTF-8 closes with 1007", async (t) => {
        const x = await openWebSocket(t, port);
        x.socket.send(Buffer.from([0x34, 0xc0, 0xaf]), { binary: false });
        assert.equal(await x.ended, 1007);
      });

      test("the close code of the client comes back, and its pings are answered", async (t) => {
        const x = await openWebSocket(t, port);
        const pong = new Promise((resolve) => x.socket.once("pong", resolve));
        x.socket.ping("hi");
        assert.equal((await pong).toString(), "hi");
        x.socket.close(4321);
        assert.equal(await x.ended, 4321);
      });
    });

    describe("upgrade", () => {
      const probe = async (t, session) =>
        await openWebSocket(t, port, `${webSocketUrl(port)}&sid=${session.open.sid}`);

      test("a probe is answered, noops free the GET, and the session goes on over the WebSocket", async (t) => {
        const session = await openPolling(port);
        const held = session.get();
        const x = await probe(t, session);
        x.send("2probe");
        assert.equal(await x.frame(), "3probe");
        assert.equal((await held).body, "6");
        x.send("5");
        x.send("40");
        assert.match(await x.frame(), /^40/);
        for (const after of [await session.get(), await session.post("3")])
          assert.deepEqual(JSON.parse(after.body), badRequest);
      });

      test("another first frame closes only the WebSocket", async (t) => {
        const session = await openPolling(port);
        for (const frame of ["4x", "2other", "3probe", "2"]) {
          const x = await probe(t, session);
          x.send(frame);
          assert.equal(await x.ended, 1005);
        }
        assert.equal((await session.post("40")).status, 200);
      });

      test("a second WebSocket is closed, the first is undisturbed", async (t) => {
        const session = await openPolling(port);
        const first = await probe(t, session);
        first.send("2probe");
        assert.equal(await first.frame(), "3probe");
        const second = await probe(t, session);
        assert.equal(await second.ended, 1005);
        first.send("5");
        first.send("40");
        assert.match(await first.frame(), /^40/);
      });
    });

    describe("packets", () => {
      for (const frame of [
        "4",
        "47",
        "49",
        "40",
        "40[]",
        "44{}",
        "42[]",
        "42{}",
        '42"x"',
        "42[null]",
        '42["connect"]',
        '42["disconnecting"]',
        '42["x"',
        "43{}",
        '41["x"]',
        '42/unknown,["x"]',
        '45-["x",{"_placeholder":true,"num":0}]',
        '4511-["x",{"_placeholder":true,"num":0}]',
        '450-["x"]',
        `42["x",${"[".repeat(600)}${"]".repeat(600)}]`,
      ])
        test(`${frame.length < 50 ? frame : "too deep JSON"} closes the connection`, async (t) => {
          const x = await joined(t, port);
          x.send(frame);
          assert.equal(await x.ended, 1005);
        });

      test("attachments that are missing, too many or wrong close the connection", async (t) => {
        const header = '451-["echo",{"_placeholder":true,"num":0}]';
        const cases = [
          [Buffer.from("x")],
          [header, '42["echo"]'],
          [header, Buffer.from("x"), Buffer.from("y")],
          ['451-["echo",{"_placeholder":true,"num":1}]', Buffer.from("x")],
          ['451-["echo",{"_placeholder":true,"num":-1}]', Buffer.from("x")],
          ['451-["echo",{"_placeholder":true,"num":"0"}]', Buffer.from("x")],
        ];
        for (const frames of cases) {
          const x = await joined(t, port);
          for (const frame of frames) x.send(frame);
          assert.equal(await x.ended, 1005, JSON.stringify(frames));
        }
      });

      test("an unknown event, an unknown ack and a late ack are ignored", async (t) => {
        const x = await joined(t, port);
        for (const frame of ['42["nobody listens",1]', "4399[]", "430[1]", '42[5,"a number"]']) x.send(frame);
        x.send('427["echo"]');
        assert.equal(await x.frame(), "437[]");
      });

      test("an event before the namespace was joined closes the connection", async (t) => {
        const x = await openWebSocket(t, port);
        x.send('42["echo"]');
        assert.equal(await x.ended, 1005);
      });
    });
  });

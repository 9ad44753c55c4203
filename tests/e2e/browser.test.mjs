// Pages in a real browser, with the official client as the server serves it, and with one that polls by scripts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, test } from "node:test";
import { openPageOf, startBrowser, startOrigin } from "./support/browser.mjs";
import { connect, within } from "./support/clients.mjs";
import { clientFolder, startHub, startServer, temporaryFolder } from "./support/programs.mjs";

const startHubWithClient = (t, env = {}) =>
  startHub(t, { data: temporaryFolder(t), env: { SOCKETIO_CLIENT_FOLDER: clientFolder(), ...env } });

/** Loads the client that the server at `url` serves into a page. */
const loadClient = (page, url) => page.addScriptTag({ url: `${url}/socket.io/socket.io.js` });

// What follows runs in pages: the socket is `window.socket`.

/** Connects with the options; the text of the error if that fails. */
const connectPage = (page, url, options = {}) =>
  page.evaluate(
    ([to, how]) =>
      new Promise((resolve) => {
        window.socket = window.io(to, how);
        window.socket.once("connect", () => resolve("connected"));
        for (const failure of ["connect_error", "error"])
          window.socket.once(failure, (error) => resolve(error.message ?? error));
      }),
    [url, options],
  );

/** Emits, and waits for what it is answered with; bytes go and come as `{ bytes: [...] }`. */
const callPage = (page, ...command) =>
  page.evaluate(
    (args) =>
      new Promise((resolve) => {
        const pack = (x) => (x?.bytes ? new Uint8Array(x.bytes).buffer : x);
        const unpack = (x) => (x instanceof ArrayBuffer ? { bytes: [...new Uint8Array(x)] } : x);
        window.socket.emit(...args.map(pack), (...answer) => resolve(answer.map(unpack)));
      }),
    command,
  );

/** Keeps the events of a name, without their offsets, as `window.got`. */
const collectInPage = (page, name) =>
  page.evaluate((which) => {
    window.got = [];
    window.socket.on(which, (x) => window.got.push(x instanceof ArrayBuffer ? { bytes: [...new Uint8Array(x)] } : x));
  }, name);

/** What was kept, once it is so many. */
async function gotInPage(page, size) {
  await page.waitForFunction((n) => window.got.length >= n, size);
  return page.evaluate(() => window.got);
}

describe("a page in Chromium", { timeout: 120_000 }, () => {
  test("with the hub's client it connects by polling, upgrades, and gets answers", async (t) => {
    const { url } = await startHubWithClient(t);
    const page = await openPageOf(await startBrowser(t), url);
    await loadClient(page, url);
    assert.equal(await connectPage(page, url), "connected");
    await page.waitForFunction(() => window.socket.io.engine.transport.name === "websocket");
    // It is in, and on loopback nobody is asked for a token.
    assert.deepEqual(await callPage(page, "authenticate"), [true, false]);
  });

  test("promise 10: from another origin it gets in only if that is configured", async (t) => {
    const browser = await startBrowser(t);
    const [stranger, friend] = [await startOrigin(t), await startOrigin(t)];
    const { url } = await startHubWithClient(t, { ALLOWED_ORIGINS: friend });
    const knock = async (origin, transports) => {
      const page = await browser.newPage();
      await page.goto(origin);
      await loadClient(page, url);
      return connectPage(page, url, { transports, reconnection: false });
    };
    for (const transports of [["polling"], ["websocket"]]) {
      assert.equal(await knock(stranger, transports), `${transports[0] === "polling" ? "xhr poll" : "websocket"} error`);
      assert.equal(await knock(friend, transports), "connected");
    }
  });

  for (const transports of [["polling"], ["polling", "websocket"]])
    test(`promise 7: back from being offline it gets what it missed (${transports.at(-1)})`, async (t) => {
      const server = await startServer(t, "recovery", { client: clientFolder(), "ping-interval": 1000, "ping-timeout": 2000 });
      const browser = await startBrowser(t);
      const page = await openPageOf(browser, server.url);
      await loadClient(page, server.url);
      const how = { transports, reconnectionDelay: 20, reconnectionDelayMax: 50 };
      assert.equal(await connectPage(page, server.url, how), "connected");
      await page.waitForFunction((name) => window.socket.io.engine.transport.name === name, transports.at(-1));
      await collectInPage(page, "m");
      const other = await connect(t, server.url);
      await other.emitWithAck("all", { bytes: "no bytes" });
      await callPage(page, "direct", { bytes: [0, 1, 2, 255] });
      assert.deepEqual(await gotInPage(page, 2), [{ bytes: "no bytes" }, { bytes: [0, 1, 2, 255] }]);
      const [id] = await callPage(page, "who");

      await browser.setOffline(true);
      await page.waitForFunction(() => !window.socket.connected);
      await within(10_000, server.child.wrote(new RegExp(`gone ${id} (transport|ping timeout)`)), "noticing it");
      await other.emitWithAck("all", "missed");
      await other.emitWithAck("all", Buffer.from([7, 0]));
      await browser.setOffline(false);
      const got = await gotInPage(page, 4);
      assert.deepEqual(got.slice(2), ["missed", { bytes: [7, 0] }]);
      const [again, , , recovered] = await callPage(page, "who");
      assert.deepEqual([again, recovered], [id, true]);
    });
});

describe("a page that polls by scripts (socket.io-client 2.x)", { timeout: 120_000 }, () => {
  const dist = path.dirname(createRequire(import.meta.url).resolve("socket.io-client-2/package.json"));
  const client = readFileSync(path.join(dist, "dist", "socket.io.js"));

  test("JSONP: it is in, emits by forms, and is answered by scripts", async (t) => {
    const { url } = await startServer(t, "legacy");
    const page = await (await startBrowser(t)).newPage();
    const seen = [];
    page.on("request", (x) => {
      if (x.url().startsWith(url)) seen.push({ how: `${x.method()} ${x.resourceType()}`, j: /[?&]j=\d+/.test(x.url()), body: x.postData() ?? "" });
    });
    await page.goto(await startOrigin(t, { "/client.js": client }));
    await page.addScriptTag({ url: "/client.js" });
    assert.equal(await connectPage(page, url, { forceJSONP: true, transports: ["polling"] }), "connected");
    const odd = ["line\nbreak, no \\n break, \\\\n", "ü€😀", "\u2028\u2029", "</script>", "a=b&c+d%20"];
    assert.deepEqual(await callPage(page, "echo", ...odd), odd);
    assert.deepEqual(await callPage(page, "echo", { bytes: [0, 1, 2, 255] }), [{ bytes: [0, 1, 2, 255] }]);
    await page.evaluate(() => window.socket.on("question", (x, ack) => ack(`to ${x}`)));
    assert.deepEqual(await callPage(page, "ask", "it"), ["to it"]);
    await collectInPage(page, "heard");
    await callPage(page, "room", "all of you");
    assert.deepEqual(await gotInPage(page, 1), ["all of you"]);

    assert.ok(seen.every((x) => x.j), "each request names its callback");
    assert.deepEqual([...new Set(seen.map((x) => x.how))].sort(), ["GET script", "POST document"]);
    assert.ok(seen.every((x) => x.how.startsWith("GET") || x.body.startsWith("d=")));
  });

  test("JSONP: a namespace that refuses says why, and a kicked client knows", async (t) => {
    const { url } = await startServer(t, "legacy");
    const page = await (await startBrowser(t)).newPage();
    await page.goto(await startOrigin(t, { "/client.js": client }));
    await page.addScriptTag({ url: "/client.js" });
    const options = { forceJSONP: true, transports: ["polling"], reconnection: false };
    assert.equal(await connectPage(page, `${url}/guarded`, options), "nope");
    assert.equal(await connectPage(page, `${url}/custom`, { ...options, forceNew: true }), "connected");
    const left = page.evaluate(() => new Promise((resolve) => window.socket.once("disconnect", resolve)));
    await page.evaluate(() => window.socket.emit("kick"));
    assert.equal(await left, "io server disconnect");
  });
});

// HTTP requests whose every header is the test's own, and bytes that are no HTTP at all.
import http from "node:http";
import net from "node:net";
import { atEnd } from "./cleanup.mjs";

/** One request on a connection of its own. */
export function request(port, target, { method = "GET", headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const x = http.request({ port, host: "127.0.0.1", path: target, method, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: answer.statusCode, headers: answer.headers, bytes, body: bytes.toString() });
      });
    });
    x.on("error", reject);
    x.end(body);
  });
}

/** The samples of a page of metrics, by name and labels. */
export function samplesOf(page) {
  const samples = page.split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

/** An upgrade request; what the server answers when it refuses, `101` when it does not. */
export function upgrade(port, target, headers = {}) {
  const all = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const x = http.request({ port, host: "127.0.0.1", path: target, headers: all, agent: false });
    x.on("error", reject);
    x.on("response", (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode });
    });
    x.on("upgrade", (_, socket) => resolve({ status: 101, socket }));
    x.end();
  });
}

/** A bare connection; `bytes()` is what has come so far, `closed` settles at its end. */
export function dial(t, port) {
  const parts = [];
  const socket = net.connect(port, "127.0.0.1");
  socket.on("data", (part) => parts.push(part));
  socket.on("error", () => {}); // a reset is an end like any other
  atEnd(t, () => socket.destroy());
  const bytes = () => Buffer.concat(parts);
  return {
    socket,
    bytes,
    closed: new Promise((resolve) => socket.on("close", () => resolve(bytes()))),
    /** Waits until what has come contains a text. */
    async has(text) {
      while (!bytes().includes(text)) await new Promise((resolve) => socket.once("data", resolve));
    },
  };
}

/** Sends bytes and then nothing more, and gives what came until the server closed. */
export function exchange(t, port, bytes) {
  const { socket, closed } = dial(t, port);
  socket.end(bytes);
  return closed;
}

export const engine = "/socket.io/?EIO=4&transport=polling";

/** A polling session by hand. */
export async function openPolling(port, { prefix = engine, headers = {} } = {}) {
  const { body } = await request(port, prefix, { headers });
  const open = JSON.parse(body.slice(1));
  const target = `${prefix}&sid=${open.sid}`;
  return {
    open,
    target,
    get: () => request(port, target, { headers }),
    post: (body, more = {}) => request(port, target, { method: "POST", body, headers: { ...headers, ...more } }),
  };
}

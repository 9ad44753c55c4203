// Socket.IO over a bare WebSocket, for tests that count frames or need speed.
import WebSocket from "ws";
import { atEnd } from "./cleanup.mjs";

export const webSocketUrl = (port) => `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`;

/** A bare Engine.IO WebSocket that is open; `ended` settles with its close code. */
export async function openWebSocket(t, port, url = webSocketUrl(port), options = {}) {
  const socket = new WebSocket(url, options);
  atEnd(t, () => socket.terminate());
  socket.on("error", () => {}); // followed by a close
  const frames = [];
  const waiting = [];
  socket.on("message", (data, isBinary) => {
    const frame = isBinary ? data : data.toString();
    if (waiting.length > 0) waiting.shift()(frame);
    else frames.push(frame);
  });
  const ended = new Promise((resolve) => socket.on("close", (code) => resolve(code)));
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return {
    socket,
    ended,
    send: (frame) => socket.send(frame),
    /** The next frame. */
    frame: () => (frames.length > 0 ? Promise.resolve(frames.shift()) : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** A Socket.IO client in the main namespace. Calls `onEvent(name, ...args)`. */
export class WireClient {
  /** Settles when the connection has ended, whoever ended it. */
  ended;
  onEvent = () => {};
  #acks = new Map();
  #next = 0;

  static async connect(t, port) {
    const x = new WireClient();
    x.socket = new WebSocket(webSocketUrl(port), { perMessageDeflate: false });
    atEnd(t, () => x.socket.terminate());
    x.socket.on("error", () => {}); // followed by a close
    x.ended = new Promise((resolve) => x.socket.on("close", resolve));
    await new Promise((resolve, reject) => {
      x.socket.on("message", (data) => x.#take(data.toString(), resolve));
      x.socket.on("close", () => reject(new Error("closed before it was connected")));
    });
    return x;
  }

  emit(...args) {
    this.socket.send(`42${JSON.stringify(args)}`);
  }

  /** Emits and calls back with the acknowledgement's arguments. */
  ask(args, onAck) {
    this.#acks.set(this.#next, onAck);
    this.socket.send(`42${this.#next++}${JSON.stringify(args)}`);
  }

  /** The acknowledgement's arguments; rejects when the connection ends first. */
  request(...args) {
    return new Promise((resolve, reject) => {
      this.ask(args, resolve);
      this.ended.then(() => reject(new Error("the connection ended")));
    });
  }

  #take(text, connected) {
    switch (text.slice(0, 2)) {
      case "42":
        return this.onEvent(...JSON.parse(text.slice(2)));
      case "43": {
        const begin = text.indexOf("[");
        const id = Number(text.slice(2, begin));
        const onAck = this.#acks.get(id);
        this.#acks.delete(id);
        return onAck(JSON.parse(text.slice(begin)));
      }
      case "40":
        return connected();
      case "2":
        return this.socket.send("3");
      default:
        if (text[0] === "0") this.socket.send("40");
    }
  }
}

// A Socket.IO client over a bare TCP connection, so light that one process can hold thousands. It remembers
// its session as the official client does.
import net from "node:net";

const mask = Buffer.alloc(4);

function frame(text) {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, mask, payload]);
}

export class LightClient {
  #bytes = Buffer.alloc(0);
  #upgraded = false;

  /**
   * `session` is { pid, offset, … } of an earlier life, or {}; it is kept up to date. Calls
   * `on.connect(client, data)`, `on.event(client, args)` and `on.end(client, why)`.
   */
  constructor(session, { port, host = "127.0.0.1", localAddress }, on) {
    this.session = session;
    this.on = on;
    this.connected = false;
    this.socket = net.connect({ port, host, localAddress, noDelay: true });
    this.socket.on("connect", () =>
      this.socket.write(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n" +
          "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      ),
    );
    this.socket.on("data", (data) => this.#take(data));
    this.socket.on("error", () => {}); // followed by a close
    this.socket.on("close", () => this.#end("closed"));
  }

  send(text) {
    this.socket.write(frame(text));
  }

  emit(...args) {
    this.send(`42${JSON.stringify(args)}`);
  }

  kill() {
    this.socket.destroy();
  }

  #end(why) {
    if (this.ended) return;
    this.ended = why;
    this.socket.destroy();
    this.on.end(this, why);
  }

  #take(data) {
    this.#bytes = this.#bytes.length > 0 ? Buffer.concat([this.#bytes, data]) : data;
    if (!this.#upgraded) {
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!this.#bytes.subarray(0, 12).toString().endsWith("101")) return this.#end("refused");
      this.#upgraded = true;
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    while (!this.ended && this.#next());
  }

  /** Takes one frame; a server's are not masked. */
  #next() {
    const bytes = this.#bytes;
    if (bytes.length < 2) return false;
    let length = bytes[1] & 127;
    let head = 2;
    if (length === 126) {
      if (bytes.length < 4) return false;
      length = bytes.readUInt16BE(2);
      head = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return false;
      length = Number(bytes.readBigUInt64BE(2));
      head = 10;
    }
    if (bytes.length < head + length) return false;
    const text = bytes.subarray(head, head + length).toString();
    const kind = bytes[0] & 15;
    this.#bytes = bytes.subarray(head + length);
    if (kind === 1) this.#packet(text);
    else if (kind === 8) this.#end("closed by the server");
    return true;
  }

  #packet(text) {
    const { session } = this;
    switch (text.slice(0, 2)) {
      case "42": {
        const args = JSON.parse(text.slice(text.indexOf("[")));
        if (typeof args.at(-1) === "string") session.offset = args.at(-1);
        return this.on.event(this, args);
      }
      case "40": {
        const data = JSON.parse(text.slice(2));
        this.connected = true;
        this.recovered = data.pid === session.pid;
        session.pid = data.pid;
        session.sid = data.sid;
        return this.on.connect(this, data);
      }
      case "2":
        return this.send("3");
      default:
        if (text[0] !== "0") return;
        this.send(session.pid ? `40${JSON.stringify({ pid: session.pid, offset: session.offset })}` : "40");
    }
  }
}

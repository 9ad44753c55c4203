// What a server answers to the frames of a raw session, in a form that two servers can be compared by.
import http from "node:http";
import { WebSocket } from "ws";
import { atEnd } from "./cleanup.mjs";

const separator = "\x1e";
const syncId = 999;
const patience = 10_000;

/** Session and socket ids differ from one run to the next, and nothing else may. */
const withoutIds = (frame) =>
  typeof frame === "string" ? frame.replace(/"sid":"[A-Za-z0-9_-]{20}"/g, '"sid":"*"') : frame.toString("hex");

/** What came in so far, and a way to wait for more of it. */
class Log {
  frames = [];
  over = false;
  #seen = 0;
  #changed = () => {};

  add(frame) {
    this.frames.push(frame);
    this.#changed();
  }

  end(how) {
    if (this.over) return;
    this.over = true;
    this.add(how);
  }

  /** The match of the next frame that matches; null when the session ended without. */
  async match(pattern) {
    const late = Date.now() + patience;
    for (;;) {
      while (this.#seen >= this.frames.length) {
        if (this.over) return null;
        if (Date.now() > late) throw new Error(`no ${pattern} in ${JSON.stringify(this.frames)}`);
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, patience);
          this.#changed = () => (clearTimeout(timer), resolve());
        });
      }
      const frame = this.frames[this.#seen++];
      const found = typeof frame === "string" && pattern.exec(frame);
      if (found) return found;
    }
  }
}

function openWebSocket(t, port) {
  const log = new Log();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
  });
  atEnd(t, () => socket.terminate());
  socket.on("error", () => {}); // followed by a close
  socket.on("message", (data, isBinary) => log.add(isBinary ? data : data.toString()));
  socket.on("close", (code) => log.end(`closed ${code}`));
  return { log, send: async (frames) => frames.forEach((frame) => socket.send(frame)) };
}

function ask(agent, port, method, sid, body) {
  const path = `/socket.io/?EIO=4&transport=polling${sid ? `&sid=${sid}` : ""}`;
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: "127.0.0.1", path, method, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode, body: Buffer.concat(parts).toString() }));
      answer.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

const decoded = (packet) => (packet[0] === "b" ? Buffer.from(packet.slice(1), "base64") : packet);
const encoded = (frame) => (typeof frame === "string" ? frame : `b${frame.toString("base64")}`);

function openPolling(t, port) {
  const log = new Log();
  const agents = [new http.Agent({ keepAlive: true }), new http.Agent({ keepAlive: true })];
  atEnd(t, () => agents.forEach((agent) => agent.destroy()));
  let sid;
  const poll = async () => {
    while (!log.over) {
      const { status, body } = await ask(agents[0], port, "GET", sid);
      if (status !== 200) return log.end(`GET ${status} ${body}`);
      sid ??= JSON.parse(body.slice(1)).sid;
      for (const packet of body.split(separator)) log.add(decoded(packet));
    }
  };
  poll().catch((error) => log.end(error.message));
  const send = (frames) => ask(agents[1], port, "POST", sid, frames.map(encoded).join(separator));
  return { log, send };
}

const openers = { websocket: openWebSocket, polling: openPolling };

/**
 * Plays a scenario and gives everything that came back, ids left out. A step is a frame to send, an array of
 * frames to send in one go, or `{ wait, reply }`: waits for a frame, and sends what `reply` makes of its match. A
 * CONNECT is sent alone and waits for its answer. The end is the answer to a last event in the namespace `sync`, or
 * that of the session.
 */
export async function play(t, port, transport, steps, sync = "/") {
  const { log, send } = openers[transport](t, port);
  await log.match(/^0\{/);
  for (const step of steps) {
    if (log.over) break;
    if (step.wait) {
      const found = await log.match(step.wait);
      if (found && step.reply) await send([step.reply(found)].flat());
    } else {
      await send([step].flat());
      if (typeof step === "string" && step.startsWith("40")) await log.match(/^4[04]/);
    }
  }
  const prefix = sync === "/" ? "" : `${sync},`;
  if (!log.over) await send([`42${prefix}${syncId}["echo","end"]`]);
  await log.match(new RegExp(`^43${prefix}${syncId}\\["end"\\]|^closed|^GET`));
  return log.frames.map(withoutIds);
}

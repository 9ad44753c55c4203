// How sessions live and end as the official client sees it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, next, within } from "./support/clients.mjs";
import { startServer } from "./support/programs.mjs";

const quick = { "ping-interval": 200, "ping-timeout": 200 };
const patience = 20_000;

for (const transport of ["polling", "websocket"]) {
  const transports = [transport];

  test(`a client ends by itself when its server falls silent (${transport})`, { timeout: 60_000 }, async (t) => {
    const server = await startServer(t, "semantics", quick);
    const socket = await connect(t, server.url, { transports });
    const ended = next(socket, "disconnect");
    process.kill(server.child.pid, "SIGSTOP");
    try {
      assert.equal((await within(patience, ended, "noticing"))[0], "ping timeout");
    } finally {
      process.kill(server.child.pid, "SIGCONT");
    }
  });

  test(`a client comes back to a server that was started again (${transport})`, { timeout: 60_000 }, async (t) => {
    const server = await startServer(t, "semantics");
    const socket = await connect(t, server.url, {
      transports,
      reconnection: true,
      reconnectionDelay: 10,
      reconnectionDelayMax: 50,
    });
    const ended = next(socket, "disconnect");
    await server.stop();
    await within(patience, ended, "ending");
    const back = next(socket, "connect");
    await startServer(t, "semantics", { port: server.port });
    await within(patience, back, "coming back");
    assert.deepEqual(await socket.emitWithAck("echo", 1), 1);
  });

  test(`who sends all the time is not taken for dead (${transport})`, { timeout: 60_000 }, async (t) => {
    const server = await startServer(t, "semantics", quick);
    const socket = await connect(t, server.url, { transports });
    let pings = 0;
    socket.io.on("ping", () => ++pings);
    const text = "x".repeat(1000);
    while (pings < 5) {
      const answers = [];
      for (let i = 0; i < 200; ++i) answers.push(socket.emitWithAck("echo", text));
      await within(patience, Promise.all(answers), "answering");
    }
    assert.ok(socket.connected);
  });
}

// A process full of clients that subscribe to one state whose values count up, and check that they see each value
// once and in order. Talks with the test by messages: gets { sessions, where, spread, forever }, sends { connected }
// when a client has joined, { seen: [[client, session], …] } and { wrong } when a value was lost, doubled or late.
import { LightClient } from "./light.mjs";

const retry = 100;
const reportEvery = 50;

process.on("disconnect", () => process.exit());

process.on("message", ({ sessions, where, id, spread, forever }) => {
  const changed = new Set();

  const run = (session, i, began) => {
    const start = (after) =>
      setTimeout(() => {
        began ??= Date.now();
        new LightClient(session, where, handlers);
      }, after);
    const handlers = {
      connect(client) {
        const known = session.last !== undefined;
        if (known && !client.recovered) process.send({ wrong: `client ${i} was not recovered` });
        process.send({ connected: i, waited: Date.now() - began });
        began = undefined;
        if (!known) client.send(`420${JSON.stringify(["subscribe", id])}`);
        changed.add(i);
      },
      event(_, [name, , { val }]) {
        if (name !== "stateChange") return;
        if (session.last !== undefined && val !== session.last + 1)
          process.send({ wrong: `client ${i} got ${val} after ${session.last}` });
        session.last = val;
        changed.add(i);
      },
      end(client) {
        if (!client.connected && began !== undefined) start(retry);
        else if (forever) start(Math.random() * spread);
        else process.send({ wrong: `client ${i} was disconnected` });
      },
    };
    start(Math.random() * spread);
  };
  sessions.forEach((session, i) => run(session, i));

  setInterval(() => {
    if (changed.size === 0) return;
    process.send({ seen: [...changed].map((i) => [i, sessions[i]]) });
    changed.clear();
  }, reportEvery);
});

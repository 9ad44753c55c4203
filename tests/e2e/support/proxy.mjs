// A bad network: passes TCP connections on to a port, each piece up to `delay` ms late in each direction, and every
// second cuts a share of them. Every other cut is seen by the client only: the server's side just falls silent.
import net from "node:net";

const silence = 20_000;

process.on("disconnect", () => process.exit());

process.on("message", ({ port, delay, share }) => {
  const pairs = new Set();
  let cuts = 0;

  const pass = (pair, from, to) => {
    const late = []; // [when, data]; in order, whatever timers do
    const write = () => {
      while (late.length > 0 && late[0][0] <= Date.now()) {
        const [, data] = late.shift();
        if (pair.open) to.write(data);
      }
      if (late.length > 0) setTimeout(write, Math.max(1, late[0][0] - Date.now()));
    };
    from.on("data", (data) => {
      const before = late.length > 0 ? late.at(-1)[0] : 0;
      if (late.push([Math.max(before, Date.now() + Math.random() * delay), data]) === 1)
        setTimeout(write, late[0][0] - Date.now());
    });
    from.on("error", () => {}); // followed by a close
    from.on("close", () => {
      pair.open = false;
      pairs.delete(pair);
      if (!pair.silent) to.destroy();
    });
  };

  const server = net.createServer({ noDelay: true }, (client) => {
    const pair = { client, open: true };
    pair.server = net.connect({ port, host: "127.0.0.1", noDelay: true });
    pairs.add(pair);
    pass(pair, client, pair.server);
    pass(pair, pair.server, client);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => process.send({ port: server.address().port }));

  setInterval(() => {
    for (const pair of pairs) {
      if (Math.random() >= share) continue;
      pair.silent = cuts++ % 2 === 0;
      pair.client.destroy();
      if (pair.silent) setTimeout(() => pair.server.destroy(), silence);
    }
    process.send({ cuts });
  }, 1000);
});

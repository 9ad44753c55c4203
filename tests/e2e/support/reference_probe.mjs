// What servers/probe.cpp does, with Node's socket.io: the two are compared byte for byte.
import { createServer } from "node:http";
import { Server } from "socket.io";

function serveProbe(nsp) {
  nsp.on("connection", (socket) => {
    // The acknowledgement, when there is one, is the last argument.
    const split = (args) => (typeof args.at(-1) === "function" ? [args.slice(0, -1), args.at(-1)] : [args]);

    socket.on("echo", (...all) => {
      const [args, ack] = split(all);
      if (ack) ack(...args);
      else socket.emit("echo", ...args);
    });
    socket.on("join", (room) => socket.join(room));
    socket.on("data", (more) => Object.assign(socket.data, more));
    socket.on("kick", () => socket.disconnect());
    socket.on("kickall", () => socket.disconnect(true));
    socket.on("emitack", (...all) => socket.emit("q", ...split(all)[0], (...back) => socket.emit("acked", ...back)));
    socket.on("timeoutack", (...all) =>
      socket.timeout(50).emit("q", ...split(all)[0], (error, ...back) =>
        socket.emit("acked", error && error.message, ...back)),
    );
    socket.on("multi", () => {
      socket.emit("m1");
      socket.emit("m2", Buffer.from([1, 2]));
      socket.emit("m3");
    });
    socket.on("bcast", (...all) => nsp.emit("b", ...split(all)[0]));
    socket.on("broom", (room, ...all) => nsp.to(room).emit("b", ...split(all)[0]));
    socket.on("vol", () => {
      socket.volatile.emit("v", 1);
      socket.volatile.emit("v", 2);
    });
    socket.on("ackbin", (ack) => ack?.(Buffer.from([9, 8])));
    socket.on("doubleack", (ack) => {
      ack?.(1);
      ack?.(2);
    });
  });
}

/** Starts it on a free port; `options` are those of the server. */
export async function startReferenceProbe(options = {}) {
  const http = createServer();
  const io = new Server(http, options);
  for (const name of ["/", "/custom", "/auth"]) serveProbe(io.of(name));
  io.of("/auth").use(({ handshake: { auth } }, next) => {
    if (auth.token === "ok") return next();
    next(Object.assign(new Error("nope"), auth.data === undefined ? {} : { data: { code: 42 } }));
  });
  io.of(/^\/dyn-\d+$/).on("connection", (socket) => socket.emit("hi", socket.nsp.name));
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { port: http.address().port, stop: () => io.close() };
}

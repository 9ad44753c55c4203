// Node's socket.io, answering what tests/e2e/servers/load answers: node socketio.mjs [--port N]
import { parseArgs } from "node:util";
import { Server } from "socket.io";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
const io = new Server();

io.on("connection", (socket) => {
  socket.on("echo", (x, ack) => ack(x));
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("bcast", (room, x) => io.to(room).emit("msg", x));
});

io.listen(Number(values.port));
io.httpServer.on("listening", () => console.log(`listening on ${io.httpServer.address().port}`));

// The client of chat.cpp: node chat.cjs ROOM NAME [URL]. Each line that you type is said in the room.
const { createInterface } = require("node:readline");
const { io } = require("socket.io-client");

const [room, name, url = "http://127.0.0.1:3000"] = process.argv.slice(2);
if (!name) {
  console.error("usage: node chat.cjs ROOM NAME [URL]");
  process.exit(2);
}

const socket = io(url);
// Also after the connection was lost and came back: rooms belong to a connection.
socket.on("connect", async () => {
  const { members, error } = await socket.emitWithAck("join", room, name);
  console.log(error ?? `in ${room}: ${members.sort().join(", ")}`);
});
socket.on("joined", (who) => console.log(`* ${who} joined`));
socket.on("left", (who) => console.log(`* ${who} left`));
socket.on("said", (who, text) => console.log(`${who}: ${text}`));
socket.on("disconnect", (reason) => console.log(`* disconnected: ${reason}`));

const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  if (!(await socket.emitWithAck("say", line))) console.log("* you are in no room");
});
lines.on("close", () => socket.disconnect());

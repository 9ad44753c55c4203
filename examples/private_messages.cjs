// The client of private_messages.cpp: node private_messages.cjs NAME PASSWORD [URL]. Type "WHOM TEXT".
const { createInterface } = require("node:readline");
const { io } = require("socket.io-client");

const [name, password, url = "http://127.0.0.1:3000"] = process.argv.slice(2);
if (!password) {
  console.error("usage: node private_messages.cjs NAME PASSWORD [URL]");
  process.exit(2);
}

const socket = io(url, { auth: { name, password } });
socket.on("connect", () => console.log(socket.recovered ? "* back" : `* you are ${name}`));
socket.on("connect_error", (error) => {
  console.log(`* refused: ${error.message}`);
  if (error.data) process.exit(1); // the server said no; anything else is tried again
});
socket.on("message", ({ from, text }, taken) => {
  console.log(`${from}: ${text}`);
  taken();
});
socket.on("sent", ({ to, text }) => console.log(`(from another of your windows, to ${to}) ${text}`));

const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const space = line.indexOf(" ");
  const whom = line.slice(0, space);
  const taken = await socket.emitWithAck("message", whom, line.slice(space + 1));
  console.log(taken > 0 ? `* ${whom} has it` : `* ${whom} is not there`);
});
lines.on("close", () => socket.disconnect());

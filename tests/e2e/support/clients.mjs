// The official Socket.IO client, with promises.
import { io } from "socket.io-client";
import { atEnd } from "./cleanup.mjs";

/** A client that connects when it is told to, and leaves after the test. */
export function client(t, url, options = {}) {
  const socket = io(url, { forceNew: true, reconnection: false, autoConnect: false, ...options });
  atEnd(t, () => socket.disconnect());
  return socket;
}

/** A client that is connected. */
export async function connect(t, url, options = {}) {
  const socket = client(t, url, options);
  const connected = new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  socket.connect();
  await connected;
  return socket;
}

/** The arguments of the next event of this name for which `wanted` holds. */
export function next(emitter, name, wanted = () => true) {
  return new Promise((resolve) => {
    const listen = (...args) => {
      if (!wanted(...args)) return;
      emitter.off(name, listen);
      resolve(args);
    };
    emitter.on(name, listen);
  });
}

/** All events of a name from now on, as an array that grows. */
export function collect(emitter, name) {
  const all = [];
  emitter.on(name, (...args) => all.push(args));
  return all;
}

/** The arguments with which the hub answers a command. */
export function call(socket, ...command) {
  return new Promise((resolve) => socket.emit(...command, (...answer) => resolve(answer)));
}

/** Waits until a state has a value: adapters bring theirs just after the hub is ready. */
export async function present(socket, id) {
  const change = next(socket, "stateChange", (x) => x === id);
  await call(socket, "subscribe", id);
  const [, now] = await call(socket, "getState", id);
  if (now === null) await change;
  await call(socket, "unsubscribe", id);
}

/** Fails when a promise takes longer; the time is a bound, never waited for. */
export async function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

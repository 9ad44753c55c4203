// The same raw frames to our probe and to the same program on Node's socket.io: the answers are equal byte for
// byte, but for session ids.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startServer } from "./support/programs.mjs";
import { play } from "./support/raw_sessions.mjs";
import { startReferenceProbe } from "./support/reference_probe.mjs";

const bytes = Buffer.from([0, 1, 127, 128, 255]);
const placeholder = (num) => `{"_placeholder":true,"num":${num}}`;
const question = /^42(?:\/\w+,)?(\d+)\["q"/;
const binaryQuestion = /^45\d+-(?:\/\w+,)?(\d+)\["q"/;

/** What the reference does with packets of one tick depends on how it read them: this ends the tick. */
const roundTrip = ['4277["echo"]', { wait: /^4377\[/ }];

/** Steps after the main namespace was joined. */
const joined = {
  "echo without an ack": ['42["echo",1,"two",{"a":[null,true]}]', '42["echo"]'],
  "echo with an ack": ['427["echo",1,"two",{"a":[null,true]}]', '420["echo"]', '4212345678901["echo",1]'],
  "echo of binary": [
    [`452-["echo",${placeholder(0)},{"deep":[${placeholder(1)}]}]`, bytes, Buffer.from("second")],
    [`451-9["echo",${placeholder(0)},1]`, bytes],
  ],
  "echo of binary in another order, and twice": [
    [`452-1["echo",${placeholder(1)},${placeholder(0)},${placeholder(1)}]`, bytes, Buffer.from("second")],
  ],
  "echo of empty binary": [[`451-["echo",${placeholder(0)}]`, Buffer.alloc(0)]],
  "numbers as JSON.stringify writes them": [
    '421["echo",1.0,-0,1e3,1.5e300,1e21,123456789012345680000,0.1,1e-7,5e-324,-1.5,1E400]',
  ],
  "texts as JSON.stringify writes them": [
    '421["echo","äöü € 😀","\\u0041\\u000a\\u001f\\u007f","\\/\\"\\\\","\\u2028","\u2028"]',
  ],
  "keys as JSON.stringify orders them": ['421["echo",{"b":1,"10":2,"a":3,"2":4,"__proto__":5,"":6,"b":7}]'],
  "a placeholder in plain data": [`421["echo",${placeholder(0)}]`],
  "an event whose name is a number": ["42[1,2]", "421[1,2]"],
  "names of Object.prototype": ['42["__proto__",1]', '42["constructor",1]', '42["toString",1]', '421["hasOwnProperty"]'],
  "ordinary names that look reserved": ['42["error",1]', '42["message",1]', '42["connection",1]'],
  "an event that nobody listens to": ['42["nobody",1]', '421["nobody",1]'],
  "several packets in one payload": [['42["echo",1]', '421["echo",2]', '42["echo",3]']],
  "m1, m2 with bytes, m3": ['42["multi"]'],
  "bytes as acknowledgement": ['423["ackbin"]', '42["ackbin"]'],
  "two acknowledgements": ['423["doubleack"]', '42["doubleack"]'],
  "an emit that wants an acknowledgement": [
    '42["emitack",1,{"a":2}]',
    { wait: question, reply: ([, id]) => `43${id}["yes",{"b":3}]` },
    { wait: /"acked"/ },
  ],
  "an acknowledgement without arguments": [
    '42["emitack"]',
    { wait: question, reply: ([, id]) => `43${id}[]` },
    { wait: /"acked"/ },
  ],
  "an emit of bytes that is acknowledged with bytes": [
    [`451-["emitack",${placeholder(0)}]`, bytes],
    { wait: binaryQuestion, reply: ([, id]) => [`461-${id}[${placeholder(0)}]`, bytes] },
    { wait: /"acked"/ },
  ],
  "an acknowledgement of nothing, and one that comes twice": [
    '4399["x"]',
    '42["emitack"]',
    { wait: question, reply: ([, id]) => [`43${id}[1]`, `43${id}[2]`] },
    { wait: /"acked"/ },
  ],
  "a timeout": ['42["timeoutack",1]', { wait: /"acked"/ }],
  "a timeout that is acknowledged in time": [
    '42["timeoutack","x"]',
    { wait: question, reply: ([, id]) => `43${id}[1,"two"]` },
    { wait: /"acked"/ },
  ],
  "rooms": [
    ['42["join","r1"]', '42["join","r2"]', '42["join","r1"]', '42["broom","r1",1]', '42["broom","nobody",2]'],
    { wait: /"b",1/ },
  ],
  "a broadcast": ['42["bcast",1,"two"]', { wait: /"b",1/ }],
  "a broadcast of bytes": [[`451-["bcast",${placeholder(0)}]`, bytes], { wait: /"b"/ }],
  "data": ['42["data",{"a":1}]'],
  "leaving and joining again": [
    "40/custom,", "41/custom,", ...roundTrip, "40/custom,", '42/custom,5["echo",1]', { wait: /^43\/custom,5/ },
  ],
  "leaving, then an event": ["40/custom,", "41/custom,", ...roundTrip, '42/custom,["echo"]'],
  "kick": ['42["kick"]', { wait: /^41/ }, "40"],
  "kickall": ['42["kickall"]'],
  "kickall with two namespaces": ["40/custom,", '42["kickall"]'],
  "a second CONNECT": ["40"],
  "a second namespace": ["40/custom,", '42/custom,5["echo",1]', '42/custom,["echo",1]'],
  "leaving one of two namespaces": ["40/custom,", "41/custom,", '421["echo"]'],
  "an event for a namespace that was not joined": ['42/custom,["echo"]'],
  "an unknown namespace": ["40/unknown,"],
};

/** What no server may take, after the main namespace was joined. */
const malformed = [
  "4", "49", "4a", "47", "4-1", "44", '44{"message":"x"}', "40[]", "40null", '40"x"', "42[]", "42{}", '42"x"', "42null", "42[null]",
  "42[true]", "42[{}]", "42[[]]", '42["echo"', '42["echo",]', "42[echo]", '42["connect"]', '42["connect_error"]',
  '42["disconnect"]', '42["disconnecting"]', '42["newListener"]', '42["removeListener"]', "43{}", '43"x"', "43null",
  '41"x"', "41[]", "45", "46", "45[]", '45-["echo"]', '451["echo"]', '450-["echo"]', '451-', '4511-["echo"]', '45-1-["echo"]',
  '45a-["echo"]', '451-["connect"]', '42["echo","\\ud8"]', '42["echo",01]', "42['echo']", '42["echo"]x', '42abc["echo"]',
  '42-1["echo"]',
];

/** From the open packet on. */
const raw = {
  "CONNECT": { steps: ["40"] },
  "CONNECT with auth": { steps: ['40{"token":"x","a":[1]}'] },
  "CONNECT with an empty name, and with a comma": { steps: ["40/,"] },
  "CONNECT with an id": { steps: ['407{"a":1}'] },
  "CONNECT to another namespace only": { steps: ["40/custom,"], sync: "/custom" },
  "CONNECT without the comma": { steps: ["40/custom"], sync: "/custom" },
  "CONNECT to an unknown namespace": { steps: ["40/unknown,", "40"] },
  "CONNECT with a query": { steps: ["40/custom?a=1,", "40"] },
  "CONNECT that a middleware refuses": { steps: ["40/auth,", '40/auth,{"token":"bad"}'], sync: "/auth" },
  "CONNECT that is refused with data": { steps: ['40/auth,{"data":1}', "40"] },
  "CONNECT that a middleware lets pass": { steps: ['40/auth,{"token":"ok"}'], sync: "/auth" },
  "CONNECT again after a refusal": {
    steps: ["40/auth,", '40/auth,{"token":"ok"}', '42/auth,["multi"]'],
    sync: "/auth",
  },
  "a dynamic namespace": { steps: ["40/dyn-1,", { wait: /"hi"/ }, "40"] },
  "two dynamic namespaces": { steps: ["40/dyn-2,", { wait: /"hi"/ }, "40/dyn-33,", { wait: /"hi","\/dyn-33"/ }, "40"] },
  "no dynamic namespace": { steps: ["40/dyn-x,", "40/dyn-,", "40/x/dyn-1,", "40/dyn-1x,", "40"] },
  "a dynamic namespace, left and joined again": {
    steps: ["40", "40/dyn-1,", { wait: /"hi"/ }, "41/dyn-1,", ...roundTrip, "40/dyn-1,", { wait: /"hi"/ }],
  },
  "an event before CONNECT": { steps: ['42["echo"]'] },
  "an ack before CONNECT": { steps: ["430[]"] },
  "DISCONNECT before CONNECT": { steps: ["41"] },
  "binary before CONNECT": { steps: [bytes] },
  "no Socket.IO at all": { steps: ["4abc"] },
  "no Engine.IO at all": { steps: ["abc"] },
  "a ping that only servers send": { steps: ["2"] },
  // The reference leaves a WebSocket open until its ping timeout; we close it.
  "an Engine.IO close": { steps: ["40", "1"], only: "polling" },
  "kick, and what the client had sent by then": {
    steps: ["40", "40/custom,", ['42/custom,["kick"]', '42/custom,["echo"]'], { wait: /^41\/custom/ }],
    only: "polling",
  },
};

const binaryErrors = {
  "binary without a header": [bytes],
  "text in place of an attachment": [`451-["echo",${placeholder(0)}]`, '42["echo"]'],
  "a placeholder without its attachment": [[`451-["echo",${placeholder(1)}]`, bytes]],
  "a placeholder that is below 0": [[`451-["echo",${placeholder(-1)}]`, bytes]],
  "a placeholder that is a text": [[`451-["echo",${placeholder('"0"')}]`, bytes]],
  "eleven attachments": ['4511-["echo"]'],
};

const scenarios = { ...raw };
const afterJoin = (steps) => ({ steps: ["40", ...steps] });
for (const [name, steps] of Object.entries({ ...joined, ...binaryErrors })) scenarios[name] = afterJoin(steps);
for (const text of malformed) scenarios[`malformed: ${text}`] = afterJoin([text]);

for (const workers of [1, 2])
  describe(`as Node's socket.io, ${workers} worker(s)`, { timeout: 120_000 }, () => {
    let ours, reference;
    before(async () => {
      ours = await startServer(null, "probe", { workers });
      reference = await startReferenceProbe();
    });
    after(async () => {
      await reference.stop();
      await ours.stop();
    });

    for (const transport of ["websocket", "polling"])
      for (const [name, { steps, sync, only = transport }] of Object.entries(scenarios)) {
        if (only !== transport) continue;
        test(`${name} (${transport})`, async (t) => {
          const [expected, got] = await Promise.all(
            [reference, ours].map(({ port }) => play(t, port, transport, steps, sync)),
          );
          assert.deepEqual(got, expected);
        });
      }

    test("a broadcast to a room reaches its members and nobody else", async (t) => {
      const heard = async ({ port }) => {
        const member = play(t, port, "websocket", ["40", '42["join","others"]', { wait: /"b",1/ }, { wait: /"b",2/ }]);
        const stranger = play(t, port, "polling", ["40", { wait: /"b",2/ }]);
        let done = false;
        const all = Promise.all([member, stranger]).finally(() => (done = true));
        // Nobody knows when both are there, so it is said until they have heard it.
        while (!done) await play(t, port, "websocket", ["40", ['42["broom","others",1]', '42["bcast",2]']]);
        return (await all).map((frames) => [...new Set(frames.filter((x) => x.includes('"b"')))].sort());
      };
      const [expected, got] = await Promise.all([reference, ours].map(heard));
      for (const one of [expected, got]) assert.deepEqual(one, [['42["b",1]', '42["b",2]'], ['42["b",2]']]);
    });

    test("of two volatile events in a row, the first arrives (websocket)", async (t) => {
      const steps = afterJoin(['42["vol"]', { wait: /"v"/ }]).steps;
      const [expected, got] = await Promise.all([reference, ours].map(({ port }) => play(t, port, "websocket", steps)));
      assert.deepEqual(got, expected);
      assert.deepEqual(got.filter((x) => x.includes('"v"')), ['42["v",1]']);
    });
  });

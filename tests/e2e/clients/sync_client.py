"""A Socket.IO client of another make, blocking: sync_client.py URL TRANSPORT. The server is e2e_semantics."""

import queue
import sys

import socketio

url, transport = sys.argv[1:]
client = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=0.5, randomization_factor=0)
heard = queue.Queue()
connected = queue.Queue()
client.on("connect", lambda: connected.put(client.sid))
client.on("heard", heard.put)
client.on("back", lambda *args: heard.put(args))
client.on("question", lambda question: ("an answer to", question))


def check(got, wanted):
    assert got == wanted, f"{got!r} is not {wanted!r}"


client.connect(url, transports=[transport])
first = connected.get(timeout=10)
check(client.transport(), transport)

# Events and acknowledgements, both ways.
check(client.call("echo", ("text", 1, {"a": [None, True, "ü€😀"]})), ("text", 1, {"a": [None, True, "ü€😀"]}))
check(client.call("ask", ("a question", 5000)), (None, "an answer to", "a question"))
client.emit("back", ("one", 2))
check(heard.get(timeout=10), ("one", 2))

# Binary.
blob = bytes(range(256))
check(client.call("echo", blob), blob)
check(client.call("echo", ({"in": [blob, b"more"]}, blob)), ({"in": [blob, b"more"]}, blob))
client.emit("back", (blob, "and text"))
check(heard.get(timeout=10), (blob, "and text"))

# Rooms.
client.call("join", ["a room"])
client.call("to", (["a room"], "for the room"))
check(heard.get(timeout=10), "for the room")
client.call("leave", ["a room"])
client.call("to", (["a room"], "for nobody"))
client.call("join", ["a room"])
client.call("to", (["a room"], "for the room again"))
check(heard.get(timeout=10), "for the room again")

# The server goes and comes back.
print("ready", flush=True)
assert connected.get(timeout=30) != first
check(client.call("echo", "still here"), "still here")
print("back", flush=True)
client.disconnect()

"""A Socket.IO client of another make, with asyncio: asyncio_client.py URL TRANSPORT. The server is e2e_semantics."""

import asyncio
import sys

import socketio

url, transport = sys.argv[1:]


def check(got, wanted):
    assert got == wanted, f"{got!r} is not {wanted!r}"


async def main():
    client = socketio.AsyncClient(reconnection_delay=0.1, reconnection_delay_max=0.5, randomization_factor=0)
    heard = asyncio.Queue()
    connected = asyncio.Queue()

    async def next_of(events, seconds=10):
        return await asyncio.wait_for(events.get(), seconds)

    async def on_question(question):
        return "an answer to", question

    client.on("connect", lambda: connected.put_nowait(client.sid))
    client.on("heard", heard.put_nowait)
    client.on("back", lambda *args: heard.put_nowait(args))
    client.on("question", on_question)
    await client.connect(url, transports=[transport])
    first = await next_of(connected)
    check(client.transport(), transport)

    # Events and acknowledgements, both ways.
    check(await client.call("echo", ("text", 1, {"a": [None, True, "ü€😀"]})), ("text", 1, {"a": [None, True, "ü€😀"]}))
    check(await client.call("ask", ("a question", 5000)), (None, "an answer to", "a question"))
    await client.emit("back", ("one", 2))
    check(await next_of(heard), ("one", 2))

    # Binary.
    blob = bytes(range(256))
    check(await client.call("echo", blob), blob)
    check(await client.call("echo", ({"in": [blob, b"more"]}, blob)), ({"in": [blob, b"more"]}, blob))
    await client.emit("back", (blob, "and text"))
    check(await next_of(heard), (blob, "and text"))

    # Rooms.
    await client.call("join", ["a room"])
    await client.call("to", (["a room"], "for the room"))
    check(await next_of(heard), "for the room")
    await client.call("leave", ["a room"])
    await client.call("to", (["a room"], "for nobody"))
    await client.call("join", ["a room"])
    await client.call("to", (["a room"], "for the room again"))
    check(await next_of(heard), "for the room again")

    # The server goes and comes back.
    print("ready", flush=True)
    assert await next_of(connected, 30) != first
    check(await client.call("echo", "still here"), "still here")
    print("back", flush=True)
    await client.disconnect()


asyncio.run(main())

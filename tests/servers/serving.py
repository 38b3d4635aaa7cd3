"""A small HTTP/1.1 server for an ASGI application, faster than the ones that know all of HTTP.

A request is read whole before it is served, and its answer is written whole. An application that
puts `RESET` into the answer's start has the connection reset instead.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

RESET = {"type": "http.response.start", "status": 0, "headers": []}
"""What an application sends to have the connection reset."""

LARGEST_HEAD = 64 * 1024
_NO_BODY = (204, 304)


async def serve(app: App, listening: socket.socket) -> None:
    """Start the application, and serve it for ever."""
    await _start(app)
    server = await asyncio.start_server(
        lambda reader, writer: _connection(app, reader, writer), sock=listening, limit=LARGEST_HEAD
    )
    await server.serve_forever()


async def _start(app: App) -> None:
    """Go through the part of ASGI's lifespan that is before the first request."""
    ready = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if ready.is_set():
            await asyncio.Event().wait()
        return {"type": "lifespan.startup"}

    async def send(message: dict[str, Any]) -> None:
        ready.set()

    lifespan = asyncio.ensure_future(app({"type": "lifespan", "state": {}}, receive, send))
    started = asyncio.create_task(ready.wait())
    await asyncio.wait({lifespan, started}, return_when=asyncio.FIRST_COMPLETED)
    _kept.append(lifespan)


_kept: list["asyncio.Future[None]"] = []
"""What runs as long as the server does; the loop itself holds tasks only weakly."""


async def _connection(app: App, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while await _exchange(app, reader, writer):
            pass
    writer.close()


async def _exchange(app: App, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Serve one request; return whether the connection goes on."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].split(b"\r\n")
    method, target, _ = first.split(b" ", 2)
    headers = []
    for line in lines:
        name, _, value = line.partition(b":")
        headers.append((name.strip().lower(), value.strip()))
    named = dict(headers)
    if named.get(b"expect", b"").lower() == b"100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(int(named.get(b"content-length", 0)))
    path, _, query = target.partition(b"?")
    answer = _Answer(body)
    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.1", "version": "3.0"},
        "http_version": "1.1",
        "method": method.decode("ascii"),
        "scheme": "http",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": writer.get_extra_info("peername"),
        "server": writer.get_extra_info("sockname"),
        "state": {},
        "extensions": {},
    }
    await app(scope, answer.receive, answer.send)
    if not answer.status:
        writer.transport.abort()
        return False
    writer.write(answer.raw(with_body=method != b"HEAD"))
    await writer.drain()
    return named.get(b"connection", b"").lower() != b"close"


class _Answer:
    """What an application says to one request."""

    def __init__(self, body: bytes) -> None:
        self.asked = body
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.parts: list[bytes] = []

    async def receive(self) -> dict[str, Any]:
        """Give the body once, and then nothing more."""
        body, self.asked = self.asked, b""
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        else:
            self.parts.append(message.get("body", b""))

    def raw(self, *, with_body: bool) -> bytes:
        """Return the answer as it goes over the wire."""
        body = b"".join(self.parts)
        lines = [b"HTTP/1.1 %d -" % self.status]
        lines += [b"%s: %s" % (bytes(name), bytes(value)) for name, value in self.headers]
        if self.status not in _NO_BODY and not any(
            name.lower() == b"content-length" for name, _ in self.headers
        ):
            lines.append(b"content-length: %d" % len(body))
        head = b"\r\n".join(lines) + b"\r\n\r\n"
        return head + body if with_body and self.status not in _NO_BODY else head

"""ministack, asked from inside its own process, as one of the providers."""

import asyncio
import re
from collections import defaultdict
from typing import Any
from urllib.parse import quote

from tests.servers.faults import error_body
from tests.servers.guard import Guard
from tests.servers.providers import ignored, target_conditions, without_etags
from tests.servers.requests import Request
from tests.servers.serving import App, Receive, Scope, Send

_SUMS = re.compile(rb"content-(md5|length)|x-amz-checksum|x-amz-sdk")


class Ministack:
    """Does what is asked under the conditions that a provider minds."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def do(
        self, request: Request, scope: Scope, body: bytes, send: Send, provider: str, guard: Guard
    ) -> None:
        """Serve a request as *provider* would, while *guard* looks on."""
        headers = [
            # The one region of R2 is called so.
            (name, value.replace(b"/auto/s3/", b"/us-east-1/s3/") if provider == "r2" else value)
            for name, value in scope["headers"]
            if not ignored(provider, request, name)
        ]
        if provider != "aws" and request.kind == "DeleteObjects":
            body = without_etags(body)
            headers = [(name, value) for name, value in headers if not _SUMS.match(name)]
            headers.append((b"content-length", b"%d" % len(body)))
        scope = {**scope, "headers": headers}
        if not request.key or scope["method"] in {"GET", "HEAD"}:
            await self._act(request, scope, body, send, guard)
            return
        async with self.locks[f"{request.bucket}/{request.key}"]:
            if await self._holds(request, scope, provider):
                await self._act(request, scope, body, send, guard)
            else:
                words = "At least one of the pre-conditions you specified did not hold"
                await answer(send, 412, error_body("PreconditionFailed", words))

    async def _act(
        self, request: Request, scope: Scope, body: bytes, send: Send, guard: Guard
    ) -> None:
        keys = guard.keys_of(request, body)
        await self.app(scope, gives(body), send)
        for key in keys:
            status, _, content = await self._ask(scope, "GET", f"/{request.bucket}/{key}")
            guard.saw(key, content if status == 200 else None, request.kind)

    async def _holds(self, request: Request, scope: Scope, provider: str) -> bool:
        """Tell whether the conditions on the target of a copy hold."""
        absent, match = target_conditions(provider, request)
        if not absent and not match:
            return True
        status, headers, _ = await self._ask(scope, "HEAD", scope["path"])
        etag = headers.get(b"etag", b"").strip(b'"') if status == 200 else None
        if match and (etag is None or match.strip(b'"') != etag):
            return False
        return absent != b"*" or etag is None

    async def _ask(
        self, scope: Scope, method: str, path: str
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """Return status, headers and body of what an object's key answers with."""
        started: dict[str, Any] = {}
        parts: list[bytes] = []

        async def keep(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            parts.append(message.get("body", b""))

        kept = [(k, v) for k, v in scope["headers"] if k in {b"host", b"authorization"}]
        asked = {
            **scope,
            "method": method,
            "headers": kept,
            "query_string": b"",
            "path": path,
            "raw_path": quote(path).encode(),
        }
        await self.app(asked, gives(b""), keep)
        found: dict[bytes, bytes] = {name.lower(): value for name, value in started["headers"]}
        return started["status"], found, b"".join(parts)


def gives(body: bytes) -> Receive:
    """Return what an application reads a request's body from."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def drops(message: dict[str, Any]) -> None:
    """Take an answer that the client is not to see."""


async def answer(send: Send, status: int, body: bytes, kind: bytes = b"application/xml") -> None:
    """Answer a request."""
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

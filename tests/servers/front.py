"""A program: ministack as an S3 server that minds conditions as its provider does, and fails.

Runs in the environment of the servers. Prints the port it listens on, then serves until it is
killed. Below `/_control` it is told what to do: see `Control`.
"""

import asyncio
import json
import os
import re
import socket
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import unquote

from tests.servers.faults import ANSWERS, Fault, error_body
from tests.servers.providers import PROVIDERS, ignored, refused, target_conditions, without_etags
from tests.servers.requests import Request, request_of
from tests.servers.serving import RESET, App, Receive, Scope, Send, serve


class Control:
    """What a test has ordered, and what it can ask.

    `POST /_control/reset` forgets everything; `/_control/order` takes a JSON object with any of
    `provider`, `keys` and `faults`; `GET /_control/state` gives counts and peaks by
    operation, and `/_control/held` waits for the next request that is held.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Be a faultless AWS that knows the key `test`, and let go what is held."""
        self.provider, self.keys = PROVIDERS[0], ["test"]
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter()
        self.now: Counter[str] = Counter()
        self.peaks: dict[str, int] = {}
        self.held = asyncio.Event()
        getattr(self, "go_on", asyncio.Event()).set()
        self.go_on = asyncio.Event()

    async def asked(self, path: str, body: bytes) -> dict[str, Any]:
        """Do what is ordered; answer with the state."""
        if path == "reset":
            self.reset()
        elif path == "order":
            order = json.loads(body)
            self.provider = order.get("provider", self.provider)
            self.keys = order.get("keys", self.keys)
            self.faults += [Fault(**fault) for fault in order.get("faults", [])]
        elif path == "held":
            await self.held.wait()
        return {"counts": self.counts, "peaks": self.peaks, "held": self.held.is_set()}

    def refusal(self, request: Request) -> tuple[int, bytes] | None:
        """Return what a provider answers to a key it does not know, or to what it has not."""
        signed = request.headers.get(b"authorization", b"").decode()
        found = re.search(r"Credential=([^/]+)/", signed)
        if found is None:
            return 403, error_body("AccessDenied", "Access Denied")
        if found[1] not in self.keys:
            words = "The AWS Access Key Id you provided does not exist in our records."
            return 403, error_body("InvalidAccessKeyId", words)
        missing = refused(self.provider, request)
        if missing is not None:
            return 501, error_body("NotImplemented", f"{missing} not implemented")
        return None


class Front:
    """An ASGI application around ministack's."""

    def __init__(self, app: App, control: Control) -> None:
        self.app, self.control = app, control
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = unquote(scope["raw_path"].decode("ascii"), errors="surrogateescape")
        if path.startswith("/_control/"):
            state = await self.control.asked(path.removeprefix("/_control/"), await _body(receive))
            await _answer(send, 200, json.dumps(state).encode(), b"application/json")
            return
        request = request_of(scope["method"], path, scope["query_string"], scope["headers"])
        control = self.control
        control.counts[request.kind] += 1
        control.now[request.kind] += 1
        control.peaks[request.kind] = max(
            control.peaks.get(request.kind, 0), control.now[request.kind]
        )
        try:
            await self._serve(request, scope, receive, send)
        finally:
            control.now[request.kind] -= 1

    async def _serve(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self.control.refusal(request)
        if refusal is not None:
            await _answer(send, *refusal)
            return
        fault = None
        for one in self.control.faults:
            if fault is None and one.meets(request.kind, request.key):
                if one.act == "latency":
                    await asyncio.sleep(one.seconds)
                else:
                    fault = one
        if fault is None:
            await self._work(request, scope, receive, send)
            return
        body = await _body(receive)
        if fault.after:
            await self._work(request, scope, _gives(body), _drops)
        if fault.act == "hold":
            go_on = self.control.go_on
            self.control.held.set()
            await go_on.wait()
        if fault.act in {"hold", "reset"}:
            await send(RESET)
        elif fault.act == "denied" and request.kind == "DeleteObjects":
            await _answer(send, 200, _denials(body))
        else:
            status, code, words = ANSWERS[fault.act]
            await _answer(send, status, error_body(code, words))

    async def _work(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        """Have ministack do it, under the conditions that the provider minds."""
        provider = self.control.provider
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if not ignored(provider, request, name.lower())
        ]
        if provider == "r2":  # its one region is called so
            headers = [
                (name, value.replace(b"/auto/s3/", b"/us-east-1/s3/")) for name, value in headers
            ]
        if provider != "aws" and request.kind == "DeleteObjects":
            body = without_etags(await _body(receive))
            receive = _gives(body)
            headers = [
                (name, value)
                for name, value in headers
                if not re.match(rb"content-(md5|length)|x-amz-checksum|x-amz-sdk", name.lower())
            ] + [(b"content-length", b"%d" % len(body))]
        scope = {**scope, "headers": headers}
        if not request.key or scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        async with self.locks[f"{request.bucket}/{request.key}"]:
            absent, match = target_conditions(provider, request)
            if absent or match:
                etag = await self._etag(scope)
                if (absent == b"*" and etag is not None) or (
                    match and (etag is None or match.strip(b'"') != etag)
                ):
                    words = "At least one of the pre-conditions you specified did not hold"
                    await _answer(send, 412, error_body("PreconditionFailed", words))
                    return
            await self.app(scope, receive, send)

    async def _etag(self, scope: Scope) -> bytes | None:
        """Return the ETag of what stands at the target, None where nothing does."""
        started: dict[str, Any] = {}

        async def keep(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                started.update(message)

        kept = [(k, v) for k, v in scope["headers"] if k in {b"host", b"authorization"}]
        asked = {**scope, "method": "HEAD", "headers": kept, "query_string": b""}
        await self.app(asked, _gives(b""), keep)
        found: dict[bytes, bytes] = {name.lower(): value for name, value in started["headers"]}
        etag: bytes = found.get(b"etag", b"").strip(b'"')
        return etag if started["status"] == 200 else None


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _gives(body: bytes) -> Receive:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _drops(message: dict[str, Any]) -> None:
    """Take an answer that the client is not to see."""


async def _answer(send: Send, status: int, body: bytes, kind: bytes = b"application/xml") -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _denials(body: bytes) -> bytes:
    """Answer a DeleteObjects as AWS does where none of the keys may be deleted."""
    errors = b"".join(
        b"<Error>%s<Code>AccessDenied</Code><Message>Access Denied</Message></Error>" % key
        for key in re.findall(rb"<Key>.*?</Key>", body, re.DOTALL)
    )
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult>%s</DeleteResult>' % errors


async def main() -> None:
    """Listen on a free port of this machine, say which, and serve."""
    os.environ.update(SERVICES="s3", LOG_LEVEL="ERROR", BIND_HOST="127.0.0.1")
    from ministack.app import app

    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    print(listening.getsockname()[1], flush=True)
    await serve(Front(app, Control()), listening)


if __name__ == "__main__":
    asyncio.run(main())

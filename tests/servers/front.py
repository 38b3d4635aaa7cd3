"""A program: ministack as an S3 server that minds conditions as its provider does, and fails.

Runs in the environment of the servers. Prints the port it listens on, then serves until it is
killed. Below `/_control` it is told what to do: see `Control`.
"""

import asyncio
import json
import os
import re
import socket
from collections import Counter
from typing import Any
from urllib.parse import unquote

from tests.servers.faults import ANSWERS, Fault, error_body
from tests.servers.guard import Guard, keys_in
from tests.servers.inside import Ministack, answer, drops
from tests.servers.providers import PROVIDERS, refused
from tests.servers.requests import Request, request_of
from tests.servers.serving import RESET, App, Receive, Scope, Send, serve


class Control:
    """What a test has ordered, and what it can ask.

    `POST /_control/reset` forgets all but the guard, `/_control/calm` only faults;
    `/_control/order` takes an object with any of `provider`, `keys`, `faults` and `guard`;
    `/_control/state` gives counts and peaks by operation, and `/_control/held` waits for the next
    request that is held.
    """

    def __init__(self) -> None:
        self.guard = Guard()
        self.go_on = asyncio.Event()
        self.reset()

    def reset(self) -> None:
        """Be a faultless AWS that knows the key `test`, and let go what is held."""
        self.provider, self.keys = PROVIDERS[0], ["test"]
        self.counts: Counter[str] = Counter()
        self.now: Counter[str] = Counter()
        self.peaks: dict[str, int] = {}
        self.calm()

    def calm(self) -> None:
        """Have no faults any more, and let go what is held."""
        self.faults: list[Fault] = []
        self.held = asyncio.Event()
        self.go_on.set()
        self.go_on = asyncio.Event()

    async def asked(self, path: str, body: bytes) -> dict[str, Any]:
        """Do what is ordered; answer with the state."""
        if path == "reset":
            self.reset()
        elif path == "calm":
            self.calm()
        elif path == "order":
            order = json.loads(body)
            self.provider = order.get("provider", self.provider)
            self.keys = order.get("keys", self.keys)
            if "guard" in order:
                self.guard = Guard(**order["guard"])
            self.faults += [Fault(**fault) for fault in order.get("faults", [])]
        elif path == "held":
            await self.held.wait()
        return {"counts": self.counts, "peaks": self.peaks, "lost": self.guard.lost}

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
    """The ASGI application: counts, fails as ordered, and else has ministack do it."""

    def __init__(self, app: App, control: Control) -> None:
        self.ministack, self.control = Ministack(app), control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.ministack.app(scope, receive, send)
            return
        path = unquote(scope["raw_path"].decode("ascii"), errors="surrogateescape")
        body = (await receive())["body"]
        if path.startswith("/_control/"):
            state = await self.control.asked(path.removeprefix("/_control/"), body)
            await answer(send, 200, json.dumps(state).encode(), b"application/json")
            return
        request = request_of(scope["method"], path, scope["query_string"], scope["headers"])
        counts, now, peaks = self.control.counts, self.control.now, self.control.peaks
        counts[request.kind] += 1
        now[request.kind] += 1
        peaks[request.kind] = max(peaks.get(request.kind, 0), now[request.kind])
        try:
            await self._serve(request, scope, body, send)
        finally:
            now[request.kind] -= 1

    async def _serve(self, request: Request, scope: Scope, body: bytes, send: Send) -> None:
        control = self.control
        refusal = control.refusal(request)
        if refusal is not None:
            await answer(send, *refusal)
            return
        fault = None
        key = "\n".join(keys_in(body)) if request.kind == "DeleteObjects" else request.key
        for one in control.faults:
            if fault is None and one.meets(request.kind, key):
                if one.act == "latency":
                    await asyncio.sleep(one.seconds)
                else:
                    fault = one
        if fault is None or fault.after:
            sends = send if fault is None else drops
            await self.ministack.do(request, scope, body, sends, control.provider, control.guard)
        if fault is not None:
            await self._fail(fault, request, body, send)

    async def _fail(self, fault: Fault, request: Request, body: bytes, send: Send) -> None:
        if fault.act == "hold":
            go_on = self.control.go_on
            self.control.held.set()
            await go_on.wait()
        if fault.act in {"hold", "reset"}:
            await send(RESET)
        elif fault.act == "denied" and request.kind == "DeleteObjects":
            await answer(send, 200, _denials(body))
        else:
            status, code, words = ANSWERS[fault.act]
            await answer(send, status, error_body(code, words))


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

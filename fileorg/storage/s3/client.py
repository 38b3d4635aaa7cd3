"""One bucket to ask: requests signed, tried again, counted, and their answers made sense of."""

import hashlib
import random
import time
from collections.abc import Collection, Mapping
from threading import Event
from typing import NamedTuple

from fileorg.errors import StorageUnavailableError
from fileorg.storage.s3 import failures
from fileorg.storage.s3.connections import Connections, NoAnswerError
from fileorg.storage.s3.documents import Fault, fault
from fileorg.storage.s3.endpoints import Endpoint
from fileorg.storage.s3.pace import Pace
from fileorg.storage.s3.session import Keys
from fileorg.storage.s3.signing import NOTHING, query_string, signed
from fileorg.storage.s3.usage import Usage
from fileorg.storage.s3.wire import Answer

MOST_AT_ONCE = 32
_TRIES, _TRIES_AT_FIRST = 8, 3
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 10.0
_GOOD = 300
_SAYS_200_TOO_SOON = frozenset({"CopyObject", "UploadPartCopy", "CompleteMultipartUpload"})
_TAKES_LONG = _SAYS_200_TOO_SOON
_SECONDS, _LONG_SECONDS = 60.0, 600.0


class Reply(NamedTuple):
    """A final answer. *fault* is the error it is; *unsure*: an earlier try had no answer at all."""

    status: int
    headers: dict[str, str]
    body: bytes
    fault: Fault | None
    unsure: bool

    @property
    def code(self) -> str:
        """The code of the error; empty where it is none."""
        return self.fault.code if self.fault else ""


class Bucket:
    """Asks for one bucket. All of it may be used by many threads at once."""

    def __init__(
        self,
        endpoint: Endpoint,
        name: str,
        *,
        at_once: int = MOST_AT_ONCE,
        keys: Keys | None = None,
        usage: Usage | None = None,
    ) -> None:
        self.name = name
        self.keys = keys or Keys(endpoint.profile)
        self.usage = usage or Usage()
        self.pace = Pace(at_once)
        self._closing = Event()
        self._was_reached = False
        self._head_for(endpoint)

    @property
    def where(self) -> str:
        """The bucket and its server, for messages."""
        return f"{self.name} at {self._server.name}"

    def ask(
        self,
        kind: str,
        method: str,
        key: bytes | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Reply:
        """Ask until there is an answer that counts; `StorageUnavailableError` if there is none.

        *kind* is the operation as AWS names it.
        """
        target, asked = self.endpoint.target(self.name, key), query_string(query or {})
        given = dict(headers or {})
        unsure, tries = False, 0
        while True:
            tries += 1
            last = tries >= (_TRIES if self._was_reached else _TRIES_AT_FIRST)
            with self.pace.turn() as since:
                try:
                    answer = self._send(kind, method, target, asked, given, body)
                except NoAnswerError as error:
                    unsure = True
                    if last or _is_final(error.cause):
                        raise failures.unreachable(self.where, error.cause) from error
                    stale = error.stale
                else:
                    self._was_reached = True
                    found = self._fault(kind, answer)
                    if found is None:
                        self.pace.good()
                        return Reply(*answer, None, unsure)
                    if last or not failures.is_worth_a_retry(answer.status, found.code):
                        return Reply(*answer, found, unsure)
                    if failures.is_slow(answer.status, found.code):
                        self.pace.slow(since)
                    unsure = unsure or failures.may_be_done(answer.status)
                    stale = False
            self.usage.note_retry()
            if not stale:
                self._wait(tries)

    def done(
        self,
        kind: str,
        method: str,
        key: bytes | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        *,
        unless: Collection[str] = (),
    ) -> Reply:
        """Ask, and raise what the answer means if it is an error, but for the codes *unless*."""
        reply = self.ask(kind, method, key, query, headers, body)
        if reply.fault is not None and reply.code not in unless:
            raise self.error(kind, reply)
        return reply

    def error(self, kind: str, reply: Reply) -> Exception:
        """Return what an answer means as an error."""
        found = reply.fault or failures.of_status(reply.status)
        current = self.keys.current()
        message = failures.cleaned(found.message, (current.secret, current.token, current.key))
        code = failures.cleaned(found.code, (current.secret, current.token, current.key))
        return failures.translated(
            kind, self.where, reply.status, found._replace(code=code, message=message)
        )

    def move_to(self, region: str) -> None:
        """Ask in another region from now on."""
        self._connections.close()
        self._head_for(self.endpoint.in_region(region))

    def close(self) -> None:
        """Close every connection; nobody waits any more to try again."""
        self._closing.set()
        self._connections.close()
        self.usage.close()

    def _head_for(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._server = endpoint.server(self.name)
        self._connections = Connections(self._server, self.keys.trusted)

    def _send(
        self, kind: str, method: str, target: str, query: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        digest = hashlib.sha256(body).hexdigest() if body else NOTHING
        made = signed(
            method,
            target,
            query,
            {**headers, "host": self._server.name},
            digest,
            time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
            self.endpoint.region,
            self.keys.current(),
        )
        whole = f"{target}?{query}" if query else target
        seconds = _LONG_SECONDS if kind in _TAKES_LONG else _SECONDS
        received = 0
        try:
            answer = self._connections.ask(method, whole, made, body, seconds)
            received = len(answer.body)
        finally:
            self.usage.note(kind, len(body), received)
        return answer

    @staticmethod
    def _fault(kind: str, answer: Answer) -> Fault | None:
        """Return the error that an answer is, also one that says 200 and then thinks better."""
        if answer.status < _GOOD:
            return fault(answer.body) if kind in _SAYS_200_TOO_SOON else None
        found = fault(answer.body) or failures.of_status(answer.status)
        region = answer.headers.get("x-amz-bucket-region", "")
        return found._replace(region=found.region or region)

    def _wait(self, tries: int) -> None:
        most = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (tries - 1))
        if self._closing.wait(most * (0.5 + random.random() / 2)):
            raise StorageUnavailableError(f"{self.where}: closed while it was waited for")


def _is_final(cause: Exception) -> bool:
    """Whether trying again is of no use."""
    import ssl

    return isinstance(cause, ssl.SSLCertVerificationError)

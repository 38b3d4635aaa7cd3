"""HTTP/1.1 as little as S3 needs: one request is sent, and its answer read, strictly.

The standard library's reader takes headers for those of a mail, which costs more than all the rest.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fileorg.storage.s3.documents import LARGEST

_LARGEST_HEAD = 64 << 10
_PIECE = 64 << 10
_NO_BODY = frozenset({204, 304})
_END, _LINE = b"\r\n\r\n", b"\r\n"


class WireError(Exception):
    """What came back is no answer by the rules of HTTP, or was cut off."""


class Answer(NamedTuple):
    """What came back: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes


def request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Write a request; `WireError` for a header that would begin another."""
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method in {"PUT", "POST"}:
        lines.append(f"content-length: {len(body)}")
    head = "\r\n".join(lines)
    if not head.count("\r") == head.count("\n") == len(lines) - 1 or "\0" in head:
        raise WireError("a header of more than one line")
    return head.encode("latin-1") + _END + body


def answer(receive: Callable[[int], bytes], *, to_head: bool) -> tuple[Answer, bool]:
    """Read an answer from what *receive* gives; return whether the connection goes on after it.

    *to_head*: to a request of which the answer has no body. `WireError`, and what *receive* raises.
    """
    reader = _Reader(receive)
    version, status, headers = _head(reader.until(_END))
    while status < 200:  # noqa: PLR2004 - not yet the answer
        version, status, headers = _head(reader.until(_END))
    goes_on = version == b"HTTP/1.1" and headers.get("connection", "").lower() != "close"
    coding = headers.get("transfer-encoding")
    if to_head or status in _NO_BODY:
        body = b""
    elif coding is not None:
        if coding.lower() != "chunked" or "content-length" in headers:
            raise WireError(f"an answer in a coding that was not asked for: {coding[:40]!r}")
        body = _chunks(reader)
    elif "content-length" in headers:
        body = reader.exactly(_number(headers["content-length"], 10))
    else:
        body, goes_on = reader.rest(), False
    return Answer(status, headers, body), goes_on and reader.is_empty


def _head(raw: bytes) -> tuple[bytes, int, dict[str, str]]:
    first, *lines = raw.split(_LINE)
    version, _, rest = first.partition(b" ")
    if version not in {b"HTTP/1.1", b"HTTP/1.0"} or not rest[:3].isdigit() or len(rest[:3]) < 3:  # noqa: PLR2004
        raise WireError("an answer that is no HTTP")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name.strip() != name or not value.isprintable():
            _check(name, colon, value)
        key, held = name.lower(), value.strip()
        if key in headers:
            if key == "content-length" and headers[key] != held:
                raise WireError("an answer of two lengths")
            held = held if key == "content-length" else f"{headers[key]}, {held}"
        headers[key] = held
    return version, int(rest[:3]), headers


def _check(name: str, colon: str, value: str) -> None:
    """Raise `WireError` for a line that is no header; odd letters in its value are none of ours."""
    if not colon or not name or name.strip() != name or not set("\r\n\0").isdisjoint(value):
        raise WireError("an answer with a line that is no header")


def _chunks(reader: "_Reader") -> bytes:
    pieces, total = [], 0
    while True:
        length = _number(reader.until(_LINE).partition(b";")[0].decode("latin-1").strip(), 16)
        if not length:
            break
        total += length
        if total > LARGEST:
            raise WireError("an answer of more than 32 MiB")
        pieces.append(reader.exactly(length))
        if reader.until(_LINE):
            raise WireError("a chunk that is longer than it says")
    while reader.until(_LINE):  # what may follow the body
        pass
    return b"".join(pieces)


def _number(text: str, base: int) -> int:
    if not text.isalnum() or not text.isascii() or len(text) > 16:  # noqa: PLR2004
        raise WireError(f"a length that is none: {text[:40]!r}")
    try:
        return int(text, base)
    except ValueError:
        raise WireError(f"a length that is none: {text[:40]!r}") from None


class _Reader:
    """Takes what comes apart, as much at a time as there is."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._buffer = b""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come that was not asked for."""
        return not self._buffer

    def until(self, mark: bytes) -> bytes:
        """Return what comes before a mark, which is taken, too."""
        while (cut := self._buffer.find(mark)) < 0:
            if len(self._buffer) > _LARGEST_HEAD:
                raise WireError("headers without end")
            self._more()
        found, self._buffer = self._buffer[:cut], self._buffer[cut + len(mark) :]
        return found

    def exactly(self, length: int) -> bytes:
        """Return so many bytes."""
        if length > LARGEST:
            raise WireError("an answer of more than 32 MiB")
        pieces, missing = [self._buffer], length - len(self._buffer)
        while missing > 0:
            pieces.append(self._piece(missing))
            missing -= len(pieces[-1])
        whole = b"".join(pieces)
        self._buffer = whole[length:]
        return whole[:length]

    def rest(self) -> bytes:
        """Return all that comes until the end of the connection."""
        pieces, total, piece = [], 0, self._buffer or self._receive(_PIECE)
        while piece:
            total += len(piece)
            if total > LARGEST:
                raise WireError("an answer of more than 32 MiB")
            pieces.append(piece)
            piece = self._receive(_PIECE)
        self._buffer = b""
        return b"".join(pieces)

    def _more(self) -> None:
        self._buffer += self._piece(_PIECE)

    def _piece(self, most: int) -> bytes:
        found = self._receive(min(most, 1 << 20) if most > _PIECE else _PIECE)
        if not found:
            raise WireError("the connection ended in the middle of an answer")
        return found

"""HTTP: answers however they come apart, and none that is not one."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.storage.s3 import wire
from fileorg.storage.s3.wire import Answer, WireError, answer, request

OK = b"HTTP/1.1 200 OK\r\n"


def coming(raw: bytes, cuts: list[int] | None = None) -> Callable[[int], bytes]:
    """Give bytes as a connection does: in pieces that are cut anywhere, then nothing."""
    left = [raw]
    sizes = list(cuts or [])

    def receive(most: int) -> bytes:
        size = min(most, sizes.pop() if sizes else most)
        found, left[0] = left[0][:size], left[0][size:]
        return found

    return receive


BODIES = st.binary(max_size=50)


@given(BODIES, st.lists(st.integers(1, 20), max_size=40), st.sampled_from(["length", "chunked"]))
def test_an_answer_comes_in_any_pieces(body: bytes, cuts: list[int], kind: str) -> None:
    """Wherever it is cut, by length or in chunks, the answer is the same, and the next can come."""
    if kind == "length":
        raw = OK + b'Content-Length: %d\r\nETag: "1"\r\n\r\n' % len(body) + body
    else:
        chunks = [body[n : n + 7] for n in range(0, len(body), 7)]
        coded = b"".join(b"%x;x=1\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
        raw = OK + b'ETAG:"1"\r\nTransfer-Encoding: chunked\r\n\r\n' + coded + b"0\r\nx: y\r\n\r\n"

    found, goes_on = answer(coming(raw, cuts), to_head=False)

    assert (found.status, found.body, found.headers["etag"]) == (200, body, '"1"')
    assert goes_on


@given(BODIES, st.lists(st.integers(1, 20), max_size=20))
def test_an_answer_that_is_cut_off_is_none(body: bytes, cuts: list[int]) -> None:
    """However far it came."""
    raw = OK + b"content-length: %d\r\n\r\n" % (len(body) + 1) + body
    for end in range(len(raw)):
        with pytest.raises(WireError):
            answer(coming(raw[:end], list(cuts)), to_head=False)


@given(st.binary(max_size=120))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    """Whatever comes is an answer or refused."""
    for before in (b"", OK, OK + b"transfer-encoding: chunked\r\n\r\n"):
        try:
            found, _ = answer(coming(before + raw), to_head=False)
        except WireError:
            continue
        assert isinstance(found, Answer)


def test_what_has_no_body_is_read_without() -> None:
    """HEAD tells the length of what it does not send; 204 and 304 send nothing."""
    found, goes_on = answer(coming(OK + b"content-length: 9\r\n\r\n"), to_head=True)
    assert (found.body, found.headers["content-length"], goes_on) == (b"", "9", True)
    for status in (204, 304):
        raw = b"HTTP/1.1 %d x\r\n\r\n" % status
        assert answer(coming(raw), to_head=False) == (Answer(status, {}, b""), True)


def test_what_comes_before_the_answer_is_passed_over() -> None:
    """A server that says to go on, or that it is at work, has not answered yet."""
    raw = (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 x\r\n\r\n" + OK + b"content-length: 1\r\n\r\na"
    )
    assert answer(coming(raw), to_head=False)[0].body == b"a"


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"Connection: Close\r\ncontent-length: 1\r\n\r\na",
        b"HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\na",
        OK + b"content-length: 1\r\n\r\nab",
        OK + b"\r\na",
    ],
)
def test_a_connection_that_can_not_go_on_is_not_used_again(raw: bytes) -> None:
    """Where it is closed, ends the body by its end, or sent what nobody asked for."""
    found, goes_on = answer(coming(raw), to_head=False)

    assert found.body == b"a"
    assert not goes_on


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-x\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 20\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        OK + b"content-length: -1\r\n\r\n",
        OK + b"content-length: 1_0\r\n\r\n0123456789",
        OK + b"content-length: +1\r\n\r\na",
        OK + b"content-length: 1\r\ncontent-length: 2\r\n\r\nab",
        OK + b"content-length: 99999999999\r\n\r\n",
        OK + b"content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        OK + b"transfer-encoding: gzip\r\n\r\n",
        OK + b"transfer-encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        OK + b"transfer-encoding: chunked\r\n\r\nx\r\na\r\n0\r\n\r\n",
        OK + b"transfer-encoding: chunked\r\n\r\n" + b"f" * 15 + b"\r\na",
        OK + b"no colon\r\n\r\n",
        OK + b" folded: x\r\n\r\n",
        OK + b"space : x\r\n\r\n",
        OK + b": x\r\n\r\n",
        OK + b"a: b\nc: d\r\n\r\n",
        OK + b"a: b\rc\r\n\r\n",
        OK + b"a: b\0\r\n\r\n",
        OK + b"a: " + b"x" * 100_000,
    ],
)
def test_what_is_no_answer_is_refused(raw: bytes) -> None:
    """Nothing is guessed: a wrong guess would take the end of one answer for the next."""
    with pytest.raises(WireError):
        answer(coming(raw), to_head=False)


def test_an_answer_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By length, in chunks or until the end: there is a limit to what is read."""
    monkeypatch.setattr(wire, "LARGEST", 100)
    chunks = b"20\r\n" + b"x" * 32 + b"\r\n"
    for raw in (
        OK + b"content-length: 101\r\n\r\n" + b"x" * 101,
        OK + b"transfer-encoding: chunked\r\n\r\n" + chunks * 4 + b"0\r\n\r\n",
        OK + b"\r\n" + b"x" * 101,
    ):
        with pytest.raises(WireError, match="32 MiB"):
            answer(coming(raw), to_head=False)


def test_headers_are_read_as_they_are_written() -> None:
    """Names in any case, values trimmed, in bytes beyond ASCII as they came; doubles are joined."""
    raw = (
        OK
        + b"X-A:  b \r\nx-a: c\r\nX-M: \xc3\xa9\r\nContent-Length: 0\r\ncontent-length: 0\r\n\r\n"
    )
    found, _ = answer(coming(raw), to_head=False)

    assert found.headers == {"x-a": "b, c", "x-m": "\u00c3\u00a9", "content-length": "0"}
    assert found.headers["x-m"].encode("latin-1").decode() == "é"


def test_a_request_is_written_as_it_is_signed() -> None:
    """A body has a length, also an empty one that is put; odd bytes go out as they came."""
    assert request("GET", "/b", {"host": "h"}, b"") == b"GET /b HTTP/1.1\r\nhost: h\r\n\r\n"
    put = b"PUT /b HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n"
    assert request("PUT", "/b", {"host": "h"}, b"") == put
    sent = request("POST", "/", {"x": "\u00c3\u00a9"}, b"body")
    assert sent == b"POST / HTTP/1.1\r\nx: \xc3\xa9\r\ncontent-length: 4\r\n\r\nbody"


@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\nb", "a\rb", "a\0b"])
def test_no_header_begins_another(value: str) -> None:
    """What an object's metadata holds is one value, or is not sent."""
    with pytest.raises(WireError):
        request("PUT", "/", {"x-amz-meta-a": value}, b"")

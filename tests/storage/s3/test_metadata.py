"""What a copy is given, and that taking copies back gives exactly what was there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.storage.s3.documents import DocumentError
from fileorg.storage.s3.metadata import (
    COUNT,
    META,
    MTIME,
    Head,
    copied,
    directed,
    head_of,
    is_copy,
    is_dressed,
    nanoseconds,
    settings,
    tagging,
    written,
)

MD5 = "0123456789abcdef" * 2
METADATA = st.dictionaries(
    st.sampled_from([MTIME, f"{META}camera", f"{META}who"]), st.text("abc 1.", max_size=5)
)


def head(headers: dict[str, str] | None = None, etag: str = MD5, size: int = 7) -> Head:
    """Return an object that was written at 1,700,000,000."""
    return Head(size, 1_700_000_000, etag, headers or {})


@given(METADATA, st.integers(1, 5))
def test_copies_taken_back_leave_what_was_there(held: dict[str, str], times: int) -> None:
    """However often an object was copied: as many steps back, and its metadata is as it was."""
    now = held
    for _ in range(times):
        now = copied(head(now), restore=False)
        assert MTIME in now
    for _ in range(times):
        now = copied(head(now), restore=True)

    assert now == held


def test_a_copy_says_when_its_original_was_written() -> None:
    """The time is added where there is none, counted, and never written over."""
    assert copied(head(), restore=False) == {MTIME: "1700000000", COUNT: "1"}
    own = {MTIME: "12.5", f"{META}camera": "x100"}
    assert copied(head(own), restore=False) == own
    assert copied(head({MTIME: "1", COUNT: "1"}), restore=False) == {MTIME: "1", COUNT: "2"}
    assert copied(head({MTIME: "1", COUNT: "x"}), restore=True) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1700000000", 1_700_000_000_000_000_000),
        ("1700000000.123456789", 1_700_000_000_123_456_789),
        ("12.5", 12_500_000_000),
        ("-1.5", -1_500_000_000),
        ("0", 0),
        ("1.1234567890", None),
        ("", None),
        ("now", None),
        ("1e9", None),
        ("\u0661", None),
    ],
)
def test_times_are_read_as_rclone_writes_them(text: str, expected: int | None) -> None:
    """Decimal seconds to the nanosecond; anything else is no time, and LastModified counts."""
    assert nanoseconds(text) == expected
    assert head({MTIME: text}).mtime_ns == (expected or 1_700_000_000 * 10**9) or expected == 0


def test_the_server_copies_what_does_not_change() -> None:
    """An object with a time of its own is copied as it is, but for what the bucket decides."""
    own = {MTIME: "1", "content-type": "a/b", "x-amz-storage-class": "STANDARD_IA"}

    assert directed(head(own), restore=False) == {"x-amz-storage-class": "STANDARD_IA"}
    assert directed(head({"content-type": "a/b"}), restore=False) == {
        "content-type": "a/b",
        MTIME: "1700000000",
        COUNT: "1",
        "x-amz-metadata-directive": "REPLACE",
    }
    assert directed(head({"content-type": "a/b"}), restore=True) == {}


def test_all_that_can_be_set_is_set_again() -> None:
    """Content headers, class, encryption, lock and redirect; nothing of what a server only says."""
    kept = {
        "x-amz-storage-class": "GLACIER_IR",
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "arn",
        "x-amz-website-redirect-location": "/",
        "x-amz-object-lock-mode": "GOVERNANCE",
        "x-amz-object-lock-legal-hold": "ON",
    }
    names = ("disposition", "encoding", "language", "type")
    content = {f"content-{name}": "x" for name in names} | {"cache-control": "x"}
    held = {**kept, **content, "expires": "0", MTIME: "1"}
    said = {"date": "now", "server": "x", "x-amz-version-id": "1", "accept-ranges": "bytes"}

    assert written(head(held | said), restore=False) == held
    assert settings(head(held | said)) == kept


def test_a_copy_is_known_by_its_digest() -> None:
    """Another size or MD5 is no copy; where the ETag is no MD5, checksums and size decide."""
    sse = {"x-amz-server-side-encryption": "aws:kms"}
    crc = {"x-amz-checksum-crc32": "AAAA", "x-amz-checksum-type": "FULL_OBJECT"}
    other = {"x-amz-checksum-crc32": "BBBB", "x-amz-checksum-type": "FULL_OBJECT"}
    md5 = "f" * 32

    assert is_copy(head(), head())
    assert not is_copy(head(size=8), head())
    assert not is_copy(head(etag=md5), head())
    assert is_copy(head(etag=md5), head(etag=MD5 + "-2"))
    assert is_copy(head(sse, etag=md5), head(sse))
    assert is_copy(head(crc, etag=md5), head(crc, etag=MD5 + "-2"))
    assert not is_copy(head(other, etag=md5), head(crc, etag=MD5 + "-2"))


def test_a_copy_that_lost_its_metadata_is_noticed() -> None:
    """A server that drops what it was told to keep is found out."""
    held = {MTIME: "1", f"{META}who": "me", "content-type": "a/b"}

    assert is_dressed(head(held), head(held), restore=False)
    assert not is_dressed(head(held | {f"{META}who": "you"}), head(held), restore=False)
    assert not is_dressed(head(held | {"content-type": "c/d"}), head(held), restore=False)
    assert not is_dressed(head(held), head({"content-type": "a/b"}), restore=False)


def test_the_headers_of_an_object_are_read() -> None:
    """Size, time and ETag; an object without one of them is none."""
    headers = {
        "content-length": "7",
        "last-modified": "Sun, 22 Nov 2026 10:00:00 GMT",
        "etag": 'W/"0123"',
    }
    assert head_of(headers)[:3] == (7, 1_795_341_600, "0123")
    for name in headers:
        lacking = {other: held for other, held in headers.items() if other != name}
        with pytest.raises(DocumentError):
            head_of(lacking)
    with pytest.raises(DocumentError):
        head_of({**headers, "last-modified": "yesterday"})


def test_tags_are_written_as_a_header_holds_them() -> None:
    """Each name and value is encoded, so that none ends another."""
    assert tagging([("a b", "1&2"), ("é", "")]) == "a%20b=1%262&%C3%A9="

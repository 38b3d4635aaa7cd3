"""ID3 tags of every version are read, also as they were written wrongly."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta, timezone

import pytest

from fileorg.content.metadata.reading import metadata_of
from fileorg.model.evidence import Dated
from tests.content import corpus
from tests.content.windows import window_of

_ZONED = datetime(2019, 7, 4, 12, 0, 1, tzinfo=timezone(timedelta(hours=2)))
_WANTED = frozenset({"date", "title", "artist", "album", "track"})


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _tag(version: int, frames: bytes, flags: int = 0) -> bytes:
    return b"ID3" + bytes([version, 0, flags]) + _synchsafe(len(frames)) + frames + bytes(2_000)


def _frame(version: int, name: bytes, content: bytes, *, plain: bool = False) -> bytes:
    if version == 2:
        return name + len(content).to_bytes(3, "big") + content
    size = (
        _synchsafe(len(content)) if version == 4 and not plain else struct.pack(">I", len(content))
    )
    return name + size + bytes(2) + content


def _fields(tag: bytes) -> dict[str, str]:
    return metadata_of(window_of(tag), "audio/mpeg", _WANTED).fields


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize(
    "text",
    [b"\0Caf\xe9", b"\1\xff\xfeC\0a\0f\0\xe9\0", b"\2\0C\0a\0f\0\xe9", b"\3Caf\xc3\xa9\0more"],
)
def test_texts_are_read_in_each_version_and_encoding(version: int, text: bytes) -> None:
    """Names of frames and lengths differ by version, encodings by the first byte of a text."""
    title, track = (b"TT2", b"TRK") if version == 2 else (b"TIT2", b"TRCK")
    frames = _frame(version, title, text) + _frame(version, track, b"\0003/12")
    assert _fields(_tag(version, frames)) == {"title": "Café", "track": "3"}


def test_a_tag_that_hides_from_decoders_is_read() -> None:
    """Zeros that were put behind 0xFF are taken out, of a whole old tag or of new frames."""
    text = b"\1\xff\xfeA\0"
    for version in (3, 4):
        content = text.replace(b"\xff", b"\xff\0") if version == 4 else text
        frames = _frame(version, b"TALB", content) + _frame(version, b"TPE1", b"\0Ada")
        if version == 3:
            frames = frames.replace(b"\xff", b"\xff\0")
        assert _fields(_tag(version, frames, 0x80)) == {"album": "A", "artist": "Ada"}


def test_version_4_with_lengths_of_version_3_is_read() -> None:
    """A frame of more than 127 bytes with a plain length is stepped over all the same."""
    frames = _frame(4, b"APIC", bytes(400), plain=True) + _frame(4, b"TIT2", b"\0Song")
    assert _fields(_tag(4, frames)) == {"title": "Song"}


def test_the_date_of_old_versions_is_put_together() -> None:
    """The year and the day, which stands before the month, make one date; the year alone none."""
    year, day = _frame(3, b"TYER", b"\0002019"), _frame(3, b"TDAT", b"\0000407")
    read = metadata_of(window_of(_tag(3, year + day)), "audio/mpeg", _WANTED)
    assert read.date == Dated(datetime(2019, 7, 4), "ID3 Year and Date")
    assert metadata_of(window_of(_tag(3, year)), "audio/mpeg", _WANTED).date is None


def test_xmp_in_a_song_is_read_where_its_own_tags_say_nothing() -> None:
    """Adobe's programs put XMP into a private frame; what ID3 itself says comes first."""
    private = _frame(3, b"PRIV", b"other\0x") + _frame(3, b"PRIV", b"XMP\0" + corpus.XMP)
    read = metadata_of(window_of(_tag(3, private)), "audio/mpeg", _WANTED)
    assert read.date == Dated(_ZONED, "XMP CreateDate")
    dated = _frame(3, b"TYER", b"\0002018") + _frame(3, b"TDAT", b"\0000407")
    read = metadata_of(window_of(_tag(3, private + dated)), "audio/mpeg", _WANTED)
    assert read.date == Dated(datetime(2018, 7, 4), "ID3 Year and Date")


def test_a_header_that_promises_an_extension_without_one_is_read() -> None:
    """Where the first frame stands at once, no extension of the header is stepped over."""
    assert _fields(_tag(4, _frame(4, b"TIT2", b"\0Song"), 0x40)) == {"title": "Song"}
    extension = _synchsafe(6) + b"\1\0"
    assert _fields(_tag(4, extension + _frame(4, b"TIT2", b"\0Song"), 0x40)) == {"title": "Song"}

"""What programs and people write in ways of their own is read all the same."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta, timezone

import pytest

from fileorg.content.metadata.reading import metadata_of
from fileorg.model.evidence import Dated
from tests.content import corpus
from tests.content.windows import window_of

_DATE = frozenset({"date"})
_TAKEN = datetime(2019, 7, 4, 12, 0, 1)  # noqa: DTZ001 # as it is written
_ZONED = _TAKEN.replace(tzinfo=timezone(timedelta(hours=2)))


def _date(content: bytes, mime: str) -> Dated | None:
    return metadata_of(window_of(content), mime, _DATE).date


@pytest.mark.parametrize("mark", [b"8BIM", b"AgHg", b"DCSR", b"MeSa", b"PHUT"])
def test_resources_with_the_mark_of_another_program_are_read(mark: bytes) -> None:
    """Image resources of a PSD are followed whoever has put his mark on them."""
    resources = b""
    for kind, content in ((1005, bytes(16)), (1060, corpus.XMP)):
        content += bytes(len(content) % 2)
        resources += mark + struct.pack(">HHI", kind, 0, len(content)) + content
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 48, 64, 8, 3)
    psd = head + bytes(4) + len(resources).to_bytes(4, "big") + resources + bytes(8)
    assert _date(psd, "image/vnd.adobe.photoshop") == Dated(_ZONED, "XMP CreateDate")


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ('pdf:CreationDate="2019-07-04T12:00:01" dc:date="2020-01-01"', "XMP CreateDate"),
        ("><dc:date><rdf:Seq><rdf:li>2019-07-04T12:00:01</rdf:li>", "XMP Date"),
        ('xmp:MetadataDate="2019-07-04T12:00:01"', "XMP MetadataDate"),
    ],
)
def test_xmp_has_more_names_for_a_date(said: str, source: str) -> None:
    """Of XMP any date will do, the surest first."""
    assert _date(said.encode(), "application/rdf+xml") == Dated(_TAKEN, source)


@pytest.mark.parametrize("mime", ["image/svg+xml", "video/x-flv", "application/postscript"])
def test_xmp_is_found_where_it_stands(mime: str) -> None:
    """A packet of XMP is read in the middle of drawings and films, also with old names in it."""
    packet = corpus.XMP.replace(b"x:xmpmeta", b"x:xapmeta").replace(b"xmp:", b"xap:")
    assert _date(bytes(3_000) + packet, mime) == Dated(_ZONED, "XMP CreateDate")


def test_a_film_that_nobody_knows_the_beginning_of_has_been_saved() -> None:
    """When a film was saved counts where neither it nor its tracks say when it was made."""
    saved = int(datetime(2019, 7, 4, 12, 0, 1, tzinfo=UTC).timestamp()) + 2_082_844_800
    header = corpus.box(b"mvhd", struct.pack(">III", 0, 0, saved) + bytes(80))
    film = corpus.box(b"ftyp", b"M4B \0\0\0\0") + corpus.box(b"moov", header)
    assert _date(film, "audio/mp4") == Dated(_TAKEN.replace(tzinfo=UTC), "QuickTime ModifyDate")


def test_the_information_of_an_rtf_may_stand_behind_its_styles() -> None:
    """A document of RTF says when it was made after all its fonts and styles."""
    styles = rb"{\stylesheet" + rb"{\s1 Heading;}" * 8_000 + b"}"
    letter = rb"{\rtf1\ansi" + styles + rb"{\info{\creatim\yr2019\mo7\dy4\hr12\min0\sec1}}}"
    assert _date(letter, "text/rtf") == Dated(_TAKEN, "RTF CreateDate")


def test_a_podcast_may_write_its_day_out() -> None:
    """A day that a song writes as a mail does is read."""
    day = b"\0Thu, 04 Jul 2019 12:00:01 +0200"
    frame = b"TDAT" + len(day).to_bytes(4, "big") + bytes(2) + day
    song = b"ID3\3\0\0" + bytes([0, 0, 0, len(frame)]) + frame + bytes(99)
    assert _date(song, "audio/mpeg") == Dated(_ZONED, "ID3 Year and Date")

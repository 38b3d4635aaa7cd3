"""What programs and people write in ways of their own is read all the same."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta, timezone

import pytest

from fileorg.content.metadata.reading import metadata_of
from fileorg.model.evidence import Dated
from tests.content import compounds, corpus
from tests.content.windows import window_of

_DATE = frozenset({"date"})
_TAKEN = datetime(2019, 7, 4, 12, 0, 1)  # as it is written
_ZONED = _TAKEN.replace(tzinfo=timezone(timedelta(hours=2)))


def _date(content: bytes, mime: str) -> Dated | None:
    return metadata_of(window_of(content), mime, _DATE).date


@pytest.mark.parametrize("mark", [b"8BIM", b"AgHg", b"DCSR", b"MeSa", b"PHUT"])
def test_resources_with_the_mark_of_another_program_are_read(mark: bytes) -> None:
    """Image resources of a PSD are followed whoever has put his mark on them."""
    resources = b""
    packet = corpus.XMP + bytes(len(corpus.XMP) % 2)
    for kind, content in ((1005, bytes(16)), (1060, packet)):
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


def test_words_of_an_rtf_may_stand_apart() -> None:
    """The parts of a time in RTF may have spaces between them."""
    letter = rb"{\rtf1{\info{\creatim \yr2019 \mo7 \dy4 \hr12 \min0 \sec1 }} Hello}"
    assert _date(letter, "text/rtf") == Dated(_TAKEN, "RTF CreateDate")


@pytest.mark.parametrize(("kind", "mime"), [(b"WAVE", "audio/x-wav"), (b"AVI ", "video/x-msvideo")])
def test_xmp_of_a_sound_is_read(kind: bytes, mime: str) -> None:
    """Adobe's programs write XMP into sounds and films, in a chunk of their own."""
    chunk = b"_PMX" + struct.pack("<I", len(corpus.XMP)) + corpus.XMP
    made = b"RIFF" + struct.pack("<I", len(chunk) + 4) + kind + chunk
    assert _date(made, mime) == Dated(_ZONED, "XMP CreateDate")


def test_a_table_may_write_its_day_out() -> None:
    """Gnumeric writes the dates of its old Excel files as texts."""
    text = b"2019-07-04T12:00:01Z\0"
    place = struct.pack("<IIII", 1, 12, 16, 30) + struct.pack("<I", len(text)) + text
    content = bytes(44) + struct.pack("<II", 48, 99) + place
    made = compounds.compound({"Workbook": bytes(600), "\5SummaryInformation": content})
    moment = _TAKEN.replace(tzinfo=UTC)
    assert _date(made, "application/vnd.ms-excel") == Dated(moment, "Office CreateDate")


@pytest.mark.parametrize(
    "names",
    [
        ("docProps/core0.xml", "docProps/core.xml"),
        ("package/services/metadata/core-properties/1f2e.psmdcp", "docProps/app.xml"),
    ],
)
def test_properties_of_a_document_may_have_another_name(names: tuple[str, str]) -> None:
    """What .NET writes, and what has two parts that say when it was made, is read, too."""
    created = "<x><dcterms:created>2019-07-04T12:00:01</dcterms:created></x>"
    saved = "<x><dcterms:modified>2020-01-01T00:00:00</dcterms:modified></x>"
    for order in (names, names[::-1]):
        packed = corpus.zipped({name: created if name == names[0] else saved for name in order})
        mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        assert _date(packed, mime) == Dated(_TAKEN, "Office CreateDate")


def test_a_podcast_may_write_its_day_out() -> None:
    """A day that a song writes as a mail does is read."""
    day = b"\0Thu, 04 Jul 2019 12:00:01 +0200"
    frame = b"TDAT" + len(day).to_bytes(4, "big") + bytes(2) + day
    song = b"ID3\3\0\0" + bytes([0, 0, 0, len(frame)]) + frame + bytes(99)
    assert _date(song, "audio/mpeg") == Dated(_ZONED, "ID3 Year and Date")


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        (b"+0200", _ZONED), (b"+0000", _TAKEN), (b"+0000 (GMT)", _TAKEN),
        (b"-0000", _TAKEN.replace(tzinfo=UTC)), (b"GMT", _TAKEN.replace(tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_mail_says_what_its_clock_showed(zone: bytes, moment: datetime) -> None:
    """An offset belongs to a clock, `-0000` and GMT are UTC that no clock need have shown."""
    mail = b"From: a@example.com\nDate: Thu, 4 Jul 2019 12:00:01 " + zone + b"\n\nHello\n"
    assert _date(mail, "message/rfc822") == Dated(moment, "email Date")


@pytest.mark.parametrize(("zone", "hours"), [(b"\x00", 0), (b"\x04", 2), (b"\x24", -2)])
def test_a_camcorder_says_what_its_clock_showed(zone: bytes, hours: int) -> None:
    """The date of a camcorder has the offset of its clock; one of none is as written."""
    digits = bytes.fromhex("20190704120001")
    mark = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66")
    stream = mark + b"MDPM\x02\x18" + zone + digits[:3] + b"\x19" + digits[3:]
    clock = timezone(timedelta(hours=hours)) if hours else None
    recorded = _date(bytes(64) + stream + bytes(64), "video/mp2t")
    assert recorded == Dated(_TAKEN.replace(tzinfo=clock), "AVCHD DateTimeOriginal")


def test_the_directory_of_a_torn_tiff_speaks_for_itself() -> None:
    """Where EXIF lies beyond the end of a file, what the first directory says counts."""
    entries = struct.pack("<HHII", 0x0132, 2, 20, 38) + struct.pack("<HHII", 0x8769, 4, 1, 9_999)
    torn = b"II*\0\x08\0\0\0\2\0" + entries + bytes(4) + corpus.TAKEN.encode() + b"\0"
    assert _date(torn, "image/tiff") == Dated(_TAKEN, "EXIF ModifyDate")


def test_a_png_of_an_office_says_when_it_was_made() -> None:
    """LibreOffice has a name of its own for when a picture was made."""
    text = b"create-date\x002019-07-04T12:00:01+02:00"
    chunk = len(text).to_bytes(4, "big") + b"tEXt" + text + bytes(4)
    png = b"\x89PNG\r\n\x1a\n" + chunk + bytes(4) + b"IEND"
    assert _date(png, "image/png") == Dated(_ZONED, "PNG Creation Time")


def test_an_open_document_that_was_made_never_was_saved() -> None:
    """Where the date of creation is the zero of a clock, that of the last change counts."""
    meta = "<meta:creation-date>1601-01-01T07:00:00</meta:creation-date><dc:date>{}</dc:date>"
    text = corpus.zipped({"meta.xml": meta.format(corpus.ISO)})
    mime = "application/vnd.oasis.opendocument.text"
    assert _date(text, mime) == Dated(_TAKEN, "OpenDocument Date")


def test_notes_in_a_torn_pdf_are_not_the_document() -> None:
    """Where the tables of a PDF are torn, no date of an annotation is taken for its own."""
    note = b"3 0 obj <</Type/Annot/Subtype/Text/CreationDate(D:20200101000000)>> endobj\n"
    info = b"2 0 obj <</Producer(x)/CreationDate(D:20190704120001)>> endobj\n"
    torn = b"%PDF-1.4\n" + info + note + b"startxref\n99\n%%EOF\n"
    assert _date(torn, "application/pdf") == Dated(_TAKEN, "PDF CreationDate")


@pytest.mark.parametrize("zero", [0, 2_082_844_800])
def test_a_book_for_readers_says_when_it_was_made(zero: int) -> None:
    """Mobipocket counts from 1904, as on a Palm, or from 1970, as programs of today do."""
    seconds = int(datetime(2019, 7, 4, 12, 0, 1, tzinfo=UTC).timestamp()) + zero
    book = bytes(36) + struct.pack(">II", seconds, seconds + 9) + bytes(16) + b"BOOKMOBI" + bytes(9)
    mime = "application/x-mobipocket-ebook"
    assert _date(book, mime) == Dated(_TAKEN.replace(tzinfo=UTC), "Palm CreateDate")


def test_a_flash_film_says_its_title_and_size() -> None:
    """The script tag of FLV has the size of the pictures and the title, as numbers and texts."""
    said = b"".join(
        len(name).to_bytes(2, "big") + name + value
        for name, value in (
            (b"hasVideo", b"\1\1"), (b"width", struct.pack(">Bd", 0, 176.0)),
            (b"height", struct.pack(">Bd", 0, 144.0)), (b"title", b"\2\0\3Sea"),
        )
    )  # fmt: skip
    script = b"\2\0\x0aonMetaData\x08\0\0\0\4" + said + b"\0\0\x09"
    tag = b"\x12" + len(script).to_bytes(3, "big") + bytes(7) + script
    film = b"FLV\1\5\0\0\0\x09" + bytes(4) + tag + bytes(4)
    wanted = frozenset({"title", "width", "height"})
    assert metadata_of(window_of(film), "video/x-flv", wanted).fields == {
        "width": "176", "height": "144", "title": "Sea",
    }  # fmt: skip


def test_a_film_of_a_phone_says_its_title() -> None:
    """The title of 3GP has flags and a language before it, and may be in UTF-16."""
    for text in (b"Sea\0", "\ufeffSea\0".encode("utf-16-be")):
        titl = corpus.box(b"titl", bytes(4) + b"\x55\xc4" + text)
        moov = corpus.box(b"moov", corpus.box(b"udta", titl))
        film = corpus.box(b"ftyp", b"3gp4\0\0\0\0") + moov
        fields = metadata_of(window_of(film), "video/3gpp", frozenset({"title"})).fields
        assert fields == {"title": "Sea"}

"""Files made to be slow or without end: rings, bombs, and tables that promise too much."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Final

from tests.content import corpus
from tests.content.compounds import compound

_MANY: Final = 1 << 18
_WIDE_TAG: Final = struct.pack("<HHII", 0x9003, 2, 1 << 16, 0)
_WORD: Final = b"=?utf-8?q?=41?= "


def make() -> Mapping[str, bytes]:
    """Return each file by its name."""
    return {
        "ring.tif": _tiff(0x8769, 8),
        "wide.tif": b"II*\0\x08\0\0\0\xff\xff" + _WIDE_TAG * 60_000,
        "padding.jpg": b"\xff\xd8" + b"\xff" * _MANY,
        "segments.jpg": b"\xff\xd8" + b"\xff\xe1\0\x02" * _MANY,
        "packets.jpg": b"\xff\xd8" + _packet() * 40,
        "texts.png": b"\x89PNG\r\n\x1a\n" + _bomb(b"zTXt", b"XML:com.adobe.xmp\0\0") * 300,
        "boxes.mp4": corpus.box(b"ftyp", b"isom" * 2) + corpus.box(b"free", b"") * _MANY,
        "nested.mp4": corpus.box(b"ftyp", b"isom" * 2) + _nested(2_000),
        "items.heic": corpus.box(b"ftyp", b"heic\0\0\0\0heic") + _items(),
        "tags.mkv": b"\x1aE\xdf\xa3\x80\x18S\x80g\x01" + b"\xff" * 7 + b"\xec\x80" * _MANY,
        "frames.mp3": b"ID3\4\0\0\x7f\x7f\x7f\x7f" + (b"TXXX" + bytes(6)) * _MANY,
        "comments.flac": b"fLaC\x84\xff\xff\xff" + bytes(4) + b"\xff" * 4 + bytes(_MANY * 4),
        "members.zip": corpus.zipped({f"{n}.opf": "" for n in range(4_000)}),
        "bombs.docx": corpus.zipped({"word/document.xml": bytes(20 << 20)}),
        "ring.doc": _ring(),
        "tables.pdf": _pdf(),
        "brackets.pdf": b"%PDF-1.4\ntrailer <<" + b"/A [" * 50_000 + b"startxref\n9\n",
        "elements.xml": b'<?xml version="1.0"?>' + b"<!-- x -->" * 50_000,
        "comments.html": b"<!-- x -->" * 50_000,
        "requires.rb": b"require 'a'\n" * 20_000,
        "lines.txt": b"\n" * _MANY,
        "colons.txt": b"a:" * _MANY,
        "brackets.json": b"[" * _MANY,
        "headers.eml": b"Subject: " + _WORD * 9_000 + b"\nDate: " + b"1 " * 60_000 + b"\nTo: x\n",
        "times.rtf": rb"{\rtf1" + rb"{\creatim" * 9_000,
        "titles.odt": corpus.zipped(
            {"mimetype": "application/vnd.oasis.opendocument.text",
             "meta.xml": b"<dc:title" * 20_000, "content.xml": b"<text:tab" * 50_000}
        ),
    }  # fmt: skip


def _tiff(tag: int, value: int) -> bytes:
    return b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHIII", tag, 4, 1, value, 8)


def _packet() -> bytes:
    content = b"http://ns.adobe.com/xap/1.0/\0" + b"xmp:CreateDate " * 4_000
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def _bomb(kind: bytes, head: bytes) -> bytes:
    content = head + zlib.compress(bytes(1 << 20))
    return struct.pack(">I", len(content)) + kind + content + bytes(4)


def _nested(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = corpus.box(b"moov", content)
    return content


def _items() -> bytes:
    entry = corpus.box(b"infe", b"\2\0\0\0\0\1\0\0Exif")
    kinds = corpus.box(b"iinf", b"\0\0\0\0\xff\xff" + entry * 60_000)
    places = corpus.box(b"iloc", b"\0\0\0\0\x44\0\xff\xff" + bytes(200_000))
    return corpus.box(b"meta", bytes(4) + kinds + places)


def _ring() -> bytes:
    content = bytearray(compound({"WordDocument": bytes(600)}))
    content[512 + 4 : 512 + 8] = b"\1\0\0\0"  # the directory goes on where it began
    return bytes(content)


def _pdf() -> bytes:
    """Return a PDF whose tables of objects unpack to megabytes each, and lead to one another."""
    out = b"%PDF-1.5\n"
    packed = zlib.compress(bytes(4 << 20))
    before = 0
    for number in range(1, 40):
        place = len(out)
        out += b"%d 0 obj\n<</Type/XRef/W[1 2 1]/Size 9/Info 900 0 R/Root 901 0 R" % number
        out += b"/Prev %d/Length %d/Filter/FlateDecode>>\nstream\n" % (before, len(packed))
        out += packed + b"\nendstream\nendobj\n"
        before = place
    return out + b"startxref\n%d\n%%%%EOF\n" % before

"""PNG: chunks, some of which hold EXIF, XMP, or texts with agreed names."""

import datetime as dt
import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata import exif, xmp
from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, dated
from fileorg.content.metadata.moments import credible, spoken, written
from fileorg.content.window import Window

_MOST_CHUNKS: Final = 400
_LONGEST: Final = 1 << 18
_XMP: Final = b"XML:com.adobe.xmp"
_CREATED: Final = frozenset({b"Creation Time", b"create-date", b"date:create"})
_FIELDS: Final = {b"Title": "title", b"Author": "artist"}


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a PNG says."""
    later: list[Evidence] = []
    for kind, start, length in _chunks(window):
        if kind == b"IHDR":
            width, height = struct.unpack(">II", window.exactly(start, 8))
            yield "width", width
            yield "height", height
        elif kind == b"eXIf":
            yield from exif.of_block(window, start)
        elif kind in {b"tEXt", b"zTXt", b"iTXt"}:
            later.append(_said(kind, window.at(start, min(length, _LONGEST))))
        elif kind == b"tIME":
            later.append(_saved(window.exactly(start, 7)))
    for evidence in later:
        yield from evidence


def _chunks(window: Window) -> Iterator[tuple[bytes, int, int]]:
    place = 8
    for _ in range(_MOST_CHUNKS):
        header = window.at(place, 8)
        if len(header) < 8 or header.endswith(b"IEND"):
            return
        (length,) = struct.unpack_from(">I", header)
        yield header[4:], place + 8, length
        place += length + 12


def _said(kind: bytes, content: bytes) -> Evidence:
    """Yield what a text says whose name is known."""
    name, _, value = content.partition(b"\0")
    text = _text(kind, value)
    if name == _XMP:
        yield from xmp.said(text)
    elif name in _CREATED:
        words = text.decode("utf-8", "replace")
        yield DATE, dated(written(words) or spoken(words), "PNG Creation Time")
    elif name in _FIELDS:
        yield _FIELDS[name], text.decode("utf-8", "replace").strip()


def _text(kind: bytes, value: bytes) -> bytes:
    packed = kind == b"zTXt"
    if kind == b"iTXt":
        packed = value[:1] == b"\1"
        value = value[2:].partition(b"\0")[2].partition(b"\0")[2]
    elif packed:
        value = value[1:]
    return _unpacked(value) if packed else value


def _unpacked(value: bytes) -> bytes:
    import zlib

    try:
        return zlib.decompressobj().decompress(value, _LONGEST)
    except zlib.error:
        return b""


def _saved(content: bytes) -> Evidence:
    year, month, day, hour, minute, second = struct.unpack(">HBBBBB", content)
    moment = dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    yield MODIFIED, dated(credible(moment), "PNG ModifyDate")

"""PNG: chunks, some of which hold EXIF, XMP, or texts with agreed names."""

import datetime as dt
import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata import exif, xmp
from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, dated
from fileorg.content.metadata.moments import credible, spoken, written
from fileorg.content.window import Window
from fileorg.model.evidence import Dated

_MOST_CHUNKS: Final = 400
_LONGEST: Final = 1 << 18
_XMP: Final = b"XML:com.adobe.xmp"
_CREATED: Final = frozenset({b"Creation Time", b"create-date"})
"""As the standard has it, and as LibreOffice writes it."""

_PROFILES: Final = frozenset({b"Raw profile type exif", b"Raw profile type APP1"})
"""EXIF as ImageMagick wrote it: in hexadecimal, behind its kind and its length."""

_FIELDS: Final = {b"Title": "title", b"Author": "artist"}
_KNOWN: Final = frozenset({_XMP, *_CREATED, *_FIELDS, *_PROFILES})


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a PNG says; texts come after EXIF, wherever they are."""
    texts: dict[bytes, tuple[bytes, bytes]] = {}
    saved = None
    for kind, start, length in _chunks(window):
        if kind == b"IHDR":
            width, height = struct.unpack(">II", window.exactly(start, 8))
            yield "width", width
            yield "height", height
        elif kind == b"eXIf":
            yield from exif.of_block(window, start)
        elif kind in {b"tEXt", b"zTXt", b"iTXt"}:
            name, _, value = window.at(start, min(length, _LONGEST)).partition(b"\0")
            if name in _KNOWN:
                texts.setdefault(name, (kind, value))
        elif kind == b"tIME":
            saved = _saved(window.exactly(start, 7))
    for name, (kind, value) in texts.items():
        yield from _said(name, _text(kind, value))
    yield MODIFIED, saved


def _chunks(window: Window) -> Iterator[tuple[bytes, int, int]]:
    place = 8
    for _ in range(_MOST_CHUNKS):
        header = window.at(place, 8)
        if len(header) < 8 or header.endswith(b"IEND"):
            return
        (length,) = struct.unpack_from(">I", header)
        yield header[4:], place + 8, length
        place += length + 12


def _said(name: bytes, text: bytes) -> Evidence:
    """Yield what a text of that name says."""
    words = text.decode("utf-8", "replace").strip()
    if name == _XMP:
        yield from xmp.said(text)
    elif name in _PROFILES:
        block = bytes.fromhex(text.split(maxsplit=2)[2].decode("ascii"))
        yield from exif.of_block(Window(lambda start, n: block[start : start + n], len(block)), 0)
    elif name in _CREATED:
        yield DATE, dated(written(words) or spoken(words), "PNG Creation Time")
    else:
        yield _FIELDS[name], words


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


def _saved(content: bytes) -> Dated | None:
    year, month, day, hour, minute, second = struct.unpack(">HBBBBB", content)
    try:
        moment = dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None
    return dated(credible(moment), "PNG ModifyDate")

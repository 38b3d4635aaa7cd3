"""RIFF: WebP, WAV and AVI are chunks in a chunk."""

import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata import exif, id3, xmp
from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import spoken, written
from fileorg.content.window import Window

_MOST_CHUNKS: Final = 400
_LONGEST: Final = 4_096
_XMP: Final = frozenset({b"XMP ", b"_PMX"})
"""In pictures, and as Adobe's programs write it into sounds and films."""

_INFO: Final = {
    b"INAM": "title",
    b"IART": "artist",
    b"IPRD": "album",
    b"ITRK": "track",
    b"IPRT": "track",
}


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a RIFF file says."""
    later: list[Evidence] = []
    for kind, start, length in _chunks(window, 12, window.size):
        if kind == b"LIST":
            yield from _list(window, start, length)
        elif kind == b"EXIF":
            yield from exif.of_block(window, start)
        elif kind in _XMP:
            later.append(xmp.said(window.at(start, min(length, xmp.LONGEST))))
        elif kind == b"bext":
            yield from _broadcast(window.exactly(start, 338))
        elif kind in {b"id3 ", b"ID3 "}:
            later.append(id3.said(window, start))
        elif kind in {b"VP8X", b"VP8 ", b"VP8L"}:
            yield from _webp_size(kind, window.exactly(start, 10))
    for evidence in later:
        yield from evidence


def _chunks(window: Window, place: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for _ in range(_MOST_CHUNKS):
        header = window.at(place, 8)
        if place + 8 > end or len(header) < 8:
            return
        kind, length = struct.unpack("<4sI", header)
        yield kind, place + 8, length
        place += 8 + length + length % 2


def _list(window: Window, start: int, length: int) -> Evidence:
    """Yield what a list says: of texts, or the headers of a film."""
    if window.at(start, 4) not in {b"INFO", b"hdrl"}:
        return
    for kind, place, size in _chunks(window, start + 4, start + length):
        if kind == b"avih":
            width, height = struct.unpack("<II", window.exactly(place + 32, 8))
            yield "width", width
            yield "height", height
        elif kind in {b"IDIT", b"ICRD"}:
            text = _text(window.at(place, min(size, 64)))
            source = "RIFF DateTimeOriginal" if kind == b"IDIT" else "RIFF DateCreated"
            yield DATE, dated(written(text) or spoken(text), source)
        elif kind in _INFO:
            yield _INFO[kind], _text(window.at(place, min(size, _LONGEST)))


def _broadcast(content: bytes) -> Evidence:
    """Yield when a broadcast wave was recorded."""
    moment = written(f"{_text(content[320:330])}T{_text(content[330:338])}")
    yield DATE, dated(moment, "RIFF DateTimeOriginal")


def _webp_size(kind: bytes, content: bytes) -> Evidence:
    if kind == b"VP8X":
        width = int.from_bytes(content[4:7], "little") + 1
        height = int.from_bytes(content[7:10], "little") + 1
    elif kind == b"VP8L":
        bits = int.from_bytes(content[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[6:10]))
    yield "width", width
    yield "height", height


def _text(content: bytes) -> str:
    return content.partition(b"\0")[0].decode("utf-8", "replace").strip()

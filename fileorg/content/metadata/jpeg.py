"""JPEG: segments, of which the first few hold EXIF, XMP and IPTC."""

import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata import exif, iptc, xmp
from fileorg.content.metadata.evidence import DATE, Evidence
from fileorg.content.metadata.taken import taken
from fileorg.content.window import Window

_APP1, _APP13, _SCAN, _END = 0xE1, 0xED, 0xDA, 0xD9
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP: Final = b"Photoshop 3.0\0"


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a JPEG says: when it was taken the short way, and the rest the long way."""
    if DATE in wanted:
        yield DATE, taken(window.head())
    yield from said(window)


def said(window: Window, base: int = 0) -> Evidence:
    """Yield what the JPEG at *base* says; XMP and IPTC come after EXIF, wherever they are."""
    later: list[Evidence] = []
    for marker, start, length in _segments(window, base):
        if marker == _APP1 and window.at(start, len(exif.MARK)) == exif.MARK:
            yield from exif.of_block(window, start)
        elif marker == _APP1 and window.at(start, len(_XMP)) == _XMP:
            later.insert(0, xmp.said(window.at(start + len(_XMP), length - len(_XMP))))
        elif marker == _APP13 and window.at(start, len(_PHOTOSHOP)) == _PHOTOSHOP:
            later.append(iptc.said(window.at(start + len(_PHOTOSHOP), length - len(_PHOTOSHOP))))
        elif marker in _FRAMES:
            height, width = struct.unpack(">HH", window.exactly(start + 1, 4))
            yield "width", width
            yield "height", height
            break
    for evidence in later:
        yield from evidence


def _segments(window: Window, base: int) -> Iterator[tuple[int, int, int]]:
    """Yield each segment up to the scan: its marker, and where its content is."""
    place = base + 2
    while True:
        mark, marker, length = struct.unpack(">BBH", window.exactly(place, 4))
        if mark != 0xFF or marker in {_SCAN, _END}:
            return
        if marker == 0xFF:  # padding
            place += 1
        elif marker in _BARE:
            place += 2
        else:
            yield marker, place + 4, length - 2
            place += 2 + max(length, 2)

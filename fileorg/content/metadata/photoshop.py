"""Photoshop's own files: image resources, which hold EXIF, XMP and IPTC."""

import struct
from typing import Final

from fileorg.content.metadata import exif, iptc, xmp
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_EXIF, _XMP, _IPTC = 1058, 1060, 1028
_MARKS: Final = frozenset({b"8BIM", b"AgHg", b"DCSR", b"MeSa", b"PHUT"})
"""Photoshop's own mark, and those of what has worked on a file before."""

_MOST: Final = 200


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a PSD or PSB says."""
    height, width = struct.unpack(">II", window.exactly(14, 8))
    yield "width", width
    yield "height", height
    (colours,) = struct.unpack(">I", window.exactly(26, 4))
    place = 34 + colours
    places: dict[int, tuple[int, int]] = {}
    for _ in range(_MOST):
        mark, kind, name = struct.unpack(">4sHB", window.exactly(place, 7))
        if mark not in _MARKS:
            break
        place += 6 + (name + 2) // 2 * 2
        (length,) = struct.unpack(">I", window.exactly(place, 4))
        places.setdefault(kind, (place + 4, length))
        place += 4 + (length + 1) // 2 * 2
    if _EXIF in places:
        yield from exif.of_block(window, places[_EXIF][0])
    for kind, said in ((_XMP, xmp.said), (_IPTC, iptc.of_records)):
        if kind in places:
            start, length = places[kind]
            yield from said(window.at(start, min(length, xmp.LONGEST)))

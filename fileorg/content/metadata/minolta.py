"""Minolta's MRW: blocks, of which one is a TIFF structure."""

import struct
from typing import Final

from fileorg.content.metadata import exif
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_PICTURE, _EXIF = b"\0PRD", b"\0TTW"
_MOST_BLOCKS: Final = 32


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what an MRW says."""
    place = 8
    for _ in range(_MOST_BLOCKS):
        kind, length = struct.unpack(">4sI", window.exactly(place, 8))
        if kind == _EXIF:
            yield from exif.of_block(window, place + 8)
        elif kind == _PICTURE:
            height, width = struct.unpack(">HH", window.exactly(place + 20, 4))
            yield "width", width
            yield "height", height
        place += 8 + length

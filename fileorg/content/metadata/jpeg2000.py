"""JPEG 2000 and JPEG XL: boxes of EXIF and XMP beside the picture."""

import struct
from typing import Final

from fileorg.content.boxes import Box, inside, whole
from fileorg.content.metadata import exif, xmp
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_EXIF: Final = b"JpgTiffExif->JP2"
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a JP2 or a JXL in a container says."""
    for box in inside(window, whole(window)):
        if box.kind == b"Exif":
            (skip,) = struct.unpack(">I", window.exactly(box.start, 4))
            yield from exif.of_block(window, box.start + 4 + skip)
        elif box.kind == b"uuid" and window.at(box.start, 16) == _EXIF:
            yield from exif.of_block(window, box.start + 16)
        elif box.kind == b"uuid" and window.at(box.start, 16) == _XMP:
            yield from xmp.said(_packet(window, box, 16))
        elif box.kind == b"xml ":
            yield from xmp.said(_packet(window, box, 0))
        elif box.kind == b"jp2h":
            for inner in inside(window, box):
                if inner.kind == b"ihdr":
                    height, width = struct.unpack(">II", window.exactly(inner.start, 8))
                    yield "width", width
                    yield "height", height


def _packet(window: Window, box: Box, skip: int) -> bytes:
    return window.at(box.start + skip, min(box.end - box.start - skip, xmp.LONGEST))

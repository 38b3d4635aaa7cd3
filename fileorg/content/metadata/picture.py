"""The sizes of simple pictures, which say nothing else."""

import struct
from typing import Final

from fileorg.content.metadata import xmp
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_XMP: Final = b"XMP DataXMP"


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield the size of a GIF or BMP, and the XMP at the beginning of a GIF."""
    head = window.head()
    if head.startswith(b"BM"):
        width, height = struct.unpack_from("<ii", head, 18)
    else:
        width, height = struct.unpack_from("<HH", head, 6)
        if _XMP in head:
            yield from xmp.said(head)
    yield "width", width
    yield "height", abs(height)

"""Fujifilm's RAF: a header that says where a whole JPEG stands."""

import struct

from fileorg.content.metadata import jpeg
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what the JPEG in a RAF says."""
    (place,) = struct.unpack(">I", window.exactly(84, 4))
    return jpeg.said(window, place)

"""Mobipocket books: databases of Palm, which say when they were made."""

import struct
from typing import Final

from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, dated
from fileorg.content.metadata.moments import since
from fileorg.content.window import Window

_UNIX: Final = 1 << 31
"""From here on it is Palm's clock, which begins in 1904; what is less counts from 1970."""


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what the header of a book says."""
    made, saved = struct.unpack(">II", window.exactly(36, 8))
    for rank, seconds, name in (
        (DATE, made, "Palm CreateDate"),
        (MODIFIED, saved, "Palm ModifyDate"),
    ):
        yield rank, dated(since(1904 if seconds >= _UNIX else 1970, seconds), name)

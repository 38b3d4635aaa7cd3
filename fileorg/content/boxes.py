"""Boxes, of which ISO base media files are made: MP4, QuickTime, HEIF, JPEG 2000 and JPEG XL."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from fileorg.content.window import BudgetError, Window


class Box(NamedTuple):
    """What a box is, and where its content begins and ends."""

    kind: bytes
    start: int
    end: int


def boxes(window: Window, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes of a stretch of a file, as far as their lengths make sense."""
    while start + 8 <= end:
        length, kind = struct.unpack(">I4s", window.exactly(start, 8))
        header = 8
        if length == 1:
            (length,) = struct.unpack(">Q", window.exactly(start + 8, 8))
            header = 16
        elif length == 0:  # the last one, to the end
            length = end - start
        if length < header:
            return
        yield Box(kind, start + header, min(start + length, end))
        start += length


def inside(window: Window, box: Box, skip: int = 0) -> Iterator[Box]:
    """Yield the boxes in a box, behind *skip* bytes of its own."""
    return boxes(window, box.start + skip, box.end)


def found(window: Window, box: Box, *path: bytes) -> Box | None:
    """Return the first box at the end of a path of kinds, None where there is none."""
    for kind in path:
        inner = next((one for one in inside(window, box) if one.kind == kind), None)
        if inner is None:
            return None
        box = inner
    return box


def whole(window: Window) -> Box:
    """Return a file as if it were a box."""
    return Box(b"", 0, window.size)


def needed(window: Window, box: Box, kind: bytes, skip: int = 0) -> Box:
    """Return the first box of a kind in a box; `BudgetError` where there is none."""
    for one in inside(window, box, skip):
        if one.kind == kind:
            return one
    raise BudgetError

"""Canon's CRW: heaps in heaps, each with a directory at its end."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from fileorg.content.metadata.evidence import DATE, Evidence, camera, dated
from fileorg.content.metadata.moments import on_a_clock
from fileorg.content.window import Window

_WHERE, _WITHIN, _ASIDE = 0xC000, 0x4000, 0x0000
_KIND: Final = 0x3800
_HEAPS: Final = frozenset({0x2800, 0x3000})
_TAKEN, _CAMERA, _OWNER, _SIZE = 0x180E, 0x080A, 0x0810, 0x1810
_READ: Final = frozenset({_TAKEN, _CAMERA, _OWNER, _SIZE})
_ENTRY: Final = 10
_MOST_ENTRIES: Final = 200
_DEEPEST: Final = 4
_LONGEST: Final = 256


class _Record(NamedTuple):
    tag: int
    content: bytes


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a CRW says."""
    order = "<" if window.at(0, 2) == b"II" else ">"
    (start,) = struct.unpack(order + "I", window.exactly(2, 4))
    for tag, content in _records(window, order, start, window.size, _DEEPEST):
        if tag == _TAKEN:
            (seconds,) = struct.unpack_from(order + "I", content)
            yield DATE, dated(on_a_clock(seconds), "CIFF DateTimeOriginal")
        elif tag == _CAMERA:
            make, model, *_ = (*content.decode("latin-1").split("\0"), "")
            yield "camera", camera(make, model)
        elif tag == _OWNER:
            yield "artist", content.partition(b"\0")[0].decode("latin-1")
        elif tag == _SIZE:
            width, height = struct.unpack_from(order + "II", content)
            yield "width", width
            yield "height", height


def _records(window: Window, order: str, start: int, end: int, depth: int) -> Iterator[_Record]:
    """Yield the records of a heap, and of those in it."""
    (place,) = struct.unpack(order + "I", window.exactly(end - 4, 4))
    (count,) = struct.unpack(order + "H", window.exactly(start + place, 2))
    entries = window.at(start + place + 2, _ENTRY * min(count, _MOST_ENTRIES))
    for tag, length, offset in struct.iter_unpack(
        order + "HII", entries[: len(entries) // _ENTRY * _ENTRY]
    ):
        if tag & _WHERE == _WITHIN:
            yield _Record(tag & ~_WHERE, struct.pack(order + "II", length, offset))
        elif tag & _WHERE == _ASIDE and tag & _KIND in _HEAPS:
            if depth:
                begin = start + offset
                yield from _records(window, order, begin, begin + length, depth - 1)
        elif tag & _WHERE == _ASIDE and tag in _READ:
            yield _Record(tag, window.at(start + offset, min(length, _LONGEST)))

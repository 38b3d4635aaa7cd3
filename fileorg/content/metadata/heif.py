"""HEIC, HEIF and AVIF: an item of EXIF, and one of XMP, that a table of contents points to."""

import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.boxes import Box, boxes, inside, needed, whole
from fileorg.content.metadata import exif, quicktime, xmp
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_MOST_ITEMS: Final = 4_096


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a HEIF file says."""
    meta = needed(window, whole(window), b"meta")
    parts = {box.kind: box for box in inside(window, meta, 4)}
    kinds = dict(_kinds(window, parts[b"iinf"]))
    if set(wanted) - {"width", "height"}:
        places = dict(_places(window, parts[b"iloc"], kinds, parts.get(b"idat")))
        for item, kind in kinds.items():
            if kind == b"Exif" and item in places:
                yield from _exif(window, places[item][0])
        for item, kind in kinds.items():
            if kind == b"mime" and item in places:
                start, length = places[item]
                yield from xmp.said(window.at(start, min(length, xmp.LONGEST)))
    yield from _size(window, parts[b"iprp"])
    yield from quicktime.read(window, wanted)  # a sequence of pictures is a film, too


def _exif(window: Window, start: int) -> Evidence:
    """Yield what an item of EXIF says; it begins with how far its TIFF header is."""
    (skip,) = struct.unpack(">I", window.exactly(start, 4))
    return exif.of_block(window, start + 4 + skip)


def _kinds(window: Window, box: Box) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the kind of each item that is no part of the picture."""
    long = window.exactly(box.start, 1) != b"\0"
    for entry in boxes(window, box.start + (8 if long else 6), box.end):
        version = window.exactly(entry.start, 1)[0]
        form = ">I2x4s" if version == 3 else ">H2x4s"
        item, kind = struct.unpack(form, window.exactly(entry.start + 4, struct.calcsize(form)))
        if kind in {b"Exif", b"mime"}:
            yield item, kind


def _places(
    window: Window, box: Box, kinds: dict[int, bytes], data: Box | None
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield where those items are: start and length of the first stretch of each."""
    version, sizes, bases = struct.unpack(">B3xBB", window.exactly(box.start, 6))
    offset, length, base = sizes >> 4, sizes & 15, bases >> 4
    index = bases & 15 if version else 0
    wide = 4 if version == 2 else 2
    table = window.at(box.start + 6, box.end - box.start - 6)
    count = int.from_bytes(table[:wide], "big")
    place = wide
    for _ in range(min(count, _MOST_ITEMS)):
        item = int.from_bytes(table[place : place + wide], "big")
        place += wide
        method = 0
        if version:
            method = table[place + 1] & 15
            place += 2
        place += 2
        start = int.from_bytes(table[place : place + base], "big")
        place += base
        extents = int.from_bytes(table[place : place + 2], "big")
        place += 2
        first = place + index
        start += int.from_bytes(table[first : first + offset], "big")
        size = int.from_bytes(table[first + offset : first + offset + length], "big")
        place += extents * (index + offset + length)
        if item in kinds:
            yield item, (start + (data.start if method == 1 and data else 0), size)


def _size(window: Window, box: Box) -> Evidence:
    """Yield the size of the largest item: of a picture in tiles that is the whole."""
    sizes = [
        struct.unpack(">II", window.exactly(one.start + 4, 8))
        for one in inside(window, needed(window, box, b"ipco"))
        if one.kind == b"ispe"
    ]
    width, height = max(sizes)
    yield "width", width
    yield "height", height

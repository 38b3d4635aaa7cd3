"""TIFF, and the raw formats of cameras that are made like it."""

import struct
from typing import Final

from fileorg.content.metadata import exif, iptc, xmp
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_SUB_IFDS: Final = 0x014A
_MOST: Final = 8
_SIZES: Final = frozenset({exif.WIDTH, exif.HEIGHT, exif.EXIF_WIDTH, exif.EXIF_HEIGHT, _SUB_IFDS})


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a TIFF or a raw file says."""
    tiff = exif.tiff_at(window, 0)
    tags = exif.photo_tags(tiff, _SIZES)
    yield from exif.said(tags)
    for tag, said in ((exif.XMP, xmp.said), (exif.IPTC, iptc.of_records)):
        packet = tags.get(tag)
        if isinstance(packet, bytes):
            yield from said(packet)
    if not wanted.isdisjoint({"width", "height"}):
        yield from _size(tiff, tags)


def _size(tiff: exif.Tiff, tags: exif.Tags) -> Evidence:
    """Yield the size of the largest picture: a raw file has smaller ones beside it."""
    sizes = [(tags.get(exif.WIDTH), tags.get(exif.HEIGHT))]
    sizes.append((tags.get(exif.EXIF_WIDTH), tags.get(exif.EXIF_HEIGHT)))
    places = tags.get(_SUB_IFDS, b"")
    if isinstance(places, int):
        places = struct.pack(tiff.order + "I", places)
    for (place,) in struct.iter_unpack(
        tiff.order + "I", places[: len(places) // 4 * 4][: 4 * _MOST]
    ):
        sub = tiff.tags(place, _SIZES)
        sizes.append((sub.get(exif.WIDTH), sub.get(exif.HEIGHT)))
    width, height = max((w, h) for w, h in sizes if isinstance(w, int) and isinstance(h, int))
    yield "width", width
    yield "height", height

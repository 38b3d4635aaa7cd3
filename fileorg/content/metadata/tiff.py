"""TIFF, and the raw formats of cameras that are made like it."""

import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata import exif, iptc, xmp
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_SUB_IFDS: Final = 0x014A
_MOST: Final = 8


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a TIFF or a raw file says."""
    tiff = exif.tiff_at(window, 0)
    photo = exif.photo_of(tiff)
    yield from exif.said(photo)
    for tag, said in ((exif.XMP, xmp.said), (exif.IPTC, iptc.of_records)):
        packet = photo.get(tag)
        if isinstance(packet, bytes):
            yield from said(packet)
    width, height = max(_sizes(tiff, photo))
    yield "width", width
    yield "height", height


def _sizes(tiff: exif.Tiff, photo: exif.Photo) -> Iterator[tuple[int, int]]:
    """Yield the sizes of all pictures in a file: a raw one has smaller ones beside it."""
    places = photo.get(_SUB_IFDS) or b""
    if isinstance(places, int):
        places = struct.pack(tiff.order + "I", places)
    offsets = struct.iter_unpack(tiff.order + "I", places[: len(places) // 4 * 4][: 4 * _MOST])
    within = [exif.Directory(tiff, place) for (place,) in offsets]
    sizes = [(photo.get(exif.EXIF_WIDTH), photo.get(exif.EXIF_HEIGHT))]
    sizes += [(one.get(exif.WIDTH), one.get(exif.HEIGHT)) for one in (*photo.directories, *within)]
    yield from ((w, h) for w, h in sizes if isinstance(w, int) and isinstance(h, int))

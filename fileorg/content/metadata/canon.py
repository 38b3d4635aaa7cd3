"""Canon's CR3: boxes, in which the directories of EXIF stand one by one."""

from typing import Final

from fileorg.content.boxes import inside, needed, whole
from fileorg.content.metadata import exif
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_CANON: Final = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a CR3 says."""
    moov = needed(window, whole(window), b"moov")
    canon = [
        box
        for box in inside(window, moov)
        if box.kind == b"uuid" and window.at(box.start, 16) == _CANON
    ]
    parts = [part for box in canon for part in inside(window, box, 16)]
    photo = exif.Photo(
        tuple(
            exif.tiff_at(window, part.start).first()
            for part in parts
            if part.kind in {b"CMT1", b"CMT2"}
        )
    )
    yield from exif.said(photo)
    for name, own, of_exif in (
        ("width", exif.WIDTH, exif.EXIF_WIDTH),
        ("height", exif.HEIGHT, exif.EXIF_HEIGHT),
    ):
        value = photo.get(of_exif) or photo.get(own)
        yield name, value if isinstance(value, int) else None

"""EXIF: what cameras write into the small directories that TIFF is made of.

This is the hot path of a photo library: one look at a directory, and no object for each tag.
"""

import struct
from typing import Final, NamedTuple

from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, camera
from fileorg.content.metadata.moments import offset, written
from fileorg.content.window import BudgetError, Window
from fileorg.model.evidence import Dated

MARK: Final = b"Exif\0"
WIDTH, HEIGHT, EXIF_WIDTH, EXIF_HEIGHT = 0x0100, 0x0101, 0xA002, 0xA003
XMP, IPTC = 0x02BC, 0x83BB
_MAKE, _MODEL, _ARTIST = 0x010F, 0x0110, 0x013B
_EXIF_IFD = 0x8769

_TAKEN: Final = (
    ("EXIF DateTimeOriginal", 0x9003, 0x9291, 0x9011),
    ("EXIF CreateDate", 0x9004, 0x9292, 0x9012),
)
_SAVED: Final = ("EXIF ModifyDate", 0x0132, 0x9290, 0x9010)
"""What a date is called, and the tags of its text, its sub-seconds and its offset."""

_DATES: Final = frozenset(tag for _, *tags in (*_TAKEN, _SAVED) for tag in tags)
_FIRST: Final = frozenset({_MAKE, _MODEL, _ARTIST, XMP, IPTC, _EXIF_IFD}) | _DATES
_SIZES: Final = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4)
_SHORT, _LONG, _IFD = 3, 4, 13
_INLINE: Final = 4
_ENTRY: Final = 12
_MOST_ENTRIES: Final = 1_000
_LONGEST: Final = 1 << 16

Tags = dict[int, bytes | int]
"""What directories say: single whole numbers, and all else as the bytes that it is."""


class Tiff(NamedTuple):
    """A TIFF structure that begins at *base* of a window; offsets in it count from there."""

    window: Window
    base: int
    order: str

    def first(self) -> int:
        """Return where the first directory is."""
        return int(struct.unpack(self.order + "I", self.window.exactly(self.base + 4, 4))[0])

    def tags(self, place: int, wanted: frozenset[int]) -> Tags:
        """Return the wanted tags of the directory at *place*."""
        window, base, order = self
        start = base + place
        (count,) = struct.unpack(order + "H", window.exactly(start, 2))
        entries = window.at(start + 2, _ENTRY * min(count, _MOST_ENTRIES))
        whole = len(entries) // _ENTRY * _ENTRY
        found: Tags = {}
        position = -4
        for tag, kind, number, value in struct.iter_unpack(order + "HHII", entries[:whole]):
            position += _ENTRY
            if tag not in wanted or kind > _IFD:
                continue
            length = min(_SIZES[kind] * number, _LONGEST)
            inline = entries[position : position + _INLINE]
            if number == 1 and kind in {_LONG, _IFD}:
                found[tag] = value
            elif number == 1 and kind == _SHORT:
                (found[tag],) = struct.unpack_from(order + "H", inline)
            else:
                found[tag] = (
                    inline[:length] if length <= _INLINE else window.at(base + value, length)
                )
        return found


def tiff_at(window: Window, base: int) -> Tiff:
    """Return the TIFF structure at *base*; `BudgetError` where there is none."""
    mark = window.at(base, 2)
    if mark not in {b"II", b"MM"}:
        raise BudgetError
    return Tiff(window, base, "<" if mark == b"II" else ">")


def photo_tags(tiff: Tiff, more: frozenset[int] = frozenset()) -> Tags:
    """Return the tags of a photo, and *more*: of its first directory and of the one for EXIF."""
    tags = tiff.tags(tiff.first(), _FIRST | more)
    place = tags.get(_EXIF_IFD)
    if isinstance(place, int) and place:
        tags |= tiff.tags(place, _DATES | more)
    return tags


def of_block(window: Window, start: int) -> Evidence:
    """Yield what a block of EXIF says; a damaged one nothing, so that other evidence may do."""
    if window.at(start, len(MARK)) == MARK:
        start += len(MARK) + 1
    try:
        yield from said(photo_tags(tiff_at(window, start)))
    except BudgetError:
        return


def said(tags: Tags) -> Evidence:
    """Yield when a photo was taken, by which camera and by whom, and when it was saved."""
    for names in _TAKEN:
        yield DATE, _dated(tags, *names)
    yield MODIFIED, _dated(tags, *_SAVED)
    yield "camera", camera(text(tags.get(_MAKE)), text(tags.get(_MODEL)))
    yield "artist", text(tags.get(_ARTIST))


def _dated(tags: Tags, source: str, tag: int, fraction: int, zone: int) -> Dated | None:
    moment = written(text(tags.get(tag)))
    if moment is None:
        return None
    digits = text(tags.get(fraction))[:6]
    if digits.isascii() and digits.isdecimal():
        moment = moment.replace(microsecond=int(digits.ljust(6, "0")))
    if zone in tags and moment.tzinfo is None:
        moment = moment.replace(tzinfo=offset(text(tags[zone])))
    return Dated(moment, source)


def text(value: bytes | int | None) -> str:
    """Return the text of a tag, empty where it has none."""
    if not isinstance(value, bytes):
        return ""
    return value.partition(b"\0")[0].decode("utf-8", "replace").strip()

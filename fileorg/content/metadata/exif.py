"""EXIF: what cameras write into the small directories that TIFF is made of.

This is the hot path of a photo library: a directory is one look, and a tag is read when asked for.
"""

import datetime as dt
import struct
from contextlib import suppress
from functools import cache
from typing import Final, NamedTuple

from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, camera
from fileorg.content.metadata.moments import credible, offset, written
from fileorg.content.window import BudgetError, Window
from fileorg.model.evidence import Dated

MARK: Final = b"Exif\0"
WIDTH, HEIGHT, EXIF_WIDTH, EXIF_HEIGHT = 0x0100, 0x0101, 0xA002, 0xA003
XMP, IPTC = 0x02BC, 0x83BB
_MAKE, _MODEL, _ARTIST = 0x010F, 0x0110, 0x013B
EXIF_IFD = 0x8769

ORIGINAL: Final = ("EXIF DateTimeOriginal", 0x9003, 0x9291, 0x9011)
_CREATED: Final = ("EXIF CreateDate", 0x9004, 0x9292, 0x9012)
_SAVED: Final = ("EXIF ModifyDate", 0x0132, 0x9290, 0x9010)
"""What a date is called, and the tags of its text, its sub-seconds and its offset."""

_SIZES: Final = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4)
_SHORT, _LONG, _IFD = 3, 4, 13
_INLINE: Final = 4
_ENTRY: Final = 12
_MOST_ENTRIES: Final = 1_000
_LONGEST: Final = 1 << 16


class Tiff(NamedTuple):
    """A TIFF structure that begins at *base* of a window; offsets in it count from there."""

    window: Window
    base: int
    order: str

    def first(self) -> "Directory":
        """Return the first directory."""
        place = struct.unpack(self.order + "I", self.window.exactly(self.base + 4, 4))[0]
        return Directory(self, place)


class Directory:
    """The directory at *place* of a TIFF structure."""

    __slots__ = ("_entries", "_tags", "_tiff")

    def __init__(self, tiff: Tiff, place: int) -> None:
        window, base, order = tiff
        (count,) = struct.unpack(order + "H", window.exactly(base + place, 2))
        entries = window.at(base + place + 2, _ENTRY * min(count, _MOST_ENTRIES))
        self._tiff: Final = tiff
        self._entries: Final = entries
        self._tags: Final = tags_of(order, len(entries) // _ENTRY).unpack_from(entries)

    def get(self, tag: int) -> bytes | int | None:
        """Return a tag: a single whole number, or all else as the bytes that it is."""
        if tag not in self._tags:
            return None
        window, base, order = self._tiff
        place = _ENTRY * self._tags.index(tag) + 2
        kind, number, value = struct.unpack_from(order + "HII", self._entries, place)
        if number == 1 and kind in {_LONG, _IFD}:
            return int(value)
        if number == 1 and kind == _SHORT:
            return int(struct.unpack_from(order + "H", self._entries, place + 6)[0])
        length = min(_SIZES[kind] * number, _LONGEST)
        if length <= _INLINE:
            return self._entries[place + 6 : place + 6 + length]
        return window.at(base + value, length)


class Photo(NamedTuple):
    """The directories of a photo, the most general first."""

    directories: tuple[Directory, ...]

    def get(self, tag: int) -> bytes | int | None:
        """Return a tag out of the first directory that has it."""
        for directory in self.directories:
            value = directory.get(tag)
            if value is not None:
                return value
        return None

    def text(self, tag: int) -> str:
        """Return the text of a tag, empty where it has none."""
        value = self.get(tag)
        return text(value) if isinstance(value, bytes) else ""


def text(value: bytes) -> str:
    """Return a text as it is written, which ends where its first NUL is."""
    return value.partition(b"\0")[0].decode("utf-8", "replace").strip()


@cache
def tags_of(order: str, count: int) -> struct.Struct:
    """Return what takes the tags, and nothing else, out of a directory."""
    return struct.Struct(order + "H10x" * count)


def tiff_at(window: Window, base: int) -> Tiff:
    """Return the TIFF structure at *base*; `BudgetError` where there is none."""
    mark = window.at(base, 2)
    if mark not in {b"II", b"MM"}:
        raise BudgetError
    return Tiff(window, base, "<" if mark == b"II" else ">")


def photo_of(tiff: Tiff) -> Photo:
    """Return the first directory, and the one for EXIF that it points to, if it is there."""
    first = tiff.first()
    place = first.get(EXIF_IFD)
    if isinstance(place, int) and place:
        with suppress(BudgetError):
            return Photo((first, Directory(tiff, place)))
    return Photo((first,))


def of_block(window: Window, start: int) -> Evidence:
    """Yield what a block of EXIF says; a damaged one nothing, so that other evidence may do."""
    if window.at(start, len(MARK)) == MARK:
        start += len(MARK) + 1
    try:
        yield from said(photo_of(tiff_at(window, start)))
    except BudgetError:
        return


def said(photo: Photo) -> Evidence:
    """Yield when a photo was taken, by which camera and by whom, and when it was saved."""
    yield DATE, _dated(photo, *ORIGINAL)
    yield DATE, _dated(photo, *_CREATED)
    yield MODIFIED, _dated(photo, *_SAVED)
    yield "camera", camera(photo.text(_MAKE), photo.text(_MODEL))
    yield "artist", photo.text(_ARTIST)


def _dated(photo: Photo, source: str, *tags: int) -> Dated | None:
    return dated(source, *map(photo.text, tags)) if photo.get(tags[0]) else None


def dated(source: str, words: str, fraction: str, zone: str) -> Dated | None:
    """Return a date as it is written, with the parts of a second and the offset beside it."""
    moment = _moment(words)
    if moment is None:
        return None
    digits = fraction[:6]
    if digits.isascii() and digits.isdecimal():
        moment = moment.replace(microsecond=int(digits.ljust(6, "0")))
    if zone and moment.tzinfo is None:
        moment = moment.replace(tzinfo=offset(zone))
    return Dated(moment, source)


def _moment(text: str) -> dt.datetime | None:
    """Read a date; as the standard spells it, in a tenth of the time that any other takes."""
    if len(text) == 19 and text[4] == text[7] == ":":
        try:
            return credible(dt.datetime.fromisoformat(f"{text[:4]}-{text[5:7]}-{text[8:]}"))
        except ValueError:
            pass
    return written(text)

"""ZIP archives through a window: what is in them, and single members up to a limit."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from fileorg.content.window import BudgetError, Window

_LOCAL, _ENTRY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END_LENGTH: Final = 22
_LONGEST_COMMENT: Final = 1 << 16
_LONGEST_DIRECTORY: Final = 1 << 18
_STORED, _DEFLATED = 0, 8


class Member(NamedTuple):
    """A file in an archive: its name, how it is packed into how many bytes, and where."""

    name: str
    method: int
    packed: int
    place: int


def members(window: Window) -> Iterator[Member]:
    """Yield what the central directory lists; of a torn archive, what its head still shows."""
    end = window.tail(_END_LENGTH + 1024)
    place = end.rfind(_END)
    if place < 0:
        end = window.tail(_END_LENGTH + _LONGEST_COMMENT)
        place = end.rfind(_END)
    if 0 <= place <= len(end) - _END_LENGTH:
        length, start = struct.unpack_from("<II", end, place + 12)
        # What stands before the archive, such as a program that unpacks it, shifts everything.
        shift = window.size - len(end) + place - start - length
        directory = window.at(max(0, start + shift), min(length, _LONGEST_DIRECTORY))
        if shift >= 0 and directory.startswith(_ENTRY):
            yield from _listed(directory, shift)
            return
    yield from _in_a_row(window)


def _listed(directory: bytes, shift: int) -> Iterator[Member]:
    place = 0
    while directory[place : place + 4] == _ENTRY and place + 46 <= len(directory):
        (method,) = struct.unpack_from("<H", directory, place + 10)
        packed, _, name, extra, comment = struct.unpack_from("<IIHHH", directory, place + 20)
        (start,) = struct.unpack_from("<I", directory, place + 42)
        text = directory[place + 46 : place + 46 + name].decode("utf-8", "replace")
        yield Member(text, method, packed, start + shift)
        place += 46 + name + extra + comment


def _in_a_row(window: Window) -> Iterator[Member]:
    place = 0
    while len(header := window.at(place, 30)) == 30 and header.startswith(_LOCAL):
        flags, method = struct.unpack_from("<HH", header, 6)
        packed, _, name, extra = struct.unpack_from("<IIHH", header, 18)
        yield Member(window.at(place + 30, name).decode("utf-8", "replace"), method, packed, place)
        if flags & 8:  # its length comes after it
            return
        place += 30 + name + extra + packed


def content(window: Window, member: Member, limit: int) -> bytes:
    """Return up to *limit* bytes of a member, unpacked; `BudgetError` where that can't be done."""
    import zlib

    header = window.exactly(member.place, 30)
    name, extra = struct.unpack_from("<HH", header, 26)
    packed = window.at(member.place + 30 + name + extra, min(member.packed, limit))
    if member.method == _STORED:
        return packed
    if member.method != _DEFLATED:
        raise BudgetError
    try:
        return zlib.decompressobj(-15).decompress(packed, limit)
    except zlib.error:
        raise BudgetError from None


def named(window: Window, name: str, limit: int) -> bytes:
    """Return up to *limit* bytes of the member of that name, nothing where there is none."""
    for member in members(window):
        if member.name == name:
            return content(window, member, limit)
    return b""

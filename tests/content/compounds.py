"""A small writer of OLE2 compound files, as Word 97 and Outlook make them."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping

_SECTOR, _MINI = 512, 64
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ticks(moment: dt.datetime) -> int:
    """Return a moment as Windows counts it."""
    since = moment - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
    return (since.days * 86_400 + since.seconds) * 10_000_000


def summary(title: str, author: str, made: dt.datetime) -> bytes:
    """Return a stream of properties: a title, who made it, and when."""
    values = [(2, _text(title)), (4, _text(author)), (12, struct.pack("<IQ", 64, ticks(made)))]
    place = 8 + 8 * len(values)
    places, content = b"", b""
    for name, value in values:
        places += struct.pack("<II", name, place + len(content))
        content += value
    section = struct.pack("<II", place + len(content), len(values)) + places + content
    head = struct.pack("<HHI16sI", 0xFFFE, 0, 2, bytes(16), 1)
    return head + bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9") + b"\x30\0\0\0" + section


def _text(words: str) -> bytes:
    text = words.encode("cp1252") + b"\0"
    return struct.pack("<II", 30, len(text)) + text.ljust((len(text) + 3) // 4 * 4, b"\0")


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with small streams: all of them lie in the root's own."""
    mini = b""
    mini_fat: list[int] = []
    entries = []
    for number, (name, content) in enumerate(streams.items(), start=1):
        first, pieces = len(mini_fat), -(-len(content) // _MINI)
        mini_fat += [*range(first + 1, first + pieces), _END]
        mini += content.ljust(pieces * _MINI, b"\0")
        after = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, first, len(content), beside=after))
    home = -(-len(mini) // _SECTOR)
    folder = _entry("Root Entry", 5, 3, len(mini), within=1) + b"".join(entries)
    directory = folder.ljust(_SECTOR * -(-len(folder) // _SECTOR), b"\0")
    after = 3 + home
    more = len(directory) // _SECTOR - 1
    fat = [_FAT, after if more else _END, _END, *range(4, 3 + home), _END]
    fat += [*range(after + 1, after + more), _END] if more else []
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, _END, 0)
    header += _table([0], 109)
    sectors = _table(fat, 128) + directory[:_SECTOR] + _table(mini_fat, 128)
    return header + sectors + mini.ljust(home * _SECTOR, b"\0") + directory[_SECTOR:]


def _entry(
    name: str, kind: int, start: int, size: int, *, beside: int = _FREE, within: int = _FREE
) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack(
        "<HBB3I", len(text) + 2, kind, 1, _FREE, beside, within
    )
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _table(numbers: list[int], length: int) -> bytes:
    return struct.pack(f"<{length}I", *numbers, *[_FREE] * (length - len(numbers)))

"""ASF: WMA and WMV, objects with long numbers for names."""

import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import since
from fileorg.content.window import Window

_FILE: Final = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_CONTENT: Final = bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c")
_MORE: Final = bytes.fromhex("40a4d0d207e3d21197f000a0c95ea850")
_STREAM: Final = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
_VIDEO: Final = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_MOST_OBJECTS: Final = 100
_MOST_TAGS: Final = 200
_LONGEST: Final = 4_096
_FIELDS: Final = {"WM/AlbumTitle": "album", "WM/TrackNumber": "track"}


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a WMA or WMV says."""
    for kind, start, length in _objects(window):
        if kind == _FILE:
            (ticks,) = struct.unpack("<Q", window.exactly(start + 24, 8))
            yield DATE, dated(since(1601, ticks / 1e7), "ASF CreationDate")
        elif kind == _CONTENT:
            title, artist = struct.unpack("<HH", window.exactly(start, 4))
            yield "title", _text(window.at(start + 10, title))
            yield "artist", _text(window.at(start + 10 + title, artist))
        elif kind == _MORE:
            yield from _tags(window.at(start, min(length, 1 << 18)))
        elif kind == _STREAM and window.at(start, 16) == _VIDEO:
            width, height = struct.unpack("<II", window.exactly(start + 54, 8))
            yield "width", width
            yield "height", height


def _objects(window: Window) -> Iterator[tuple[bytes, int, int]]:
    place = 30
    for _ in range(_MOST_OBJECTS):
        header = window.at(place, 24)
        if len(header) < 24:
            return
        kind, length = struct.unpack("<16sQ", header)
        if length < 24:
            return
        yield kind, place + 24, length - 24
        place += length


def _tags(content: bytes) -> Evidence:
    (count,) = struct.unpack_from("<H", content)
    place = 2
    for _ in range(min(count, _MOST_TAGS)):
        (length,) = struct.unpack_from("<H", content, place)
        name = _text(content[place + 2 : place + 2 + length])
        place += 2 + length
        kind, length = struct.unpack_from("<HH", content, place)
        value = content[place + 4 : place + 4 + length]
        if name in _FIELDS:
            number = str(int.from_bytes(value, "little"))
            yield _FIELDS[name], _text(value[:_LONGEST]) if kind == 0 else number
        place += 4 + length


def _text(content: bytes) -> str:
    return content.decode("utf-16-le", "replace").partition("\0")[0].strip()

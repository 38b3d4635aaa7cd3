"""Flash video: what the script tag before the pictures says, and XMP."""

import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata import xmp
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_SCRIPT: Final = 18
_LONGEST: Final = 64 << 10
_NAME: Final = b"\x02\x00\x0aonMetaData"
_NUMBER, _FLAG, _TEXT, _ARRAY = 0, 1, 2, 8
_FIELDS: Final = {b"title": "title", b"artist": "artist", b"width": "width", b"height": "height"}


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield title, artist and the size of the pictures, and what XMP says."""
    (start,) = struct.unpack(">I", window.exactly(5, 4))
    kind, high, low = struct.unpack(">BBH", window.exactly(start + 4, 4))
    if kind == _SCRIPT:
        script = window.at(start + 15, min(high << 16 | low, _LONGEST))
        for name, value in _said(script):
            if name in _FIELDS:
                yield _FIELDS[name], value
    yield from xmp.read(window, wanted)


def _said(script: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield names with their numbers and texts, up to the first value of any other kind."""
    if not script.startswith(_NAME) or script[len(_NAME)] != _ARRAY:
        return
    place = len(_NAME) + 5
    while place + 3 <= len(script):
        (length,) = struct.unpack_from(">H", script, place)
        name, kind = script[place + 2 : place + 2 + length], script[place + 2 + length]
        place += 3 + length
        if kind == _NUMBER:
            (number,) = struct.unpack_from(">d", script, place)
            place += 8
            yield name, str(int(number)) if 0 < number < 1 << 31 else ""
        elif kind == _TEXT:
            (length,) = struct.unpack_from(">H", script, place)
            yield name, script[place + 2 : place + 2 + length].decode("utf-8", "replace")
            place += 2 + length
        elif kind == _FLAG:
            place += 1
        else:
            return

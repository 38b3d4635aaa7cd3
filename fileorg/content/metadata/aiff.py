"""AIFF: chunks, with an ID3 tag in one of them."""

import struct
from typing import Final

from fileorg.content.metadata import id3
from fileorg.content.metadata.evidence import Evidence
from fileorg.content.window import Window

_MOST_CHUNKS: Final = 200
_LONGEST: Final = 4_096
_FIELDS: Final = {b"NAME": "title", b"AUTH": "artist"}


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what an AIFF says."""
    place = 12
    for _ in range(_MOST_CHUNKS):
        header = window.at(place, 8)
        if len(header) < 8:
            return
        kind, length = struct.unpack(">4sI", header)
        if kind in _FIELDS:
            text = window.at(place + 8, min(length, _LONGEST))
            yield _FIELDS[kind], text.partition(b"\0")[0].decode("utf-8", "replace").strip()
        elif kind in {b"ID3 ", b"id3 "}:
            yield from id3.said(window, place + 8)
        place += 8 + length + length % 2

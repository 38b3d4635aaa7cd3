"""APEv2 tags, at the end of Monkey's Audio, Musepack, WavPack and some MP3."""

import struct
from typing import Final

from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import written
from fileorg.content.window import Window

_MARK: Final = b"APETAGEX"
_FOOTER: Final = 32
_OLD_TAG: Final = 128
_LONGEST: Final = 1 << 16
_MOST_ITEMS: Final = 200
_FIELDS: Final = {b"title": "title", b"artist": "artist", b"album": "album", b"track": "track"}
_DATES: Final = {b"record date": "APE RecordDate", b"year": "APE Year"}


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a file with an APE tag says."""
    return at_end(window)


def at_end(window: Window) -> Evidence:
    """Yield what the APE tag at the end says, before an ID3v1 tag too; nothing without one."""
    end = window.tail(_FOOTER + _OLD_TAG)
    place = end.rfind(_MARK)
    if place < 0 or place + _FOOTER > len(end):
        return
    length, count = struct.unpack_from("<II", end, place + 12)
    start = window.size - len(end) + place + _FOOTER - length
    tag = window.at(max(0, start), min(length, _LONGEST))
    place = 0
    for _ in range(min(count, _MOST_ITEMS)):
        if place + 8 > len(tag):
            return
        (size,) = struct.unpack_from("<I", tag, place)
        name = tag[place + 8 : place + 8 + 256].partition(b"\0")[0]
        begin = place + 9 + len(name)
        text = tag[begin : begin + size].partition(b"\0")[0].decode("utf-8", "replace").strip()
        name = name.lower()
        if name in _FIELDS:
            yield _FIELDS[name], text
        elif name in _DATES:
            yield DATE, dated(written(text), _DATES[name])
        place = begin + size

"""IPTC records in the image resources that Photoshop writes into JPEG, TIFF and its own files."""

import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import written

_IPTC: Final = 0x0404
_MOST_RECORDS: Final = 500
_TITLE, _DAY, _TIME, _ARTIST = 5, 55, 60, 80


def said(resources: bytes) -> Evidence:
    """Yield what the IPTC records among image resources say."""
    for kind, content in _resources(resources):
        if kind == _IPTC:
            yield from of_records(content)


def _resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each image resource: its number and its content."""
    place = 0
    while block[place : place + 4] == b"8BIM" and place + 12 <= len(block):
        (kind,) = struct.unpack_from(">H", block, place + 4)
        place += 6 + (block[place + 6] + 2) // 2 * 2  # a name, made even
        if place + 4 > len(block):
            return
        (length,) = struct.unpack_from(">I", block, place)
        place += 4
        yield kind, block[place : place + length]
        place += (length + 1) // 2 * 2


def of_records(content: bytes) -> Evidence:
    """Yield what IPTC records say."""
    values: dict[int, str] = {}
    place = 0
    for _ in range(_MOST_RECORDS):
        if content[place : place + 1] != b"\x1c" or place + 5 > len(content):
            break
        record, number, length = struct.unpack_from(">BBH", content, place + 1)
        place += 5
        if record == 2:  # the record for the picture itself
            values.setdefault(number, content[place : place + length].decode("utf-8", "replace"))
        place += length
    day, time = values.get(_DAY, ""), values.get(_TIME, "")
    yield DATE, dated(written(f"{day}T{time}") or written(day), "IPTC DateCreated")
    yield "artist", values.get(_ARTIST, "").strip()
    yield "title", values.get(_TITLE, "").strip()

"""Matroska and WebM: elements with numbers and lengths of variable size."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import since, written
from fileorg.content.window import BudgetError, Window

_SEGMENT, _CLUSTER, _INFO, _TRACKS, _TAGS = (
    0x18538067,
    0x1F43B675,
    0x1549A966,
    0x1654AE6B,
    0x1254C367,
)
_DATE, _TITLE = 0x4461, 0x7BA9
_TRACK, _VIDEO, _WIDTH, _HEIGHT = 0xAE, 0xE0, 0xB0, 0xBA
_TAG, _SIMPLE_TAG, _NAME, _STRING = 0x7373, 0x67C8, 0x45A3, 0x4487
_LONGEST: Final = 4_096
_FIELDS: Final = {
    "ARTIST": "artist", "ALBUM": "album", "TITLE": "title", "PART_NUMBER": "track",
}  # fmt: skip
_DATES: Final = frozenset(
    {"DATE_RECORDED", "DATE", "COM.APPLE.QUICKTIME.CREATIONDATE", "CREATION_TIME"}
)


class _Element(NamedTuple):
    kind: int
    start: int
    end: int


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a film says up to its first pictures."""
    segment = next((e for e in _elements(window, 0, window.size) if e.kind == _SEGMENT), None)
    if segment is None:
        return
    for element in _elements(window, segment.start, segment.end):
        if element.kind == _INFO:
            yield from _info(window, element)
        elif element.kind == _TRACKS:
            yield from _size(window, element)
        elif element.kind == _TAGS:
            yield from _tags(window, element)
        elif element.kind == _CLUSTER:
            return


def _info(window: Window, info: _Element) -> Evidence:
    for element in _within(window, info):
        if element.kind == _DATE:
            (nanoseconds,) = struct.unpack(">q", window.exactly(element.start, 8))
            yield DATE, dated(since(2001, nanoseconds / 1e9), "Matroska DateTimeOriginal")
        elif element.kind == _TITLE:
            yield "title", _text(window, element)


def _size(window: Window, tracks: _Element) -> Evidence:
    for track in _within(window, tracks):
        for video in _within(window, track) if track.kind == _TRACK else ():
            for element in _within(window, video) if video.kind == _VIDEO else ():
                if element.kind in {_WIDTH, _HEIGHT}:
                    value = window.at(element.start, min(element.end - element.start, 8))
                    name = "width" if element.kind == _WIDTH else "height"
                    yield name, int.from_bytes(value, "big")


def _tags(window: Window, tags: _Element) -> Evidence:
    for tag in _within(window, tags):
        for simple in _within(window, tag) if tag.kind == _TAG else ():
            texts = {
                element.kind: _text(window, element)
                for element in (_within(window, simple) if simple.kind == _SIMPLE_TAG else ())
                if element.kind in {_NAME, _STRING}
            }
            name, text = texts.get(_NAME, "").upper(), texts.get(_STRING, "")
            if name in _DATES:
                yield DATE, dated(written(text), f"Matroska {name}")
            elif name in _FIELDS:
                yield _FIELDS[name], text


def _within(window: Window, element: _Element) -> Iterator[_Element]:
    return _elements(window, element.start, element.end)


def _elements(window: Window, start: int, end: int) -> Iterator[_Element]:
    while start < end:
        kind, start = _number(window, start, keep=True)
        length, start = _number(window, start, keep=False)
        stop = min(start + length, end)
        yield _Element(kind, start, stop)
        start = stop


def _number(window: Window, place: int, *, keep: bool) -> tuple[int, int]:
    """Return a number of variable size and its end; *keep* the bits that say its length."""
    first = window.exactly(place, 1)[0]
    length = 9 - first.bit_length()
    if length > 8:
        raise BudgetError
    value = int.from_bytes(window.exactly(place, length), "big")
    if not keep:
        bits = 7 * length
        value &= (1 << bits) - 1
        if value == (1 << bits) - 1:  # a length that was not known when it was written
            value = 1 << 62
    return value, place + length


def _text(window: Window, element: _Element) -> str:
    content = window.at(element.start, min(element.end - element.start, _LONGEST))
    return content.partition(b"\0")[0].decode("utf-8", "replace").strip()

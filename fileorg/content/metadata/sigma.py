"""Sigma's X3F: sections with a directory at the end, among them properties and a whole JPEG."""

import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata import jpeg
from fileorg.content.metadata.evidence import DATE, Evidence, camera, dated
from fileorg.content.metadata.moments import on_a_clock
from fileorg.content.window import BudgetError, Window

_PREVIEW, _PROPERTIES = b"IMA2", b"PROP"
_PREVIEW_HEADER, _PROPERTIES_HEADER = 28, 24
_MOST_SECTIONS: Final = 64
_MOST_PROPERTIES: Final = 500
_LONGEST: Final = 1 << 16
_LONGEST_WORD: Final = 200
_SIZED_BELOW: Final = 4
"""The version of the format from which on its header says no more how large the picture is."""


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what an X3F says: the EXIF of its preview, else its own properties."""
    sections = list(_sections(window))
    for kind, start, _ in sections:
        if kind == _PREVIEW and window.at(start + _PREVIEW_HEADER, 2) == b"\xff\xd8":
            yield from _of_preview(window, start + _PREVIEW_HEADER)
    for kind, start, length in sections:
        if kind == _PROPERTIES:
            yield from _said(_properties(window.at(start, min(length, _LONGEST))))
    _, version, width, height = struct.unpack("<HH20xII", window.exactly(4, 32))
    if version < _SIZED_BELOW:
        yield "width", width
        yield "height", height


def _sections(window: Window) -> Iterator[tuple[bytes, int, int]]:
    """Yield the kind of each section, where it begins, and how long it is."""
    (place,) = struct.unpack("<I", window.exactly(window.size - 4, 4))
    mark, count = struct.unpack("<4s4xI", window.exactly(place, 12))
    if mark != b"SECd":
        raise BudgetError
    for number in range(min(count, _MOST_SECTIONS)):
        start, length, kind = struct.unpack("<II4s", window.exactly(place + 12 + 12 * number, 12))
        yield kind, start, length


def _of_preview(window: Window, start: int) -> Evidence:
    """Yield what the preview says, but for its size."""
    for name, value in jpeg.said(window, start):
        if name not in {"width", "height"}:
            yield name, value


def _properties(section: bytes) -> dict[str, str]:
    """Return names and values, which are listed by where their letters begin."""
    (count,) = struct.unpack_from("<I", section, 8)
    count = min(count, _MOST_PROPERTIES)
    texts = section[_PROPERTIES_HEADER + 8 * count :]
    places = struct.unpack_from(f"<{2 * count}I", section, _PROPERTIES_HEADER)
    words = [_word(texts[2 * at :][: 2 * _LONGEST_WORD]) for at in places]
    return dict(zip(words[::2], words[1::2], strict=True))


def _word(letters: bytes) -> str:
    return letters.decode("utf-16-le", "ignore").partition("\0")[0]


def _said(properties: dict[str, str]) -> Evidence:
    yield DATE, dated(on_a_clock(int(properties.get("TIME", "0"))), "X3F DateTimeOriginal")
    yield "camera", camera(properties.get("CAMMANUF", ""), properties.get("CAMMODEL", ""))

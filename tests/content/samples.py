"""Valid files of every kind that is read, and the damage that is done to them."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from fileorg.content.kind import mime_of
from fileorg.content.metadata.reading import FIELDS, metadata_of
from fileorg.content.text import LONGEST, text_of
from tests.content import hostile_media
from tests.content.windows import Watched, window_of

BUDGET: Final = 1 << 16
STEPS: Final = 2_000
"""What a reader may have here of a file: less than of a real one, so that it is used up."""

_SMALL: Final = 40_000
_LONGEST: Final = 80_000
_EDGES: Final = (0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF)
_FORMS: Final = ("B", "<H", ">H", "<I", ">I", "<Q", ">Q")


def small(folder: Path) -> dict[str, bytes]:
    """Return the files of a corpus by their names, and hostile ones, each with no more than 40 kB.

    Longer ones are cut: what a sound says of itself stands at its beginning.
    """
    files = {path.name: path.read_bytes()[:_SMALL] for path in sorted(folder.iterdir())}
    return files | {name: made[:_SMALL] for name, made in hostile_media.make().items()}


def _cut(content: bytearray, place: int, _: random.Random) -> None:
    del content[max(place, 1) :]


def _drop(content: bytearray, place: int, chance: random.Random) -> None:
    del content[place : place + chance.randrange(1, 64)]


def _flip(content: bytearray, place: int, chance: random.Random) -> None:
    content[place] ^= 1 << chance.randrange(8)


def _number(content: bytearray, place: int, chance: random.Random) -> None:
    """Write a length that is too small, too large, or the largest there is."""
    _write(content, place, chance.choice(_EDGES), chance.choice(_FORMS))


def _offset(content: bytearray, place: int, chance: random.Random) -> None:
    """Write a place in the file, mostly one before, so that offsets lead round in a ring."""
    end = chance.choice((place + 1, place + 1, len(content)))
    _write(content, place, chance.randrange(end), chance.choice(_FORMS[1:]))


def _repeat(content: bytearray, place: int, chance: random.Random) -> None:
    """Put a stretch there several times, as a table with too many entries has it."""
    stretch = content[place : place + chance.randrange(1, 300)]
    content[place:place] = stretch * chance.randrange(1, 20)


def _nest(content: bytearray, place: int, chance: random.Random) -> None:
    """Put a stretch into boxes in boxes, of a kind that stands there."""
    kind, inner = bytes(content[place + 4 : place + 8]), bytes(content[place : place + 200])
    for _ in range(chance.randrange(1, 60)):
        inner = struct.pack(">I", len(inner) + 8) + kind + inner
    content[place:place] = inner


DAMAGES: Final[dict[str, Callable[[bytearray, int, random.Random], None]]] = {
    "cut": _cut,
    "drop": _drop,
    "flip": _flip,
    "number": _number,
    "offset": _offset,
    "repeat": _repeat,
    "nest": _nest,
}


def damaged(content: bytes, damages: Sequence[str], chance: random.Random) -> bytes:
    """Return *content* with each of the *damages* done to it, at places that *chance* picks.

    Half of them are at the beginning, where the tables are that readers go by.
    """
    changed = bytearray(content)
    for name in damages:
        if changed:
            end = min(len(changed), chance.choice((512, len(changed))))
            DAMAGES[name](changed, chance.randrange(end), chance)
    return bytes(changed[:_LONGEST])


def _write(content: bytearray, place: int, number: int, form: str) -> None:
    size = struct.calcsize(form)
    if place + size <= len(content):
        content[place : place + size] = struct.pack(form, number & (1 << 8 * size) - 1)


def survive(name: str, content: bytes, mimes: Collection[str] = ()) -> None:
    """Read all that is in a file as its own kind and as *mimes*; fail where a reader goes too far.

    An exception is one; so are bytes that are not there, and more bytes or reads than are allowed.
    """
    watched = Watched(content, BUDGET, STEPS)
    mime = mime_of(watched.window, name)
    _within(watched)
    assert mime is None or "/" in mime
    for each in {mime or "", *mimes}:
        watched = Watched(content, BUDGET, STEPS)
        found = metadata_of(watched.window, each, FIELDS)
        _within(watched)
        assert found.fields.keys() <= FIELDS
    if mime != "application/pdf":  # which pypdf reads, at its own speed
        watched = Watched(content, BUDGET, STEPS)
        assert len(text_of(watched.window, mime or "")) <= LONGEST
        _within(watched)


def kind(name: str, content: bytes) -> str:
    """Return the MIME type of a file, empty where it has none."""
    return mime_of(window_of(content), name) or ""


def kinds(files: Mapping[str, bytes]) -> set[str]:
    """Return the MIME types of files."""
    return {kind(name, content) for name, content in files.items()}


def _within(watched: Watched) -> None:
    assert watched.read <= BUDGET
    assert watched.reads <= STEPS

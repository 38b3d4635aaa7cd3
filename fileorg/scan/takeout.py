"""How Google Takeout names the JSON file of a picture (pure).

From `IMG_1.jpg` it makes `IMG_1.jpg.json`, by now `IMG_1.jpg.supplemental-metadata.json`, cut to
46 characters before `.json`. The number of `IMG_1(1).jpg` comes last: `IMG_1.jpg(1).json`.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from fileorg.model.names import split_extension

LONGEST = 46
_ADDED = b".supplemental-metadata"
_NUMBERED = re.compile(rb"(?s)(.*)(\([0-9]{1,4}\))\Z")


def titles(base: bytes) -> Iterator[bytes]:
    """Yield the stems that a media file may have whose JSON file is called *base* and `.json`."""
    title, number = _parted(base)
    for name in _without_addition(title):
        yield split_extension(name)[0] + number
    yield _key(title, number)


def cut_titles(name: bytes) -> Iterator[bytes]:
    """Yield the stem by which `titles` finds a media file whose name is cut."""
    if len(name) > LONGEST and (key := _cut(name)) is not None:
        yield _key(*key)


class Takeout:
    """The media files among the names of a folder by what Takeout makes of them."""

    def __init__(self, names: Iterable[bytes], is_media: Callable[[bytes], bool]) -> None:
        self._names = frozenset(names)
        self._is_media = is_media
        self._cut: dict[tuple[bytes, bytes], list[bytes]] | None = None

    def owner(self, base: bytes) -> bytes | None:
        """Return the media file whose JSON file is called *base* and `.json`; None if none is."""
        title, number = _parted(base)
        for name in _without_addition(title):
            stem, extension = split_extension(name)
            if (found := stem + number + extension) in self._names and self._is_media(found):
                return found
        owners = self._cuts().get((title, number), ())
        return owners[0] if len(owners) == 1 else None

    def _cuts(self) -> dict[tuple[bytes, bytes], list[bytes]]:
        """Return the media files with names that are cut, by the beginning that is left."""
        if self._cut is None:
            self._cut = {}
            for name in [n for n in self._names if len(n) > LONGEST and self._is_media(n)]:
                if (key := _cut(name)) is not None:
                    self._cut.setdefault(key, []).append(name)
        return self._cut


def _cut(name: bytes) -> tuple[bytes, bytes] | None:
    """Return what is left of a long name, and its number; None where nothing has to go."""
    stem, extension = split_extension(name)
    stem, number = _parted(stem)
    title = (stem + extension).decode("utf-8", "surrogateescape")
    if len(title) <= LONGEST:
        return None
    return title[:LONGEST].encode("utf-8", "surrogateescape"), number


def _parted(title: bytes) -> tuple[bytes, bytes]:
    """Return a title without the number at its end, and that number."""
    numbered = _NUMBERED.fullmatch(title)
    return (numbered[1], numbered[2]) if numbered else (title, b"")


def _key(title: bytes, number: bytes) -> bytes:
    """Return what no stem can be, because it holds a slash."""
    return b"%b/%b" % (title, number)


def _without_addition(title: bytes) -> Iterator[bytes]:
    """Yield a title as it is, and without what is left of the addition."""
    yield title
    dot = title.rfind(b".")
    if dot > 0 and _ADDED.startswith(title[dot:]):
        yield title[:dot]

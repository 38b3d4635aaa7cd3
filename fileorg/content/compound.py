"""OLE2 compound files (Word 97, Outlook, installers): streams by name, read through a window."""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from fileorg.content.window import BudgetError, Window

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM: Final = 2
_ENTRY: Final = 128
_MOST_SECTORS: Final = 512
_MOST_ENTRIES: Final = 2_000
_LAST: Final = 0xFFFFFFFA
_MINI: Final = 64


class Stream(NamedTuple):
    """An entry of the directory: a stream, a folder, or the root, which has a class.

    *beside* are the numbers of two others in the same folder, *within* is one of those in it.
    """

    name: str
    kind: int
    beside: tuple[int, int]
    within: int
    classed: bytes
    start: int
    size: int


class Compound:
    """A compound file; `BudgetError` where its header is none."""

    def __init__(self, window: Window) -> None:
        header = window.exactly(0, 512)
        (shift,) = struct.unpack_from("<H", header, 30)
        if not header.startswith(MAGIC) or shift not in {9, 12}:
            raise BudgetError
        self._window: Final = window
        self._sector: Final = 1 << shift
        self._fat: Final = struct.unpack_from("<109I", header, 76)
        self._directory, _, self._cutoff, self._mini_fat = struct.unpack_from("<4I", header, 48)
        (self._more_tables,) = struct.unpack_from("<I", header, 68)

    def top(self) -> Iterator[Stream]:
        """Yield the root, and what stands in it by itself: no streams of what is embedded."""
        entries = list(self._entries())
        yield entries[0]
        ahead, seen = [entries[0].within], set[int]()
        while ahead:
            number = ahead.pop()
            if number < len(entries) and number not in seen:
                seen.add(number)
                yield entries[number]
                ahead += entries[number].beside

    def _entries(self) -> Iterator[Stream]:
        """Yield all that the directory lists, in its order: the root is first."""
        for sector in islice(self._chain(self._directory), _MOST_ENTRIES * _ENTRY // self._sector):
            block = self._window.at((sector + 1) * self._sector, self._sector)
            for place in range(0, len(block) - _ENTRY + 1, _ENTRY):
                length, kind = struct.unpack_from("<HB", block, place + 64)
                left, right, within = struct.unpack_from("<3I", block, place + 68)
                start, size = struct.unpack_from("<II", block, place + 116)
                letters = block[place : place + max(0, min(length, 64) - 2)]
                name, classed = letters.decode("utf-16-le", "replace"), block[place + 80 :][:16]
                yield Stream(name, kind, (left, right), within, classed, start, size)

    def content(self, stream: Stream, limit: int) -> bytes:
        """Return up to *limit* bytes of a stream."""
        wanted = min(stream.size, limit)
        if stream.size < self._cutoff and stream.kind == _STREAM:
            return self._small(stream.start, wanted)
        parts = []
        for sector in self._chain(stream.start):
            if wanted <= 0:
                break
            parts.append(self._window.at((sector + 1) * self._sector, min(wanted, self._sector)))
            wanted -= self._sector
        return b"".join(parts)

    def _small(self, start: int, wanted: int) -> bytes:
        """Return what lies in pieces of the root's own stream."""
        root = next(self._entries())
        home = list(self._chain(root.start))
        table = list(self._chain(self._mini_fat))
        parts = []
        piece = start
        for _ in range(min(_MOST_SECTORS, -(-wanted // _MINI))):
            sector, offset = divmod(piece * _MINI, self._sector)
            parts.append(self._window.at((home[sector] + 1) * self._sector + offset, _MINI))
            sector, offset = divmod(piece * 4, self._sector)
            piece = self._number((table[sector] + 1) * self._sector + offset)
            if piece >= _LAST:
                break
        return b"".join(parts)[:wanted]

    def _chain(self, sector: int) -> Iterator[int]:
        """Yield the sectors that follow one another, up to a bound: a torn chain may be a ring."""
        for _ in range(_MOST_SECTORS):
            if sector >= _LAST:
                return
            yield sector
            table, offset = divmod(sector * 4, self._sector)
            sector = self._number((self._table(table) + 1) * self._sector + offset)

    def _table(self, number: int) -> int:
        """Return the sector of a part of the table of chains; large files have more of them."""
        if number < len(self._fat):
            return int(self._fat[number])
        more, number = divmod(number - len(self._fat), self._sector // 4 - 1)
        sector = self._more_tables
        for _ in range(min(more, _MOST_SECTORS)):
            sector = self._number((sector + 2) * self._sector - 4)
        return self._number((sector + 1) * self._sector + 4 * number)

    def _number(self, place: int) -> int:
        return int(struct.unpack("<I", self._window.exactly(place, 4))[0])

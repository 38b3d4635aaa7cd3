"""Files of one size told apart by their very bytes, read side by side, each block once."""

from collections.abc import Callable, Sequence
from io import BufferedIOBase
from typing import Self

import msgspec

from fileorg.content import digest
from fileorg.dedupe.grouping import by
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage
from fileorg.storage.translate import translated

MANY = 16
"""More files than this are told apart by digest first, so that few blocks are held at once."""

MOST_OPEN = 64

Told = Callable[[int], None]
_Parts = list[tuple[bytearray, list[int]]]


class Proven(msgspec.Struct, array_like=True):
    """What came of comparing, all as positions.

    The groups with their digest, what is known of each file by now, and what could not be read.
    """

    groups: list[tuple[bytes, list[int]]] = []
    known: dict[int, dict[int, bytes]] = {}
    lost: list[tuple[int, Reason, str]] = []


class Prover:
    """Compares files; *block* bytes of one are read before the next one's turn."""

    def __init__(self, storage: ReadableStorage, block: int, told: Told) -> None:
        self._storage = storage
        self._block = block
        self._told = told
        self._buffers: list[bytearray] = []

    def prove(self, files: Sequence[FileEntry]) -> Proven:
        """Return which of *files*, all of one size, hold the same bytes."""
        self._files = files
        self._result = Proven([], {}, [])
        members = list(range(len(files)))
        with _Opened(self._storage) as self._opened:
            for part in [members] if len(files) <= MANY else self._of_one_digest(members):
                self._part(part)
        return self._result

    def _of_one_digest(self, members: list[int]) -> list[list[int]]:
        digests = {}
        size = self._files[0].fingerprint.size
        for member in members:
            running, start = digest.Running(), 0
            while start < size and self._read(member, start, content := self._buffer(0, start)):
                running.update(content)
                start += self._block
            if start >= size:
                digests[member] = running.digest()
                self._know(member, size, digests[member])
        return by(digests.__getitem__, digests)

    def _part(self, members: list[int]) -> None:
        """Read on in all *members* until they are told apart, and in each part of them again."""
        size = self._files[0].fingerprint.size
        pending = [(members, digest.Running(), 0)]
        while pending:
            members, running, start = pending.pop()
            while start < size and len(members) > 1:
                parts, rest = self._block_of(members, start)
                end = min(start + self._block, size)
                if rest:
                    pending.append((rest, running.copy(), start))
                if len(parts) == 1:
                    members = parts[0][1]
                    running.update(parts[0][0])
                    start = end
                    continue
                for content, part in parts:
                    branch = running.copy()
                    branch.update(content)
                    for member in part:
                        self._know(member, end, branch.digest())
                    pending.append((part, branch, end))
                members = []
            if len(members) > 1:
                self._found(members, running.digest())

    def _block_of(self, members: list[int], start: int) -> tuple[_Parts, list[int]]:
        """Return the members by what they hold at *start*, and those left for another turn."""
        parts: _Parts = []
        rest: list[int] = []
        for member in members:
            content = self._buffer(len(parts), start)
            if not self._read(member, start, content):
                continue
            for known, part in parts:
                if known == content:
                    part.append(member)
                    break
            else:
                if len(parts) < MANY:
                    parts.append((content, [member]))
                else:
                    rest.append(member)
        return parts, rest

    def _found(self, members: list[int], found: bytes) -> None:
        """Write down a group, without those that changed while they were read."""
        kept = [member for member in members if self._is_as_it_was(member)]
        size = self._files[0].fingerprint.size
        for member in kept:
            self._know(member, size, found)
        if len(kept) > 1:
            self._result.groups.append((found, kept))

    def _buffer(self, number: int, start: int) -> bytearray:
        """Return one of the buffers for what stands at *start*; a shorter last block has its own.

        They are used again: to get so much memory anew each time takes longer than to read it.
        """
        length = min(self._block, self._files[0].fingerprint.size - start)
        if length < self._block:
            return bytearray(length)
        if number == len(self._buffers):
            self._buffers.append(bytearray(length))
        return self._buffers[number]

    def _read(self, member: int, start: int, buffer: bytearray) -> bool:
        """Fill *buffer*; False where that fails, and the member is lost."""
        try:
            found = self._opened.readinto(self._files[member].location, start, buffer)
        except StorageError as error:
            self._result.lost.append((member, error.reason, str(error)))
            return False
        self._told(found)
        if found < len(buffer):
            self._result.lost.append((member, Reason.CHANGED, ""))
            return False
        return True

    def _is_as_it_was(self, member: int) -> bool:
        entry = self._files[member]
        try:
            found = self._storage.stat(entry.location)
        except StorageError as error:
            self._result.lost.append((member, error.reason, str(error)))
            return False
        if found.fingerprint.is_unedited(entry.fingerprint):
            return True
        self._result.lost.append((member, Reason.CHANGED, ""))
        return False

    def _know(self, member: int, length: int, found: bytes) -> None:
        self._result.known.setdefault(member, {})[length] = found


class _Opened:
    """Files that are read block by block, some of them kept open in between."""

    def __init__(self, storage: ReadableStorage) -> None:
        self._storage = storage
        self._files: dict[Location, BufferedIOBase] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def readinto(self, location: Location, start: int, buffer: bytearray) -> int:
        """Fill *buffer* from *start* on; return how many bytes that were; `StorageError`."""
        file = self._files.get(location)
        if file is None:
            if len(self._files) == MOST_OPEN:
                self._close()
            file = self._files[location] = self._storage.open(location)
        try:
            if file.tell() != start:
                file.seek(start)
            return file.readinto(buffer)
        except OSError as error:
            raise translated(error) from error

    def _close(self) -> None:
        while self._files:
            self._files.popitem()[1].close()

"""Files of one size told apart by their very bytes, read side by side, each block once."""

from collections.abc import Callable, Sequence

import msgspec

from fileorg.content import digest
from fileorg.dedupe.grouping import by
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.reason import Reason
from fileorg.storage.base import ReadableStorage

MANY = 16
"""More files than this are told apart by digest first, so that few blocks are held at once."""

Told = Callable[[int], None]
_Parts = list[tuple[bytes, list[int]]]


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

    def prove(self, files: Sequence[FileEntry]) -> Proven:
        """Return which of *files*, all of one size, hold the same bytes."""
        self._files = files
        self._result = Proven([], {}, [])
        if files[0].fingerprint.size <= digest.SMALL:
            self._small()
            return self._result
        members = list(range(len(files)))
        for part in [members] if len(files) <= MANY else self._of_one_digest(members):
            self._part(part)
        return self._result

    def _small(self) -> None:
        """Compare files that are read whole at once; of equal marks nearly all are the same."""
        contents: dict[bytes, list[int]] = {}
        for member in range(len(self._files)):
            content = self._read(member, 0)
            if content is not None:
                contents.setdefault(content, []).append(member)
        self._result.groups = [
            (digest.digest(content), members)
            for content, members in contents.items()
            if len(members) > 1
        ]

    def _of_one_digest(self, members: list[int]) -> list[list[int]]:
        digests = {}
        size = self._files[0].fingerprint.size
        for member in members:
            running, start = digest.Running(), 0
            while start < size and (content := self._read(member, start)) is not None:
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
            content = self._read(member, start)
            if content is None:
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

    def _read(self, member: int, start: int) -> bytes | None:
        entry = self._files[member]
        wanted = min(self._block, entry.fingerprint.size - start)
        try:
            content = self._storage.read(entry.location, start, wanted)
        except StorageError as error:
            self._result.lost.append((member, error.reason, str(error)))
            return None
        self._told(len(content))
        if len(content) < wanted:
            self._result.lost.append((member, Reason.CHANGED, ""))
            return None
        return content

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

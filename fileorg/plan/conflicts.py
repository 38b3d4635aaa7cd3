"""What happens when a target name is taken (pure)."""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import assert_never

from fileorg.errors import ConflictError
from fileorg.model.entry import FileEntry, Kind, Skip
from fileorg.model.location import text
from fileorg.model.plan import ConflictPolicy
from fileorg.model.reason import Reason
from fileorg.plan.naming import next_number
from fileorg.plan.shelf import Chain, Shelf
from fileorg.plan.surroundings import Surroundings


class Decision(Enum):
    """What to do about a taken name."""

    NUMBER = 1
    SET_ASIDE = 2
    REFUSE = 3


class UndecidedError(Exception):
    """Whether a holder stays is not known before the whole stream was read: ask again then."""


def decide(
    policy: ConflictPolicy, source: FileEntry, holder: FileEntry | None
) -> Decision | Reason:
    """Return the decision, or the reason for which the source stays.

    *holder* is a file that stands there and stays; None where it can't be set aside, because it
    is a folder, moves itself in this run, or is only planned: then it keeps the name.
    """
    match policy:
        case ConflictPolicy.RENAME:
            return Decision.NUMBER
        case ConflictPolicy.SKIP:
            return Reason.TAKEN
        case ConflictPolicy.FAIL:
            return Decision.REFUSE
        case ConflictPolicy.REPLACE:
            return Decision.SET_ASIDE if _replaceable(source, holder) else Decision.NUMBER
        case ConflictPolicy.NEWER:
            if holder is None or not _replaceable(source, holder):
                return Decision.NUMBER
            newer = source.fingerprint.mtime_ns > holder.fingerprint.mtime_ns
            return Decision.SET_ASIDE if newer else Reason.OLDER
        case _:
            assert_never(policy)


def _replaceable(source: FileEntry, holder: FileEntry | None) -> bool:
    return (
        holder is not None
        and source.kind is not Kind.FOLDER
        and holder.kind in {Kind.FILE, Kind.SYMLINK}
    )


def _is_alike(one: FileEntry, other: FileEntry) -> bool:
    """Whether both are folders, or neither is."""
    return (one.kind is Kind.FOLDER) == (other.kind is Kind.FOLDER)


class Resolver:
    """Says what becomes of a file whose target name is taken.

    *leaves* tells whether a file that stands at a target moves away in this run.
    """

    def __init__(
        self,
        around: Surroundings,
        policy: ConflictPolicy,
        leaves: Callable[[FileEntry], bool],
        *,
        copies: bool,
    ) -> None:
        self._around = around
        self._policy = policy
        self._leaves = leaves
        self._copies = copies
        self._replaces = policy in {ConflictPolicy.REPLACE, ConflictPolicy.NEWER}

    def resolve(
        self, entry: FileEntry, shelf: Shelf, name: bytes, stays: Callable[[bytes], bool]
    ) -> bytes | FileEntry | Skip:
        """Return the name to take, the holder to set aside first, or why the file stays.

        *stays* tells whether a second run would leave the file alone under a numbered name.
        `ConflictError` under the policy `fail`; `UndecidedError` changes nothing.
        """
        is_taken = not shelf.is_free(name)  # if not, what is there would be told to belong to it
        if is_taken and shelf.holder_of(name) == entry.location:
            return Skip(entry.location, Reason.IN_PLACE)
        chain = shelf.chain(name) or self._begin(entry, shelf, name, is_taken=is_taken)
        twin = self._twin(entry, shelf, chain.like(entry))
        if twin is not None:
            return twin
        may_replace = is_taken and self._replaces and shelf.was_there(name)
        replaceable = self.stayer(shelf, name) if may_replace else None
        decision = decide(self._policy, entry, replaceable)
        if isinstance(decision, Reason):
            return Skip(entry.location, decision, text(shelf.prefix + name))
        if decision is Decision.REFUSE:
            raise ConflictError(
                f"{text(shelf.prefix + name)}: {text(entry.location.path)} belongs there, "
                "but the name is taken by another file",
                "nothing was moved; --on-conflict rename would number it",
            )
        if decision is Decision.SET_ASIDE and replaceable is not None:
            return self._replace(entry, shelf, name, chain, replaceable)
        answer = self._next_free(entry, shelf, name, chain)
        if isinstance(answer, bytes):
            # Where a second run might find the name free, or would replace, it can't be left.
            if chain.is_binding and not self._replaces and not stays(answer):
                return Skip(entry.location, Reason.TAKEN, "no rule keeps it under a number")
            chain.number += 1
            chain.add(entry)
        return answer

    def _begin(self, entry: FileEntry, shelf: Shelf, name: bytes, *, is_taken: bool) -> Chain:
        if not is_taken:
            is_binding = self.has_stayer(shelf, shelf.strangers((name,), (entry.location,)))
            chain = shelf.start_chain(name)
            chain.is_binding = is_binding
            return chain
        holder = self.stayer(shelf, name)
        chain = shelf.start_chain(name)
        chain.add(holder)
        # Where the name may be free next time, nothing stays because of a numbered file.
        chain.is_binding = holder is not None and (self._copies or _is_alike(entry, holder))
        return chain

    def _replace(
        self, entry: FileEntry, shelf: Shelf, name: bytes, chain: Chain, holder: FileEntry
    ) -> FileEntry | Skip:
        # What stays because a numbered file is the same must not replace another next time.
        answer = self._next_free(entry, shelf, name, chain)
        if isinstance(answer, Skip):
            return answer
        chain.add(entry)
        return holder

    def _next_free(self, entry: FileEntry, shelf: Shelf, name: bytes, chain: Chain) -> bytes | Skip:
        """Return the first numbered name that is free, unless one before it has this content."""
        is_folder = entry.kind is Kind.FOLDER
        while True:
            candidate = next_number(name, chain.number, shelf.able, folder=is_folder)
            if shelf.is_free(candidate):
                if is_folder or not shelf.strangers((candidate,), (entry.location,)):
                    return candidate
                chain.number += 1
                continue
            if shelf.holder_of(candidate) == entry.location:
                return Skip(entry.location, Reason.IN_PLACE)
            holder = self.stayer(shelf, candidate)
            chain.number += 1
            chain.add(holder)
            if holder is not None and chain.is_binding:
                twin = self._twin(entry, shelf, [holder])
                if twin is not None:
                    return twin

    def _twin(self, entry: FileEntry, shelf: Shelf, holders: list[FileEntry]) -> Skip | None:
        for holder in holders:
            if not shelf.is_gone(holder) and self.is_same(entry, holder):
                shelf.pin(holder.location)
                return Skip(entry.location, Reason.SAME_CONTENT, text(holder.location.path))
        return None

    def is_same(self, one: FileEntry, other: FileEntry) -> bool:
        """Whether two files, or all that is in two folders, are the same byte by byte."""
        if one.kind is not other.kind:
            return False
        if one.kind is not Kind.FOLDER:
            is_alike = one.fingerprint.size == other.fingerprint.size
            return is_alike and self._around.same_content(one, other)
        ours, theirs = dict(self._files_in(one)), dict(self._files_in(other))
        return ours.keys() == theirs.keys() and all(
            self.is_same(ours[path], theirs[path]) for path in ours
        )

    def _files_in(self, folder: FileEntry) -> Iterator[tuple[bytes, FileEntry]]:
        cut = len(folder.location.path)
        for seen in self._around.everything_in(folder.location):
            if isinstance(seen, FileEntry):
                yield seen.location.path[cut:], seen

    def has_stayer(self, shelf: Shelf, names: Iterable[bytes]) -> bool:
        """Whether a file that has one of some taken names will still have it after the run."""
        return any(self.stayer(shelf, name) is not None for name in names)

    def stayer(self, shelf: Shelf, name: bytes) -> FileEntry | None:
        """Return the file that has a taken name, if it will still have it after the run."""
        holder = self._around.entry(shelf.holder_of(name))
        if holder is None or (shelf.was_there(name) and self._leaves(holder)):
            return None
        return holder

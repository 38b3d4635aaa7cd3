"""Copies, and moves between devices: copy, sync, prove, note, and only then remove the source.

A group is synced at once, which costs a fraction of one sync a file and is as safe.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType

import msgspec

from fileorg.content.compare import same_content
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.move.acts import (
    Rules,
    arrived,
    failed_copy,
    holds_back,
    is_back,
    is_gone,
    left_copy,
    mismatch,
    missing,
    temporary,
)
from fileorg.move.departure import take_away
from fileorg.storage.base import Storage, is_rewritten

FATAL = frozenset({Reason.DISK_FULL, Reason.READ_ONLY, Reason.DISK_GONE})
"""What no other file of the run will get past either."""

GROUP_FILES = 64
GROUP_BYTES = 256 << 20

NO_UNITS: Mapping[int, int] = MappingProxyType({})

Step = tuple[int, Action]
Note = Callable[[Iterable[Outcome]], None]


class _Copied:
    """A copy under its final name, and the original it was made from."""

    def __init__(self, seq: int, action: Action, original: FileEntry, copy: FileEntry) -> None:
        self.seq, self.action, self.original, self.copy = seq, action, original, copy

    def outcome(self, status: Status, reason: Reason | None = None, detail: str = "") -> Outcome:
        return Outcome(self.seq, status, reason, detail, self.copy.fingerprint.inode)


class Transfer:
    """Carries files over within one run; hard links met before become links again.

    *carried* is told the size of each file as soon as it is there.
    """

    def __init__(
        self,
        storage: Storage,
        note: Note,
        rules: Rules,
        carried: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._storage = storage
        self._note = note
        self._rules = rules
        self._carried = carried
        self._linked: dict[tuple[int, int], FileEntry] = {}

    def carry(
        self, steps: Iterable[Step], units: Mapping[int, int] = NO_UNITS
    ) -> Iterator[Outcome]:
        """Carry files over, a group at a time, and yield the outcome of each that was tried.

        After a full or read-only disk no further one is. Steps that have the same first step in
        *units* are done together: where one fails, the copies of the others are taken back.
        """
        for group in groups(steps, units, GROUP_FILES, GROUP_BYTES):
            copied: list[_Copied] = []
            failed: dict[int, Outcome] = {}
            fault: Outcome | None = None
            for seq, action, made in self._copies(group):
                self._carried(action.fingerprint.size)
                if isinstance(made, _Copied):
                    copied.append(made)
                    continue
                if holds_back(made, self._rules):
                    failed.setdefault(units.get(seq, seq), made)
                if made.reason in FATAL:
                    fault = made
                    break
                yield made
            yield from self._finish(copied, failed, units)
            if fault is not None:
                yield fault
                return

    def _copies(self, group: list[Step]) -> Iterator[tuple[int, Action, _Copied | Outcome]]:
        """Copy a group: what goes plainly to or from a bucket at once, and the rest one by one."""
        over = [step for step in group if self._goes_over(step[1])]
        made = dict(self._gone_over(over)) if over else {}
        for seq, action in group:
            if (copied := made.get(seq)) is not None:
                yield seq, action, copied
        for seq, action in group:
            if seq not in made:
                yield seq, action, self._copy(seq, action)

    def _goes_over(self, action: Action) -> bool:
        """Whether one end of a step is in a bucket."""
        ends = action.source.root, action.target.root
        return any(is_rewritten(self._storage, root) for root in ends)

    def _gone_over(self, steps: list[Step]) -> Iterator[tuple[int, _Copied | Outcome]]:
        """Yield the copies that were made plainly, or stay; the exceptions come one by one."""
        asked = [
            msgspec.structs.replace(action, target=self._place(seq, action))
            for seq, action in steps
        ]
        answers = self._storage.copy_each(asked, restore=self._rules.rollback)
        for (seq, action), made in zip(steps, answers, strict=True):
            original = FileEntry(action.source, action.entry_kind, action.fingerprint)
            if isinstance(made, StorageError) and made.left:
                yield seq, failed_copy(self._storage, seq, action, made)
                continue
            if isinstance(made, StorageError):
                with suppress(StorageError):
                    there = self._arrived(original, made, action.target)
                    yield seq, _Copied(seq, action, original, there)
                continue
            if made.location != action.target:
                try:
                    made = self._publish(made, action.target)  # noqa: PLW2901
                except StorageError:
                    self._clear(made.location)
                    continue
            yield seq, _Copied(seq, action, original, made)

    def _place(self, seq: int, action: Action) -> Location:
        """Return where a copy is made: in a bucket it is there or not, and never half."""
        if is_rewritten(self._storage, action.target.root):
            return action.target
        return temporary(action.target, self._rules.run, seq, "part")

    def _copy(self, seq: int, action: Action) -> _Copied | Outcome:
        try:
            original = self._storage.stat(action.source)
        except StorageError as error:
            return missing(self._storage, seq, action, error, self._rules)
        if self._rules.rollback and is_back(self._storage, original, action):
            return Outcome(seq, Status.SKIPPED, Reason.IN_PLACE)
        reason = mismatch(original, action, self._rules)
        if reason is not None and reason is not Reason.EDITED:
            return Outcome(seq, Status.FAILED, reason)
        part = self._place(seq, action)
        is_whole = part == action.target
        try:
            if is_whole:
                copy = self._write(original, action.target)
            else:
                made = self._copy_or_link(original, part)
                copy = self._publish(made, action.target)
        except StorageError as error:
            if not is_whole:
                self._clear(part)
            return failed_copy(self._storage, seq, action, error)
        if original.links > 1 and original.fingerprint.inode:
            self._linked[original.location.root, original.fingerprint.inode] = copy
        return _Copied(seq, action, original, copy)

    def _write(self, original: FileEntry, target: Location) -> FileEntry:
        """Copy a file into a bucket; an answer that is lost does not matter."""
        try:
            return self._storage.copy(original.location, target, original)
        except StorageError as error:
            return self._arrived(original, error, target)

    def _arrived(self, original: FileEntry, error: StorageError, target: Location) -> FileEntry:
        """Return the copy that is there although there was an error, else raise that."""
        there = arrived(self._storage, error, target)
        if there is None or not same_content(self._storage, original, there):
            raise error
        return there

    def _publish(self, made: FileEntry, target: Location) -> FileEntry:
        """Give a finished copy its name, and return it; a failure leaves nothing there."""
        try:
            self._storage.rename(made.location, target)
        except StorageError as error:
            there = arrived(self._storage, error, target)
            if there is None or not there.fingerprint.is_same_file(made.fingerprint):
                raise
        try:
            return self._storage.stat(target)
        except StorageError:
            with suppress(StorageError):
                self._storage.remove(target, made)
            raise

    def _clear(self, part: Location) -> None:
        """Remove what a copy that failed has left under its temporary name."""
        with suppress(StorageError):  # most often there is nothing
            self._storage.remove(part, self._storage.stat(part))

    def _copy_or_link(self, original: FileEntry, part: Location) -> FileEntry:
        known = self._linked.get((original.location.root, original.fingerprint.inode))
        if known is not None and original.links > 1:
            try:
                self._storage.link(known.location, part)
                return self._storage.stat(part)
            except StorageError:  # no links there, or too many: a copy of its own is as good
                pass
        try:
            return self._storage.copy(original.location, part, original)
        except StorageError as error:
            if error.reason is not Reason.TARGET_EXISTS:
                raise
        self._clear(part)  # it could not be removed when it failed, as on a read-only disk
        return self._storage.copy(original.location, part, original)

    def _finish(
        self, copied: list[_Copied], failed: dict[int, Outcome], units: Mapping[int, int]
    ) -> Iterator[Outcome]:
        """Sync and compare the copies, and take back those of units of which one has *failed*."""
        try:
            self._storage.sync({made.action.target.root for made in copied})
        except StorageError as error:
            for made in copied:
                yield self._take_back(made, error.reason, str(error))
            return
        proven: list[_Copied] = []
        for made in copied:
            reason = self._disproof(made)
            if reason is None:
                proven.append(made)
            else:
                answer = self._take_back(made, reason)
                failed.setdefault(units.get(made.seq, made.seq), answer)
                yield answer
        whole: list[_Copied] = []
        for made in proven:
            if (why := failed.get(units.get(made.seq, made.seq))) is None:
                whole.append(made)
            else:
                yield self._stay(made, why)
        self._note(
            made.outcome(Status.COPIED) for made in whole if made.action.kind is not ActionKind.COPY
        )
        removals = self._removals([made for made in whole if made.seq not in units])
        for made in whole:
            first = units.get(made.seq, made.seq)
            if (why := failed.get(first)) is None:
                outcome = self._conclude(made, removals)
                if outcome.status is Status.FAILED:
                    failed[first] = outcome
            else:
                outcome = self._stay(made, why)
            yield outcome

    def _stay(self, made: _Copied, because_of: Outcome) -> Outcome:
        """Take back the copy of a file because of another one of its unit."""
        return stayed(self._take_back(made, Reason.UNIT), because_of)

    def _disproof(self, made: _Copied) -> Reason | None:
        ends = made.original.location.root, made.copy.location.root
        if any(is_rewritten(self._storage, root) for root in ends):
            return None  # what goes to a bucket, or comes from one, is proven on its way
        try:
            same = same_content(self._storage, made.original, made.copy)
        except StorageError as error:
            return error.reason
        return None if same else Reason.MISMATCH

    def _removals(self, whole: list[_Copied]) -> dict[int, StorageError | None]:
        """Remove at once the originals in buckets, and return what came of each."""
        far = [
            made
            for made in whole
            if made.action.kind is not ActionKind.COPY
            and is_rewritten(self._storage, made.original.location.root)
        ]
        answers = self._storage.remove_each([made.original for made in far])
        return dict(zip((made.seq for made in far), answers, strict=True))

    def _conclude(self, made: _Copied, removals: Mapping[int, StorageError | None]) -> Outcome:
        error = removals.get(made.seq)
        if error is not None and not is_gone(self._storage, made.original.location):
            return self._take_back(made, error.reason, str(error))
        if made.action.kind is not ActionKind.COPY and made.seq not in removals:
            try:
                take_away(self._storage, self._rules.run, made.seq, made.original)
            except StorageError as error:
                return self._take_back(made, error.reason, str(error))
        return made.outcome(Status.DONE)

    def _take_back(self, made: _Copied, reason: Reason, detail: str = "") -> Outcome:
        """Remove a copy whose original stays where it is; a copy without one is kept."""
        return taken_back(self._storage, made.seq, made.original, made.copy, reason, detail)


def taken_back(
    storage: Storage, seq: int, original: FileEntry, copy: FileEntry, reason: Reason, detail: str
) -> Outcome:
    """Remove a copy whose original stands there still, and return how its step failed."""
    why = detail or reason.value
    try:
        _check_original(storage, original)
    except StorageError as error:
        return Outcome(seq, Status.FAILED, reason, f"{why}; its copy is kept: {error}")
    try:
        storage.remove(copy.location, copy)
    except StorageError:
        if not is_gone(storage, copy.location):
            number = copy.fingerprint.inode
            return left_copy(storage, seq, copy.location, reason, why, number)
    return Outcome(seq, Status.FAILED, reason, detail)


def _check_original(storage: Storage, original: FileEntry) -> None:
    """Raise `NOT_OURS` unless what a copy was made from stands there: else the copy has to stay."""
    there = storage.stat(original.location)
    if not there.fingerprint.is_same_file(original.fingerprint):
        raise StorageError(Reason.NOT_OURS)


def stayed(back: Outcome, because_of: Outcome) -> Outcome:
    """Return what came of a file that stays *because_of* another one, its copy taken *back*."""
    if back.detail:
        return back
    status = Status.PENDING if because_of.reason in FATAL else Status.SKIPPED
    return Outcome(back.seq, status, Reason.UNIT)


def groups(
    steps: Iterable[Step], units: Mapping[int, int], files: int, size_bytes: int
) -> Iterator[list[Step]]:
    """Yield steps in groups of at least so many files or bytes, none of which parts a unit."""
    group: list[Step] = []
    size = 0
    for step in steps:
        goes_on = bool(group) and units.get(step[0], step[0]) == units.get(group[-1][0])
        if not goes_on and (len(group) >= files or size >= size_bytes):
            yield group
            group, size = [], 0
        group.append(step)
        size += step[1].fingerprint.size
    if group:
        yield group

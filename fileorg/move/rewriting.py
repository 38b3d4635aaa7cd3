"""Moves and copies where nothing can be renamed: copy, note, and only then remove the source.

A group is copied at once and removed at once. A copy that holds the same by the storage's own word
needs no note: recovery sees that as well.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from sys import maxsize
from typing import NamedTuple

import msgspec

from fileorg.content.compare import same_content
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.move.acts import (
    GONE,
    Rules,
    arrived,
    failed_copy,
    holds_back,
    is_back,
    is_gone,
    look,
    missing,
)
from fileorg.move.transfer import (
    FATAL,
    NO_UNITS,
    Note,
    Step,
    groups,
    stayed,
    taken_back,
)
from fileorg.storage.base import Storage, are_rewritten, in_one_service, is_rewritten

GROUP_FILES = 100
"""Between two groups a signal is heard."""
_IO_ERRORS_IN_A_ROW = 3
_OTHER_NOW = {Reason.CHANGED, Reason.NOT_OURS}


class Made(NamedTuple):
    """A copy, and the original it was made from; *edited* where the plan knew another file.

    *told*: a server says by its number that it holds the same.
    """

    seq: int
    action: Action
    original: FileEntry
    copy: FileEntry
    edited: bool = False
    told: bool = True

    @property
    def inode(self) -> int:
        """What the copy is known by, if not by what the plan has; else 0."""
        is_new = self.copy.fingerprint.inode != self.original.fingerprint.inode
        return self.copy.fingerprint.inode if is_new or self.edited or not self.told else 0


class Rewriting:
    """Carries files over within one run, as `Transfer` does between devices.

    It *is_needed* where a storage has roots without renames, and *is_all* where no other. It
    *is_over* when one file after another was not to be had.
    """

    def __init__(
        self,
        storage: Storage,
        note: Note,
        rules: Rules,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> None:
        self._storage = storage
        self._interrupted = interrupted
        self._note = note
        self._rules = rules
        rewritten = [is_rewritten(storage, root) for root in range(len(storage.roots))]
        self.is_all, self.is_needed = all(rewritten), any(rewritten)
        self.is_over = False

    def takes(self, action: Action) -> bool:
        """Whether a move or copy has to be made like this: from bucket to bucket."""
        return are_rewritten(self._storage, action.source.root, action.target.root)

    def carry(
        self, steps: Iterable[Step], units: Mapping[int, int] = NO_UNITS
    ) -> Iterator[Outcome]:
        """Carry files over, a group at a time, and yield the outcome of each that was tried.

        After a signal, or what no other file will get past, no further group is. Steps that have
        the same first step in *units* are done together: where one fails, the copies of the others
        are taken back.
        """
        for group in groups(steps, units, GROUP_FILES, maxsize):
            if self._interrupted():
                return
            outcomes = list(self._carry(group, units))
            ends = [outcome.reason for outcome in outcomes[-_IO_ERRORS_IN_A_ROW:]]
            self.is_over = ends == [Reason.IO_ERROR] * _IO_ERRORS_IN_A_ROW
            yield from outcomes
            if self.is_over or any(map(_is_fatal, outcomes)):
                return

    def _carry(self, group: list[Step], units: Mapping[int, int]) -> Iterator[Outcome]:
        copied: list[Made] = []
        failed: dict[int, Outcome] = {}
        for seq, made in self._copied(group):
            if isinstance(made, Made):
                copied.append(made)
                continue
            if holds_back(made, self._rules):
                failed.setdefault(units.get(seq, seq), made)
            yield made
        whole: list[Made] = []
        for made in copied:
            if (why := failed.get(units.get(made.seq, made.seq))) is None:
                whole.append(made)
            else:
                yield self._stay(made, why)
        moved = [made for made in whole if made.action.kind is not ActionKind.COPY]
        changed = [Outcome(m.seq, Status.COPIED, inode=m.inode) for m in moved if m.inode]
        if changed:
            self._note(changed)
        removals = self._storage.remove_each([made.original for made in moved])
        answers = dict(zip((made.seq for made in moved), removals, strict=True))
        for made in whole:
            yield self._concluded(made, answers.get(made.seq))

    def _copied(self, group: list[Step]) -> Iterator[tuple[int, Made | Outcome]]:
        """Copy a group, and yield what came of each step."""
        asked = group
        if self._rules.rollback and not self._rules.restores:
            asked = []
            for seq, action in group:
                found = self._as_found(seq, action)
                if isinstance(found, Outcome):
                    yield seq, found
                else:
                    asked.append((seq, found))
        actions = [action for _, action in asked]
        answers = list(self._storage.copy_each(actions, restore=self._rules.restores))
        for (seq, action), answer in zip(asked, answers, strict=True):
            if isinstance(answer, StorageError):
                yield seq, self._exception(seq, action, answer)
            else:
                yield seq, self._copy_of(seq, action, answer)

    def _as_found(self, seq: int, action: Action) -> Action | Outcome:
        """Return a step that is done again with its file as it is now, if it is the known one."""
        try:
            found = self._storage.stat(action.source)
        except StorageError as error:
            return missing(self._storage, seq, action, error, self._rules)
        expected, seen = action.fingerprint, found.fingerprint
        is_it = seen.inode == expected.inode
        if action.kind is ActionKind.COPY:  # what it was copied from was never known by its number
            is_it |= (seen.size, seen.ctime_ns) == (expected.size, expected.ctime_ns)
        if is_it:
            return msgspec.structs.replace(action, fingerprint=seen)
        return self._other(seq, action, found) or action

    def _other(self, seq: int, action: Action, found: FileEntry) -> Outcome | None:
        """Return what becomes of another file than the one to roll back; None: it is taken too."""
        if is_back(self._storage, found, action):
            return Outcome(seq, Status.SKIPPED, Reason.IN_PLACE)
        if self._rules.include_changed:
            return None
        return Outcome(seq, Status.FAILED, Reason.NOT_OURS)

    def _exception(self, seq: int, action: Action, error: StorageError) -> Made | Outcome:
        """Return what a copy that failed means: it is done where only its answer was lost."""
        there = arrived(self._storage, error, action.target)
        if there is not None and self._is_copy(action, there):
            return self._copy_of(seq, action, there)
        if error.reason in GONE:
            return missing(self._storage, seq, action, error, self._rules)
        if self._rules.rollback and error.reason in _OTHER_NOW:
            return self._not_as_known(seq, action)
        return failed_copy(self._storage, seq, action, error)

    def _not_as_known(self, seq: int, action: Action) -> Made | Outcome:
        """Return what a roll back makes of a file that is another one than it knows."""
        try:
            found = self._storage.stat(action.source)
        except StorageError as error:
            return missing(self._storage, seq, action, error, self._rules)
        if (other := self._other(seq, action, found)) is not None:
            return other
        edited = msgspec.structs.replace(action, fingerprint=found.fingerprint)
        (made,) = self._storage.copy_each([edited], restore=self._rules.restores)
        if isinstance(made, StorageError):
            return failed_copy(self._storage, seq, action, made)
        return self._copy_of(seq, edited, made, edited=True)

    def _is_copy(self, action: Action, there: FileEntry) -> bool:
        """Whether what stands at a target holds what is at the source, which is as expected."""
        try:
            source = look(self._storage, action.source)
            is_it = source is not None and source.fingerprint.inode == action.fingerprint.inode
            return is_it and source is not None and same_content(self._storage, source, there)
        except StorageError:
            return False

    def _concluded(self, made: Made, error: StorageError | None) -> Outcome:
        """Return what came of a file that was copied, from what its removal came to."""
        if error is None or error.reason in GONE or is_gone(self._storage, made.original.location):
            reason = Reason.EDITED if made.edited else None
            return Outcome(made.seq, Status.DONE, reason, inode=made.inode)
        return self._take_back(made, error.reason, str(error))

    def _stay(self, made: Made, because_of: Outcome) -> Outcome:
        """Take back the copy of a file because of another one of its unit."""
        return stayed(self._take_back(made, Reason.UNIT), because_of)

    def _take_back(self, made: Made, reason: Reason, detail: str = "") -> Outcome:
        """Remove a copy whose original stays where it is; a copy without one is kept."""
        return taken_back(self._storage, made.seq, made.original, made.copy, reason, detail)

    def _copy_of(self, seq: int, action: Action, made: FileEntry, *, edited: bool = False) -> Made:
        original = FileEntry(action.source, action.entry_kind, action.fingerprint)
        told = in_one_service(self._storage, action.source.root, action.target.root)
        return Made(seq, action, original, made, edited, told)


def _is_fatal(outcome: Outcome) -> bool:
    return outcome.status is Status.FAILED and outcome.reason in FATAL

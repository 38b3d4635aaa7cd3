"""Acts on redundant files: each only after its bytes were compared with those of the file kept.

That one is open for as long as its group is at work, so that its content can't go meanwhile.
"""

import os
from contextlib import suppress
from io import BufferedIOBase

from fileorg.content.compare import same_bytes
from fileorg.errors import StorageError
from fileorg.journal.store import Journal
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location, shown
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.move.acts import Rules, arrived, carry, look
from fileorg.move.departure import take_away
from fileorg.storage.base import ReadableStorage, Storage

_OF_KEPT = {Reason.VANISHED: Reason.KEPT_GONE, Reason.CHANGED: Reason.KEPT_CHANGED}


class Original:
    """A file that is kept, open; `StorageError` if it is not the one expected."""

    def __init__(self, storage: Storage, location: Location, expected: Fingerprint | None) -> None:
        self._storage = storage
        self.location = location
        self._seen = storage.stat(location)
        self._file: BufferedIOBase = storage.open(location)
        if not self._is_still(expected):
            self.close()
            raise StorageError(Reason.CHANGED, "the file to keep has changed")

    def _is_still(self, expected: Fingerprint | None) -> bool:
        """Whether what was opened is what was seen; a swap leaves a trace in the change time."""
        try:
            found = self._storage.stat(self.location).fingerprint
        except StorageError:
            return False
        return found == self._seen.fingerprint and (expected is None or found.is_unedited(expected))

    def disproof(self, other: FileEntry) -> Reason | None:
        """Return why *other* is not redundant beside this file, None where it is proven to be.

        Both are looked at once more afterwards, so that what was compared is what stands there.
        """
        with self._storage.open(other.location) as file:
            if self._is_same_file(other, file):
                return Reason.SAME_FILE
            self._file.seek(0)
            if not same_bytes(self._file, file):
                return Reason.NOT_REDUNDANT
        for before in (self._seen, other):
            after = self._storage.stat(before.location)
            if after.kind is not Kind.FILE or after.fingerprint != before.fingerprint:
                return Reason.CHANGED
        return None

    def seen_again(self) -> None:
        """Take the file as it is now: an act of this run has given it another name."""
        self._seen = self._storage.stat(self.location)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _is_same_file(self, other: FileEntry, file: BufferedIOBase) -> bool:
        """Whether both are one file; a number that does not last does so while it is open."""
        inode, roots = self._seen.fingerprint.inode, self._storage.roots
        if not inode:
            return os.path.sameopenfile(self._file.fileno(), file.fileno())
        is_near = roots[self.location.root].device == roots[other.location.root].device
        return is_near and inode == other.fingerprint.inode


class Redundant:
    """Carries out the steps of a run that are about redundant files."""

    def __init__(self, storage: Storage, journal: Journal, rules: Rules) -> None:
        self._storage = storage
        self._journal = journal
        self._rules = rules
        self._keep: Action | None = None
        self._original: Original | None = None
        self._withdrawn: list[tuple[Action, Outcome]] = []
        self._left = _not_aside(journal)

    def act(self, seq: int, action: Action) -> Outcome | None:
        """Do one step; None is a plain success."""
        try:
            outcome = self._act(seq, action)
        except StorageError as error:
            outcome = Outcome(seq, Status.FAILED, error.reason, str(error))
        is_left = outcome is not None and outcome.status is not Status.DONE
        if is_left and action.kind is ActionKind.SET_ASIDE:
            self._left.add(action.source)
        return outcome

    def _act(self, seq: int, action: Action) -> Outcome | None:
        match action.kind:
            case ActionKind.SET_ASIDE:
                return self._set_aside(seq, action)
            case ActionKind.LINK:
                return self._link(seq, action)
            case ActionKind.CLONE:
                return self._clone(seq, action)
            case ActionKind.LEAVE_CLONE:
                return None  # nobody can tell a shared block from one of a file's own
            case _:
                return self._remove_link(seq, action)

    def take_withdrawn(self) -> list[tuple[Action, Outcome]]:
        """Return the steps that were done and had to be taken back, with what they came to."""
        taken, self._withdrawn = self._withdrawn, []
        return taken

    def close(self) -> None:
        """Let go of the file that is kept."""
        if self._original is not None:
            self._original.close()
        self._original = self._keep = None

    def _set_aside(self, seq: int, action: Action) -> Outcome | None:
        original, found = self._original_of(seq), self._storage.stat(action.source)
        reason = _disproof(original, found, action)
        if reason is not None:
            return Outcome(seq, Status.FAILED, reason)
        return carry(self._storage, seq, action, found, self._rules)

    def _original_of(self, seq: int) -> Original:
        keep = self._journal.keep_before(seq)
        if keep is None:
            raise StorageError(Reason.SOURCE_GONE, "the journal names no file to keep")
        if self._original is None or keep != self._keep:
            self.close()
            try:
                self._original = Original(self._storage, keep.source, keep.fingerprint)
            except StorageError as error:
                raise StorageError(about_kept(error), shown(keep.source.path)) from error
            self._keep = keep
        return self._original

    def _link(self, seq: int, action: Action) -> Outcome | None:
        """Put a link in the place of what was set aside, or bring that back."""
        if action.target in self._left:
            return Outcome(seq, Status.SKIPPED, Reason.NOT_ASIDE)
        try:
            if self._is_taken(action.target):
                return Outcome(seq, Status.SKIPPED, Reason.TAKEN)
            return self._linked(seq, action)
        except StorageError as error:
            self._take_away_link(action)
            status = Status.SKIPPED if self._bring_back(seq - 1, error) else Status.FAILED
            return Outcome(seq, status, error.reason, str(error))

    def _linked(self, seq: int, action: Action) -> Outcome | None:
        """Make a link to the file that is kept, and see that it leads there."""
        storage = self._storage
        self._check_original(seq, action)
        try:
            if action.entry_kind is Kind.SYMLINK:
                storage.symlink(original_path(storage, action), action.target)
            else:
                storage.link(action.source, action.target)
        except StorageError as error:
            if arrived(storage, error, action.target) is None:  # or only the answer was lost
                raise
        made = storage.stat(action.target)
        if not leads_to_original(storage, made, action):
            raise StorageError(Reason.CHANGED, "the file to keep was replaced")
        if action.entry_kind is Kind.SYMLINK:
            return Outcome(seq, Status.DONE, inode=made.fingerprint.inode)
        self._note_link(action)
        return None

    def _take_away_link(self, action: Action) -> None:
        """Remove the link of an act that failed, if there is one."""
        with suppress(StorageError):
            made = self._storage.stat(action.target)
            if leads_to_original(self._storage, made, action):
                self._storage.remove(action.target, made)

    def _note_link(self, action: Action) -> None:
        """Take the file that is kept as it is with one more name."""
        if self._original is not None and self._original.location == action.source:
            self._original.seen_again()

    def _is_taken(self, place: Location) -> bool:
        try:
            self._storage.stat(place)
        except StorageError as error:
            if error.reason is Reason.VANISHED:
                return False
            raise
        return True

    def _check_original(self, seq: int, action: Action) -> None:
        """See that the file to link to is the one that was planned; `StorageError` otherwise."""
        keep = self._journal.keep_before(seq)
        found = self._storage.stat(action.source)
        if keep is None or not found.fingerprint.is_same_file(keep.fingerprint):
            raise StorageError(Reason.KEPT_CHANGED)

    def _bring_back(self, seq: int, error: StorageError) -> bool:
        """Put back what no link could take the place of, if that was the step before."""
        for number, aside in self._journal.between(seq, seq + 1):
            if aside.kind is ActionKind.SET_ASIDE:
                self._storage.rename(aside.target, aside.source)
                outcome = Outcome(number, Status.FAILED, error.reason, str(error))
                self._withdrawn.append((aside, outcome))
                return True
        return False  # in a redo all are set aside first

    def _clone(self, seq: int, action: Action) -> Outcome | None:
        original, found = self._original_of(seq), self._storage.stat(action.source)
        reason = _disproof(original, found, action)
        if reason is not None:
            return Outcome(seq, Status.FAILED, reason)
        self._storage.share(original.location, action.source)
        return None

    def _remove_link(self, seq: int, action: Action) -> Outcome | None:
        """Remove a link that this run's parent made, if the file is still there without it."""
        try:
            found = self._storage.stat(action.source)
        except StorageError as error:
            return Outcome(seq, Status.SKIPPED, error.reason)
        reason = why_link_stays(self._storage, found, action)
        if reason is not None:
            status = Status.SKIPPED if reason is Reason.NOT_OURS else Status.FAILED
            return Outcome(seq, status, reason)
        take_away(self._storage, self._rules.run, seq, found)
        return None


def _disproof(original: Original, found: FileEntry, action: Action) -> Reason | None:
    """Return why what was *found* is not the redundant file that was planned, None where it is."""
    if found.kind is not Kind.FILE or not found.fingerprint.is_unedited(action.fingerprint):
        return Reason.CHANGED
    return original.disproof(found)


def _not_aside(journal: Journal) -> set[Location]:
    """Return the places of files that the run tried to set aside in vain before it stopped."""
    outcomes = journal.outcomes()
    failed = {seq for seq, outcome in outcomes.items() if outcome.status is Status.FAILED}
    if not failed:
        return set()
    steps = journal.of_kind(ActionKind.SET_ASIDE)
    return {action.source for seq, action in steps if seq in failed}


def leads_to_original(storage: ReadableStorage, made: FileEntry, action: Action) -> bool:
    """Whether what stands in the place of a redundant file is the link that the action makes."""
    if action.entry_kind is Kind.SYMLINK:
        return made.kind is Kind.SYMLINK and (
            storage.link_target(made.location) == original_path(storage, action)
        )
    original = look(storage, action.source)
    return original is not None and made.fingerprint.is_same_file(original.fingerprint)


def about_kept(error: StorageError) -> Reason:
    """Return what an error that the file to keep has caused means for those beside it."""
    return _OF_KEPT.get(error.reason, error.reason)


def why_link_stays(storage: ReadableStorage, found: FileEntry, action: Action) -> Reason | None:
    """Return why what was *found* stays where a link is to be removed, None where it is that."""
    if not is_link_made(storage, found, action):
        return Reason.NOT_OURS
    return Reason.SOURCE_GONE if found.kind is Kind.FILE and found.links == 1 else None


def is_link_made(storage: ReadableStorage, found: FileEntry, action: Action) -> bool:
    """Whether what stands at the source of a step is the link that it is to remove."""
    if found.kind is not action.entry_kind:
        return False
    if found.kind is Kind.SYMLINK and not found.fingerprint.inode:
        place = storage.roots[action.target.root].absolute(action.target)
        return storage.link_target(found.location) == place
    return found.fingerprint.is_same_file(action.fingerprint)


def original_path(storage: ReadableStorage, action: Action) -> bytes:
    """Return the absolute path that a symlink to the file that is kept points to."""
    return storage.roots[action.source.root].absolute(action.source)

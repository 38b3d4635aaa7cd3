"""Acts on redundant files: each only after its bytes were compared with those of the file kept.

That one is open for as long as its group is at work, so that its content can't go meanwhile.
"""

from typing import BinaryIO

from fileorg.content.compare import same_bytes
from fileorg.errors import StorageError
from fileorg.journal.store import Journal
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.move.acts import Rules
from fileorg.storage.base import Storage


class Original:
    """A file that is kept, open; `StorageError` if it is not the one expected."""

    def __init__(self, storage: Storage, location: Location, expected: Fingerprint | None) -> None:
        self._storage = storage
        self.location = location
        self._seen = storage.stat(location)
        self._file: BinaryIO = storage.open(location)
        # Whoever swapped it meanwhile, even there and back, has left a trace in its change time.
        is_same = storage.stat(location).fingerprint == self._seen.fingerprint
        if not is_same or not (expected is None or self._seen.fingerprint.is_unedited(expected)):
            self.close()
            raise StorageError(Reason.CHANGED, "the file to keep has changed")

    def disproof(self, other: FileEntry) -> Reason | None:
        """Return why *other* is not redundant beside this file, None where it is proven to be.

        Both are looked at once more afterwards, so that what was compared is what stands there.
        """
        if self._is_same_file(other):
            return Reason.SAME_FILE
        with self._storage.open(other.location) as file:
            self._file.seek(0)
            if not same_bytes(self._file, file):
                return Reason.MISMATCH
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

    def _is_same_file(self, other: FileEntry) -> bool:
        roots = self._storage.roots
        return (
            roots[self.location.root].device == roots[other.location.root].device
            and self._seen.fingerprint.inode == other.fingerprint.inode
        )


class Redundant:
    """Carries out the steps of a run that are about redundant files."""

    def __init__(self, storage: Storage, journal: Journal, rules: Rules) -> None:
        self._storage = storage
        self._journal = journal
        self._rules = rules
        self._keep: Action | None = None
        self._original: Original | None = None
        self._withdrawn: list[tuple[Action, Outcome]] = []

    def act(self, seq: int, action: Action) -> Outcome | None:
        """Do one step; None is a plain success."""
        try:
            match action.kind:
                case ActionKind.SET_ASIDE:
                    return self._set_aside(seq, action)
                case ActionKind.LINK:
                    return self._link(seq, action)
                case ActionKind.CLONE:
                    return self._clone(seq, action)
                case _:
                    return self._remove_link(seq, action)
        except StorageError as error:
            return Outcome(seq, Status.FAILED, error.reason, str(error))

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
        reason = self._disproof(seq, action.source, action.fingerprint)
        if reason is not None:
            return Outcome(seq, Status.FAILED, reason)
        self._storage.rename(action.source, action.target)
        moved = self._storage.stat(action.target)
        if moved.fingerprint.inode == action.fingerprint.inode:
            return None
        # Somebody put another file there between the look and the act: it goes back.
        self._storage.rename(action.target, action.source)
        return Outcome(seq, Status.FAILED, Reason.CHANGED)

    def _disproof(self, seq: int, location: Location, expected: Fingerprint) -> Reason | None:
        original = self._original_of(seq)
        found = self._storage.stat(location)
        if found.kind is not Kind.FILE or not found.fingerprint.is_unedited(expected):
            return Reason.CHANGED
        return original.disproof(found)

    def _original_of(self, seq: int) -> Original:
        keep = self._journal.keep_before(seq)
        if keep is None:
            raise StorageError(Reason.SOURCE_GONE, "the journal names no file to keep")
        if self._original is None or keep != self._keep:
            self.close()
            try:
                self._original = Original(self._storage, keep.source, keep.fingerprint)
            except StorageError as error:
                detail = "the file to keep is not as it was seen"
                raise StorageError(Reason.SOURCE_GONE, detail) from error
            self._keep = keep
        return self._original

    def _link(self, seq: int, action: Action) -> Outcome | None:
        """Put a link in the place of what was just set aside, or bring that back."""
        if self._is_taken(action.target):
            return Outcome(seq, Status.SKIPPED, Reason.TAKEN)  # it was not set aside
        try:
            expected = self._check_original(seq, action)
            if action.entry_kind is Kind.SYMLINK:
                made = self._storage.symlink(original_path(self._storage, action), action.target)
                return Outcome(seq, Status.DONE, inode=made.fingerprint.inode)
            self._storage.link(action.source, action.target)
            made = self._storage.stat(action.target)
            if made.fingerprint.is_same_file(expected):
                self._note_link(action)
                return None
            self._storage.remove(action.target, made)
            failure = StorageError(Reason.CHANGED, "the file to keep was replaced")
        except StorageError as error:
            failure = error
        is_back = self._bring_back(seq - 1, failure)
        status = Status.SKIPPED if is_back else Status.FAILED
        return Outcome(seq, status, failure.reason, str(failure))

    def _note_link(self, action: Action) -> None:
        """Take the file that is kept as it is with one more name."""
        if self._original is not None and self._original.location == action.source:
            self._original.seen_again()

    def _is_taken(self, place: Location) -> bool:
        try:
            self._storage.stat(place)
        except StorageError as error:
            return error.reason is not Reason.VANISHED
        return True

    def _check_original(self, seq: int, action: Action) -> Fingerprint:
        """Return the file to link to as it was planned; `StorageError` unless it is still there."""
        keep = self._journal.keep_before(seq)
        found = self._storage.stat(action.source)
        if keep is None or not found.fingerprint.is_same_file(keep.fingerprint):
            raise StorageError(Reason.SOURCE_GONE, "the file to keep is not as it was seen")
        return keep.fingerprint

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
        if self._rules.rollback:
            return None  # nobody can tell a shared block from one of a file's own
        reason = self._disproof(seq, action.source, action.fingerprint)
        if reason is not None:
            return Outcome(seq, Status.FAILED, reason)
        self._storage.share(self._original_of(seq).location, action.source)
        return None

    def _remove_link(self, seq: int, action: Action) -> Outcome | None:
        """Remove a link that this run's parent made, if the file is still there without it."""
        try:
            found = self._storage.stat(action.source)
        except StorageError as error:
            return Outcome(seq, Status.SKIPPED, error.reason)
        if found.kind is not action.entry_kind or (
            found.fingerprint.inode != action.fingerprint.inode
        ):
            return Outcome(seq, Status.SKIPPED, Reason.NOT_OURS)
        if found.kind is Kind.FILE and found.links == 1:
            return Outcome(seq, Status.FAILED, Reason.SOURCE_GONE)
        self._storage.remove(action.source, found)
        return None


def original_path(storage: Storage, action: Action) -> bytes:
    """Return the absolute path that a symlink to the file that is kept points to."""
    return storage.roots[action.source.root].absolute(action.source)

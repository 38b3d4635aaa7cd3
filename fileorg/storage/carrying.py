"""Files from one storage to another: read here, written there and proven; small ones many at once.

A folder is worked on by the thread that called, which alone may use its handles; buckets by many.
"""

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import groupby
from typing import NamedTuple

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.storage.base import Parcel, Storage, are_rewritten, is_rewritten
from fileorg.storage.crew import Crew
from fileorg.storage.translate import translated

_SMALL = 2 << 20
"""Bytes of a file that is held in memory; at most 64 such are under way."""
_AT_ONCE = 16


class _Taken(NamedTuple):
    """What was read of a small file, and what lay beside it."""

    action: Action
    content: bytes
    beside: Mapping[str, str] | None


_Begun = tuple[Action, _Taken | StorageError | None]


class Carrier:
    """Carries files over between the roots of a *storage*, each while it is as its step says.

    To *restore*, it may have been written anew with the same content. The target proves what it
    wrote; that it is all of the source is proven here, by its size and by a look before and after.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._crew = Crew(_AT_ONCE)

    def carry(self, action: Action, *, restore: bool = False) -> FileEntry:
        """Carry a file of any size over, in pieces."""
        parcel = self._parcel(action, restore=restore)
        mark, by_content = action.fingerprint, self._by_content(action)
        try:
            with parcel.content as content:
                _check(parcel.entry, mark, by_content=by_content, restore=restore)
                made = self._storage.write(action.target, content, mark.mtime_ns, parcel.beside)
        except OSError as error:
            raise translated(error) from error
        try:
            seen = self._storage.stat(action.source)
            _check(seen, parcel.entry.fingerprint, by_content=by_content, restore=True)
            _check_size(made.fingerprint.size, mark)
        except StorageError:
            self._storage.remove(action.target, made)
            raise
        return made

    def carry_each(
        self, actions: Iterable[Action], *, restore: bool = False
    ) -> Iterator[FileEntry | StorageError]:
        """Carry files over, small ones many at a time; yield what came of each in their order."""
        for is_small, run in groupby(actions, lambda action: action.fingerprint.size <= _SMALL):
            if is_small:
                begun = (self._begun(action, restore=restore) for action in run)
                halves = self._crew.each(lambda item: self._gone_on(item, restore=restore), begun)
                yield from map(self._ended, halves)
            else:
                yield from (self._carried(action, restore=restore) for action in run)

    def close(self) -> None:
        """End the threads."""
        self._crew.close()

    # a small file

    def _begun(self, action: Action, *, restore: bool) -> _Begun:
        """Read a file of a folder."""
        if is_rewritten(self._storage, action.source.root):
            return action, None
        try:
            return action, self._taken(action, restore=restore)
        except StorageError as error:
            return action, error

    def _gone_on(self, begun: _Begun, *, restore: bool) -> _Taken | FileEntry:
        """Do in a thread what is to be done in buckets."""
        action, taken = begun
        if isinstance(taken, StorageError):
            raise taken
        if taken is None:
            taken = self._taken(action, restore=restore)
        return self._put(taken) if is_rewritten(self._storage, action.target.root) else taken

    def _ended(self, half: _Taken | FileEntry | StorageError) -> FileEntry | StorageError:
        """Write a file of a folder."""
        if not isinstance(half, _Taken):
            return half
        try:
            return self._put(half)
        except StorageError as error:
            return error

    def _taken(self, action: Action, *, restore: bool) -> _Taken:
        parcel = self._parcel(action, restore=restore)
        by_content = self._by_content(action)
        try:
            with parcel.content as content:
                _check(parcel.entry, action.fingerprint, by_content=by_content, restore=restore)
                found = content.read(_SMALL + 1)
        except OSError as error:
            raise translated(error) from error
        seen = self._storage.stat(action.source)
        _check(seen, parcel.entry.fingerprint, by_content=by_content, restore=True)
        _check_size(len(found), action.fingerprint)
        return _Taken(action, found, parcel.beside)

    def _put(self, taken: _Taken) -> FileEntry:
        action, mark = taken.action, taken.action.fingerprint
        content = BytesIO(taken.content)
        return self._storage.write(action.target, content, mark.mtime_ns, taken.beside)

    # any file

    def _carried(self, action: Action, *, restore: bool) -> FileEntry | StorageError:
        try:
            return self.carry(action, restore=restore)
        except StorageError as error:
            return error

    def _parcel(self, action: Action, *, restore: bool) -> Parcel:
        """Open a source; what lies beside it is of use to another bucket alone."""
        if action.entry_kind is not Kind.FILE:
            raise StorageError(Reason.UNSUPPORTED, "only files go to a bucket, or come from one")
        if self._by_content(action):
            return self._storage.parcel(action.source, restore=restore)
        return Parcel(self._storage.stat(action.source), self._storage.open(action.source))

    def _by_content(self, action: Action) -> bool:
        """Whether a file is known by its content alone: a listing of a bucket tells no times."""
        return are_rewritten(self._storage, action.source.root, action.target.root)


def _check(found: FileEntry, expected: Fingerprint, *, by_content: bool, restore: bool) -> None:
    """Raise `CHANGED` unless a source is as expected.

    A rename of another name of a file changes its change time, and so does a copy that is
    *restore*d.
    """
    seen = found.fingerprint
    if by_content:
        same = (seen.size, seen.inode) == (expected.size, expected.inode)
    else:
        same_time = restore or found.links > 1 or seen.ctime_ns == expected.ctime_ns
        same = seen.is_unedited(expected) and same_time
    if not same:
        raise StorageError(Reason.CHANGED)


def _check_size(size: int, expected: Fingerprint) -> None:
    if size != expected.size:
        raise StorageError(Reason.MISMATCH)

"""Duplicates in organize: a first look at what is planned, or groups to set aside before it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from fileorg.config.schema import Config
from fileorg.dedupe.cache import DigestCache, Digests, NoDigests
from fileorg.dedupe.finder import Choose
from fileorg.dedupe.glance import Glance
from fileorg.dedupe.keeper import choose
from fileorg.dedupe.packed import Groups
from fileorg.dedupe.told import told_alike
from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.duplicates import Alike, DuplicateGroup, KeepPolicy, Proof
from fileorg.model.entry import FileEntry, Kind, Seen, Skip, Unit
from fileorg.model.location import Location, shown
from fileorg.model.plan import Classified, ClassifiedUnit
from fileorg.model.reason import Reason, is_failure
from fileorg.model.summary import LikelySum
from fileorg.pipeline.state import State
from fileorg.pipeline.tally import Tally
from fileorg.plan.places import Destination
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.storage.base import ReadableStorage
from fileorg.storage.local_probe import mount_points

_EXAMPLES = 3


def likely(
    glance: Glance | None, storage: ReadableStorage, tally: Tally, config: Config
) -> LikelySum | None:
    """Return what a first look says about the files of a plan, None where that is nothing."""
    groups = [] if glance is None else glance.groups(storage, tally.folders(), config.keep)
    if glance is None or not groups:
        return None
    names = [entry for group in groups for entry in group.redundant]
    return LikelySum(
        len(groups),
        sum(group.files for group in groups),
        sum(group.reclaimable for group in groups),
        tuple(shown(entry.location.path) for entry in names[:_EXAMPLES]),
        glance.is_whole,
    )


class Redundant(msgspec.Struct, frozen=True):
    """The groups of a run that are to be set aside, and the files that are not to be moved."""

    groups: Iterable[DuplicateGroup] = ()
    places: frozenset[Location] = frozenset()

    def left_out(self, seen: Iterable[Seen], *, copy: bool) -> Iterator[Seen]:
        """Yield what was *seen* without the redundant files; of a copying run, with the reason."""
        for item in seen:
            if type(item) is not FileEntry or item.location not in self.places:
                yield item
            elif copy:
                yield Skip(item.location, Reason.REDUNDANT)


def redundant(
    mine: Iterable[FileEntry | Unit],
    there: Iterable[FileEntry],
    find: Callable[[Iterable[FileEntry], Choose], Groups],
    keep: KeepPolicy,
    *,
    copy: bool,
) -> Redundant:
    """Return which files of a run *find* knows as the same as another, or as one that is *there*.

    What is there, and not of the run, is never redundant, nor is what belongs to a unit of several:
    none of it is set aside, others may be beside it. A copying run sets nothing aside.
    """
    places: set[Location] = set()
    files = _both(mine, there, places)
    groups = find(files, lambda one: choose(one, keep, lambda place: place not in places))
    found = frozenset(entry.location for group in groups for entry in group.redundant)
    return Redundant(() if copy else groups, found)


def _both(
    mine: Iterable[FileEntry | Unit], there: Iterable[FileEntry], places: set[Location]
) -> Iterator[FileEntry]:
    """Yield the files of a run and then what is there besides.

    The *places* are noted of those that may be redundant.
    """
    united: set[Location] = set()
    for item in mine:
        if isinstance(item, Unit):
            members = [member for member in item.members if member.kind is Kind.FILE]
            united.update(member.location for member in members)
            yield from members
        else:
            places.add(item.location)
            yield item
    for entry in there:
        if entry.location not in places and entry.location not in united:
            yield entry


def told(
    storage: ReadableStorage, *, proven: bool
) -> Callable[[Iterable[FileEntry], Choose], Groups]:
    """Return what finds objects that a bucket tells are the same; with *proven*, by bytes as well.

    What is to be set aside is proven just before; what is left out for it has to be here.
    """

    def proven_of(alike: Alike) -> Alike | None:
        first, *others = (file[0] for file in alike.files)
        (answers,) = storage.alike_each([(first, others)])
        if isinstance(answers, StorageError):
            return None
        same = [other for other, answer in zip(others, answers, strict=True) if answer is True]
        return Alike(b"", Proof.BYTES, ((first,), *((other,) for other in same))) if same else None

    def find(files: Iterable[FileEntry], choose: Choose) -> Groups:
        def chosen(alike: Alike) -> DuplicateGroup | None:
            found = proven_of(alike) if proven else alike
            return None if found is None else choose(found)

        return told_alike(files, chosen, empty=False)

    return find


class Vicinity:
    """Where files may be that those of a run are compared with: around where these go.

    Into another folder that is all of it; in place it is the folders that the layout names.
    """

    def __init__(
        self,
        destinations: Iterable[Destination],
        home_of: Callable[[Classified | ClassifiedUnit], Location | None],
    ) -> None:
        self._home_of = home_of
        self._in_place = {d.source for d in destinations if d.source == d.target}
        self._places = {d.target for d in destinations}.difference(self._in_place)

    def of(self, mine: Iterable[Classified | ClassifiedUnit]) -> Iterator[FileEntry | Unit]:
        """Yield the files of a run, and note where they go."""
        for item in mine:
            if self._in_place and (home := self._home_of(item)) is not None:
                self._places.add(home)
            yield item.unit if isinstance(item, ClassifiedUnit) else item.entry

    def files(
        self,
        storage: ReadableStorage,
        references: Sequence[Location],
        own_paths: frozenset[bytes],
        unseen: Callable[[Skip], None],
    ) -> Iterator[FileEntry]:
        """Yield every file there and in *references*; after those of the run were gone through.

        What is not there or protected is passed over, what can't be looked at is told to *unseen*.
        """
        mounted = frozenset(mount_points())
        options = ScanOptions(recurse=True, own_paths=own_paths, mount_points=mounted)
        places = sorted(self._places - self._in_place)
        for item in Scanner(storage, options).scan([*references, *places]):
            if type(item) is FileEntry:
                if item.kind is Kind.FILE:
                    yield item
            elif (
                type(item) is Skip
                and is_failure(item.reason)
                and item.reason is not Reason.VANISHED
            ):
                unseen(item)


@contextmanager
def open_digests(state: State, *, use: bool) -> Iterator[Digests]:
    """Give the digests of earlier runs, none where they are not to be used or can't be."""
    try:
        if use:
            state.prepare()
    except StorageUnavailableError:
        use = False
    if not use:
        yield NoDigests()
        return
    cache = DigestCache(cache_path(state))
    try:
        cache.shrink()  # what was learned last may be on its way into it when this is left
        yield cache
    finally:
        cache.close()


def cache_path(state: State) -> Path:
    """Return where the digests of earlier runs are."""
    return state.path / "digests.db"

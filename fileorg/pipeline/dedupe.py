"""Duplicates: scan > find > keep. What is found is only told here, and nothing is changed."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from fileorg.config.schema import Config
from fileorg.dedupe.cache import DigestCache, NoDigests, clear
from fileorg.dedupe.finder import Finder, FindOptions
from fileorg.dedupe.keeper import choose
from fileorg.errors import StorageUnavailableError
from fileorg.events import EventSink, PhaseStarted
from fileorg.model.duplicates import DuplicateGroup, KeepPolicy
from fileorg.model.entry import FileEntry, Kind, Seen, Skip
from fileorg.model.location import Location, is_below
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.summary import RunSummary
from fileorg.pipeline.selecting import selection_of
from fileorg.pipeline.state import State
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.workspace import Workspace, reading_roots
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.storage.local_probe import mount_points


class DedupeRequest(msgspec.Struct, frozen=True):
    """Where to look for duplicates, and how; paths as bytes, *wait* in seconds."""

    paths: tuple[bytes, ...]
    state: State
    config: Config = Config()
    empty: bool = False
    use_cache: bool = True
    jobs: int | None = None


class Duplicates(msgspec.Struct, frozen=True):
    """The groups that were found, and the sums; *seen* counts the files that were looked at."""

    groups: tuple[DuplicateGroup, ...]
    roots: tuple[bytes, ...]
    seen: int
    summary: RunSummary

    @property
    def redundant(self) -> int:
        """How many files are redundant."""
        return sum(group.files for group in self.groups)

    @property
    def reclaimable(self) -> int:
        """How many bytes they take."""
        return sum(group.reclaimable for group in self.groups)


def dedupe(request: DedupeRequest, sink: EventSink) -> Duplicates:
    """Find the duplicates in some folders; nothing is changed.

    What one file causes is in the sums; a `FileorgError` says what is to be done.
    """
    started = time.time_ns()
    selection = selection_of(request.config, started)
    references = [_absolute(path) for path in request.config.reference]
    roots, places = reading_roots([*request.paths, *references])
    cache = open_cache(request.state) if request.use_cache else NoDigests()
    with Workspace(roots) as work:
        tally = Tally(roots)
        options = ScanOptions(
            selection,
            recurse=True,
            depth=request.config.depth,
            own_paths=frozenset({os.fsencode(request.state.path)}),
            mount_points=frozenset(mount_points()),
        )
        sink.tell(PhaseStarted("scan"))
        files = _Files(Scanner(work.storage, options).scan(places), tally)
        find = FindOptions(request.empty, request.jobs)
        search = Finder(work.storage, find, sink, cache)
        is_reference = below(places[len(request.paths) :])
        groups = chosen(search, files, request.config.keep, is_reference)
        for lost in search.lost:
            tally.fail(lost.location, lost.reason, lost.detail)
    if isinstance(cache, DigestCache):
        cache.shrink()
        cache.close()
    times = (started, time.time_ns())
    summary = tally.summary("", RunKind.DEDUPE, RunState.FINISHED, times)
    return Duplicates(groups, tuple(root.path for root in roots), files.count, summary)


def chosen(
    search: Finder,
    files: Iterable[FileEntry],
    keep: KeepPolicy,
    is_reference: Callable[[Location], bool],
) -> tuple[DuplicateGroup, ...]:
    """Return the groups of *files* in which something is redundant."""
    found = (choose(alike, keep, is_reference) for alike in search.find(files))
    return tuple(group for group in found if group is not None)


def below(folders: Iterable[Location]) -> Callable[[Location], bool]:
    """Return what tells whether a location is at or below one of *folders*."""
    wanted = tuple(folders)

    def is_one(location: Location) -> bool:
        return any(f.root == location.root and is_below(location.path, f.path) for f in wanted)

    return is_one


def cache_path(state: State) -> Path:
    """Return where the digests of earlier runs are."""
    return state.path / "digests.db"


def clear_cache(state: State) -> int:
    """Remove the digests of earlier runs, and return how many bytes that frees."""
    try:
        return clear(cache_path(state))
    except OSError as error:
        raise StorageUnavailableError(
            f"{cache_path(state)}: {error.strerror}", "remove it by hand"
        ) from error


def open_cache(state: State) -> DigestCache | NoDigests:
    """Return the digests of earlier runs, none where the state folder can't be used."""
    try:
        state.prepare()
    except StorageUnavailableError:
        return NoDigests()
    return DigestCache(cache_path(state))


class _Files:
    """The regular files of a scan, counted; what is left alone goes to the tally."""

    def __init__(self, seen: Iterable[Seen], tally: Tally) -> None:
        self._seen = seen
        self._tally = tally
        self.count = 0

    def __iter__(self) -> Iterator[FileEntry]:
        for item in self._seen:
            if isinstance(item, FileEntry):
                if item.kind is Kind.FILE:
                    self.count += 1
                    yield item
            elif isinstance(item, Skip):
                self._tally.plan(item)


def _absolute(path: str) -> bytes:
    return os.path.abspath(os.fsencode(os.path.expanduser(path)))

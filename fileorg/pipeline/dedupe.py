"""Duplicates: scan > find > keep, and if asked plan > move > journal."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from fileorg.config.schema import Config
from fileorg.dedupe.across import Across
from fileorg.dedupe.cache import clear
from fileorg.dedupe.finder import Finder, FindOptions
from fileorg.dedupe.keeper import choose
from fileorg.dedupe.packed import Groups
from fileorg.dedupe.told import told_alike
from fileorg.errors import StorageUnavailableError, UsageError
from fileorg.events import EventSink, PhaseStarted, RunStarted
from fileorg.model.duplicates import Alike, DedupeAction, DuplicateGroup
from fileorg.model.entry import FileEntry, Kind, Piece, Seen, Skip, Unit
from fileorg.model.location import QUARANTINE, Location, Root, is_below, is_remote, join, shown
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules
from fileorg.pipeline.alike import cache_path, open_digests
from fileorg.pipeline.costs import Foreseen, with_requests
from fileorg.pipeline.execute import execute, record
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.recover import settle_interrupted
from fileorg.pipeline.selecting import asked_of, references_of, selection_of
from fileorg.pipeline.state import State, create_journal, new_run_id
from fileorg.pipeline.surroundings import Disk
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.welcome import welcome
from fileorg.pipeline.workspace import (
    Wanted,
    Workspace,
    check_one_bucket,
    plan_roots,
    reading_roots,
)
from fileorg.plan.aside import AsideOptions, Planned, plan_aside
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.storage.base import ReadableStorage
from fileorg.storage.local_probe import mount_points
from fileorg.workers import ahead

_PARTING = {DedupeAction.QUARANTINE, DedupeAction.SYMLINK}
"""What takes a file from beside those that it belongs to; hard links and clones leave it there."""

_INLINE = 2000
_ENDED = (RunKind.DEDUPE, RunState.FINISHED)


class DedupeRequest(msgspec.Struct, frozen=True):
    """Where to look for duplicates, and how; paths as bytes, *wait* in seconds."""

    paths: tuple[bytes, ...]
    state: State
    config: Config = Config()
    action: DedupeAction = DedupeAction.REPORT
    empty: bool = False
    use_cache: bool = True
    dry_run: bool = False
    force: bool = False
    wait: float = 0
    jobs: int | None = None
    command: tuple[str, ...] = ()

    @property
    def acts(self) -> bool:
        """Whether anything is to be done about redundant files."""
        return self.action is not DedupeAction.REPORT


class Duplicates(msgspec.Struct, frozen=True):
    """The groups that were found, and the sums; *seen* counts the files that were looked at."""

    groups: Groups
    roots: tuple[bytes, ...]
    seen: int
    action: DedupeAction
    summary: RunSummary = RunSummary("", RunKind.DEDUPE, RunState.FINISHED, (), 0, 0)

    def with_sums(self, summary: RunSummary) -> "Duplicates":
        """Return the same with the sums of a run."""
        return msgspec.structs.replace(self, summary=summary)


def dedupe(request: DedupeRequest, sink: EventSink) -> Duplicates:
    """Find the duplicates in some folders, and set the redundant ones aside if that is asked.

    What one file causes is in the sums; a `FileorgError` says what is to be done.
    """
    started = time.time_ns()
    acts = request.acts
    if acts:
        _check(request)
    roots, places = _places(request)
    search = Search(request, places, started)
    run = new_run_id(started)
    paths = tuple(root.path for root in roots)
    sink.tell(RunStarted(run if acts else "", RunKind.DEDUPE, paths, request.dry_run))
    with Interrupts() as interrupts, Workspace(roots) as work:
        settled: list[str] = []
        is_first = request.state.is_new()
        if acts and not request.dry_run:
            request.state.prepare()
            work.lock(request.state.locks, request.wait)
            settled = settle_interrupted(request.state, work, sink)
        tally = Tally(roots)
        groups = search.groups(work.storage, tally, sink, interrupts)
        found = Duplicates(groups, tuple(root.path for root in roots), search.seen, request.action)
        times = (started, time.time_ns())

        def told(summary: RunSummary, foresight: Foreseen | None = None) -> Duplicates:
            prices = request.config.prices
            return found.with_sums(with_requests(summary, work, prices, foresight))

        if not acts:
            interrupts.check()  # nobody else would hear of a signal that came late
            return told(tally.summary("", *_ENDED, times))
        options = AsideOptions(request.action, join(QUARANTINE, run.encode()))
        plan = _counted(plan_aside(groups, options, Disk(work.storage)), tally, sink)
        if request.dry_run:
            foresight = Foreseen(request.state, roots)
            for item in foresight.seen(plan):
                if sink.wants_actions and isinstance(item, Action):
                    sink.planned(item)
            preview = tally.summary(run, *_ENDED, times, dry_run=True)
            return told(preview, foresight)
        journal = record(
            plan,
            lambda: create_journal(
                request.state, run, RunKind.DEDUPE, work.probe(run),
                command=request.command, now_ns=started,
            ),
        )  # fmt: skip
        if journal is None:
            return told(tally.summary("", *_ENDED, times, settled=settled))
        welcome(sink, is_first=is_first)
        rules = Rules(run)
        return told(execute(journal, work.storage, rules, tally, sink, interrupts, settled=settled))


class Search:
    """A search made ready; *seen* counts the files that were looked at."""

    def __init__(self, request: DedupeRequest, places: Sequence[Location], now_ns: int) -> None:
        self._request = request
        self._references = list(places[len(request.paths) :])
        self._is_reference = below(self._references)
        self._paths = [
            place
            for place in places[: len(request.paths)]
            if self._is_reference is None or not self._is_reference(place)
        ]
        if request.paths and not self._paths:
            raise UsageError(
                f"{shown(request.paths[0])}: lies in a reference folder",
                "what is in one is never touched: name other folders, or another reference",
            )
        self._options = ScanOptions(
            selection_of(request.config, now_ns),
            recurse=True,
            depth=request.config.depth,
            own_paths=frozenset({os.fsencode(request.state.path)}),
            mount_points=frozenset(mount_points()),
            units=request.action in _PARTING,
        )
        self.seen = 0

    def groups(
        self, storage: ReadableStorage, tally: Tally, sink: EventSink, interrupts: Interrupts
    ) -> Groups:
        """Return the groups in which something is redundant."""
        request = self._request
        find = FindOptions(request.empty, request.jobs, proven=request.acts)
        scanner = Scanner(storage, self._options)
        # in this order, so that what both lead to, as through a bind mount, is the reference's
        seen = chain(scanner.scan(self._references), scanner.scan(self._paths))
        files = _Files(ahead(seen, Seen, inline=_INLINE, fork=request.jobs != 1), tally)
        keep = request.config.keep

        def chosen(alike: Alike) -> DuplicateGroup | None:
            if not files.bound:
                return choose(alike, keep, self._is_reference)
            group = choose(alike, keep, self._is_reference, files.is_bound)
            kept = None if group is None else group.keep
            for entry in chain.from_iterable(alike.files):
                if files.is_bound(entry.location) and entry != kept:
                    tally.plan(Skip(entry.location, Reason.UNIT))
            return group

        far = [bool(root.reach) for root in storage.roots]
        sink.tell(PhaseStarted("scan"))
        if all(far):
            found = told_alike(files, chosen, empty=request.empty)
            self.seen = files.count
            return found
        with open_digests(request.state, use=request.use_cache) as digests:
            finder = Finder(storage, find, sink, digests, interrupts.check)
            across = Across(storage, finder.find, interrupts.check)
            if any(far):
                found = across.find(files, chosen, empty=request.empty)
            else:
                found = finder.find(files, chosen)
        for lost in (*across.lost, *finder.lost):
            tally.fail(lost.location, lost.reason, lost.detail)
        self.seen = files.count
        return found


def _check(request: DedupeRequest) -> None:
    """Refuse what organize refuses as well: here, too, files are moved."""
    check_one_bucket([*request.paths, *references_of(request.config)])
    if any(map(is_remote, request.paths)):
        if request.action is not DedupeAction.QUARANTINE:
            raise UsageError(
                f"a bucket has no links: --action {request.action.value} is for folders",
                "--action quarantine sets the redundant objects aside",
            )
        return
    state = os.fsencode(os.path.realpath(request.state.path))
    folders = (path if os.path.isdir(path) else os.path.dirname(path) for path in request.paths)
    plan_roots(Wanted(tuple(folders), None, recursive=True, force=request.force, state=state))


def _places(request: DedupeRequest) -> tuple[list[Root], list[Location]]:
    paths = [*request.paths, *references_of(request.config)]
    return reading_roots(paths, asked_of(request.config))


def _counted(plan: Iterable[Planned], tally: Tally, sink: EventSink) -> Iterator[Planned]:
    for item in plan:
        tally.plan(item)
        if isinstance(item, Skip) and sink.wants_actions:
            sink.planned(item)
        yield item


def below(folders: Iterable[Location]) -> Callable[[Location], bool] | None:
    """Return what tells whether a location is at or below one of *folders*, if there are any."""
    wanted = tuple(folders)
    if not wanted:
        return None

    def is_one(location: Location) -> bool:
        return any(f.root == location.root and is_below(location.path, f.path) for f in wanted)

    return is_one


def clear_cache(state: State) -> int:
    """Remove the digests of earlier runs, and return how many bytes that frees."""
    try:
        return clear(cache_path(state))
    except OSError as error:
        raise StorageUnavailableError(
            f"{cache_path(state)}: {error.strerror}", "remove it by hand"
        ) from error


class _Files:
    """The regular files of a scan, counted; what is left alone goes to the tally.

    Those that the scan gives as one are bound to one another: these are *bound*.
    """

    def __init__(self, seen: Iterable[Seen], tally: Tally) -> None:
        self._seen = seen
        self._tally = tally
        self.bound: set[Location] = set()
        self.count = 0

    def is_bound(self, location: Location) -> bool:
        """Whether a file belongs to others, so that it must not be set aside without them."""
        return location in self.bound

    def _leave(self, folders: Iterable[FileEntry]) -> None:
        """Count folders of which nothing is set aside."""
        for entry in folders:
            self._tally.plan(Skip(entry.location, Reason.UNIT))

    def __iter__(self) -> Iterator[FileEntry]:
        for item in self._seen:
            if isinstance(item, Unit):
                files = [entry for entry in item.members if entry.kind is Kind.FILE]
                self.bound.update(entry.location for entry in files)
                self.count += len(files)
                yield from files
                folders = (entry for entry in item.members if entry.kind is Kind.FOLDER)
                self._leave(folders)
            elif isinstance(item, Piece):
                self._leave([item.entry])
            elif isinstance(item, FileEntry):
                if item.kind is Kind.FILE:
                    self.count += 1
                    yield item
            elif isinstance(item, Skip) and item.reason is not Reason.RELATIVE_LINK:
                self._tally.plan(item)

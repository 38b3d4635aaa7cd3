"""THE JOB: scan > categorize > dedupe > plan > move > journal. A dry run is the plan, counted."""

import os
import time
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import msgspec

from fileorg.categorize.dates import Calendar
from fileorg.categorize.rules import Categorizer
from fileorg.config.schema import Config
from fileorg.dedupe.finder import Finder, FindOptions
from fileorg.dedupe.glance import Glance
from fileorg.errors import ConfigError, UsageError
from fileorg.events import EventSink, Noted, PhaseStarted, Progressed
from fileorg.journal.schema import PLAN_CHUNK
from fileorg.model.duplicates import DedupePolicy
from fileorg.model.entry import FileEntry, FolderSeen, Kind, Piece, Seen, Skip, Unit
from fileorg.model.location import QUARANTINE, is_below, join, shown
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.plan import Action, Classified, ClassifiedUnit, FolderPolicy, InPlace, Joint
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules
from fileorg.pipeline.alike import Redundant, Vicinity, likely, open_digests, redundant
from fileorg.pipeline.execute import execute, record
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.recover import settle_interrupted
from fileorg.pipeline.selecting import references_of, selection_of
from fileorg.pipeline.state import State, create_journal, new_run_id
from fileorg.pipeline.surroundings import Disk
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.workspace import Wanted, Workspace, located, plan_roots
from fileorg.pipeline.zone import resolve_zone
from fileorg.plan.layout import Layout
from fileorg.plan.planner import Destination, Planned, Planner, PlanOptions
from fileorg.plan.templates import MODES, with_folders
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.scan.spool import Spool
from fileorg.scan.units import gather_units
from fileorg.storage.base import ReadableStorage
from fileorg.storage.local_probe import mount_points
from fileorg.workers import ahead

Categorized = Classified | ClassifiedUnit | FolderSeen | Skip
Part = Planned | InPlace

_INLINE = 2000  # fewer entries are planned before another process has started


class OrganizeRequest(msgspec.Struct, frozen=True):
    """What to organize and how; paths as bytes, *wait* in seconds."""

    sources: tuple[bytes, ...]
    state: State
    into: bytes | None = None
    config: Config = Config()
    dry_run: bool = False
    force: bool = False
    wait: float = 0
    jobs: int | None = None
    command: tuple[str, ...] = ()


def organize(request: OrganizeRequest, sink: EventSink) -> RunSummary:
    """Organize the sources, or with `dry_run` only say what would happen.

    Returns the sums of the run. What one file causes is in them; a `FileorgError` ends the run,
    and says what is to be done.
    """
    started = time.time_ns()
    zone_name, zone = resolve_zone(request.config.timezone)
    _check_references(request)
    job = Job(request.config, Calendar(zone, started), started)
    roots, destinations = plan_roots(_wanted(request))
    with Interrupts() as interrupts, Workspace(roots) as work:
        settled: list[str] = []
        if not request.dry_run:
            request.state.prepare()
            work.lock(request.wait)
            settled = settle_interrupted(request.state, work, sink)
        run, tally = new_run_id(started), Tally(roots)
        glance = Glance() if request.config.dedupe is DedupePolicy.REPORT else None
        seen, redundant = job.scan(work.storage, destinations, request.state), Redundant()
        planner = job.planner(destinations, Disk(work.storage), run)
        if request.config.dedupe is DedupePolicy.QUARANTINE:
            spool = Spool(seen)
            mine = job.movable(spool.filled(), destinations)
            places = Vicinity(destinations, lambda file: planner.wanted_folder(job.classify(file)))
            redundant = _prove(request, mine, places, work.storage, tally, sink, interrupts)
            seen = redundant.left_out(spool, copy=request.config.copy)
        sink.tell(PhaseStarted("plan"))
        begun = list(islice(seen, _INLINE))
        apart = len(begun) == _INLINE and request.jobs != 1
        seen = chain(begun, ahead(seen, Seen, inline=0, fork=apart))
        planned = planner.plan(job.categorize(seen), redundant.groups)
        plan = ahead(_in_place_counted(planned), Part, inline=0, fork=apart and not request.dry_run)
        plan = _counted(plan, tally, interrupts, sink, glance)
        times = (started, started)
        if request.dry_run:
            for item in plan:
                _show(item, sink)
            tally.likely = likely(glance, work.storage, tally, request.config)
            return tally.summary(run, RunKind.ORGANIZE, RunState.FINISHED, times, dry_run=True)
        journal = record(
            plan,
            lambda: create_journal(
                request.state, run, RunKind.ORGANIZE, work.probe(run),
                command=request.command, now_ns=started, zone=zone_name,
            ),
        )  # fmt: skip
        if journal is None:
            return tally.summary("", RunKind.ORGANIZE, RunState.FINISHED, times, settled=settled)
        tally.likely = likely(glance, work.storage, tally, request.config)
        return execute(
            journal, work.storage, Rules(run), tally, sink, interrupts,
            jobs=request.jobs, settled=settled,
        )  # fmt: skip


class Job:
    """A configuration made ready: every mistake in it is found before anything is opened."""

    def __init__(self, config: Config, calendar: Calendar, now_ns: int) -> None:
        """Compile layout, categories and selection; `UsageError` or `ConfigError` otherwise."""
        self._config = config
        try:
            self._categorizer = Categorizer(config.categories)
        except ValueError as error:
            raise ConfigError(f"categories: {error}") from error
        self._check_categories()
        try:
            self._layout = Layout(_template(config), calendar.date_of, self._categorizer.names())
        except ValueError as error:
            raise UsageError(str(error)) from error
        self._selection = selection_of(config, now_ns)
        if config.depth is not None and config.folders is FolderPolicy.LEAVE:
            raise UsageError("depth: subfolders are left as they are", "add --recursive")

    def scan(
        self, storage: ReadableStorage, destinations: Iterable[Destination], state: State
    ) -> Iterator[Seen]:
        """Walk the sources."""
        config = self._config
        options = ScanOptions(
            selection=self._selection,
            recurse=config.folders is not FolderPolicy.LEAVE,
            depth=config.depth,
            own_paths=_own_paths(state, config.folders),
            references=frozenset(map(os.path.realpath, references_of(config))),
            mount_points=frozenset(mount_points()),
            units=True,
        )
        scanner = Scanner(storage, options)
        return scanner.scan([destination.source for destination in destinations])

    def categorize(self, seen: Iterable[Seen]) -> Iterator[Categorized]:
        """Give each file its category; with `--folders whole` gather folders into units."""
        stream = self._classified(seen)
        if self._config.folders is FolderPolicy.WHOLE:
            return gather_units(stream)
        return stream

    def planner(self, destinations: list[Destination], disk: Disk, run: str) -> Planner:
        """Return what decides where everything goes."""
        config = self._config
        options = PlanOptions(
            policy=config.on_conflict,
            copy=config.copy,
            keep_empty=config.keep_empty,
            quarantine=join(QUARANTINE, run.encode()),
        )
        return Planner(self._layout, destinations, self.classify, disk, options)

    def movable(
        self, seen: Iterable[Seen], destinations: Iterable[Destination]
    ) -> Iterator[FileEntry | Unit]:
        """Yield the files that are organized one by one, not those in a folder that moves whole.

        What belongs together comes as one.
        """
        is_whole = self._config.folders is FolderPolicy.WHOLE
        sources = {d.source for d in destinations}
        for item in self._classified(seen):
            if type(item) is ClassifiedUnit or (
                type(item) is Classified and item.entry.kind is Kind.FILE
            ):
                location = item.location
                if not is_whole or not sources.isdisjoint((location, location.folder)):
                    yield item.unit if type(item) is ClassifiedUnit else item.entry

    def classify(self, entry: FileEntry) -> Classified:
        """Return an entry with its category."""
        category = self._categorizer.category_of(entry.location.name)
        return Classified(entry, category, entry.fingerprint)

    def _classified(self, seen: Iterable[Seen]) -> Iterator[Categorized]:
        only = frozenset(self._config.only_category)
        category_of = self._categorizer.category_of
        for item in seen:
            if type(item) is not FileEntry:  # quicker than isinstance, of which there are millions
                if isinstance(item, Unit | Piece):
                    yield from self._classified_as_one(item, only)
                else:
                    yield item
                continue
            path = item.location.path
            category = category_of(path[path.rfind(b"/") + 1 :])
            if only and category not in only:
                yield Skip(item.location, Reason.FILTERED)
            else:
                yield Classified(item, category, item.fingerprint)

    def _classified_as_one(self, item: Unit | Piece, only: frozenset[str]) -> Iterator[Categorized]:
        """Yield what moves as one with its category, or that no member of it is selected."""
        if isinstance(item, Unit):
            main = self.classify(item.main)
            members = item.members
        else:
            category = self._categorizer.category_of(item.like)
            main = Classified(item.entry, category, item.evidence)
            members = (item.entry,)
        if only and main.category not in only:
            yield from (Skip(member.location, Reason.FILTERED) for member in members)
        else:
            yield ClassifiedUnit(main, item) if isinstance(item, Unit) else main

    def _check_categories(self) -> None:
        known = self._categorizer.names()
        for name in self._config.only_category:
            if name not in known:
                import difflib

                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
                raise UsageError(f"only_category: {name!r} is no category; {hint}")


def _prove(
    request: OrganizeRequest,
    mine: Iterable[FileEntry | Unit],
    vicinity: Vicinity,
    storage: ReadableStorage,
    tally: Tally,
    sink: EventSink,
    interrupts: Interrupts,
) -> Redundant:
    """Return what holds the same as another file of the run, or as one that is there already."""
    config = request.config

    def unseen(skip: Skip) -> None:
        path = shown(storage.roots[skip.location.root].absolute(skip.location))
        sink.tell(Noted(f"{path}: not compared: {skip.reason.value}"))

    places = [located(storage.roots, path) for path in references_of(config)]
    own = _own_paths(request.state, FolderPolicy.RECURSE)
    there = vicinity.files(storage, places, own, unseen)
    with open_digests(request.state, use=not (request.dry_run or config.copy)) as digests:
        sink.tell(PhaseStarted("scan"))
        finder = Finder(storage, FindOptions(jobs=request.jobs), sink, digests, interrupts.check)
        found = redundant(vicinity.of(mine), there, finder, config.keep, copy=config.copy)
    for lost in finder.lost:
        tally.fail(lost.location, lost.reason, "it was not compared with others")
    return found


def _template(config: Config) -> str:
    if config.template is not None:
        template = config.template
    elif config.mode in MODES:
        template = MODES[config.mode]
    else:
        import difflib

        near = difflib.get_close_matches(config.mode, MODES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"mode: {config.mode!r} is not one of {', '.join(MODES)}{hint}")
    return with_folders(template) if config.keep_folders else template


def _wanted(request: OrganizeRequest) -> Wanted:
    recursive = request.config.folders is not FolderPolicy.LEAVE
    state = os.fsencode(os.path.realpath(request.state.path))
    config = request.config
    read = references_of(config) if config.dedupe is DedupePolicy.QUARANTINE else []
    return Wanted(
        request.sources, request.into, recursive, request.force, state, config.copy, tuple(read)
    )


def _check_references(request: OrganizeRequest) -> None:
    for reference in map(os.path.realpath, references_of(request.config)):
        for source in request.sources:
            if is_below(os.path.realpath(source), reference):
                raise UsageError(
                    f"{shown(source)}: lies in the reference folder {shown(reference)}",
                    "what is in one is never touched: drop the source, or the reference",
                )


def _own_paths(state: State, folders: FolderPolicy) -> frozenset[bytes]:
    """Return the folders of fileorg's own; what holds one of them never moves as a whole."""
    own = {os.fsencode(state.path)}
    if folders is FolderPolicy.WHOLE:
        own.update(os.fsencode(parent) for parent in state.path.parents)
    return frozenset(own)


def _in_place_counted(plan: Iterable[Planned]) -> Iterator[Part]:
    """Replace what is in place already by its number."""
    count = 0
    for item in plan:
        if type(item) is not Skip or item.reason is not Reason.IN_PLACE:
            yield item
            continue
        count += 1
        if count == _INLINE:
            yield InPlace(count)
            count = 0
    if count:
        yield InPlace(count)


def _counted(
    plan: Iterable[Part],
    tally: Tally,
    interrupts: Interrupts,
    sink: EventSink,
    glance: Glance | None,
) -> Iterator[Part]:
    """Count a plan as it passes, tell how far it is, and give way to a signal."""
    count, see = tally.plan, None if glance is None else glance.see
    for number, item in enumerate(plan):
        count(item)
        if see is not None and type(item) is Action:
            see(item)
        elif see is not None and type(item) is Joint:
            for action in item.actions:
                see(action)
        yield item
        if number % PLAN_CHUNK == 0 or type(item) is InPlace:
            interrupts.check()
            sink.tell(Progressed("plan", number + tally.in_place))


def _show(item: Part, sink: EventSink) -> None:
    if sink.wants_actions and isinstance(item, Action | Joint | Skip):
        sink.planned(item)

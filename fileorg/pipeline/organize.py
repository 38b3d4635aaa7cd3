"""THE JOB: scan > categorize > dedupe > plan > move > journal. A dry run is the plan, counted."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

import msgspec

from fileorg.categorize.dates import Calendar
from fileorg.config.schema import Config
from fileorg.dedupe.finder import Finder, FindOptions
from fileorg.dedupe.glance import Glance
from fileorg.errors import UsageError
from fileorg.events import (
    TOLD_EACH,
    EventSink,
    Mismatched,
    Noted,
    PhaseStarted,
    Progressed,
    RunStarted,
)
from fileorg.model.duplicates import DedupePolicy
from fileorg.model.entry import Seen, Skip
from fileorg.model.evidence import Facts, Mismatch
from fileorg.model.location import Root, is_below, shown
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.plan import (
    Action,
    Classified,
    ClassifiedUnit,
    FolderPolicy,
    InPlace,
    Joint,
)
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules
from fileorg.pipeline.alike import (
    Redundant,
    Vicinity,
    likely,
    open_digests,
    redundant,
    told,
)
from fileorg.pipeline.costs import Foreseen, with_requests
from fileorg.pipeline.execute import Part, execute, record
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.job import Job, own_paths
from fileorg.pipeline.looking import Looker
from fileorg.pipeline.recover import settle_interrupted
from fileorg.pipeline.selecting import asked_into, asked_of, references_of
from fileorg.pipeline.state import State, create_journal, new_run_id
from fileorg.pipeline.surroundings import Disk
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.welcome import welcome
from fileorg.pipeline.workspace import (
    Wanted,
    Workspace,
    check_one_bucket,
    located,
    plan_roots,
)
from fileorg.pipeline.zone import resolve_zone
from fileorg.plan.planner import Planned
from fileorg.scan.spool import Spool
from fileorg.storage.base import ReadableStorage
from fileorg.storage.remote import real
from fileorg.workers import ahead

_INLINE = 2000  # fewer entries are planned before another process has started


class OrganizeRequest(msgspec.Struct, frozen=True):
    """What to organize and how; paths as bytes, *wait* in seconds.

    *save_plan* takes the plan of a dry run line by line.
    """

    sources: tuple[bytes, ...]
    state: State
    into: bytes | None = None
    config: Config = Config()
    dry_run: bool = False
    force: bool = False
    wait: float = 0
    jobs: int | None = None
    command: tuple[str, ...] = ()
    save_plan: Callable[[bytes], object] | None = None


def organize(request: OrganizeRequest, sink: EventSink) -> RunSummary:
    """Organize the sources, or with `dry_run` only say what would happen.

    What one file causes is in the sums; a `FileorgError` ends the run, and says what is to be done.
    """
    started = time.time_ns()
    times = (started, started)
    zone_name, zone = resolve_zone(request.config.timezone)
    _check(request)
    job = Job(request.config, Calendar(zone, started), started)
    roots, destinations = plan_roots(wanted_by(request))
    exact = _asks_for_times(job, roots, sink)
    run = new_run_id(started)
    sink.tell(RunStarted(run, RunKind.ORGANIZE, tuple(r.path for r in roots), request.dry_run))
    with Interrupts() as interrupts, Workspace(roots, exact_times=exact) as work:
        is_first = request.state.is_new()
        settled = [] if request.dry_run else _begun(request, work, sink)
        tally = Tally(roots)
        glance = Glance() if request.config.dedupe is DedupePolicy.REPORT else None
        seen, redundant = job.scan(work.storage, destinations, request.state), Redundant()
        look = job.looker(work.storage, [place.source for place in destinations])
        planner = job.planner(destinations, Disk(work.storage), look.classify, run)
        if request.config.dedupe is DedupePolicy.QUARANTINE:
            spool = Spool(seen)
            mine = job.movable(look.each(spool.filled(), request.jobs), destinations)
            places = Vicinity(destinations, planner.wanted_folder)
            redundant = _prove(request, mine, places, work.storage, tally, sink, interrupts)
            seen = redundant.left_out(spool, copy=request.config.copy)
        sink.tell(PhaseStarted("plan"))
        seen, apart = _scanned_apart(seen, request.jobs)
        judged = job.gather(look.each(seen, request.jobs))
        planned = _in_place_counted(planner.plan(judged, redundant.groups))
        fork = apart and not request.dry_run
        counted = ahead(planned, Planned, inline=0, fork=fork)
        plan = _counted(counted, tally, interrupts, sink, glance)
        if request.dry_run:
            foresight = Foreseen(request.state, roots)
            _show(foresight.seen(_saved(plan, request, roots, started, zone_name)), sink)
            tally.likely = likely(glance, work.storage, tally, request.config)
            _tell_unread(look, roots, sink)
            welcome(sink, is_first=is_first)
            preview = tally.summary(run, RunKind.ORGANIZE, RunState.FINISHED, times, dry_run=True)
            return with_requests(preview, work, request.config.prices, foresight)
        journal = record(
            plan,
            lambda: create_journal(
                request.state, run, RunKind.ORGANIZE, work.probe(run),
                command=request.command, now_ns=started, zone=zone_name,
            ),
        )  # fmt: skip
        if journal is None:
            sums = tally.summary("", RunKind.ORGANIZE, RunState.FINISHED, times, settled=settled)
        else:
            tally.likely = likely(glance, work.storage, tally, request.config)
            welcome(sink, is_first=is_first)
            sums = execute(
                journal, work.storage, Rules(run), tally, sink, interrupts,
                jobs=request.jobs, settled=settled,
            )  # fmt: skip
        return with_requests(sums, work, request.config.prices)


def _scanned_apart(seen: Iterator[Seen], jobs: int | None) -> tuple[Iterator[Seen], bool]:
    """Have another process go on with a scan of many; return whether it is so."""
    begun = list(islice(seen, _INLINE))
    apart = len(begun) == _INLINE and jobs != 1
    return chain(begun, ahead(seen, Seen, inline=0, fork=apart)), apart


def _prove(
    request: OrganizeRequest,
    mine: Iterable[Classified | ClassifiedUnit],
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
    own = own_paths(request.state, FolderPolicy.RECURSE)
    there = vicinity.files(storage, places, own, unseen)
    sink.tell(PhaseStarted("scan"))
    if any(root.reach for root in storage.roots):
        find = told(storage, proven=config.copy)
        return redundant(vicinity.of(mine), there, find, config.keep, copy=config.copy)
    with open_digests(request.state, use=not (request.dry_run or config.copy)) as digests:
        finder = Finder(
            storage, FindOptions(jobs=request.jobs, proven=True), sink, digests, interrupts.check
        )
        found = redundant(vicinity.of(mine), there, finder.find, config.keep, copy=config.copy)
    for lost in finder.lost:
        tally.fail(lost.location, lost.reason, "it was not compared with others")
    return found


def wanted_by(request: OrganizeRequest) -> Wanted:
    """Return what a request points at."""
    recursive = request.config.folders is not FolderPolicy.LEAVE
    state = os.fsencode(os.path.realpath(request.state.path))
    config = request.config
    read = references_of(config) if config.dedupe is DedupePolicy.QUARANTINE else []
    return Wanted(
        request.sources, request.into, recursive, request.force, state, config.copy, tuple(read),
        asked_of(config), asked_into(config),
    )  # fmt: skip


def _begun(request: OrganizeRequest, work: Workspace, sink: EventSink) -> list[str]:
    """Take the locks, and settle the interrupted runs there; return their ids."""
    request.state.prepare()
    work.lock(request.state.locks, request.wait)
    return settle_interrupted(request.state, work, sink)


def _asks_for_times(job: Job, roots: list[Root], sink: EventSink) -> bool:
    """Whether each object has to be asked for its time, which is told for what it costs."""
    services = {root.reach for root in roots}
    exact = any(services) and (job.goes_by_times or len(services) > 1)
    if exact:
        sink.tell(Noted("each object is asked for its time, which is a request for each"))
    return exact


def _check(request: OrganizeRequest) -> None:
    """Refuse what is never to be had, before anything is looked at."""
    if request.config.dedupe is DedupePolicy.QUARANTINE:
        places = (*request.sources, *filter(None, [request.into]))
        check_one_bucket([*places, *references_of(request.config)])
    _check_references(request)


def _check_references(request: OrganizeRequest) -> None:
    for reference in map(real, references_of(request.config)):
        for source in request.sources:
            if is_below(real(source), reference):
                raise UsageError(
                    f"{shown(source)}: lies in the reference folder {shown(reference)}",
                    "what is in one is never touched: drop the source, or the reference",
                )


def _in_place_counted(plan: Iterable[Planned]) -> Iterator[Planned]:
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
    plan: Iterable[Planned],
    tally: Tally,
    interrupts: Interrupts,
    sink: EventSink,
    glance: Glance | None,
) -> Iterator[Part]:
    """Count a plan as it passes, tell how far it is, and give way to a signal."""
    count, see = tally.plan, None if glance is None else glance.see
    for number, item in enumerate(plan):
        if type(item) is Mismatch:
            path = tally.mismatch(item)
            sink.tell(Mismatched(path, item.mime, item.category))
            continue
        count(item)
        if type(item) is Skip and sink.wants_actions:
            sink.planned(item)
        if see is not None and type(item) is Action:
            see(item)
        elif see is not None and type(item) is Joint:
            for action in item.actions:
                see(action)
        yield item
        if number % TOLD_EACH == 0 or type(item) is InPlace:
            interrupts.check()
            sink.tell(Progressed("plan", number + tally.in_place))


def _tell_unread(look: Looker, roots: list[Root], sink: EventSink) -> None:
    """Tell of files that a run will know no more of than their names."""
    if not look.unread:
        return
    what = "1 file" if look.unread == 1 else f"{look.unread:,} files"
    then = "they go by their names"
    if any(root.reach for root in roots):
        then += " here, but the run leaves what it can't read"
    sink.tell(Noted(f"{what} could not be looked into ({look.why}): {then}"))


def _saved(
    plan: Iterator[Part], request: OrganizeRequest, roots: list[Root], started: int, zone: str
) -> Iterator[Part]:
    """Return a plan, which saves itself while it passes if that is asked."""
    if request.save_plan is None:
        return plan
    from fileorg.pipeline.saving import plan_head, saved

    head = plan_head(request.config, request.command, roots, started, zone)
    return saved(plan, head, request.save_plan)


def _show(plan: Iterable[Part], sink: EventSink) -> None:
    for item in plan:
        if sink.wants_actions and isinstance(item, Action | Facts | Joint):
            sink.planned(item)

"""What is in some folders: scan > categorize > count. Nothing is changed, and no file is opened."""

import os
import time
from collections.abc import Iterable, Iterator

import msgspec

from fileorg.categorize.dates import Calendar
from fileorg.categorize.filetypes import OTHER
from fileorg.config.schema import Config
from fileorg.events import TOLD_EACH, EventSink, PhaseStarted, Progressed, RunStarted
from fileorg.model.entry import FileEntry, FolderSeen, Seen, Skip
from fileorg.model.inventory import FolderShare, Found, Inventory, Suspect
from fileorg.model.location import Location, Root, exact, exact_all, shown
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.job import categorizer_of
from fileorg.pipeline.selecting import asked_of, goes_by_times, selection_of
from fileorg.pipeline.state import State
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.workspace import Workspace, reading_roots
from fileorg.pipeline.zone import resolve_zone
from fileorg.plan.templates import SIZE_CLASSES, SIZE_STARTS, UNDATED
from fileorg.scan.census import Census, Scale, Scales
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.storage.local_probe import mount_points
from fileorg.workers import ahead

_INLINE = 2000  # fewer entries are counted before another process has started


class ScanRequest(msgspec.Struct, frozen=True):
    """What to count; paths as bytes, and how many of the largest, oldest and newest to name."""

    sources: tuple[bytes, ...]
    state: State
    config: Config = Config()
    top: int = 5
    jobs: int | None = None


def scan(request: ScanRequest, sink: EventSink) -> Inventory:
    """Return what is in the sources and all folders below; a `FileorgError` where it can't be told.

    What can't be read is in the sums.
    """
    now_ns = time.time_ns()
    config = request.config
    calendar = Calendar(resolve_zone(config.timezone)[1], now_ns)
    options = ScanOptions(
        selection_of(config, now_ns),
        recurse=True,
        depth=config.depth,
        own_paths=frozenset({os.fsencode(request.state.path)}),
        mount_points=frozenset(mount_points()),
    )
    census = Census(categorizer_of(config).category_of, OTHER, _scales(calendar), request.top)
    roots, places = reading_roots(request.sources, asked_of(config))
    tally = Tally(roots)
    exact = goes_by_times(config, ())
    with Interrupts() as interrupts, Workspace(roots, exact_times=exact) as work:
        sink.tell(RunStarted("", "scan", tuple(root.path for root in roots)))
        sink.tell(PhaseStarted("scan"))
        seen = Scanner(work.storage, options).scan(places)
        seen = ahead(seen, Seen, inline=_INLINE, fork=request.jobs != 1)
        census.see(_kept(seen, tally, sink, interrupts))
    found = _inventory(census, roots, tally)
    if not work.is_remote:
        return found
    return msgspec.structs.replace(found, requests=work.requests.priced(config.prices))


def _scales(calendar: Calendar) -> Scales:
    starts, names = calendar.years()
    years = Scale(starts, (UNDATED, *names, UNDATED))
    return Scales(Scale(SIZE_STARTS, SIZE_CLASSES), years)


def _kept(
    seen: Iterable[Seen], tally: Tally, sink: EventSink, interrupts: Interrupts
) -> Iterator[FileEntry | FolderSeen]:
    """Yield files and folders; what is left alone is counted apart."""
    for number, item in enumerate(seen):
        if type(item) is Skip:
            tally.plan(item)
            if sink.wants_actions:
                sink.planned(item)
        elif isinstance(item, FileEntry | FolderSeen):
            yield item
        if number % TOLD_EACH == 0:
            interrupts.check()
            sink.tell(Progressed("scan", number))


def _inventory(census: Census, roots: list[Root], tally: Tally) -> Inventory:
    def absolute(location: Location) -> bytes:
        return roots[location.root].absolute(location)

    def found(entry: FileEntry) -> Found:
        path, facts = absolute(entry.location), entry.fingerprint
        return Found(shown(path), facts.size, facts.mtime_ns, exact(path))

    def folder(location: Location, files: int, size: int) -> FolderShare:
        path = absolute(location)
        return FolderShare(shown(path), files, size, exact(path))

    def suspect(location: Location, reason: str) -> Suspect:
        path = absolute(location)
        return Suspect(shown(path), reason, exact(path))

    categories = census.categories()
    return Inventory(
        roots=tuple(shown(root.path) for root in roots),
        files=sum(share.files for share in categories),
        bytes=sum(share.bytes for share in categories),
        folders=census.folders,
        categories=categories,
        sizes=census.sizes(),
        years=census.years(),
        unknown=census.unknown(),
        largest=tuple(map(found, census.largest())),
        largest_folders=tuple(
            folder(place, total.files, total.bytes) for place, total in census.largest_folders()
        ),
        oldest=tuple(map(found, census.oldest())),
        newest=tuple(map(found, census.newest())),
        suspects=tuple(suspect(*one) for one in census.suspects),
        suspect_files=census.suspect_files,
        same_size=census.same_size(),
        left_alone=tally.left_alone(),
        failed=tally.failed,
        failures=tally.failures(),
        roots_b64=exact_all(root.path for root in roots),
    )

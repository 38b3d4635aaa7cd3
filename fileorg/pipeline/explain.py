"""Where a file would go and what says so, or why it is left alone: a preview, asked about a few."""

import os
import time
from collections.abc import Iterable, Sequence

import msgspec

from fileorg.categorize import confidence
from fileorg.categorize.confidence import Confidence
from fileorg.categorize.dates import Calendar
from fileorg.categorize.judge import FileEvidence
from fileorg.config.schema import Config
from fileorg.errors import SourceMissingError, StorageError
from fileorg.events import Silent
from fileorg.model.duplicates import DedupePolicy
from fileorg.model.entry import Kind, Skip
from fileorg.model.evidence import Basis, Dated, Facts
from fileorg.model.location import Location, Root, is_below, is_remote, shown
from fileorg.model.plan import Action, ActionKind, Joint
from fileorg.model.reason import Reason
from fileorg.move.acts import GONE
from fileorg.pipeline.job import Job
from fileorg.pipeline.organize import OrganizeRequest, organize, wanted_by
from fileorg.pipeline.state import State
from fileorg.pipeline.surroundings import Disk
from fileorg.pipeline.workspace import Workspace, plan_roots
from fileorg.pipeline.zone import resolve_zone
from fileorg.storage.remote import real as real_path

_GOES = {
    ActionKind.MOVE, ActionKind.COPY, ActionKind.SET_ASIDE, ActionKind.QUARANTINE,
}  # fmt: skip


class ExplainRequest(msgspec.Struct, frozen=True):
    """What to explain: absolute paths as bytes; *source* is theirs, else each one's own folder."""

    paths: tuple[bytes, ...]
    state: State
    source: bytes | None = None
    into: bytes | None = None
    config: Config = Config()
    force: bool = False


class Judged(msgspec.Struct, frozen=True):
    """What a file is and when it was made, how sure both are, and what they were taken from.

    There is a *date* unless not even the last change is credible; its moments are those of the
    zone of the run. Of a companion all but its content is that of its *main* file, which
    decides.
    """

    category: str
    confidence: Confidence
    facts: Facts
    date: Dated | None = None
    date_confidence: Confidence | None = None
    main: bytes | None = None


class Explanation(msgspec.Struct, frozen=True):
    """What becomes of one path.

    It goes to *target*, or stays for a *reason*; with neither it is a folder that is sorted
    through. *folder* is one above it that decides for all that is in it. Files are *judged*; what
    goes *together* with others has the paths of all, the main file's first, which decides.
    """

    path: bytes
    target: bytes | None = None
    act: ActionKind | None = None
    reason: Reason | None = None
    detail: str = ""
    folder: bytes | None = None
    judged: Judged | None = None
    together: tuple[bytes, ...] = ()


def explain(request: ExplainRequest) -> list[Explanation]:
    """Return what a run would do with each path, in their order; nothing is changed.

    Errors are those of `organize`, and `SourceMissingError` for a path that is not there.
    """
    real = [_real(path) for path in request.paths]
    source = None if request.source is None else real_path(request.source)
    by_source: dict[bytes, list[bytes]] = {}
    for path in real:
        if source is not None and not is_below(path, source):
            raise SourceMissingError(f"{shown(path)}: not in {shown(source)}", "check --source")
        by_source.setdefault(os.path.dirname(path) if source is None else source, []).append(path)
    found = {
        told.path: told
        for folder, paths in by_source.items()
        for told in _explained(request, folder, paths)
    }
    return [found[path] for path in real]


def _explained(request: ExplainRequest, source: bytes, paths: list[bytes]) -> Iterable[Explanation]:
    config = request.config
    if config.dedupe is DedupePolicy.REPORT:  # which decides nothing
        config = msgspec.structs.replace(config, dedupe=DedupePolicy.OFF)
    run = OrganizeRequest(
        (source,), request.state, request.into, config, dry_run=True, force=request.force
    )
    roots, destinations = plan_roots(wanted_by(run))
    sources = [destination.source for destination in destinations]
    wanted = {_location(roots, path): path for path in paths}
    listener = _Listener(roots, wanted)
    organize(run, listener)
    now = time.time_ns()
    job = Job(config, Calendar(resolve_zone(config.timezone)[1], now), now)
    with Workspace(roots) as work:
        disk = Disk(work.storage)
        for location, path in wanted.items():
            try:
                entry = work.storage.stat(location)
            except StorageError as error:
                raise (_missing(path) if error.reason in GONE else error) from error
            told = listener.told(location)
            if entry.kind in {Kind.FILE, Kind.SYMLINK}:
                judged = _judged(job.evidence(work.storage, entry, sources), job)
                main = disk.main_of(entry)
                if main.location != location:
                    lead = _judged(job.evidence(work.storage, main, sources), job)
                    judged = _led(judged, lead, roots[location.root].absolute(main.location))
                told = _with_evidence(told, judged)
            yield told


class _Listener(Silent):
    """Keeps what a preview says of some places, and of the folders that they are in."""

    wants_actions = True

    def __init__(self, roots: Sequence[Root], wanted: dict[Location, bytes]) -> None:
        self._roots = roots
        self._wanted = wanted
        self._heard: dict[Location, Action | Skip] = {}
        self._together: dict[Location, tuple[bytes, ...]] = {}
        self._around = {step for location in wanted for step in location.upwards()}

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        """Keep what is said of a place; that it is set aside counts more than why it was so."""
        if isinstance(item, Action) and item.kind in _GOES and item.source in self._around:
            self._heard[item.source] = item
        elif isinstance(item, Skip) and item.location in self._around:
            self._heard.setdefault(item.location, item)
        elif isinstance(item, Joint):
            sources = [action.source for action in item.actions]
            places = tuple(self._roots[at.root].absolute(at) for at in sources)
            self._together.update(dict.fromkeys(self._around.intersection(sources), places))
            for action in item.actions:
                self.planned(action)

    def told(self, location: Location) -> Explanation:
        """Return what becomes of a place: what was said of it, or of a folder above."""
        path = self._wanted[location]
        for step in location.upwards():
            item = self._heard.get(step)
            if item is None:
                continue
            folder = None if step == location else self._roots[step.root].absolute(step)
            if isinstance(item, Skip):
                return Explanation(path, None, None, item.reason, item.detail, folder)
            target = self._roots[item.target.root].absolute(item.target)
            target += location.path[len(step.path) :]
            together = self._together.get(step, ())
            judged = _of_folder(item) if folder is None and not together else None
            return Explanation(
                path, target, item.kind, folder=folder, judged=judged, together=together
            )
        return Explanation(path)


def _of_folder(action: Action) -> Judged | None:
    """Return what is known of a folder that moves as one; nothing of what else moves."""
    if action.entry_kind is not Kind.FOLDER:
        return None
    return Judged(action.category, Confidence.MEDIUM, Facts(basis=Basis.HELD))


def _with_evidence(told: Explanation, judged: Judged) -> Explanation:
    if told.target is None and told.reason is None:
        told = msgspec.structs.replace(told, reason=Reason.IN_PLACE)
    return msgspec.structs.replace(told, judged=judged)


def _judged(evidence: FileEvidence, job: Job) -> Judged:
    evidence.mime()  # which says more than the layout may have asked for
    item = evidence.judged()
    if isinstance(item, Skip):
        known = evidence.facts(frozenset()) or Facts()
        category, facts = evidence.category, msgspec.structs.replace(known, rule=item.detail)
    else:
        category, facts = item.category, item.facts or Facts()
    sure = confidence.of_category(category, facts, job.categorizer)
    dated = evidence.dated()
    if dated is None:
        return Judged(category, sure, facts)
    local = Dated(job.calendar.local(dated), dated.source)
    return Judged(category, sure, facts, local, confidence.of_date(dated))


def _led(own: Judged, main: Judged, path: bytes) -> Judged:
    """Return what holds of a companion: all that is known of its main file, but what is in it."""
    mime, doubt, problem = own.facts.mime, own.facts.doubt, own.facts.problem
    facts = msgspec.structs.replace(main.facts, mime=mime, doubt=doubt, problem=problem)
    return msgspec.structs.replace(main, facts=facts, main=path)


def _real(path: bytes) -> bytes:
    """Return the absolute path of what is there, a symlink as itself."""
    if is_remote(path):
        return path
    if not os.path.lexists(path):
        raise _missing(path)
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name) if name else folder


def _missing(path: bytes) -> SourceMissingError:
    return SourceMissingError(f"{shown(path)}: there is no such file or folder", "check the path")


def _location(roots: Sequence[Root], path: bytes) -> Location:
    for number, root in enumerate(roots):
        if is_below(path, root.path):
            return Location(number, path[len(root.path) :].strip(b"/"))
    raise LookupError(path)

"""Executing a saved plan: each line is checked against the disk, and what drifted is left."""

import os
import stat
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import BinaryIO

import msgspec

from fileorg.errors import StorageError, UsageError
from fileorg.events import EventSink, PhaseStarted, Progressed, RunStarted
from fileorg.journal.schema import PLAN_CHUNK
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Skip
from fileorg.model.location import QUARANTINE, Location, Root, is_below, join, shown
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.plan import Action, ActionKind, FolderFound
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.move.acts import Rules, mismatch
from fileorg.pipeline.execute import execute, record
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.recover import settle_interrupted
from fileorg.pipeline.state import State, create_journal, new_run_id
from fileorg.pipeline.surroundings import Disk
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.workspace import Workspace, check_dangerous
from fileorg.plan.folders import FolderBook
from fileorg.plan.saved import (
    LONGEST_LINE,
    BadPlanError,
    PlanHead,
    Planned,
    PlanRoot,
    Reader,
    read_head,
    root_path,
)
from fileorg.storage.base import Storage
from fileorg.storage.local_probe import numbers_anew

Part = Action | FolderFound | Skip
_FOLDERS = {ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER}


class ApplyRequest(msgspec.Struct, frozen=True):
    """Which plan to execute: an open file and the name to call it by; *wait* in seconds."""

    plan: BinaryIO
    name: str
    state: State
    dry_run: bool = False
    force: bool = False
    wait: float = 0
    jobs: int | None = None
    command: tuple[str, ...] = ()


def apply(request: ApplyRequest, sink: EventSink) -> RunSummary:
    """Do what a saved plan says, as far as the disk is still as it was; return the sums.

    `UsageError` names the line of a bad plan; nothing was touched then.
    """
    started = time.time_ns()
    plan = _PlanFile(request)
    roots, other = plan.roots()
    check_dangerous([root.path for root in roots], force=request.force)
    run = new_run_id(started)
    paths = tuple(root.path for root in roots)
    sink.tell(RunStarted(run, RunKind.APPLY, paths, request.dry_run))
    with Interrupts() as interrupts, Workspace(roots) as work:
        settled: list[str] = []
        if not request.dry_run:
            request.state.prepare()
            work.lock(request.wait)
            settled = settle_interrupted(request.state, work, sink)
        tally = Tally(roots)
        checked = _Check(work.storage, run, other).parts(plan.lines(request.state))
        parts = _counted(checked, tally, interrupts, sink)
        times = (started, started)
        sink.tell(PhaseStarted("plan"))
        if request.dry_run:
            for item in parts:
                if sink.wants_actions and type(item) is Action:
                    sink.planned(item)
            return tally.summary(run, RunKind.APPLY, RunState.FINISHED, times, dry_run=True)
        journal = record(
            parts,
            lambda: create_journal(
                request.state, run, RunKind.APPLY, work.probe(run),
                command=request.command, now_ns=started, zone=plan.head.zone,
            ),
        )  # fmt: skip
        if journal is None:
            return tally.summary("", RunKind.APPLY, RunState.FINISHED, times, settled=settled)
        return execute(
            journal, work.storage, Rules(run), tally, sink, interrupts,
            jobs=request.jobs, settled=settled,
        )  # fmt: skip


class _PlanFile:
    """A plan, line by line; what is wrong with one is a `UsageError` with its number."""

    def __init__(self, request: ApplyRequest) -> None:
        self._file = request.plan
        self._name = request.name
        self._number = 0
        try:
            self.head: PlanHead = read_head(self._line())
        except BadPlanError as error:
            raise self._bad(error) from error

    def roots(self) -> tuple[list[Root], set[int]]:
        """Return the roots as they are now, and which of them are other folders by now."""
        roots, other = [], set()
        for number, planned in enumerate(self.head.roots):
            try:
                root = _root(root_path(planned))
            except BadPlanError as error:
                raise self._bad(error) from error
            roots.append(root)
            if _is_other(root, planned):
                other.add(number)
        return roots, other

    def lines(self, state: State) -> Iterator[Planned]:
        """Yield what each line asks for."""
        paths = [root_path(root) for root in self.head.roots]
        reader = Reader(len(paths), _own_places(paths, os.fsencode(os.path.realpath(state.path))))
        while line := self._line():
            if line.isspace():
                continue
            try:
                yield reader.read(line)
            except BadPlanError as error:
                raise self._bad(error) from error

    def _line(self) -> bytes:
        self._number += 1
        try:
            line = self._file.readline(LONGEST_LINE)
        except OSError as error:
            raise UsageError(f"{self._name}: {error.strerror}", "is that a plan?") from error
        if self._number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) == LONGEST_LINE:
            raise self._bad(BadPlanError(f"longer than {LONGEST_LINE:,} bytes"))
        return line

    def _bad(self, error: BadPlanError) -> UsageError:
        return UsageError(
            f"{self._name}: line {self._number}: {error}",
            "nothing was moved; plans are made by organize --dry-run --save-plan",
        )


def _root(path: bytes) -> Root:
    """Return the root that a plan names; `BadPlanError` where this machine has no such folder."""
    try:
        found = os.stat(path)
    except OSError as error:
        raise BadPlanError(
            f"{shown(path)!r}: {error.strerror}; is it another machine's?"
        ) from error
    if not stat.S_ISDIR(found.st_mode) or os.path.realpath(path) != path:
        raise BadPlanError(f"{shown(path)!r} is no folder, or leads to another place")
    return Root(path, found.st_dev, found.st_ino)


def _is_other(root: Root, planned: PlanRoot) -> bool:
    return planned.inode != root.inode and not numbers_anew(root.path)


def _own_places(roots: list[bytes], state: bytes) -> list[Location]:
    """Return where the state folder lies below the roots."""
    return [
        Location(number, state[len(root) :].strip(b"/"))
        for number, root in enumerate(roots)
        if is_below(state, root)
    ]


class _Check:
    """Looks at each line's files, and makes of what is as it was the steps that it takes."""

    def __init__(self, storage: Storage, run: str, other: set[int]) -> None:
        self._storage = storage
        self._rules = Rules(run)
        self._quarantine = join(QUARANTINE, run.encode())
        self._other = other
        self._out: list[Part] = []
        self._book = FolderBook(Disk(storage), self._out.append)
        self._kept: Action | None = None
        self._gone: Counter[Location] = Counter()

    def parts(self, lines: Iterable[Planned]) -> Iterator[Part]:
        """Yield the steps of the lines, and what drifted with its reason."""
        for line in lines:
            try:
                self._check(line)
            except StorageError as error:
                self._out.append(Skip(line.action.source, error.reason, str(error)))
            yield from self._out
            self._out.clear()

    def _check(self, line: Planned) -> None:
        action = line.action
        if not self._other.isdisjoint({action.source.root, action.target.root}):
            if action.kind in _FOLDERS:
                return
            raise StorageError(Reason.ROOT_REPLACED)
        match action.kind:
            case ActionKind.MAKE_FOLDER:
                self._make(action.target)
            case ActionKind.REMOVE_FOLDER:
                self._remove_folder(action)
            case ActionKind.SET_ASIDE:
                self._expect(action)
                self._keep(line.beside)
                self._set_aside(action)
            case ActionKind.QUARANTINE:
                self._expect(action)
                self._set_aside(action)
            case _:
                self._carry(action, line.replaces)

    def _carry(self, action: Action, replaced: Action | None) -> None:
        self._expect(action)
        holder = self._seen(action.target)
        if holder is not None and not holder.is_known_as(action.fingerprint):
            if replaced is None:
                raise StorageError(Reason.TARGET_EXISTS, shown(action.target.path))
            self._expect(replaced)
        self._make(action.target.folder)
        if replaced is not None and holder is not None:
            self._set_aside(replaced)
        self._book.fill(action.target.folder)
        if action.kind is ActionKind.MOVE:
            self._book.touch(action.source.folder)
            self._gone[action.source.folder] += 1
        self._out.append(action)

    def _set_aside(self, action: Action) -> None:
        aside = Location(action.source.root, self._quarantine).below(action.source.path)
        self._make(aside.folder)
        self._book.touch(action.source.folder)
        self._gone[action.source.folder] += action.kind is ActionKind.SET_ASIDE
        self._out.append(msgspec.structs.replace(action, target=aside))

    def _keep(self, kept: Action | None) -> None:
        if kept is None or kept == self._kept:
            return
        found = self._seen(kept.source)
        if found is None or not found.fingerprint.is_unedited(kept.fingerprint):
            raise StorageError(Reason.KEPT_GONE, shown(kept.source.path))
        self._kept = kept
        self._out.append(kept)

    def _make(self, folder: Location) -> None:
        for missing in self._book.missing(folder):
            self._book.make(missing)

    def _remove_folder(self, action: Action) -> None:
        """Plan to remove a folder if it is the one that was seen and will be empty."""
        folder = action.target
        with suppress(StorageError):  # it is gone, or something else
            facts = self._storage.folder_facts(folder)
            left = len(self._storage.names(folder)) - self._gone[folder]
            if _is_the_folder(facts, action.fingerprint) and left <= 0:
                self._book.touch(folder.folder)
                self._gone[folder.folder] += 1
                self._out.append(action)

    def _expect(self, action: Action) -> None:
        """Raise why what a line is about is not as it was when the plan was made."""
        found = self._storage.stat(action.source)
        if found.kind is not action.entry_kind:
            raise StorageError(Reason.CHANGED)
        reason = mismatch(found, action, self._rules)
        if reason is not None:
            raise StorageError(reason)

    def _seen(self, place: Location) -> FileEntry | None:
        try:
            return self._storage.stat(place)
        except StorageError as error:
            if error.reason in {Reason.VANISHED, Reason.FOLDER_GONE}:
                return None
            raise


def _is_the_folder(facts: FolderFacts, expected: Fingerprint) -> bool:
    return expected.inode in {0, facts.inode}


def _counted(
    parts: Iterable[Part], tally: Tally, interrupts: Interrupts, sink: EventSink
) -> Iterator[Part]:
    """Count a plan as it passes, tell how far it is, and give way to a signal."""
    for number, item in enumerate(parts):
        tally.plan(item)
        if type(item) is Skip and sink.wants_actions:
            sink.planned(item)
        yield item
        if number % PLAN_CHUNK == 0:
            interrupts.check()
            sink.tell(Progressed("plan", number))

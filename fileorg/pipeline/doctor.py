"""Is everything healthy? Looks at the state folder, journals and roots, and changes nothing."""

import os
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec

from fileorg.errors import (
    FileorgError,
    StorageError,
    StorageUnavailableError,
    TamperedJournalError,
    UndecidedError,
)
from fileorg.journal.files import UNBEGUN
from fileorg.journal.in_force import in_force
from fileorg.journal.index import RunRecord, describe, kept_list
from fileorg.journal.store import Journal
from fileorg.model.location import Location, Root, shown
from fileorg.model.outcome import FORWARD, RunKind, RunState
from fileorg.model.reason import Reason
from fileorg.move.acts import look
from fileorg.pipeline.against_disk import differences, lost_steps
from fileorg.pipeline.known_roots import KnownRoot, leftovers, look_at, set_aside, way_in_words
from fileorg.pipeline.lineage import History, Lineage
from fileorg.pipeline.places import Finding, state_folder_finding
from fileorg.pipeline.recover import roots_now
from fileorg.pipeline.state import State, new_run_id
from fileorg.storage.asked import ANY, Asked
from fileorg.storage.locks import is_locked
from fileorg.storage.registry import open_storage
from fileorg.storage.remote import root_at

_DIFFERS, _TAMPERED = 3, TamperedJournalError.exit_code

_REMEDIES = {
    Reason.EDITED: "",
    Reason.VANISHED: "undo can't bring it back; a later run may have moved it on",
    Reason.NOT_OURS: "undo --include-changed takes it all the same",
    Reason.TAKEN: "undo can't put the file back there; move away what is there",
}


class DoctorRequest(msgspec.Struct, frozen=True):
    """What to examine: everything, with *deep* each row of each journal, or one *run*.

    Or a *bucket*, which is *asked* for as its user wants it.
    """

    state: State
    run: str | None = None
    deep: bool = False
    bucket: bytes | None = None
    asked: Asked = ANY


def examine(request: DoctorRequest) -> Iterator[Finding]:
    """Yield what is found; `UnknownRunError` if there is no such run.

    A bucket is tried with small objects that are removed again; else nothing is changed.
    """
    if request.bucket is not None:
        yield from _bucket(root_at(request.bucket, request.asked))
        return
    places = (request.state.path, request.state.path / "runs")
    folders = [state_folder_finding(place) for place in places if os.path.lexists(place)]
    yield from folders
    if request.run is not None:
        yield from _one_run(request.state, request.run)
    elif not folders:
        yield Finding("state", os.fsencode(places[0]), "not there yet; the first run makes it")
    elif len(folders) == len(places) and places[1].is_dir():
        yield from _everything(request.state, deep=request.deep)


def _everything(state: State, *, deep: bool) -> Iterator[Finding]:
    records: list[RunRecord] = []
    roots: dict[bytes, KnownRoot] = {}
    for path in sorted((state.path / "runs").glob("*.db"), reverse=True):
        record = describe(path)
        in_doubt = record.state is not RunState.FINISHED  # what is advised of it must hold
        problem = _journal_problem(path, roots, deep=deep or in_doubt)
        if problem is not None:
            yield problem
        records.append(record)
    sound = [record for record in records if not record.problem]
    looked = "read row by row" if deep else "opened; --deep checks every row"
    yield Finding("journals", os.fsencode(state.path / "runs"), f"{len(records)} {looked}")
    for path in sorted((state.path / "runs").glob(f"*{UNBEGUN}")):
        says = "of a run that is just beginning, or was killed before it did anything"
        yield Finding("unbegun", os.fsencode(path), says)
    yield _index(state, records)
    running = {run.run for run in sound if _is_running(state, run)}
    history = History(records)
    stopped = [run for run in history.unfinished() if run.run not in running]
    for record in stopped:
        yield _interrupted(state, record)
    undone = {record.run for record in sound if history.is_undone(record)}
    waiting = {run.run for run in stopped}
    needed = waiting | {run.run for run in sound if run.kind in FORWARD and run.run not in undone}
    for root in roots.values():
        yield from _root(root, needed, running, waiting)


def _journal_problem(path: Path, roots: dict[bytes, KnownRoot], *, deep: bool) -> Finding | None:
    """Say what is wrong with a journal; from one that can be used take the roots it knows."""
    try:
        journal = Journal.open(path)
        try:
            if deep:
                journal.verify()
            run, folders = journal.header().run, journal.folders()
            for number, held in enumerate(journal.roots()):
                known = roots.setdefault(held.root.path, KnownRoot(held))
                known.add(run, (place.path for place in folders if place.root == number))
        finally:
            journal.close()
    except FileorgError as error:
        return _failure("journal", os.fsencode(path), error)
    problem = describe(path).problem
    return Finding("journal", os.fsencode(path), problem, "", _TAMPERED) if problem else None


def _failure(area: str, path: bytes, error: FileorgError) -> Finding:
    says = error.message.removeprefix(f"{os.fsdecode(path)}: ")
    return Finding(area, path, says, error.remedy, error.exit_code)


def _index(state: State, records: list[RunRecord]) -> Finding:
    path = os.fsencode(state.path / "index")
    if kept_list(state.path) == records:
        return Finding("index", path, "in step with the journals")
    return Finding("index", path, "not in step; the next command that lists runs makes it anew")


def _is_running(state: State, record: RunRecord) -> bool:
    return record.state in {RunState.PLANNING, RunState.RUNNING} and is_locked(
        record.roots, state.locks
    )


def _interrupted(state: State, record: RunRecord) -> Finding:
    path = os.fsencode(state.journal_path(record.run))
    says, code = "interrupted", _DIFFERS
    remedy = f"fileorg recover {record.run} finishes it, fileorg undo {record.run} takes it back"
    try:
        journal = state.open(record.run)
        try:
            if record.state is RunState.RUNNING and (lost := _lost(journal)):
                says = f"interrupted, and of {len(lost)} steps the disk can't say what happened"
                remedy = f"look at {shown(lost[0])}, then: fileorg recover {record.run}"
                code = UndecidedError.exit_code
        finally:
            journal.close()
    except FileorgError as error:
        return _failure("run", path, error)
    return Finding("run", path, says, remedy, code)


def _lost(journal: Journal) -> list[bytes]:
    storage = open_storage(roots_now(journal))
    try:
        return list(lost_steps(journal, storage))
    finally:
        storage.close()


def _root(
    root: KnownRoot, needed: set[str], running: set[str], stopped: set[str]
) -> Iterator[Finding]:
    path = root.held.root.path
    try:
        with look_at(root) as (storage, says):
            yield Finding("root", path, says)
            for name, run in leftovers(root, storage):
                if run not in running:
                    yield _leftover(name, run, stopped)
            for place, run, files, size in set_aside(storage):
                back = f"fileorg undo {run} brings them back"
                lost = "its journal is gone; below it they have their old paths"
                known = run in root.runs and run in needed
                yield Finding(
                    "aside", place, f"{files:,} set aside, {size:,} bytes", back if known else lost
                )
    except FileorgError as error:
        failure = _failure("root", path, error)
        if root.runs.isdisjoint(needed):
            failure = Finding("root", path, f"{failure.says}; no run needs it any more")
        yield failure


def _bucket(root: Root) -> Iterator[Finding]:
    """Try in a bucket what a run needs there: to list, to read, to write, and to remove."""
    try:
        storage = open_storage([root])
        try:
            yield Finding("root", root.path, "a bucket that can be listed")
            scratch = f".fileorg-{new_run_id(time.time_ns())}-probe".encode()
            look(storage, Location(0, scratch))  # of a key that is not there, a denial says so
            yield Finding("root", root.path, way_in_words(storage.probe(0, scratch)))
        finally:
            storage.close()
    except StorageError as error:
        remedy, code = "it needs s3:GetObject", StorageUnavailableError.exit_code
        yield Finding("root", root.path, f"nothing can be read: {error}", remedy, code)
    except FileorgError as error:
        yield _failure("root", root.path, error)


def _leftover(path: bytes, run: str, stopped: set[str]) -> Finding:
    if run in stopped:
        says, remedy = "half a step of an interrupted run", f"fileorg recover {run}"
    elif path.endswith(b".case"):
        says, remedy = "a file that was half renamed", "look at it, and give it its name"
    else:
        says, remedy = "left by a run that is over", "look at it; no run needs it any more"
    return Finding("leftover", path, says, remedy, _DIFFERS)


def _one_run(state: State, name: str) -> Iterator[Finding]:
    """Check every row of a run, and then every file against the disk."""
    record = state.find(name)
    history = History(state.records())
    undone = record.kind is RunKind.UNDO or history.is_undone(record)
    line = history.line(record)
    with Lineage(state, line) as journals:
        forces = list(in_force(journals, undone=undone))
        for basis, journal in zip(line, journals.opened, strict=False):
            by = "" if basis is record else f", the {basis.kind.value} of run {record.run}"
            yield Finding("journal", os.fsencode(journal.path), f"sound in every row{by}")
        newest, path = line[0], os.fsencode(journals.opened[0].path)
        if _is_running(state, newest):
            yield Finding("run", path, "at work now; its files are not compared")
            return
        if newest.state is not RunState.FINISHED:
            yield _interrupted(state, newest)
        storage = open_storage(roots_now(journals.opened[0]))
        try:
            looked = 0
            for place, reason in chain.from_iterable(differences(f, storage) for f in forces):
                looked += 1
                if reason is not None:
                    remedy = _REMEDIES.get(reason, "undo leaves it as it is, and says so")
                    code = 0 if reason is Reason.EDITED else _DIFFERS
                    yield Finding("file", place, reason.value, remedy, code)
        finally:
            storage.close()
        yield Finding("run", path, f"{looked} steps compared with the disk")

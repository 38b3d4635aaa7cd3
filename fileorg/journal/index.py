"""The list of runs: a file that answers without opening journals, and is rebuilt from them."""

import os
from contextlib import suppress
from pathlib import Path

import msgspec
import xxhash

from fileorg.errors import FileorgError
from fileorg.journal.reading import JournalReader
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.summary import RunSummary

_DIGEST = 8


class RunRecord(msgspec.Struct, frozen=True):
    """What the list knows of a run: files done, folders made and removed, and their bytes.

    Files that were *not_chosen* are those that a partial undo left as the run had put them,
    *copies_left* the copies that steps left which failed.
    *ended_ns* is 0 of one that did not end, and of one that an older list knows. `problem` says why
    its journal can't be used, if it can't.
    """

    run: str
    kind: RunKind = RunKind.ORGANIZE
    state: RunState = RunState.PLANNING
    parent: str = ""
    roots: tuple[bytes, ...] = ()
    started_ns: int = 0
    planned: int = 0
    done: int = 0
    failed: int = 0
    bytes: int = 0
    folders: int = 0
    not_chosen: int = 0
    problem: str = ""
    ended_ns: int = 0
    copies_left: int = 0


def read_index(state: Path) -> list[RunRecord]:
    """Return every run, the newest first; journals that the file does not know are opened."""
    known = {record.run: record for record in kept_list(state)}
    journals = sorted((state / "runs").glob("*.db"), reverse=True)
    records = []
    for journal in journals:
        record = known.get(journal.stem)
        if record is None or not record.ended_ns:
            record = describe(journal)
        records.append(record)
    if records != list(known.values()):
        write_index(state, records)
    return records


def write_index(state: Path, records: list[RunRecord]) -> None:
    """Replace the file; where that can't be done it is rebuilt at the next reading."""
    part = state / f"index.{os.getpid()}"
    try:
        part.touch(mode=0o600)
        content = msgspec.msgpack.encode(records)
        part.write_bytes(xxhash.xxh3_64_digest(content) + content)
        part.replace(state / "index")
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def describe(path: Path) -> RunRecord:
    """Return what a journal says of its run."""
    try:
        journal = JournalReader.open(path)
        try:
            header, progress = journal.header(), journal.progress()
            summary = journal.summary(RunSummary)
            not_chosen, copies_left = journal.not_chosen(), journal.copies_left()
            roots = tuple(held.root.path for held in journal.roots())
        finally:
            journal.close()
    except FileorgError as error:
        return RunRecord(path.stem, problem=str(error))
    return RunRecord(
        header.run,
        header.kind,
        progress.state,
        header.parent,
        roots,
        header.started_ns,
        progress.actions,
        summary.done if summary is not None else 0,
        summary.failed if summary is not None else 0,
        summary.bytes if summary is not None else 0,
        summary.folders_made + summary.folders_removed if summary is not None else 0,
        not_chosen,
        ended_ns=summary.ended_ns if summary and progress.state is RunState.FINISHED else 0,
        copies_left=copies_left,
    )


def kept_list(state: Path) -> list[RunRecord]:
    """Return what the file says; nothing where it is not as it was written."""
    try:
        content = (state / "index").read_bytes()
        if xxhash.xxh3_64_digest(content[_DIGEST:]) != content[:_DIGEST]:
            return []
        return msgspec.msgpack.decode(content[_DIGEST:], type=list[RunRecord])
    except (OSError, msgspec.MsgspecError):
        return []

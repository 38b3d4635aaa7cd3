"""What a journal says: every query of a run, and the check of every row."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import index
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec

from fileorg.journal.evidence import facts_of
from fileorg.journal.files import check_owner, check_version, connect, sound, tampered
from fileorg.journal.schema import (
    BATCH,
    EVIDENCE_SINCE,
    NOT_CHOSEN_KEY,
    SEALED_KEY,
    UNITS_SINCE,
    Header,
    JournalRoot,
    Progress,
    digest,
    row_is_planned,
    tables_of,
)
from fileorg.model.entry import Fingerprint, FolderFacts, Kind, Skip
from fileorg.model.evidence import Facts
from fileorg.model.location import Location, Root, is_inside, is_remote
from fileorg.model.outcome import Outcome, RunState, Status
from fileorg.model.plan import Action, ActionKind, FolderFound
from fileorg.model.reason import Reason

Step = tuple[int, Action]

_Value = TypeVar("_Value")
_KINDS = {kind.value: kind for kind in Kind}
_ACTIONS = {kind.value: kind for kind in ActionKind}
_STEP = (
    "SELECT seq, kind, source_folder, source_name, target_folder, target_name, entry_kind,"
    " size, mtime_ns, ctime_ns, inode, category FROM action "
)
_NO_NAME = (  # a name that is more than one, or leads elsewhere
    "SELECT 1 FROM action WHERE instr(source_name, x'2f') OR instr(target_name, x'2f')"
    " OR source_name IN (x'2e', x'2e2e') OR target_name IN (x'2e', x'2e2e') LIMIT 1"
)
_StepRow = tuple[int, int, int, bytes, int, bytes | None, int, int, int, int, int, str]
_DONE, _COPIED = Status.DONE.value, Status.COPIED.value
_UNSIGNED = (1 << 64) - 1
_TO_CARRY = f"""
SELECT COALESCE(SUM(size), 0) FROM action
  JOIN folder AS f ON f.id = source_folder JOIN root AS source ON source.id = f.root
  JOIN folder AS t ON t.id = target_folder JOIN root AS target ON target.id = t.root
WHERE seq >= ? AND (kind = {ActionKind.COPY.value}
  OR kind = {ActionKind.MOVE.value} AND source.device <> target.device)
"""  # noqa: S608


class _Prefixes(dict[int, tuple[int, bytes]]):
    """Of each folder its root and what stands before a name in it, read when first asked for."""

    def __init__(self, read: Callable[[int], Location]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, number: int) -> tuple[int, bytes]:
        return self.keep(number, self._read(number))

    def keep(self, number: int, folder: Location) -> tuple[int, bytes]:
        self[number] = found = folder.root, folder.path + b"/" if folder.path else b""
        return found


class JournalReader:
    """One run's journal, open for reading. Every method raises `TamperedJournalError`."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path = path
        self._db = database
        self._prefixes = _Prefixes(self._folder)
        self._block = -1
        self._units: dict[int, int] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a journal that is its owner's alone; `TamperedJournalError` if it is not sound.

        Rows are not checked yet: `verify` does that.
        """
        check_owner(path)
        journal = cls(path, connect(path))
        try:
            with sound(path):
                check_version(path, journal._db)
                journal._load()
        except BaseException:
            journal.close()
            raise
        return journal

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # what a run is

    def header(self) -> Header:
        """Return what was known when the run began."""
        with sound(self.path):
            return msgspec.json.decode(self._meta("header") or b"", type=Header)

    def roots(self) -> list[JournalRoot]:
        """Return the roots, in the order of their ids."""
        with sound(self.path):
            return [
                JournalRoot(
                    Root(path, device & _UNSIGNED, inode & _UNSIGNED, mount * is_remote(path)),
                    mount,
                    way,
                )
                for _, path, device, inode, mount, way in self._rows("root", "ORDER BY id")
            ]

    def folders(self) -> list[Location]:
        """Return every folder that the run touches or names."""
        with sound(self.path):
            rows = list(self._rows("folder", "ORDER BY id"))
            if [number for number, _, _ in rows] != list(range(len(rows))):
                raise tampered(self.path, "a row of 'folder' is missing")
            return [Location(root, path) for _, root, path in rows]

    def progress(self) -> Progress:
        """Return how far the run is."""
        with sound(self.path):
            row = next(self._rows("progress"), None)
            if row is None:
                raise tampered(self.path, "it does not say how far the run is")
            return Progress(RunState(row[1]), *row[2:])

    def summary(self, type_: type[_Value]) -> _Value | None:
        """Return the sums that were kept when the run ended."""
        with sound(self.path):
            found = self._meta(SEALED_KEY)
            return None if found is None else msgspec.json.decode(found, type=type_)

    def not_chosen(self) -> int:
        """Return how many files an undo was not asked for; 0 where it is no partial one."""
        with sound(self.path):
            return msgspec.json.decode(self._meta(NOT_CHOSEN_KEY) or b"0", type=int)

    def copies_left(self) -> int:
        """Return how many steps failed and left the copy that they had made."""
        query = "SELECT count(*) FROM outcome WHERE status = ? AND inode <> 0"
        with sound(self.path):
            return int(self._db.execute(query, (Status.FAILED.value,)).fetchone()[0])

    # what it was to do, and what came of it

    def between(self, low: int, high: int) -> list[Step]:
        """Return the actions in [low, high) in order."""
        query = _STEP + "WHERE seq >= ? AND seq < ? ORDER BY seq"
        with sound(self.path):
            return [self._step(row) for row in self._db.execute(query, (low, high))]

    def keep_before(self, seq: int) -> Action | None:
        """Return the file beside which an action is redundant: the last `KEEP` before it."""
        query = _STEP + "WHERE kind = ? AND seq < ? ORDER BY seq DESC LIMIT 1"
        with sound(self.path):
            row = self._db.execute(query, (ActionKind.KEEP.value, seq)).fetchone()
            return None if row is None else self._step(row)[1]

    def of_kind(self, kind: ActionKind) -> Iterator[Step]:
        """Yield the actions of a kind, the last first."""
        query = _STEP + "WHERE kind = ? ORDER BY seq DESC"
        with sound(self.path):
            for row in self._db.execute(query, (kind.value,)):
                yield self._step(row)

    def bytes_to_carry(self) -> int:
        """Return how many bytes the steps not yet begun carry over, as copies or between disks."""
        with sound(self.path):
            (total,) = self._db.execute(_TO_CARRY, (self.progress().high,)).fetchone()
            return int(total)

    def outcomes(self) -> dict[int, Outcome]:
        """Return every outcome that is more than a plain success."""
        with sound(self.path):
            return {
                seq: Outcome(seq, Status(status), Reason(reason) if reason else None, detail, inode)
                for seq, status, reason, detail, inode in self._rows("outcome")
            }

    def units(self, low: int, high: int) -> dict[int, int]:
        """Return, of the steps in [low, high) that belong to a unit, the first step of each."""
        if self._version() < UNITS_SINCE:
            return {}
        query = "SELECT seq, first FROM unit WHERE seq >= ? AND seq < ? ORDER BY seq"
        with sound(self.path):
            return {seq: index(first) for seq, first in self._db.execute(query, (low, high))}

    def unit_of(self, seq: int) -> int | None:
        """Return the first step of the unit that a step belongs to, None where it is alone."""
        block = seq // BATCH
        if block != self._block:
            self._block, self._units = block, self.units(block * BATCH, (block + 1) * BATCH)
        return self._units.get(seq)

    def unit_end(self, seq: int) -> int:
        """Return where a unit ends that goes on at *seq*; *seq* itself where none does."""
        while self.unit_of(seq) not in {None, seq}:
            seq += 1
        return seq

    def companions_done(self, outcomes: Iterable[Outcome] = ()) -> int:
        """Return how many steps of companions were done, by the rows and by later *outcomes*."""
        if self._version() < UNITS_SINCE:
            return 0
        query = (
            "SELECT count(*) FROM unit LEFT JOIN outcome USING (seq)"
            " WHERE seq <> first AND coalesce(status, ?) IN (?, ?)"
            " AND seq < (SELECT high FROM progress)"
        )
        with sound(self.path):
            (count,) = self._db.execute(query, (_DONE, _DONE, _COPIED)).fetchone()
        undone = (outcome.seq for outcome in outcomes if outcome.status is not Status.DONE)
        return int(count) - sum(self.unit_of(seq) not in {None, seq} for seq in undone)

    def evidence(self, numbers: Sequence[int]) -> dict[int, Facts]:
        """Return what these actions were judged by, where name and time are not all."""
        if self._version() < EVIDENCE_SINCE:
            return {}
        marks = ",".join("?" * len(numbers))
        with sound(self.path):
            rows = self._rows("evidence", f"WHERE seq IN ({marks})", *numbers)
            return {seq: facts_of(row) for seq, *row in rows}

    def found_folders(self) -> list[FolderFound]:
        """Return how each touched folder was before the run."""
        folders = self.folders()
        with sound(self.path):
            return [
                FolderFound(folders[folder], msgspec.msgpack.decode(facts, type=FolderFacts))
                for folder, facts in self._rows("found", "ORDER BY folder")
            ]

    def left_times(self) -> dict[Location, int]:
        """Return the modification times that folders had when the run ended."""
        return self._times("left_at")

    def times_to_restore(self) -> dict[Location, int]:
        """Return the modification times that folders get when the run ends."""
        return self._times("restore")

    def noted(self) -> tuple[range, range]:
        """Return the numbers of notes: of what failed before it was planned, and was left alone."""
        with sound(self.path):
            ends = [
                *self._rows("note", "ORDER BY id LIMIT 1"),
                *self._rows("note", "ORDER BY id DESC LIMIT 1"),
            ]
        numbers = [number for number, *_ in ends]
        return range(max(numbers, default=-1) + 1), range(-1, min(numbers, default=0) - 1, -1)

    def notes(self, numbers: range) -> Iterator[Skip]:
        """Yield the notes of these numbers, in their order, each with its reason."""
        for low in range(0, len(numbers), BATCH):
            wanted = numbers[low : low + BATCH]
            order = "ORDER BY id" if wanted.step > 0 else "ORDER BY id DESC"
            span = min(wanted), max(wanted)
            with sound(self.path):
                rows = list(self._rows("note", f"WHERE id BETWEEN ? AND ? {order}", *span))
            if len(rows) != len(wanted):
                raise tampered(self.path, "a row of 'note' is missing")
            for _, root, path, reason, detail in rows:
                yield Skip(Location(root, path), Reason(reason), detail)

    # whether it is as it was written

    def verify(self) -> None:
        """Check every row; `TamperedJournalError` names the first that is not as it was written."""
        planned = sealed = actions = 0
        with sound(self.path):
            # All rows may be there, and the pages by which one of them is found be damaged.
            (structure,) = self._db.execute("PRAGMA integrity_check(1)").fetchone()
            if structure != "ok":
                raise tampered(self.path, " ".join(f"it is damaged: {structure}".split()))
            for table in tables_of(self._version()):
                for row in self._db.execute(f"SELECT * FROM {table}"):  # noqa: S608
                    if digest(table, row[:-1]) != row[-1]:
                        raise tampered(self.path, f"a row of {table!r} is not as it was written")
                    if row_is_planned(table, row):
                        planned ^= row[-1]
                        actions += table == "action"
                    elif table != "progress":
                        sealed ^= row[-1]
        progress = self.progress()
        if (actions, planned) != (progress.actions, progress.plan_digest):
            what = f"its plan is not the one of {progress.actions} actions that was written"
            raise tampered(self.path, what)
        if progress.state in {RunState.INTERRUPTED, RunState.FINISHED} and (
            sealed != progress.sealed
        ):
            raise tampered(self.path, "a row of its outcomes is missing or was added")
        self._check_places()

    def _check_name(self) -> None:
        """Refuse the journal of another run than the file's name says."""
        if (run := self.header().run) != self.path.stem:
            raise tampered(self.path, f"it holds another run, {run}")

    def _check_places(self) -> None:
        """Refuse rows that lead out of the roots, whoever wrote digests that fit them."""
        roots = self.roots()
        inside = all(
            held.root.path.startswith(b"/") or is_remote(held.root.path) for held in roots
        ) and all(
            0 <= folder.root < len(roots) and is_inside(folder.path) for folder in self.folders()
        )
        with sound(self.path):
            if not inside or self._db.execute(_NO_NAME).fetchone() is not None:
                raise tampered(self.path, "a row names a place outside of the folders of the run")

    # rows

    def _load(self) -> None:
        """Read what is needed whatever is asked."""
        self._check_name()
        self.progress()

    def _folder(self, number: int) -> Location:
        row = next(self._rows("folder", "WHERE id = ?", number), None)
        if row is None:
            raise tampered(self.path, "a row of 'folder' is missing")
        return Location(row[1], row[2])

    def _step(self, row: _StepRow) -> Step:
        (
            seq, kind, source_folder, source_name, target_folder, target_name, entry_kind,
            size, mtime_ns, ctime_ns, inode, category,
        ) = row  # fmt: skip
        source_root, source = self._prefixes[source_folder]
        target_root, target = self._prefixes[target_folder]
        return seq, Action(
            _ACTIONS[kind],
            Location(source_root, source + source_name),
            Location(target_root, target + (source_name if target_name is None else target_name)),
            Fingerprint(size, mtime_ns, ctime_ns, inode),
            category,
            _KINDS[entry_kind],
        )

    def _times(self, table: str) -> dict[Location, int]:
        folders = self.folders()
        with sound(self.path):
            rows = self._rows(table, "ORDER BY folder")
            return {folders[folder]: time for folder, time in rows}

    def _version(self) -> int:
        with sound(self.path):
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            return int(version)

    def _meta(self, key: str) -> bytes | None:
        row = next(self._rows("meta", "WHERE key = ?", key), None)
        return None if row is None else row[1]

    def _rows(self, table: str, clause: str = "", *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield rows without their digests; one that is not as it was written is an error."""
        for row in self._db.execute(f"SELECT * FROM {table} {clause}", values):  # noqa: S608
            if digest(table, row[:-1]) != row[-1]:
                raise tampered(self.path, f"a row of {table!r} is not as it was written")
            yield row[:-1]

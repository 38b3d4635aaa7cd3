"""How rows come into a journal: each with its digest, in transactions that last or are undone."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from fileorg.errors import StorageUnavailableError
from fileorg.journal.evidence import row_of
from fileorg.journal.reading import JournalReader
from fileorg.journal.schema import SEALED_KEY, Progress, digest, row_is_planned
from fileorg.model.evidence import Facts
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, RunState
from fileorg.model.plan import Action

INSERT_ACTION = "INSERT INTO action VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
INSERT_EVIDENCE = "INSERT INTO evidence VALUES (?,?,?,?,?,?,?,?)"

_Row = tuple[object, ...]
_WRITTEN_LATER = (
    "SELECT digest FROM outcome UNION ALL SELECT digest FROM left_at"
    " UNION ALL SELECT digest FROM meta WHERE key = ?"
)


class JournalWriter(JournalReader):
    """Writes rows. A write that fails is the last one: memory may then be ahead of the file."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        super().__init__(path, database)
        self._ids: defaultdict[int, dict[bytes, int]] = defaultdict(dict)
        self._actions = self._plan_digest = self._failures = self._left_alone = 0
        self._retried: list[int] = []
        self._is_broken = False

    def _load(self) -> None:
        super()._load()
        for number, folder in enumerate(self.folders()):
            self._add_folder(number, folder)
        progress = self.progress()
        self._actions, self._plan_digest = progress.actions, progress.plan_digest

    def _action_row(self, action: Action) -> _Row:
        source, target, mark = action.source, action.target, action.fingerprint
        folder, _, source_name = source.path.rpartition(b"/")
        source_folder = self._ids[source.root].get(folder)
        if source_folder is None:
            source_folder = self._folder_id(source.root, folder)
        folder, _, target_name = target.path.rpartition(b"/")
        target_folder = self._ids[target.root].get(folder)
        if target_folder is None:
            target_folder = self._folder_id(target.root, folder)
        row = (
            # plus makes of an enum the plain number, sooner than its value or int() does
            self._actions, +action.kind, source_folder, source_name, target_folder,
            None if target_name == source_name else target_name, +action.entry_kind,
            mark.size, mark.mtime_ns, mark.ctime_ns, mark.inode, action.category,
        )  # fmt: skip
        self._actions += 1
        row_digest = digest("action", row)
        self._plan_digest ^= row_digest
        return (*row, row_digest)

    def _evidence_row(self, facts: Facts) -> _Row:
        """Return the row of the action that is next."""
        row = (self._actions, *row_of(facts))
        row_digest = digest("evidence", row)
        self._plan_digest ^= row_digest
        return (*row, row_digest)

    def _folder_id(self, root: int, path: bytes) -> int:
        found = self._ids[root].get(path)
        if found is None:
            found = len(self._prefixes)
            self._add_folder(found, Location(root, path))
            self._put("folder", (found, root, path))
        return found

    def _add_folder(self, number: int, folder: Location) -> None:
        self._ids[folder.root][folder.path] = number
        self._prefixes.keep(number, folder)

    def _put_once(self, table: str, folder: Location, value: object) -> None:
        """Put a row of a folder in the place of the one that it may have."""
        number = self._folder_id(folder.root, folder.path)
        query = f"SELECT digest FROM {table} WHERE folder = ?"  # noqa: S608
        for (replaced,) in self._db.execute(query, (number,)):
            self._plan_digest ^= replaced
        self._put(table, (number, value))

    def _put_outcomes(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            reason = outcome.reason.value if outcome.reason is not None else None
            row = (outcome.seq, outcome.status.value, reason, outcome.detail, outcome.inode)
            self._put("outcome", row)

    def _put(self, table: str, row: _Row) -> None:
        row_digest = digest(table, row)
        if row_is_planned(table, row):
            self._plan_digest ^= row_digest
        marks = ",".join("?" * (len(row) + 1))
        query = f"INSERT OR REPLACE INTO {table} VALUES ({marks})"  # noqa: S608
        self._db.execute(query, (*row, row_digest))

    def _seal(self) -> int:
        """Return the digests of what was written after the plan, all together."""
        sealed = 0
        for (row_digest,) in self._db.execute(_WRITTEN_LATER, (SEALED_KEY,)):
            sealed ^= row_digest
        return sealed

    def _set_progress(self, state: RunState, low: int, high: int, sealed: int = 0) -> None:
        progress = Progress(state, low, high, self._actions, self._plan_digest, sealed)
        self._put("progress", (1, state.value, *msgspec.structs.astuple(progress)[1:]))

    def _sync(self, how: str) -> None:
        self._db.execute(f"PRAGMA synchronous = {how}")

    @contextmanager
    def _commit(self, remedy: str = "") -> Iterator[None]:
        """One transaction; when it ends without an error, it is on the disk.

        *remedy* is what to do after one, where that is not to recover the run.
        """
        if self._is_broken:
            raise StorageUnavailableError(f"{self.path}: an earlier write failed")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            self._is_broken = True
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            if not isinstance(error, sqlite3.Error):
                raise
            raise StorageUnavailableError(
                f"{self.path}: the journal can't be written: {error}",
                remedy
                or f"what was done is safe; make room, then: fileorg recover {self.path.stem}",
            ) from error

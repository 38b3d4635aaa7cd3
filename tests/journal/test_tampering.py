"""A journal that is not as it was written is refused, whatever was done to it."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from fileorg.errors import FileorgError, StorageUnavailableError, TamperedJournalError
from fileorg.journal.schema import TABLES, VERSION
from fileorg.journal.store import Journal
from fileorg.journal.viewing import JournalView
from fileorg.model.outcome import RunState
from fileorg.model.plan import ActionKind
from fileorg.model.summary import RunSummary
from tests.journal.making import RUN, create, full, planned

Value = int | str | bytes | None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a journal of a run that has ended."""
    journal = full(tmp_path / f"{RUN}.db")
    journal.close()
    return tmp_path / f"{RUN}.db"


def _check(path: Path) -> None:
    """Open and verify a journal, as everything does that acts on one."""
    journal = Journal.open(path)
    try:
        journal.verify()
    finally:
        journal.close()


def _is_refused(path: Path) -> bool:
    try:
        _check(path)
    except TamperedJournalError:
        return True
    return False


def _flipped(value: Value) -> "list[Value]":
    """Return a value with one bit flipped, for every bit of it (of the first and last bytes)."""
    if value is None:
        return [0, ""]
    if isinstance(value, int):
        return [(value ^ (1 << bit)) - (0 if bit < 63 else 1 << 64) for bit in range(63)]
    raw = value.encode() if isinstance(value, str) else value
    places = sorted({*range(min(len(raw), 6)), *range(max(len(raw) - 6, 0), len(raw))})
    flips = [
        raw[:place] + bytes([raw[place] ^ (1 << bit)]) + raw[place + 1 :]
        for place in places
        for bit in range(8)
    ]
    return list(flips) if raw else [b"x"]


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("table", TABLES)
def test_every_flipped_bit_is_noticed(path: Path, table: str) -> None:
    """One bit of any column of any row of a table, the digest included, makes verify refuse."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA ignore_check_constraints = ON")
    flips = 0
    for column in _columns(database, table):
        rows = database.execute(f"SELECT rowid, {column}, typeof({column}) FROM {table}").fetchall()
        assert rows, "nothing to flip"
        for rowid, value, kind in rows[:4]:
            for flip in _flipped(value):
                cast = f"CAST(? AS {kind.upper()})" if kind == "text" else "?"
                try:
                    database.execute(
                        f"UPDATE {table} SET {column} = {cast} WHERE rowid = ?", (flip, rowid)
                    )
                except sqlite3.IntegrityError:
                    continue  # SQLite itself refuses another row of that key
                flips += 1
                assert _is_refused(path), (table, column, value, flip)
                key = flip if column in {"id", "seq", "folder"} and flip is not None else rowid
                database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, key))
    database.close()
    assert flips > 30
    _check(path)


@pytest.mark.parametrize("table", TABLES)
def test_every_deleted_row_is_noticed(path: Path, table: str) -> None:
    """A journal in which any row of any table is missing is refused."""
    whole = path.read_bytes()
    with sqlite3.connect(path) as database:
        count = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    database.close()
    assert count
    for number in range(count):
        path.write_bytes(whole)
        database = sqlite3.connect(path, isolation_level=None)
        database.execute(
            f"DELETE FROM {table} WHERE rowid ="
            f" (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {number})"
        )
        database.close()
        assert _is_refused(path), (table, number)


@pytest.mark.parametrize("table", [table for table in TABLES if table != "progress"])
def test_every_added_row_is_noticed(path: Path, tmp_path: Path, table: str) -> None:
    """A row with the right digest that comes from another journal is refused."""
    from fileorg.journal.schema import digest

    database = sqlite3.connect(path, isolation_level=None)
    row = list(database.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())[:-1]
    row[0] = "other" if table == "meta" else 12345
    marks = ",".join("?" * (len(row) + 1))
    database.execute(f"INSERT INTO {table} VALUES ({marks})", (*row, digest(table, tuple(row))))
    database.close()
    assert _is_refused(path)


def test_every_truncation_is_noticed(path: Path) -> None:
    """A journal cut short anywhere is refused, never read as a shorter run."""
    whole = path.read_bytes()
    for length in range(0, len(whole), 1024):
        path.write_bytes(whole[:length])
        assert _is_refused(path), length


def _notes(journal: Journal) -> list[object]:
    return [note for numbers in journal.noted() for note in journal.notes(numbers)]


def _everything(path: Path) -> list[object]:
    """Return all that a journal says, once it is found sound."""
    journal = Journal.open(path)
    try:
        journal.verify()
        steps = [step for kind in ActionKind for step in journal.of_kind(kind)]
        return [
            journal.header(), journal.roots(), journal.progress(), journal.summary(RunSummary),
            [journal.between(low, low + 100) for low in range(0, 1000, 100)], steps,
            journal.outcomes(), journal.found_folders(),
            journal.left_times(), journal.times_to_restore(),
            _notes(journal),
        ]  # fmt: skip
    finally:
        journal.close()


Bits = Iterator[tuple[int, int]]
_PAGE, _INTERIOR = 4096, 5


def _some_bits(whole: bytes) -> Bits:
    """Yield one bit of each byte of the header, and of every 31st behind it."""
    return ((place, place % 8) for place in (*range(100), *range(100, len(whole), 31)))


def _every_bit(whole: bytes) -> Bits:
    return ((place, bit) for place in range(len(whole)) for bit in range(8))


def _bits_of_branches(whole: bytes) -> Bits:
    """Yield one bit of each byte that is used in the pages by which SQLite finds a row."""
    for page in range(0, len(whole), _PAGE):
        if whole[page] == _INTERIOR:
            used = (n for n in range(page, page + _PAGE) if whole[n])
            yield from ((place, place % 8) for place in used)


@pytest.mark.parametrize(
    ("actions", "bits"),
    [
        (0, _some_bits),
        (1000, _bits_of_branches),
        pytest.param(0, _every_bit, marks=pytest.mark.long),
    ],
)
def test_a_flipped_bit_of_the_file_never_changes_what_it_says(
    path: Path, actions: int, bits: Callable[[bytes], Bits]
) -> None:
    """With one bit of the file flipped, header and free pages too, it is refused or says the same.

    So an undo is never a wrong one; and nothing but an error of fileorg's own is raised.
    """
    if actions:
        path.unlink()
        planned(path, actions).close()
    whole, said = path.read_bytes(), _everything(path)
    refused = 0
    for place, bit in bits(whole):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << bit
        path.write_bytes(flipped)
        try:
            assert _everything(path) == said, (place, bit)
        except FileorgError as error:
            assert error.exit_code in {4, 12}, (place, bit)
            assert str(path) in str(error)
            refused += 1
    assert refused > 50


def test_garbage_is_no_journal(path: Path) -> None:
    """A file of anything else, a database of another program too, is refused."""
    for garbage in (b"", b"x", b"SQLite format 3\0" + b"\xff" * 5000, os.urandom(8192)):
        path.write_bytes(garbage)
        with pytest.raises(TamperedJournalError):
            Journal.open(path)
    path.unlink()
    sqlite3.connect(path).executescript("CREATE TABLE other (id)").connection.close()
    path.chmod(0o600)
    with pytest.raises(TamperedJournalError, match="not a fileorg journal"):
        Journal.open(path)


@pytest.mark.parametrize("version", [0, VERSION + 1, 99])
def test_an_unknown_version_is_refused(path: Path, version: int) -> None:
    """A journal of a version that is not known is refused, with the remedy."""
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA user_version = {version}")
    database.close()
    with pytest.raises(TamperedJournalError, match=f"version {version}.*newer"):
        Journal.open(path)


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o601, 0o622])
def test_a_journal_others_could_touch_is_refused(path: Path, mode: int) -> None:
    """A journal that others may read or write is refused, with the remedy."""
    path.chmod(mode)
    with pytest.raises(TamperedJournalError, match="chmod 600"):
        Journal.open(path)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_journal_of_another_is_refused(path: Path) -> None:
    """A journal that belongs to another user is refused."""
    os.chown(path, 12345, 12345)
    with pytest.raises(TamperedJournalError, match="not a file of yours"):
        Journal.open(path)


def test_a_journal_is_a_file(path: Path) -> None:
    """A symlink or a folder in the place of a journal is refused; a missing one is unavailable."""
    path.rename(path.with_name("elsewhere"))
    with pytest.raises(StorageUnavailableError):
        Journal.open(path)
    assert not path.exists()
    path.symlink_to("elsewhere")
    with pytest.raises(TamperedJournalError):
        Journal.open(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(TamperedJournalError):
        Journal.open(path)


def test_a_locked_journal_is_busy_not_damaged(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that another process keeps locked is unavailable, which is no word about it."""
    connect = sqlite3.connect

    def impatient(*args: str, **options: object) -> sqlite3.Connection:
        return connect(*args, **{**options, "timeout": 0})  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sqlite3, "connect", impatient)
    database = connect(path, isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageUnavailableError):
        Journal.open(path)
    database.close()


def test_no_reading_escapes_as_another_error(path: Path) -> None:
    """Whatever is wrong with a row, every way to read it raises an error of fileorg."""
    wrecks = (
        "UPDATE meta SET value = x'00'", "DELETE FROM meta", "DELETE FROM folder",
        "UPDATE action SET kind = 99", "UPDATE action SET source_folder = 999",
        "UPDATE action SET source_name = 5", "UPDATE outcome SET reason = 'because'",
        "UPDATE outcome SET status = 77", "UPDATE found SET facts = x'ff'",
        "UPDATE found SET folder = folder + 900", "UPDATE progress SET state = 'x'",
        "UPDATE note SET reason = 'x'", "DROP TABLE action", "DELETE FROM progress",
        "UPDATE outcome SET detail = CAST(x'ff' AS TEXT)", "UPDATE left_at SET folder = 901",
        "DROP TABLE outcome", "UPDATE root SET inode = 'x'",
    )  # fmt: skip
    whole = path.read_bytes()
    for wreck in wrecks:
        path.write_bytes(whole)
        database = sqlite3.connect(path, isolation_level=None)
        try:
            database.execute(wreck)
        except sqlite3.IntegrityError:
            database.execute(f"{wreck} WHERE rowid = 1")
        database.close()
        assert _is_refused(path), wreck
        try:
            journal = Journal.open(path)
        except FileorgError:
            continue
        for read in (
            journal.header, journal.roots, journal.progress, journal.outcomes,
            journal.found_folders, journal.left_times, journal.times_to_restore,
            lambda: _notes(journal), lambda: journal.summary(RunSummary),
            lambda: list(journal.steps(10)),
            lambda: journal.between(0, 100),
        ):  # fmt: skip
            try:
                read()
            except TamperedJournalError:
                continue
        journal.close()


def _forge(path: Path, table: str, changes: Mapping[str, Value]) -> None:
    """Change the last row of a table as somebody would who can make every digest fit."""
    from fileorg.journal.schema import digest

    database = sqlite3.connect(path, isolation_level=None)
    columns = _columns(database, table)
    old = database.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1").fetchone()
    row = tuple(changes.get(name, value) for name, value in zip(columns, old, strict=True))[:-1]
    new = (*row, digest(table, row))
    marks = ",".join("?" * len(new))
    database.execute(f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})")
    database.execute(f"INSERT INTO {table} VALUES ({marks})", new)
    progress = list(database.execute("SELECT * FROM progress").fetchone())[:-1]
    progress[5] ^= old[-1] ^ new[-1]
    database.execute(
        "UPDATE progress SET plan_digest = ?, digest = ?",
        (progress[5], digest("progress", tuple(progress))),
    )
    database.close()


OUTSIDE: list[tuple[str, Mapping[str, Value]]] = [
    *(("folder", {"path": bad}) for bad in (b"..", b"/etc", b"a/../..", b"a//b", b"a/", b"./a")),
    ("folder", {"root": 2}), ("folder", {"root": -1}), ("root", {"path": b"etc"}),
    *(
        ("action", {name: bad})
        for name in ("source_name", "target_name")
        for bad in (b"..", b".", b"../../etc/passwd", b"/etc/passwd", b"a/b")
    ),
]  # fmt: skip


@pytest.mark.parametrize(("table", "changes"), OUTSIDE)
def test_a_place_outside_of_the_roots_is_refused(
    path: Path, table: str, changes: Mapping[str, Value]
) -> None:
    """A row that leads out of the folders of its run is refused though every digest fits it."""
    _forge(path, table, changes)
    with pytest.raises(TamperedJournalError, match="outside of the folders"):
        _check(path)


READERS: dict[str, Callable[[Journal], object]] = {
    "header": Journal.header,
    "roots": Journal.roots,
    "progress": Journal.progress,
    "summary": lambda journal: journal.summary(RunSummary),
    "actions": lambda journal: journal.between(0, 100),
    "units": lambda journal: journal.units(0, 100),
    "outcomes": Journal.outcomes,
    "found": Journal.found_folders,
    "left": Journal.left_times,
    "restore": Journal.times_to_restore,
    "notes": _notes,
    "evidence": lambda journal: journal.evidence(range(100)),
}


@pytest.mark.parametrize("table", [table for table in TABLES if table != "action"])
def test_a_value_of_another_type_is_never_read(path: Path, table: str) -> None:
    """One flipped bit makes text of bytes: whoever reads such a row is refused, verified or not."""
    good = path.read_bytes()
    with closing(sqlite3.connect(path)) as database:
        about = database.execute(f"PRAGMA table_info({table})").fetchall()
    # a row's own number is kept where no type is
    columns = [name for _, name, kind, *_, key in about if (kind, key) != ("INTEGER", 1)]
    for column in columns[:-1]:
        path.write_bytes(good)
        change = f"CAST({column} AS {{}})".format
        of_type = (
            f"CASE typeof({column}) WHEN 'blob' THEN {change('TEXT')} ELSE {change('BLOB')} END"
        )
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA ignore_check_constraints = ON")
            database.execute(f"UPDATE OR IGNORE {table} SET {column} = {of_type}")
            database.commit()
            changed = database.total_changes
        assert not changed or _refusals(path)


def _refusals(path: Path) -> list[str]:
    """Return who refuses a journal; anything but a refusal is an error here."""
    try:
        journal = Journal.open(path)
    except TamperedJournalError:
        return ["open"]
    refused = []
    for name, read in READERS.items():
        try:
            read(journal)
        except TamperedJournalError:
            refused.append(name)
    journal.close()
    return refused


def test_the_journal_of_another_run_is_refused(path: Path) -> None:
    """A journal under the name of another run is not taken for that."""
    other = path.with_name("20200101-000000-aaa.db")
    path.rename(other)
    with pytest.raises(TamperedJournalError, match="it holds another run, " + RUN):
        Journal.open(other)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="1 test needs root: it gives a file away")
def test_what_another_user_left_for_sqlite_is_refused(path: Path) -> None:
    """A rollback file beside a journal that is another's, or open to others, is not replayed."""
    beside = Path(f"{path}-journal")
    beside.write_bytes(b"")
    os.chmod(beside, 0o600)
    _check(path)
    os.chmod(beside, 0o666)
    assert _is_refused(path)
    os.chmod(beside, 0o600)
    os.chown(beside, 65534, 65534)
    assert _is_refused(path)


def test_a_forged_row_inside_passes(path: Path) -> None:
    """Forging is what the test above says it is: another name inside of the roots is believed."""
    _forge(path, "action", {"source_name": b"another"})
    _check(path)


def test_an_unfinished_journal_is_sound(tmp_path: Path) -> None:
    """A journal is sound at every point of its life, before its end is sealed."""
    path = tmp_path / f"{RUN}.db"
    create(path).close()
    _check(path)
    journal = Journal.open(path)
    assert journal.progress().state is RunState.PLANNING
    journal.close()


@pytest.mark.parametrize("damage", ["DELETE FROM folder", "UPDATE folder SET path = x'78'"])
def test_a_damaged_folder_is_refused_where_its_files_are_shown(path: Path, damage: str) -> None:
    """A view, which reads folders one by one, refuses each whose row is gone or was changed."""
    with closing(JournalView.open(path)) as view:
        assert view.steps_at([0])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(damage)
    with closing(JournalView.open(path)) as view, pytest.raises(TamperedJournalError):
        view.steps_at([0])

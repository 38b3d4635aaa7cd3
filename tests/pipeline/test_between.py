"""What somebody does between fileorg's look at a file and its act on it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fileorg.errors import RunBusyError, StorageError, TamperedJournalError
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.move.departure import departing, return_departing, take_away
from fileorg.pipeline.purge import PurgeRequest, purge
from fileorg.storage import no_replace
from fileorg.storage.decorators import StorageDecorator
from fileorg.storage.locks import Locks
from tests.pipeline.harness import Desk
from tests.pipeline.stages import crashed, stage
from tests.scan.scans import storage_of
from tests.trees import make_tree


def replace(path: Path, content: bytes) -> None:
    """Save a file as editors do: under another name, and then under its own."""
    new = path.with_name("saving")
    new.write_bytes(content)
    new.replace(path)


def test_a_file_replaced_before_its_rename_is_given_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came to a name after the look is found out after the rename, and goes back."""
    make_tree(desk.root, {b"a.jpg": b"old", b"b.jpg": b"b"})
    way, replaced = no_replace.WAYS["rename"], list[bool]()

    def meddling(*places: object) -> None:
        if places[1] == b"a.jpg" and not replaced:
            replaced.append(True)
            replace(desk.root / "a.jpg", b"new")
        way(*places)  # type: ignore[arg-type]

    monkeypatch.setitem(no_replace.WAYS, "rename", meddling)
    summary = desk.organize(jobs=1)

    assert (desk.root / "a.jpg").read_bytes() == b"new"
    assert (summary.done, summary.failed) == (1, 1)
    assert summary.failures[0].reason == Reason.CHANGED.value
    assert [folder.examples for folder in summary.folders] == [("b.jpg",)]


class Swapping(StorageDecorator):
    """Does something just before one rename."""

    def __init__(self, inner: "StorageDecorator", meddle: Callable[[], None]) -> None:
        super().__init__(inner)
        self._meddle: Callable[[], None] | None = meddle

    def before(self, verb: str) -> None:
        """Meddle once."""
        if verb == "rename" and self._meddle is not None:
            meddle, self._meddle = self._meddle, None
            meddle()


def test_a_file_replaced_before_its_removal_stays(tmp_path: Path) -> None:
    """A file that takes the name between the look and the removal is not removed with it."""
    make_tree(tmp_path, {b"a.jpg": b"old"})
    storage = storage_of(tmp_path)
    found = storage.stat(Location(0, b"a.jpg"))
    swapping = Swapping(storage, lambda: replace(tmp_path / "a.jpg", b"new"))  # type: ignore[arg-type]

    with pytest.raises(StorageError) as caught:
        take_away(swapping, "run", 7, found)

    assert caught.value.reason is Reason.NOT_OURS
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.jpg": b"new"}
    storage.close()


def test_a_file_edited_before_its_removal_stays(tmp_path: Path) -> None:
    """A file that is written into after it was found has its name and its content still."""
    make_tree(tmp_path, {b"a.jpg": b"old"})
    storage = storage_of(tmp_path)
    found = storage.stat(Location(0, b"a.jpg"))
    swapping = Swapping(storage, lambda: os.truncate(tmp_path / "a.jpg", 1))  # type: ignore[arg-type]

    with pytest.raises(StorageError) as caught:
        take_away(swapping, "run", 7, found)

    assert caught.value.reason is Reason.CHANGED
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.jpg": b"o"}
    storage.close()


def test_a_name_that_is_taken_meanwhile_hides_no_file(tmp_path: Path) -> None:
    """Where the old name is taken when a file is to go back to it, the error says where it is."""
    make_tree(tmp_path, {b"a.jpg": b"old"})
    storage = storage_of(tmp_path)
    here = Location(0, b"a.jpg")
    aside = departing(here, "run", 7)
    (tmp_path / os.fsdecode(aside.name)).write_bytes(b"mine")

    return_departing(storage, "run", 7, here)
    assert (tmp_path / "a.jpg").read_bytes() == b"old"
    (tmp_path / "a.jpg").unlink()
    return_departing(storage, "run", 7, here)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.jpg": b"mine"}
    storage.close()


def test_a_copy_that_is_edited_is_not_removed(desk: Desk) -> None:
    """Undo of a copy compares it with its original, whatever their times say."""
    make_tree(desk.root, {b"a.jpg": b"old"})
    desk.organize(copy=True)
    original = desk.root / "a.jpg"
    seen = original.stat()
    original.write_bytes(b"new")
    os.utime(original, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    summary = desk.undo()

    assert summary.failed == 1
    assert (desk.root / "Images" / "a.jpg").read_bytes() == b"old"


def test_a_folder_that_somebody_changed_keeps_its_time(desk: Desk) -> None:
    """Undo gives no old time to a folder in which something was made since the run."""
    make_tree(desk.root, {b"in/a.jpg": b"a", b"in/b.txt": b"b", b"in/.keep": b""})
    os.utime(desk.root / "in", (1e9, 1e9))
    desk.organize(folders="recurse")
    (desk.root / "in" / "mine").write_bytes(b"")

    desk.undo()

    assert (desk.root / "in").stat().st_mtime > 1e9


def test_a_damaged_run_is_not_settled(desk: Desk) -> None:
    """A run that meets an interrupted one with a row that was changed goes no further."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.pdf": b"b"})
    assert crashed(desk.organize, "rename_each:1:crash-before")
    _damage(desk)
    before = desk.snapshot()

    with pytest.raises(TamperedJournalError):
        desk.organize()

    assert before == desk.snapshot()


def test_a_damaged_run_is_not_purged(desk: Desk) -> None:
    """Nothing is removed for good on the word of a journal with a row that was changed."""
    make_tree(desk.root, {b"a.jpg": b"same", b"b.jpg": b"same"})
    desk.dedupe("quarantine")
    _damage(desk)
    before = desk.snapshot()

    with pytest.raises(TamperedJournalError):
        purge(PurgeRequest(desk.newest().run, desk.state))

    assert before == desk.snapshot()


def test_a_run_is_not_settled_while_another_is_at_work_on_its_other_folder(
    tmp_path: Path,
) -> None:
    """An interrupted run between two folders is left alone while one of them is locked."""
    with stage(tmp_path, "rename") as made:
        made.reset()
        root, there = made.desk.root, made.elsewhere / "sorted"
        there.mkdir()
        assert crashed(lambda: made.desk.organize(into=there), "rename_each:1:crash-before")
        locks = Locks(Path())
        locks.take([os.fsencode(there)], 0)
        with pytest.raises(RunBusyError):
            made.desk.organize(root)
        locks.close()
        made.desk.organize(root)


def _damage(desk: Desk) -> None:
    import sqlite3
    from contextlib import closing

    (path,) = (desk.state.path / "runs").glob("*.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE action SET size = size + 1 WHERE seq = 1")

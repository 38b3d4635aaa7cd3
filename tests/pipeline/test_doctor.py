"""`doctor`: what it finds, what it says is to be done, and that it changes nothing."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from fileorg.errors import UnknownRunError
from fileorg.pipeline.doctor import DoctorRequest, examine
from fileorg.pipeline.places import Finding, written_places
from fileorg.storage.locks import Locks
from tests.pipeline.harness import Desk, in_child, snapshot
from tests.pipeline.stages import crashed
from tests.trees import make_tree

by_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def diagnose(desk: Desk, run: str | None = None, *, deep: bool = False) -> list[Finding]:
    """Return all findings; nothing may have changed by looking."""
    if run is not None:
        desk.state.records()  # to find a run brings the list of runs in step
    before = snapshot(desk.root.parent)
    found = list(examine(DoctorRequest(desk.state, run, deep)))
    assert snapshot(desk.root.parent) == before
    return found


def problems(desk: Desk, run: str | None = None, *, deep: bool = False) -> list[Finding]:
    """Return the findings that are problems."""
    return [finding for finding in diagnose(desk, run, deep=deep) if finding.code]


def only(found: list[Finding], code: int, says: str, remedy: str) -> Finding:
    """Return the only problem, which must be this one."""
    assert [finding.code for finding in found] == [code], found
    assert says in found[0].says
    assert remedy in found[0].remedy
    return found[0]


@pytest.fixture
def organized(desk: Desk) -> Desk:
    """Return a desk with one run that has ended."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.txt": b"b", b"old/c.txt": b"c"})
    desk.organize(folders="recurse")
    desk.state.records()
    return desk


def journal(desk: Desk) -> Path:
    """Return the newest journal."""
    return max((desk.state.path / "runs").glob("*.db"))


def test_a_new_user_is_healthy(desk: Desk) -> None:
    """Where nothing was ever done all is well, and no folder is made by asking."""
    assert not problems(desk)
    assert not desk.state.path.exists()


@pytest.mark.parametrize("deep", [False, True])
def test_after_a_run_all_is_well(organized: Desk, *, deep: bool) -> None:
    """State folder, journals, list and roots are each told as good, the root with its traits."""
    found = diagnose(organized, deep=deep)
    assert not [finding for finding in found if finding.code]
    assert [finding.area for finding in found] == ["state", "state", "journals", "index", "root"]
    assert found[-1].path == os.fsencode(organized.root)
    assert "without replacing" in found[-1].says


def _mode(place: str, mode: int) -> Callable[[Desk], None]:
    return lambda desk: (desk.state.path / place).chmod(mode)


def _flip(desk: Desk) -> None:
    database = sqlite3.connect(journal(desk), isolation_level=None)
    database.execute("UPDATE action SET size = size + 1 WHERE seq = 3")
    database.close()


def _version(desk: Desk) -> None:
    database = sqlite3.connect(journal(desk), isolation_level=None)
    database.execute("PRAGMA user_version = 7")
    database.close()


def _swap(desk: Desk) -> None:
    journal(desk).rename(desk.root.parent / "elsewhere")
    (desk.state.path / "runs" / "20261122-181934-k7q.db").symlink_to(desk.root.parent / "elsewhere")


def _another_root(desk: Desk) -> None:
    desk.root.rename(desk.root.parent / "away")
    desk.root.mkdir()


TROUBLES: dict[str, tuple[Callable[[Desk], object], bool, int, str, str]] = {
    "open state": (_mode(".", 0o777), False, 4, "others may write", "chmod 700"),
    "open runs": (_mode("runs", 0o730), False, 4, "others may write", "chmod 700"),
    "open journal": (
        lambda desk: journal(desk).chmod(0o644), False, 4, "others may read", "chmod 600",
    ),
    "flipped bit": (_flip, True, 4, "row of 'action'", "backup"),
    "version": (_version, False, 4, "version 7 is not known", "newer"),
    "symlink": (_swap, False, 4, "not a file of yours", ""),
    "another run's": (
        lambda desk: journal(desk).rename(desk.state.path / "runs" / "20200101-000000-abc.db"),
        False, 4, "holds another run", "",
    ),
    "root gone": (
        lambda desk: shutil.rmtree(desk.root), False, 12, "No such file", "check that it is there",
    ),
    "another root": (
        _another_root, False, 12, "another folder stands there", "put the old one back",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "deep", "code", "says", "remedy"), TROUBLES.values(), ids=TROUBLES.keys()
)
def test_each_trouble_is_named_with_its_remedy(
    organized: Desk, spoil: Callable[[Desk], object], deep: bool, code: int, says: str, remedy: str
) -> None:
    """What is wrong with state, journal or root is one problem with a code and a remedy."""
    spoil(organized)
    only(problems(organized, deep=deep), code, says, remedy)


def test_a_file_in_the_place_of_the_state_folder(desk: Desk) -> None:
    """A state folder that is a file is unavailable storage, and nothing else is looked at."""
    desk.state.path.write_text("in the way")
    only(problems(desk), 12, "not a folder", "--state-dir")


@by_root
@pytest.mark.root
def test_files_of_another_user(organized: Desk) -> None:
    """A state folder or a journal that belongs to another user is a problem."""
    os.chown(journal(organized), 12345, 12345)
    only(problems(organized), 4, "not a file of yours", "")
    os.chown(organized.state.path, 12345, 12345)
    assert "another user" in problems(organized)[0].says


def test_a_root_that_nothing_needs_may_be_gone(organized: Desk) -> None:
    """The folder of a run that is undone may go without anybody being told to bring it back."""
    organized.undo()
    shutil.rmtree(organized.root)
    assert not problems(organized)


def test_a_list_out_of_step_is_no_trouble(organized: Desk) -> None:
    """A missing or damaged list of runs is told, and heals by itself."""
    (organized.state.path / "index").write_bytes(b"garbage")
    (index,) = (finding for finding in diagnose(organized) if finding.area == "index")
    assert (index.code, "anew" in index.says) == (0, True)


def test_a_journal_that_was_never_begun_is_no_trouble(organized: Desk) -> None:
    """What a run leaves that is killed before its first commit is told as what it is."""
    (organized.state.path / "runs" / "20200101-000000-abc.new").touch(0o600)
    (unbegun,) = (finding for finding in diagnose(organized) if finding.area == "unbegun")
    assert unbegun.code == 0
    assert not problems(organized)


def crash(desk: Desk, number: int) -> str:
    """Kill a run at its n-th step; return its id."""
    assert crashed(lambda: desk.organize(folders="recurse", jobs=1), f"*:{number}:crash-after")
    return journal(desk).stem


def test_an_interrupted_run_is_named_with_what_ends_it(desk: Desk) -> None:
    """A killed run is a problem whose remedy, carried out, makes all healthy again."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.txt": b"b", b"c.mp3": b"c"})
    run = crash(desk, 9)
    desk.state.records()
    only(problems(desk), 3, "interrupted", f"fileorg recover {run}")
    only(problems(desk, run), 3, "interrupted", f"fileorg recover {run}")
    desk.recover()
    desk.state.records()
    assert not problems(desk)
    assert not problems(desk, run)


def test_a_run_the_disk_cannot_decide_has_its_own_code(desk: Desk) -> None:
    """Where a file of the window is at neither place the code is 11, and the file is named."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.txt": b"b", b"c.mp3": b"c"})
    run = crash(desk, 9)
    for path in [*desk.root.rglob("*.jpg"), *desk.root.rglob("*.txt"), *desk.root.rglob("*.mp3")]:
        path.unlink()
    found = only(problems(desk), 11, "3 steps", str(desk.root))
    assert f"fileorg recover {run}" in found.remedy


def test_a_run_at_work_is_no_trouble(desk: Desk) -> None:
    """A run that holds its locks is not interrupted, and its temporary names are its own."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.txt": b"b"})
    run = crash(desk, 7)
    (desk.root / f".fileorg-{run}-1.part").touch()
    desk.state.records()
    locks = Locks(Path())
    locks.take([os.fsencode(desk.root)], 0)
    try:
        assert in_child(lambda: _assert_none(problems(desk))) == 0
    finally:
        locks.close()
    assert [finding.area for finding in problems(desk)] == ["run", "leftover"]


def _assert_none(found: list[Finding]) -> None:
    assert not found, found


@pytest.mark.parametrize(
    ("name", "remedy"), [("3.part", "no run needs it"), ("3.case", "give it its name")]
)
def test_what_dead_runs_left_is_found(organized: Desk, name: str, remedy: str) -> None:
    """Temporary names in the folders that runs touched are named, each with what it may be."""
    left = organized.root / "Images" / f".fileorg-20200101-000000-abc-{name}"
    left.touch()
    found = only(problems(organized), 3, "", remedy)
    assert found.path == os.fsencode(left)


def test_what_is_set_aside_is_summed(desk: Desk) -> None:
    """Each run's quarantine is told with its files and bytes, and which command empties it."""
    make_tree(desk.root, {b"a.jpg": b"new", b"Images/a.jpg": b"older"})
    run = desk.organize(on_conflict="replace").run
    (aside,) = (finding for finding in diagnose(desk) if finding.area == "aside")
    assert (aside.says, aside.code) == ("1 set aside, 5 bytes", 0)
    assert f"fileorg undo {run}" in aside.remedy
    shutil.rmtree(desk.state.path / "runs")
    desk.organize(on_conflict="replace")
    make_tree(desk.root, {b"b.jpg": b"b"})
    desk.organize()
    (aside,) = (finding for finding in diagnose(desk) if finding.area == "aside")
    assert "journal is gone" in aside.remedy


def test_a_run_is_compared_with_the_disk(organized: Desk) -> None:
    """Of one run each step that no longer stands is named; a file that was edited is no trouble."""
    run = journal(organized).stem
    assert not problems(organized, run)
    root = organized.root
    (root / "Images" / "a.jpg").write_bytes(b"edited")
    found = diagnose(organized, run)
    assert [(f.area, f.code) for f in found if f.area == "file"] == [("file", 0)]
    (root / "b.txt").write_bytes(b"in the old place")
    (root / "Documents" / "c.txt").unlink()
    assert {(f.path, f.says, f.code) for f in problems(organized, run)} == {
        (os.fsencode(root / "b.txt"), "name is taken", 3),
        (os.fsencode(root / "Documents" / "c.txt"), "gone since it was seen", 3),
    }


def test_what_holds_of_an_undone_run_is_its_undo(organized: Desk) -> None:
    """A run that is undone is compared by its undo, whose rows are what the disk should show."""
    run = journal(organized).stem
    organized.undo()
    found = diagnose(organized, run)
    assert not [finding for finding in found if finding.code]
    assert f"the undo of run {run}" in found[2].says
    (organized.root / "a.jpg").unlink()
    only(problems(organized, run), 3, "gone", "undo can't bring it back")


def test_a_damaged_run_is_refused(organized: Desk) -> None:
    """`doctor RUN` of a run whose rows were changed, or that there is none of, is an error."""
    with pytest.raises(UnknownRunError):
        list(examine(DoctorRequest(organized.state, "2020")))
    _flip(organized)
    with pytest.raises(Exception, match="row of 'action'"):
        list(examine(DoctorRequest(organized.state, journal(organized).stem)))


def test_every_place_that_is_written_to_is_listed(organized: Desk) -> None:
    """The places listed hold all that a run has written, and the configuration."""
    places = {path for path, _ in written_places(organized.state, {"FILEORG_CONFIG": "/c.yaml"})}
    assert b"/c.yaml" in places
    assert os.fsencode(organized.root) in places
    for path in snapshot(organized.state.path):
        whole = os.fsencode(organized.state.path) + path
        assert any(whole.startswith(place) or place.startswith(whole) for place in places), whole

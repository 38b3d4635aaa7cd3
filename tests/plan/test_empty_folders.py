"""Folders that the run leaves empty."""

from fileorg.model.plan import ActionKind, FolderFound
from fileorg.plan.planner import Destination
from tests.plan.plans import actions_of, at, moves_of, plan_of, removed_in
from tests.plan.surroundings import Disk


def test_emptied_folders_are_removed_deepest_first() -> None:
    """What the run empties goes, after all moves, each folder before the one it is in."""
    disk = Disk({b"a/b/c/x.jpg": b"1", b"a/d/y.jpg": b"2"})
    plan = plan_of(disk, recurse=True)
    assert removed_in(plan) == [b"a/b/c", b"a/b", b"a/d", b"a"]
    kinds = [action.kind for action in actions_of(plan)]
    assert kinds[-4:] == [ActionKind.REMOVE_FOLDER] * 4
    (removal, *_) = actions_of(plan, ActionKind.REMOVE_FOLDER)
    assert (removal.fingerprint.mtime_ns, removal.fingerprint.inode) == (11, 12)
    disk.apply(plan)
    assert disk.tree() == {b"Images/x.jpg": b"1", b"Images/y.jpg": b"2"}


def test_every_changed_folder_is_told() -> None:
    """How it was is told of every folder that loses or gains something, once, before that."""
    plan = plan_of(Disk({b"a/b/x.jpg": b"1"}), recurse=True)
    told = [item.location.path for item in plan if isinstance(item, FolderFound)]
    assert sorted(told) == [b"", b"a", b"a/b"]


def test_folders_that_hold_something_stay() -> None:
    """An empty folder, a hidden file or a file in place keeps the folders above it."""
    disk = Disk({b"a/x.jpg": b"1", b"a/empty": None, b"Images/y.jpg": b"2", b"Images/z.txt": b"3"})
    assert removed_in(plan_of(disk, recurse=True)) == []


def test_keep_empty_removes_nothing() -> None:
    """With `keep_empty` all folders stay."""
    disk = Disk({b"a/x.jpg": b"1"})
    assert removed_in(plan_of(disk, recurse=True, keep_empty=True)) == []


def test_source_is_never_removed() -> None:
    """A source stays, even when all of it goes elsewhere."""
    disk = Disk({b"a/x.jpg": b"1"})
    plan = plan_of(disk, destinations=[Destination(at(b"a"), at(b"", 1))])
    assert moves_of(plan)
    assert removed_in(plan) == []


def test_folder_that_is_filled_before_it_is_scanned_stays() -> None:
    """A folder that gets a file and then loses all it had is not empty."""
    disk = Disk({b"a.jpg": b"1", b"Images/note.txt": b"2"})
    plan = plan_of(disk, recurse=True)
    assert moves_of(plan) == {
        b"a.jpg": b"Images/a.jpg",
        b"Images/note.txt": b"Documents/note.txt",
    }
    assert removed_in(plan) == []

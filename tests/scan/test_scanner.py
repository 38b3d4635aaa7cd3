"""Walking real folders: how far, and what is left."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from fileorg.model.entry import FolderSeen, Piece, Unit
from fileorg.model.location import Root
from fileorg.model.reason import Reason
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.scan.selection import Selection
from tests.scan.scans import DEEP, HERE, files, folders, scan, skipped, storage_of
from tests.strategies import trees
from tests.trees import HOSTILE_NAMES, File, Link, Made, make_tree

TREE: dict[bytes, Made] = {b"x": b"", b"a/y": b"", b"a/b/z": b"", b"a/b/c/w": b""}


def test_recursion_sees_all(tmp_path: Path) -> None:
    """Every file of every folder is seen, each folder's before those of its subfolders."""
    seen = scan(make_tree(tmp_path, TREE))
    assert files(seen) == [b"x", b"a/y", b"a/b/z", b"a/b/c/w"]
    assert folders(seen) == [b"", b"a", b"a/b", b"a/b/c"]


def test_without_recursion_subfolders_are_left(tmp_path: Path) -> None:
    """Without recursion each subfolder is told as left, and not opened."""
    seen = scan(make_tree(tmp_path, TREE), ScanOptions())
    assert files(seen) == [b"x"]
    assert skipped(seen) == {b"a": Reason.FOLDER_LEFT}


@pytest.mark.parametrize(("depth", "left"), [(0, b"a"), (1, b"a/b"), (2, b"a/b/c"), (3, None)])
def test_depth_counts_folders_below_the_source(
    tmp_path: Path, depth: int, left: bytes | None
) -> None:
    """Depth 0 is the source alone; what is deeper is told as left."""
    seen = scan(make_tree(tmp_path, TREE), ScanOptions(recurse=True, depth=depth))
    assert skipped(seen) == ({left: Reason.TOO_DEEP} if left else {})
    assert len(files(seen)) == depth + 1


def test_folder_says_how_much_it_holds(tmp_path: Path) -> None:
    """A folder counts its entries of any kind, those that are left alone too."""
    make_tree(tmp_path, {b"a": b"", b".hidden": b"", b"sub/": None, b"x.part": b""})
    (seen,) = [i for i in scan(tmp_path, ScanOptions()) if isinstance(i, FolderSeen)]
    assert seen.held == 4
    assert seen.facts.inode == tmp_path.stat().st_ino


def test_order_is_that_of_the_names(tmp_path: Path) -> None:
    """The order does not depend on the disk: names by their bytes."""
    make_tree(tmp_path, dict.fromkeys(reversed(HOSTILE_NAMES), b""))
    assert files(scan(tmp_path)) == sorted(HOSTILE_NAMES)


@given(trees())
@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_everything_is_told_once(tmp_path: Path, tree: dict[bytes, File]) -> None:
    """Any tree of any names: each file is seen or skipped once, or is below what is skipped."""
    number = sum(1 for _ in tmp_path.iterdir())
    root = make_tree(tmp_path / str(number), tree)
    seen = scan(root, ScanOptions(selection=Selection(hidden=True), recurse=True))
    told = [item.location.path for item in seen if not isinstance(item, Unit | Piece)]
    assert len(set(told)) == len(told)
    closed = tuple(path + b"/" for path in skipped(seen))
    assert all(path in told or path.startswith(closed) for path in tree)


def test_hidden_is_left_unless_asked_for(tmp_path: Path) -> None:
    """Files and folders that begin with a dot are left, or seen with `hidden`."""
    make_tree(tmp_path, {b".a": b"", b".sub/b": b"", b"c": b""})
    assert skipped(scan(tmp_path)) == {b".a": Reason.HIDDEN, b".sub": Reason.HIDDEN}
    seen = scan(tmp_path, ScanOptions(selection=Selection(hidden=True), recurse=True))
    assert files(seen) == [b".a", b"c", b".sub/b"]


def test_protected_folders_are_left_whole(tmp_path: Path) -> None:
    """Projects, bundles, libraries and litter are told once, and nothing in them is."""
    make_tree(
        tmp_path,
        {
            b"site/package.json": b"", b"site/img/a.png": b"", b"X.app/Contents/x": b"",
            b"mail/cur/1": b"", b"mail/new/2": b"", b"mail/tmp/3": b"",
            b"@eaDir/x": b"", b"node_modules/y": b"", b"a/.git/HEAD": b"", b"a/b.txt": b"",
            b"fine/a.txt": b"",
        },
    )  # fmt: skip
    seen = scan(tmp_path, ScanOptions(selection=Selection(hidden=True), recurse=True))
    assert skipped(seen) == {
        b"site": Reason.PROJECT,
        b"X.app": Reason.BUNDLE,
        b"mail": Reason.LIBRARY,
        b"@eaDir": Reason.LITTER,
        b"node_modules": Reason.ENVIRONMENT,
        b"a": Reason.PROJECT,
    }
    assert files(seen) == [b"fine/a.txt"]


def test_source_itself_may_hold_a_project_file(tmp_path: Path) -> None:
    """What protects a subfolder does not protect the source: that is for who asks to decide."""
    make_tree(tmp_path, {b"package.json": b"", b"x.txt": b""})
    assert files(scan(tmp_path)) == [b"package.json", b"x.txt"]


def test_own_folders_are_left(tmp_path: Path) -> None:
    """Our own folder is left by its name, and the state folder by its path, even when raw."""
    make_tree(tmp_path, {b".fileorg/q": b"", b"state/runs/x": b"", b"a": b""})
    own = frozenset({os.fsencode(tmp_path / "state")})
    seen = scan(tmp_path, ScanOptions(recurse=True, own_paths=own))
    assert skipped(seen) == {b".fileorg": Reason.OWN, b"state": Reason.OWN}
    seen = scan(tmp_path, ScanOptions(recurse=True, own_paths=own, raw=True))
    assert skipped(seen) == {b"state": Reason.OWN}


def test_mount_point_is_left(tmp_path: Path) -> None:
    """What something is mounted on is not entered, not even raw."""
    make_tree(tmp_path, {b"usb/a": b"", b"b": b""})
    points = frozenset({os.fsencode(tmp_path / "usb")})
    for raw in (False, True):
        seen = scan(tmp_path, ScanOptions(recurse=True, mount_points=points, raw=raw))
        assert skipped(seen) == {b"usb": Reason.MOUNT}
        assert files(seen) == [b"b"]


def test_other_device_is_left(tmp_path: Path) -> None:
    """A subfolder on another device is left, even where no mount table tells."""
    make_tree(tmp_path, {b"sub/a": b""})
    storage = storage_of(tmp_path)
    root = storage.roots[0]
    storage.roots[0] = Root(root.path, root.device + 1, root.inode)
    seen = list(Scanner(storage, DEEP).scan([HERE]))
    storage.close()
    assert skipped(seen) == {b"sub": Reason.MOUNT}


def test_special_files_are_left(tmp_path: Path) -> None:
    """A FIFO or a socket is told, never opened, and never waited for."""
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(tmp_path / "socket"))
        for raw in (False, True):
            seen = scan(tmp_path, ScanOptions(raw=raw))
            assert skipped(seen) == {b"fifo": Reason.SPECIAL, b"socket": Reason.SPECIAL}


def test_links_are_never_followed(tmp_path: Path) -> None:
    """Absolute links are entries of their own, relative ones are left, loops mean nothing."""
    make_tree(
        tmp_path,
        {
            b"loop": Link(os.fsencode(tmp_path)),
            b"dangling": Link(b"/nowhere"),
            b"relative": Link(b"sub/a"),
            b"self": Link(b"self"),
            b"sub/a": b"",
        },
    )
    seen = scan(tmp_path)
    assert files(seen) == [b"dangling", b"loop", b"sub/a"]
    assert skipped(seen) == dict.fromkeys((b"relative", b"self"), Reason.RELATIVE_LINK)


def test_selection_is_asked(tmp_path: Path) -> None:
    """Size, age and globs turn files down, and an excluded folder is not entered."""
    make_tree(
        tmp_path,
        {b"big.bin": b"x" * 100, b"small.bin": b"x", b"old.txt": File(b"x" * 50, mtime=1000.0),
         b"skip/x.bin": b"x" * 100, b"keep/x.tmp1": b"x" * 100},
    )  # fmt: skip
    selection = Selection(exclude=("skip/", "*.tmp1"), min_size=10, changed_after_ns=10**13)
    seen = scan(tmp_path, ScanOptions(selection=selection, recurse=True))
    assert files(seen) == [b"big.bin"]
    assert set(skipped(seen).values()) == {Reason.FILTERED}
    assert b"skip/x.bin" not in skipped(seen)


def test_raw_sees_everything(tmp_path: Path) -> None:
    """For a folder that moves as one hidden, protected, ignored and partial files all count."""
    tree: dict[bytes, Made] = {
        b".git/HEAD": b"", b"x.part": b"", b".hidden": b"", b"X.app/a": b"",
        b".fileorgignore": b"*", b"link": Link(b"x.part"),
    }  # fmt: skip
    make_tree(tmp_path, tree)
    assert sorted(files(scan(tmp_path, ScanOptions(recurse=True, raw=True)))) == sorted(tree)


@pytest.mark.parametrize(
    ("target", "stays"),
    [
        (b"b.txt", False), (b"../a/b.txt", False), (b"deep/../../a/b.txt", False),
        (b"/etc/hostname", False), (b"../../b.txt", True), (b"../../in/a/b.txt", True),
    ],
)  # fmt: skip
def test_links_go_along_with_what_is_beside_them(
    tmp_path: Path, target: bytes, stays: bool
) -> None:
    """Where folders move whole, a relative link stays only if it leads out of its own one."""
    make_tree(tmp_path, {b"in/a/b.txt": b"b"})
    os.symlink(target, os.fsencode(tmp_path) + b"/in/a/link")
    whole = scan(tmp_path, ScanOptions(recurse=True, whole=True))
    assert (skipped(whole) == {b"in/a/link": Reason.RELATIVE_LINK}) is stays
    parted = skipped(scan(tmp_path))
    assert parted == ({} if target.startswith(b"/") else {b"in/a/link": Reason.RELATIVE_LINK})

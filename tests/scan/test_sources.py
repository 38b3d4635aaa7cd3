"""More than one source, and sources that are files."""

import os
from pathlib import Path

import pytest

from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.scan.scanner import Scanner, ScanOptions
from tests.scan.scans import DEEP, HERE, files, scan, skipped, storage_of
from tests.trees import Made, make_tree

TREE: dict[bytes, Made] = {b"a/x": b"", b"a/b/y": b"", b"a/b/c/z": b"", b"w": b""}


@pytest.mark.parametrize("sources", [(b"", b"a/b"), (b"a/b", b""), (b"a/b", b"", b"a/b")])
def test_overlapping_sources_count_once(tmp_path: Path, sources: tuple[bytes, ...]) -> None:
    """A source in another is walked as itself, whichever comes first, and no file twice."""
    seen = scan(make_tree(tmp_path, TREE), DEEP, sources)
    assert sorted(files(seen)) == sorted(TREE)
    assert skipped(seen) == {b"a/b": Reason.SEEN_BEFORE}


def test_nested_roots_count_once(tmp_path: Path) -> None:
    """The same holds where the inner source is a root of its own."""
    make_tree(tmp_path, TREE)
    storage = storage_of(tmp_path, tmp_path / "a" / "b")
    seen = list(Scanner(storage, DEEP).scan([HERE, Location(1, b"")]))
    storage.close()
    assert sorted(storage.roots[i.location.root].absolute(i.location)
                  for i in seen if isinstance(i, FileEntry)) == sorted(
        os.fsencode(tmp_path) + b"/" + path for path in TREE)  # fmt: skip


def test_depth_does_not_hide_a_nested_source(tmp_path: Path) -> None:
    """Without recursion a source inside another is still walked."""
    seen = scan(make_tree(tmp_path, TREE), ScanOptions(), (b"", b"a/b"))
    assert files(seen) == [b"w", b"a/b/y"]


@pytest.mark.parametrize("sources", [(b"w", b""), (b"", b"w"), (b"w", b"", b"w")])
def test_file_is_a_source(tmp_path: Path, sources: tuple[bytes, ...]) -> None:
    """A file may be named itself, is seen once, and is left where its folder is walked."""
    seen = scan(make_tree(tmp_path, TREE), DEEP, sources)
    assert sorted(files(seen)) == sorted(TREE)
    assert skipped(seen) == {b"w": Reason.SEEN_BEFORE}


def test_file_source_is_judged_as_any_file(tmp_path: Path) -> None:
    """A partial download stays, even named itself."""
    make_tree(tmp_path, {b"x.part": b""})
    assert skipped(scan(tmp_path, DEEP, (b"x.part",))) == {b"x.part": Reason.PARTIAL}


def test_hard_links_are_two_files(tmp_path: Path) -> None:
    """Two names of one file are two entries: both have to go somewhere."""
    make_tree(tmp_path, {b"a": b"", b"sub/": None})
    (tmp_path / "sub/b").hardlink_to(tmp_path / "a")
    seen = scan(tmp_path)
    assert files(seen) == [b"a", b"sub/b"]
    assert {item.links for item in seen if isinstance(item, FileEntry)} == {2}


def test_source_may_be_a_link_itself(tmp_path: Path) -> None:
    """A root that is reached by a link is walked like any other."""
    make_tree(tmp_path / "real", {b"x": b""})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert files(scan(tmp_path / "link")) == [b"x"]

"""What `.fileorgignore` files do."""

import os
from pathlib import Path

import pytest

from fileorg.model.reason import Reason
from fileorg.scan.scanner import ScanOptions
from tests.scan.scans import files, scan, skipped
from tests.trees import Link, make_tree


def test_nested_and_negated(tmp_path: Path) -> None:
    """Rules hold below their folder, deeper ones are stronger, and `!` takes back."""
    make_tree(
        tmp_path,
        {
            b".fileorgignore": b"*.log\n/top.txt\nold/\n",
            b"a.log": b"", b"top.txt": b"", b"b.txt": b"", b"old/x": b"",
            b"sub/.fileorgignore": b"!keep.log\n*.txt\n",
            b"sub/keep.log": b"", b"sub/c.log": b"", b"sub/top.txt": b"", b"sub/d.md": b"",
            b"sub/deep/keep.log": b"",
        },
    )  # fmt: skip
    seen = scan(tmp_path)
    assert files(seen) == [b"b.txt", b"sub/d.md", b"sub/keep.log", b"sub/deep/keep.log"]
    assert skipped(seen) == {
        b".fileorgignore": Reason.OWN,
        b"sub/.fileorgignore": Reason.OWN,
        **dict.fromkeys(
            (b"a.log", b"top.txt", b"old", b"sub/c.log", b"sub/top.txt"), Reason.IGNORED
        ),
    }


def test_ignored_folder_is_no_left_folder(tmp_path: Path) -> None:
    """A folder that the user wants ignored is told as that, with recursion or without."""
    make_tree(tmp_path, {b".fileorgignore": b"old/", b"old/x": b""})
    assert skipped(scan(tmp_path, ScanOptions()))[b"old"] is Reason.IGNORED


@pytest.mark.parametrize(
    "content", [b"[z-a]\n", b"!\n", b"#" * (1 << 20) + b"#"], ids=["range", "bang", "long"]
)
def test_unusable_file_closes_its_folder(tmp_path: Path, content: bytes) -> None:
    """Where the rules can't be understood nothing in the folder is touched, and it is told."""
    make_tree(tmp_path, {b"sub/.fileorgignore": content, b"sub/a": b"", b"b": b""})
    seen = scan(tmp_path)
    assert files(seen) == [b"b"]
    assert skipped(seen) == {b"sub/.fileorgignore": Reason.UNREADABLE}


def test_fifo_as_ignore_file_does_not_hang(tmp_path: Path) -> None:
    """A FIFO or link of that name is not read, and closes its folder."""
    make_tree(tmp_path, {b"a/x": b"", b"b/.fileorgignore": Link(b"/etc/hosts"), b"b/x": b""})
    os.mkfifo(tmp_path / "a" / ".fileorgignore")
    assert files(scan(tmp_path)) == []

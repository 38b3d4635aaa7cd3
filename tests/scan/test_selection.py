"""Which files are asked for."""

import pytest
from hypothesis import given
from pathspec import GitIgnoreSpec

from fileorg.config.globs import patterns
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.scan.selection import Ignore, Selection, Selector, ignore_lines
from tests.strategies import names


def rules(*lines: str) -> GitIgnoreSpec:
    """Return compiled patterns."""
    found = patterns(lines)
    assert found is not None
    return found


def reason(
    selection: Selection, path: bytes = b"a.jpg", size: int = 10, mtime_ns: int = 10
) -> object:
    """Return why one file is not selected."""
    entry = FileEntry(Location(0, path), Kind.FILE, Fingerprint(size, mtime_ns, 0, 0))
    return Selector(selection).file_reason(entry)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(min_size=10, max_size=10), None),
        (Selection(min_size=11), Reason.FILTERED),
        (Selection(max_size=9), Reason.FILTERED),
        (Selection(max_size=0), Reason.FILTERED),
        (Selection(changed_before_ns=10, changed_after_ns=10), None),
        (Selection(changed_before_ns=9), Reason.FILTERED),
        (Selection(changed_after_ns=11), Reason.FILTERED),
        (Selection(settled_before_ns=10), None),
        (Selection(settled_before_ns=9), Reason.TOO_YOUNG),
        (Selection(include=("*.jpg",)), None),
        (Selection(include=("*.png", "*.jpg")), None),
        (Selection(include=("*.png",)), Reason.FILTERED),
        (Selection(exclude=("*.jpg",)), Reason.FILTERED),
        (Selection(exclude=("*.png",)), None),
        (Selection(exclude=("*.jpg", "!a.jpg")), None),
        (Selection(include=("*.jpg",), exclude=("a*",)), Reason.FILTERED),
        (Selection(), None),
    ],
)
def test_limits(selection: Selection, expected: Reason | None) -> None:
    """Sizes and times are inclusive, and exclude is stronger than include."""
    assert reason(selection) is expected


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("*.jpg", b"x/y/a.jpg", True),
        ("/*.jpg", b"x/a.jpg", False),
        ("x/**", b"x/y/a.jpg", True),
        ("x/", b"x/y/a.jpg", True),
        ("**/y/*", b"x/y/a.jpg", True),
        ("a?.jpg", b"ab.jpg", True),
        ("[ab].jpg", b"c.jpg", False),
        ("*.JPG", b"a.jpg", False),
        ("*.jpg", b"new\nline.jpg", True),
        ("x/", b"new\nline/x/a", True),
        ("*.jpg", b"a.jpg\n", False),
        ("*.jpg", b"\xff.jpg", True),
    ],
)
def test_globs_are_those_of_gitignore(glob: str, path: bytes, matches: bool) -> None:
    """Globs match paths below the root as gitignore does, whatever bytes are in a name."""
    found = reason(Selection(include=(glob,)), path)
    assert (found is None) == matches


def test_excluded_folder_is_not_entered() -> None:
    """An excluded folder is turned down as a whole; include says nothing of folders."""
    assert Selector(Selection(exclude=("old/",))).folder_reason(b"x/old") is Reason.FILTERED
    assert Selector(Selection(exclude=("old/",))).folder_reason(b"x/new") is None
    assert Selector(Selection(include=("*.jpg",))).folder_reason(b"x") is None


@pytest.mark.parametrize("glob", ["!", "a\\", "[z-a]"])
def test_bad_glob_is_named(glob: str) -> None:
    """A glob that is none is a `ValueError` that shows it."""
    with pytest.raises(ValueError, match=r".") as refused:
        Selector(Selection(exclude=("*.ok", glob)))
    assert glob[0] in str(refused.value)


def test_hidden_is_no_limit() -> None:
    """Only what can turn a file down makes the selection look at every file."""
    assert not Selection(hidden=True).has_limits
    assert Selection(min_size=0).has_limits


def test_deepest_ignore_file_wins() -> None:
    """A rule of a folder is stronger than its parents', and what it does not speak of is theirs."""
    top = Ignore(b"", rules("*.log", "keep.txt"), None)
    below = Ignore(b"sub", rules("!keep.txt", "/own.txt"), top)
    assert top.ignores(b"a/keep.txt")
    assert not below.ignores(b"sub/keep.txt")
    assert below.ignores(b"sub/x.log")
    assert below.ignores(b"sub/own.txt")
    assert not below.ignores(b"sub/deeper/own.txt")
    assert not below.ignores(b"sub/x.txt")


def test_folder_rules_are_for_folders() -> None:
    """A pattern that ends in a slash ignores folders, not files of that name."""
    ignore = Ignore(b"", rules("old/"), None)
    assert ignore.ignores(b"old", folder=True)
    assert not ignore.ignores(b"old")


@given(names())
def test_any_name_can_be_matched(name: bytes) -> None:
    """`*` matches every name there can be."""
    assert Ignore(b"", rules("*"), None).ignores(name)
    assert reason(Selection(include=("*",)), name) is None


def test_lines_of_an_ignore_file() -> None:
    """Lines end with LF or CRLF and nothing else, a BOM is skipped, and bytes survive."""
    assert ignore_lines(b"\xef\xbb\xbfa\r\nb\x0bc\n\xff\n") == ["a", "b\x0bc", "\udcff", ""]


def test_no_patterns_are_none() -> None:
    """Without patterns nothing is compiled."""
    assert patterns(()) is None

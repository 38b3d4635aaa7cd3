"""The first look: what is probably the same among the files of a plan, and what it costs."""

import os
from pathlib import Path

import pytest

from fileorg.dedupe import glance as module
from fileorg.dedupe.glance import Glance
from fileorg.model.duplicates import DuplicateGroup, KeepPolicy, Proof
from fileorg.model.entry import Kind
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind
from fileorg.storage.decorators import CountingStorage
from tests.dedupe.groups import entries, opened
from tests.trees import Made, make_tree

ENDS = 8192


def look(
    root: Path,
    tree: dict[bytes, Made],
    kind: ActionKind = ActionKind.MOVE,
    folders: tuple[bytes, ...] = (),
) -> tuple[list[DuplicateGroup], Glance, CountingStorage]:
    """Look at a tree whose files are all moved, but for those in *folders*."""
    storage = opened(make_tree(root, tree))
    seen, counting = Glance(), CountingStorage(storage)
    for entry in entries(storage):
        if entry.location.folder.path not in folders:
            target = Location(0, b"Other").below(entry.location.name)
            seen.see(Action(kind, entry.location, target, entry.fingerprint))
    places = [Location(0, folder) for folder in folders]
    return seen.groups(counting, places, KeepPolicy.NAME), seen, counting


def names(groups: list[DuplicateGroup]) -> list[tuple[bytes, list[bytes]]]:
    """Return what is kept and what is redundant, by paths."""
    return [(g.keep.location.path, [e.location.path for e in g.redundant]) for g in groups]


@pytest.mark.parametrize("size", [1, ENDS - 1, ENDS, ENDS + 1, 100_000])
def test_the_same_size_and_ends_are_probable(tmp_path: Path, size: int) -> None:
    """Files of one size and with the same ends are a group; a byte at an end tells them apart."""
    same = bytes(size)
    groups, seen, _ = look(
        tmp_path / "t",
        {b"a": same, b"b/a (1)": same, b"c": b"x" + same[1:], b"d": same[1:] + b"y"},
    )

    assert names(groups) == [(b"a", [b"b/a (1)"])]
    assert (groups[0].proof, groups[0].files, groups[0].reclaimable) == (Proof.PROBABLE, 1, size)
    assert seen.is_whole


def test_only_ends_are_read(tmp_path: Path) -> None:
    """What differs in the middle looks the same: no more than two blocks of a file are read."""
    middle = bytearray(100_000)
    middle[50_000] = 1
    groups, _, _ = look(tmp_path / "t", {b"a": bytes(100_000), b"b": bytes(middle)})

    assert names(groups) == [(b"a", [b"b"])]


def test_distinct_sizes_are_never_opened(tmp_path: Path) -> None:
    """Where no two files share a size, nothing is read at all."""
    groups, _, storage = look(tmp_path / "t", {b"%d" % n: bytes(n) for n in range(1, 50)})

    assert groups == []
    assert not {"read", "read_each", "open", "stat"} & {v for v, n in storage.calls.items() if n}


def test_what_is_there_stays(tmp_path: Path) -> None:
    """A file in a folder that others go to is compared with them, and is the one that is kept."""
    tree: dict[bytes, Made] = {
        b"in": b"same", b"Other/copy of x": b"same", b"Other/y": b"same", b"Other/z": b"more"
    }  # fmt: skip
    groups, _, _ = look(tmp_path / "t", tree, folders=(b"Other", b"missing"))

    assert [redundant for _, redundant in names(groups)] == [[b"in"]]
    assert groups[0].reason == "in a reference folder"


def test_names_of_one_file_are_no_duplicates(tmp_path: Path) -> None:
    """A file with two names is one file, and one with a name elsewhere frees nothing."""
    root = make_tree(tmp_path / "t", {b"a": b"same", b"b": b"same"})
    os.link(root / "a", root / "c")
    os.link(root / "b", tmp_path / "outside")
    groups, _, _ = look(root, {})

    assert (groups[0].files, groups[0].reclaimable) == (1, 0)
    assert names(groups) == [(b"a", [b"b"])]
    assert look(make_tree(tmp_path / "u", {b"a": b"same"}), {})[0] == []


def test_what_carries_no_file_is_not_looked_at(tmp_path: Path) -> None:
    """Folders, links and what is set aside are no files of the plan."""
    tree: dict[bytes, Made] = {b"a": b"same", b"b": b"same"}
    assert look(tmp_path / "t", tree, ActionKind.QUARANTINE)[0] == []
    storage = opened(make_tree(tmp_path / "u", tree))
    seen = Glance()
    for entry in entries(storage):
        place, mark = entry.location, entry.fingerprint
        seen.see(Action(ActionKind.MOVE, place, place, mark, "", Kind.FOLDER))
    assert seen.groups(storage, [], KeepPolicy.NAME) == []


def test_empty_and_changed_files_are_not_alike(tmp_path: Path) -> None:
    """Empty files are no duplicates, nor is what changed or went since it was seen."""
    root = make_tree(tmp_path / "t", {b"a": b"", b"b": b"", b"c": b"1", b"d": b"1", b"e": b"1"})
    storage = opened(root)
    seen = Glance()
    for entry in entries(storage):
        seen.see(Action(ActionKind.MOVE, entry.location, entry.location, entry.fingerprint))
    (root / "c").unlink()
    os.utime(root / "d", ns=(1, 1))

    assert seen.groups(storage, [], KeepPolicy.NAME) == []


def test_the_largest_are_looked_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more than may be opened, it is the largest that are, and it says so."""
    tree: dict[bytes, Made] = {
        b"%d %s" % (size, name): bytes(size) for size in range(1, 20) for name in (b"a", b"b")
    }
    monkeypatch.setattr(module, "MOST_READ", 6)
    groups, seen, _ = look(tmp_path / "t", tree)
    assert [kept for kept, _ in names(groups)] == [b"19 a", b"18 a", b"17 a"]
    assert not seen.is_whole


@pytest.mark.parametrize("most", [8, 9])
def test_no_more_are_held_than_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Where there are more than are kept in mind, the smaller are forgotten, and it says so."""
    tree: dict[bytes, Made] = {
        b"%03d %s" % (size, name): bytes(size) for size in range(1, 20) for name in (b"a", b"b")
    }
    monkeypatch.setattr(module, "MOST_HELD", most)
    groups, seen, _ = look(tmp_path / "t", tree)
    assert names(groups)[0] == (b"019 a", [b"019 b"])
    assert len(groups) <= most // 2
    assert not seen.is_whole


def test_a_full_folder_is_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with more entries than may be looked at is left out, and it says so."""
    monkeypatch.setattr(module, "MOST_LISTED", 2)
    tree: dict[bytes, Made] = {
        b"in": b"same",
        b"a/1": b"same",
        b"b/1": b"",
        b"b/2": b"",
        b"b/3": b"",
    }
    groups, seen, _ = look(tmp_path / "t", tree, folders=(b"b", b"a"))
    assert names(groups) == [(b"a/1", [b"in"])]
    assert not seen.is_whole

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fileorg.config.schema import Config
from fileorg.errors import InterruptedRunError, SourceMissingError, UsageError
from fileorg.events import Event, Progressed, Silent
from fileorg.model.duplicates import KeepPolicy, KeepReason, Proof
from fileorg.pipeline import dedupe as module
from fileorg.pipeline.alike import cache_path
from fileorg.pipeline.dedupe import DedupeRequest, Duplicates, clear_cache, dedupe
from fileorg.pipeline.state import State
from tests.pipeline.harness import snapshot
from tests.trees import Link, make_tree


@pytest.fixture
def state(tmp_path: Path) -> State:
    """Return a state folder."""
    return State(tmp_path / "state")


def look(state: State, *paths: Path, **options: Any) -> Duplicates:
    """Look for duplicates; options of the request and of the config."""
    request = {n: options.pop(n) for n in ("empty", "use_cache", "jobs") if n in options}
    config = msgspec.convert(options, Config)
    where = tuple(os.fsencode(path) for path in paths)
    return dedupe(DedupeRequest(where, state, config, **request), Silent())


def groups(found: Duplicates) -> list[tuple[bytes, list[bytes]]]:
    """Return what is kept and what is redundant, by paths."""
    return [(g.keep.location.path, [e.location.path for e in g.redundant]) for g in found.groups]


def test_nowhere_there_are_no_duplicates(tmp_path: Path, state: State) -> None:
    """Who names no place, as a program may, is told of no groups."""
    make_tree(tmp_path / "root", {b"a": b"same", b"b": b"same"})

    assert groups(look(state)) == []


def test_a_folder_in_a_reference_is_refused(tmp_path: Path, state: State) -> None:
    """Where all there is to look at is never touched, that is said; beside others it is left."""
    root = make_tree(tmp_path / "root", {b"a": b"same", b"new/b": b"same", b"c": b"else"})
    for paths in ([root], [root / "new"], [root / "new" / "b"]):
        with pytest.raises(UsageError, match="lies in a reference folder"):
            look(state, *paths, reference=[str(root)])

    other = make_tree(tmp_path / "other", {b"x": b"same"})
    found = look(state, root / "new", other, reference=[str(root)])
    assert [group.reason for group in found.groups] == [KeepReason.REFERENCE]
    assert [paths for _, paths in groups(found)] == [[b"x"]]


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
@pytest.mark.parametrize("below", [b"", b"deep"])
def test_a_reference_is_itself_also_through_another_mount(
    tmp_path: Path, state: State, below: bytes
) -> None:
    """A folder that shows a part of the reference once more is no less out of reach."""
    reference = make_tree(tmp_path / "reference", {b"deep/a": b"same", b"deep/b": b"same"})
    place = make_tree(tmp_path / "place", {})
    other = make_tree(tmp_path / "other", {b"x": b"same"})
    subprocess.run(["mount", "--bind", os.fsencode(reference) + b"/" + below, place], check=True)
    try:
        found = look(state, place, other, reference=[str(reference)])
    finally:
        subprocess.run(["umount", place], check=True)

    assert [paths for _, paths in groups(found)] == [[b"x"]]


class Signalling(Silent):
    """Gets a Ctrl-C when all has been compared."""

    def tell(self, event: Event) -> None:
        """Get it."""
        if isinstance(event, Progressed) and event.phase == "compare":
            signal.raise_signal(signal.SIGINT)


def test_a_late_signal_is_heard(tmp_path: Path, state: State) -> None:
    """A search that is stopped when it has read its last file shows no groups."""
    root = make_tree(tmp_path / "root", {b"a": b"same", b"b": b"same"})
    with pytest.raises(InterruptedRunError):
        dedupe(DedupeRequest((os.fsencode(root),), state), Signalling())


def test_nothing_is_changed(tmp_path: Path, state: State) -> None:
    """Looking for duplicates leaves every file, time and folder as it is."""
    root = make_tree(tmp_path / "root", {b"a": b"same", b"b/c": b"same", b"d": b"other"})
    before = snapshot(root)
    found = look(state, root)

    assert snapshot(root) == before
    assert groups(found) == [(b"a", [b"b/c"])]
    assert (found.seen, found.groups.files, found.groups.reclaimable) == (3, 1, 4)


def test_what_is_protected_is_no_duplicate(tmp_path: Path, state: State) -> None:
    """Projects, hidden files, partial downloads and links are left out, with the reason."""
    root = make_tree(
        tmp_path / "root",
        {
            b"a": b"same", b"b": b"same", b".hidden": b"same", b"c.part": b"same",
            b"work/.git/": None, b"work/d": b"same", b"link": Link(b"a"), b".fileorg/x": b"same",
        },
    )  # fmt: skip
    found = look(state, root)

    assert groups(found) == [(b"a", [b"b"])]
    reasons = {reason.reason for reason in found.summary.left_alone}
    assert reasons >= {"hidden", "project or repository", "partial download", "belongs to fileorg"}
    assert groups(look(state, root, hidden=True)) == [(b"a", [b".hidden", b"b"])]


def test_only_what_is_selected_counts(tmp_path: Path, state: State) -> None:
    """Size limits and globs choose files as they do for organize."""
    root = make_tree(tmp_path / "root", {b"a.x": b"1", b"b.x": b"1", b"c.y": b"22", b"d.y": b"22"})

    assert groups(look(state, root, min_size="2")) == [(b"c.y", [b"d.y"])]
    assert groups(look(state, root, exclude=["*.y"])) == [(b"a.x", [b"b.x"])]
    assert groups(look(state, root, include=["*.z"])) == []


def test_overlapping_paths_are_looked_at_once(tmp_path: Path, state: State) -> None:
    """A folder given twice, through a link and inside another has its files once."""
    root = make_tree(tmp_path / "root", {b"in/a": b"same", b"b": b"same"})
    (tmp_path / "link").symlink_to(root)
    found = look(state, root, tmp_path / "link", root / "in", root / "in" / "a")

    assert found.seen == 2
    assert len(found.groups) == 1


def test_files_of_different_roots_are_compared(tmp_path: Path, state: State) -> None:
    """A reference folder is looked at too, its files are kept, and the others are redundant."""
    root = make_tree(tmp_path / "root", {b"a": b"same", b"b": b"other", b"c": b"x"})
    photos = make_tree(tmp_path / "photos", {b"z": b"same", b"y": b"same", b"w": b"x"})
    found = look(state, root, reference=[str(photos)])

    assert [(g.keep.location.root, g.reason) for g in found.groups] == [
        (1, KeepReason.REFERENCE)
    ] * 2
    assert [[e.location.path for e in g.redundant] for g in found.groups] == [[b"c"], [b"a"]]


def test_the_order_given_decides(tmp_path: Path, state: State) -> None:
    """With `first` the file in the folder that was given first is kept."""
    one = make_tree(tmp_path / "one", {b"x": b"same"})
    two = make_tree(tmp_path / "two", {b"y": b"same"})

    assert groups(look(state, one, two, keep="first")) == [(b"x", [b"y"])]
    assert groups(look(state, two, one, keep="first")) == [(b"y", [b"x"])]


def test_an_unreadable_folder_is_a_failure(tmp_path: Path, state: State) -> None:
    """What can't be read is named, and is no empty folder; a missing path ends the command."""
    root = make_tree(tmp_path / "root", {b"a": b"same", b"b": b"same"})
    with pytest.raises(SourceMissingError):
        look(state, root, tmp_path / "missing")
    with pytest.raises(SourceMissingError):
        look(state, root, reference=[str(tmp_path / "missing")])


def test_the_cache_is_used_unless_refused(tmp_path: Path, state: State) -> None:
    """A second look rests on digests and says so; without the cache it compares again."""
    root = make_tree(tmp_path / "root", {b"a": b"same", b"b": b"same"})

    assert [g.proof for g in look(state, root, use_cache=False).groups] == [Proof.BYTES]
    assert not cache_path(state).exists()
    assert [g.proof for g in look(state, root).groups] == [Proof.BYTES]
    assert [g.proof for g in look(state, root).groups] == [Proof.DIGEST]
    assert [g.proof for g in look(state, root, use_cache=False).groups] == [Proof.BYTES]
    assert clear_cache(state) > 0
    assert [g.proof for g in look(state, root).groups] == [Proof.BYTES]


@pytest.mark.parametrize("jobs", [1, 2])
def test_whoever_scans_finds_the_same(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """Where another process goes through the folders, groups and counts are the same."""
    monkeypatch.setattr(module, "_INLINE", 1)
    tree = {b"%d/%d \xff" % (n % 5, n): b"%d" % (n % 3) for n in range(40)}
    root = make_tree(tmp_path / "tree", tree | {b"0/.hidden": b"1"})
    config = Config(keep=KeepPolicy.FIRST)
    found = dedupe(DedupeRequest((bytes(root),), state, config, jobs=jobs), Silent())

    assert [(group.keep.location.path, group.files) for group in found.groups] == [
        (b"0/0 \xff", 13), (b"0/10 \xff", 12), (b"0/20 \xff", 12),
    ]  # fmt: skip
    assert found.seen == 40
    assert [(left.reason, left.count) for left in found.summary.left_alone] == [("hidden", 1)]

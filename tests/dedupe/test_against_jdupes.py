"""The groups of `dedupe` against those of jdupes, which compares all bytes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from fileorg.events import Silent
from fileorg.pipeline.dedupe import DedupeRequest, dedupe
from fileorg.pipeline.state import State
from fileorg.scan.protection import IGNORE_FILE
from tests.dedupe.test_finder import large_tree
from tests.strategies import trees
from tests.trees import HOSTILE_NAMES, File, Made, make_tree

JDUPES = shutil.which("jdupes")
pytestmark = pytest.mark.skipif(JDUPES is None, reason="jdupes is not installed")


def theirs(root: Path) -> set[frozenset[bytes]]:
    """Return the groups that jdupes finds, with hard links as one file and without empty ones."""
    printed = subprocess.run(
        [JDUPES or "", "-r0qA", "."], cwd=root, capture_output=True, check=True
    ).stdout
    groups = [set(filter(None, part.split(b"\0"))) for part in printed.split(b"\0\0")]
    return {frozenset(path.removeprefix(b"./") for path in group) for group in groups if group}


def ours(root: Path, state: Path) -> set[frozenset[bytes]]:
    """Return the groups that dedupe finds."""
    found = dedupe(DedupeRequest((os.fsencode(root),), State(state)), Silent())
    assert not found.summary.failed
    return {
        frozenset(entry.location.path for entry in (group.keep, *group.redundant))
        for group in found.groups
    }


SHAPES: dict[str, dict[bytes, Made]] = {
    "nothing": {},
    "one file": {b"a": b"1"},
    "all the same": {b"%d/%d" % (n % 7, n): b"same" for n in range(60)},
    "all different": {b"%d" % n: b"%04d" % n for n in range(60)},
    "near-duplicates": dict(large_tree()),
    "hostile names": {b"%s/%s" % (f, n): b"x" for n in HOSTILE_NAMES for f in (b"a", b"b")},
    "empty files": {b"a": b"", b"b": b"", b"c": b"c", b"d": b"c"},
    "unusual sizes": {
        b"%s%d" % (f, size): bytes(size) for size in (1, 4095, 4096, 4097, 65535, 65536, 65537)
        for f in (b"a", b"b")
    },
    "a deep tree": {b"/".join([b"d"] * n) + b"/f": b"%d" % (n % 3) for n in range(1, 40)},
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_groups_are_those_of_jdupes(tmp_path: Path, shape: str) -> None:
    """On trees of many shapes the groups are the same, also when digests are known by then."""
    root = make_tree(tmp_path / "tree", SHAPES[shape])
    expected = theirs(root)

    assert ours(root, tmp_path / "state") == expected
    assert ours(root, tmp_path / "state") == expected


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=trees(most=16))
def test_groups_of_any_tree_are_those_of_jdupes(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[bytes, File]
) -> None:
    """Whatever is in a folder, where nothing of it is protected, the groups are the same."""
    assume(IGNORE_FILE not in b"/".join(tree).split(b"/"))  # a folder of that name can't be read
    base = tmp_path_factory.mktemp("any")
    root = make_tree(base / "tree", tree)
    where, state = (os.fsencode(root),), State(base / "state")
    if not dedupe(DedupeRequest(where, state), Silent()).summary.left_alone:
        assert ours(root, base / "state") == theirs(root)

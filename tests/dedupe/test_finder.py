import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fileorg.content import digest
from fileorg.dedupe import finder, proof, reader
from fileorg.dedupe.finder import Finder, FindOptions
from fileorg.errors import StorageError
from fileorg.events import Event, PhaseStarted, Progressed, Silent
from fileorg.model.capabilities import Capabilities
from fileorg.model.duplicates import Proof
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.storage.base import Storage
from fileorg.storage.decorators import CountingStorage
from fileorg.storage.memory import MemoryStorage
from tests.dedupe.groups import alike, brute_force, entries, find, opened, paths
from tests.trees import make_tree

SMALL, END = digest.SMALL, digest.END


def near(size: int, *places: int) -> bytes:
    """Return content of a size, with another byte at each of the places."""
    content = bytearray(size)
    for place in places:
        content[place] = 1
    return bytes(content)


def large_tree() -> dict[bytes, bytes]:
    """Files around each border of the funnel that differ in one byte, each of them twice."""
    tree = {}
    for size in (SMALL - 1, SMALL, SMALL + 1, 2 * reader.BLOCK, 2 * reader.BLOCK + 1):
        for place in (None, 0, END - 1, END, size // 2, size - END - 1, size - END, size - 1):
            content = near(size) if place is None else near(size, place)
            for folder in (b"a", b"b"):
                tree[b"%s/%d-%s" % (folder, size, str(place).encode())] = content
    return tree


class NoHash:
    """A hash that finds all files alike."""

    def __init__(self, _: bytes = b"") -> None: ...

    def update(self, _: bytes) -> None:
        """Forget it."""

    def copy(self) -> "NoHash":
        """Be another."""
        return self

    def digest(self) -> bytes:
        """Say what every one says."""
        return b"\1" * 16


@pytest.fixture
def no_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every digest the same."""
    monkeypatch.setattr(digest, "digest", lambda _: b"\1" * 16)
    monkeypatch.setattr(digest, "Running", NoHash)


def test_near_duplicates_are_told_apart(tmp_path: Path) -> None:
    """Files that differ in any one byte, of either end or between, are in different groups."""
    storage = opened(make_tree(tmp_path / "tree", large_tree()))

    assert paths(find(storage)) == brute_force(storage)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_hash_that_is_always_the_same_changes_no_group(
    tmp_path: Path, no_hash: None, jobs: int
) -> None:
    """Where every digest is the same, groups are still those of the bytes: digests only find."""
    storage = opened(make_tree(tmp_path / "tree", large_tree()))

    assert paths(find(storage, jobs=jobs)) == brute_force(storage)


def test_many_files_of_one_size_are_told_apart(tmp_path: Path, no_hash: None) -> None:
    """More differing files than are held at once are told apart all the same."""
    count = 3 * proof.MANY
    tree = {b"%s%d" % (f, n): near(SMALL + 9, n) for n in range(count) for f in (b"a", b"b")}
    storage = opened(make_tree(tmp_path / "tree", tree))
    groups = find(storage)

    assert len(groups) == count
    assert paths(groups) == brute_force(storage)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from((0, 1, 5, END, SMALL, SMALL + 1, SMALL + END + 3)),
            st.integers(0, 3),
            st.sampled_from((0, 0.5, 1)),
        ),
        max_size=14,
    ),
    st.booleans(),
)
def test_groups_are_those_of_brute_force(files: list[tuple[int, int, float]], empty: bool) -> None:
    """Whatever files there are, the groups are those that comparing all bytes gives."""
    storage = MemoryStorage()
    for number, (size, value, where) in enumerate(files):
        content = bytearray(size)
        if size:
            content[int((size - 1) * where)] = value
        storage.put(Location(0, b"%d/%d" % (number % 3, number)), bytes(content))

    assert paths(find(storage, empty=empty)) == brute_force(storage, empty=empty)


def test_other_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups, their order, digests and proofs do not depend on how many processes read."""
    monkeypatch.setattr(finder, "_CHUNK", 10)
    storage = opened(make_tree(tmp_path / "tree", large_tree()))

    assert find(storage, jobs=3) == find(storage, jobs=1)


def test_a_digest_is_that_of_xxhsum(tmp_path: Path) -> None:
    """The digest of a group is xxh3-128 of the content, small or large."""
    tree = {b"a": b"x", b"b": b"x", b"c": near(SMALL * 9), b"d": near(SMALL * 9)}
    groups = find(opened(make_tree(tmp_path / "tree", tree)))

    assert [group.digest for group in groups] == [
        digest.digest(tree[b"a"]),
        digest.digest(tree[b"c"]),
    ]
    assert {group.proof for group in groups} == {Proof.BYTES}


def test_files_without_content_count_only_if_asked(tmp_path: Path) -> None:
    """Empty files are no duplicates of one another, unless they are asked for."""
    storage = opened(make_tree(tmp_path / "tree", {b"a": b"", b"b": b"", b"c": b"c"}))

    assert paths(find(storage)) == set()
    assert paths(find(storage, empty=True)) == {frozenset((b"a", b"b"))}


def test_names_of_one_file_are_one_file(tmp_path: Path) -> None:
    """Hard links are no duplicates; beside another file they are one member with its names."""
    root = make_tree(tmp_path / "tree", {b"a": b"same", b"alone": b"other"})
    for new in ("b", "sub/c"):
        (root / new).parent.mkdir(exist_ok=True)
        os.link(root / "a", root / new)
    os.link(root / "alone", root / "alone too")
    storage = opened(root)
    assert find(storage) == []

    make_tree(root, {b"d": b"same"})
    (group,) = find(storage)
    assert [[n.location.path for n in file] for file in group.files] == [
        [b"a", b"b", b"sub/c"],
        [b"d"],
    ]


def test_a_file_reached_twice_is_no_duplicate_of_itself(tmp_path: Path) -> None:
    """A file that two paths lead to, as through a bind mount, is one file."""
    storage = opened(make_tree(tmp_path / "tree", {b"a": b"same", b"b": b"same"}))
    twice = [*entries(storage), *entries(storage)]
    (group,) = find(storage, twice)

    assert [len(file) for file in group.files] == [2, 2]


def test_what_has_no_equal_in_size_is_never_opened() -> None:
    """Only files that share their size are read."""
    memory = MemoryStorage()
    for number in range(5):
        memory.put(Location(0, b"%d" % number), b"x" * (number + 1))
    storage = CountingStorage(memory)

    assert find(storage) == []
    assert storage.calls["read_each"] == storage.calls["read"] == storage.calls["open"] == 0


class Reading(CountingStorage):
    """A storage that notes which files are read."""

    def __init__(self, inner: Storage) -> None:
        super().__init__(inner)
        self.order: list[bytes] = []

    def read_each(self, files: Iterable[tuple[Location, int]]) -> Iterator[bytes | StorageError]:
        """Read, and note what."""
        wanted = list(files)
        self.order += [location.path for location, _ in wanted]
        return super().read_each(wanted)


def small_tree() -> dict[bytes, bytes]:
    """Small files, each of them twice, and two of one size that differ."""
    return {b"%s%d" % (f, n): near(9 + n % 5, n % 9) for n in range(40) for f in (b"a", b"b")}


def test_a_small_file_is_read_once(tmp_path: Path) -> None:
    """One look at a small file finds and proves what holds the same: it is opened once."""
    storage = Reading(opened(make_tree(tmp_path / "tree", small_tree())))

    assert paths(find(storage)) == brute_force(storage.inner)
    assert Counter(storage.order) == dict.fromkeys(small_tree(), 1)
    assert storage.calls["read"] == storage.calls["open"] == 0


def test_small_files_are_marked_where_they_are_too_many_to_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where those of one size do not fit in memory the groups are the same, by a second look."""
    monkeypatch.setattr(finder, "MOST_HELD", 1)
    storage = Reading(opened(make_tree(tmp_path / "tree", small_tree() | {b"c": b"different"})))

    assert paths(find(storage)) == brute_force(storage.inner)
    assert Counter(storage.order) == dict.fromkeys(small_tree(), 2) | {b"c": 1}


class Spinning(Reading):
    """A storage on a disk on which seeks take long."""

    def capabilities(self, root: int) -> Capabilities:
        """Return those of the other, and that it spins."""
        return replace(super().capabilities(root), spins=True)


def test_on_a_disk_that_spins_files_are_read_in_its_order(tmp_path: Path) -> None:
    """The first look at all files goes once over the disk; those that differ get no second one."""
    tree = small_tree() | large_tree() | {b"c": b"different"}
    storage = Spinning(opened(make_tree(tmp_path / "tree", tree)))
    found = find(storage)
    inodes = {e.location.path: e.fingerprint.inode for e in entries(storage)}
    looked_at = storage.order[: len(tree)]

    assert paths(found) == brute_force(storage.inner)
    assert looked_at == sorted(tree, key=inodes.__getitem__)
    assert b"c" not in storage.order[len(tree) :]


def test_without_lasting_numbers_files_are_told_apart_beside_numbered_ones() -> None:
    """Two files that have no number of their own are two, also next to one that has."""
    memory = MemoryStorage()
    for name in (b"a", b"b", b"c"):
        memory.put(Location(0, name), b"same")
    a, *others = entries(memory)
    unnumbered = [FileEntry(e.location, e.kind, replace(e.fingerprint, inode=0)) for e in others]
    (group,) = find(memory, [a, *unnumbered])

    assert [len(file) for file in group.files] == [1, 1, 1]


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """A file that is gone when it is read is reported, and the rest is found."""
    root = make_tree(tmp_path / "tree", {b"a": b"same", b"b": b"same", b"c": b"same"})
    storage = opened(root)
    seen = entries(storage)
    (root / "b").unlink()
    search = Finder(storage, FindOptions(jobs=1), Silent())

    assert paths(alike(search, seen)) == {frozenset((b"a", b"c"))}
    assert [(skip.location.path, skip.reason) for skip in search.lost] == [(b"b", Reason.VANISHED)]


@pytest.mark.parametrize("now", [b"sam", b"same and more"])
def test_a_small_file_of_another_size_by_now_is_named(tmp_path: Path, now: bytes) -> None:
    """A small file that is cut or added to before it is read is in no group."""
    root = make_tree(tmp_path / "tree", {b"a": b"same", b"b": b"same", b"c": b"same"})
    storage = opened(root)
    seen = entries(storage)
    (root / "b").write_bytes(now)
    search = Finder(storage, FindOptions(jobs=1), Silent())

    assert paths(alike(search, seen)) == {frozenset((b"a", b"c"))}
    assert [(skip.location.path, skip.reason) for skip in search.lost] == [(b"b", Reason.CHANGED)]


def test_a_file_that_shrinks_is_named(tmp_path: Path) -> None:
    """A large file that changes while it is read is in no group."""
    root = make_tree(tmp_path / "tree", {n: near(SMALL * 9) for n in (b"a", b"b", b"c")})
    storage = opened(root)
    seen = entries(storage)
    os.truncate(root / "b", SMALL)
    (root / "c").write_bytes(near(SMALL * 9))
    search = Finder(storage, FindOptions(jobs=1), Silent())

    assert alike(search, seen) == []
    assert {(b"b", Reason.CHANGED), (b"c", Reason.CHANGED)} == {
        (s.location.path, s.reason) for s in search.lost
    }


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    """Comparing begins with how many bytes there are, and never tells of more."""
    told: list[Event] = []

    class Listening(Silent):
        def tell(self, event: Event) -> None:
            told.append(event)

    storage = opened(make_tree(tmp_path / "tree", {n: near(SMALL * 9) for n in (b"a", b"b")}))
    alike(Finder(storage, FindOptions(jobs=1), Listening()), entries(storage))

    (start,) = [e for e in told if isinstance(e, PhaseStarted) and e.phase == "compare"]
    assert (start.total, start.unit) == (2 * SMALL * 9, "bytes")
    done = [e.done for e in told if isinstance(e, Progressed) and e.phase == "compare"]
    assert done == [start.total]

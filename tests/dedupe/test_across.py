"""Duplicates over disks and buckets: just what holds the same is found, and little is read."""

from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.content import digest
from fileorg.dedupe.across import Across
from fileorg.dedupe.finder import Finder, FindOptions
from fileorg.errors import StorageError
from fileorg.events import Silent
from fileorg.model.duplicates import Alike, Proof
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.storage.base import Storage
from fileorg.storage.decorators import CountingStorage
from fileorg.storage.memory import MemoryStorage
from fileorg.storage.memory_bucket import MemoryBucket
from fileorg.storage.routing import RoutingStorage
from tests.dedupe.groups import entries
from tests.storage.conformance import at

LARGE = digest.SMALL + 5
NEAR, FAR = 0, 1


class Both:
    """A folder and a bucket in memory, looked at together."""

    def __init__(self, near: dict[bytes, bytes], far: dict[bytes, bytes]) -> None:
        self.memory, self.bucket = MemoryStorage(), MemoryBucket()
        for path, content in near.items():
            self.memory.put(at(path), content)
        for path, content in far.items():
            self.bucket.put(at(path), content, {"mtime": "1500000000"})
        self.contents = [near, far]
        far_side = CountingStorage(self.bucket)
        roots = [*self.memory.roots, *self.bucket.roots]
        self.far = far_side
        parts: list[tuple[Storage, list[int]]] = [(self.memory, [NEAR]), (far_side, [FAR])]
        self.storage: Storage = RoutingStorage(roots, parts)

    def files(self) -> list[FileEntry]:
        """Return all files, the near ones first."""
        return [*entries(self.storage), *entries(self.storage, Location(FAR, b""))]

    def find(self, files: Iterable[FileEntry] | None = None, *, empty: bool = False) -> list[Alike]:
        """Return what holds the same."""
        finder = Finder(self.storage, FindOptions(empty, 1), Silent())
        self.across = Across(self.storage, finder.find)
        found: list[Alike] = []
        files = self.files() if files is None else files
        self.across.find(files, found.append, empty=empty)
        return found

    def wanted(self, *, empty: bool) -> set[frozenset[tuple[int, bytes]]]:
        """Return the same by brute force."""
        same: defaultdict[bytes, set[tuple[int, bytes]]] = defaultdict(set)
        for root, side in enumerate(self.contents):
            for path, content in side.items():
                if content or empty:
                    same[content].add((root, path))
        return {frozenset(group) for group in same.values() if len(group) > 1}


def places(groups: Iterable[Alike]) -> set[frozenset[tuple[int, bytes]]]:
    """Return where the files of groups are."""
    return {
        frozenset((e.location.root, e.location.path) for file in group.files for e in file)
        for group in groups
    }


contents = st.sampled_from(
    [
        b"",
        b"1",
        b"2",
        b"11",
        b"x" * LARGE,
        b"x" * (LARGE - 1) + b"y",
        b"x" * 9000 + b"y" * (LARGE - 18000) + b"x" * 9000,
    ]
)
sides = st.dictionaries(st.sampled_from([b"a", b"b", b"c/d", b"e", b"f"]), contents)


@given(sides, sides, st.booleans())
def test_found_is_what_holds_the_same(
    near: dict[bytes, bytes], far: dict[bytes, bytes], empty: bool
) -> None:
    """Whatever lies where, the groups are those of brute force, each of them once."""
    both = Both(near, far)
    found = both.find(empty=empty)
    assert places(found) == both.wanted(empty=empty)
    assert len(found) == len(places(found))
    assert not both.across.lost
    for group in found:
        roots = {file[0].location.root for file in group.files}
        assert (group.proof is Proof.PROBABLE) == (roots == {FAR})


def test_what_has_no_like_on_the_other_side_is_not_read() -> None:
    """Of objects that begin otherwise than a file no more is read, alike or not."""
    near = {b"a": b"1" * LARGE, b"b": b"12", b"c": b"3333"}
    far = {b"a": b"2" * LARGE, b"b": b"2222", b"d": b"2222"}
    both = Both(near, far)
    (told,) = both.find()
    assert told.proof is Proof.PROBABLE
    assert both.far.calls["open"] == 0
    assert (both.far.calls["read_each"], both.far.calls["read"]) == (1, 1)


def test_another_etag_is_found_by_its_bytes() -> None:
    """Objects of one content and two ETags are one group where a file says that they are."""
    both = Both({b"a": b"same" * LARGE}, {})
    for path, etag in ((b"b", b"1-1"), (b"c", b"2-2")):
        made = both.bucket.put(at(path), b"same" * LARGE)
        key = both.bucket.key(made.location)
        both.bucket.objects[key] = both.bucket.objects[key]._replace(etag=etag)
    (group,) = both.find()
    assert group.proof is Proof.BYTES
    assert len(group.files) == 3


def test_a_name_more_is_no_file_more() -> None:
    """Two names of one file are one file beside the object, with both of its names."""
    both = Both({b"a": b"same"}, {b"b": b"same"})
    both.memory.link(at(b"a"), at(b"second"))
    (group,) = both.find()
    assert [len(file) for file in group.files] == [2, 1]


@pytest.mark.parametrize("size", [4, LARGE])
def test_digests_alone_prove_nothing(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Where all digests are one, bytes still tell what is the same."""
    monkeypatch.setattr(digest, "marks", lambda _, files, __: (b"" for _ in files))
    both = Both({b"a": b"1" * size, b"b": b"2" * size}, {b"c": b"2" * size, b"d": b"3" * size})
    (group,) = both.find()
    assert places([group]) == {frozenset({(NEAR, b"b"), (FAR, b"c")})}


def test_an_object_that_has_grown_is_no_twin() -> None:
    """What begins like a file, and went on since it was listed, is in no group, and is named."""
    both = Both({b"a": b"1" * LARGE}, {b"b": b"1" * LARGE})
    files = both.files()
    both.bucket.put(at(b"b"), b"1" * (LARGE + 1))
    assert not both.find(files)
    assert [(s.location.path, s.reason) for s in both.across.lost] == [(b"b", Reason.CHANGED)]


@pytest.mark.parametrize("size", [4, LARGE])
def test_what_changed_is_named(size: int) -> None:
    """An object that is another one by now, or can't be had, is in no group, and is named."""
    both = Both({b"a": b"1" * size}, {b"b": b"1" * size, b"c": b"1" * size, b"d": b"1" * size})
    files = both.files()
    both.bucket.put(at(b"b"), b"1" * (size - 1) + b"2")
    both.bucket.remove(at(b"c"), both.bucket.stat(at(b"c")))
    groups = [g for g in both.find(files) if {e[0].location.root for e in g.files} == {NEAR, FAR}]
    assert places(groups) == {frozenset({(NEAR, b"a"), (FAR, b"d")})}
    lost = {(skip.location.path, skip.reason) for skip in both.across.lost}
    assert (b"c", Reason.VANISHED) in lost


def test_a_disk_that_fails_takes_no_object_along() -> None:
    """A near file that can't be read is named, and the objects are found as ever."""
    both = Both({b"a": b"same"}, {b"b": b"same", b"c": b"same"})
    files = both.files()

    def failing(files: Iterable[tuple[Location, int]]) -> Iterable[bytes | StorageError]:
        return (StorageError(Reason.IO_ERROR, "bad block") for _ in files)

    both.memory.read_each = failing  # type: ignore[method-assign, assignment]
    found = both.find(files)
    assert places(found) == {frozenset({(FAR, b"b"), (FAR, b"c")})}
    assert [skip.location.path for skip in both.across.lost] == [b"a"]

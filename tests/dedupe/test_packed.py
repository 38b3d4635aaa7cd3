"""Values packed in little memory come back as they were, groups in the order of their files."""

from hypothesis import given
from hypothesis import strategies as st

from fileorg.dedupe.catalog import Catalog, Marked
from fileorg.dedupe.packed import Groups, Packed
from fileorg.model.duplicates import DuplicateGroup, KeepReason, Proof
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location


def entry(number: int, size: int = 5) -> FileEntry:
    """Return a file of its own."""
    location = Location(number % 3, b"%d \xff\n" % number)
    return FileEntry(location, Kind.FILE, Fingerprint(size, -number, number, number), 1 + number)


def group(number: int) -> DuplicateGroup:
    """Return a group of two files."""
    keep, other = entry(number), entry(number + 1)
    return DuplicateGroup(b"d" * 16, Proof.BYTES, keep, (other,), KeepReason.NAME, 1, 5)


@given(st.lists(st.integers(0, 1 << 60), max_size=30))
def test_what_was_added_comes_back(numbers: list[int]) -> None:
    """A value is what it was, by the number that it was added as."""
    packed: Packed[FileEntry] = Packed(FileEntry)
    for number in numbers:
        packed.add(entry(number))
    assert len(packed) == len(numbers)
    assert [packed[place] for place in range(len(packed))] == [entry(n) for n in numbers]


def test_groups_come_in_the_order_of_their_first_files() -> None:
    """However they were found, groups are in the order of the scan, with their sums beside them."""
    groups = Groups()
    for number in (7, 3, 5):
        groups.add(group(number), first=number)
    assert list(groups) == [group(3), group(5), group(7)] == list(groups)
    assert (len(groups), groups.files, groups.reclaimable) == (3, 3, 15)
    assert groups.proofs == {Proof.BYTES}


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40)), max_size=60))
def test_alike_are_files_of_one_size_and_mark(files: list[tuple[int, int]]) -> None:
    """Every set of files with size and mark in common is found, and no other."""
    catalog = Catalog()
    wanted: dict[tuple[int, int], set[int]] = {}
    for number, (size, mark) in enumerate(files):
        catalog.add(entry(number, size))
        if mark:  # the others have none
            catalog.set_mark(number, bytes([mark]) * 16, Marked.READ)
            wanted.setdefault((size, mark), set()).add(number)
    found = catalog.alike()
    assert sorted(map(sorted, found)) == sorted(sorted(s) for s in wanted.values() if len(s) > 1)

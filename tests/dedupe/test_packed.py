"""Values packed in little memory come back as they were, groups in the order of their files."""

from hypothesis import given
from hypothesis import strategies as st

from fileorg.dedupe.packed import Groups, Packed, Sets
from fileorg.model.duplicates import DuplicateGroup, KeepReason, Proof
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location


def entry(number: int, size: int = 5) -> FileEntry:
    """Return a file of its own."""
    location = Location(number % 3, b"%d \xff\n" % number)
    return FileEntry(location, Kind.FILE, Fingerprint(size, -number, number, number), 1 + number)


def group(keep: FileEntry, other: FileEntry) -> DuplicateGroup:
    """Return a group of two files."""
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
    groups = Groups(entry)
    for number in (7, 3, 5):
        among = {n: entry(n) for n in (number, number + 1)}
        groups.add(group(*among.values()), among)
    wanted = [group(entry(number), entry(number + 1)) for number in (3, 5, 7)]
    assert list(groups) == wanted == list(groups)
    assert (len(groups), groups.files, groups.reclaimable) == (3, 3, 15)
    assert groups.proofs == {Proof.BYTES}


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=9))
def test_sets_are_those_of_two_and_more(sets: list[list[int]]) -> None:
    """Sets come in the order in which they were added; of one file alone there is none."""
    packed = Sets()
    for numbers in sets:
        packed.add(numbers)
    wanted = [numbers for numbers in sets if len(numbers) > 1]
    assert list(packed) == wanted
    assert list(packed.numbers) == [number for numbers in wanted for number in numbers]

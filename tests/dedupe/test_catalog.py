"""A catalog gives back every file as it was, and finds those that have something in common."""

from hypothesis import given
from hypothesis import strategies as st

from fileorg.dedupe.catalog import Catalog, parted
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location

_signed = st.integers(-(1 << 63), (1 << 63) - 1)
_files = st.builds(
    FileEntry,
    st.builds(
        Location,
        st.integers(0, 2),
        st.lists(st.sampled_from([b"a", b"b \xff", b"c\n"]), min_size=1, max_size=3).map(b"/".join),
    ),
    st.just(Kind.FILE),
    st.builds(Fingerprint, st.integers(0, (1 << 63) - 1), _signed, _signed, _signed),
    st.integers(1, 3),
)


def of_sizes(sizes: list[int]) -> Catalog:
    """Return a catalog of files of some sizes."""
    catalog = Catalog()
    for number, size in enumerate(sizes):
        location = Location(0, b"%d" % number)
        catalog.add(FileEntry(location, Kind.FILE, Fingerprint(size, 1, 2, number)))
    return catalog


@given(st.lists(_files, max_size=30))
def test_a_file_is_what_it_was(files: list[FileEntry]) -> None:
    """A file comes back by its number, whatever folder was before it, and so does each part."""
    catalog = Catalog()
    for file in files:
        catalog.add(file)
    assert len(catalog) == len(files)
    for number, file in enumerate(files):
        mark = file.fingerprint
        assert catalog.entry(number) == file
        assert catalog.location(number) == file.location
        assert catalog.root(number) == file.location.root
        assert catalog.key(number) == (mark.inode, mark.size, mark.mtime_ns)


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(0, 2))
def test_files_of_one_size_are_together(sizes: list[int], least: int) -> None:
    """Every set of files that share a size is found, in order, and no other."""
    wanted: dict[int, list[int]] = {}
    for number, size in enumerate(sizes):
        if size >= least:
            wanted.setdefault(size, []).append(number)
    found = of_sizes(sizes).of_one_size(least)
    assert sorted(found) == sorted(numbers for numbers in wanted.values() if len(numbers) > 1)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=60))
def test_files_of_one_mark_are_together(files: list[tuple[int, int]]) -> None:
    """Files are together by size and mark; those without a mark are known to have none."""
    catalog = of_sizes([size for size, _ in files])
    wanted: dict[tuple[int, int], list[int]] = {}
    for number, (size, mark) in enumerate(files):
        if mark:
            catalog.set_marks([number], bytes([mark]) * 16)
            wanted.setdefault((size, mark), []).append(number)
    found = catalog.by_mark(filter(catalog.is_marked, range(len(files))))
    assert found == [(bytes([mark]) * 16, same) for (_, mark), same in wanted.items()]


@given(st.lists(_signed, max_size=60))
def test_parts_keep_together_what_has_one_key(keys: list[int]) -> None:
    """Each number is in one part, sorted by its key, and all of one key are in the same."""
    parts = list(parted(range(len(keys)), keys.__getitem__))
    assert sorted(number for part in parts for number in part) == list(range(len(keys)))
    of_key: dict[int, set[int]] = {}
    for place, part in enumerate(parts):
        assert [keys[number] for number in part] == sorted(keys[number] for number in part)
        for number in part:
            of_key.setdefault(keys[number], set()).add(place)
    assert all(len(places) == 1 for places in of_key.values())

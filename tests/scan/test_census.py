"""Counting what a scan sees, against plain sums of the same files."""

from collections import Counter, defaultdict
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, FolderSeen, Kind
from fileorg.model.location import Location, text
from fileorg.scan.census import Census, Scale, Scales

SIZES = Scale((10, 1000), ("little", "some", "much"))
YEARS = Scale((100, 200, 300), ("Undated", "1", "2", "Undated"))
FACTS = FolderFacts(0o755, 0, 0, 0, 1, 1)
PLACES = ("a", "b", "a/c", "a/c/d", "b/c")


def folder(path: str) -> FolderSeen:
    """Return a folder as the scan tells it."""
    return FolderSeen(Location(0, path.encode()), FACTS, 0)


def file(
    path: str, size: int = 1, mtime_ns: int = 150, inode: int = 0, links: int = 1,
    kind: Kind = Kind.FILE,
) -> FileEntry:  # fmt: skip
    """Return a file as the scan tells it."""
    return FileEntry(Location(0, path.encode()), kind, Fingerprint(size, mtime_ns, 0, inode), links)


def census(*seen: FileEntry | FolderSeen, most: int = 3) -> Census:
    """Return the counts of what is seen; the category is the first letter, `?` is none."""
    made = Census(lambda name: chr(name[0]), "?", Scales(SIZES, YEARS), most)
    made.see(seen)
    return made


files = st.builds(
    file,
    st.builds("{}/{}".format, st.sampled_from(PLACES), st.text("xyz", min_size=1, max_size=3)),
    st.integers(0, 2000),
    st.integers(0, 400),
)


@given(st.lists(files, max_size=40))
def test_sums_are_those_of_the_files(found: list[FileEntry]) -> None:
    """Categories, sizes, years and folders add up to the files, whatever they are."""
    by_folder = defaultdict(list)
    for entry in found:
        by_folder[text(entry.location.folder.path)].append(entry)
    order: list[FileEntry | FolderSeen] = [folder("")]
    for place in sorted(PLACES):
        order += [folder(place), *by_folder[place]]
    made = census(*order, most=10)
    sizes = [entry.fingerprint.size for entry in found]
    for shares in (made.categories(), made.sizes(), made.years()):
        assert sum(share.files for share in shares) == len(found)
        assert sum(share.bytes for share in shares) == sum(sizes)
    below: Counter[str] = Counter()
    for entry in found:
        for parent in PurePosixPath(text(entry.location.path)).parents:
            below[str(parent)] += entry.fingerprint.size
    assert {text(place.path): total.bytes for place, total in made.largest_folders()} == {
        place: below[place] for place in PLACES
    }
    assert [entry.fingerprint.size for entry in made.largest()] == sorted(sizes)[::-1][:10]
    times = sorted(entry.fingerprint.mtime_ns for entry in found)
    assert [entry.fingerprint.mtime_ns for entry in made.oldest()] == times[:10]
    assert [entry.fingerprint.mtime_ns for entry in made.newest()] == times[::-1][:10]
    again = Counter(size for size in sizes if size)
    same = made.same_size()
    assert same.groups == sum(1 for times in again.values() if times > 1)
    assert same.files == sum(times - 1 for times in again.values())
    assert same.bytes == sum((times - 1) * size for size, times in again.items())


def test_classes_are_told_by_their_beginnings() -> None:
    """A number that begins a class belongs to it; what has no credible date comes last."""
    made = census(
        folder(""), file("a", 9, 99), file("b", 10, 100), file("c", 1000, 199), file("d", 999, 300)
    )
    assert [(s.name, s.files) for s in made.sizes()] == [("little", 1), ("some", 2), ("much", 1)]
    assert [(s.name, s.files) for s in made.years()] == [("1", 2), ("Undated", 2)]


def test_a_file_of_many_names_is_one() -> None:
    """Hard links, symlinks and empty files are no duplicates of one another."""
    made = census(
        folder(""), file("a", 5, inode=1, links=2), file("b", 5, inode=1, links=2),
        file("c", 0), file("d", 0), file("e", 7), file("f", 7, kind=Kind.SYMLINK),
    )  # fmt: skip
    assert made.same_size().files == 0


def test_extensions_without_a_category_are_counted() -> None:
    """What nothing claims is told by its extension, the most frequent first."""
    made = census(
        folder(""), file("?a.Xyz"), file("?b.xyz"), file("?c"), file("i.xyz"), file("?d.qqq", 9)
    )
    assert [(s.name, s.files) for s in made.unknown()] == [(".xyz", 2), (".qqq", 1), ("", 1)]


def test_of_equals_the_first_is_named() -> None:
    """Of files with one size those are named that were seen first."""
    made = census(folder(""), *(file(f"{n}", 5) for n in range(9)), most=2)
    assert [entry.location.path for entry in made.largest()] == [b"0", b"1"]


def test_many_folders_are_ranked_in_little_room() -> None:
    """The largest of thousands of folders are found without keeping all of them."""
    seen: list[FileEntry | FolderSeen] = [folder("")]
    for number in range(2000):
        seen += [folder(f"{number}"), file(f"{number}/x", number % 1500)]
    made = census(*seen, most=2)
    assert [(p.path, t.bytes) for p, t in made.largest_folders()] == [
        (b"1499", 1499), (b"1498", 1498)
    ]  # fmt: skip
    assert len(made._folders._closed) <= 201


def test_deceiving_names_are_told() -> None:
    """Names that deceive are counted, each with the reason."""
    made = census(folder(""), file("a.pdf.exe"), file("b.txt"))
    assert made.suspect_files == 1
    assert made.suspects == [(Location(0, b"a.pdf.exe"), "a program named like a document")]

"""Files that stay by their names alone: nobody looks at them, and else a scan tells the same."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.rules import Categorizer
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Kind, Listing, Seen, Settled, Skip, Unit
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.scan import scanner
from fileorg.scan.glimpse import Stays
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.scan.selection import Selection
from fileorg.storage.decorators import CountingStorage
from fileorg.storage.memory import MemoryStorage

TOP, IMAGES = Location(0, b""), Location(0, b"Images")
CATEGORY_OF = Categorizer().category_of
NAMES = (
    b"a.jpg", b"a.png", b"a.cr2", b"a.xmp", b"a.jpg.xmp", b"a.mov", b"b.jpg", b"b (1).jpg",
    b".c.jpg", b"~$d.jpg", b"e.jpg.part", b"Thumbs.db", b"f.txt", b"g.gif", b"h.html", b"h_files",
    b"setup.exe", b"x.dll", b"i.part1.rar", b"i.part2.rar", b"VIDEO_TS.IFO", b"package.json",
)  # fmt: skip


def stays(folder: Location) -> Stays | None:
    """Say that pictures stay in `Images`."""
    return (lambda name: CATEGORY_OF(name) == "Images") if folder == IMAGES else None


PLAIN = ScanOptions(recurse=True, units=True)
KNOWING = ScanOptions(recurse=True, units=True, stays=stays)


def disk_with(*paths: bytes) -> CountingStorage:
    """Return a disk in memory with some files."""
    disk = MemoryStorage()
    for path in paths:
        disk.put(Location(0, path), b"x")
    return CountingStorage(disk)


def scan(storage: CountingStorage, options: ScanOptions) -> list[Seen]:
    """Return all that a scan yields."""
    return list(Scanner(storage, options).scan([TOP]))


def looked_at(storage: CountingStorage, seen: list[Seen]) -> Iterator[Seen]:
    """Yield what was *seen*, with a look at each file that was not looked at."""
    for item in seen:
        if isinstance(item, Settled):
            yield from (storage.inner.stat(item.folder.below(name)) for name in item.names)
        else:
            yield item


def test_files_that_stay_by_their_names_are_not_looked_at() -> None:
    """Pictures in the folder of pictures are only named; all else there is looked at."""
    storage = disk_with(b"Images/1.jpg", b"Images/2.png", b"Images/3.txt", b"Images/sub/4.jpg")
    seen = scan(storage, KNOWING)
    assert [item for item in seen if isinstance(item, Settled)] == [
        Settled(IMAGES, (b"1.jpg", b"2.png"))
    ]
    files = [item.location.path for item in seen if isinstance(item, FileEntry)]
    assert files == [b"Images/3.txt", b"Images/sub/4.jpg"]
    assert storage.calls["stat"] == 1 + 2  # the source, and what may move in Images


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)), st.booleans())
def test_a_scan_tells_the_same_with_a_look_at_each(
    own: set[bytes], other: set[bytes], ignores: bool
) -> None:
    """Units, reasons and counts do not depend on whether files that stay were looked at."""
    paths = [b"Images/" + name for name in own] + [b"in/" + name for name in other]
    storage = disk_with(*paths)
    if ignores:
        storage.inner.put(Location(0, b"Images/.fileorgignore"), b"b*\n")  # type: ignore[attr-defined]
    plain, knowing = scan(storage, PLAIN), scan(storage, KNOWING)
    found = sorted(looked_at(storage, knowing), key=repr)
    assert found == sorted(plain, key=repr)


def test_many_names_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of very many files is told of a thousand names at a time."""
    monkeypatch.setattr(scanner, "_MOST_SETTLED", 2)
    seen = scan(disk_with(b"Images/1.jpg", b"Images/2.jpg", b"Images/3.jpg"), KNOWING)
    parts = [item.names for item in seen if isinstance(item, Settled)]
    assert parts == [(b"1.jpg", b"2.jpg"), (b"3.jpg",)]


def test_a_limit_takes_a_look_at_each() -> None:
    """Where size, age or a glob decide what is selected, every file is looked at."""
    options = ScanOptions(selection=Selection(min_size=1), recurse=True, stays=stays)
    assert not any(isinstance(item, Settled) for item in scan(disk_with(b"Images/1.jpg"), options))


def test_a_source_inside_is_not_counted_twice() -> None:
    """A file that is a source itself is not settled with its folder."""
    storage = disk_with(b"Images/1.jpg", b"Images/2.jpg")
    sources = [TOP, IMAGES.below(b"1.jpg")]
    seen = list(Scanner(storage, KNOWING).scan(sources))
    assert Skip(IMAGES.below(b"1.jpg"), Reason.SEEN_BEFORE) in seen
    assert Settled(IMAGES, (b"2.jpg",)) in seen


class Hasty(CountingStorage):
    """A disk on which a file goes away between its listing and the look at it."""

    gone = b""

    def stat(self, location: Location) -> FileEntry:
        """Miss what is gone."""
        if location.name == self.gone:
            raise StorageError(Reason.VANISHED)
        return super().stat(location)

    def listing(self, folder: Location) -> Listing:
        """Fail: it is not asked where names may do."""
        assert folder != IMAGES
        return super().listing(folder)


def test_what_vanishes_meanwhile_is_in_no_unit() -> None:
    """Where a companion vanishes before the look at it, its main file is one by itself."""
    storage = Hasty(disk_with(b"Images/1.cr2", b"Images/1.xmp", b"Images/2.jpg").inner)
    storage.gone = b"1.xmp"
    seen = scan(storage, KNOWING)
    assert [item.location.name for item in seen if isinstance(item, FileEntry)] == [b"1.cr2"]
    assert not any(isinstance(item, Unit) for item in seen)
    assert Settled(IMAGES, (b"2.jpg",)) in seen


def test_a_folder_that_can_not_be_listed_says_so() -> None:
    """A folder of files that would stay is a `Skip` where it can't be read, as any folder."""

    class Locked(CountingStorage):
        def kinds(self, folder: Location) -> list[tuple[bytes, Kind]]:
            raise StorageError(Reason.PERMISSION, f"{folder.path!r}")

    seen = scan(Locked(disk_with(b"Images/1.jpg").inner), KNOWING)
    assert [item.reason for item in seen if isinstance(item, Skip)] == [Reason.UNREADABLE]

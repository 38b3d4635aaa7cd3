"""Looking into folders before their turn: each is listed once, and few are held."""

import pytest

from fileorg.errors import StorageError
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.scan import peeks
from fileorg.scan.peeks import Peeks
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.storage.decorators import CountingStorage
from fileorg.storage.memory import MemoryStorage

TOP = Location(0, b"")


def disk_with(*paths: bytes) -> CountingStorage:
    """Return a disk in memory with some files."""
    disk = MemoryStorage()
    for path in paths:
        disk.put(Location(0, path), b"x")
    return CountingStorage(disk)


def test_folders_beside_an_installer_are_listed_once() -> None:
    """A scan looks for parts of a program below a .exe without a second look at any folder."""
    storage = disk_with(b"in/setup.exe", b"in/a/1.txt", b"in/b/2.txt", b"in/c/d/3.txt")
    seen = list(Scanner(storage, ScanOptions(recurse=True)).scan([TOP]))
    assert len(seen) == 6 + 4
    assert (storage.calls["listing"], storage.calls["names"]) == (6, 0)


def test_what_was_seen_early_is_told_in_its_turn() -> None:
    """A listing is handed out once; after that a folder is looked at anew."""
    storage = disk_with(b"in/1.txt")
    looks = Peeks(storage)
    assert looks.names(Location(0, b"in")) == [b"1.txt"]
    for listed in (1, 2):
        assert len(looks.glimpse(Location(0, b"in")).listing.entries) == 1
        assert storage.calls["listing"] == listed


@pytest.mark.parametrize("forgotten", [False, True])
def test_only_so_much_is_held(monkeypatch: pytest.MonkeyPatch, *, forgotten: bool) -> None:
    """Beyond the limit only names are read, until what is held was let go."""
    monkeypatch.setattr(peeks, "_MOST_HELD", 3)
    storage = disk_with(b"a/1", b"a/2", b"b/3")
    looks, (first, second) = Peeks(storage), (Location(0, b"a"), Location(0, b"b"))
    assert sorted(looks.names(first)) == [b"1", b"2"]
    if forgotten:
        looks.forget([first, second])
    assert looks.names(second) == [b"3"]
    assert storage.calls["names"] == (0 if forgotten else 1)


def test_a_folder_that_can_not_be_read_has_no_names() -> None:
    """What is gone gives no names early, and its error in its turn."""
    looks = Peeks(disk_with())
    assert looks.names(Location(0, b"gone")) == []
    with pytest.raises(StorageError) as failed:
        looks.glimpse(Location(0, b"gone"))
    assert failed.value.reason is Reason.VANISHED

"""Telling a file from another: by its number, or where it has none by size and time."""

import pytest

from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location

TIME = 1_600_000_001_987_654_321
NUMBERED = Fingerprint(5, TIME, 0, 7)
EDITED = Fingerprint(6, TIME + 1, 0, 7)
UNNUMBERED = Fingerprint(5, TIME, 0, 0)


def test_a_number_tells_a_file_whatever_was_written_to_it() -> None:
    """The same inode is the same file, another one is not, even with size and time of the first."""
    assert NUMBERED.is_same_file(EDITED)
    assert not NUMBERED.is_unedited(EDITED)
    assert not NUMBERED.is_same_file(Fingerprint(5, TIME, 0, 8))


def test_without_a_number_size_and_time_tell() -> None:
    """A file that has no number is not taken for one of another size or time, edited or not."""
    assert UNNUMBERED.is_same_file(NUMBERED)
    assert NUMBERED.is_same_file(UNNUMBERED)
    assert not UNNUMBERED.is_same_file(EDITED)
    assert not UNNUMBERED.is_same_file(Fingerprint(5, TIME + 5_000_000_000, 0, 0))


@pytest.mark.parametrize("unit", [1, 100, 10_000_000, 1_000_000_000, 2_000_000_000])
def test_a_coarser_disk_keeps_a_time_rounded_down(unit: int) -> None:
    """A copy is known by the time that its disk has kept of it; a time between is another."""
    kept = Fingerprint(5, TIME - TIME % unit, 0, 0)
    assert kept.looks_like(NUMBERED)
    assert NUMBERED.looks_like(kept)
    assert not NUMBERED.looks_like(Fingerprint(5, TIME - 54_321, 0, 0))
    assert not NUMBERED.looks_like(Fingerprint(4, TIME, 0, 0))


def test_a_folder_without_a_number_is_known_by_its_name() -> None:
    """What is in a folder changes its size and time, so where it has no number any one will do."""
    place = Location(0, b"x")
    assert FileEntry(place, Kind.FOLDER, UNNUMBERED).is_known_as(EDITED)
    assert not FileEntry(place, Kind.FILE, UNNUMBERED).is_known_as(EDITED)
    assert not FileEntry(place, Kind.FOLDER, Fingerprint(5, TIME, 0, 8)).is_known_as(NUMBERED)

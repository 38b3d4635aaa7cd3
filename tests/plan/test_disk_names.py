"""File systems with rules of their own."""

import pytest

from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import Skip
from fileorg.model.reason import Reason
from fileorg.plan.planner import Destination
from tests.plan.plans import ELSEWHERE, at, made_in, moves_of, plan_of, reasons_of, why
from tests.plan.surroundings import Disk

FOLDING = Capabilities(case_insensitive=True)
NTFS = Capabilities(case_insensitive=True, reserved_names=True, name_unit="utf16")
LONG = b"n" * 251 + b".txt"


@pytest.mark.parametrize(
    ("one", "other"), [(b"A.jpg", b"a.JPG"), ("\u00e9.jpg".encode(), "e\u0301.jpg".encode())]
)
def test_twins_collide_where_the_disk_folds_them(one: bytes, other: bytes) -> None:
    """Names that are one to the file system are a conflict there, and two elsewhere."""
    tree = {b"a/" + one: b"1", b"b/" + other: b"2"}
    for able, number in ((Capabilities(), b""), (FOLDING, b" (1)")):
        moved = moves_of(plan_of(Disk(tree, able), recurse=True))
        stem, dot, extension = other.rpartition(b".")
        assert moved[b"b/" + other] == b"Images/" + stem + number + dot + extension


def test_existing_twin_is_taken() -> None:
    """A name that is there in another case is taken, and its holder can be replaced."""
    disk = Disk({b"a.JPG": b"1", b"Images/A.jpg": b"2"}, FOLDING)
    assert moves_of(plan_of(disk)) == {b"a.JPG": b"Images/a (1).JPG"}


def test_folder_keeps_its_spelling() -> None:
    """A folder that is there in another case is used as it is written, and is not made."""
    disk = Disk({b"x.jpg": b"1", b"images/y.jpg": b"2"}, FOLDING)
    plan = plan_of(disk, recurse=True)
    assert made_in(plan) == []
    assert moves_of(plan) == {b"x.jpg": b"images/x.jpg"}
    assert (at(b"images/y.jpg"), Reason.IN_PLACE, "") in reasons_of(plan)


def test_new_folders_are_spelled_one_way() -> None:
    """Two spellings of one new folder are one folder, and its names are taken once."""
    disk = Disk({b"a/One/x.jpg": b"1", b"b/ONE/x.jpg": b"2"}, FOLDING)
    destinations = [Destination(at(folder), at(b"", 1)) for folder in (b"a", b"b")]
    plan = plan_of(disk, "{folder}/{name}", destinations, recurse=True)
    assert made_in(plan) == [b"One"]
    assert moves_of(plan) == {b"a/One/x.jpg": b"One/x.jpg", b"b/ONE/x.jpg": b"One/x (1).jpg"}


def test_own_name_in_another_case_is_in_place() -> None:
    """A file that only its own name keeps from its target stays as it is."""
    disk = Disk({b"Images/x.JPG": b"1"}, FOLDING)
    plan = plan_of(disk, "{category}/{stem}.{extension}", recurse=True)
    assert [type(item) for item in plan] == [Skip]


def test_too_long_a_name_is_shortened_for_its_number() -> None:
    """A name of 255 bytes that is taken gets a number and loses as many characters."""
    disk = Disk({b"a/" + LONG: b"1", b"b/" + LONG: b"2"})
    moved = moves_of(plan_of(disk, recurse=True))
    target = moved[b"b/" + LONG]
    assert target == b"Documents/" + b"n" * 247 + b" (1).txt"
    assert len(target) == len(b"Documents/") + 255


def test_name_is_shortened_where_the_disk_needs_it() -> None:
    """A target that holds shorter names gets one that fits, with its extension."""
    disk = Disk({LONG: b"1"}, Capabilities(longest_name=143))
    assert moves_of(plan_of(disk, destinations=ELSEWHERE)) == {
        LONG: b"Documents/" + b"n" * 139 + b".txt"
    }


def test_made_folder_is_shortened_too() -> None:
    """A folder named after a long name fits as well."""
    disk = Disk({LONG: b"1"})
    (folder,) = made_in(plan_of(disk, "{stem}-{stem}/{name}"))
    assert len(folder) == 255


def test_reserved_names_are_changed_where_they_are() -> None:
    """On NTFS `CON.txt` and `a:b.txt` get names that can be; elsewhere they stay."""
    tree = {b"CON.txt": b"1", b"a:b.txt": b"2"}
    assert set(moves_of(plan_of(Disk(tree, NTFS))).values()) == {
        b"Documents/_CON.txt",
        b"Documents/a_b.txt",
    }
    assert set(moves_of(plan_of(Disk(tree))).values()) == {
        b"Documents/CON.txt",
        b"Documents/a:b.txt",
    }


def test_odd_name_in_its_place_is_left() -> None:
    """A name that the disk evidently holds is not changed where the file belongs."""
    disk = Disk({b"Documents/a:b.txt": b"1"}, NTFS)
    assert why(disk, b"Documents/a:b.txt", recurse=True) is Reason.IN_PLACE

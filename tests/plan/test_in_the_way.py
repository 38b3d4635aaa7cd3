"""Files that have the names of folders, and folders those of files."""

from fileorg.errors import StorageError
from fileorg.model.entry import FolderFacts
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.plan.planner import Destination
from tests.plan.plans import ELSEWHERE, at, made_in, moves_of, plan_of, reasons_of, why
from tests.plan.surroundings import Disk


def test_file_with_the_name_of_a_needed_folder() -> None:
    """Both stay: the file `Images` and what would go into a folder of that name."""
    disk = Disk({b"Images": b"a file", b"x.jpg": b"1", b"y.txt": b"2"})
    plan = plan_of(disk)
    assert moves_of(plan) == {b"y.txt": b"Documents/y.txt"}
    assert {(where.path, reason) for where, reason, _ in reasons_of(plan)} == {
        (b"Images", Reason.BLOCKED_FOLDER),
        (b"x.jpg", Reason.BLOCKED_FOLDER),
    }


def test_file_with_the_name_of_a_folder_that_is_not_needed() -> None:
    """Where nobody needs the folder the file is moved as any other."""
    assert moves_of(plan_of(Disk({b"Images": b"", b"y.txt": b"2"}))) == {
        b"Images": b"Other/Images",
        b"y.txt": b"Documents/y.txt",
    }


def test_waiting_files_block_each_other() -> None:
    """Where one file in the way needs the place of another, both stay."""
    disk = Disk({b"gz": b"1", b"tar.gz": b"2"})
    assert why(disk, b"tar.gz", "extension") is Reason.BLOCKED_FOLDER
    assert why(disk, b"gz", "extension") is Reason.BLOCKED_FOLDER


def test_planned_file_is_in_the_way_too() -> None:
    """A name that a file was given is no folder for the files that come after."""
    disk = Disk({b"s/a": b"1", b"t/a/y": b"2"})
    destinations = [Destination(at(b"s"), at(b"", 1)), Destination(at(b"t"), at(b"", 1))]
    plan = plan_of(disk, "{folder}/{name}", destinations, recurse=True)
    assert moves_of(plan) == {b"s/a": b"a"}
    assert (at(b"t/a/y"), Reason.BLOCKED_FOLDER, "a") in reasons_of(plan)


def test_planned_folder_is_in_the_way_of_a_file() -> None:
    """A name that a made folder has is taken, and the file gets a number."""
    disk = Disk({b"s/a/y": b"1", b"t/a": b"2"})
    destinations = [Destination(at(b"s"), at(b"", 1)), Destination(at(b"t"), at(b"", 1))]
    plan = plan_of(disk, "{folder}/{name}", destinations, recurse=True)
    assert moves_of(plan) == {b"s/a/y": b"a/y", b"t/a": b"a (1)"}
    disk.apply(plan)


def test_folder_that_can_not_be_read() -> None:
    """A target folder that the disk refuses is the reason for which its files stay."""

    class Refusing(Disk):
        def names(self, folder: Location) -> list[bytes]:
            if folder.path == b"Images":
                raise StorageError(Reason.PERMISSION)
            return super().names(folder)

    disk = Refusing({b"x.jpg": b"1", b"y.txt": b"", b"Images/z.jpg": b"2"})
    assert why(disk, b"x.jpg") is Reason.PERMISSION
    assert why(disk, b"y.txt") is None


def test_missing_root_is_no_endless_climb() -> None:
    """A root of which the disk knows nothing is taken for there."""

    class Rootless(Disk):
        def folder(self, folder: Location) -> FolderFacts | None:
            return None

    plan = plan_of(Rootless({b"x.jpg": b"1"}), destinations=ELSEWHERE)
    assert made_in(plan) == [b"Images"]

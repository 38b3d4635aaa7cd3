"""What is in a file is read when it is asked for, once, and what can't be read is none."""

import datetime as dt
from pathlib import Path

import pytest

from fileorg.categorize.judge import IN_NAME
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.evidence import Dated, Facts, Metadata
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.pipeline.contents import RecalledContents, StoredContents
from fileorg.pipeline.workspace import open_root
from fileorg.storage.local import LocalStorage
from tests.pipeline.photos import photo
from tests.trees import Link, make_tree

DATE = frozenset({"date"})
TAKEN = dt.datetime.fromisoformat("2011-02-03T04:05:06")


class Counted(LocalStorage):
    """A disk that counts what is read of it, and may fail."""

    reads = 0
    fails = False

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Read, and count it."""
        self.reads += 1
        if self.fails:
            raise StorageError(Reason.PERMISSION)
        return super().read(location, start, length)


@pytest.fixture
def disk(tmp_path: Path) -> Counted:
    """Return a disk with a photo, an empty file and a symlink."""
    make_tree(tmp_path, {
        b"a.jpg": photo(1, "2011:02:03 04:05:06"), b"empty.jpg": b"", b"link.jpg": Link(b"a.jpg"),
    })  # fmt: skip
    return Counted([open_root(str(tmp_path).encode())])


def contents(disk: Counted, name: bytes) -> StoredContents:
    """Return what is in a file, of which only the date is wanted."""
    return StoredContents(disk, entry(disk, name), DATE)


def entry(disk: Counted, name: bytes) -> FileEntry:
    """Return a file as a scan sees it."""
    return disk.stat(Location(0, name))


def test_one_look_answers_all_about_a_photo(disk: Counted) -> None:
    """The beginning of a photo is read once, for its kind and its date, and not before."""
    found = contents(disk, b"a.jpg")
    assert disk.reads == 0
    for _ in range(2):
        assert found.metadata() == Metadata(Dated(TAKEN, "EXIF DateTimeOriginal"))
        assert found.mime() == "image/jpeg"
    assert disk.reads == 1
    assert found.problem() == ""
    digest = found.digest()
    assert digest is not None
    assert len(digest) == 32


@pytest.mark.parametrize("name", [b"empty.jpg", b"link.jpg"])
def test_what_holds_nothing_is_not_opened(disk: Counted, name: bytes) -> None:
    """Of an empty file and a symlink nothing is read, and nothing is wrong with them."""
    found = contents(disk, name)
    assert (found.mime(), found.metadata(), found.problem()) == (None, Metadata(), "")
    assert disk.reads == 0


def test_what_can_not_be_read_is_none_with_the_reason(disk: Counted) -> None:
    """A file that can't be opened answers nothing, and says why."""
    disk.fails = True
    found = contents(disk, b"a.jpg")
    assert (found.mime(), found.metadata()) == (None, Metadata())
    assert found.problem() == "permission denied"


def test_a_digest_of_what_is_gone_is_none(disk: Counted, tmp_path: Path) -> None:
    """A file that vanished has no digest, and says why."""
    found = contents(disk, b"a.jpg")
    (tmp_path / "a.jpg").unlink()
    assert found.digest() is None
    assert "No such file" in found.problem()


def test_what_is_known_is_not_read_again(disk: Counted) -> None:
    """Under a new name the date of a content is remembered; one of the old name is not."""
    known = Facts(mime="image/jpeg", date=Dated(TAKEN, "EXIF DateTimeOriginal"))
    recalled = RecalledContents(known, contents(disk, b"a.jpg"))
    assert (recalled.mime(), recalled.metadata().date) == ("image/jpeg", known.date)
    assert disk.reads == 0
    by_name = Facts(mime="image/jpeg", date=Dated(TAKEN, IN_NAME))
    recalled = RecalledContents(by_name, contents(disk, b"empty.jpg"))
    assert recalled.metadata() == Metadata()

"""One object as SOURCE: it goes where --into says, as one file of a folder does."""

from pathlib import Path

import pytest

from fileorg.errors import UsageError
from tests.pipeline.between import Between
from tests.pipeline.bucket import BucketDesk


@pytest.fixture
def desk(tmp_path: Path) -> BucketDesk:
    """Return a desk with an object, one beside it, and one that has the name of a folder."""
    made = BucketDesk(tmp_path)
    for key in (b"in/a.jpg", b"in/b.jpg", b"both", b"both/c.jpg"):
        made.put(key, key, mtime="1500000000")
    return made


def test_an_object_is_sorted_alone(desk: BucketDesk) -> None:
    """It goes to DEST, what lies beside it stays, and undo is exact."""
    before, lone = desk.objects(), desk.place + b"/in/a.jpg"
    with desk.at_work():
        preview = desk.organize(lone, into=desk.place + b"/archive", dry_run=True)
        assert (preview.done, desk.objects()) == (1, before)
        assert desk.organize(lone, into=desk.place + b"/archive").done == 1
        assert desk.paths() == [b"archive/Images/a.jpg", b"both", b"both/c.jpg", b"in/b.jpg"]
        desk.undo()
    assert before == desk.objects()


def test_an_object_has_to_be_told_where_to_go(desk: BucketDesk) -> None:
    """Without --into there is no folder that it could be sorted in."""
    with desk.at_work(), pytest.raises(UsageError, match="not a folder"):
        desk.organize(desk.place + b"/in/a.jpg")


def test_a_prefix_goes_before_an_object_of_its_name(desk: BucketDesk) -> None:
    """What lies below is organized in place; the object stays."""
    with desk.at_work():
        assert desk.organize(desk.place + b"/both").done == 1
    assert desk.paths() == [b"both", b"both/Images/c.jpg", b"in/a.jpg", b"in/b.jpg"]


def test_an_object_comes_into_a_folder(tmp_path: Path) -> None:
    """On disk it has its time, and undo brings it back."""
    desk = Between(tmp_path)
    desk.put(b"in/a.jpg", b"picture", mtime="1500000000")
    before = desk.objects()
    with desk.at_work():
        desk.organize(desk.place + b"/in/a.jpg", into=bytes(desk.root))
        made = desk.root / "Images" / "a.jpg"
        assert (made.read_bytes(), made.stat().st_mtime) == (b"picture", 1_500_000_000)
        desk.undo()
    assert before == desk.objects()

"""What can't be read, and what changes meanwhile."""

import os
from pathlib import Path

import pytest

from fileorg.model.entry import Listing, Seen, Skip
from fileorg.model.location import Location, Root
from fileorg.model.reason import Reason
from fileorg.scan.scanner import Scanner
from fileorg.storage.local import LocalStorage
from tests.scan.scans import DEEP, HERE, as_nobody, files, scan, skipped
from tests.trees import make_tree


def test_unreadable_folder_is_a_failure(tmp_path: Path) -> None:
    """A folder that may not be read is told with the system's words, and the others go on."""
    make_tree(tmp_path, {b"closed/a": b"", b"open/b": b""})
    (tmp_path / "closed").chmod(0)

    def check(seen: list[Seen]) -> None:
        (skip,) = [item for item in seen if isinstance(item, Skip)]
        assert (skip.location.path, skip.reason) == (b"closed", Reason.UNREADABLE)
        assert "ermission" in skip.detail
        assert files(seen) == [b"open/b"]

    as_nobody(tmp_path, check)
    (tmp_path / "closed").chmod(0o700)


def test_folder_that_may_not_be_searched_is_a_failure(tmp_path: Path) -> None:
    """A folder whose names can be read and nothing else is no empty folder."""
    make_tree(tmp_path, {b"closed/a": b""})
    (tmp_path / "closed").chmod(0o444)

    def check(seen: list[Seen]) -> None:
        assert skipped(seen) == {b"closed": Reason.UNREADABLE}

    as_nobody(tmp_path, check)
    (tmp_path / "closed").chmod(0o700)


def test_missing_source_is_told(tmp_path: Path) -> None:
    """A source that is not there is a skip with its reason."""
    assert skipped(scan(tmp_path, DEEP, (b"gone",))) == {b"gone": Reason.VANISHED}


def test_vanished_file_is_no_failure(tmp_path: Path) -> None:
    """A file that goes between listing and look is not seen, and nothing else is lost."""
    make_tree(tmp_path, {b"a": b"", b"b": b""})
    real = os.listdir

    def vanishing(handle: int) -> list[str]:
        names = real(handle)
        (tmp_path / "a").unlink(missing_ok=True)
        return names

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "listdir", vanishing)
        assert files(scan(tmp_path)) == [b"b"]


@pytest.mark.parametrize("swapped", [False, True])
def test_vanished_folder_is_told(tmp_path: Path, swapped: bool) -> None:
    """A folder that goes, or becomes a link, after it was seen is told and never followed."""
    make_tree(tmp_path / "root", {b"sub/a": b""})
    make_tree(tmp_path / "other", {b"secret": b""})

    class Racing(LocalStorage):
        def listing(self, folder: Location) -> Listing:
            found = super().listing(folder)
            if not folder.path:
                (tmp_path / "root/sub").rename(tmp_path / "moved")
                if swapped:
                    (tmp_path / "root/sub").symlink_to(tmp_path / "other")
            return found

    root = tmp_path / "root"
    storage = Racing([Root(os.fsencode(root), root.stat().st_dev, root.stat().st_ino)])
    seen = list(Scanner(storage, DEEP).scan([HERE]))
    storage.close()
    assert files(seen) == []
    assert skipped(seen) == {b"sub": Reason.FOLDER_GONE if swapped else Reason.VANISHED}

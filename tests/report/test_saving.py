"""A report in a file: whole or not at all, and nobody's file is replaced unasked."""

import os
from pathlib import Path

import pytest

from fileorg.errors import RefusedError, StorageUnavailableError
from fileorg.report.saving import saved


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    """The file has its name when all of it is written, and nothing else is left."""
    path = tmp_path / "report.html"
    with saved(str(path), force=False) as write:
        write("half")
        assert not path.exists()
        write(" and half \u00e9\r\n")
    assert path.read_bytes() == "half and half \u00e9\r\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    """An error half way leaves no file, and one that was there as it was, also with force."""
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(KeyError), saved(str(path), force=True) as write:
        write("half")
        raise KeyError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_no_file_is_replaced_unasked(tmp_path: Path) -> None:
    """A name that is taken, before or while it is written, is refused; --force replaces a file."""
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(RefusedError, match="--force"), saved(str(path), force=False):
        pass
    other = tmp_path / "other.html"
    with pytest.raises(RefusedError), saved(str(other), force=False) as write:
        write("new")
        other.write_text("somebody's")
    assert (path.read_text(), other.read_text()) == ("old", "somebody's")
    with saved(str(path), force=True) as write:
        write("new")
    assert path.read_text() == "new"
    assert sorted(tmp_path.iterdir()) == [other, path]


@pytest.mark.parametrize("kind", ["folder", "link", "fifo"])
def test_only_files_are_ever_replaced(tmp_path: Path, kind: str) -> None:
    """A folder, link or FIFO of that name is refused, also with force."""
    path = tmp_path / "report.html"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("elsewhere")
    else:
        os.mkfifo(path)
    with pytest.raises(RefusedError, match="regular"), saved(str(path), force=True):
        pass
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Where no file can be made, the path and the reason are told."""
    path = tmp_path / "no" / "report.html"
    with (
        pytest.raises(StorageUnavailableError, match=f"{path}.*No such file"),
        saved(str(path), force=False),
    ):
        pass

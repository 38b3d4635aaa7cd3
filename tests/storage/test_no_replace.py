"""The ladder: which rung is taken, and what each does when it is disturbed half way."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fileorg.storage import no_replace, posix

Refuse = Callable[[str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    """Return an open folder."""
    handle = os.open(tmp_path, os.O_RDONLY)
    yield handle
    os.close(handle)


def _failing(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_the_first_rung_works_here(folder: int, tmp_path: Path) -> None:
    """Where renameat2 works it is the way, and the probe leaves nothing behind."""
    assert no_replace.probe(folder, b".scratch") == "rename"
    assert os.listdir(tmp_path) == []


def test_a_probe_that_was_killed_is_no_hindrance(folder: int, tmp_path: Path) -> None:
    """What it left is removed by the next one of that run, and the folder keeps its time."""
    for name in (".scratch", ".scratch2"):
        (tmp_path / name).touch()
    os.utime(tmp_path, ns=(1, 1_500_000_000_123_456_789))

    assert no_replace.probe(folder, b".scratch") == "rename"
    assert os.listdir(tmp_path) == []
    assert tmp_path.stat().st_mtime_ns == 1_500_000_000_123_456_789


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP])
def test_links_are_the_second_rung(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A file system without the flag gets links, and the probe leaves nothing behind."""
    monkeypatch.setattr(posix, "rename_no_replace", _failing(number))
    assert no_replace.probe(folder, b".scratch") == "link"
    assert os.listdir(tmp_path) == []


def test_a_placeholder_is_the_last_rung(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system with neither gets placeholders, and the probe leaves nothing behind."""
    monkeypatch.setattr(posix, "rename_no_replace", _failing(errno.EINVAL))
    monkeypatch.setattr(os, "link", _failing(errno.EPERM))
    assert no_replace.probe(folder, b".scratch") == "placeholder"
    assert os.listdir(tmp_path) == []


def test_a_failing_disk_is_no_rung(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that says nothing of the rungs is raised, and the probe leaves nothing behind."""
    monkeypatch.setattr(posix, "rename_no_replace", _failing(errno.EIO))
    with pytest.raises(OSError, match="Input/output"):
        no_replace.probe(folder, b".scratch")
    assert os.listdir(tmp_path) == []


def test_a_link_that_is_refused_goes_over_a_placeholder(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that may not have a second name (too many, or not ours) is renamed all the same."""
    (tmp_path / "old").write_text("kept")
    monkeypatch.setattr(os, "link", _failing(errno.EMLINK))
    no_replace.link_and_unlink(folder, b"old", folder, b"new")
    assert os.listdir(tmp_path) == ["new"]
    assert (tmp_path / "new").read_text() == "kept"


def test_a_link_whose_answer_was_lost_counts(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When link says EEXIST but has made our second name, the rename goes on."""
    (tmp_path / "old").write_text("kept")
    link = os.link

    def lose(*args: object, **options: object) -> None:
        link(*args, **options)  # type: ignore[arg-type]
        raise FileExistsError(errno.EEXIST, "File exists")

    monkeypatch.setattr(os, "link", lose)
    no_replace.link_and_unlink(folder, b"old", folder, b"new")
    assert os.listdir(tmp_path) == ["new"]


def test_two_names_of_a_file_stay_two(folder: int, tmp_path: Path) -> None:
    """A target that is another name of the same file is a taken name; both names stay."""
    (tmp_path / "one").write_text("kept")
    os.link(tmp_path / "one", tmp_path / "two")
    for rename in no_replace.WAYS.values():
        with pytest.raises(FileExistsError):
            rename(folder, b"one", folder, b"two")
    assert sorted(os.listdir(tmp_path)) == ["one", "two"]


def test_a_source_that_cannot_be_unlinked_has_one_name(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the old name can't be taken away, the new one is, and the error says why."""
    (tmp_path / "old").write_text("kept")
    unlink = os.unlink

    def refuse(name: bytes, **options: int) -> None:
        if name == b"old":
            raise PermissionError(errno.EACCES, "Permission denied")
        unlink(name, **options)

    monkeypatch.setattr(os, "unlink", refuse)
    with pytest.raises(PermissionError):
        no_replace.link_and_unlink(folder, b"old", folder, b"new")
    assert os.listdir(tmp_path) == ["old"]


def test_a_source_that_was_swapped_is_not_unlinked(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new file saved under the old name between link and unlink stays, and ours has moved."""
    (tmp_path / "old").write_text("first")
    link = os.link

    def swap(*args: object, **options: object) -> None:
        link(*args, **options)  # type: ignore[arg-type]
        (tmp_path / "saved").write_text("second")
        os.replace(tmp_path / "saved", tmp_path / "old")

    monkeypatch.setattr(os, "link", swap)
    no_replace.link_and_unlink(folder, b"old", folder, b"new")
    assert (tmp_path / "old").read_text() == "second"
    assert (tmp_path / "new").read_text() == "first"


def test_an_unlink_whose_answer_was_lost_loses_nothing(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When unlink fails but has taken the old name away, the new name is all there is: it stays."""
    (tmp_path / "old").write_text("kept")
    unlink = os.unlink

    def lose(name: bytes, **options: int) -> None:
        unlink(name, **options)
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    monkeypatch.setattr(os, "unlink", lose)
    no_replace.link_and_unlink(folder, b"old", folder, b"new")
    assert (tmp_path / "new").read_text() == "kept"


def test_a_folder_whose_answer_was_lost_is_not_removed(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a rename over a placeholder fails but has happened, the folder that moved stays."""
    (tmp_path / "old").mkdir()
    rename = os.rename

    def lose(source: bytes, target: bytes, **options: int) -> None:
        rename(source, target, **options)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "rename", lose)
    with pytest.raises(OSError, match="Input/output"):
        no_replace.over_placeholder(folder, b"old", folder, b"new")
    assert os.listdir(tmp_path) == ["new"]


def test_a_placeholder_that_was_written_stays(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another process writes into the placeholder before the last look is kept."""
    (tmp_path / "old").write_text("ours")
    close = os.close

    def write(handle: int) -> None:
        close(handle)
        (tmp_path / "new").write_text("theirs")

    monkeypatch.setattr(os, "close", write)
    with pytest.raises(FileExistsError):
        no_replace.over_placeholder(folder, b"old", folder, b"new")
    monkeypatch.undo()
    assert (tmp_path / "new").read_text() == "theirs"
    assert (tmp_path / "old").read_text() == "ours"


def test_a_placeholder_goes_when_the_rename_fails(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rename that fails takes its placeholder away again, of a file and of a folder."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr(os, "rename", _failing(errno.EIO))
    for name in (b"file", b"folder"):
        with pytest.raises(OSError, match="Input/output"):
            no_replace.over_placeholder(folder, name, folder, b"new")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]

"""What a file system is like, told by reading only."""

import os
from pathlib import Path

import pytest

from fileorg.model.capabilities import Capabilities
from fileorg.storage import local_probe, mounts
from fileorg.storage.local_probe import capabilities

TABLE = (
    rb"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
36 22 0:33 / /mnt/with\040blank\011tab\134back rw - vfat /dev/sdb1 rw
40 22 0:34 / /mnt/stick rw - exfat /dev/sdc1 rw
41 40 0:35 / /mnt/stick rw master:2 propagate_from:3 - fuseblk /dev/sdd1 rw
42 22 0:36 /sub /mnt/not-utf8-"""
    b"\xff"
    rb""" rw - ntfs3 /dev/sde1 rw
43 22 torn
"""
)


def test_a_mount_table_is_read() -> None:
    """Blanks, tabs, backslashes and bad UTF-8 in mount points, and torn lines, are understood."""
    found = {mount.point: (mount.number, mount.type) for mount in mounts.parse(TABLE)}
    assert found == {
        b"/": ("22", "ext4"),
        b"/mnt/with blank\ttab\\back": ("36", "vfat"),
        b"/mnt/stick": ("41", "fuseblk"),
        b"/mnt/not-utf8-\xff": ("42", "ntfs3"),
    }


def test_the_last_mount_on_a_folder_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two mounts at one place the later counts, and neighbours with a like name do not."""
    table = tmp_path / "mountinfo"
    table.write_bytes(TABLE)
    monkeypatch.setattr(mounts, "_TABLE", str(table))
    assert local_probe.file_system_type(b"/mnt/stick") == "fuseblk"
    assert local_probe.file_system_type(b"/mnt/sticky") == "ext4"
    assert b"/mnt/with blank\ttab\\back" in local_probe.mount_points()


def test_no_mount_table_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no table, nothing is known and nothing fails."""
    monkeypatch.setattr(mounts, "_TABLE", "/nonexistent")
    assert local_probe.mount_points() == set()
    assert local_probe.file_system_type(b"/") == ""


def _probe(folder: Path) -> Capabilities:
    handle = os.open(folder, os.O_RDONLY)
    try:
        return capabilities(handle, os.fsencode(folder))
    finally:
        os.close(handle)


@pytest.mark.parametrize("names", [[], ["a"], ["A", "a"], ["1", "2"], ["\u00df"]])
def test_this_disk_tells_cases_apart(tmp_path: Path, names: list[str]) -> None:
    """On a disk that tells cases apart no content of a folder makes it look otherwise."""
    for name in names:
        (tmp_path / name).touch()
    before = os.listdir(tmp_path)
    found = _probe(tmp_path)
    assert not found.case_insensitive
    assert (found.longest_name, found.name_unit) == (255, "bytes")
    assert os.listdir(tmp_path) == before


def test_hard_links_of_both_cases_fold_nothing(tmp_path: Path) -> None:
    """Two names that differ in case and are one file by a link do not count as folding."""
    (tmp_path / "name").touch()
    os.link(tmp_path / "name", tmp_path / "NAME")
    assert not _probe(tmp_path).case_insensitive
    inner = tmp_path / "empty"
    inner.mkdir()
    assert not _probe(inner).case_insensitive


@pytest.mark.parametrize("empty", [True, False])
def test_a_disk_that_folds_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, empty: bool
) -> None:
    """Where a name answers in the other case too, the file system folds case."""
    folder = tmp_path / "Folder"
    folder.mkdir()
    if not empty:
        (folder / "Some.File").touch()
    look = os.stat

    def folding(name: bytes, *args: object, **options: object) -> os.stat_result:
        try:
            return look(name, *args, **options)  # type: ignore[arg-type]
        except FileNotFoundError:
            return look(name.swapcase(), *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", folding)
    assert _probe(folder).case_insensitive


def test_fat_is_known_by_its_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A FAT file system counts UTF-16 units up to 255, keeps two seconds, and reserves names."""
    table = tmp_path / "mountinfo"
    table.write_bytes(b"9 1 0:1 / %s rw - vfat /dev/x rw\n" % os.fsencode(tmp_path))
    monkeypatch.setattr(mounts, "_TABLE", str(table))
    found = _probe(tmp_path)
    assert (found.name_unit, found.longest_name, found.reserved_names) == ("utf16", 255, True)
    assert found.mtime_precision_ns == 2_000_000_000


def test_an_empty_mount_goes_by_its_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder whose own name lies on another device is judged by its type alone."""
    fat = mounts.Mount("9", os.fsencode(tmp_path), "vfat")
    monkeypatch.setattr(local_probe, "holding", lambda _: fat)
    look = os.fstat

    def elsewhere(handle: int) -> os.stat_result:
        found = look(handle)
        if found.st_ino == tmp_path.stat().st_ino:
            return os.stat_result((*found[:2], found.st_dev + 1, *found[3:]))
        return found

    monkeypatch.setattr(os, "fstat", elsewhere)
    assert _probe(tmp_path).case_insensitive

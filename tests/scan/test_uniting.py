"""Units as a scan of real folders yields them: what the main file decides, and what keeps all."""

import os
from pathlib import Path

import pytest

from fileorg.model.entry import Kind, Piece, Seen, Unit
from fileorg.model.reason import Reason
from fileorg.scan.scanner import ScanOptions
from fileorg.scan.selection import Selection
from tests.scan.scans import files, folders, scan, skipped
from tests.trees import File, Link, Made, make_tree

TREE: dict[bytes, Made] = {
    b"a.cr2": b"12345", b"a.jpg": b"12", b"a.xmp": b"1", b"plain.txt": b"x",
    b"in/b.heic": b"1", b"in/b.mov": b"2", b"in/b.xmp": b"3",
}  # fmt: skip
UNITS = ScanOptions(recurse=True, units=True)


def units(seen: list[Seen]) -> list[list[bytes]]:
    """Return the paths of the members of each unit."""
    return [
        [member.location.path for member in item.members] for item in seen if isinstance(item, Unit)
    ]


def test_what_belongs_together_is_one_item(tmp_path: Path) -> None:
    """Each folder's units are told as one each, its other files as ever."""
    seen = scan(make_tree(tmp_path, TREE), UNITS)
    assert units(seen) == [
        [b"a.cr2", b"a.jpg", b"a.xmp"], [b"in/b.heic", b"in/b.mov", b"in/b.xmp"],
    ]  # fmt: skip
    assert files(seen) == [b"plain.txt"]


def test_without_units_files_are_files(tmp_path: Path) -> None:
    """A scan that is not asked for units yields every file by itself."""
    seen = scan(make_tree(tmp_path, TREE), ScanOptions(recurse=True))
    assert len(files(seen)) == len(TREE)


def test_the_main_file_decides_what_is_selected(tmp_path: Path) -> None:
    """A filter that the main file passes takes all, one that it does not pass leaves all."""
    make_tree(tmp_path, TREE)
    only = ScanOptions(Selection(include=("*.cr2",)), recurse=True, units=True)
    assert units(scan(tmp_path, only)) == [[b"a.cr2", b"a.jpg", b"a.xmp"]]
    others = ScanOptions(Selection(exclude=("*.cr2",)), recurse=True, units=True)
    found = skipped(scan(tmp_path, others))
    assert {p: r for p, r in found.items() if p.startswith(b"a.")} == dict.fromkeys(
        (b"a.cr2", b"a.jpg", b"a.xmp"), Reason.FILTERED
    )


def test_an_ignored_companion_keeps_all(tmp_path: Path) -> None:
    """What the user wants left alone is not torn from its main file: the unit stays."""
    make_tree(tmp_path, {**TREE, b".fileorgignore": b"*.xmp\n"})
    found = skipped(scan(tmp_path, UNITS))
    assert found[b"a.cr2"] is found[b"a.jpg"] is found[b"a.xmp"] is Reason.IGNORED


def test_a_young_companion_keeps_all(tmp_path: Path) -> None:
    """A unit of which one file is being written waits as a whole."""
    make_tree(tmp_path, {b"a.cr2": File(b"1", 1000), b"a.jpg": File(b"2", 5000)})
    options = ScanOptions(Selection(settled_before_ns=2000 * 10**9), units=True)
    assert skipped(scan(tmp_path, options)) == dict.fromkeys((b"a.cr2", b"a.jpg"), Reason.TOO_YOUNG)


def test_links_and_hidden_files_belong_to_nothing(tmp_path: Path) -> None:
    """A symlink is no member of a unit, and hidden files stay hidden."""
    make_tree(tmp_path, {b"a.jpg": Link(b"/x"), b"a.xmp": b"", b".b.jpg": b"", b".b.xmp": b""})
    seen = scan(tmp_path, UNITS)
    assert units(seen) == []
    assert files(seen) == [b"a.jpg", b"a.xmp"]
    assert skipped(seen) == dict.fromkeys((b".b.jpg", b".b.xmp"), Reason.HIDDEN)


def test_files_that_are_sources_belong_together(tmp_path: Path) -> None:
    """Files named one by one, as a shell's `*` does, are one unit if they are in one folder."""
    make_tree(tmp_path, TREE)
    seen = scan(tmp_path, UNITS, (b"a.xmp", b"plain.txt", b"a.cr2", b"in/b.mov"))
    assert units(seen) == [[b"a.cr2", b"a.xmp"]]
    assert files(seen) == [b"plain.txt", b"in/b.mov"]


@pytest.mark.parametrize("recurse", [False, True])
def test_a_page_takes_its_folder(tmp_path: Path, recurse: bool) -> None:
    """The folder of a page is a member, with the size of all that is in it; it is not entered."""
    make_tree(tmp_path, {b"p.html": b"1", b"p_files/x": b"123", b"p_files/d/y": b"4567"})
    seen = scan(tmp_path, ScanOptions(recurse=recurse, units=True))
    (unit,) = (item for item in seen if isinstance(item, Unit))
    folder = unit.companions[0].entry
    assert (folder.location.path, folder.kind) == (b"p_files", Kind.FOLDER)
    assert folder.fingerprint.size == 7
    assert folders(seen) == [b""]


def test_a_page_stays_where_its_folder_must(tmp_path: Path) -> None:
    """A mount point or a folder of fileorg's own below the page's folder keeps both."""
    make_tree(tmp_path, {b"p.html": b"1", b"p_files/state/x": b"2"})
    own = frozenset({os.fsencode(tmp_path / "p_files" / "state")})
    seen = scan(tmp_path, ScanOptions(recurse=True, units=True, own_paths=own))
    assert skipped(seen) == dict.fromkeys((b"p.html", b"p_files"), Reason.OWN)


@pytest.mark.parametrize(
    "disc", [b"VIDEO_TS/VIDEO_TS.IFO", b"video_ts/x.vob", b"BDMV/index.bdmv", b"VIDEO_TS.IFO"]
)
def test_a_disc_is_one_piece(tmp_path: Path, disc: bytes) -> None:
    """A folder with a DVD or Blu-ray is told as one, with sum and newest time of its files."""
    make_tree(tmp_path, {b"film/" + disc: File(b"123", 5000), b"film/cover.jpg": File(b"4", 9000)})
    seen = scan(tmp_path, UNITS)
    (piece,) = (item for item in seen if isinstance(item, Piece))
    assert piece.entry.location.path == b"film"
    assert (piece.evidence.size, piece.evidence.mtime_ns) == (4, 9000 * 10**9)
    assert not files(seen)


def test_a_program_is_left_in_one_piece(tmp_path: Path) -> None:
    """A folder with a program and its libraries stays; one with installers is sorted."""
    make_tree(tmp_path, {
        b"tool/tool.exe": b"", b"tool/core.DLL": b"", b"tool/readme.txt": b"",
        b"linux/AppRun": b"", b"linux/x.txt": b"", b"setups/a.exe": b"", b"setups/b.exe": b"",
    })  # fmt: skip
    seen = scan(tmp_path, UNITS)
    assert skipped(seen) == dict.fromkeys((b"tool", b"linux"), Reason.PROGRAM)
    assert files(seen) == [b"setups/a.exe", b"setups/b.exe"]

"""What belongs together on a real disk: moved, left, raced with and taken back as one."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from tests.pipeline.harness import Desk, contents
from tests.pipeline.stages import stage
from tests.trees import File, Link, Made, make_tree

NAMES = (b"u.cr2", b"u.jpg", b"u.xmp")
UNIT: dict[bytes, Made] = {
    name: File(name + b" of a unit", 1_500_000_000 + n) for n, name in enumerate(NAMES)
}
PHOTOS: dict[bytes, Made] = {
    **{b"card/%b" % name: what for name, what in UNIT.items()},
    **{b"card 2/%b" % name: File(b"another " + name, 1_400_000_000) for name in NAMES},
    b"live/IMG_1.HEIC": File(b"still", 1_300_000_000),
    b"live/IMG_1.MOV": File(b"motion", 1_300_000_001),
    b"live/IMG_1.AAE": File(b"edit", 1_350_000_000),
    b"takeout/p.jpg": File(b"p", 1_200_000_000),
    b"takeout/p.jpg.supplemental-metadata.json": File(b"{}", 1_600_000_000),
    b"takeout/p(1).jpg": File(b"p1", 1_200_000_000),
    b"takeout/p.jpg(1).json": File(b"{1}", 1_600_000_000),
    b"takeout/metadata.json": File(b"{album}", 1_600_000_000),
    b"films/f.mkv": File(b"film", 1_100_000_000),
    b"films/f.en.srt": File(b"words", 1_600_000_000),
    b"films/disc/VIDEO_TS/VIDEO_TS.IFO": File(b"ifo", 1_000_000_000),
    b"films/disc/VIDEO_TS/A.VOB": File(b"vob", 1_000_000_000),
    b"page.html": File(b"page", 1_100_000_000),
    b"page_files/style.css": File(b"style", 1_100_000_000),
    b"z.part1.rar": File(b"1", 1_100_000_000),
    b"z.part2.rar": File(b"2", 1_600_000_000),
    b"alone.xmp": File(b"x", 1_100_000_000),
    b"deep/\xffodd\n.jpg": File(b"odd", 1_100_000_000),
    b"deep/\xffodd\n.jpg.xmp": File(b"odd too", 1_600_000_000),
}
ON_ONE_STEM: dict[bytes, Made] = {
    b"films 2/f.mp4": File(b"another film", 1_100_000_000),
    b"films 2/f.srt": File(b"other words", 1_600_000_000),
    b"films 3/f.avi": File(b"a third film", 1_100_000_000),
    b"card 3/IMG_1.CR2": File(b"another shot", 1_300_000_000),
    b"card 3/p.png": File(b"another picture", 1_200_000_000),
}
"""What has nothing to do with the others but the beginning of its name."""
WAYS: list[dict[str, Any]] = [
    {"folders": "recurse"},
    {"folders": "recurse", "mode": "category_month"},
    {"folders": "recurse", "mode": "date"},
    {"folders": "recurse", "mode": "extension"},
    {"folders": "recurse", "keep_folders": True},
    {"folders": "recurse", "template": "{category}/{date:%Y%m%d}{ext}"},
    {"folders": "recurse", "template": "{category}/{stem}.{extension}"},
    {"folders": "leave"},
    {"folders": "whole"},
]


def made(path: Path) -> Callable[[], None]:
    """Return what takes a name behind the run's back."""
    return path.touch


def edited(path: Path) -> Callable[[], None]:
    """Return what writes into a file behind the run's back."""

    def edit() -> None:
        path.write_bytes(b"edited meanwhile")

    return edit


def left(summary: RunSummary) -> int:
    """Return how many files stay because of another one."""
    return sum(one.count for one in summary.left_alone if one.reason == Reason.UNIT)


def names_in(folder: Path) -> set[bytes]:
    """Return the names in a folder."""
    return set(os.listdir(os.fsencode(folder)))


@pytest.mark.parametrize("options", WAYS, ids=lambda way: " ".join(map(str, way.values())))
@pytest.mark.parametrize("copy", [False, True])
def test_there_and_back(desk: Desk, options: dict[str, Any], copy: bool) -> None:
    """A preview is the run, a second run plans nothing, undo and redo are exact."""
    make_tree(desk.root, PHOTOS | ON_ONE_STEM)
    before, options = desk.snapshot(), {**options, "copy": copy}
    preview = desk.organize(dry_run=True, **options)
    summary = desk.organize(**options)
    after = desk.snapshot(times=False)
    assert not summary.failed
    assert (preview.done, preview.companions) == (summary.done, summary.companions)

    again = desk.organize(**options)
    assert (again.done, again.run) == (0, "")
    desk.undo(summary.run)
    assert desk.snapshot() == before
    redone = desk.redo(summary.run)
    assert redone.companions == summary.companions
    assert desk.snapshot(times=False) == after
    desk.undo(summary.run)
    assert desk.snapshot() == before


def test_a_photo_tree_is_never_torn(desk: Desk) -> None:
    """Every file of a unit is with its main file, under one stem; what is alone goes alone."""
    make_tree(desk.root, PHOTOS)
    summary = desk.organize(folders="recurse")

    there = names_in(desk.root / "Images")
    assert {b"u.cr2", b"u.jpg", b"u.xmp", b"u (1).cr2", b"u (1).jpg", b"u (1).xmp"} <= there
    assert {b"IMG_1.HEIC", b"IMG_1.MOV", b"IMG_1.AAE"} <= there
    assert {b"p.jpg.supplemental-metadata.json", b"p(1).jpg", b"p.jpg(1).json"} <= there
    assert {b"\xffodd\n.jpg", b"\xffodd\n.jpg.xmp"} <= there
    assert names_in(desk.root / "Video") == {b"f.mkv", b"f.en.srt", b"disc"}
    assert names_in(desk.root / "Web pages") == {b"page.html", b"page_files"}
    assert names_in(desk.root / "Data") == {b"metadata.json"}
    assert summary.companions == 12


def test_what_comes_to_one_stem_stays_apart(desk: Desk) -> None:
    """A second run tells together what the first one has found together, and nothing else."""
    make_tree(desk.root, PHOTOS | ON_ONE_STEM)
    desk.organize(folders="recurse")
    films = {b"f.mkv", b"f.en.srt", b"f (1).mp4", b"f (1).srt", b"f (2).avi"}
    assert names_in(desk.root / "Video") == {b"disc", *films}
    assert {b"IMG_1.CR2", b"IMG_1 (1).HEIC", b"IMG_1 (1).MOV"} <= names_in(desk.root / "Images")

    desk.organize(folders="recurse", mode="category_month")
    assert names_in(desk.root / "Video" / "2004" / "2004-11") == films


def test_show_says_with_what_a_file_went(desk: Desk) -> None:
    """The files of a run name their main files, in an undo as in the run."""
    make_tree(desk.root, UNIT)
    run = desk.organize().run
    back = desk.undo().run
    for name, place in ((run, desk.root), (back, desk.root / "Images")):
        main = os.fsencode(place / "u.cr2")
        found = {os.path.basename(line.source): line.main for line in desk.lines(name)}
        assert found == {b"u.cr2": None, b"u.jpg": main, b"u.xmp": main}


@pytest.mark.parametrize("name", ["u.cr2", "u.xmp"])
def test_a_change_keeps_all_at_home(desk: Desk, name: str) -> None:
    """A member that was edited between scan and move, first or last, keeps the whole unit."""
    make_tree(desk.root, {**UNIT, b"plain.pdf": b"x"})
    summary = desk.organize_with(edited(desk.root / name))

    assert set(NAMES) <= names_in(desk.root)
    assert (summary.done, summary.failed, left(summary)) == (1, 1, 2)
    assert [failure.reason for failure in summary.failures] == [Reason.CHANGED]
    assert summary.planned == 4


@pytest.mark.parametrize("name", ["u.cr2", "u.jpg", "u.xmp"])
def test_a_taken_target_brings_all_back(desk: Desk, name: str) -> None:
    """Where a target name is taken meanwhile, members that moved before go back."""
    make_tree(desk.root, {**UNIT, b"Images/other.png": b"x"})
    before = contents(desk.root)
    summary = desk.organize_with(made(desk.root / "Images" / name))

    assert set(NAMES) <= names_in(desk.root)
    assert names_in(desk.root / "Images") == {os.fsencode(name), b"other.png"}
    assert (summary.failed, left(summary)) == (1, 2)
    assert not before - contents(desk.root)
    (desk.root / "Images" / name).unlink()
    assert desk.organize().done == 3


def test_a_copy_that_fails_takes_the_others_back(desk: Desk) -> None:
    """Of a unit that is copied either all copies are made or none."""
    make_tree(desk.root, {**UNIT, b"Images/other.png": b"x"})
    summary = desk.organize_with(made(desk.root / "Images" / "u.xmp"), copy=True)

    assert names_in(desk.root / "Images") == {b"u.xmp", b"other.png"}
    assert (summary.done, summary.failed, left(summary)) == (0, 1, 2)


def test_a_new_name_at_home_keeps_all_where_they_are(desk: Desk) -> None:
    """An undo that can't put back one member puts back none, and says so of each."""
    make_tree(desk.root, UNIT)
    desk.organize()
    (desk.root / "u.jpg").write_bytes(b"somebody else's")
    summary = desk.undo()

    assert set(NAMES) <= names_in(desk.root / "Images")
    assert names_in(desk.root) == {b"Images", b"u.jpg"}
    assert (summary.failed, left(summary)) == (1, 2)
    (desk.root / "u.jpg").unlink()
    assert desk.undo(desk.newest().run).done == 3
    assert names_in(desk.root) == set(NAMES)


def test_another_file_in_the_place_of_a_member_keeps_all(desk: Desk) -> None:
    """An undo leaves a unit of which one is another file by now."""
    make_tree(desk.root, UNIT)
    desk.organize()
    replaced = desk.root / "Images" / "u.xmp"
    replaced.rename(desk.root / "mine.xmp")
    replaced.write_bytes(b"another")
    summary = desk.undo()

    assert set(NAMES) <= names_in(desk.root / "Images")
    assert (summary.failed, left(summary)) == (1, 2)


def test_an_edited_member_goes_back_with_the_others(desk: Desk) -> None:
    """A file that was edited since goes back as it is now, and its unit with it."""
    make_tree(desk.root, UNIT)
    desk.organize()
    (desk.root / "Images" / "u.xmp").write_bytes(b"edited")
    summary = desk.undo()

    assert (summary.done, len(summary.edited)) == (3, 1)
    assert names_in(desk.root) == set(NAMES)


def test_what_is_gone_holds_nobody_back(desk: Desk) -> None:
    """A member that was deleted since can't be torn off: the others go back without it."""
    make_tree(desk.root, UNIT)
    desk.organize()
    (desk.root / "Images" / "u.xmp").unlink()
    summary = desk.undo()

    assert (summary.done, summary.failed) == (2, 1)
    assert names_in(desk.root) == {b"Images", b"u.cr2", b"u.jpg"} - {b"Images"}


def test_to_another_device_and_back(tmp_path: Path) -> None:
    """Between devices a unit is counted, stays and comes back as one, too."""
    with stage(tmp_path, "units across") as scene:
        scene.reset()
        summary = scene.organize()
        assert (summary.done, summary.companions, summary.failed) == (9, 4, 0)
        there = scene.elsewhere / "sorted" / "Images"
        (scene.desk.root / "u.xmp").write_bytes(b"somebody else's")
        assert left(scene.desk.undo()) == 2
        assert {b"u.cr2", b"u.jpg", b"u.xmp"} <= names_in(there)
        (scene.desk.root / "u.xmp").unlink()
        (there / "u.jpg").unlink()
        assert scene.desk.undo(scene.run()).done == 2
        assert {b"u.cr2", b"u.xmp"} <= names_in(scene.desk.root)


def test_a_batch_never_parts_a_unit(desk: Desk) -> None:
    """Units at the end of a batch are moved in one: 1,000 steps and a few more."""
    make_tree(desk.root, {b"p%04d.%b" % (n, e): b"x" for n in range(700) for e in (b"cr2", b"xmp")})
    make_tree(desk.root, {b"a.pdf": b"1"})
    before = desk.snapshot()
    summary = desk.organize()
    assert (summary.done, summary.companions) == (1401, 700)
    desk.undo()
    assert desk.snapshot() == before


def test_duplicates_never_part_a_unit(desk: Desk) -> None:
    """What belongs to others is kept, a file that is alone is set aside beside it."""
    make_tree(desk.root, {
        **UNIT, b"in/u.jpg": UNIT[b"u.jpg"], b"in/u.cr2": UNIT[b"u.cr2"],
        b"copy.jpg": UNIT[b"u.jpg"],
    })  # fmt: skip
    summary = desk.organize(folders="recurse", dedupe="quarantine")

    assert names_in(desk.root / "Images") == set(NAMES)
    assert names_in(desk.root / "in") == {b"u.cr2", b"u.jpg"}  # all that is there already
    assert summary.set_aside == 1
    assert not (desk.root / "copy.jpg").exists()


@pytest.mark.parametrize("action", ["quarantine", "symlink"])
def test_dedupe_leaves_what_belongs_to_others(desk: Desk, action: str) -> None:
    """Of two units that hold the same none is taken apart; a lone copy is set aside."""
    make_tree(desk.root, {b"copy.jpg": UNIT[b"u.jpg"], **UNIT, **{
        b"in/" + name: what for name, what in UNIT.items()
    }})  # fmt: skip
    found = desk.dedupe(action)

    assert found.summary.set_aside == 1
    assert left(found.summary) == 5
    assert set(NAMES) <= names_in(desk.root) & names_in(desk.root / "in")
    assert not (desk.root / "u.jpg").is_symlink()


def test_hard_links_may_be_made_of_what_belongs_together(desk: Desk) -> None:
    """A hard link leaves every file where it is, so units are no reason not to make it."""
    make_tree(desk.root, {**UNIT, **{b"in/" + name: what for name, what in UNIT.items()}})
    assert desk.dedupe("hardlink").summary.set_aside == 3


def test_the_same_unit_again_stays(desk: Desk) -> None:
    """Beside a unit that holds the very same, all of another one stays, and a second run, too."""
    unit = {**UNIT, b"u.jpg.json": File(b"{}")}
    make_tree(desk.root, {**unit, **{b"Images/" + name: what for name, what in unit.items()}})
    summary = desk.organize(folders="recurse")
    assert (summary.done, summary.skipped, summary.in_place) == (0, 4, 4)
    assert set(NAMES) <= names_in(desk.root)


def test_files_that_a_shell_names_one_by_one(desk: Desk, tmp_path: Path) -> None:
    """`organize *` is the same as the folder: companions among the named files travel."""
    make_tree(desk.root, UNIT)
    summary = desk.organize(*sorted(desk.root.iterdir()), into=tmp_path / "sorted")
    assert summary.companions == 2
    assert names_in(tmp_path / "sorted" / "Images") == set(NAMES)


def test_what_can_not_be_renamed_makes_no_folder(desk: Desk) -> None:
    """Where all that would move has to stay, no folder is made for it, and there is no run."""
    make_tree(desk.root, {b"p.html": b"page", b"p_files/style.css": b"style"})
    before = desk.snapshot()
    summary = desk.organize(template="{category}/same{ext}")
    assert [reason.reason for reason in summary.left_alone] == [Reason.NAMES_ARE_LINKED.value]
    assert (summary.run, desk.snapshot(), desk.state.records()) == ("", before, [])


def test_a_folder_with_what_must_not_move_stays_whole(desk: Desk) -> None:
    """A repository, a download or a link out of it keeps the folder around it where it is."""
    make_tree(desk.root, {
        b"repository/song.mp3": b"1", b"repository/inside/.git/HEAD": b"ref",
        b"download/song.mp3": b"2", b"download/inside/x.mp3.part": b"...",
        b"link/song.mp3": b"3", b"link/inside/out": Link(b"../../other.txt"),
        b"album/song.mp3": b"4", b"album/inside/song": Link(b"../song.mp3"),
        b"album/.hidden": b"", b"other.txt/kept": b"5",
    })  # fmt: skip
    desk.organize(folders="whole")
    assert names_in(desk.root) >= {b"repository", b"download", b"link"}
    assert (desk.root / "Audio" / "album" / "inside" / "song").read_bytes() == b"4"
    assert (desk.root / "Audio" / "album" / ".hidden").exists()

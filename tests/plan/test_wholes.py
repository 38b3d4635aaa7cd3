"""Folders that move as one."""

import pytest

from fileorg.model.entry import Kind, Skip
from fileorg.model.reason import Reason
from fileorg.plan.planner import Destination
from fileorg.plan.templates import MODES
from tests.plan.plans import (
    ELSEWHERE,
    HERE,
    actions_of,
    at,
    made_in,
    moves_of,
    plan_of,
    reasons_of,
    removed_in,
    why,
)
from tests.plan.surroundings import DAY_NS, MAY_17, Disk, F


def test_folder_moves_by_what_it_mostly_holds() -> None:
    """A folder is one action, with its category, and what is in it is not mentioned."""
    disk = Disk({b"trip/1.jpg": b"1", b"trip/2.jpg": b"2", b"trip/note.txt": b"3"})
    plan = plan_of(disk, whole=True)
    assert moves_of(plan) == {b"trip": b"Images/trip"}
    disk.apply(plan)
    assert sorted(disk.tree()) == [
        b"Images/trip/1.jpg", b"Images/trip/2.jpg", b"Images/trip/note.txt",
    ]  # fmt: skip
    again = plan_of(disk, whole=True)
    assert again == [Skip(at(b"Images"), Reason.FOLDER_ON_PATH)]


@pytest.mark.parametrize("mode", MODES)
def test_second_run_with_whole_folders(mode: str) -> None:
    """The folders that a mode makes are known as such, whatever they hold."""
    disk = Disk(
        {
            b"x.jpg": b"1", b"y.tar.gz": b"2", b"z": F(b"3", 0),
            b"trip/1.jpg": b"4", b"trip/sub/2.txt": F(b"5", MAY_17 - 400 * DAY_NS),
            b"jpg.d/1.txt": b"6",
        }
    )  # fmt: skip
    disk.apply(plan_of(disk, mode, whole=True))
    assert actions_of(plan_of(disk, mode, whole=True)) == []


def test_folder_on_a_target_path_is_never_a_unit() -> None:
    """A folder that files go into stays, though by what it holds it would go elsewhere."""
    disk = Disk({b"x.jpg": b"1", b"Images/song.mp3": b"2", b"Images/tune.mp3": b"3"})
    assert moves_of(plan_of(disk, whole=True)) == {b"x.jpg": b"Images/x.jpg"}


def test_destination_inside_the_source_stays() -> None:
    """The folder that holds the destination is no unit, even if nothing goes there."""
    disk = Disk({b"sorted/old/x.jpg": b"1", b"trip/y.jpg": b"2"})
    plan = plan_of(disk, destinations=[Destination(HERE, at(b"sorted/old"))], whole=True)
    assert moves_of(plan) == {b"trip": b"sorted/old/Images/trip"}


def test_folder_with_the_name_of_an_extension_is_judged_by_what_it_holds() -> None:
    """By extension, `jpg` is a folder of the layout only if files are sorted into it."""
    disk = Disk({b"jpg/x.jpg": b"1", b"trips/x.jpg": b"2"})
    assert moves_of(plan_of(disk, "extension", whole=True)) == {b"trips": b"No extension/trips"}


def test_folder_blocks_no_file_by_what_it_will_not_do() -> None:
    """What a folder of the layout would want as a unit keeps no file in its place."""
    disk = Disk({b"Documents": b"a file", b"Images/note.txt": b"1"})
    assert moves_of(plan_of(disk, whole=True)) == {b"Documents": b"Other/Documents"}


def test_taken_folder_name_is_numbered() -> None:
    """A folder whose name is taken gets a number at its end, and none is merged."""
    disk = Disk({b"v1.0/x.jpg": b"1", b"Images/v1.0/y.jpg": b"2"})
    assert moves_of(plan_of(disk, whole=True)) == {b"v1.0": b"Images/v1.0 (1)"}


def test_same_folder_stays() -> None:
    """A folder that is at its target already, file for file, stays where it is."""
    disk = Disk({b"trip/a/x.jpg": b"1", b"Images/trip/a/x.jpg": b"1"})
    assert why(disk, b"trip", whole=True) is Reason.SAME_CONTENT
    disk.add(b"trip/y.jpg", b"2")
    assert why(disk, b"trip", whole=True) is None


@pytest.mark.parametrize("copy", [False, True])
def test_across_devices_a_folder_is_planned_file_by_file(copy: bool) -> None:
    """A folder that can't be renamed is made again with all it holds, the empty ones too."""
    disk = Disk({b"trip/a/x.jpg": b"1", b"trip/y": b"2", b"trip/empty/deep": None},
                one_device=False)  # fmt: skip
    before = disk.tree()
    plan = plan_of(disk, destinations=ELSEWHERE, whole=True, copy=copy)
    assert made_in(plan) == [b"Images", b"Images/trip", b"Images/trip/a",
                             b"Images/trip/empty", b"Images/trip/empty/deep"]  # fmt: skip
    disk.apply(plan)
    moved = {b"Images/" + path: content for path, content in before.items()}
    assert disk.tree(1) == moved
    assert disk.tree(0) == (before if copy else {})
    assert actions_of(plan_of(disk, destinations=ELSEWHERE, whole=True, copy=copy)) == []


def test_part_that_can_not_be_moved_keeps_its_folder() -> None:
    """What is left alone inside is told with its reason, and its folder is not removed."""
    fifo = F(kind=Kind.SPECIAL)
    disk = Disk({b"trip/x.jpg": b"1", b"trip/fifo": fifo}, one_device=False)
    plan = plan_of(disk, destinations=ELSEWHERE, whole=True)
    assert moves_of(plan) == {b"trip/x.jpg": b"Images/trip/x.jpg"}
    assert removed_in(plan) == []
    assert (at(b"trip/fifo"), Reason.SPECIAL, "") in reasons_of(plan)


def test_a_folder_of_a_size_is_the_layouts_own() -> None:
    """The size of what was sorted into a folder is no size of that folder, so that it stays."""
    disk = Disk({b"in/a.txt": b"one", b"on/b.txt": b"two"})
    template = "{size}/{name}"
    plan = plan_of(disk, template, whole=True)
    disk.apply(plan)
    assert disk.tree() == {b"3/in/a.txt": b"one", b"3/on/b.txt": b"two"}
    assert not actions_of(plan_of(disk, template, whole=True))

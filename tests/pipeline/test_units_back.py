"""What belongs together, taken back: in parts, beside what is there, and previewed."""

import os
from pathlib import Path
from typing import Any

import pytest

from fileorg.model.plan import TakenPolicy
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.pipeline.choosing import Choice
from tests.pipeline.harness import Desk
from tests.trees import Made, make_tree

UNIT: dict[bytes, Made] = {b"u.cr2": b"raw", b"u.jpg": b"jpg", b"u.cr2.xmp": b"xmp"}


@pytest.fixture
def organized(desk: Desk) -> Desk:
    """Return a desk on which a unit and another file were organized."""
    make_tree(desk.root, {**UNIT, b"a.jpg": b"alone"})
    desk.organize()
    return desk


def here(desk: Desk) -> set[str]:
    """Return the names of the files that are not in a folder."""
    return {path.name for path in desk.root.iterdir() if path.is_file()}


def sums(summary: RunSummary) -> tuple[Any, ...]:
    """Return what a preview and its run must agree in."""
    failures = {(failure.path, failure.reason) for failure in summary.failures}
    left = {(reason.reason, reason.count) for reason in summary.left_alone}
    return (
        summary.done, summary.companions, summary.failed, summary.skipped, summary.not_chosen,
        summary.bytes, summary.steps, failures, left,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["u.cr2.xmp", "Images/u.jpg", "u.cr2"])
def test_one_file_stands_for_its_unit(organized: Desk, name: str) -> None:
    """A part of an undo that names any file of a unit takes all of it back, and nothing else."""
    choice = Choice(files=(os.fsencode(organized.root / name),))
    preview = organized.undo(choice=choice, dry_run=True)
    run = organized.undo(choice=choice)
    assert here(organized) == {"u.cr2", "u.jpg", "u.cr2.xmp"}
    assert (run.done, run.companions, run.not_chosen) == (3, 2, 1)
    assert sums(preview) == sums(run)
    organized.redo()
    assert here(organized) == set()


def test_what_is_not_asked_for_stays_with_all_its_files(organized: Desk) -> None:
    """A unit of which no file is asked for is counted file by file, and can go back later."""
    run = organized.undo(choice=Choice(only=("a.jpg",)))
    assert (run.done, run.not_chosen, here(organized)) == (1, 3, {"a.jpg"})
    assert organized.undo().done == 3
    assert here(organized) == {"a.jpg", "u.cr2", "u.jpg", "u.cr2.xmp"}


def test_a_unit_goes_back_beside_what_is_there_under_one_number(organized: Desk) -> None:
    """With `rename` all files of a unit get the first number that is free for each of them."""
    taken: dict[bytes, Made] = {b"u.jpg": b"taken", b"u (1).cr2": b"taken, too"}
    make_tree(organized.root, taken)
    run = organized.undo(on_conflict=TakenPolicy.RENAME)
    assert (run.done, run.failed, run.companions) == (4, 0, 2)
    assert here(organized) == {
        "a.jpg", "u.jpg", "u (1).cr2", "u (2).cr2", "u (2).jpg", "u (2).cr2.xmp",
    }  # fmt: skip
    organized.redo()
    assert (organized.root / "Images/u.cr2.xmp").read_bytes() == b"xmp"
    assert here(organized) == {"u.jpg", "u (1).cr2"}


def test_a_page_with_its_folder_is_not_numbered(desk: Desk) -> None:
    """A saved page whose old name is taken stays with its folder, under `rename` as well."""
    make_tree(desk.root, {b"page.html": b"page", b"page_files/style.css": b"style"})
    desk.organize(folders="recurse")
    make_tree(desk.root, {b"page.html": b"taken"})
    run = desk.undo(on_conflict=TakenPolicy.RENAME)
    assert (run.done, run.failed) == (0, 1)
    assert (desk.root / "Web pages/page_files/style.css").exists()


@pytest.mark.parametrize("name", ["page_files/style.css", "Web pages/page_files/style.css"])
def test_a_file_in_a_folder_that_moved_whole_stands_for_it(desk: Desk, name: str) -> None:
    """What lies in a folder of a unit, by its old path or its new one, takes the unit back."""
    make_tree(desk.root, {b"page.html": b"page", b"page_files/style.css": b"style", b"a.jpg": b"a"})
    desk.organize(folders="recurse")
    run = desk.undo(choice=Choice(files=(os.fsencode(desk.root / name),)))
    assert (run.done, run.not_chosen) == (2, 1)
    assert (desk.root / "page_files/style.css").exists()


def _taken(root: Path) -> None:
    (root / "u.jpg").write_bytes(b"taken")


def _replaced(root: Path) -> None:
    (root / "Images/u.cr2.xmp").rename(root / "mine")
    (root / "Images/u.cr2.xmp").write_bytes(b"another")


def _gone(root: Path) -> None:
    (root / "Images/u.jpg").unlink()


def _back(root: Path) -> None:
    (root / "Images/u.jpg").rename(root / "u.jpg")


@pytest.mark.parametrize("meddle", [_taken, _replaced, _gone, _back])
@pytest.mark.parametrize("policy", TakenPolicy)
def test_the_preview_of_a_unit_is_the_undo(
    organized: Desk, meddle: Any, policy: TakenPolicy
) -> None:
    """A dry run names what keeps a unit where it is, and counts those that stay with it."""
    meddle(organized.root)
    before = organized.snapshot()
    preview = organized.undo(dry_run=True, on_conflict=policy)
    assert organized.snapshot() == before
    run = organized.undo(on_conflict=policy)
    assert sums(preview) == sums(run)
    stayed = {reason.reason for reason in run.left_alone}
    is_kept = meddle is _replaced or (meddle is _taken and policy is TakenPolicy.SKIP)
    assert (str(Reason.UNIT) in stayed) is is_kept

"""Duplicates in a run of organize: told by a first look, or proven and set aside with it."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fileorg.errors import UsageError
from fileorg.model.summary import LikelySum, RunSummary
from fileorg.pipeline.purge import PurgeRequest, purge
from tests.pipeline.harness import Desk, snapshot
from tests.trees import File, make_tree

TREE = {
    b"report.pdf": File(b"same", 1_600_000_000.5, 0o640),
    b"deep/report (1).pdf": File(b"same", 1_500_000_000.25),
    b"deep/er/Copy of report.pdf": File(b"same", 1_400_000_000),
    b"deep/photo.jpg": File(b"a photo", 1_300_000_000),
    b"empty": File(b"", 1_200_000_000),
    b"deep/empty": File(b"", 1_200_000_000),
}
SORTED = {"Documents/report.pdf", "Images/photo.jpg"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with three files that hold the same."""
    made = Desk(tmp_path)
    make_tree(made.root, TREE)
    return made


def organized(desk: Desk, dedupe: str, **options: Any) -> RunSummary:
    """Organize the folder and what is below it."""
    return desk.organize(folders="recurse", dedupe=dedupe, **options)


def paths(root: Path) -> set[str]:
    """Return the files below a folder, without those in quarantine and empty ones."""
    found = {path.relative_to(root) for path in root.rglob("*") if path.is_file()}
    return {
        str(path) for path in found if path.parts[0] != ".fileorg" and (root / path).stat().st_size
    }


def aside(desk: Desk, summary: RunSummary) -> set[str]:
    """Return what the run has set aside, by the paths it had."""
    return paths(desk.root / ".fileorg" / "quarantine" / summary.run)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_report_counts_what_is_probably_redundant(desk: Desk, dry_run: bool) -> None:
    """By default a run says how many files are probably redundant, and sorts them as ever."""
    summary = desk.organize(folders="recurse", dry_run=dry_run)

    assert isinstance(summary.likely, LikelySum)
    assert (summary.likely.groups, summary.likely.files, summary.likely.bytes) == (1, 2, 8)
    assert summary.likely.whole
    assert summary.set_aside == 0


def test_a_report_looks_at_what_is_there_already(desk: Desk, tmp_path: Path) -> None:
    """A file like one in the folder that it goes to is probably redundant, that one is not."""
    into = tmp_path / "into"
    make_tree(into, {b"Images/old.jpg": b"a photo"})
    summary = organized(desk, "report", into=into, include=("*.jpg",))

    assert isinstance(summary.likely, LikelySum)
    assert summary.likely.examples == ("deep/photo.jpg",)


def test_off_looks_at_nothing(desk: Desk) -> None:
    """With `off` nothing is said."""
    assert organized(desk, "off").likely is msgspec.UNSET


def test_redundant_files_are_set_aside_with_the_run(desk: Desk) -> None:
    """The rest is sorted, the next run has nothing to do, and one undo takes back all of it."""
    before = desk.snapshot()
    summary = organized(desk, "quarantine")
    assert (summary.set_aside, summary.failed, summary.planned) == (2, 0, summary.done)
    assert paths(desk.root) == SORTED
    assert aside(desk, summary) == {"deep/report (1).pdf", "deep/er/Copy of report.pdf"}
    assert organized(desk, "quarantine").done == 0

    desk.undo()
    assert desk.snapshot() == before
    assert desk.redo().failed == 0
    assert paths(desk.root) == SORTED
    desk.undo()
    assert desk.snapshot() == before


def test_a_dry_run_says_the_same_and_changes_nothing(desk: Desk) -> None:
    """The preview has the sums of the run, and leaves everything as it is."""
    before = desk.snapshot()
    preview = organized(desk, "quarantine", dry_run=True)
    assert desk.snapshot() == before
    assert not desk.state.path.exists()

    summary = organized(desk, "quarantine")
    assert (preview.set_aside, preview.done, preview.folders_removed) == (
        summary.set_aside, summary.done, summary.folders_removed,
    )  # fmt: skip


@pytest.mark.parametrize("place", [b"Documents/other.pdf", b"elsewhere/deep/other.pdf"])
def test_what_is_in_the_destination_stays(desk: Desk, tmp_path: Path, place: bytes) -> None:
    """Files like one anywhere in the destination are all redundant, and that one is not touched."""
    into = tmp_path / "into"
    make_tree(into, {place: File(b"same", 1e9)})
    there = snapshot(into)
    summary = organized(desk, "quarantine", into=into)

    assert summary.set_aside == 3
    assert "report.pdf" in aside(desk, summary)
    assert snapshot(into).items() >= {b"/" + place: there[b"/" + place]}.items()
    assert not (into / "Documents" / "report.pdf").exists()


def test_a_copy_leaves_redundant_files_out(desk: Desk, tmp_path: Path) -> None:
    """When copying nothing is set aside: one is copied, the others are left with the reason."""
    before, into = desk.snapshot(), tmp_path / "into"
    summary = organized(desk, "quarantine", into=into, copy=True)

    assert desk.snapshot() == before
    assert paths(into) == SORTED
    left = {reason.reason: reason.count for reason in summary.left_alone}
    assert left["same content is organized already"] == 2


def test_what_is_in_a_reference_folder_is_never_touched(desk: Desk, tmp_path: Path) -> None:
    """A file like one in a reference folder is redundant, whatever its name is."""
    reference = tmp_path / "archive"
    make_tree(reference, {b"deep/Copy of x (1).jpg": b"a photo"})
    summary = organized(desk, "quarantine", reference=(str(reference),))

    assert "deep/photo.jpg" in aside(desk, summary)
    assert paths(reference) == {"deep/Copy of x (1).jpg"}


def test_a_stale_digest_keeps_no_file_from_its_place(desk: Desk) -> None:
    """A file that was edited unseen is told from its like, and moves with the others."""
    make_tree(desk.root, {b"one.txt": b"same", b"two.txt": b"same"})
    two = desk.root / "two.txt"
    seen = two.stat()
    desk.dedupe("report")
    two.write_bytes(b"else")
    os.utime(two, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    summary = organized(desk, "quarantine")

    assert summary.failed == 0
    assert (desk.root / "Documents" / "two.txt").read_bytes() == b"else"


def test_a_reference_folder_is_no_source(desk: Desk) -> None:
    """A source in a reference folder is refused: it could not be touched."""
    with pytest.raises(UsageError, match="lies in the reference folder"):
        organized(desk, "quarantine", reference=(str(desk.root.parent),))


def test_the_policy_says_which_one_stays(desk: Desk) -> None:
    """`keep` decides which of the files is sorted."""
    organized(desk, "quarantine", keep="oldest")
    assert "Documents/Copy of report.pdf" in paths(desk.root)


def test_a_folder_that_moves_whole_keeps_what_is_in_it(desk: Desk) -> None:
    """What is in a folder that moves as one is neither set aside nor a reason to set aside."""
    summary = desk.organize(folders="whole", dedupe="quarantine")

    assert summary.set_aside == 0
    assert {os.path.basename(path) for path in paths(desk.root)} == {
        "report.pdf", "report (1).pdf", "Copy of report.pdf", "photo.jpg",
    }  # fmt: skip


def test_a_purge_finds_the_kept_file_where_the_run_moved_it(desk: Desk) -> None:
    """What was set aside is compared with the file at its new place, and then freed."""
    summary = organized(desk, "quarantine")
    freed = purge(PurgeRequest(summary.run, desk.state))

    assert (freed.files, freed.bytes, freed.failed) == (2, 8, 0)
    assert aside(desk, summary) == set()
    assert paths(desk.root) == SORTED
    assert desk.undo().done == 3


def test_a_file_that_changes_after_the_comparison_is_not_set_aside(desk: Desk) -> None:
    """What is edited between plan and act stays, and is named."""

    def meddle() -> None:
        (desk.root / "deep" / "report (1).pdf").write_bytes(b"mine")

    summary = desk.organize_with(meddle, dedupe="quarantine")
    assert [Path(failure.path).name for failure in summary.failures] == ["report (1).pdf"]
    assert (desk.root / "deep" / "report (1).pdf").read_bytes() == b"mine"


@pytest.mark.parametrize("keep", ["oldest", "newest"])
def test_a_name_that_is_set_aside_is_free(desk: Desk, keep: str) -> None:
    """Whether the file in place or the other is kept, it is in place after one run."""
    make_tree(desk.root, {b"c.txt": File(b"c", 1e9), b"Documents/c.txt": File(b"c", 1.1e9)})
    before = desk.snapshot()
    organized(desk, "quarantine", keep=keep)

    assert {path for path in paths(desk.root) if path.endswith("c.txt")} == {"Documents/c.txt"}
    assert organized(desk, "quarantine", keep=keep).done == 0
    desk.undo()
    assert desk.snapshot() == before


def test_folders_that_are_left_alone_are_no_destination(desk: Desk) -> None:
    """Without going into folders, only what is where the files go counts beside them."""
    make_tree(desk.root, {b"Images/old.jpg": b"a photo", b"new.jpg": b"a photo"})
    summary = desk.organize(dedupe="quarantine")

    assert aside(desk, summary) == {"new.jpg"}
    assert {"Documents/report.pdf", "deep/report (1).pdf"} <= paths(desk.root)

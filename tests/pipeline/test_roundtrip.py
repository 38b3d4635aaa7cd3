"""On a real tree of more than a thousand files: preview, run, second run, undo, redo."""

import os
import shutil
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from fileorg.categorize.filetypes import CATEGORIES
from fileorg.errors import RefusedError
from fileorg.model.reason import Reason
from fileorg.pipeline.state import State
from tests.pipeline.harness import Desk, contents
from tests.pipeline.stages import crashed
from tests.trees import HOSTILE_NAMES, File, Made, make_tree

LAYOUTS: list[dict[str, Any]] = [
    {"folders": "recurse"},
    {"folders": "recurse", "mode": "category_month"},
    {"folders": "recurse", "mode": "date"},
    {"folders": "recurse", "mode": "extension"},
    {"folders": "recurse", "mode": "size"},
    {"folders": "recurse", "keep_folders": True},
    {"folders": "recurse", "hidden": True, "mode": "year"},
    {"folders": "recurse", "depth": 1},
    {"folders": "recurse", "on_conflict": "skip"},
    {"folders": "recurse", "keep_empty": True},
    {"folders": "recurse", "template": "{date:%Y}/{extension}/{name}"},
    {"folders": "leave"},
    {"folders": "whole"},
    {"folders": "whole", "mode": "month"},
]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a tree of many kinds: Python's own library, and every hostile name."""
    root = tmp_path_factory.mktemp("pristine") / "tree"
    library = sysconfig.get_path("stdlib")
    shutil.copytree(
        library,
        root,
        symlinks=True,
        ignore=shutil.ignore_patterns("__pycache__", "site-packages", "test", "config-*", "*.so"),
    )
    for number, folder in enumerate((b"", b"odd", b"odd/deeper")):
        names = [name for name in HOSTILE_NAMES if len(name) < 250 or not folder]
        make_tree(
            root,
            {
                os.path.join(folder, name): File(
                    b"%d" % (number % 2) + name, 1_400_000_000 + number
                )
                for name in names
            },
        )
    for category, extensions in CATEGORIES.items():
        named = {f"kinds/{category}.{ext}".encode(): ext.encode() for ext in extensions[:10]}
        make_tree(root, named)
    make_tree(root, {b"was/empty/": None, b"x.jpg": File(b"", 1e9), b"old/x.jpg": File(b"o", 1e9)})
    return root


@pytest.fixture
def full(desk: Desk, pristine: Path) -> Desk:
    """Return a desk with that tree on it."""
    shutil.rmtree(desk.root)
    shutil.copytree(pristine, desk.root, symlinks=True)
    assert sum(contents(desk.root).values()) > 1000
    return desk


@pytest.mark.parametrize("options", LAYOUTS, ids=str)
def test_the_whole_cycle_is_exact(full: Desk, options: dict[str, Any]) -> None:
    """A preview changes nothing, a run loses nothing, a second plans nothing, undo is exact."""
    before, files = full.snapshot(), contents(full.root)

    preview = full.organize(dry_run=True, **options)
    assert before == full.snapshot()
    assert not full.state.path.exists()

    run = full.organize(**options)
    assert files == contents(full.root)
    assert not run.failures
    assert run.done > 0
    assert (preview.done, preview.bytes, preview.folders) == (run.done, run.bytes, run.folders)

    organized = full.snapshot()
    again = full.organize(**options)
    assert not again.done
    assert not again.run
    assert organized == full.snapshot()

    undone = full.undo()
    assert not undone.failures
    assert before == full.snapshot()

    full.redo()
    assert organized.keys() == full.snapshot().keys()
    full.undo()
    assert before == full.snapshot()


def test_many_files_go_through_forked_workers(desk: Desk) -> None:
    """A run large enough for worker processes is as exact as a small one."""
    make_tree(
        desk.root,
        {
            b"d%d/f%d.%s" % (n % 70, n, (b"jpg", b"pdf", b"txt")[n % 3]): b"%d" % n
            for n in range(9000)
        },
    )
    before, files = desk.snapshot(), contents(desk.root)

    assert desk.organize(folders="recurse").done == 9000
    assert files == contents(desk.root)
    assert desk.undo().done == 9000
    assert before == desk.snapshot()


def test_another_destination_is_filled_and_emptied(desk: Desk, tmp_path: Path) -> None:
    """Files go into a DEST that does not exist yet, and undo removes what was made for it."""
    make_tree(desk.root, {b"a.jpg": b"a", b"sub/b.pdf": b"b"})
    before, target = desk.snapshot(), tmp_path / "new" / "place"

    desk.organize(into=target, folders="recurse")
    assert (target / "Images" / "a.jpg").read_bytes() == b"a"
    assert (target / "Documents" / "b.pdf").read_bytes() == b"b"

    desk.undo()
    assert before == desk.snapshot()
    assert not (tmp_path / "new").exists()


def test_a_destination_inside_the_source_comes_to_rest(desk: Desk) -> None:
    """Files that were sorted into a folder of SOURCE are in place on the second run."""
    make_tree(desk.root, {b"a.jpg": b"a", b"sub/b.pdf": b"b"})

    desk.organize(into=desk.root / "Sorted", folders="recurse")

    assert not desk.organize(into=desk.root / "Sorted", folders="recurse").done
    assert (desk.root / "Sorted" / "Images" / "a.jpg").exists()


def test_undo_twice_goes_two_runs_back(desk: Desk) -> None:
    """`undo last` takes back the newest run, and then the one before, as in an editor."""
    make_tree(desk.root, {b"a.jpg": b"a"})
    first = desk.snapshot()
    desk.organize()
    make_tree(desk.root, {b"b.pdf": b"b"})
    desk.organize()

    desk.undo()
    assert (desk.root / "b.pdf").exists()
    desk.undo()
    (desk.root / "b.pdf").unlink()
    assert first.keys() == desk.snapshot().keys()


def test_an_edited_file_is_put_back_as_it_is_now(desk: Desk) -> None:
    """Undo puts back a file that was written to since, with its new content, and says so."""
    make_tree(desk.root, {b"a.txt": b"old"})
    desk.organize()
    with (desk.root / "Documents" / "a.txt").open("ab") as file:
        file.write(b" and new")

    summary = desk.undo()

    assert (desk.root / "a.txt").read_bytes() == b"old and new"
    assert len(summary.edited) == 1


def test_a_replaced_file_is_not_ours(desk: Desk) -> None:
    """Undo leaves another file that took the name alone, unless asked to take it along."""
    make_tree(desk.root, {b"a.txt": b"old"})
    run = desk.organize().run
    moved = desk.root / "Documents" / "a.txt"
    held = moved.open("rb")  # so that the inode is not used again
    moved.unlink()
    moved.write_bytes(b"somebody else's")

    assert desk.undo(run).failed == 1
    assert moved.read_bytes() == b"somebody else's"
    desk.undo(run, include_changed=True)
    held.close()

    assert (desk.root / "a.txt").read_bytes() == b"somebody else's"


def test_an_occupied_place_is_never_overwritten(desk: Desk) -> None:
    """Undo names a file whose old place is taken, and leaves both where they are."""
    make_tree(desk.root, {b"a.txt": b"old", b"b.txt": b"b"})
    desk.organize()
    (desk.root / "a.txt").write_bytes(b"new there")

    summary = desk.undo()

    assert summary.failed == 1
    assert (desk.root / "a.txt").read_bytes() == b"new there"
    assert (desk.root / "Documents" / "a.txt").read_bytes() == b"old"
    assert (desk.root / "b.txt").exists()


def test_a_copy_is_removed_only_while_its_original_is_there(desk: Desk, tmp_path: Path) -> None:
    """Undo of `copy` removes proven copies, and keeps the one whose original is gone."""
    make_tree(desk.root, {b"a.txt": b"a", b"b.txt": b"b"})
    desk.organize(into=tmp_path / "to", copy=True)
    (desk.root / "b.txt").unlink()

    summary = desk.undo()

    assert summary.failed == 1
    assert [folder.path for folder in summary.folders] == [str(tmp_path / "to" / "Documents")]
    assert not (tmp_path / "to" / "Documents" / "a.txt").exists()
    assert (tmp_path / "to" / "Documents" / "b.txt").read_bytes() == b"b"


def test_a_replaced_file_comes_back_from_quarantine(desk: Desk) -> None:
    """`replace` sets the loser aside in the run's quarantine, and undo brings it back."""
    make_tree(desk.root, {b"a.txt": File(b"new", 2e9), b"Documents/a.txt": File(b"old", 1e9)})
    before = desk.snapshot()

    desk.organize(on_conflict="replace")
    assert (desk.root / "Documents" / "a.txt").read_bytes() == b"new"
    assert [path.read_bytes() for path in desk.root.glob(".fileorg/quarantine/*/Documents/*")] == [
        b"old"
    ]

    desk.undo()
    assert before == desk.snapshot()


def test_a_copy_that_replaced_a_file_is_taken_back(desk: Desk) -> None:
    """With `copy` and `replace` the copy goes before the file that it replaced comes back."""
    make_tree(desk.root, {b"a.txt": File(b"new", 2e9), b"Documents/a.txt": File(b"old", 1e9)})
    before = desk.snapshot()
    desk.organize(on_conflict="replace", copy=True)

    assert not desk.undo().failed
    assert before == desk.snapshot()


def test_a_copy_run_can_be_done_again_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    """Redo of a copy makes the copies anew, and undo removes those."""
    make_tree(desk.root, {b"a.txt": b"a", b"b.txt": b"b"})
    desk.organize(into=tmp_path / "to", copy=True)
    desk.undo()
    assert not (tmp_path / "to").exists()

    redone = desk.redo()
    assert (redone.done, redone.failed) == (2, 0)
    assert (tmp_path / "to" / "Documents" / "a.txt").read_bytes() == b"a"

    desk.undo()
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    "into", ["proj", "proj/deep", "src/.git/x", "src/node_modules/x", "P.photoslibrary/x"]
)
def test_nothing_is_sorted_into_what_is_protected(desk: Desk, tmp_path: Path, into: str) -> None:
    """A DEST in a project, a bundle or an environment is refused, also before it exists."""
    make_tree(desk.root, {b"a.txt": b"a"})
    make_tree(tmp_path / "proj", {b"package.json": b"{}"})
    (tmp_path / "src").mkdir()

    with pytest.raises(RefusedError):
        desk.organize(into=tmp_path / into)

    assert (desk.root / "a.txt").exists()


@pytest.mark.parametrize("into", ["/", "/usr", "/etc/sorted", "/proc/sorted"])
def test_nothing_is_sorted_into_system_folders(desk: Desk, into: str) -> None:
    """A DEST that is a system folder is refused."""
    make_tree(desk.root, {b"a.txt": b"a"})

    with pytest.raises(RefusedError):
        desk.organize(into=Path(into))


def test_an_undo_that_was_killed_is_what_undo_last_goes_on_with(desk: Desk) -> None:
    """After a kill in the middle of an undo, `undo last` brings back the rest."""
    make_tree(desk.root, {b"a.txt": b"a", b"b.jpg": b"b", b"c.mp3": b"c"})
    before = desk.snapshot()
    desk.organize()

    assert crashed(desk.undo, "*:7:crash-after")
    desk.undo()

    assert before == desk.snapshot()


def test_the_state_folder_must_not_lie_open_in_the_source(desk: Desk) -> None:
    """Journals inside of what is organized are refused, and nothing is made."""
    make_tree(desk.root, {b"a.txt": b"a"})
    desk.state = State(desk.root / "state")

    with pytest.raises(RefusedError):
        desk.organize()

    assert not (desk.root / "state").exists()


PROGRAMS: dict[bytes, Made] = {
    b"setup.exe": File(b"MZ setup", 1_600_000_000), b"x.dll": File(b"MZ x", 1_600_000_000),
    b"app/app.exe": File(b"MZ app", 1_600_000_000), b"app/readme.txt": File(b"app"),
    b"app/lib/y.dll": File(b"MZ y", 1_600_000_000), b"app/lib/img/z.png": File(b"z"),
}  # fmt: skip


@pytest.mark.parametrize("mode", ["category", "category_year", "year"])
def test_programs_that_were_sorted_are_no_program_in_one_piece(desk: Desk, mode: str) -> None:
    """What came into a folder by sorting is not left as one, but what needs its folders is."""
    make_tree(desk.root, PROGRAMS)
    before = desk.snapshot()
    first = desk.organize(folders="recurse", mode=mode)
    there = {path for path, facts in desk.snapshot().items() if facts[0] != "folder"}
    assert {path for path in there if path.startswith(b"/app/")} == {
        b"/" + path for path in PROGRAMS if path.startswith(b"app/")
    }
    again = desk.organize(folders="recurse", mode=mode)
    assert not again.done
    left = {one.reason: one.count for one in again.left_alone}
    assert left == {Reason.PROGRAM: 1}
    desk.organize(folders="recurse", mode="extension")
    assert (desk.root / "exe" / "setup.exe").is_file()
    desk.undo("last")
    desk.undo(first.run)
    assert desk.snapshot() == before

"""Taking back a part of a run: in any parts and order it comes to the same as all at once."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fileorg.errors import UsageError
from fileorg.model.plan import TakenPolicy
from fileorg.model.reason import Reason
from fileorg.pipeline.choosing import Choice
from fileorg.pipeline.history import list_runs
from fileorg.pipeline.purge import PurgeRequest, purge
from fileorg.pipeline.viewing import Listing, RunView
from tests.pipeline.harness import Desk
from tests.pipeline.stages import MODES, Stage, crashed, stage
from tests.trees import make_tree

FILES = {
    b"a.jpg": b"a", b"in/b.jpg": b"bb", b"in/deep/c.pdf": b"c", b"in/deep/d.txt": b"dd",
    b"e.mp3": b"e",
}  # fmt: skip
LOCAL = [mode for mode in MODES if mode != "across"]


@pytest.fixture
def organized(desk: Desk) -> Desk:
    """Return a desk on which some files were organized."""
    make_tree(desk.root, FILES)
    desk.organize(folders="recurse")
    return desk


def part(desk: Desk, *names: str, **options: Any) -> Any:
    """Take back the files with these present or former paths."""
    files = tuple(os.fsencode(desk.root / name) for name in names)
    return desk.undo(desk.newest().run, choice=Choice(files=files), **options)


def there(desk: Desk) -> set[str]:
    """Return the paths of all files, without what is set aside."""
    return {
        os.fsdecode(path[1:])
        for path, facts in desk.snapshot().items()
        if facts[0] != "folder" and not path.startswith(b"/.fileorg")
    }


def sources(desk: Desk, run: str) -> list[bytes]:
    """Return the former paths of what a run did something about, but for files it kept."""
    with RunView(desk.state, run) as view:
        return [line.source for line in view.files(Listing()) if line.size]


def status(desk: Desk) -> str:
    """Return what the list says of the run."""
    run = desk.newest().run
    return next(line.status for line in list_runs(desk.state) if line.record.run == run)


@pytest.mark.parametrize(
    ("choice", "back"),
    [
        (Choice(only=("*.jpg",)), {"a.jpg", "in/b.jpg"}),
        (Choice(only=("/in/**",)), {"in/b.jpg", "in/deep/c.pdf", "in/deep/d.txt"}),
        (Choice(only=("Images/",)), {"a.jpg", "in/b.jpg"}),
        (Choice(only=("*.pdf", "*.mp3")), {"in/deep/c.pdf", "e.mp3"}),
        (Choice(categories=("Images", "Audio")), {"a.jpg", "in/b.jpg", "e.mp3"}),
        (Choice(categories=("Images",), only=("in/",)), {"in/b.jpg"}),
    ],
)
def test_what_meets_every_condition_goes_back(
    organized: Desk, choice: Choice, back: set[str]
) -> None:
    """Globs match the path a file has or had, categories by name; the rest stays organized."""
    before = there(organized)
    summary = organized.undo(choice=choice)
    assert there(organized) - before == back
    assert (summary.done, summary.not_chosen) == (len(back), 5 - len(back))


@pytest.mark.parametrize("name", ["in/b.jpg", "Images/b.jpg"])
def test_a_file_answers_to_both_its_paths(organized: Desk, name: str) -> None:
    """--file takes the present and the former path, and no other file moves."""
    summary = part(organized, name)
    assert (organized.root / "in/b.jpg").read_bytes() == b"bb"
    assert (organized.root / "Images/a.jpg").exists()
    assert (summary.done, summary.not_chosen) == (1, 4)


def test_a_folder_names_all_that_is_below_it(organized: Desk) -> None:
    """--file with a folder, present or former, means the files in it."""
    assert part(organized, "in").done == 3
    assert part(organized, "Images").done == 1


def test_folders_go_with_their_last_file(organized: Desk) -> None:
    """A folder that the run made stays while it holds a file of the run, and goes with the last."""
    assert part(organized, "a.jpg").folders_removed == 0
    assert (organized.root / "Images").is_dir()
    assert part(organized, "in/b.jpg").folders_removed == 1
    assert not (organized.root / "Images").exists()


def test_the_list_says_partly_undone(organized: Desk) -> None:
    """A run is partly undone after a part, undone after the last, whatever the parts."""
    part(organized, "a.jpg")
    assert status(organized) == "partly undone"
    organized.undo(choice=Choice(only=("*.pdf", "*.txt", "b.jpg")))
    assert status(organized) == "partly undone"
    part(organized, "e.mp3")
    assert status(organized) == "undone"


def test_last_is_a_run_that_is_only_partly_undone(organized: Desk) -> None:
    """After a part, `undo last` takes back the rest of that run, and `redo last` does it all."""
    run = organized.newest().run
    before = there(organized)
    part(organized, "a.jpg")
    assert organized.undo().parent == run
    assert there(organized) == {os.fsdecode(name) for name in FILES}
    assert organized.redo().done == 5
    assert there(organized) == before
    assert status(organized) == "done"


def test_redo_of_a_part_does_that_part_again(organized: Desk) -> None:
    """Redo moves only what was taken back, and what is undone after that is all of it."""
    before = there(organized)
    part(organized, "a.jpg")
    part(organized, "in/deep")
    assert organized.redo().done == 3
    assert there(organized) == before
    assert organized.undo().done == 5
    assert there(organized) == {os.fsdecode(name) for name in FILES}


def test_what_was_put_back_is_the_users_again(organized: Desk) -> None:
    """A file that was put back and then moved on by its user is in no later undo of the run."""
    part(organized, "a.jpg")
    (organized.root / "a.jpg").rename(organized.root / "mine.jpg")
    (organized.root / "a.jpg").write_bytes(b"new")
    summary = organized.undo()
    assert (summary.done, summary.failed) == (4, 0)
    assert (organized.root / "mine.jpg").read_bytes() == b"a"


def test_a_file_that_is_back_already_is_no_error(organized: Desk) -> None:
    """Asking twice for a file does nothing the second time."""
    part(organized, "a.jpg")
    again = part(organized, "a.jpg")
    assert (again.done, again.failed, again.run) == (0, 0, "")


def test_what_no_file_answers_to_is_refused(organized: Desk) -> None:
    """A path or category that the run does not know ends before anything is moved."""
    before = organized.snapshot()
    with pytest.raises(UsageError, match="nowhere: not a file of this run"):
        part(organized, "a.jpg", "nowhere")
    with pytest.raises(UsageError, match="no file of 'Imags'; did you mean 'Images'"):
        organized.undo(choice=Choice(categories=("Images", "Imags")))
    with pytest.raises(UsageError, match="--only: "):
        organized.undo(choice=Choice(only=("[[:alpha:]]",)))
    assert organized.snapshot() == before
    assert len(organized.state.records()) == 1


def test_a_taken_place_is_named_with_both_paths(organized: Desk) -> None:
    """By default a file whose place is taken stays, and the failure says where it was to go."""
    (organized.root / "a.jpg").write_bytes(b"taken")
    summary = part(organized, "a.jpg", "in/b.jpg")
    assert (summary.done, summary.failed) == (1, 1)
    failure = summary.failures[0]
    assert failure.path == str(organized.root / "Images/a.jpg")
    assert failure.target == str(organized.root / "a.jpg")
    assert failure.reason == Reason.TARGET_EXISTS.value
    (organized.root / "a.jpg").unlink()
    assert organized.undo().done == 4


def test_rename_puts_back_beside_what_is_there(organized: Desk) -> None:
    """With `rename` a file goes beside what took its place, to a number that nobody has or gets."""
    make_tree(organized.root, {b"x.jpg": b"x", b"x (2).jpg": b"x2"})
    organized.organize()
    make_tree(organized.root, {b"x.jpg": b"taken", b"x (1).jpg": b"taken, too"})
    summary = organized.undo(on_conflict=TakenPolicy.RENAME)
    assert (summary.done, summary.failed) == (2, 0)
    assert (organized.root / "x (3).jpg").read_bytes() == b"x"
    assert (organized.root / "x (2).jpg").read_bytes() == b"x2"
    assert (organized.root / "x.jpg").read_bytes() == b"taken"
    organized.redo()
    assert (organized.root / "Images/x.jpg").read_bytes() == b"x"


@pytest.mark.parametrize("policy", TakenPolicy)
def test_the_preview_knows_what_the_disk_will_say(organized: Desk, policy: TakenPolicy) -> None:
    """A dry run changes nothing and counts and names what the undo then does and leaves."""
    root = organized.root
    (root / "a.jpg").write_bytes(b"taken")
    (root / "Documents/c.pdf").unlink()
    (root / "Documents/d.txt").rename(root / "in-the-way")
    (root / "Documents/d.txt").write_bytes(b"another")
    (root / "Images/b.jpg").write_bytes(b"edited")
    before = organized.snapshot()
    preview = organized.undo(dry_run=True, on_conflict=policy)
    assert organized.snapshot() == before
    run = organized.undo(on_conflict=policy)
    assert (preview.done, preview.failed, preview.bytes) == (run.done, run.failed, run.bytes)
    assert {(f.path, f.reason) for f in preview.failures} == {
        (f.path, f.reason) for f in run.failures
    }
    assert preview.folders == run.folders


def test_the_replaced_file_returns_with_what_replaced_it(desk: Desk) -> None:
    """Taking back the file that replaced another brings that one back, by either file's name."""
    for name in ("x.jpg", "Images/x.jpg"):
        make_tree(desk.root, {b"x.jpg": b"new", b"y.jpg": b"y", b"Images/x.jpg": b"old"})
        before = desk.snapshot()
        desk.organize(on_conflict="replace")
        part(desk, name)
        assert (desk.root / "Images/x.jpg").read_bytes() == b"old"
        assert (desk.root / "Images/y.jpg").exists()
        desk.undo()
        assert desk.snapshot() == before


@pytest.mark.parametrize("name", ["twin.txt", ".fileorg/quarantine/{run}/twin.txt"])
def test_one_redundant_file_comes_back_and_goes_again(desk: Desk, name: str) -> None:
    """A file that was set aside comes back alone, and a redo compares it with the kept one."""
    make_tree(desk.root, {b"keep.txt": b"same", b"twin.txt": b"same", b"third.txt": b"same"})
    desk.organize(dedupe="quarantine", keep="shortest")
    part(desk, name.format(run=desk.newest().run))
    assert there(desk) == {"twin.txt", "Documents/keep.txt"}
    again = desk.redo()
    assert (again.done, again.failed) == (1, 0)
    assert there(desk) == {"Documents/keep.txt"}
    summary = purge(PurgeRequest(desk.newest().run, desk.state))
    assert (summary.files, summary.failed) == (2, 0)


def test_purge_after_a_part_frees_the_rest(desk: Desk) -> None:
    """What was brought back is not purged, what is still set aside is."""
    make_tree(desk.root, {b"keep.txt": b"same", b"twin.txt": b"same", b"third.txt": b"same"})
    desk.dedupe("quarantine")
    aside = sources(desk, desk.newest().run)[0]
    desk.undo(choice=Choice(files=(aside,)))
    assert purge(PurgeRequest(desk.newest().run, desk.state)).files == 1
    assert len(there(desk)) == 2


def test_a_link_goes_with_the_file_that_it_stands_for(desk: Desk) -> None:
    """Of a file with a link in its place both steps are taken back, or neither."""
    make_tree(desk.root, {b"a/keep.txt": b"same", b"b/twin.txt": b"same", b"c/third.txt": b"same"})
    before = desk.snapshot()
    desk.dedupe("symlink")
    for folder in "bc":
        part(desk, folder)
        kinds = {path: facts[0] for path, facts in desk.snapshot().items()}
        assert {kinds[b"/a/keep.txt"], kinds[b"/b/twin.txt"], kinds[b"/c/third.txt"]} <= {
            "file", "link",
        }  # fmt: skip
    assert desk.snapshot() == before


@pytest.mark.parametrize("mode", LOCAL)
@settings(
    max_examples=12, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(data=st.data())
def test_parts_come_to_the_same_as_all_at_once(
    mode: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the parts, their order, and the redos between, the tree is as it was to the ns."""
    with stage(tmp_path_factory.mktemp("stage"), mode) as scene:
        scene.reset().organize()
        run = scene.run()
        moved = sources(scene.desk, run)
        for group in data.draw(st.lists(st.sets(st.sampled_from(moved), min_size=1), max_size=4)):
            scene.desk.undo(run, choice=Choice(files=tuple(sorted(group))))
            if data.draw(st.booleans(), "redo"):
                scene.desk.redo(run) if status(scene.desk) != "done" else None
            assert not scene.lost()
        scene.desk.undo(run)

        assert scene.before == scene.snapshot()
        assert status(scene.desk) == "undone"


@pytest.mark.parametrize("mode", LOCAL)
@pytest.mark.parametrize("how", ["crash-before", "crash-after"])
def test_a_part_that_stops_at_any_step_loses_nothing(tmp_path: Path, mode: str, how: str) -> None:
    """Whatever step a partial undo dies at, nothing is lost, and the undo of all is exact."""
    with stage(tmp_path, mode) as scene:
        for number in range(1, 200):
            scene.reset().organize()
            going_on = crashed(lambda: _half(scene), f"*:{number}:{how}")
            assert not scene.lost(), f"step {number}"
            scene.take_all_back()
            assert scene.before == scene.snapshot(), f"step {number}"
            if not going_on:
                break
        assert number > 5


def _half(scene: Stage) -> None:
    scene.desk.undo(scene.run(), choice=Choice(only=("*.jpg",)))


def test_what_its_user_put_back_is_no_business_of_a_later_undo(organized: Desk) -> None:
    """A file that its user had put back before is skipped once, and then left to its user."""
    (organized.root / "Images" / "a.jpg").rename(organized.root / "a.jpg")
    summary = part(organized, "a.jpg", "in/b.jpg")
    assert (summary.done, summary.skipped) == (1, 1)
    (organized.root / "a.jpg").unlink()
    assert organized.undo().failed == 0


def test_a_part_that_leaves_nothing_makes_every_folder_again(desk: Desk) -> None:
    """Of a folder whose only file was purged the last part makes as much as an undo of all."""
    make_tree(desk.root, {b"keep.txt": b"same", b"in/keep (1).txt": b"same", b"a.jpg": b"a"})
    desk.organize(folders="recurse", dedupe="quarantine")
    assert not (desk.root / "in").exists()
    purge(PurgeRequest(desk.newest().run, desk.state))
    part(desk, "a.jpg")
    assert not (desk.root / "in").exists()
    desk.undo(choice=Choice(only=("*",)))
    assert (desk.root / "in").is_dir()
    assert status(desk) == "undone"


@pytest.mark.parametrize("mode", LOCAL)
def test_the_preview_of_an_undo_is_the_undo(tmp_path: Path, mode: str) -> None:
    """What a dry run of an undo or a redo counts is what it then does, whatever was set aside."""
    with stage(tmp_path, mode) as scene:
        scene.reset().organize()
        for act in (scene.desk.undo, scene.desk.redo, scene.desk.undo):
            previewed = scene.desk.state.records()[0].run
            kind = {"redo": act == scene.desk.redo}
            preview = scene.desk.undo(scene.run(), dry_run=True, **kind)
            assert scene.desk.state.records()[0].run == previewed
            run = act(scene.run())
            assert (preview.done, preview.failed, preview.bytes, preview.folders) == (
                run.done, run.failed, run.bytes, run.folders,
            )  # fmt: skip


def test_a_part_that_is_finished_later_counts_the_same(desk: Desk) -> None:
    """Recover finishes a partial undo and still knows how much of the run was not asked for."""
    make_tree(desk.root, FILES)
    desk.organize(folders="recurse")
    assert crashed(lambda: desk.undo(choice=Choice(only=("*.jpg",))), "rename_each:1:crash-before")
    [summary] = desk.recover()
    assert summary is not None
    assert (summary.done, summary.not_chosen) == (2, 3)
    assert status(desk) == "partly undone"


def test_an_undo_that_failed_in_part_is_the_last_once_more(desk: Desk) -> None:
    """`last` tries again what could not be put back, and goes on where that was in vain."""
    make_tree(desk.root, {b"one/a.jpg": b"1", b"two/b.jpg": b"2"})
    first = desk.organize(folders="recurse").run
    make_tree(desk.root, {b"c.pdf": b"3", b"d.pdf": b"4"})
    before = desk.snapshot(times=False)
    desk.organize(folders="recurse")
    (desk.root / "c.pdf").write_bytes(b"in the way")
    assert desk.undo().failed == 1
    assert status(desk) == "partly undone"
    assert desk.undo().failed == 1
    assert desk.undo().parent == first
    desk.redo(first)

    (desk.root / "c.pdf").unlink()
    desk.undo(desk.newest().run)

    assert status(desk) == "undone"
    assert before == desk.snapshot(times=False)

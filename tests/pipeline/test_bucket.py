"""A bucket is organized as a folder is: previewed, done, left alone the second time, taken back."""

import signal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from fileorg.config.schema import Config
from fileorg.errors import (
    InterruptedRunError,
    RunBusyError,
    SourceMissingError,
    UnknownRunError,
)
from fileorg.events import Event, Noted, Progressed, Silent
from fileorg.model.duplicates import Proof
from fileorg.model.plan import ActionKind, FolderPolicy
from fileorg.model.summary import RunSummary
from fileorg.pipeline.apply import ApplyRequest, apply
from fileorg.pipeline.choosing import Choice
from fileorg.pipeline.dedupe import DedupeRequest, dedupe
from fileorg.pipeline.doctor import DoctorRequest, examine
from fileorg.pipeline.explain import ExplainRequest, explain
from fileorg.pipeline.organize import OrganizeRequest, organize
from fileorg.pipeline.scan import ScanRequest, scan
from fileorg.pipeline.undo import UndoRequest, undo
from fileorg.storage.locks import Locks
from tests.pipeline.bucket import BucketDesk, BucketStage

LAYOUTS: list[dict[str, Any]] = [
    {"folders": "recurse"},
    {"folders": "recurse", "mode": "category_month"},
    {"folders": "recurse", "mode": "extension"},
    {"folders": "recurse", "keep_folders": True},
    {"folders": "recurse", "on_conflict": "skip"},
    {"folders": "recurse", "on_conflict": "replace"},
    {"folders": "recurse", "on_conflict": "newer"},
    {"folders": "recurse", "template": "{date:%Y}/{extension}/{name}"},
    {"folders": "leave"},
    {"folders": "whole"},
]


@pytest.fixture
def desk(tmp_path: Path) -> BucketDesk:
    """Return a desk with an empty prefix."""
    return BucketDesk(tmp_path)


def left(summary: RunSummary) -> dict[str, int]:
    """Return how many files were left alone, by the reason."""
    return {one.reason: one.count for one in summary.left_alone}


@pytest.mark.parametrize("options", LAYOUTS, ids=str)
@pytest.mark.parametrize("mode", ["rename", "month", "parts"])
def test_the_whole_cycle_is_exact(tmp_path: Path, mode: str, options: dict[str, Any]) -> None:
    """A preview changes nothing, a run loses nothing, a second plans nothing, undo is exact."""
    desk = BucketStage(tmp_path, mode).desk
    before, contents = desk.objects(), desk.contents()
    with desk.at_work():
        preview = desk.organize(dry_run=True, **options)
        assert before == desk.objects()

        run = desk.organize(**options)
        assert contents == desk.contents()
        assert run.done > 0
        assert not run.failures
        assert (preview.done, preview.bytes, preview.folders) == (run.done, run.bytes, run.folders)

        organized = desk.objects()
        again = desk.organize(**options)
        assert (again.done, again.run) == (0, "")
        assert organized == desk.objects()

        foreseen, undone = desk.undo(dry_run=True), desk.undo()
        assert (foreseen.done, foreseen.failures) == (undone.done, undone.failures)
        assert (undone.failures, undone.edited) == ((), ())
        assert before == desk.objects()

        desk.redo()
        assert organized.keys() == desk.objects().keys()
        desk.undo()
        assert before == desk.objects()


def test_there_are_no_folders_to_make_or_remove(desk: BucketDesk) -> None:
    """The plan for a bucket has no folder in it, and the journal no time of one."""
    desk.put(b"in/a.jpg", b"a")
    with desk.at_work():
        run = desk.organize(folders="recurse").run
    journal = desk.state.open(run)
    assert [action.kind for _, action in journal.between(0, 9)] == [ActionKind.MOVE]
    assert not journal.found_folders()
    journal.close()
    assert desk.paths() == [b"Images/a.jpg"]


def test_an_object_may_have_the_name_of_a_folder(desk: BucketDesk) -> None:
    """An object called as a folder that files go to is in no file's way, in and back."""
    for key in (b"Images", b"a.jpg", b"x", b"x/b.png"):
        desk.put(key, key)
    before = desk.objects()
    with desk.at_work():
        assert not desk.organize(folders="recurse", only_category=["Images"]).failures
        assert desk.paths() == [b"Images", b"Images/a.jpg", b"Images/b.png", b"x"]
        desk.undo()
    assert before == desk.objects()


def test_a_key_that_is_no_path_is_told_and_left(desk: BucketDesk) -> None:
    """What has an empty part, `.` or `..` stays as it is, and is counted with its reason."""
    for key in (b"a//b.jpg", b"./c.jpg", b"d/../e.jpg", b"/g.jpg", b"f.jpg"):
        desk.put(key, key)
    with desk.at_work():
        summary = desk.organize(folders="recurse", hidden=True)
    assert desk.paths() == [b"./c.jpg", b"/g.jpg", b"Images/f.jpg", b"a//b.jpg", b"d/../e.jpg"]
    (odd,) = summary.left_alone
    assert (odd.reason, odd.count) == ("a key with an empty part, . or ..", 4)
    assert set(odd.examples) <= {"a//", "./", "d/../", "/"}


def test_a_key_that_would_be_too_long_is_cut(desk: BucketDesk) -> None:
    """With its folder and its prefix a key has 1,024 bytes at most; its extension is kept."""
    desk.put(b"x" * 1000 + b".jpg", b"1")
    with desk.at_work():
        assert desk.organize().done == 1
        (path,) = desk.paths()
        assert path.startswith(b"Images/x") and path.endswith(b"x.jpg")
        assert len(path) + len(b"shared/files/") == 1024
        assert not desk.organize(folders="recurse").done
        desk.undo()
    assert desk.paths() == [b"x" * 1000 + b".jpg"]


def test_a_folder_too_deep_for_any_name_is_refused(desk: BucketDesk) -> None:
    """A file whose new folder leaves no room for its name stays, and is told of."""
    folder = b"/".join([b"d" * 200] * 4) + b"/" + b"e" * 150
    desk.put(folder + b"/a.jpg", b"1")
    with desk.at_work():
        summary = desk.organize(folders="recurse", keep_folders=True)
    assert summary.failed == 1
    assert desk.paths() == [folder + b"/a.jpg"]


def test_the_same_by_etag_is_not_read(desk: BucketDesk) -> None:
    """What the server says is the same needs no look into it, to leave it or to name it."""
    desk.put(b"a.jpg", b"same")
    desk.put(b"Images/a.jpg", b"same")
    desk.put(b"b.jpg", b"same")
    with desk.at_work() as faults:
        summary = desk.organize()
    assert not faults.calls["open"]
    assert not faults.calls["read_each"]
    assert left(summary)["same content is already there"] == 1
    assert summary.likely
    assert summary.likely.files == 1


def test_other_etags_may_hold_the_same(tmp_path: Path) -> None:
    """Where ETags differ the contents decide whether a file is there already."""
    desk = BucketDesk(tmp_path, keeps_etags=False)
    desk.put(b"a.jpg", b"same")
    with desk.at_work():
        desk.organize()
        desk.put(b"a.jpg", b"same")
        summary = desk.organize()
    assert not summary.done
    assert left(summary)["same content is already there"] == 1


def test_an_edited_object_is_not_ours(desk: BucketDesk) -> None:
    """Undo leaves what was written anew where it is, unless asked to take it along."""
    desk.put(b"a.jpg", b"old")
    with desk.at_work():
        run = desk.organize().run
        desk.put(b"Images/a.jpg", b"new")
        assert desk.undo(run).failed == 1
        assert desk.paths() == [b"Images/a.jpg"]
        summary = desk.undo(run, include_changed=True)
    assert len(summary.edited) == 1
    assert desk.paths() == [b"a.jpg"]


def test_a_part_of_a_run_is_taken_back(desk: BucketDesk) -> None:
    """Files chosen by glob or by location go back, and the rest after them."""
    for key in (b"a.jpg", b"b.jpg", b"c.pdf"):
        desk.put(key, key)
    before = desk.objects()
    with desk.at_work():
        run = desk.organize().run
        desk.undo(run, choice=Choice(only=("*.pdf",)))
        assert desk.paths() == [b"Images/a.jpg", b"Images/b.jpg", b"c.pdf"]
        desk.undo(run, choice=Choice(files=(desk.place + b"/Images/b.jpg",)))
        assert desk.paths() == [b"Images/a.jpg", b"b.jpg", b"c.pdf"]
        desk.undo(run)
    assert before == desk.objects()


def test_two_runs_are_taken_back_one_by_one(desk: BucketDesk) -> None:
    """An object that two runs moved has its metadata back when both are undone."""
    desk.put(b"in/a.jpg", b"a")
    desk.put(b"in/b.jpg", b"b", mtime="1500000000")
    first = desk.objects()
    with desk.at_work():
        desk.organize(folders="recurse")
        second = desk.objects()
        desk.organize(folders="recurse", mode="extension")
        desk.undo()
        assert second == desk.objects()
        desk.undo()
    assert first == desk.objects()


def test_dates_are_asked_for_where_they_decide(tmp_path: Path) -> None:
    """A layout with a date goes by the time in the metadata, and says what that costs."""
    notes: list[str] = []

    class Listener(Silent):
        def tell(self, event: Event) -> None:
            if isinstance(event, Noted):
                notes.append(event.message)

    desk = BucketDesk(tmp_path, exact=True)
    desk.put(b"a.bin", b"a", mtime="1500000000")
    with desk.at_work():
        desk.organize(mode="year", sink=Listener(), dry_run=True)
        desk.organize(mode="year")
        assert desk.paths() == [b"2017/a.bin"]
        assert not desk.organize(mode="year", folders="recurse").done
    assert any("a request for each" in note for note in notes)


def test_a_move_stays_where_it_was_dated(tmp_path: Path) -> None:
    """A copy is new to the server; the time it was given keeps it in the month it went to."""
    desk = BucketDesk(tmp_path, exact=True)
    desk.put(b"a.bin", b"a")
    with desk.at_work():
        desk.organize(mode="date")
        desk.bucket.pass_days(400)
        assert not desk.organize(mode="date", folders="recurse").done


NO_REMOVALS = "remove_each:1+:EACCES remove:1+:EACCES"


def test_a_source_kept_by_the_server_is_told(desk: BucketDesk) -> None:
    """Where nothing may be deleted both are there, it is said so, and a second run adds nothing."""
    desk.put(b"a.jpg", b"a")
    with desk.at_work(NO_REMOVALS):
        summary = desk.organize()
    (failure,) = summary.failures
    assert "its copy stays at s3://memory/shared/files/Images/a.jpg" in failure.detail
    assert desk.paths() == [b"Images/a.jpg", b"a.jpg"]
    with desk.at_work():
        again = desk.organize()
    assert not again.done
    assert left(again)["same content is already there"] == 1


@pytest.mark.parametrize("keeps_etags", [True, False])
@pytest.mark.parametrize("chosen", [Choice(), Choice(only=("a.jpg",))], ids=["all", "part"])
def test_a_copy_that_was_left_is_removed_by_undo(
    tmp_path: Path, chosen: Choice, *, keeps_etags: bool
) -> None:
    """A later undo removes the copy of what could not be deleted, and all is as before."""
    desk = BucketDesk(tmp_path, keeps_etags=keeps_etags)
    desk.put(b"a.jpg", b"a")
    before = desk.objects()
    with desk.at_work(NO_REMOVALS):
        desk.organize()
    with desk.at_work(NO_REMOVALS):
        assert desk.undo().failed == 1
    with desk.at_work():
        assert desk.undo(dry_run=True).done == 1
        undone = desk.undo(choice=chosen)
        assert (undone.done, undone.failures) == (1, ())
        with pytest.raises(UnknownRunError):
            desk.undo()
    assert before == desk.objects()


@pytest.mark.parametrize("changed", ["a.jpg", "Images/a.jpg"])
def test_a_copy_that_was_left_stays_if_it_is_no_copy_any_more(
    desk: BucketDesk, changed: str
) -> None:
    """What somebody wrote to either of the two since is not removed by undo."""
    desk.put(b"a.jpg", b"a")
    with desk.at_work(NO_REMOVALS):
        desk.organize()
    desk.put(changed.encode(), b"new")
    before = desk.objects()
    with desk.at_work():
        assert desk.undo().failed == 1
    assert before == desk.objects()


def test_another_run_in_the_bucket_is_waited_for(desk: BucketDesk) -> None:
    """A bucket is locked as a whole, whatever the prefix."""
    desk.put(b"a.jpg", b"a")
    locks = Locks(desk.state.locks)
    locks.take([b"s3://memory/elsewhere"], 0)
    with desk.at_work(), pytest.raises(RunBusyError):
        desk.organize()
    locks.close()
    with desk.at_work():
        assert desk.organize().done == 1


def test_duplicates_are_named_without_a_look(desk: BucketDesk) -> None:
    """Size and ETag tell what is probably the same, and nothing is read for it."""
    for key in (b"a.jpg", b"deep/b.jpg", b"c.jpg"):
        desk.put(key, b"same" if key != b"c.jpg" else b"else")
    with desk.at_work() as faults:
        found = dedupe(DedupeRequest((desk.place,), desk.state), Silent())
        (group,) = found.groups
        assert (group.proof, group.files, group.reclaimable) == (Proof.PROBABLE, 1, 4)
        assert not {"open", "read", "read_each"} & faults.calls.keys()


def test_a_bucket_is_looked_at(desk: BucketDesk) -> None:
    """Scan counts it, explain says where an object goes, and doctor that all stands as it was."""
    desk.put(b"in/a.jpg", b"a")
    with desk.at_work():
        assert scan(ScanRequest((desk.place,), desk.state), Silent()).files == 1
        (told,) = explain(ExplainRequest((desk.place + b"/in/a.jpg",), desk.state))
        assert told.target == desk.place + b"/in/Images/a.jpg"
        run = desk.organize(folders="recurse").run
        findings = [*examine(DoctorRequest(desk.state)), *examine(DoctorRequest(desk.state, run))]
    assert not [finding for finding in findings if finding.code]


def test_an_undo_needs_no_flags(desk: BucketDesk) -> None:
    """What the journal keeps of a root is enough to reach it again."""
    desk.put(b"a.jpg", b"a")
    with desk.at_work():
        run = desk.organize().run
    journal = desk.state.open(run)
    (held,) = journal.roots()
    journal.close()
    assert (held.root, held.mount) == (desk.bucket.roots[0], "memory")
    with desk.at_work():
        undo(UndoRequest(run, desk.state, root=desk.place), Silent())
    assert desk.paths() == [b"a.jpg"]


def test_a_saved_plan_is_applied_as_far_as_nothing_drifted(desk: BucketDesk) -> None:
    """A plan for a bucket can be handed over; what was written since stays, and is named."""
    for key in (b"a.jpg", b"b.jpg"):
        desk.put(key, key, mtime="1500000000")
    lines: list[bytes] = []
    config = Config()
    with desk.at_work():
        organize(
            OrganizeRequest(
                (desk.place,), desk.state, config=config, dry_run=True, save_plan=lines.append
            ),
            Silent(),
        )
        desk.put(b"b.jpg", b"else")
        plan = BytesIO(b"".join(lines))
        summary = apply(ApplyRequest(plan, "plan", desk.state), Silent())
        assert (summary.done, summary.failed) == (1, 1)
        assert desk.paths() == [b"Images/a.jpg", b"b.jpg"]
        desk.undo()
    assert desk.paths() == [b"a.jpg", b"b.jpg"]


def test_a_signal_is_heard_between_groups(desk: BucketDesk) -> None:
    """A run that is asked to stop ends after the objects at hand; recover does the rest."""
    for number in range(600):
        desk.put(b"%03d.jpg" % number, b"%d" % number)
    before = desk.objects()

    class Stopping(Silent):
        told = False

        def tell(self, event: Event) -> None:
            if isinstance(event, Progressed) and event.phase == "execute" and not self.told:
                self.told = True
                signal.raise_signal(signal.SIGINT)

    with desk.at_work():
        with pytest.raises(InterruptedRunError):
            desk.organize(sink=Stopping())
        moved = [path for path in desk.paths() if path.startswith(b"Images/")]
        assert 0 < len(moved) < 600
        desk.recover()
        assert len([path for path in desk.paths() if path.startswith(b"Images/")]) == 600
        desk.undo()
    assert before == desk.objects()


def test_what_is_not_there_is_not_explained(desk: BucketDesk) -> None:
    """An object that nobody wrote is a wrong path; a prefix is a folder that is sorted through."""
    desk.put(b"in/a.jpg", b"a")
    with desk.at_work():
        with pytest.raises(SourceMissingError):
            explain(ExplainRequest((desk.place + b"/in/nothing",), desk.state))
        config = Config(folders=FolderPolicy.RECURSE)
        (told,) = explain(ExplainRequest((desk.place + b"/in",), desk.state, config=config))
    assert (told.target, told.reason) == (None, None)

"""Acting on duplicates: proven just before, nothing lost, and taken back exactly."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fileorg.content import digest
from fileorg.errors import RefusedError, StorageError
from fileorg.events import Silent
from fileorg.model.duplicates import DedupeAction
from fileorg.model.location import Location
from fileorg.model.plan import TakenPolicy
from fileorg.model.reason import Reason
from fileorg.pipeline.dedupe import DedupeRequest, dedupe
from fileorg.pipeline.doctor import DoctorRequest, examine
from fileorg.pipeline.places import Finding
from fileorg.pipeline.purge import PurgeRequest, PurgeSummary, purge
from fileorg.storage.local import LocalStorage
from tests.pipeline.harness import Desk, contents
from tests.pipeline.stages import crashed
from tests.trees import File, make_tree

TREE = {
    b"a/report.pdf": File(b"same", 1_600_000_000.5, 0o640),
    b"b/report (1).pdf": File(b"same", 1_500_000_000.25, 0o600),
    b"b/c/copy of report.pdf": File(b"same", 1_400_000_000),
    b"d/other": File(b"else", 1_300_000_000),
    b"x/one": File(b"1" * 70_000, 1_200_000_000),
    b"y/one (1)": File(b"1" * 70_000, 1_100_000_000),
}
KEPT = b"a/report.pdf"
LINKING = ("hardlink", "symlink")
ASIDE = ("quarantine", *LINKING)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with duplicates on it."""
    made = Desk(tmp_path)
    make_tree(made.root, TREE)
    return made


def free(desk: Desk, run: str = "last") -> PurgeSummary:
    """Purge a run."""
    return purge(PurgeRequest(run, desk.state))


@pytest.mark.parametrize("action", ASIDE)
def test_an_act_is_taken_back_exactly(desk: Desk, action: str) -> None:
    """Undo brings back every file with content, mode and times, and redo does it again."""
    before = desk.snapshot()
    found = desk.dedupe(action)
    after = desk.snapshot()
    assert (found.summary.done, found.summary.failed) == (3, 0)
    assert after != before

    assert desk.undo().failed == 0
    assert desk.snapshot() == before
    assert desk.redo().done == 3
    assert set(desk.snapshot()) == set(after)
    desk.undo()
    assert desk.snapshot() == before


@pytest.mark.parametrize("action", ASIDE)
def test_redundant_files_lie_in_quarantine(desk: Desk, action: str) -> None:
    """What is redundant is the very file in quarantine; in its place is a link, or nothing."""
    inode = (desk.root / "b" / "report (1).pdf").stat().st_ino
    run = desk.dedupe(action).summary.run
    place = desk.root / "b" / "report (1).pdf"
    aside = desk.root / ".fileorg" / "quarantine" / run / "b" / "report (1).pdf"

    assert aside.stat().st_ino == inode
    assert place.is_symlink() is (action == "symlink")
    assert place.exists() is (action != "quarantine")
    if action in LINKING:
        assert place.samefile(desk.root / "a" / "report.pdf")
        assert place.read_bytes() == b"same"


@pytest.mark.parametrize("action", LINKING)
def test_a_link_that_was_edited_through_gives_the_old_file_back(desk: Desk, action: str) -> None:
    """After an edit through the link, undo brings back the redundant file as it was."""
    desk.dedupe(action)
    place = desk.root / "b" / "report (1).pdf"
    with place.open("r+b") as file:
        file.write(b"edited")
    desk.undo()

    assert place.read_bytes() == b"same"
    assert not place.is_symlink()
    assert (desk.root / "a" / "report.pdf").read_bytes() == b"edited"


def put_in_place_of_a_link(desk: Desk, action: str) -> Path:
    """Act on the duplicates, and write a file of one's own where one of the links was."""
    desk.dedupe(action)
    place = desk.root / "b" / "report (1).pdf"
    place.unlink()
    place.write_bytes(b"mine")
    return place


@pytest.mark.parametrize("action", LINKING)
def test_what_replaced_a_link_stays(desk: Desk, action: str) -> None:
    """A file that somebody put in the place of the link is not overwritten by an undo."""
    place = put_in_place_of_a_link(desk, action)
    summary = desk.undo()

    assert place.read_bytes() == b"mine"
    assert summary.failed == 1
    assert contents(desk.root)[next(f for f in contents(desk.root) if f[3] == b"mine")] == 1


@pytest.mark.parametrize("action", LINKING)
def test_what_took_the_place_of_a_link_is_foreseen_and_gone_around(desk: Desk, action: str) -> None:
    """Where an editor wrote a new file in place of the link, the old one can get a number."""
    place = put_in_place_of_a_link(desk, action)
    foreseen = desk.undo(dry_run=True)
    summary = desk.undo(on_conflict=TakenPolicy.RENAME)

    assert (foreseen.done, foreseen.failed) == (2, 1)
    assert (summary.done, summary.failed) == (3, 0)
    assert place.read_bytes() == b"mine"
    assert (desk.root / "b" / "report (1) (1).pdf").read_bytes() == b"same"


def test_the_last_name_of_what_was_kept_is_not_removed(desk: Desk) -> None:
    """Where the kept file is gone but for its link, an undo leaves the link."""
    desk.dedupe("hardlink")
    (desk.root / "a" / "report.pdf").unlink()
    (desk.root / "b" / "c" / "copy of report.pdf").unlink()
    with (desk.root / "b" / "report (1).pdf").open("r+b") as file:
        file.write(b"edited")
    desk.undo()

    assert (desk.root / "b" / "report (1).pdf").read_bytes() == b"edited"


def change(path: Path) -> None:
    path.write_bytes(b"SAME")


def change_unseen(path: Path) -> None:
    seen = path.stat()
    path.write_bytes(b"SAME")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def truncate(path: Path) -> None:
    os.truncate(path, 1)


def replace(path: Path) -> None:
    new = path.with_name("new")
    new.write_bytes(b"same")
    new.rename(path)


def link_away(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


MEDDLING: tuple[Callable[[Path], None], ...] = (
    change, change_unseen, truncate, replace, link_away, Path.unlink,
)  # fmt: skip


@pytest.mark.parametrize("action", ASIDE)
@pytest.mark.parametrize("meddle", MEDDLING, ids=lambda f: f.__name__)
def test_a_redundant_file_that_changed_is_left(
    desk: Desk, meddle: Callable[[Path], None], action: str
) -> None:
    """What changed, was replaced or went since it was compared stays, and is named with why."""
    place = desk.root / "b" / "report (1).pdf"
    found = desk.dedupe(action, lambda: meddle(place))
    now = place.read_bytes() if place.is_file() and not place.is_symlink() else None

    assert found.summary.done == 2
    assert [failure.path for failure in found.summary.failures] == [str(place)]
    assert found.summary.failures[0].reason in {
        Reason.CHANGED.value, Reason.VANISHED.value, Reason.NOT_REDUNDANT.value,
    }  # fmt: skip
    aside = desk.root / ".fileorg" / "quarantine" / found.summary.run / "b" / "report (1).pdf"
    assert not aside.exists()
    assert now in {b"SAME", b"s", b"same", None}
    assert desk.undo().failed == 0


@pytest.mark.parametrize("action", ASIDE)
@pytest.mark.parametrize("meddle", MEDDLING, ids=lambda f: f.__name__)
def test_where_the_kept_file_changed_nothing_is_done(
    desk: Desk, meddle: Callable[[Path], None], action: str
) -> None:
    """Where the file to keep changed, was replaced or went, its whole group stays."""
    found = desk.dedupe(action, lambda: meddle(desk.root / "a" / "report.pdf"))

    assert (found.summary.done, found.summary.failed) == (1, 2)
    for name in ("report (1).pdf", "c/copy of report.pdf"):
        assert (desk.root / "b" / name).read_bytes() == b"same"


@pytest.mark.parametrize("action", ASIDE)
def test_no_digest_is_ever_enough(desk: Desk, action: str) -> None:
    """With digests of an earlier run that are wrong by now, what is the same is acted on alone."""
    desk.dedupe("quarantine")
    desk.undo()
    change_unseen(desk.root / "b" / "report (1).pdf")
    found = desk.dedupe(action)

    assert (found.summary.done, found.summary.failed) == (2, 0)
    assert (desk.root / "b" / "report (1).pdf").read_bytes() == b"SAME"


def test_a_constant_hash_removes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every digest is the same, only files with the same bytes are set aside."""
    monkeypatch.setattr(digest, "digest", lambda _: b"\1" * 16)
    (desk.root / "d" / "third").write_bytes(b"moon")
    before = desk.snapshot()

    assert desk.dedupe("quarantine").summary.done == 3
    assert {b"/d/other", b"/d/third"} <= set(desk.snapshot())
    desk.undo()
    assert desk.snapshot() == before


@pytest.mark.parametrize("action", LINKING)
def test_what_no_link_can_replace_comes_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """Where links can't be made, the file is put back at once, and it is no success."""

    def refuse(*_: object) -> None:
        raise StorageError(Reason.UNSUPPORTED)

    monkeypatch.setattr(LocalStorage, "symlink" if action == "symlink" else "link", refuse)
    before = desk.snapshot(times=False)
    summary = desk.dedupe(action).summary

    assert (summary.done, summary.failed) == (0, 3)
    assert {failure.reason for failure in summary.failures} == {Reason.UNSUPPORTED.value}
    assert {p: f for p, f in desk.snapshot(times=False).items() if b".fileorg" not in p} == before


def test_all_names_of_a_redundant_file_go(desk: Desk) -> None:
    """A redundant file with two names is set aside under both, and comes back as one file."""
    os.link(desk.root / "b" / "report (1).pdf", desk.root / "d" / "again (2).pdf")
    before = desk.snapshot()
    assert desk.dedupe("hardlink").summary.failed == 0
    assert (desk.root / "d" / "again (2).pdf").samefile(desk.root / "a" / "report.pdf")

    desk.undo()
    assert desk.snapshot() == before
    assert (desk.root / "d" / "again (2).pdf").samefile(desk.root / "b" / "report (1).pdf")


def test_sharing_needs_a_file_system_that_can(desk: Desk) -> None:
    """Where files share no blocks, each is named and nothing falls back to links."""
    before = desk.snapshot()
    summary = desk.dedupe("reflink").summary
    if summary.failed:
        assert (summary.done, summary.failed) == (0, 3)
        assert {failure.reason for failure in summary.failures} == {Reason.UNSUPPORTED.value}
    assert desk.snapshot() == before


def test_reference_folders_are_never_touched(desk: Desk) -> None:
    """Nothing in a reference folder is set aside, whatever its names are."""
    request = DedupeRequest(
        (os.fsencode(desk.root),), desk.state, action=DedupeAction.QUARANTINE,
        config=DedupeRequest((), desk.state).config,
    )  # fmt: skip
    config = request.config.__class__(reference=(str(desk.root / "b"),))
    dedupe(DedupeRequest(request.paths, desk.state, config, DedupeAction.QUARANTINE), Silent())

    assert (desk.root / "b" / "report (1).pdf").exists()
    assert (desk.root / "b" / "c" / "copy of report.pdf").exists()
    assert not (desk.root / "a" / "report.pdf").exists()


def test_what_organize_refuses_is_refused(desk: Desk) -> None:
    """A checkout may be looked at, but not acted in without force."""
    (desk.root / ".git").mkdir()
    before = desk.snapshot()
    with pytest.raises(RefusedError):
        desk.dedupe("quarantine")
    assert desk.dedupe("report").groups.files == 3
    assert desk.snapshot() == before


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    """A preview finds the same and leaves no journal."""
    before = desk.snapshot()
    paths, action = (os.fsencode(desk.root),), DedupeAction.HARDLINK
    found = dedupe(DedupeRequest(paths, desk.state, action=action, dry_run=True), Silent())

    assert found.summary.done == 3
    assert desk.snapshot() == before
    assert desk.state.records() == []


@pytest.mark.parametrize("action", ASIDE)
def test_purge_frees_what_is_proven(desk: Desk, action: str) -> None:
    """Purge removes the quarantine of a run, and a second one has nothing to do."""
    run = desk.dedupe(action).summary.run
    summary = free(desk, run)

    assert (summary.files, summary.bytes, summary.failed) == (3, 70_008, 0)
    assert not (desk.root / ".fileorg").exists()
    assert free(desk, run).files == 0


@pytest.mark.parametrize("action", LINKING)
def test_an_undo_after_a_purge_leaves_the_links(desk: Desk, action: str) -> None:
    """What was purged can't come back, so the link in its place stays, and the undo says so."""
    run = desk.dedupe(action).summary.run
    free(desk, run)
    before = desk.snapshot(times=False)
    summary = desk.undo(run)

    assert desk.snapshot(times=False) == before
    assert [(r.reason, r.count) for r in summary.left_alone] == [(Reason.PURGED.value, 3)]


@pytest.mark.parametrize("meddle", MEDDLING, ids=lambda f: f.__name__)
def test_purge_keeps_what_is_not_proven(desk: Desk, meddle: Callable[[Path], None]) -> None:
    """Where the kept file holds something else by now, or is gone, the quarantine stays."""
    run = desk.dedupe("quarantine").summary.run
    meddle(desk.root / "a" / "report.pdf")
    summary = free(desk, run)
    aside = desk.root / ".fileorg" / "quarantine" / run / "b" / "report (1).pdf"

    if meddle is replace:  # another file with the same bytes is as good
        assert summary.files == 3
        return
    assert (summary.files, summary.failed) == (1, 2)
    assert aside.read_bytes() == b"same"


def test_a_changed_file_in_quarantine_is_not_purged(desk: Desk) -> None:
    """What somebody has written into a file that was set aside stays."""
    run = desk.dedupe("quarantine").summary.run
    aside = desk.root / ".fileorg" / "quarantine" / run / "b" / "report (1).pdf"
    aside.write_bytes(b"mine")

    assert free(desk, run).failed == 1
    assert aside.read_bytes() == b"mine"


def test_a_purge_may_only_look(desk: Desk) -> None:
    """A dry purge says what it would free and removes nothing."""
    run = desk.dedupe("quarantine").summary.run
    before = desk.snapshot()
    assert purge(PurgeRequest(run, desk.state, dry_run=True)).files == 3
    assert desk.snapshot() == before


def test_a_purge_that_only_looks_counts_as_one_that_acts(desk: Desk) -> None:
    """The bytes of a file with several names go with the last of them, in a preview, too."""
    for number in range(3):
        os.link(desk.root / "b" / "report (1).pdf", desk.root / f"report ({number}).pdf")
    run = desk.dedupe("quarantine").summary.run
    preview = purge(PurgeRequest(run, desk.state, dry_run=True))
    freed = free(desk, run)

    assert (preview.files, preview.bytes) == (freed.files, freed.bytes)


def test_last_is_the_newest_run_that_may_have_set_something_aside(desk: Desk) -> None:
    """`last` is no undo, whatever was taken back since."""
    desk.dedupe("quarantine")
    make_tree(desk.root.parent / "other", {b"a.txt": b"a"})
    run = desk.organize(desk.root.parent / "other").run
    desk.undo()

    assert free(desk).run == run


@pytest.mark.parametrize("action", ASIDE)
def test_a_quarantine_that_was_lost_is_a_failure(desk: Desk, action: str) -> None:
    """What is missing from quarantine and was not purged is named by an undo."""
    run = desk.dedupe(action).summary.run
    shutil.rmtree(desk.root / ".fileorg" / "quarantine")

    assert desk.undo(run).failed == 3


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_purge_that_was_killed_leaves_the_rest_to_undo(desk: Desk, step: int) -> None:
    """What a purge did not come to is brought back."""
    run = desk.dedupe("quarantine").summary.run
    assert crashed(lambda: free(desk, run), f"remove:{step}:crash-before")
    summary = desk.undo(run)

    assert (summary.done, summary.failed) == (4 - step, 0)
    desk.state.open(run).verify()


@pytest.mark.parametrize("action", LINKING)
def test_no_link_takes_the_place_of_a_file_that_went(desk: Desk, action: str) -> None:
    """A file that its user removes before the act does not come back as a link."""
    gone = desk.root / "b" / "report (1).pdf"
    found = desk.dedupe(action, gone.unlink)

    assert found.summary.failed == 1
    assert not os.path.lexists(gone)
    desk.undo()
    assert not os.path.lexists(gone)


@pytest.mark.parametrize("action", LINKING)
def test_nor_after_a_crash(desk: Desk, action: str) -> None:
    """A run that died after it failed to set a file aside does not link in its place either."""
    gone = desk.root / "b" / "report (1).pdf"
    assert crashed(lambda: desk.dedupe(action, gone.unlink), "finish:1:crash-before")
    desk.recover()

    assert not os.path.lexists(gone)


@pytest.mark.parametrize("action", ("quarantine", *LINKING))
def test_doctor_finds_a_run_on_duplicates_healthy(desk: Desk, action: str) -> None:
    """A run that stands is healthy, and so is one that was purged or undone."""

    def trouble(run: str) -> list[Finding]:
        desk.state.records()
        return [f for f in examine(DoctorRequest(desk.state, run, deep=False)) if f.code]

    run = desk.dedupe(action).summary.run
    assert trouble(run) == []
    desk.undo()
    assert trouble(run) == []
    again = desk.redo().run
    assert trouble(again) == []
    free(desk, again)
    assert trouble(again) == []
    (desk.root / "y" / "one (1)").unlink(missing_ok=True)
    (desk.root / "y" / "one (1)").write_bytes(b"mine")
    assert len(trouble(again)) == (0 if action == "quarantine" else 1)


def test_hard_links_free_nothing(desk: Desk) -> None:
    """A file with a name elsewhere, even outside of what is looked at, reclaims no bytes."""
    outside = desk.root.parent / "outside"
    os.link(desk.root / "b" / "report (1).pdf", outside)
    (desk.root / "b" / "c" / "copy of report.pdf").unlink()
    found = desk.dedupe("report")

    assert found.groups.files == 2
    assert found.groups.reclaimable == 70_000
    assert Location(0, KEPT) in {group.keep.location for group in found.groups}

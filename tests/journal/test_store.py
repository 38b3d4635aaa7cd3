"""What is written into a journal is what is read from it, and is on the disk when it must be."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.errors import StorageUnavailableError
from fileorg.journal import reading
from fileorg.journal.schema import BATCH, PLAN_CHUNK
from fileorg.journal.store import Journal, chunks
from fileorg.model.entry import Fingerprint, FolderFacts, Kind, Skip
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, RunState, Status
from fileorg.model.plan import Action, ActionKind, FolderFound, FolderTime, Joint
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from tests.journal.making import FACTS, ROOTS, RUN, SUMMARY, create, full, header, move, planned

INT64 = st.integers(-(2**63), 2**63 - 1)
PARTS = st.binary(min_size=1, max_size=40).filter(
    lambda b: not {0, 47} & set(b) and b not in {b".", b".."}
)
LOCATIONS = st.builds(
    Location, st.integers(0, 1), st.lists(PARTS, min_size=1, max_size=4).map(b"/".join)
)
ACTIONS = st.builds(
    Action,
    st.sampled_from(ActionKind),
    LOCATIONS,
    LOCATIONS,
    st.builds(Fingerprint, st.integers(0, 2**63 - 1), INT64, INT64, INT64),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(Kind),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a journal goes."""
    return tmp_path / f"{RUN}.db"


def test_a_journal_is_its_owners_alone(path: Path) -> None:
    """A journal and what SQLite keeps beside it are readable by the owner alone."""
    before = os.umask(0)
    try:
        journal = create(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for beside in path.parent.iterdir():
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    journal.close()


def test_a_journal_has_its_name_only_when_there_is_something_in_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed while its journal is begun leaves none that could seem damaged."""

    def killed(*_: object) -> None:
        assert not path.exists()
        raise KeyboardInterrupt

    for step in ("_begin", "_commit"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Journal, step, killed)
            create(path)
        assert os.listdir(path.parent) == []
    create(path).close()
    assert os.path.getsize(path) > 0


@pytest.mark.parametrize("made", ["file", "symlink", "dangling"])
def test_a_journal_never_replaces(path: Path, made: str) -> None:
    """Where something has the name of the journal, a symlink too, nothing is written to it."""
    other = path.with_name("other")
    if made == "file":
        path.write_text("kept")
    else:
        path.symlink_to(other)
        if made == "symlink":
            other.write_text("kept")
    with pytest.raises(StorageUnavailableError):
        create(path)
    assert other.exists() is (made == "symlink")


def test_what_was_known_comes_back(path: Path) -> None:
    """Header, roots and sums come back as they were, 64-bit devices and inodes included."""
    full(path).close()
    journal = Journal.open(path)
    journal.verify()
    assert journal.header() == header()
    assert journal.roots() == ROOTS
    assert journal.summary(RunSummary) == SUMMARY
    assert journal.progress().state is RunState.FINISHED
    journal.close()


def test_everything_recorded_comes_back(path: Path) -> None:
    """Folders, times, notes and outcomes come back as they were."""
    full(path).close()
    journal = Journal.open(path)
    facts = FolderFacts(0o755, 1, 2, 10**18, 77, 5)
    folder, top = Location(0, b"folder-0"), Location(1, b"")
    assert {found.location: found.facts for found in journal.found_folders()} == {
        folder: facts, top: facts,
    }  # fmt: skip
    assert journal.times_to_restore() == {folder: 123, top: 124}
    assert journal.left_times() == {folder: 5, top: 6}
    assert [note for numbers in journal.noted() for note in journal.notes(numbers)] == [
        Skip(folder, Reason.UNREADABLE, "permission denied"),
        Skip(Location(0, b"gone\xff"), Reason.VANISHED),
    ]
    assert journal.outcomes() == {
        0: Outcome(0, Status.DONE, inode=99),
        3: Outcome(3, Status.FAILED, Reason.CHANGED, "it was edited"),
        7: Outcome(7, Status.SKIPPED, Reason.TAKEN),
    }
    journal.close()


def test_evidence_comes_back_with_its_action(path: Path) -> None:
    """What an action is judged by has its number, though a chunk ends between both."""
    journal = create(path)
    journal.record(FACTS[:1])
    journal.record([*FACTS[1:], move(1), move(2)])
    journal.planned()
    assert journal.evidence([0, 1, 2]) == {0: FACTS[0], 1: FACTS[2]}
    assert journal.evidence([1]) == {1: FACTS[2]}
    journal.verify()
    journal.close()


@given(st.lists(ACTIONS, min_size=1, max_size=20))
def test_any_action_comes_back(
    tmp_path_factory: pytest.TempPathFactory, items: list[Action]
) -> None:
    """Actions of any kind, path bytes and numbers come back as they were, in their order."""
    path = tmp_path_factory.mktemp("journal") / f"{RUN}.db"
    journal = create(path)
    assert journal.record(items) == len(items)
    journal.planned()
    journal.close()
    journal = Journal.open(path)
    journal.verify()
    assert [step for batch in journal.steps(3) for step in batch] == list(enumerate(items))
    for kind in ActionKind:
        mine = [step for step in enumerate(items) if step[1].kind is kind]
        assert list(journal.of_kind(kind)) == mine[::-1]
    assert journal.between(1, 3) == list(enumerate(items))[1:3]
    journal.close()


def test_the_last_word_about_a_folder_counts(path: Path) -> None:
    """What is recorded twice about a folder is there once, as it was recorded last."""
    journal, folder = create(path), Location(0, b"folder")
    first, last = FolderFacts(1, 2, 3, 4, 5, 6), FolderFacts(2, 2, 3, 4, 5, 6)
    journal.record([FolderFound(folder, first), FolderTime(folder, 1), move(0)])
    journal.record([FolderFound(folder, last), FolderTime(folder, 2), move(1)])
    journal.planned()
    journal.verify()
    assert journal.found_folders() == [FolderFound(folder, last)]
    assert journal.times_to_restore() == {folder: 2}
    journal.close()


def test_the_window_is_what_was_begun(path: Path) -> None:
    """The window is empty before the first batch, holds what is tried, and closes at the end."""
    journal = planned(path, 30)

    def window() -> tuple[RunState, int, int]:
        seen = Journal.open(path)
        progress = seen.progress()
        seen.close()
        return progress.state, progress.low, progress.high

    assert window() == (RunState.RUNNING, 0, 0)
    journal.advance(0, 10, [])
    assert window() == (RunState.RUNNING, 0, 10)
    journal.advance(5, 20, [])
    assert window() == (RunState.RUNNING, 5, 20)
    journal.note([Outcome(7, Status.COPIED)])
    assert window() == (RunState.RUNNING, 5, 20)
    assert journal.outcomes()[7].status is Status.COPIED
    journal.settle([], 20)
    assert window() == (RunState.RUNNING, 20, 20)
    journal.finish(RunState.FINISHED, [], 30, SUMMARY)
    assert window() == (RunState.FINISHED, 30, 30)
    journal.close()


def test_a_plan_is_not_begun_before_it_is_whole(path: Path) -> None:
    """Until `planned`, a journal says that it is planning, however much is recorded."""
    journal = create(path)
    journal.record([move(0)])
    journal.close()
    journal = Journal.open(path)
    journal.verify()
    assert journal.progress().state is RunState.PLANNING
    journal.close()


def test_steps_come_in_batches_from_where_it_stopped(path: Path) -> None:
    """Steps come in order, in batches, none below the first that was never begun."""
    journal = planned(path, 25)
    journal.advance(0, 10, [])
    assert [[seq for seq, _ in batch] for batch in journal.steps(10)] == [
        list(range(10, 20)), list(range(20, 25)),
    ]  # fmt: skip
    journal.close()


def test_a_batch_never_parts_a_unit(path: Path) -> None:
    """Steps that belong together are in one batch, when they are new and when they are pending."""
    journal = create(path)
    journal.record(
        [move(0), Joint((move(1), move(2), move(3))), move(4), Joint((move(5), move(6)))]
    )
    journal.planned()
    assert [[seq for seq, _ in batch] for batch in journal.steps(2)] == [
        [0, 1, 2, 3], [4, 5, 6],
    ]  # fmt: skip
    journal.advance(0, 7, [])
    journal.settle([Outcome(seq, Status.PENDING) for seq in (2, 3, 4)], 7)
    assert [[seq for seq, _ in batch] for batch in journal.steps(1)] == [[2, 3], [4]]
    journal.close()


def test_units_are_told(path: Path) -> None:
    """Each step knows the first of its unit, and companions that were done are counted."""
    journal = create(path)
    journal.record([move(0), Joint((move(1), move(2), move(3))), move(4)])
    journal.planned()
    journal.advance(0, 5, [])
    journal.note([Outcome(3, Status.COPIED)])
    assert journal.companions_done([Outcome(3, Status.DONE)]) == 2
    journal.settle([Outcome(2, Status.FAILED, Reason.CHANGED)], 5)
    journal.close()
    journal = Journal.open(path)
    assert journal.units(0, 9) == {1: 1, 2: 1, 3: 1}
    assert [journal.unit_of(seq) for seq in range(5)] == [None, 1, 1, 1, None]
    assert journal.companions_done() == 1
    assert journal.companions_done([Outcome(3, Status.SKIPPED, Reason.UNIT)]) == 0
    journal.close()


def test_pending_steps_come_first(path: Path) -> None:
    """Steps that were left over come before the rest, and only those that are still pending."""
    journal = planned(path, 12)
    journal.advance(0, 8, [])
    pending = [Outcome(seq, Status.PENDING, Reason.STOPPED) for seq in (1, 4, 6)]
    journal.settle([*pending, Outcome(2, Status.FAILED, Reason.CHANGED)], 8)
    journal.close()
    journal = Journal.open(path)
    batches = [[seq for seq, _ in batch] for batch in journal.steps(2)]
    assert batches == [[1, 4], [6], [8, 9], [10, 11]]
    journal.close()


def test_a_pending_step_that_is_done_is_pending_no_more(path: Path) -> None:
    """A plain success, which has no row, takes away the row that said the step was pending."""
    journal = planned(path, 4)
    journal.advance(0, 4, [])
    journal.settle([Outcome(seq, Status.PENDING) for seq in (1, 2)], 4)
    batches = journal.steps(BATCH)
    assert [seq for seq, _ in next(batches)] == [1, 2]
    assert set(journal.outcomes()) == {1, 2}
    journal.advance(1, 4, [])
    assert journal.outcomes() == {}
    assert journal.progress().low == 1
    assert list(batches) == []
    journal.finish(RunState.FINISHED, [Outcome(2, Status.FAILED)], 4, SUMMARY)
    assert set(journal.outcomes()) == {2}
    journal.close()


def test_a_step_that_is_left_over_again_stays_so(path: Path) -> None:
    """Only the advance that begins a pending step again takes its row, not those after it."""
    journal = planned(path, 4)
    journal.settle([Outcome(1, Status.PENDING)], 4)
    next(journal.steps(BATCH))
    journal.advance(1, 4, [])
    journal.advance(1, 4, [Outcome(1, Status.PENDING, Reason.STOPPED)])
    journal.advance(1, 4, [])
    assert set(journal.outcomes()) == {1}
    journal.close()


def test_a_commit_is_on_the_disk(tmp_path: Path) -> None:
    """When advance returns, another process sees what it wrote, even if this one is killed."""
    code = """
import os, signal, sys
from pathlib import Path
from tests.journal.making import planned
journal = planned(Path(sys.argv[1]), 5)
journal.advance(0, 3, [])
os.kill(os.getpid(), signal.SIGKILL)
"""
    path = tmp_path / f"{RUN}.db"
    subprocess.run([sys.executable, "-c", code, path], check=False)
    journal = Journal.open(path)
    journal.verify()
    assert (journal.progress().low, journal.progress().high) == (0, 3)
    journal.close()


def test_commits_are_synced(tmp_path: Path) -> None:
    """SQLite runs with full synchronization and a rollback journal that is truncated."""
    journal = create(tmp_path / f"{RUN}.db")
    assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal._db.execute("PRAGMA journal_mode").fetchone() == ("truncate",)
    assert journal._db.execute("PRAGMA trusted_schema").fetchone() == (0,)
    journal.close()


def test_what_fails_half_way_is_not_there(path: Path) -> None:
    """A transaction that an error ends leaves nothing, and the journal takes no more writes."""
    journal = planned(path, 5)

    def failing() -> "list[Outcome]":
        raise KeyError("interrupted")

    with pytest.raises(KeyError):
        journal.advance(0, 3, (outcome for _ in [0] for outcome in failing()))
    assert journal.progress().high == 0
    journal.close()
    journal = Journal.open(path)
    with pytest.raises(KeyError):
        left_at = ((Location(0, b""), 0) for _ in [0] for _ in failing())
        journal.finish(RunState.FINISHED, [Outcome(1, Status.FAILED)], 5, SUMMARY, left_at)
    assert journal.outcomes() == {}
    assert journal.summary(RunSummary) is None
    with pytest.raises(StorageUnavailableError):
        journal.advance(0, 3, [])
    journal.close()
    journal = Journal.open(path)
    journal.verify()
    journal.advance(0, 3, [])
    journal.close()


def test_a_discarded_journal_is_gone(path: Path) -> None:
    """Discarding leaves no file at all."""
    create(path).discard()
    assert list(path.parent.iterdir()) == []


def test_a_journal_that_cannot_be_made_leaves_none(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the first transaction fails, no file stays to be taken for a run."""

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Journal, "_begin", fail)
    with pytest.raises(StorageUnavailableError):
        create(path)
    assert list(path.parent.iterdir()) == []


def test_opening_makes_no_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that vanishes while it is opened is unavailable, and no empty one is made."""
    create(path).close()
    monkeypatch.setattr(reading, "check_owner", Path.unlink)
    with pytest.raises(StorageUnavailableError):
        Journal.open(path)
    assert not path.exists()


def test_chunks_hold_everything_once() -> None:
    """Chunks have the size of a transaction, the last the rest, and nothing is lost or doubled."""
    found = list(chunks(range(2 * PLAN_CHUNK + 1)))
    assert [len(chunk) for chunk in found] == [PLAN_CHUNK, PLAN_CHUNK, 1]
    assert [item for chunk in found for item in chunk] == list(range(2 * PLAN_CHUNK + 1))
    assert list(chunks([])) == []


def test_the_disk_can_be_full(tmp_path: Path) -> None:
    """On a full disk a write is refused as such, and what was committed before stays readable."""
    code = """
import subprocess, sys
from pathlib import Path
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", sys.argv[1]], check=True)
print("mounted", flush=True)
from fileorg.errors import StorageUnavailableError
from fileorg.journal.store import Journal
from tests.journal.making import RUN, create, move
path = Path(sys.argv[1]) / f"{RUN}.db"
journal = create(path)
actions, kept = 0, 0
try:
    while True:
        actions = journal.record([move(actions + n) for n in range(200)])
        kept = actions
except StorageUnavailableError as error:
    assert "full" in str(error), error
try:
    journal.planned()
except StorageUnavailableError:
    pass
else:
    raise AssertionError("a journal that failed was written again")
journal.close()
journal = Journal.open(path)
journal.verify()
assert len(journal.between(0, 10**6)) == journal.progress().actions == kept > 0
print("kept", kept)
"""
    result = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", code, tmp_path],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if "mounted" not in result.stdout:
        pytest.skip("1 test of a full disk: no tmpfs can be mounted here")
    assert result.returncode == 0, result.stderr
    assert "kept" in result.stdout

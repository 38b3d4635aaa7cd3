"""The list of runs: right, whatever became of the file it is kept in."""

import os
import stat
from pathlib import Path

import msgspec
import pytest

from fileorg.journal.index import RunRecord, read_index, write_index
from fileorg.journal.store import Journal
from fileorg.model.outcome import RunState
from tests.journal.making import SUMMARY, create, full


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a state folder with three runs: one that ended, one that runs, one that is planned."""
    (tmp_path / "runs").mkdir()
    for run in ("2026-1", "2026-2", "2026-3"):
        create(tmp_path / f"runs/{run}.db", run).close()
    for run in ("2026-1", "2026-2"):
        journal = Journal.open(tmp_path / f"runs/{run}.db")
        journal.planned()
        if run == "2026-1":
            journal.finish(RunState.FINISHED, [], 0, SUMMARY)
        journal.close()
    return tmp_path


EXPECTED = [
    ("2026-3", RunState.PLANNING), ("2026-2", RunState.RUNNING), ("2026-1", RunState.FINISHED),
]  # fmt: skip


def _seen(state: Path) -> list[tuple[str, RunState]]:
    return [(record.run, record.state) for record in read_index(state)]


def test_runs_are_listed_the_newest_first(state: Path) -> None:
    """Every journal is a run in the list, with its sums and roots, the newest first."""
    assert _seen(state) == EXPECTED
    record = read_index(state)[-1]
    assert (record.done, record.planned, record.roots) == (5, 0, (b"/tmp/a \xff", b"/tmp/b"))
    assert stat.S_IMODE((state / "index").stat().st_mode) == 0o600
    assert sorted(os.listdir(state)) == ["index", "runs"]


def test_ended_runs_are_not_opened_again(state: Path) -> None:
    """What the list knows of a run that has ended is told without opening its journal."""
    before = read_index(state)
    (state / "runs/2026-1.db").write_bytes(b"")
    assert read_index(state) == before


def test_a_list_of_an_older_fileorg_learns_when_runs_ended(state: Path) -> None:
    """A list without the ends of runs is completed from their journals."""
    good = read_index(state)
    assert [record.ended_ns for record in good] == [0, 0, SUMMARY.ended_ns]
    write_index(state, [msgspec.structs.replace(record, ended_ns=0) for record in good])
    assert read_index(state) == good


@pytest.mark.parametrize(
    "content", [None, b"", b"garbage", b"\x91" * 5000, b"\xff\xff", b"\x91\x80"]
)
def test_a_bad_list_is_made_anew(state: Path, content: bytes | None) -> None:
    """A list that is missing or garbage is rebuilt from the journals."""
    good = read_index(state)
    if content is None:
        (state / "index").unlink()
    else:
        (state / "index").write_bytes(content)
    assert read_index(state) == good
    (state / "runs/2026-3.db").write_bytes(b"")
    (state / "runs/2026-1.db").write_bytes(b"")
    assert read_index(state)[-1] == good[-1]


def test_a_flipped_bit_of_the_list_changes_nothing(state: Path) -> None:
    """A list with one bit flipped, whichever, is rebuilt: no run gets another parent or state."""
    good = read_index(state)
    whole = (state / "index").read_bytes()
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        (state / "index").write_bytes(flipped)
        assert read_index(state) == good, place


def test_a_stale_list_follows_the_journals(state: Path) -> None:
    """Runs that are new, gone or went on since the list was written are as their journals say."""
    ghost = RunRecord("2020-9", state=RunState.FINISHED)
    write_index(state, [*read_index(state), ghost])
    journal = Journal.open(state / "runs/2026-2.db")
    journal.settle([], 0)
    journal.close()
    (state / "runs/2026-3.db").unlink()
    create(state / "runs/2026-4.db", "2026-4").close()
    assert _seen(state) == [
        ("2026-4", RunState.PLANNING), ("2026-2", RunState.RUNNING),
        ("2026-1", RunState.FINISHED),
    ]  # fmt: skip


def test_a_bad_journal_is_listed_with_its_problem(state: Path) -> None:
    """A journal that can't be used is in the list with the reason, and the others are as ever."""
    (state / "runs/2026-2.db").write_bytes(b"garbage" * 1000)
    full(state / "runs/2026-9.db").close()
    problems = {record.run: bool(record.problem) for record in read_index(state)}
    assert problems == {"2026-9": True, "2026-3": False, "2026-2": True, "2026-1": False}


def test_a_list_that_cannot_be_written_is_still_told(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the list can't be written, the runs are told all the same."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for verb in ("touch", "unlink", "replace"):
        monkeypatch.setattr(Path, verb, refuse)
    assert _seen(state) == EXPECTED
    assert not (state / "index").exists()


def test_no_state_is_no_run(tmp_path: Path) -> None:
    """A state folder that does not exist yet has no runs and is not made by looking."""
    assert read_index(tmp_path / "none") == []
    assert os.listdir(tmp_path) == []

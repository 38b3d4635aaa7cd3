"""A rename that changes only the spelling of a name, on a disk that folds case, dying half way."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from fileorg.events import Silent
from fileorg.model.location import Location
from fileorg.model.outcome import RunKind
from fileorg.model.plan import Action, ActionKind, FolderFound
from fileorg.move.acts import Rules
from fileorg.pipeline.execute import execute, record
from fileorg.pipeline.interrupts import Interrupts
from fileorg.pipeline.state import create_journal, new_run_id
from fileorg.pipeline.tally import Tally
from fileorg.pipeline.workspace import Workspace
from tests.pipeline.faults import Crash
from tests.pipeline.memory import MemoryDesk

OLD, NEW = Location(0, b"Images/Photo.JPG"), Location(0, b"Images/photo.jpg")


@pytest.fixture
def folding(tmp_path: Path) -> MemoryDesk:
    """Return a desk on a disk that folds case."""
    desk = MemoryDesk(tmp_path, case_insensitive=True)
    desk.disk.put(OLD, b"picture")
    desk.disk.put(Location(0, b"Images/other.jpg"), b"another")
    return desk


def respell(desk: MemoryDesk) -> None:
    """Run a plan of one step: no layout of today plans a change of spelling alone."""
    now = time.time_ns()
    run, found = new_run_id(now), desk.disk.stat(OLD)
    desk.state.prepare()
    with Interrupts() as interrupts, Workspace(desk.disk.roots) as work:
        plan, tally = Action(ActionKind.MOVE, OLD, NEW, found.fingerprint), Tally(work.roots)
        tally.plan(plan)
        journal = record(
            [FolderFound(OLD.folder, work.storage.folder_facts(OLD.folder)), plan],
            lambda: create_journal(
                desk.state, run, RunKind.ORGANIZE, work.probe(run), command=(), now_ns=now
            ),
        )
        assert journal is not None
        execute(journal, work.storage, Rules(run), tally, Silent(), interrupts)


def test_it_goes_by_a_detour_and_comes_back(folding: MemoryDesk) -> None:
    """The spelling changes, the file is the same, and undo gives the old spelling back."""
    before, files = folding.tree(), folding.files()
    with folding.at_work():
        respell(folding)
        assert NEW.path in folding.tree()
        assert files == folding.files()
        folding.undo()

    assert before == folding.tree()


@pytest.mark.parametrize("how", ["crash-before", "crash-after"])
@pytest.mark.parametrize("doing", ["run", "undo"])
def test_it_may_die_at_any_step(folding: MemoryDesk, doing: str, how: str) -> None:
    """Whichever step it dies at, the detour's name is known, the file is there, undo is exact."""
    before, files, number, struck = folding.tree(), folding.files(), 1, 1
    while struck:
        if doing == "undo":
            with folding.at_work():
                respell(folding)
        work = folding.undo if doing == "undo" else lambda: respell(folding)
        with folding.at_work(f"*:{number}:{how}") as faults, suppress(Crash):
            work()
        struck, number = faults.struck, number + 1
        assert files == folding.files()
        with folding.at_work():
            folding.recover()
            if NEW.path in folding.tree():
                folding.undo()
        assert before == folding.tree(), f"step {number - 1}"
    assert number > 8

"""What comes back as something new is known by all runs of before, whatever number it gets."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from fileorg.journal.store import Journal
from fileorg.model.entry import Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, RunKind, RunState, Status
from fileorg.model.plan import Action, ActionKind, steps_in
from fileorg.pipeline.renumbered import Renumbered
from fileorg.pipeline.state import State
from tests.journal.making import ROOTS, SUMMARY, header
from tests.pipeline.memory import MemoryDesk

FIRST, PARENT = "20260101-000000-aaa", "20260101-000001-aaa"
FOLDER = Location(0, b"Images/2024")


def step(kind: ActionKind, inode: int) -> Action:
    """Return a step about the folder."""
    return Action(kind, FOLDER, FOLDER, Fingerprint(0, 0, 0, inode), "", Kind.FOLDER)


def ran(state: State, run: str, kind: RunKind, *steps: Action, made: int = 0) -> None:
    """Leave the journal of a run; its first step has *made* something of that number."""
    parent = "" if kind is RunKind.ORGANIZE else PARENT
    journal = Journal.create(state.journal_path(run), header(run, kind, parent), ROOTS)
    journal.record(steps)
    journal.planned()
    journal.advance(0, len(steps), [])
    outcomes = [Outcome(0, Status.DONE, inode=made)] if made else []
    journal.finish(RunState.FINISHED, outcomes, len(steps), SUMMARY)
    journal.close()


@pytest.fixture
def state(tmp_path: Path) -> State:
    """Return a state folder: a run left folder 1; another removed it, and was undone and redone."""
    found = State(tmp_path)
    found.prepare()
    remove, make = ActionKind.REMOVE_FOLDER, ActionKind.MAKE_FOLDER
    ran(found, FIRST, RunKind.ORGANIZE, step(make, 0), made=1)
    ran(found, PARENT, RunKind.ORGANIZE, step(remove, 1))
    ran(found, "20260101-000002-aaa", RunKind.UNDO, step(make, 1), made=2)
    ran(found, "20260101-000003-aaa", RunKind.REDO, step(remove, 2))
    # the disk gives the first number again, which is free
    ran(found, "20260101-000004-aaa", RunKind.UNDO, step(make, 2), made=1)
    return found


def now(state: State, inode: int, place: Location = FOLDER) -> int:
    """Return the number that the folder goes by, at a place, to the undo of the first run."""
    records = state.records()
    (since,) = (record for record in records if record.run == FIRST)
    roots = [held.root for held in ROOTS]
    found = Renumbered(state, records, since)
    taken = msgspec.structs.replace(step(ActionKind.REMOVE_FOLDER, inode), source=place)
    (numbered,) = steps_in(found.item(taken, roots))
    return numbered.fingerprint.inode


def test_a_number_that_is_given_again_is_followed_to_its_end(state: State) -> None:
    """Numbers are followed run by run, so that one that comes back leads round in no circle."""
    assert now(state, 1) == 1
    assert now(state, 7) == 7
    ran(state, "20260101-000005-aaa", RunKind.REDO, step(ActionKind.REMOVE_FOLDER, 1))
    ran(state, "20260101-000006-aaa", RunKind.UNDO, step(ActionKind.MAKE_FOLDER, 1), made=9)
    assert now(state, 1) == 9


def test_a_damaged_journal_tells_nothing(state: State) -> None:
    """What an unsound journal says of other numbers is not believed."""
    ran(state, "20260101-000005-aaa", RunKind.REDO, step(ActionKind.REMOVE_FOLDER, 1))
    ran(state, "20260101-000006-aaa", RunKind.UNDO, step(ActionKind.MAKE_FOLDER, 1), made=9)
    with closing(sqlite3.connect(state.journal_path("20260101-000006-aaa"))) as database:
        database.execute("UPDATE action SET size = 5")
        database.commit()
    assert now(state, 1) == 1


def test_what_an_undo_moved_meanwhile_is_known_where_it_is_now(tmp_path: Path) -> None:
    """A folder made, moved, removed and made again goes with the undo of the run that made it."""
    desk = MemoryDesk(tmp_path)
    desk.disk.put(Location(0, b"in/a.jpg"), b"a")
    desk.disk.put(Location(0, b"in/b.pdf"), b"b")
    with desk.at_work():
        before = desk.tree()
        runs = [
            desk.organize(mode="category_year", folders="recurse"),
            desk.organize(mode="size", folders="whole"),
            desk.organize(mode="extension", folders="recurse"),
        ]
        assert all(run.done for run in runs)
        for run in reversed(runs):
            desk.undo(run.run)
        assert desk.tree() == before


def test_what_lay_in_a_folder_that_was_moved_is_followed(state: State) -> None:
    """A new number is known at each place to which an undo brings it, itself or in a folder."""
    move, made = ActionKind.MOVE, ActionKind.MAKE_FOLDER
    outer, inner = Location(0, b"Pictures"), Location(0, b"Pictures/2024")
    mark = Fingerprint(0, 0, 0, 3)
    ran(state, "20260101-000005-aaa", RunKind.REDO, step(ActionKind.REMOVE_FOLDER, 1))
    ran(state, "20260101-000006-aaa", RunKind.UNDO, step(made, 1), made=9)
    away = Action(move, FOLDER.folder, outer, mark, "", Kind.FOLDER)
    ran(state, "20260101-000007-aaa", RunKind.REDO, away)
    assert now(state, 1, inner) == 9
    assert now(state, 1) == 9

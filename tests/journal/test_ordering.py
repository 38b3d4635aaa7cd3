"""Asking a journal for the orders of its plan while its run goes on."""

from contextlib import closing
from pathlib import Path

from fileorg.journal.files import connect, connect_beside
from fileorg.journal.ordering import in_order
from fileorg.model.entry import Fingerprint
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from tests.journal.making import create


def test_a_commit_does_not_wait_for_who_reads_the_plan(tmp_path: Path) -> None:
    """While a query of the plan is open beside it, a run commits, and the plan reads the same."""
    journal = create(tmp_path / "run.db")
    sizes = [(n * 7) % 1000 for n in range(1000)]
    for number, size in enumerate(sizes):
        place = Location(0, b"%d" % number)
        mark = Fingerprint(size, 0, 0, 1)
        journal.record([Action(ActionKind.MOVE, place, place, mark)])
    journal.planned()
    with closing(journal), closing(connect_beside(journal.path)) as beside:
        rows = beside.execute("SELECT seq FROM action")
        assert rows.fetchone() == (0,)
        with closing(connect(journal.path)) as other:
            other.execute("PRAGMA busy_timeout = 0")  # whoever is in the way is told of at once
            other.execute("BEGIN IMMEDIATE")
            other.execute("COMMIT")
        journal.advance(0, 1000, [Outcome(n, Status.FAILED, None, "why" * 99) for n in range(500)])
        assert [seq for (seq,) in rows] == list(range(1, 1000))
        found = in_order(beside, journal.folders(), "size")
        assert list(found) == sorted(range(1000), key=lambda n: (sizes[n], n))

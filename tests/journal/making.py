"""Journals for tests: made with a bit of everything in them."""

import datetime as dt
from pathlib import Path

from fileorg.journal.schema import Header, JournalRoot
from fileorg.journal.store import Journal, Row
from fileorg.model.entry import Fingerprint, FolderFacts, Kind, Skip
from fileorg.model.evidence import Basis, Dated, Facts
from fileorg.model.location import Location, Root
from fileorg.model.outcome import Outcome, RunKind, RunState, Status
from fileorg.model.plan import Action, ActionKind, FolderFound, FolderTime, Joint
from fileorg.model.reason import Reason
from fileorg.model.summary import Failure, FolderSum, RunSummary

RUN = "20261122-181934-k7q"
ROOTS = [
    JournalRoot(Root(b"/tmp/a \xff", 2**63 + 5, 2**64 - 1), "36", "rename"),
    JournalRoot(Root(b"/tmp/b", 2, 3), "", "placeholder"),
]
DATED = Dated(dt.datetime.fromisoformat("2019-07-04T12:00:01.000500"), "EXIF DateTimeOriginal")
MOMENT = Dated(dt.datetime(2019, 7, 4, 12, tzinfo=dt.UTC), "QuickTime creation time")
SUMMARY = RunSummary(
    RUN, RunKind.ORGANIZE, RunState.FINISHED, ("/tmp/a \\xff",), 5, 9, planned=7, done=5,
    folders=(FolderSum("Images", 3, 400, ("a.jpg",)),), failures=(Failure("x", "vanished"),),
)  # fmt: skip


def header(run: str = RUN, kind: RunKind = RunKind.ORGANIZE, parent: str = "") -> Header:
    """Return the header of a run."""
    return Header(run, kind, parent, ("fileorg", "organize"), 5, "UTC", "1", "boot", 0)


def move(number: int, kind: ActionKind = ActionKind.MOVE) -> Action:
    """Return the n-th of many moves."""
    return Action(
        kind,
        Location(0, b"folder-%d/file-%d" % (number // 10, number)),
        Location(number % 2, (b"Images/file-%d", b"Images/new-%d")[number % 3 == 1] % number),
        Fingerprint(number, 10**18 + number, 10**18 - number, 1000 + number),
        "Images",
    )


FACTS: list[Row] = [
    Facts(Basis.CONTENT, "image/jpeg", DATED, {"camera": "Ünï"}, "Photos"),
    move(12),
    Facts(date=MOMENT),
]
"""What the first of two moves is judged by, that move, and what the next one is judged by."""


def create(path: Path, run: str = RUN) -> Journal:
    """Begin a journal."""
    return Journal.create(path, header(run), ROOTS)


def planned(path: Path, count: int) -> Journal:
    """Return a journal with a plan of moves, ready to run."""
    journal = create(path)
    journal.record([move(number) for number in range(count)])
    journal.planned()
    return journal


def full(path: Path) -> Journal:
    """Return the journal of a run that has ended, with rows in every table."""
    journal = create(path)
    facts = FolderFacts(0o755, 1, 2, 10**18, 77, 5)
    folder = Location(0, b"folder-0")
    journal.record([
        Action(ActionKind.MAKE_FOLDER, Location(0, b"Images"), Location(0, b"Images"),
               Fingerprint(0, 0, 0, 0), "", Kind.FOLDER),
        FolderFound(folder, facts),
        FolderFound(Location(1, b""), facts),
        FolderTime(folder, 123),
        FolderTime(Location(1, b""), 124),
        Skip(folder, Reason.UNREADABLE, "permission denied"),
        Skip(Location(0, b"gone\xff"), Reason.VANISHED),
        *FACTS,
        *(move(number) for number in range(10)),
        Joint((move(10), move(11))),
    ])  # fmt: skip
    journal.planned()
    journal.advance(0, 5, [])
    journal.advance(5, 14, [Outcome(3, Status.FAILED, Reason.CHANGED, "it was edited")])
    outcomes = [Outcome(0, Status.DONE, inode=99), Outcome(7, Status.SKIPPED, Reason.TAKEN)]
    left_at = [(folder, 5), (Location(1, b""), 6)]
    journal.finish(RunState.FINISHED, outcomes, 14, SUMMARY, left_at)
    return journal

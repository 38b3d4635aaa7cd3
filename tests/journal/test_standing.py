"""What a step that was done should have left on the disk."""

import pytest

from fileorg.journal.standing import difference
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason

HERE, THERE = Location(0, b"a"), Location(0, b"Images/a")
MARK = Fingerprint(5, 100, 100, 7)


def entry(inode: int = 7, size: int = 5, kind: Kind = Kind.FILE) -> FileEntry:
    """Return what is found somewhere."""
    return FileEntry(THERE, kind, Fingerprint(size, 100, 200, inode))


FOLDER = entry(kind=Kind.FOLDER)
MOVES = [ActionKind.MOVE, ActionKind.QUARANTINE, ActionKind.RESTORE]
CASES = [
    *(
        (kind, source, target, expected)
        for kind in MOVES
        for source, target, expected in (
            (None, entry(), None),
            (None, None, Reason.VANISHED),
            (None, entry(inode=8), Reason.NOT_OURS),
            (None, entry(size=6), Reason.EDITED),
            (entry(9), entry(), Reason.TAKEN),
            (entry(9), entry(size=6), Reason.TAKEN),
            (entry(9), None, Reason.VANISHED),
        )
    ),
    (ActionKind.COPY, entry(9), entry(), None),
    (ActionKind.COPY, entry(9), entry(size=6), Reason.CHANGED),
    (ActionKind.COPY, entry(9), None, Reason.VANISHED),
    (ActionKind.COPY, None, entry(), Reason.SOURCE_GONE),
    (ActionKind.MAKE_FOLDER, FOLDER, FOLDER, None),
    (ActionKind.MAKE_FOLDER, None, None, Reason.VANISHED),
    (ActionKind.MAKE_FOLDER, entry(), entry(), Reason.BLOCKED_FOLDER),
    (ActionKind.REMOVE_FOLDER, None, None, None),
    (ActionKind.REMOVE_FOLDER, FOLDER, FOLDER, None),
    (ActionKind.REMOVE_FOLDER, entry(), entry(), Reason.BLOCKED_FOLDER),
    (ActionKind.REMOVE_COPY, None, entry(), None),
    (ActionKind.REMOVE_COPY, entry(), entry(), Reason.TAKEN),
]


@pytest.mark.parametrize(("kind", "source", "target", "expected"), CASES)
def test_what_differs(
    kind: ActionKind, source: FileEntry | None, target: FileEntry | None, expected: Reason | None
) -> None:
    """Each kind of step is held against what stands at its source and its target."""
    assert difference(Action(kind, HERE, THERE, MARK), None, source, target) is expected


def test_what_the_step_made_counts() -> None:
    """The inode that a step made, such as a copy's, is the one that is looked for."""
    action = Action(ActionKind.MOVE, HERE, THERE, MARK)
    made = Outcome(0, Status.DONE, inode=70)
    assert difference(action, made, None, entry(inode=70)) is None
    assert difference(action, made, None, entry()) is Reason.NOT_OURS


def test_what_is_in_a_folder_may_change() -> None:
    """A folder that moved as one is still the one, whatever became of what is in it."""
    action = Action(ActionKind.MOVE, HERE, THERE, MARK, "Images", Kind.FOLDER)
    assert difference(action, None, None, entry(size=4096, kind=Kind.FOLDER)) is None

"""How much a run carries over from disk to disk, from its rows."""

from pathlib import Path

import pytest

from fileorg.model.plan import ActionKind
from tests.journal.making import create, move


@pytest.mark.parametrize(
    ("kind", "begun", "expected"),
    [
        (ActionKind.MOVE, 0, 1 + 3 + 5),  # every other one leads to the other disk
        (ActionKind.MOVE, 2, 3 + 5),
        (ActionKind.COPY, 0, 1 + 2 + 3 + 4 + 5),
        (ActionKind.KEEP, 0, 0),
    ],
)
def test_bytes_to_carry(tmp_path: Path, kind: ActionKind, begun: int, expected: int) -> None:
    """Copies count, and moves between two disks, as far as they have not begun."""
    journal = create(tmp_path / "20261122-181934-k7q.db")
    journal.record([move(number, kind) for number in range(6)])
    journal.planned()
    journal.advance(0, begun, [])
    assert journal.bytes_to_carry() == expected
    journal.close()

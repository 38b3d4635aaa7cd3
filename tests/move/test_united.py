"""Moves that are made together or not at all."""

import pytest

from fileorg.errors import StorageError
from fileorg.model.location import Location
from fileorg.model.outcome import Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.move.acts import Rules
from fileorg.move.united import Step, move_united
from fileorg.storage.memory import MemoryStorage

NAMES = (b"u.cr2", b"u.jpg", b"u.xmp")
RUN, BACK = Rules("run"), Rules("run", rollback=True)


class Disk(MemoryStorage):
    """A disk that remembers what was renamed, and refuses one name as a full disk would."""

    def __init__(self) -> None:
        super().__init__()
        self.renamed: list[bytes] = []
        self.refused: tuple[bytes, Reason] | None = None

    def rename(self, source: Location, target: Location) -> None:
        """Rename, unless the target is refused."""
        if self.refused is not None and target.path == self.refused[0]:
            raise StorageError(self.refused[1])
        super().rename(source, target)
        self.renamed.append(target.path)


def steps_on(disk: Disk) -> list[Step]:
    """Put a unit on a disk, and return the steps that move it to another folder."""
    disk.make_folder(Location(0, b"to"), None)
    entries = [disk.put(Location(0, name), name) for name in NAMES]
    return [
        (7 + number, Action(ActionKind.MOVE, entry.location, Location(0, b"to/" + name),
                            entry.fingerprint))
        for number, (name, entry) in enumerate(zip(NAMES, entries, strict=True))
    ]  # fmt: skip


def test_all_move_where_all_are_as_they_were() -> None:
    """A plain success has no outcome to note."""
    disk = Disk()
    assert move_united(disk, steps_on(disk), RUN) == {7: None, 8: None, 9: None}
    assert disk.renamed == [b"to/" + name for name in NAMES]


@pytest.mark.parametrize("changed", NAMES)
def test_nothing_is_touched_where_one_has_changed(changed: bytes) -> None:
    """Every file is looked at before the first moves, so that none moves and comes back."""
    disk = Disk()
    steps = steps_on(disk)
    disk.put(Location(0, changed), b"edited")
    outcomes = move_united(disk, steps, RUN)

    assert disk.renamed == []
    told = {NAMES[seq - 7]: (o.status, o.reason) for seq, o in outcomes.items() if o is not None}
    assert told.pop(changed) == (Status.FAILED, Reason.CHANGED)
    assert set(told.values()) == {(Status.SKIPPED, Reason.UNIT)}


def test_those_before_a_failure_go_back() -> None:
    """Where a rename fails, what was renamed gets its old name, and the rest is not tried."""
    disk = Disk()
    steps = steps_on(disk)
    disk.refused = b"to/u.jpg", Reason.PERMISSION
    outcomes = move_united(disk, steps, RUN)

    assert disk.renamed == [b"to/u.cr2", b"u.cr2"]
    assert [o.reason for _, o in sorted(outcomes.items()) if o is not None] == [
        Reason.UNIT, Reason.PERMISSION, Reason.UNIT,
    ]  # fmt: skip
    assert sorted(disk.names(Location(0, b""))) == [b"to", *NAMES]


def test_a_full_disk_leaves_all_to_recovery() -> None:
    """What the whole disk refuses ends the run: what was done is done, the rest was not tried."""
    disk = Disk()
    steps = steps_on(disk)
    disk.refused = b"to/u.jpg", Reason.DISK_FULL
    outcomes = move_united(disk, steps, RUN)

    assert set(outcomes) == {7, 8}
    assert outcomes[7] is None
    assert disk.renamed == [b"to/u.cr2"]


def test_what_is_gone_holds_nobody_back_from_going_home() -> None:
    """Of a file that was deleted a roll back tells, and moves the others; a run moves none."""
    for rules, moved in ((BACK, 2), (RUN, 0)):
        disk = Disk()
        steps = steps_on(disk)
        disk.remove(Location(0, b"u.jpg"), disk.stat(Location(0, b"u.jpg")))
        gone = move_united(disk, steps, rules)[8]
        assert len(disk.renamed) == moved
        assert gone is not None
        assert gone.reason is Reason.VANISHED

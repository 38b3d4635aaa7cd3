"""What later runs have taken away and put back as something new: the numbers it goes by now.

A folder that is made again, and a file that went to another disk and came back, have another
inode than an earlier run has left. It is still what that run has moved or made, also where undos
of runs in between have moved it since.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress

import msgspec

from fileorg.errors import TamperedJournalError
from fileorg.journal.index import RunRecord
from fileorg.journal.rollback import INVERSE, done_test
from fileorg.journal.store import Journal
from fileorg.model.location import Root, overlap
from fileorg.model.outcome import FORWARD, RunState, Status
from fileorg.model.plan import Action, ActionKind, Joint
from fileorg.pipeline.state import State

_Known = tuple[bytes, int]
"""An absolute path, and the inode that was there."""


class Renumbered:
    """What has come back as something new since a run; empty, and free, for most of them."""

    def __init__(self, state: State, records: list[RunRecord], since: RunRecord) -> None:
        """Read the journals of the undos and redos of other runs after *since*."""
        self._turns: list[dict[_Known, int]] = []
        for later in sorted(records, key=lambda record: record.run):
            if _may_have_put_back(later, since):
                family = (r for r in records if later.parent in {r.run, r.parent})
                kin = [record for record in family if record.run < later.run]
                self._turns.append(_renumbered(state, kin, later, self._known()))

    def _known(self) -> dict[_Known, int]:
        """Return the number that each thing with a new one goes by now."""
        return {known: self._follow(*known) for turn in self._turns for known in turn}

    def _follow(self, path: bytes, inode: int) -> int:
        for turn in self._turns:  # one after the other: a disk gives a number that is free again
            inode = turn.get((path, inode), inode)
        return inode

    def item(self, item: Action | Joint, roots: list[Root]) -> Action | Joint:
        """Return a step, or steps that belong together, with the numbers of what they take."""
        if not self._turns:
            return item
        if isinstance(item, Joint):
            return Joint(tuple(self._step(action, roots) for action in item.actions))
        return self._step(item, roots)

    def _step(self, action: Action, roots: list[Root]) -> Action:
        """Return a step with the number that what it takes goes by now."""
        path = roots[action.source.root].absolute(action.source)
        inode = self._follow(path, action.fingerprint.inode)
        if inode == action.fingerprint.inode:
            return action
        mark = msgspec.structs.replace(action.fingerprint, inode=inode)
        return msgspec.structs.replace(action, fingerprint=mark)


def _may_have_put_back(later: RunRecord, since: RunRecord) -> bool:
    """Whether a run is an undo or redo of another one, in the same folders, and came after it."""
    return (
        later.run > since.run
        and later.kind not in FORWARD
        and later.parent not in {since.run, since.parent}
        and later.state is not RunState.PLANNING
        and not later.problem
        and overlap(later.roots, since.roots)
    )


def _renumbered(
    state: State, kin: list[RunRecord], later: RunRecord, known: dict[_Known, int]
) -> dict[_Known, int]:
    """Return the new numbers of what a run put back, by those that its *kin* took away.

    Those *known* before are there, too, by where the run has moved them. A journal that is not as
    it was written tells nothing.
    """
    found: dict[_Known, int] = {}
    with suppress(TamperedJournalError), closing(state.open(later.run)) as journal:
        journal.verify()
        found |= _carried(journal, known)
        made, kinds = _made(journal)
        for record in kin if made else ():
            with suppress(TamperedJournalError), closing(state.open(record.run)) as taken:
                taken.verify()
                for path, inode in _taken(taken, kinds):
                    if made.get(path, inode) != inode:
                        found[path, inode] = made[path]
    return found


def _carried(journal: Journal, known: dict[_Known, int]) -> dict[_Known, int]:
    """Return the numbers of what a run has moved, itself or with a folder, by the new places."""
    found: dict[_Known, int] = {}
    moved = _moved(journal, {place for path, _ in known for place in _upwards(path)})
    for (path, inode), now in known.items():
        for place in _upwards(path):
            if place in moved:
                found[moved[place] + path[len(place) :], inode] = now
                break
    return found


def _moved(journal: Journal, places: set[bytes]) -> dict[bytes, bytes]:
    """Return where a run has moved what was at some *places*; most often there are none."""
    if not places:
        return {}
    roots = [held.root for held in journal.roots()]
    was_done = done_test(journal.outcomes(), journal.progress().high)
    moved: dict[bytes, bytes] = {}
    for seq, action in journal.of_kind(ActionKind.MOVE):
        source = roots[action.source.root].absolute(action.source)
        if source in places and was_done(seq):
            moved[source] = roots[action.target.root].absolute(action.target)
    return moved


def _upwards(path: bytes) -> Iterator[bytes]:
    """Yield a path and the folders that it lies in, the nearest first."""
    while path.strip(b"/"):
        yield path
        path = path.rpartition(b"/")[0]


def _made(journal: Journal) -> tuple[dict[bytes, int], set[ActionKind]]:
    """Return what a run made by the paths, and the kinds of steps that had taken it away."""
    roots = [held.root for held in journal.roots()]
    made: dict[bytes, int] = {}
    kinds: set[ActionKind] = set()
    for seq, outcome in journal.outcomes().items():
        if outcome.status is Status.DONE and outcome.inode:
            for _, action in journal.between(seq, seq + 1):
                made[roots[action.target.root].absolute(action.target)] = outcome.inode
                kinds.add(INVERSE[action.kind])
    return made, kinds


def _taken(journal: Journal, kinds: Iterable[ActionKind]) -> Iterator[_Known]:
    """Yield where a run took something away by steps of some kinds, and what it was."""
    roots = [held.root for held in journal.roots()]
    for kind in kinds:
        for _, action in journal.of_kind(kind):
            yield roots[action.source.root].absolute(action.source), action.fingerprint.inode

"""What later runs have taken away and put back as something new: the numbers it goes by now.

A folder that is made again, and a file that went to another disk and came back, have another
inode than an earlier run has left. It is still what that run has moved or made.
"""

from collections.abc import Iterator
from contextlib import closing

import msgspec

from fileorg.journal.index import RunRecord
from fileorg.journal.schema import PLAN_CHUNK
from fileorg.journal.store import Journal
from fileorg.model.location import Root
from fileorg.model.outcome import FORWARD, RunState, Status
from fileorg.model.plan import Action, Joint
from fileorg.pipeline.lineage import overlap
from fileorg.pipeline.state import State

_Known = tuple[bytes, int]
"""An absolute path, and the inode that was there."""


class Renumbered:
    """What has come back as something new since a run; empty, and free, for most of them."""

    def __init__(self, state: State, records: list[RunRecord], since: RunRecord) -> None:
        """Read the journals of the undos and redos of other runs after *since*."""
        self._now: dict[_Known, int] = {}
        for later in sorted(records, key=lambda record: record.run):
            if (
                later.run > since.run
                and later.kind not in FORWARD
                and later.parent not in {since.run, since.parent}
                and later.state is not RunState.PLANNING
                and not later.problem
                and overlap(later.roots, since.roots)
            ):
                self._read(state, records, later)

    def item(self, item: Action | Joint, roots: list[Root]) -> Action | Joint:
        """Return a step, or steps that belong together, with the numbers of what they take."""
        if not self._now:
            return item
        if isinstance(item, Joint):
            return Joint(tuple(self._step(action, roots) for action in item.actions))
        return self._step(item, roots)

    def _step(self, action: Action, roots: list[Root]) -> Action:
        """Return a step with the number that what it takes goes by now."""
        path, inode = roots[action.source.root].absolute(action.source), action.fingerprint.inode
        while (now := self._now.get((path, inode))) is not None:
            inode = now
        if inode == action.fingerprint.inode:
            return action
        mark = msgspec.structs.replace(action.fingerprint, inode=inode)
        return msgspec.structs.replace(action, fingerprint=mark)

    def _read(self, state: State, records: list[RunRecord], later: RunRecord) -> None:
        with closing(state.open(later.run)) as journal:
            made = dict(_made(journal))
        for record in records if made else ():
            is_kin = later.parent in {record.run, record.parent}
            if is_kin and record.run < later.run and not record.problem:
                with closing(state.open(record.run)) as journal:
                    self._match(journal, made)

    def _match(self, journal: Journal, made: dict[bytes, int]) -> None:
        """Note what stood where something was *made*, when a run took it from there."""
        for path, _, action in _steps(journal, of_source=True):
            before = action.fingerprint.inode
            now = made.get(path, before)
            if now != before:
                self._now[path, before] = now


def _made(journal: Journal) -> Iterator[_Known]:
    """Yield what a run made, and is known by another number than what it was made of."""
    outcomes = journal.outcomes()
    for path, seq, _ in _steps(journal, of_source=False):
        outcome = outcomes.get(seq)
        if outcome is not None and outcome.status is Status.DONE and outcome.inode:
            yield path, outcome.inode


def _steps(journal: Journal, *, of_source: bool) -> Iterator[tuple[bytes, int, Action]]:
    """Yield the steps of a run, each with the absolute path of its source, or of its target."""
    roots = [held.root for held in journal.roots()]
    for low in range(0, journal.progress().actions, PLAN_CHUNK):
        for seq, action in journal.between(low, low + PLAN_CHUNK):
            place = action.source if of_source else action.target
            yield roots[place.root].absolute(place), seq, action

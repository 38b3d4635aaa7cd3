"""What a command asks of the servers of buckets, put into its sums; no journal keeps it.

An interrupted run and the one that finishes it are two commands, and each tells of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, TypeVar

import msgspec

from fileorg.errors import FileorgError
from fileorg.model.location import Root
from fileorg.model.plan import Action, Joint, steps_in
from fileorg.model.requests import Prices, Requests
from fileorg.model.summary import RunSummary
from fileorg.pipeline.state import State
from fileorg.pipeline.workspace import Workspace
from fileorg.storage.locks import lockable

if TYPE_CHECKING:
    from fileorg.storage.s3.copying import Way
    from fileorg.storage.s3.foreseen import Forecast

_Item = TypeVar("_Item")


def with_requests(
    summary: RunSummary,
    work: Workspace,
    prices: Prices | None = None,
    foresight: "Foreseen | None" = None,
) -> RunSummary:
    """Return the sums with the requests so far; as they are where all is on local disks.

    With *foresight*, of a dry run, also with what the run would ask, for it plans the same first.
    """
    if not work.is_remote:
        return summary
    asked = work.requests
    summary = msgspec.structs.replace(summary, requests=asked)
    if foresight is not None:
        expected = foresight.requests(asked)
        summary = msgspec.structs.replace(summary, expected_requests=expected)
    return priced(summary, lambda: prices)


def after(earlier: RunSummary, summary: RunSummary) -> RunSummary:
    """Return the sums of the second half of a command, with the requests of both."""
    if not isinstance(earlier.requests, Requests) or not isinstance(summary.requests, Requests):
        return summary
    return msgspec.structs.replace(summary, requests=earlier.requests + summary.requests)


def priced(summary: RunSummary, prices: Callable[[], Prices | None]) -> RunSummary:
    """Return the sums with what the requests cost; *prices* are found only if there are any."""
    asked, expected = summary.requests, summary.expected_requests
    found = prices() if isinstance(asked, Requests) else None
    if isinstance(asked, Requests):
        summary = msgspec.structs.replace(summary, requests=asked.priced(found))
    if isinstance(expected, Requests):
        summary = msgspec.structs.replace(summary, expected_requests=expected.priced(found))
    return summary


class Foreseen:
    """What the plan of a dry run would ask of buckets, which is nothing where there are none.

    How a bucket keeps from overwriting is as a run found out before, else as is usual there. Where
    a preview looks at more than a run does, *planning* is what a run asks before the first step.
    """

    def __init__(
        self,
        state: State,
        roots: Sequence[Root],
        again: bool = False,
        planning: Requests | None = None,
    ) -> None:
        self._planning = planning
        self._forecast = _forecast(state, roots, again=again)

    def see(self, item: object) -> None:
        """Take in one item of a plan."""
        if self._forecast is not None and isinstance(item, Action | Joint):
            for step in steps_in(item):
                self._forecast.see(step)

    def seen(self, plan: Iterable[_Item]) -> Iterator[_Item]:
        """Return a plan that is taken in as it passes; as it is where nothing is asked for."""
        return iter(plan) if self._forecast is None else self._watched(plan)

    def _watched(self, plan: Iterable[_Item]) -> Iterator[_Item]:
        for item in plan:
            self.see(item)
            yield item

    def requests(self, asked: Requests) -> Requests:
        """Return what a run would ask that plans what this one has *asked* for."""
        planning = asked if self._planning is None else self._planning
        return planning if self._forecast is None else planning + self._forecast.requests()


def _forecast(state: State, roots: Sequence[Root], *, again: bool) -> "Forecast | None":
    if not any(root.reach for root in roots):
        return None
    from fileorg.storage.s3.foreseen import Forecast

    return Forecast(roots, _ways(state, roots), again=again)


def _ways(state: State, roots: Sequence[Root]) -> dict[int, "Way"]:
    """Return how each bucket keeps from overwriting, by its device."""
    from fileorg.storage.s3.copying import Way
    from fileorg.storage.s3.foreseen import usual_way

    ways: dict[int, Way] = {}
    for root in roots:
        if root.reach and root.device not in ways:
            known = _found_out(state, root)
            ways[root.device] = Way(known) if known in {*Way} else usual_way(root.reach)
    return ways


def _found_out(state: State, root: Root) -> str:
    """Return the way that the newest run in a bucket found; empty where there was none."""
    with suppress(FileorgError):
        for record in state.records():
            if lockable(root.path) in map(lockable, record.roots) and not record.problem:
                with closing(state.view(record.run)) as journal:
                    ways = [held.way for held in journal.roots() if held.root.device == root.device]
                if ways:
                    return ways[0]
    return ""

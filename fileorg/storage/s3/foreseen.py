"""How many requests steps on buckets will take: an estimate by what they took on servers (pure).

Tries that fail, steps that fail, and what is told in answers but content are not in it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from fileorg.errors import StorageUnavailableError
from fileorg.model.location import Root
from fileorg.model.plan import Action, ActionKind
from fileorg.model.requests import NO_REQUESTS, Requests
from fileorg.storage.s3.copying import LARGEST_COPY, Way
from fileorg.storage.s3.endpoints import read
from fileorg.storage.s3.likeness import BLOCK
from fileorg.storage.s3.parts import ranges
from fileorg.storage.s3.reading import ASKED
from fileorg.storage.s3.removal import MOST
from fileorg.storage.s3.writing import PART

PROBING: Final = {
    Way.IF_NONE_MATCH: Requests(head=2, get=3, put=4, copy=1, delete=6),
    Way.R2: Requests(get=1, put=5, copy=2, delete=4),
    Way.MULTIPART: Requests(head=2, get=1, put=9, copy=3, delete=4),
    Way.HEAD: Requests(head=2, put=8, copy=3, delete=4),
}
"""What it takes to find out how a bucket keeps from overwriting."""

_STAYS: Final = {ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER}
_TOGETHER: Final = {ActionKind.MOVE, ActionKind.SET_ASIDE}
_LOOKED_AT, _TAGS = Requests(head=1), Requests(get=1)


def usual_way(kept: str) -> Way:
    """Return what a bucket is taken for that no run knows: the dearest, but at AWS and at R2.

    *kept* is what a journal would keep of its endpoint.
    """
    try:
        service = read(kept).service
    except StorageUnavailableError:
        return Way.HEAD
    return {"aws": Way.IF_NONE_MATCH, "r2": Way.R2}.get(service, Way.HEAD)


def copied(way: Way, size: int) -> Requests:
    """Return what a copy by the server takes."""
    if way is not Way.MULTIPART and size <= LARGEST_COPY:
        return Requests(head=3 if way is Way.HEAD else 2, copy=1)
    if not size:
        return Requests(head=3, get=1, put=1)
    return Requests(head=4, get=1, put=2, copy=sum(1 for _ in ranges(size)))


def written(size: int) -> Requests:
    """Return what an object takes that is sent."""
    puts = 1 if size < PART else 2 + -(-size // PART)
    return Requests(head=2, put=puts, sent=size)


def read_whole(size: int) -> Requests:
    """Return what it takes to read all of an object."""
    return Requests(head=1, get=-(-size // ASKED), received=size)


def fetched(size: int) -> Requests:
    """Return what an object takes that is looked at, read, and looked at again."""
    return read_whole(size) + _LOOKED_AT + _LOOKED_AT


def compared(size: int) -> Requests:
    """Return what an object takes that is compared with others, and looked at afterwards."""
    looks = Requests(head=2 if size else 1)
    return looks + Requests(get=-(-size // BLOCK), received=size)


def removed(way: Way, *, seen: bool = True) -> Requests:
    """Return what a removal by itself takes, of an object that was just *seen* or was not."""
    is_looked_at = way is not Way.IF_NONE_MATCH or not seen
    return Requests(head=int(is_looked_at), delete=1)


class Forecast:
    """The sums of the steps of a plan over *roots*, with the *ways* of buckets by their device.

    In a plan that does something *again* each object is looked at once more.
    """

    def __init__(
        self, roots: Sequence[Root], ways: Mapping[int, Way], *, again: bool = False
    ) -> None:
        self._ways = [ways[root.device] if root.reach else None for root in roots]
        self._devices = [root.device for root in roots]
        self._reach = [root.reach for root in roots]
        self._probing = sum((PROBING[way] for way in ways.values()), NO_REQUESTS)
        self._again = again
        self._sum = self._kept = NO_REQUESTS
        self._together: Counter[int] = Counter()
        self._is_empty = True

    def see(self, step: Action) -> None:
        """Take in one step."""
        self._is_empty = False
        if step.kind not in _STAYS:
            self._sum += self._of(step)

    def requests(self) -> Requests:
        """Return what all of it takes; without a step nothing is tried either."""
        deletes = sum(-(-many // MOST) for many in self._together.values())
        return (
            NO_REQUESTS if self._is_empty else self._sum + self._probing + Requests(delete=deletes)
        )

    def _of(self, step: Action) -> Requests:
        source, target = step.source.root, step.target.root
        here, there, size = self._ways[source], self._ways[target], step.fingerprint.size
        if step.kind is ActionKind.KEEP:
            self._kept = compared(size) + _LOOKED_AT * self._again
            return NO_REQUESTS
        if step.kind is ActionKind.REMOVE_COPY:
            return self._removal(step, here, there)
        if here is not None and there is not None and self._reach[source] == self._reach[target]:
            return self._copied(step, here, there)
        if here is not None and there is not None:
            carried = written(size) + read_whole(size) + _LOOKED_AT + _TAGS
            return carried + self._taken_away(step, here)
        total = NO_REQUESTS if there is None else written(size)
        if here is not None:
            total += fetched(size)
            if step.kind is not ActionKind.COPY:
                total += removed(here, seen=False)
        return total

    def _removal(self, step: Action, here: Way | None, there: Way | None) -> Requests:
        """Return what it takes to see that the original is there, and to remove the copy."""
        total = NO_REQUESTS if here is None else removed(here, seen=False)
        is_compared = self._reach[step.source.root] != self._reach[step.target.root]
        for _ in filter(None, (here, there)):
            total += _LOOKED_AT
            if is_compared:
                total += read_whole(step.fingerprint.size)
        return total

    def _copied(self, step: Action, here: Way, there: Way) -> Requests:
        """Return what it takes where a server copies, in one of its buckets or between two."""
        total = copied(there, step.fingerprint.size) + _LOOKED_AT * self._again
        if step.kind is ActionKind.SET_ASIDE:
            total += compared(step.fingerprint.size) + self._kept
            self._kept = NO_REQUESTS  # it is read once, with all beside it
        return total + self._taken_away(step, here)

    def _taken_away(self, step: Action, here: Way) -> Requests:
        """Return what it takes to remove what was copied from bucket to bucket."""
        if step.kind is ActionKind.COPY:
            return NO_REQUESTS
        if step.kind in _TOGETHER and here is Way.IF_NONE_MATCH:
            self._together[self._devices[step.source.root]] += 1
            return NO_REQUESTS
        return removed(here)

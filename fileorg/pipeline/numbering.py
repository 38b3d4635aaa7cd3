"""Putting files back beside what has taken their place, under the next free number."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import count, takewhile

import msgspec

from fileorg.errors import StorageError
from fileorg.journal.in_force import InForce
from fileorg.model.entry import Kind
from fileorg.model.location import Location
from fileorg.model.names import split_extension
from fileorg.model.plan import Action, ActionKind, Joint, steps_in
from fileorg.pipeline.foresight import Occupied
from fileorg.plan.naming import folded, next_number, shared_stem
from fileorg.storage.base import ReadableStorage

_MOVED = (ActionKind.MOVE, ActionKind.QUARANTINE, ActionKind.SET_ASIDE)


class Numbering:
    """Finds names that nobody has and that no other step puts a file back to."""

    def __init__(self, forces: Sequence[InForce], storage: ReadableStorage) -> None:
        self._forces = forces
        self._storage = storage
        self._occupied = Occupied(forces, storage)
        self._names: dict[Location, set[bytes]] = {}

    def around_taken(self, items: Iterable[Action | Joint]) -> Iterator[Action | Joint]:
        """Yield the steps, those to a taken place last of the files and to a name of their own.

        A unit gets one number. One with a folder in it can't have another name, and stays.
        """
        waiting: list[Action | Joint] = []
        for item in items:
            if isinstance(item, Action) and item.kind is ActionKind.REMOVE_FOLDER:
                yield from self._renamed(waiting)
                waiting.clear()
            holders = [self._occupied.holder(step) for step in steps_in(item)]
            if not any(holders) or not _may_be_renamed(item):
                yield item
            else:
                waiting.append(item)
        yield from self._renamed(waiting)

    def _renamed(self, waiting: Sequence[Action | Joint]) -> Iterator[Action | Joint]:
        steps = [step for item in waiting for step in steps_in(item)]
        missing = {step.target.folder for step in steps} - self._names.keys()
        self._names |= {folder: set(self._listed(folder)) for folder in missing}
        for force in self._forces if missing else ():
            for kind in _MOVED:
                for _, action in force.journal.of_kind(kind):
                    if action.source.folder in missing:
                        self._names[action.source.folder].add(self._key(action.source))
        for item in waiting:
            if isinstance(item, Joint):
                free = self._free(item.actions[0].target.folder, partial(self._together, item))
                pairs = zip(item.actions, free, strict=True)
                yield Joint(tuple(_to(step, place) for step, place in pairs))
            else:
                (place,) = self._free(item.target.folder, partial(self._alone, item))
                yield _to(item, place)

    def _free(
        self, folder: Location, names: Callable[[int], Sequence[bytes]]
    ) -> Sequence[Location]:
        """Return the places for the first number of which none is taken."""
        for number in count(1):
            places = [folder.below(name) for name in names(number)]
            keys = set(map(self._key, places))
            if self._names[folder].isdisjoint(keys):
                self._names[folder] |= keys
                return places
        raise AssertionError  # there is always another number

    def _alone(self, step: Action, number: int) -> Sequence[bytes]:
        able, whole = self._storage.capabilities(step.target.root), step.entry_kind is Kind.FOLDER
        return [next_number(step.target.name, number, able, folder=whole)]

    def _together(self, unit: Joint, number: int) -> Sequence[bytes]:
        """Return the names of a unit with a number behind what all of them begin with."""
        able = self._storage.capabilities(unit.actions[0].target.root)
        names = [step.target.name for step in unit.actions]
        stem = _beginning([split_extension(names[0])[0], *names])
        tails = [name[len(stem) :] for name in names]
        return [shared_stem(stem, number, tails, able) + tail for tail in tails]

    def _listed(self, folder: Location) -> Iterator[bytes]:
        try:
            for name in self._storage.names(folder):
                yield self._key(folder.below(name))
        except StorageError:
            return  # what is put back there will say so

    def _key(self, place: Location) -> bytes:
        folds = self._storage.capabilities(place.root).case_insensitive
        return folded(place.name) if folds else place.name


def _to(step: Action, place: Location) -> Action:
    return msgspec.structs.replace(step, target=place)


def _beginning(names: Sequence[bytes]) -> bytes:
    """Return what all names begin with."""
    first, last = min(names), max(names)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return first[: sum(1 for _ in same)]


def _may_be_renamed(item: Action | Joint) -> bool:
    if isinstance(item, Action):
        return True
    folders = {step.target.folder for step in item.actions}
    return len(folders) == 1 and all(step.entry_kind is not Kind.FOLDER for step in item.actions)

"""Putting files back beside what has taken their place, under the next free number."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import msgspec

from fileorg.errors import StorageError
from fileorg.journal.in_force import InForce
from fileorg.model.entry import Kind
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind
from fileorg.pipeline.foresight import Occupied
from fileorg.plan.naming import folded, next_number
from fileorg.storage.base import ReadableStorage

_MOVED = (ActionKind.MOVE, ActionKind.QUARANTINE, ActionKind.SET_ASIDE)


class Numbering:
    """Finds names that nobody has and that no other step puts a file back to."""

    def __init__(self, forces: Sequence[InForce], storage: ReadableStorage) -> None:
        self._forces = forces
        self._storage = storage
        self._occupied = Occupied(forces, storage)
        self._names: dict[Location, set[bytes]] = {}

    def around_taken(self, steps: Iterable[Action]) -> Iterator[Action]:
        """Yield the steps, those to a taken place last of the files and to a name of their own."""
        waiting: list[Action] = []
        for step in steps:
            if step.kind is ActionKind.REMOVE_FOLDER:
                yield from self._renamed(waiting)
                waiting.clear()
            if self._occupied.holder(step) is None:
                yield step
            else:
                waiting.append(step)
        yield from self._renamed(waiting)

    def _renamed(self, waiting: Sequence[Action]) -> Iterator[Action]:
        missing = {step.target.folder for step in waiting} - self._names.keys()
        self._names |= {folder: set(self._listed(folder)) for folder in missing}
        for force in self._forces if missing else ():
            for kind in _MOVED:
                for _, action in force.journal.of_kind(kind):
                    if action.source.folder in missing:
                        self._names[action.source.folder].add(self._key(action.source))
        for step in waiting:
            yield msgspec.structs.replace(step, target=self._free(step))

    def _free(self, step: Action) -> Location:
        folder, name = step.target.folder, step.target.name
        able = self._storage.capabilities(folder.root)
        for number in count(1):
            whole = step.entry_kind is Kind.FOLDER
            place = folder.below(next_number(name, number, able, folder=whole))
            if self._key(place) not in self._names[folder]:
                self._names[folder].add(self._key(place))
                return place
        raise AssertionError  # there is always another number

    def _listed(self, folder: Location) -> Iterator[bytes]:
        try:
            for name in self._storage.names(folder):
                yield self._key(folder.below(name))
        except StorageError:
            return  # what is put back there will say so

    def _key(self, place: Location) -> bytes:
        folds = self._storage.capabilities(place.root).case_insensitive
        return folded(place.name) if folds else place.name

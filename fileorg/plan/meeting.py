"""Single files at a target: none becomes a part of what it does not belong to (pure)."""

from functools import partial

from fileorg.model.entry import FileEntry, Kind
from fileorg.plan.rest import Rest
from fileorg.plan.shelf import Shelf
from fileorg.plan.surroundings import Surroundings

_FILE = Kind.FILE


class Meeting:
    """Says whether a name that is free is one for a file by itself.

    A name that is given must join nothing. One that a file had already may come to that of another
    file that is single: they are a unit from then on. But that one must not be on its way.
    """

    def __init__(self, rest: Rest, around: Surroundings) -> None:
        self._rest = rest
        self._around = around

    def is_of_others(self, entry: FileEntry, own_name: bytes, shelf: Shelf, name: bytes) -> bool:
        """Whether a file would be told to belong to a unit on a shelf, or part one."""
        is_kept = name == own_name
        if (is_kept and not shelf.has_company) or entry.kind is not _FILE:
            return False
        if shelf.is_alone(name):
            return False
        may_meet = partial(self._is_at_home, shelf) if is_kept else None
        return bool(shelf.strangers((name,), (entry.location,), may_meet=may_meet))

    def _is_at_home(self, shelf: Shelf, name: bytes) -> bool:
        if not shelf.was_there(name):
            return True
        holder = self._around.entry(shelf.holder_of(name))
        return holder is None or not self._rest.wants_away(holder)

"""Whether a file is where the layout wants it, or would be after its move (pure)."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from fileorg.errors import UsageError
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import text
from fileorg.model.plan import Classified
from fileorg.plan.layout import Layout
from fileorg.plan.naming import is_numbered_form
from fileorg.plan.places import Home, Places
from fileorg.plan.shelf import Shelf
from fileorg.plan.surroundings import Surroundings


class Classify(Protocol):
    """Says what an entry is."""

    def __call__(self, entry: FileEntry, was: Classified | None = None) -> Classified:
        """Return an entry with its category; *was* is the file as it is now, if it is to move."""


class Rest:
    """Plans a file as it stands, or as it would stand, to see whether it stays."""

    def __init__(
        self,
        layouts: Sequence[Layout],
        places: Places,
        classify: Classify,
        around: Surroundings,
    ) -> None:
        self._layouts = layouts
        self._places = places
        self._classify = classify
        self._around = around

    def is_home(self, item: Classified, own_name: bytes, shelf: Shelf, name: bytes) -> bool:
        """Whether a file in a folder of the shelf's path is on the shelf, by name or by number."""
        entry = item.entry
        if entry.location.root != shelf.root:
            return False
        return self._layouts[item.layout].keeps_name or is_numbered_form(
            own_name, name, shelf.able, folder=entry.kind is Kind.FOLDER
        )

    def wants_away(self, entry: FileEntry, *, by_name: bool = True) -> bool:
        """Whether the layout wants a file elsewhere; not *by_name*: in another folder.

        A companion goes where its main file goes.
        """
        entry = self._around.main_of(entry)
        location = entry.location
        if not self._places.is_in_a_source(location):
            return False
        item = self._classify(entry)
        origin = self._places.origin_of(location)
        try:
            shelf, name = self._places.place(item, location.name, origin)
        except ValueError:
            return False
        if shelf.location != location.folder:
            return True
        return by_name and not self.is_home(item, location.name, shelf, name)

    def check(self, item: Classified, home: Home, shelf: Shelf, name: bytes) -> None:
        """Plan a target once more as a source; `UsageError` if it would not stay there."""
        entry = item.entry
        target = shelf.location.below(name)
        there = FileEntry(target, entry.kind, entry.fingerprint, entry.links)
        moved = msgspec.structs.replace(item, entry=there)
        if entry.kind is not Kind.FOLDER:
            moved = self._classify(there, item)
        again, last = self._places.place_again(moved, home)
        if again is shelf and self.is_home(moved, name, again, last):
            return
        layout = self._layouts[item.layout]
        raise UsageError(
            f"template {layout.template!r} never comes to rest: "
            f"{layout.changing_field()} would turn {text(entry.location.path)!r} into "
            f"{text(target.path)!r} and that into {text(again.prefix + last)!r}",
            "use a template that keeps {name}, or one whose result does not depend on the name",
        )

"""Whether a file is where the layout wants it, or would be after its move (pure)."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from fileorg.errors import UsageError
from fileorg.model.entry import FileEntry, Kind, Settled, Skip
from fileorg.model.location import text
from fileorg.model.plan import Classified
from fileorg.plan.layout import Layout
from fileorg.plan.naming import is_numbered_form
from fileorg.plan.places import Home, Origin, Places
from fileorg.plan.rendering import Subject
from fileorg.plan.shelf import Shelf
from fileorg.plan.surroundings import Surroundings


class Classify(Protocol):
    """Says what an entry is."""

    def __call__(self, entry: FileEntry, was: Classified | None = None) -> Classified | Skip:
        """Return an entry with its category; *was* is the file as it is now, if it is to move.

        What is left alone is a `Skip`.
        """


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
        placed = self._placed(entry, self._places.origin_of(location))
        if placed is None:
            return False
        item, shelf, name = placed
        if shelf.location != location.folder:
            return True
        return by_name and not self.is_home(item, location.name, shelf, name)

    def are_home(self, files: Settled) -> bool:
        """Whether files known by their names alone are where the layout wants them.

        One of them tells of all: they are of one category, and the layout goes by that alone.
        """
        entry, origin = self._around.entry(files.location), self._places.origin_of(files.location)
        placed = None if entry is None or origin.blocking else self._placed(entry, origin)
        if placed is None:
            return False
        item, shelf, name = placed
        return shelf.location == files.folder and self.is_home(item, files.names[0], shelf, name)

    def _placed(self, entry: FileEntry, origin: Origin) -> tuple[Classified, Shelf, bytes] | None:
        """Return what a file is and where the layout wants it, None where that is nowhere."""
        item = self._classify(entry)
        if isinstance(item, Skip):
            return None
        try:
            return item, *self._places.place(item, entry.location.name, origin)
        except ValueError:
            return None

    def stays(self, item: Classified, home: Home, shelf: Shelf, name: bytes) -> bool:
        """Whether a file would stay at its target if that were planned once more as a source."""
        moved = self._moved(item, shelf, name)
        return isinstance(moved, Skip) or self._next(moved, home, shelf) is None

    def check(self, item: Classified, home: Home, shelf: Shelf, name: bytes) -> None:
        """Do as `stays`; `UsageError` if it would not."""
        moved = self._moved(item, shelf, name)
        beyond = None if isinstance(moved, Skip) else self._next(moved, home, shelf)
        if isinstance(moved, Skip) or beyond is None:
            return
        layout, rule, next_rule = self._layouts[item.layout], _rule_of(item), _rule_of(moved)
        before, there = text(item.entry.location.path), text(moved.entry.location.path)
        if rule == next_rule:
            of_rule = f"rule {rule!r}: " if rule else ""
            field = layout.changing_field(*(self._subject(layout, one) for one in (item, moved)))
            is_named = field in {"{name}", "{stem}", "{ext}"}
            remedy = "call files {name}, nothing more" if is_named else f"leave {field} out"
            raise UsageError(
                f"{of_rule}template {layout.template!r} never comes to rest: "
                f"{field} would turn {before!r} into {there!r} and that into "
                f"{text(beyond)!r}",
                f"{remedy}, or sort into another folder with --into",
            )
        raise UsageError(
            f"{_by(rule)} would turn {before!r} into {there!r}, and then {_by(next_rule)} that "
            f"into {text(beyond)!r}: it never comes to rest",
            "let the rules hold for the result, too, or use --into",
        )

    def _next(self, moved: Classified, home: Home, shelf: Shelf) -> bytes | None:
        """Return where a file on a shelf would go next, None if it stays."""
        again, last = self._places.place_again(moved, home)
        if again is shelf and self.is_home(moved, moved.entry.location.name, again, last):
            return None
        return again.prefix + last

    def _subject(self, layout: Layout, item: Classified) -> Subject:
        location = item.entry.location
        parent = location.folder.name or self._around.root_name(location.root)
        return layout.subject(item, location.name, parent)

    def _moved(self, item: Classified, shelf: Shelf, name: bytes) -> Classified | Skip:
        """Return a file as it would be judged on a shelf."""
        entry = item.entry
        there = FileEntry(shelf.location.below(name), entry.kind, entry.fingerprint, entry.links)
        if entry.kind is Kind.FOLDER:
            return msgspec.structs.replace(item, entry=there)
        return self._classify(there, item)


def _rule_of(item: Classified) -> str:
    return "" if item.facts is None else item.facts.rule


def _by(rule: str) -> str:
    return f"rule {rule!r}" if rule else "the layout without a rule"

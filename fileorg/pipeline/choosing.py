"""Which files of a run are taken back, where not all of them are."""

import os
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from fileorg.config.convert import nearest
from fileorg.config.globs import as_pattern_text, patterns
from fileorg.errors import UsageError
from fileorg.model.entry import Kind
from fileorg.model.location import QUARANTINE, Location, Root, is_below, is_remote, shown
from fileorg.model.plan import Action, ActionKind, NotChosen

_REDUNDANT = {ActionKind.SET_ASIDE, ActionKind.LINK, ActionKind.CLONE}
"""Of these files only the old path counts: what stands there belongs to it."""


class Choice(msgspec.Struct, frozen=True):
    """What a partial undo asks for. A file has to meet each kind of condition that is given.

    *only* are globs for the path below its root, *files* absolute paths; either may be the path
    that a file has now or the one it had.
    """

    only: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    files: tuple[bytes, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether nothing is asked for, so that all is meant."""
        return self == Choice()


class Chooser:
    """Judges the steps of a run, and keeps in mind which folders they leave and which they need.

    Ask of folders when all files have been judged.
    """

    def __init__(self, choice: Choice, roots: Sequence[Root], replaced: Iterable[Location]) -> None:
        self._categories = frozenset(choice.categories)
        try:
            self._globs = patterns(choice.only)
        except ValueError as error:
            raise UsageError(f"--only: {error}") from error
        self._named = {place: path for path in choice.files for place in _places(path, roots)}
        self._files = choice.files
        self._replaced = frozenset(replaced)
        self._vacated: set[Location] = set()
        self._touched: set[Location] = set()
        self._needed: set[Location] = set()
        self._seen_categories: set[str] = set()
        self._found: set[bytes] = set()
        self._left = 0

    def takes(self, first: Action, *others: Action) -> bool:
        """Whether a step that is in force is to be taken back, or a unit, of which one is."""
        if first.kind is ActionKind.MAKE_FOLDER:
            return self._takes_folder(first.target)
        if first.kind is ActionKind.REMOVE_FOLDER:
            return False  # it is made again where a file needs it, or in the end
        unit = (first, *others)
        asked_for = [self.knows(action) for action in unit]
        is_taken = any(asked_for)
        for action in unit:
            if is_taken:
                self._take(action)
            else:
                self._leave(action)
        return is_taken

    def _take(self, action: Action) -> None:
        if action.target in self._replaced:
            self._vacated.add(action.target)
        for place in (action.source, action.target):
            self._touched.update(_new_ancestry(place.folder, self._touched))

    def _leave(self, action: Action) -> None:
        self._needed.update(_new_ancestry(action.target.folder, self._needed))
        self._left += action.kind is not ActionKind.LINK  # it goes with what was set aside

    def knows(self, action: Action) -> bool:
        """Whether the file of a step is one that was asked for."""
        self._seen_categories.add(action.category)
        places: tuple[Location, ...] = (action.source, action.target)
        if action.kind is ActionKind.QUARANTINE:
            if action.source in self._vacated:  # it returns when what took its place goes
                return True
            places = (action.source,)
        elif action.kind in _REDUNDANT:
            places = (action.target if action.kind is ActionKind.LINK else action.source,)
        if self._categories and action.category not in self._categories:
            return False
        if self._globs is not None and not any(
            self._globs.match_file(as_pattern_text(place.path)) for place in places
        ):
            return False
        if not self._files:
            return True
        return self._is_named(places, whole=action.entry_kind is Kind.FOLDER)

    def touched(self, folder: Location) -> bool:
        """Whether the chosen files are or were in a folder or below it."""
        return not self._left or folder in self._touched

    def rest(self) -> Iterator[NotChosen]:
        """Yield how many files are left, if any; `UsageError` for what no file answers to."""
        for path in self._files:
            if path not in self._found:
                raise UsageError(
                    f"{shown(path)}: not a file of this run",
                    "'fileorg show RUN --files' lists them",
                )
        for category in sorted(self._categories - self._seen_categories):
            there = sorted(self._seen_categories - {""})
            near = nearest(category, there)
            hint = f"did you mean {near!r}?" if near else f"there is {', '.join(there) or 'none'}"
            raise UsageError(f"--category: the run has no file of {category!r}", hint)
        if self._left:
            yield NotChosen(self._left)

    def _takes_folder(self, folder: Location) -> bool:
        return self.touched(folder) and folder not in self._needed

    def _is_named(self, places: Sequence[Location], *, whole: bool) -> bool:
        """Whether a place, a folder above it, or a file in it if it moved *whole* was named."""
        ways = (above for place in places for above in (place, *_ancestry(place.folder)))
        found = {self._named[above] for above in ways if above in self._named}
        if whole:
            found.update(
                path
                for named, path in self._named.items()
                if not set(named.upwards()).isdisjoint(places)
            )
        self._found |= found
        return bool(found)


def _places(path: bytes, roots: Sequence[Root]) -> Iterator[Location]:
    """Yield where a path lies below the roots; of a file in quarantine, where it was."""
    if not is_remote(path):
        folder, name = os.path.split(path)
        path = os.path.join(os.path.realpath(folder), name)
    for number, root in enumerate(roots):
        if is_below(path, root.path):
            below = path[len(root.path) :].strip(b"/")
            if is_below(below, QUARANTINE):
                below = below[len(QUARANTINE) :].strip(b"/").partition(b"/")[2]
            yield Location(number, below)


def _ancestry(folder: Location) -> Iterator[Location]:
    """Yield a folder and those above it, the root among them."""
    yield from folder.upwards()
    yield Location(folder.root, b"")


def _new_ancestry(folder: Location, known: set[Location]) -> list[Location]:
    """Return a folder and those above it as far as they are not known yet."""
    new = []
    for above in _ancestry(folder):
        if above in known:
            break
        new.append(above)
    return new

"""Folders that move as one: which of them are the layout's own, and what to do across devices."""

from collections.abc import Callable

from fileorg.model.entry import FileEntry, FolderSeen, Skip
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind, Classified, FolderFound
from fileorg.plan.folders import FolderBook
from fileorg.plan.places import Places
from fileorg.plan.rest import Rest
from fileorg.plan.surroundings import Surroundings


class Wholes:
    """What is peculiar to folders that move as one; in all else they are planned as files are."""

    def __init__(
        self,
        places: Places,
        rest: Rest,
        book: FolderBook,
        around: Surroundings,
        emit: Callable[[Action | FolderFound | Skip], object],
    ) -> None:
        self._places = places
        self._rest = rest
        self._book = book
        self._around = around
        self._emit = emit

    def is_own(self, folder: Location) -> bool:
        """Whether files are sorted into a folder: told by its name, in doubt by what it holds."""
        if self._places.holds_a_target(folder):
            return True
        origin = self._places.origin_of(folder)
        if origin.location != origin.home.target:
            return False
        if self._places.owns(folder.name, origin.home):
            return True
        return self._places.may_own(folder.name, origin.home) and any(
            not self._rest.wants_away(seen, by_name=False)
            for seen in self._around.everything_in(folder)
            if isinstance(seen, FileEntry)
        )

    def steps(self, unit: Classified, target: Location, kind: ActionKind) -> list[Action]:
        """Return the moves, or copies, of all that a folder holds which can't be renamed.

        The folders that they need are planned at once.
        """
        steps: list[Action] = []
        book, cut = self._book, len(unit.entry.location.path)
        for seen in self._around.everything_in(unit.entry.location):
            if isinstance(seen, Skip):
                self._emit(seen)
            elif isinstance(seen, FolderSeen):
                at = Location(target.root, target.path + seen.location.path[cut:])
                book.saw(seen, keep=False)
                book.make(at)  # its name is claimed, and nothing is in it yet
                if kind is ActionKind.MOVE and not seen.held:
                    book.left(seen.location, 0)  # made again at the target, as empty as it is
            elif isinstance(seen, FileEntry):
                at = Location(target.root, target.path + seen.location.path[cut:])
                book.fill(at.folder)
                if kind is ActionKind.MOVE:
                    book.touch(seen.location.folder)
                    book.left(seen.location.folder)
                mark = seen.fingerprint
                steps.append(Action(kind, seen.location, at, mark, unit.category, seen.kind))
        return steps

"""Target folders made ready: opened, made where they are missing, and holders put out of them."""

from collections.abc import Callable, Iterator

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.plan.folders import FolderBook
from fileorg.plan.places import Places
from fileorg.plan.shelf import Shelf


class Shelves:
    """Prepares shelves for what is put on them; what that takes is told to *emit*.

    *blockers* are the places where a folder can't be, because something else is there. *aside* are
    the redundant files of each folder, which leave it first.
    """

    def __init__(
        self,
        places: Places,
        book: FolderBook,
        quarantine: bytes,
        emit: Callable[[Action], object],
    ) -> None:
        self._places = places
        self._book = book
        self._quarantine = quarantine
        self._emit = emit
        self.blockers: set[Location] = set()
        self.aside: dict[Location, list[Location]] = {}

    def ready(self, shelf: Shelf) -> Reason | None:
        """Open a shelf, the first time; return why nothing can be put on it, if that is so."""
        if not shelf.is_open:
            self._open(shelf)
        return shelf.refusal

    def _open(self, shelf: Shelf) -> None:
        shelf.is_open = True
        try:
            for new in self._missing(shelf.location):
                self._book.promise(new)
            shelf.open(self._book.names_in(shelf.location))
            for place in self.aside.get(shelf.location, ()):
                shelf.set_aside(place)
        except StorageError as error:
            self.blockers.update(shelf.location.upwards())
            blocked = error.reason in {Reason.FOLDER_GONE, Reason.TARGET_EXISTS}
            shelf.refusal = Reason.BLOCKED_FOLDER if blocked else error.reason

    def set_aside(self, holder: FileEntry, shelf: Shelf) -> None:
        """Plan to put the holder of a name in quarantine."""
        there = holder.location
        aside = Location(there.root, self._quarantine).below(there.path)
        for new in self._missing(aside.folder):
            self._book.make(new)
        self._book.fill(shelf.location)
        shelf.set_aside(there)
        self._emit(Action(ActionKind.QUARANTINE, there, aside, holder.fingerprint, "", holder.kind))

    def use(self, shelf: Shelf) -> None:
        """Note that something is put on a shelf for the first time."""
        shelf.in_use = True
        self._book.fill(shelf.location)

    def find_blocker(self, folder: Location) -> None:
        """Note what is in the way of a folder."""
        try:
            self._book.missing(folder)
        except StorageError:
            self.blockers.update(folder.upwards())

    def _missing(self, folder: Location) -> Iterator[Location]:
        """Yield what is missing of a folder; `StorageError` if its name is not to be had."""
        for new in self._book.missing(folder):
            parent = self._places.shelves.get(new.folder)
            if parent is not None and parent.is_open and not parent.claim(new.name, new):
                raise StorageError(Reason.TARGET_EXISTS)
            yield new

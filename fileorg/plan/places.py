"""From a file to the shelf it belongs on: destinations, layout and spelling together (pure)."""

from collections.abc import Iterable, Sequence

import msgspec

from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import Kind
from fileorg.model.location import Location, is_below, join
from fileorg.model.plan import Classified
from fileorg.plan.folders import Spelling
from fileorg.plan.layout import Layout, remember
from fileorg.plan.naming import fit, folded
from fileorg.plan.rendering import Subject
from fileorg.plan.shelf import Shelf
from fileorg.plan.surroundings import Surroundings


class Destination(msgspec.Struct, frozen=True):
    """Where the files of one source go; in place, *target* is *source*."""

    source: Location
    target: Location


Shelves = dict[object, Shelf]


class Home:
    """A target, with the shelves that files went to so far: of each layout, by its keys."""

    __slots__ = ("able", "folds", "longest", "shelves", "target")

    def __init__(self, target: Location, able: Capabilities, layouts: int) -> None:
        self.target = target
        self.able = able
        self.folds = able.case_insensitive
        self.longest = 0 if able.reserved_names else able.longest_name
        self.shelves: list[Shelves] = [{} for _ in range(layouts)]

    def fitted(self, folder: bytes) -> bytes:
        """Return a folder with each of its names as the file system can hold it."""
        if len(folder) <= self.longest:
            return folder
        return b"/".join(fit(part, self.able, folder=True) for part in folder.split(b"/"))

    def written(self, folder: bytes) -> bytes:
        """Return what the file system knows a folder by."""
        folder = self.fitted(folder)
        return folded(folder) if self.folds else folder


class Origin:
    """A folder that files come from, and what all files in it have in common.

    *below* is its path below the source; *blocking* says how much to cut from a path that may
    be in the way of a folder; *shelves* are those of the files in it by the keys of each layout.
    """

    __slots__ = (
        "below",
        "blocking",
        "home",
        "in_place",
        "left",
        "location",
        "path",
        "root",
        "shelves",
    )

    def __init__(
        self,
        location: Location,
        destination: Destination,
        home: Home,
        blocking: tuple[int, ...],
        shelves: list[Shelves],
    ) -> None:
        self.location = location
        self.root, self.path = location.root, location.path
        self.home = home
        self.in_place = destination.source == destination.target
        self.below = location.path[len(destination.source.path) :].lstrip(b"/")
        self.blocking = blocking
        self.shelves = shelves
        self.left = 0


class Places:
    """Says where every file goes. Files of one folder share an `Origin`."""

    def __init__(
        self, layouts: Sequence[Layout], destinations: Iterable[Destination], around: Surroundings
    ) -> None:
        self._layouts = layouts
        self._footprints = [layout.footprint for layout in layouts]
        self._has_own = any(layout.is_by_folder for layout in layouts)
        self._root_name = around.root_name
        self._company = around.company
        self._destinations = {destination.source: destination for destination in destinations}
        able = {
            d.target.root: around.capabilities(d.target.root) for d in self._destinations.values()
        }
        self._homes = {
            d.target: Home(d.target, able[d.target.root], len(layouts))
            for d in self._destinations.values()
        }
        self._spelling = Spelling(around)
        self._ends = frozenset(self._destinations) | frozenset(self._homes)
        self.shelves: dict[Location, Shelf] = {}

    def is_end(self, folder: Location) -> bool:
        """Whether a folder is a source or a target, and so is never removed."""
        return folder in self._ends

    def holds_a_target(self, folder: Location) -> bool:
        """Whether a target is in a folder or is the folder."""
        return any(
            target.root == folder.root and is_below(target.path, folder.path)
            for target in self._homes
        )

    def origin_of(self, location: Location) -> Origin:
        """Return the origin of a file; `LookupError` if it is in no source."""
        destination = self._destination_of(location)
        if destination is None:
            raise LookupError(location)
        folder = location.folder
        home = self._homes[destination.target]
        return self._origin(folder, destination, home, self._blocking(folder))

    def is_in_a_source(self, location: Location) -> bool:
        """Whether a location is a source or below one."""
        return self._destination_of(location) is not None

    def place(self, item: Classified, name: bytes, origin: Origin) -> tuple[Shelf, bytes]:
        """Return shelf and name for a file called *name*; `ValueError` if what is rendered is none.

        Files with one key share a shelf, so that most cost one look-up.
        """
        layout, home = self._layouts[item.layout], origin.home
        shelves = origin.shelves[item.layout]
        key = layout.key_of(item, name)
        shelf = shelves.get(key)
        if shelf is None:
            shelf = self._shelf(home, _folder_of(layout, self._subject(item, name, origin), origin))
            if key is not None:
                remember(shelves, key, shelf)
        if not layout.keeps_name:
            name = layout.name_of(self._subject(item, name, origin))
        if len(name) > shelf.longest:
            if home.able.unicode_names:
                _check_unicode(shelf.prefix + name)
            name = fit(name, shelf.able, folder=item.entry.kind is Kind.FOLDER)
        return shelf, name

    def place_again(self, item: Classified, home: Home) -> tuple[Shelf, bytes]:
        """Do as `place` for a file that would be at its target already."""
        location = item.entry.location
        again = Destination(home.target, home.target)
        return self.place(item, location.name, self._origin(location.folder, again, home, ()))

    def _subject(self, item: Classified, name: bytes, origin: Origin) -> Subject:
        folder = origin.location
        parent = folder.name or self._root_name(folder.root)
        return self._layouts[item.layout].subject(item, name, parent)

    def is_in_the_way(self, origin: Origin, path: bytes) -> bool:
        """Whether a file may stand where the layout may need a folder."""
        return any(
            footprint.covers(path[cut:])
            for cut in origin.blocking
            for footprint in self._footprints
        )

    def owns(self, name: bytes, home: Home) -> bool:
        """Whether the name of a folder directly in a target tells that a layout makes it."""
        telling = (footprint for footprint in self._footprints if not footprint.is_loose)
        return any(footprint.owns(name, folds=home.folds) for footprint in telling)

    def may_own(self, name: bytes, home: Home) -> bool:
        """Whether a layout may make a folder of that name directly in a target, among others."""
        return any(footprint.owns(name, folds=home.folds) for footprint in self._footprints)

    def _origin(
        self, folder: Location, destination: Destination, home: Home, blocking: tuple[int, ...]
    ) -> Origin:
        shelves = home.shelves
        if self._has_own:
            # What a layout takes of the path differs from folder to folder, and so do the shelves.
            shelves = [
                {} if layout.is_by_folder else shared
                for layout, shared in zip(self._layouts, shelves, strict=True)
            ]
        return Origin(folder, destination, home, blocking, shelves)

    def _destination_of(self, location: Location) -> Destination | None:
        """Return the destination of the nearest source that holds a location."""
        while (found := self._destinations.get(location)) is None and location.path:
            location = location.folder
        return found

    def _blocking(self, folder: Location) -> tuple[int, ...]:
        cuts = []
        for target in self._homes:
            if target.root == folder.root and is_below(folder.path, target.path):
                cut = len(join(target.path, b""))
                inside = folder.path[cut:]
                if folder.path == target.path or any(f.holds(inside) for f in self._footprints):
                    cuts.append(cut)
        return tuple(cuts)

    def _shelf(self, home: Home, folder: bytes) -> Shelf:
        folder = home.fitted(folder)
        location = Location(home.target.root, join(home.target.path, folder))
        if not folder:
            location = home.target
        if home.folds:
            location = self._spelling.of(location)
        shelf = self.shelves.get(location)
        if shelf is None:
            shelf = self.shelves[location] = Shelf(location, home.able, self._company)
        return shelf


def _check_unicode(path: bytes) -> None:
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8, as keys are") from None


def _folder_of(layout: Layout, subject: Subject, origin: Origin) -> bytes:
    home = origin.home
    if layout.keeps_folders and origin.in_place:
        written = home.written if home.folds or not home.longest else bytes
        return layout.folder_below(subject, origin.below, written)
    return layout.folder_of(subject, origin.below)

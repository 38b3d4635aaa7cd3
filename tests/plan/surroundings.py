"""A disk in memory: what a scan of it yields, what the planner asks, and what a plan does to it.

Every act checks what the executor would check, so that a plan which can't be carried out, or which
would lose something, fails here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from fileorg.categorize.rules import Categorizer
from fileorg.errors import StorageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import (
    Companion,
    FileEntry,
    Fingerprint,
    FolderFacts,
    FolderSeen,
    Kind,
    Seen,
    Skip,
    Unit,
)
from fileorg.model.evidence import Facts
from fileorg.model.location import Location, folder_of, is_below
from fileorg.model.plan import (
    Action,
    ActionKind,
    Classified,
    ClassifiedUnit,
    FolderFound,
    Joint,
)
from fileorg.model.reason import Reason
from fileorg.plan.naming import folded
from fileorg.scan.company import Company
from fileorg.scan.together import together

DAY_NS = 86_400 * 10**9
MAY_17 = 19_860 * DAY_NS
"""Noon-less 17 May 2024 UTC, as the time of modification of every file that names no other."""

_FACTS = FolderFacts(0o755, 0, 0, 11, 12, 13)
_CATEGORIZER = Categorizer()


class F(NamedTuple):
    """A file: content and time of modification."""

    content: bytes = b""
    mtime_ns: int = MAY_17
    kind: Kind = Kind.FILE


Made = F | bytes | None


def flat(plan: Iterable[object]) -> Iterator[object]:
    """Yield the items of a plan, steps that belong together one by one."""
    for item in plan:
        if isinstance(item, Joint):
            yield from item.actions
        else:
            yield item


class Disk:
    """Files and folders by location; a `Surroundings`. A path of `Disk(tree)` is in root 0."""

    def __init__(
        self,
        tree: Mapping[bytes, Made] | None = None,
        able: Capabilities | None = None,
        *,
        one_device: bool = True,
    ) -> None:
        self.able = able or Capabilities()
        self.one_device = one_device
        self.files: dict[Location, F] = {}
        self.folders: set[Location] = {Location(0, b""), Location(1, b"")}
        self.asked: list[Location] = []
        for path, what in (tree or {}).items():
            self.add(path, what)

    def add(self, path: bytes, what: Made, root: int = 0) -> None:
        """Add a file with the folders on its way, or a folder (None)."""
        location = Location(root, path.rstrip(b"/"))
        folder = location if what is None else location.folder
        while folder.path:
            self.folders.add(folder)
            folder = folder.folder
        if what is not None:
            self.files[location] = what if isinstance(what, F) else F(what)

    def spelled(self, location: Location) -> Location:
        """Return a location as it is written on the disk, if it is there."""
        return self._find((*self.files, *self.folders), location) or location

    def tree(self, root: int = 0) -> dict[bytes, bytes | None]:
        """Return contents by path, and folders that hold nothing as None."""
        found: dict[bytes, bytes | None] = {
            at.path: file.content for at, file in self.files.items() if at.root == root
        }
        empty = (f for f in self.folders if f.root == root and f.path and not self.names(f))
        return found | {folder.path + b"/": None for folder in empty}

    def contents(self) -> list[bytes]:
        """Return the contents of all files, sorted: what must never be lost."""
        return sorted(file.content for file in self.files.values())

    # a scan

    def file(self, location: Location) -> FileEntry:
        """Return the file at a location, as a scan sees it."""
        file = self.files[location]
        inode = 1 + sorted(self.files).index(location)
        return FileEntry(
            location, file.kind, Fingerprint(len(file.content), file.mtime_ns, 0, inode)
        )

    def scan(
        self, source: Location, *, recurse: bool = True, whole: bool = False
    ) -> Iterator[Classified | ClassifiedUnit | FolderSeen | Skip]:
        """Yield a folder as the scanner and the categorizer would, names in order, depth first."""
        yield FolderSeen(source, _FACTS, len(self.names(source)))
        united = list(self.united(source))
        yield from united
        taken = {member.location for item in united for member in item.unit.members}
        folders = []
        for name in sorted(self.names(source)):
            here = source.below(name)
            if here in taken:
                continue
            if name.startswith(b".fileorg"):
                yield Skip(here, Reason.OWN)
            elif here in self.files:
                entry = self.file(here)
                is_special = entry.kind is Kind.SPECIAL
                yield Skip(here, Reason.SPECIAL) if is_special else self.classify(entry)
            elif whole or recurse:
                folders.append(here)
            else:
                yield Skip(here, Reason.FOLDER_LEFT)
        for folder in folders:
            if whole:
                yield self.unit(folder)
            else:
                yield from self.scan(folder)

    def united(self, folder: Location) -> Iterator[ClassifiedUnit]:
        """Yield what belongs together in a folder."""
        places = map(folder.below, sorted(self.names(folder)))
        entries = {
            at.name: entry for at in places if (entry := self._entry(at)).kind is not Kind.SPECIAL
        }
        files = [name for name, entry in entries.items() if entry.kind is Kind.FILE]
        folders = [name for name, entry in entries.items() if entry.kind is Kind.FOLDER]
        for group in together(files, folders):
            main = entries[group.main]
            companions = tuple(Companion(entries[name], tail) for name, tail in group.others)
            judged = self.classify(main)
            assert isinstance(judged, Classified)  # there are no rules here
            yield ClassifiedUnit(judged, Unit(main, group.stem, companions))

    def _entry(self, location: Location) -> FileEntry:
        if location in self.files:
            return self.file(location)
        return FileEntry(location, Kind.FOLDER, Fingerprint(0, 0, 0, 0))

    def unit(self, folder: Location) -> Classified | Skip:
        """Return a folder as one, judged by what most of its files are."""
        inside = [e for e in self.everything_in(folder) if isinstance(e, FileEntry)]
        if not inside:
            return Skip(folder, Reason.FOLDER_EMPTY)
        items = [self.classify(entry) for entry in inside]
        categories = [item.category for item in items if isinstance(item, Classified)]
        category = min(set(categories), key=lambda name: (-categories.count(name), name))
        newest = max(entry.fingerprint.mtime_ns for entry in inside)
        size = sum(entry.fingerprint.size for entry in inside)
        entry = FileEntry(folder, Kind.FOLDER, Fingerprint(size, 0, 0, 0))
        return Classified(entry, category, Facts(newest_ns=newest))

    @staticmethod
    def classify(entry: FileEntry, was: Classified | None = None) -> Classified | Skip:
        """Return an entry with the category of its extension."""
        return Classified(entry, _CATEGORIZER.category_of(entry.location.name))

    # what the planner asks

    def capabilities(self, root: int) -> Capabilities:
        """Return what all roots can do."""
        return self.able

    def root_name(self, root: int) -> bytes:
        """Return a name for each root."""
        return b"root-%d" % root

    def folder(self, folder: Location) -> FolderFacts | None:
        """Return a folder's facts; `FOLDER_GONE` if it or what is above it is a file."""
        step = folder
        while True:
            if self._find(self.files, step) is not None:
                raise StorageError(Reason.FOLDER_GONE)
            if not step.path:
                break
            step = step.folder
        return None if self._find(self.folders, folder) is None else _FACTS

    def names(self, folder: Location) -> list[bytes]:
        """Return the names in a folder."""
        folder = self._find(self.folders, folder) or folder
        return [
            at.name
            for at in (*self.files, *self.folders)
            if at.root == folder.root and at.path and folder_of(at.path) == folder.path
        ]

    def entry(self, location: Location) -> FileEntry | None:
        """Return the file or folder at a location."""
        self.asked.append(location)
        found = self._find(self.files, location)
        if found is not None:
            return self.file(found)
        folder = self._find(self.folders, location)
        return None if folder is None else FileEntry(folder, Kind.FOLDER, Fingerprint(64, 0, 0, 0))

    def main_of(self, entry: FileEntry) -> FileEntry:
        """Return the main file of the unit that a file belongs to."""
        for item in self.united(entry.location.folder):
            if entry.location in {member.location for member in item.unit.members}:
                return item.unit.main
        return entry

    def company(self, names: Iterable[bytes]) -> Company:
        """Return the names of a folder as what new ones may be told together with."""
        return Company(names)

    def same_content(self, one: FileEntry, other: FileEntry) -> bool:
        """Whether two files are the same."""
        return self.files[one.location].content == self.files[other.location].content

    def same_device(self, one: Location, other: Location) -> bool:
        """Whether both are in one root, or the disk is one."""
        return self.one_device or one.root == other.root

    def everything_in(self, folder: Location) -> Iterator[Seen]:
        """Yield a folder and all below it."""
        for item in self.scan(folder):
            if isinstance(item, ClassifiedUnit):
                yield from (m for m in item.unit.members if m.kind is Kind.FILE)
                for member in item.unit.members:
                    if member.kind is Kind.FOLDER:
                        yield from self.everything_in(member.location)
            else:
                yield item.entry if isinstance(item, Classified) else item

    # what a plan does

    def apply(self, plan: Iterable[object]) -> None:
        """Carry out a plan, asserting of each action that it can be done and loses nothing."""
        for action in flat(plan):
            if not isinstance(action, Action):
                assert isinstance(action, Facts | FolderFound | Skip)
                continue
            source, target = action.source, action.target
            if action.kind is ActionKind.REMOVE_FOLDER:
                assert not self.names(source), f"{source} is not empty"
                self.folders.remove(source)
                continue
            assert self._find(self.files, target) is None, f"{target} is taken"
            assert self._find(self.folders, target) is None, f"{target} is a folder"
            assert target.folder in self.folders, f"{target.folder} is missing"
            assert len(target.name) <= self.able.longest_name
            if action.kind is ActionKind.MAKE_FOLDER:
                self.folders.add(target)
            elif action.kind is ActionKind.COPY:
                self.files[target] = self.files[source]
            elif action.entry_kind is Kind.FOLDER:
                self._move_folder(source, target)
            else:
                self.files[target] = self.files.pop(source)

    def _move_folder(self, source: Location, target: Location) -> None:
        def moved(at: Location) -> Location:
            if at.root != source.root or not is_below(at.path, source.path):
                return at
            return Location(target.root, target.path + at.path[len(source.path) :])

        assert source in self.folders
        self.files = {moved(at): file for at, file in self.files.items()}
        self.folders = {moved(at) for at in self.folders}

    def _find(self, places: Iterable[Location], location: Location) -> Location | None:
        if not self.able.case_insensitive:
            return location if location in places else None
        key = folded(location.path)
        alike = (at for at in places if at.root == location.root and folded(at.path) == key)
        return next(alike, None)

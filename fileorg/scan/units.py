"""What belongs together: folders that move as one, judged by what they mostly hold (pure)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from fileorg.model.entry import FileEntry, Fingerprint, FolderSeen, Kind, Settled, Skip
from fileorg.model.evidence import Facts, Mismatch
from fileorg.model.location import Location
from fileorg.model.plan import Classified, ClassifiedUnit
from fileorg.model.reason import Reason

# A unit needs a look at each of its files, so that none of them is told by its name alone.
_Item = Classified | ClassifiedUnit | FolderSeen | Mismatch | Settled | Skip


class _Unit:
    """A folder directly below a source, and what was seen in it."""

    def __init__(self, folder: FolderSeen) -> None:
        self.location = folder.location
        self._facts = folder.facts
        self._count: Counter[str] = Counter()
        self._newest_ns = 0
        self._bytes = 0
        self.pinned: Skip | None = None

    def add(self, item: Classified) -> None:
        if item.entry.kind is not Kind.SYMLINK:
            self._count[item.category] += 1
        newest_ns = item.facts.newest_ns if item.facts is not None else None
        self._newest_ns = max(self._newest_ns, newest_ns or item.entry.fingerprint.mtime_ns)
        self._bytes += item.entry.fingerprint.size

    def add_all(self, item: ClassifiedUnit) -> None:
        """Add files that belong together, which count as one."""
        self.add(item.main)
        self._bytes += sum(c.entry.fingerprint.size for c in item.unit.companions)

    def judged(self) -> Classified | Skip:
        if self.pinned is not None:
            return Skip(self.location, self.pinned.reason, "there is one inside")
        if not self._count:
            return Skip(self.location, Reason.FOLDER_EMPTY)
        # Most files decide; of equals the first by name, so that a second run decides the same.
        category = min(self._count, key=lambda name: (-self._count[name], name))
        own = Fingerprint(self._bytes, self._facts.mtime_ns, 0, self._facts.inode)
        facts = Facts(newest_ns=self._newest_ns)
        return Classified(FileEntry(self.location, Kind.FOLDER, own), category, facts)


def gather_units(stream: Iterable[_Item]) -> Iterator[_Item]:
    """Replace all that is seen below each folder of a source by that folder, as one entry.

    The stream comes depth first, as the scanner yields it. A folder that holds a mount point,
    something unreadable or something that must not move by itself stays where it is.
    """
    source: Location | None = None
    unit: _Unit | None = None
    nested: set[Location] = set()  # sources inside of others
    for item in stream:
        location = item.location
        if isinstance(item, Skip) and item.reason is Reason.SEEN_BEFORE:
            nested.add(location)
        if unit is not None and _is_inside(location, unit.location):
            if isinstance(item, Classified):
                unit.add(item)
            elif isinstance(item, ClassifiedUnit):
                unit.add_all(item)
            elif isinstance(item, Mismatch):
                yield item
            elif isinstance(item, Skip) and item.reason in _KEEP_FOLDERS:
                unit.pinned = item
                if item.reason in PINS:
                    yield item
            continue
        if unit is not None:
            yield unit.judged()
            unit = None
        if isinstance(item, FolderSeen):
            if location not in nested and source is not None and _is_inside(location, source):
                unit = _Unit(item)
                continue
            source = location
        yield item
    if unit is not None:
        yield unit.judged()


PINS = {
    Reason.MOUNT, Reason.UNREADABLE, Reason.OWN, Reason.REFERENCE, Reason.IO_ERROR,
    Reason.SEEN_BEFORE,
}  # fmt: skip
"""Why whatever is around it stays, too."""

_KEEP_FOLDERS = PINS | {
    Reason.PROJECT, Reason.BUNDLE, Reason.LIBRARY, Reason.ENVIRONMENT, Reason.PROGRAM,
    Reason.PARTIAL, Reason.RELATIVE_LINK,
}  # fmt: skip
"""Those, and why something stays that others find by its path."""


def _is_inside(location: Location, folder: Location) -> bool:
    if location.root != folder.root or location.path == folder.path:
        return False
    return not folder.path or location.path.startswith(folder.path + b"/")

"""A folder on the way of a walk: what is in it, and what has to be looked at there."""

from collections.abc import Collection, Iterable

import msgspec

from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location
from fileorg.scan.glimpse import Glimpse
from fileorg.scan.parts import Group
from fileorg.scan.selection import Ignore

_FILE = Kind.FILE


class Pending(msgspec.Struct, frozen=True):
    """A folder whose turn will come, so many folders below its source."""

    location: Location
    depth: int
    ignore: Ignore | None


class Folder:
    """A folder that is walked through; where it must *judge*, not every file is taken.

    Those *named* are sources themselves.
    """

    def __init__(
        self,
        here: Pending,
        seen: Glimpse,
        names: list[bytes],
        named: Collection[bytes],
        ignore: Ignore | None,
        *,
        judge: bool,
        units: bool,
    ) -> None:
        self.location, self.depth = here.location, here.depth
        self.facts, self.entries, self.names = seen.listing.facts, seen.listing.entries, names
        self.settled, self.groups = seen.settled, seen.groups
        self.named = named
        self.ignore = ignore
        self.judge = judge
        self.units = units

    @property
    def held(self) -> int:
        """How many entries of any kind it holds."""
        return len(self.names) + len(self.settled)

    def take(self, groups: list[Group]) -> dict[bytes, FileEntry]:
        """Return the entries of some units by name; what is left is what is in none."""
        wanted = {name for group in groups for name in group.names}
        pairs = list(zip(self.names, self.entries, strict=True))
        self.names = [name for name, _ in pairs if name not in wanted]
        self.entries = [entry for name, entry in pairs if name not in wanted]
        return {name: entry for name, entry in pairs if name in wanted}

    def to_judge(self) -> Iterable[int]:
        """Return the places of the entries that are looked at one by one: most often folders."""
        if self.judge:
            return range(len(self.entries))
        return [place for place, entry in enumerate(self.entries) if entry.kind is not _FILE]

"""What is seen of one folder; files that stay by their names alone are not looked at."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Kind, Listing
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.scan.parts import Group
from fileorg.scan.together import may_be_together, together
from fileorg.storage.base import ReadableStorage

_FILE = Kind.FILE

Stays = Callable[[bytes], bool]
"""Whether a file of this name stays in its folder, whatever else it is."""


class Glimpse(NamedTuple):
    """A folder's facts and entries, the names that are *settled*, and its units where known."""

    listing: Listing
    settled: list[bytes]
    groups: list[Group] | None = None


def glimpse(storage: ReadableStorage, folder: Location, stays: Stays) -> Glimpse:
    """List a folder and look at all but the files that stay; a `StorageError` as the storage has.

    What belongs together is looked at, too.
    """
    facts, kinds = storage.folder_facts(folder), storage.kinds(folder)
    groups = groups_if_any(kinds)
    united = {name for group in groups for name in group.names}
    settled, entries = list[bytes](), list[FileEntry]()
    for name, kind in kinds:
        if kind is _FILE and stays(name) and name not in united:
            settled.append(name)
        elif (entry := _seen(storage, folder.below(name))) is not None:
            entries.append(entry)
        else:
            groups = [group for group in groups if name not in group.names]
    return Glimpse(Listing(facts, entries), settled, groups)


def groups_if_any(kinds: Sequence[tuple[bytes, Kind]]) -> list[Group]:
    """Do as `groups_of`, without a second look where the suffixes tell that there are none."""
    suffixes = {name[name.rfind(b".") :].lower() for name, _ in kinds}
    return groups_of(kinds) if may_be_together(suffixes) else []


def groups_of(kinds: Sequence[tuple[bytes, Kind]]) -> list[Group]:
    """Return what belongs together among the names of a folder, each with its kind."""
    by_name = dict(kinds)
    if len(by_name) != len(kinds):  # in a bucket a file and a folder may share a name
        times = Counter(name for name, _ in kinds)
        by_name = {name: kind for name, kind in kinds if times[name] == 1}
    files = [name for name, kind in by_name.items() if kind is _FILE]
    return together(files, [name for name, kind in by_name.items() if kind is Kind.FOLDER])


def _seen(storage: ReadableStorage, location: Location) -> FileEntry | None:
    """Look at an entry; None where it has vanished."""
    try:
        return storage.stat(location)
    except StorageError as error:
        if error.reason not in {Reason.VANISHED, Reason.FOLDER_GONE}:
            raise
        return None

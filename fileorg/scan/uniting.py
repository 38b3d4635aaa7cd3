"""From names that belong together to units, or the reason why none of them moves (pure)."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from fileorg.model.entry import (
    Companion,
    FileEntry,
    Fingerprint,
    FolderSeen,
    Kind,
    Seen,
    Skip,
    Unit,
)
from fileorg.model.location import Location, text
from fileorg.model.reason import Reason
from fileorg.scan.parts import Group
from fileorg.scan.units import PINS

_MAIN_DECIDES = {Reason.FILTERED, Reason.FOLDER_LEFT, Reason.TOO_DEEP}
"""What is said of a companion counts for nothing; any other reason keeps its whole unit."""

ReasonOf = Callable[[bytes, FileEntry], Reason | None]
WholeOf = Callable[[Location], Fingerprint | Skip]


def united(
    group: Group, entries: Mapping[bytes, FileEntry], reason_of: ReasonOf, whole_of: WholeOf
) -> Iterator[Unit | Skip]:
    """Yield a unit, or why each of its members stays: what holds for the main file decides.

    *reason_of* says why an entry by itself would stay, *whole_of* what a folder is as one.
    """
    main, detail = entries[group.main], ""
    reason = reason_of(group.main, main)
    companions: list[Companion] = []
    for name, tail in group.others if reason is None else ():
        found = _companion(name, entries[name], reason_of, whole_of)
        if isinstance(found, Reason):
            reason, detail = found, text(name)
            break
        companions.append(Companion(found, tail))
    if reason is None:
        yield Unit(main, group.stem, tuple(companions))
    else:
        yield from (Skip(entries[name].location, reason, detail) for name in group.names)


def _companion(
    name: bytes, entry: FileEntry, reason_of: ReasonOf, whole_of: WholeOf
) -> FileEntry | Reason:
    """Return a companion, a folder with the size of all that is in it, or why it has to stay."""
    reason = reason_of(name, entry)
    if reason is not None and reason not in _MAIN_DECIDES:
        return reason
    if entry.kind is not Kind.FOLDER:
        return entry
    whole = whole_of(entry.location)
    if isinstance(whole, Skip):
        return whole.reason
    own = msgspec.structs.replace(entry.fingerprint, size=whole.size)
    return msgspec.structs.replace(entry, fingerprint=own)


def weighed(seen: Iterable[Seen], is_source: Callable[[FolderSeen], bool]) -> Fingerprint | Skip:
    """Return the sum of all files in a folder and their newest time, or what pins the folder."""
    size = newest_ns = 0
    for item in seen:
        if isinstance(item, FileEntry):
            size += item.fingerprint.size
            newest_ns = max(newest_ns, item.fingerprint.mtime_ns)
        elif isinstance(item, Skip) and item.reason in PINS:
            return item
        elif isinstance(item, FolderSeen) and is_source(item):
            return Skip(item.location, Reason.SEEN_BEFORE)
    return Fingerprint(size, newest_ns, 0, 0)

"""Duplicates by the word of a storage that numbers contents: nothing is read."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from fileorg.dedupe.packed import Groups
from fileorg.model.duplicates import Alike, DuplicateGroup, Proof
from fileorg.model.entry import FileEntry


def told_alike(
    files: Iterable[FileEntry],
    choose: Callable[[Alike], DuplicateGroup | None],
    *,
    empty: bool,
) -> Groups:
    """Return what *choose* makes of objects of one size and number, in the order found."""
    entries: list[FileEntry] = []
    alike: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for entry in files:
        mark = entry.fingerprint
        if mark.size or empty:
            alike[mark.size, mark.inode].append(len(entries))
            entries.append(entry)
    groups = Groups(entries.__getitem__)
    for numbers in alike.values():
        same = tuple((entries[number],) for number in numbers)
        group = choose(Alike(b"", Proof.PROBABLE, same)) if len(same) > 1 else None
        if group is not None:
            groups.add(group, {number: entries[number] for number in numbers})
    return groups

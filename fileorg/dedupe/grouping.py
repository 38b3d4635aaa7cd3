"""What may be the same, from sizes, identities and digests alone (pure)."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")
_Key = TypeVar("_Key", bound=Hashable)

Digests = Mapping[int, bytes]
"""The digests that are known of a file, each by the length of the beginning it is of."""


def by(key: Callable[[_Item], _Key], items: Iterable[_Item]) -> list[list[_Item]]:
    """Return the groups of two or more *items* that have the same *key*, each in order."""
    groups: defaultdict[_Key, list[_Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return [group for group in groups.values() if len(group) > 1]


def sort_out(known: Sequence[Digests], size: int) -> tuple[list[list[int]], list[list[int]]]:
    """Return who is the same and who is in doubt among files of one *size*, as positions.

    Two files differ if their digests of one length do; they are the same if those of the whole are.
    Whoever has no equal is in neither list.
    """
    same: list[list[int]] = []
    doubtful: list[list[int]] = []
    pending = [list(range(len(known)))]
    while pending:
        members = pending.pop()
        common = set(known[members[0]]).intersection(*(known[m] for m in members[1:]))
        for length in sorted(common):
            parts = by(lambda m, at=length: known[m][at], members)  # type: ignore[misc]
            if len(parts) != 1 or len(parts[0]) < len(members):
                pending += parts
                break
        else:
            (same if size in common else doubtful).append(members)
    return same, doubtful

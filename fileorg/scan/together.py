"""What belongs together in one folder: companions, archives in parts, saved pages (pure)."""

from collections.abc import Collection

from fileorg.scan.companions import companies, may_accompany
from fileorg.scan.parts import PAGES, Group, archives, may_be_parts, pages
from fileorg.scan.ranks import RANKS, SIDECARS

_KNOWN = RANKS.keys() | SIDECARS.keys() | PAGES | {b".exe", b".zip"}


def may_be_together(suffixes: set[bytes]) -> bool:
    """Whether the lower-case suffixes of a folder's names are worth a second look at the names."""
    return may_accompany(suffixes) or not PAGES.isdisjoint(suffixes) or may_be_parts(suffixes)


def may_belong(suffix: bytes) -> bool:
    """Whether a file with this lower-case suffix may be in a unit at all."""
    return suffix in _KNOWN or may_be_parts((suffix,))


def together(names: Collection[bytes], folders: Collection[bytes]) -> list[Group]:
    """Return the units of two and more among the names of the files and folders of one folder.

    No name is in two of them.
    """
    found: list[Group] = []
    taken: set[bytes] = set()
    for group in (*archives(names), *companies(names), *pages(names, folders)):
        if taken.isdisjoint(group.names):
            taken.update(group.names)
            found.append(group)
    return found

"""Which file of a group is kept (pure)."""

import re
from collections.abc import Callable
from itertools import chain

from fileorg.model.duplicates import Alike, DuplicateGroup, KeepPolicy, KeepReason
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.names import split_extension

# What programs add to the name of a copy, at its beginning or at the end of its stem.
_COPY = rb"copy|copie|kopie|kopia|copia|c\xc3\xb3pia"
_BEFORE = re.compile(rb"(?:%s)(?: \([0-9]+\))? (?:of|de|von|di) " % _COPY, re.IGNORECASE)
_AFTER = re.compile(
    rb"(?: ?[-_] ?| )(?:%s)(?: ?\(?[0-9]+\)?)?\Z"
    rb"| \((?:another |[0-9]+(?:st|nd|rd|th) )?(?:%s)(?: [0-9]+)?\)\Z" % (_COPY, _COPY),
    re.IGNORECASE,
)
_NUMBERED = re.compile(rb" ?\([0-9]{1,4}\)\Z")
_PLAIN, _IS_NUMBERED, _IS_COPY = range(3)

File = tuple[FileEntry, ...]
"""A file by all of its names."""

Order = tuple[int, ...]

_REASONS = {policy: KeepReason[policy.name] for policy in KeepPolicy}


def choose(
    alike: Alike,
    policy: KeepPolicy,
    is_reference: Callable[[Location], bool] | None,
    is_bound: Callable[[Location], bool] | None = None,
) -> DuplicateGroup | None:
    """Return which file is kept and which are redundant; None where none is.

    A file with a name in a reference folder is never redundant; if there is one, it is kept. Nor
    is one that *is_bound* to others, of which one is kept where there is no reference.
    """
    references, bound = _of(alike, is_reference), _of(alike, is_bound)
    order = _ORDERS[policy]

    def first_of(file: File) -> Order:
        return order(file[0]) if len(file) == 1 else min(map(order, file))

    kept = min(references or bound or alike.files, key=first_of)
    redundant = [file for file in alike.files if file is not kept]
    if references or bound:
        redundant = [file for file in redundant if file not in references and file not in bound]
    if not redundant:
        return None
    reason = KeepReason.UNIT if bound else _REASONS[policy]
    return DuplicateGroup(
        alike.digest,
        alike.proof,
        kept[0] if len(kept) == 1 else min(kept, key=order),
        tuple(chain.from_iterable(redundant)),
        KeepReason.REFERENCE if references else reason,
        len(redundant),
        sum(map(_freed, redundant)),
    )


def _of(alike: Alike, is_one: Callable[[Location], bool] | None) -> list[File]:
    """Return the files of which a name *is_one*."""
    if is_one is None:
        return []
    return [file for file in alike.files if any(is_one(name.location) for name in file)]


def incompleteness(name: bytes) -> int:
    """Return 0 for `report.pdf`, 1 for `report (1).pdf`, 2 for `Copy of report.pdf`."""
    lower = name.lower()
    if b"(" not in lower and b"op" not in lower and b"\xb3p" not in lower:
        return _PLAIN  # all that follows has one of these, and this is half the price
    stem, _ = split_extension(name)
    if _BEFORE.match(stem) or _AFTER.search(stem):
        return _IS_COPY
    return _IS_NUMBERED if _NUMBERED.search(stem) else _PLAIN


def _freed(file: File) -> int:
    """Return the bytes that go with the last name of a file, if all its names are known."""
    return file[0].fingerprint.size if len(file) >= file[0].links else 0


def _by_name(entry: FileEntry) -> Order:
    return incompleteness(entry.location.name), entry.fingerprint.mtime_ns


_ORDERS: dict[KeepPolicy, Callable[[FileEntry], Order]] = {
    KeepPolicy.NAME: _by_name,
    KeepPolicy.OLDEST: lambda entry: (entry.fingerprint.mtime_ns,),
    KeepPolicy.NEWEST: lambda entry: (-entry.fingerprint.mtime_ns,),
    KeepPolicy.SHORTEST: lambda entry: (len(entry.location.path),),
    KeepPolicy.LONGEST: lambda entry: (-len(entry.location.path),),
    KeepPolicy.FIRST: lambda _: (),
}
"""The keys by which the file to keep comes first; equals stay in their order."""

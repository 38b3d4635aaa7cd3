"""Which files of a run are asked for, in which order, and which page of them."""

from collections.abc import Iterator

import msgspec

from fileorg.config.convert import nearest
from fileorg.errors import UsageError
from fileorg.model.outcome import Status
from fileorg.pipeline.viewing import FileLine, Listing, RunView, Sort

_PAGE_SIZE = 100


class Paging(msgspec.Struct, frozen=True):
    """One page of many lines, counted from 1."""

    page: int
    size: int

    @property
    def start(self) -> int:
        """How many lines come before."""
        return (self.page - 1) * self.size


def listing_of(
    view: RunView, status: str | None, category: str | None, sort: str | None, *, reverse: bool
) -> Listing:
    """Return what is to be listed; `UsageError` names what there is in the place of a mistake."""
    if status is not None:
        _check("status", status.lower(), [known.name.lower() for known in Status])
    if sort is not None:
        _check("sort", sort, [order.value for order in Sort])
    if category is not None:
        there = sorted({name for _, name in view.cells() if name})
        _check("category", category, there, f" in run {view.details.summary.run}")
    return Listing(
        None if status is None else Status[status.upper()],
        category,
        None if sort is None else Sort(sort),
        reverse,
    )


def paging_of(page: int | None, page_size: int | None) -> Paging | None:
    """Return the page that is asked for, None where all is; `UsageError` if there is no such."""
    if page is None and page_size is None:
        return None
    paging = Paging(1 if page is None else page, _PAGE_SIZE if page_size is None else page_size)
    if min(paging.page, paging.size) < 1:
        raise UsageError(f"page {paging.page} of {paging.size} lines", "both count from 1")
    return paging


def listed(view: RunView, listing: Listing, paging: Paging | None) -> Iterator[FileLine]:
    """Return the files of a run, all of them or a page."""
    if paging is None:
        return view.files(listing)
    return view.files(listing, paging.start, paging.size)


def _check(noun: str, given: str, known: list[str], where: str = "") -> None:
    if given in known:
        return
    near = nearest(given, known, 0.5)
    hint = f"did you mean {near!r}?" if near else f"there are {', '.join(known) or 'none'}"
    raise UsageError(f"no {noun} {given!r}{where}", hint)

"""Bars of a chart, as shares of the longest one (pure)."""

from collections.abc import Sequence

import msgspec

from fileorg.report.sums import Sum

MOST = 24
"""Bars of one chart; what is beyond them is one bar more."""


class Bar(msgspec.Struct, frozen=True):
    """One line of a chart: files and bytes, and how long their bars are, in per cent."""

    name: str
    files: int
    bytes: int
    of_files: float
    of_bytes: float


def bars(sums: Sequence[Sum], *, oldest_first: bool = False) -> list[Bar]:
    """Return the bars of a chart; of more than there is room for, the others as one.

    Those of years are *oldest_first*, so that it is the oldest that are taken together.
    """
    if len(sums) > MOST:
        rest, kept = (sums[:-MOST], sums[-MOST:]) if oldest_first else (sums[MOST:], sums[:MOST])
        name = f"until {rest[-1].name}" if oldest_first else f"{len(rest)} others"
        other = Sum(name, sum(one.files for one in rest), sum(one.bytes for one in rest))
        sums = [other, *kept] if oldest_first else [*kept, other]
    most_files = max((one.files for one in sums), default=0) or 1
    most_bytes = max((one.bytes for one in sums), default=0) or 1
    return [
        Bar(
            one.name,
            one.files,
            one.bytes,
            round(100 * one.files / most_files, 2),
            round(100 * one.bytes / most_bytes, 2),
        )
        for one in sums
    ]

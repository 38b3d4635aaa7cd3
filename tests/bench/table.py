"""Rows of figures, and the one table that they are printed as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

HEAD = ("work", "ours s", "floor s", "ratio (min-max)", "bar", "", "us/file", "peak MiB")


@dataclass(slots=True)
class Row:
    """What was measured for one kind of work: times in pairs, taken one after the other.

    `files` is 0 where a time per file means nothing; `bar` is the highest ratio allowed,
    or for a row without times the highest peak in MiB; `None` is no bar.
    """

    work: str
    bar: float | None = None
    files: int = 0
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    peak: float | None = None

    def add(self, ours: float, floor: float) -> None:
        """Add one pair."""
        self.ours.append(ours)
        self.floor.append(floor)

    @property
    def ratios(self) -> list[float]:
        """The ratio of each pair: the noise of a machine hits both halves of a pair alike."""
        return [mine / base for mine, base in zip(self.ours, self.floor, strict=True)]

    @property
    def verdict(self) -> str:
        """Say `ok` or `OVER`, or nothing where there is no bar."""
        measured = median(self.ratios) if self.ours else self.peak
        if self.bar is None or measured is None:
            return ""
        return "ok" if measured <= self.bar else "OVER"

    def cells(self) -> tuple[str, ...]:
        """Return one text for each column of `HEAD`."""
        ours = floor = ratio = per_file = ""
        if self.ours:
            mine, base, ratios = median(self.ours), median(self.floor), self.ratios
            ours, floor = f"{mine:.3f}", f"{base:.3f}"
            ratio = f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
            if self.files:
                per_file = f"{mine / self.files * 1e6:.1f} / {base / self.files * 1e6:.1f}"
        bar = "" if self.bar is None else f"{self.bar:g}" + ("" if self.ours else " MiB")
        peak = "" if self.peak is None else f"{self.peak:.0f}"
        return (self.work, ours, floor, ratio, bar, self.verdict, per_file, peak)


def render(rows: Sequence[Row]) -> str:
    """Return the table as text, a line a row, numbers to the right."""
    lines = [HEAD, *(row.cells() for row in rows if row.ours or row.peak is not None)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    text = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    text.insert(1, "-" * max(map(len, text)))
    return "\n".join(text)

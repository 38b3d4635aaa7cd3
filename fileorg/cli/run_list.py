"""The list of runs as `fileorg runs` writes it: a line each, or two where a terminal is narrow."""

import shutil
import sys
from collections.abc import Iterator, Sequence

from fileorg.cli.words import count, moment, safe, size
from fileorg.model.location import shown
from fileorg.model.outcome import RunState
from fileorg.pipeline.history import RunLine

_GAP = "  "
_ON_FIRST = 4  # cells: id, time, kind and status


def terminal_width() -> int | None:
    """Return how long a line of stdout may be; None where that is no terminal."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return shutil.get_terminal_size().columns if is_terminal else None


def run_lines(runs: Sequence[RunLine], width: int | None) -> Iterator[str]:
    """Yield the runs as a table whose columns are as wide as what is in them.

    Where a line would be longer than *width*, files and folders of a run are on one of their own.
    """
    rows = [_cells(run) for run in runs]
    wide = [max(map(len, column)) for column in zip(*filter(None, rows), strict=True)]
    in_two = width is not None and sum(wide) + len(_GAP) * (len(wide) - 1) > width
    for run, row in zip(runs, rows, strict=True):
        record = run.record
        if row is None:
            yield f"{safe(record.run)}{_GAP}unusable: {safe(record.problem)}"
            continue
        cells = [f"{cell:<{most}}" for cell, most in zip(row, wide, strict=True)]
        if in_two:
            yield _GAP.join(cells[:_ON_FIRST]).rstrip()
            yield 2 * _GAP + _GAP.join(row[_ON_FIRST:])
        else:
            yield _GAP.join(cells).rstrip()


def _cells(run: RunLine) -> tuple[str, ...] | None:
    """Return what is told of a run; None where its journal can't be used."""
    record = run.record
    if record.problem:
        return None
    return (
        record.run,
        moment(record.started_ns),
        record.kind.value,
        run.status,
        "not counted"
        if record.state in {RunState.PLANNING, RunState.RUNNING}
        else f"{count(record.done, 'file')}, {size(record.bytes)}",
        ", ".join(safe(shown(root)) for root in record.roots),
    )

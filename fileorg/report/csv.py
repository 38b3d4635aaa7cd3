"""A report as a table: CSV of RFC 4180 in UTF-8, in which no cell is a formula.

A cell that begins with what spreadsheets take for a formula, or with an apostrophe, has one
apostrophe more in front; whoever reads the table takes that off. Control and bidi characters are
escapes. Where the text of a path is not the path itself, its bytes stand beside it in base64.
"""

import base64
import csv
import time
from collections.abc import Callable
from types import SimpleNamespace

from fileorg.model.location import shown
from fileorg.pipeline.viewing import FileLine, Listing, RunView
from fileorg.report.words import safe

HEAD = (
    "status", "kind", "category", "size", "modified_utc", "source", "target", "reason", "detail",
    "source_b64", "target_b64", "date", "date_source", "with", "with_b64",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(view: RunView, write: Callable[[str], object]) -> None:
    """Write a table with a row for each file of a run."""
    rows = csv.writer(SimpleNamespace(write=write), lineterminator="\r\n")
    rows.writerow(HEAD)
    for line in view.files(Listing()):
        rows.writerow(map(cell_of, _cells(line)))


def cell_of(text: str) -> str:
    """Return text as a cell that is safe to look at, and no formula."""
    text = safe(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(line: FileLine) -> tuple[str, ...]:
    return (
        line.status.name.lower(),
        line.kind.name.lower() if line.kind is not None else "",
        line.category,
        str(line.size) if line.is_measured else "",
        _moment(line.mtime_ns) if line.is_measured else "",
        shown(line.source),
        shown(line.target),
        "" if line.reason is None else line.reason.value,
        line.detail,
        exact_of(line.source),
        exact_of(line.target),
        *_date(line),
        "" if line.main is None else shown(line.main),
        "" if line.main is None else exact_of(line.main),
    )


def _date(line: FileLine) -> tuple[str, str]:
    """Return the date that was found for a file, as it was written, and where."""
    found = None if line.facts is None else line.facts.date
    return ("", "") if found is None else (found.moment.isoformat(), found.source)


def exact_of(path: bytes) -> str:
    """Return a path in base64, empty where its cell gives it back."""
    return "" if safe(shown(path)).encode() == path else base64.b64encode(path).decode("ascii")


def _moment(mtime_ns: int) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(mtime_ns // 10**9))
    except (OverflowError, ValueError):  # no calendar goes that far
        return ""

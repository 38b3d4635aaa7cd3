"""A report as a table: CSV of RFC 4180 in UTF-8, in which no cell is a formula.

A cell that begins with what spreadsheets take for a formula, or with an apostrophe, has one
apostrophe more in front; whoever reads the table takes that off. Control and bidi characters are
escapes. Where the text of a path is not the path itself, its bytes stand beside it in base64.
"""

import base64
import csv
import io
import time
from collections.abc import Callable

from fileorg.model.location import shown
from fileorg.pipeline.viewing import FileLine, Listing, RunView
from fileorg.report.words import safe

HEAD = (
    "status", "kind", "category", "size", "modified_utc", "source", "target", "reason", "detail",
    "source_b64", "target_b64",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(view: RunView, write: Callable[[str], object]) -> None:
    """Write a table with a row for each file of a run."""
    write(line_of(HEAD))
    for line in view.files(Listing()):
        write(line_of(_cells(line)))


def line_of(cells: tuple[str, ...]) -> str:
    """Return a line of the table with its end."""
    text = io.StringIO()
    escaped = (f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in map(safe, cells))
    csv.writer(text, lineterminator="\r\n").writerow(escaped)
    return text.getvalue()


def _cells(line: FileLine) -> tuple[str, ...]:
    return (
        line.status.name.lower(),
        "" if line.kind is None else line.kind.name.lower(),
        line.category,
        str(line.size),
        _moment(line.mtime_ns),
        shown(line.source),
        shown(line.target),
        "" if line.reason is None else line.reason.value,
        line.detail,
        _exact(line.source),
        _exact(line.target),
    )


def _exact(path: bytes) -> str:
    """Return a path in base64, empty where its cell gives it back."""
    return "" if safe(shown(path)).encode() == path else base64.b64encode(path).decode("ascii")


def _moment(mtime_ns: int) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(mtime_ns // 10**9))
    except (OverflowError, ValueError):  # no calendar goes that far
        return ""

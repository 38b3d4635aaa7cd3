"""A report for programs: one JSON document, of which no more than a part is ever held."""

from collections.abc import Callable, Iterable

import msgspec

from fileorg.pipeline.viewing import FileLine, Listing, RunView
from fileorg.report.rows import FORMAT, VERSION, Years, file_of, group_of, run_of
from fileorg.report.sums import by_category, by_outcome
from fileorg.report.words import safe_json
from fileorg.version import __version__

Write = Callable[[str], object]


def write_json(view: RunView, write: Write) -> None:
    """Write the report of a run; docs/report.schema.json says what is in it."""
    details = view.details
    head = {
        "format": FORMAT,
        "version": VERSION,
        "fileorg": __version__,
        "run": run_of(details),
        "summary": details.summary,
        "by_outcome": by_outcome(details.summary),
        "by_category": by_category(details.summary.steps),
    }
    write(_text(head)[:-1] + ',\n"duplicates":[')
    _items(map(group_of, view.groups()), write)
    write('],\n"files":[')
    years = Years(view.zone(), details.summary.started_ns)
    _items(map(file_of, _counted(view.files(Listing()), years)), write)
    write(f'],\n"by_year":{_text(years.sums())}}}\n')


def _counted(lines: Iterable[FileLine], years: Years) -> Iterable[FileLine]:
    for line in lines:
        years.count((line,))
        yield line


def _items(items: Iterable[object], write: Write) -> None:
    """Write items, one a line."""
    comma = "\n"
    for item in items:
        write(comma + _text(item))
        comma = ",\n"


def _text(value: object) -> str:
    return safe_json(msgspec.json.encode(value).decode(), "utf-8")

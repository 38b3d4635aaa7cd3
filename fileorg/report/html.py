"""A report as a page: one file that asks no network, safe to open whatever the files are called."""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable
from importlib import resources
from typing import Any

from fileorg.model.outcome import RunState, Status
from fileorg.pipeline.viewing import FileLine, GroupLine, Listing, RunView
from fileorg.report.chart import bars
from fileorg.report.rows import Years
from fileorg.report.sums import by_category, by_outcome
from fileorg.report.table import Table, below, reason_of, within
from fileorg.report.words import count, duration, safe, size
from fileorg.version import __version__

MOST_FILES = 100_000
MOST_FAILURES = 10_000
MOST_GROUPS = 1_000

_TITLES = {
    "organize": "Organized",
    "apply": "Applied",
    "undo": "Put back",
    "redo": "Did again",
    "dedupe": "Deduplicated",
}


def write_html(view: RunView, write: Callable[[str], object]) -> None:
    """Write the page of a run: all sums, and the first of its files, failures and groups."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    page = resources.files("fileorg.report") / "page"
    style, script = ((page / name).read_text("utf-8") for name in ("page.css", "page.js"))
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"size": size, "count": count, "safe_text": safe, "took": duration}
    template = environment.from_string((page / "page.html").read_text("utf-8"))
    values = _values(view) | {
        "style": Markup(style),  # noqa: S704 # ours, as the script
        "script": Markup(script),  # noqa: S704
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }
    values["data"] = Markup(values["data"])  # noqa: S704 # in it no tag can begin
    for part in template.generate(values):
        write(part)


def _hash(text: str) -> str:
    """Return what a content security policy knows an inline script or style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _values(view: RunView) -> dict[str, Any]:
    """Return what the template asks for, in one pass over the files."""
    details, summary = view.details, view.details.summary
    root = summary.roots[0] if len(summary.roots) == 1 else ""
    years = Years(view.zone(), summary.started_ns)
    table, total = Table(root, view.zone()), 0
    for line in view.files(Listing()):
        years.count((line,))
        if total < MOST_FILES:
            table.add(line)
        total += 1
    failed = view.files(Listing(status=Status.FAILED), 0, MOST_FAILURES)
    zone = details.zone or "UTC"
    return {
        "title": title_of(view),
        "run": details,
        "summary": summary,
        "version": __version__,
        "zone": zone,
        "begun": _moment(view, summary.started_ns),
        "outcomes": by_outcome(summary),
        "categories": bars(by_category(summary.steps)),
        "years": bars(years.sums(), oldest_first=True),
        "groups": [_group(group, root) for group in view.groups(0, MOST_GROUPS)],
        "failures": [_failure(line, root) for line in failed],
        "mismatched": [(within(one.path, root), one) for one in summary.mismatched],
        "failed": view.count(Listing(status=Status.FAILED)),
        "listed": table.count,
        "total": total,
        "data": table.json(zone),
    }


def title_of(view: RunView) -> str:
    """Return a run in a few words."""
    summary = view.details.summary
    if not summary.done:
        is_over = summary.state is RunState.FINISHED
        return "Nothing was changed" if is_over else "Not finished"
    return f"{_TITLES[summary.kind]} {count(summary.done, 'file')}"


def _group(group: GroupLine, root: str) -> dict[str, object]:
    return {
        "keep": below(group.keep.target, root),
        "size": group.keep.size,
        "redundant": [
            {"path": below(line.source, root), "status": line.status.name.lower()}
            for line in group.redundant
        ],
    }


def _failure(line: FileLine, root: str) -> tuple[str, str]:
    return below(line.source, root), reason_of(line)


def _moment(view: RunView, moment_ns: int) -> str:
    return dt.datetime.fromtimestamp(moment_ns // 10**9, view.zone()).strftime("%Y-%m-%d %H:%M:%S")

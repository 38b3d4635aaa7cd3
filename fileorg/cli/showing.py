"""How `fileorg show` writes a run, its files, and what was redundant."""

from collections.abc import Iterable, Iterator

import msgspec

from fileorg.cli.options import Output
from fileorg.cli.render import as_json, err, likely_lines, out, print_summary
from fileorg.cli.running import in_state, next_line
from fileorg.cli.sinks import wire
from fileorg.cli.words import count, duration, moment, safe, size
from fileorg.errors import UsageError
from fileorg.model.evidence import evidence_wire
from fileorg.model.location import shown
from fileorg.model.outcome import RunKind, RunState
from fileorg.pipeline.listing import Paging, listed
from fileorg.pipeline.viewing import FileLine, GroupLine, Listing, RunDetails, RunView
from fileorg.report.sums import Sum, by_category, by_outcome


def show_details(details: RunDetails, output: Output, state_dir: str | None) -> None:
    """Write what a run was asked and what it did."""
    if output is not Output.TEXT:
        out(as_json(details))
        return
    summary = details.summary
    if summary.state is RunState.FINISHED:
        took = duration(summary.ended_ns - summary.started_ns)
        ended = f"ended {moment(summary.ended_ns)}, took {took}"
    elif details.status == "running":
        ended = "still running"
    else:  # one that was killed had no time to write that down
        ended = "interrupted; when is not known"
        summary = msgspec.structs.replace(summary, state=RunState.INTERRUPTED)
    for line in (
        f"Run {summary.run}: {summary.kind.value}, {details.status}",
        *([f"Of run {summary.parent}"] if summary.parent else []),
        f"Begun {moment(summary.started_ns)}, {ended}",
        f"Command: {safe(' '.join(details.command))}",
        f"In: {', '.join(safe(root) for root in summary.roots)}",
        *_table("By outcome", by_outcome(summary)),
        *_table("By category, of those done", by_category(summary.steps)),
    ):
        out(line)
    print_summary(summary, _next(details, state_dir))


def _table(title: str, sums: list[Sum]) -> Iterator[str]:
    if not sums:
        return
    yield f"{title}:"
    wide = max(len(safe(row.name)) for row in sums)
    for row in sums:
        yield f"  {safe(row.name):<{wide}}  {count(row.files, 'file'):>15}  {size(row.bytes):>8}"


def _next(details: RunDetails, state_dir: str | None) -> str:
    summary = details.summary
    if details.status == "undone":
        return next_line(msgspec.structs.replace(summary, kind=RunKind.UNDO), state_dir)
    if details.status == "running":
        return ""
    if details.status == "interrupted":
        back = next_line(summary, state_dir)
        finish = f"Finish it: fileorg recover {summary.run}{in_state(state_dir)}"
        return f"{finish}; {back}" if back else finish
    return next_line(summary, state_dir)


def show_files(view: RunView, listing: Listing, paging: Paging | None, output: Output) -> None:
    """Write the files of a run, all of them or a page."""
    total = view.count(listing)
    lines = listed(view, listing, paging)
    if output is Output.TEXT:
        for line in lines:
            out(file_text(line))
        _tell_page(paging, total, "file")
    else:
        _write(view, output, "files", map(file_json, lines), total, paging)


def show_groups(view: RunView, listing: Listing, paging: Paging | None, output: Output) -> None:
    """Write what was redundant in a run, by the files that were kept."""
    if listing != Listing():
        raise UsageError("--duplicates: groups are neither filtered nor sorted", "--page has few")
    summary = view.details.summary
    total = summary.groups
    groups = view.groups() if paging is None else view.groups(paging.start, paging.size)
    if output is not Output.TEXT:
        _write(view, output, "groups", map(_group_json, groups), total, paging)
        return
    for group in groups:
        out(f"{safe(shown(group.keep.target))}  {size(group.keep.size)}, kept")
        for line in group.redundant:
            out(f"  {file_text(line)}")
    for words in likely_lines(summary):
        out(words)
    _tell_page(paging, total, "group")


def _tell_page(paging: Paging | None, total: int, noun: str) -> None:
    if paging is None and total:
        return
    if paging is None or total <= paging.start:
        err(
            f"fileorg: there are {count(total, noun)}"
            if total
            else f"fileorg: there are no {noun}s"
        )
        return
    last = min(paging.start + paging.size, total)
    more = f"; more: --page {paging.page + 1}" if last < total else ""
    err(f"fileorg: {paging.start + 1:,} to {last:,} of {count(total, noun)}{more}")


def _write(
    view: RunView,
    output: Output,
    name: str,
    items: Iterable[object],
    total: int,
    paging: Paging | None,
) -> None:
    """Write a line for each item, or one document, of which no more than a line is held."""
    if output is Output.JSONL:
        for item in items:
            out(as_json(item))
        return
    head = {"run": view.details.summary.run, "total": total}
    if paging is not None:
        head |= {"page": paging.page, "page_size": paging.size}
    out(f'{as_json(head)[:-1]},"{name}":[')
    comma = ""
    for item in items:
        out(comma + as_json(item))
        comma = ","
    out("]}")


def file_text(line: FileLine) -> str:
    """Return one file of a run as a line."""
    reason = "" if line.reason is None else line.reason.value
    if line.detail and line.detail != reason:
        reason += f": {safe(line.detail)}"
    amount = size(line.size) if line.is_measured else "-"
    return (
        f"{line.status.name.lower():<8}  {amount:>8}  {safe(shown(line.source))}"
        + ("" if line.target == line.source else f" -> {safe(shown(line.target))}")
        + (f" ({reason})" if reason else "")
        + ("" if line.main is None else f" (with {safe(shown(line.main))})")
    )


def file_json(line: FileLine) -> dict[str, object]:
    """Return one file of a run for a program."""
    return {
        "source": wire(line.source),
        "target": wire(line.target),
        "size": line.size,
        "mtime_ns": line.mtime_ns,
        "kind": None if line.kind is None else line.kind.name.lower(),
        "category": line.category,
        "status": line.status.name.lower(),
        "reason": line.reason.value if line.reason is not None else None,
        "detail": line.detail,
        "with": None if line.main is None else wire(line.main),
        **({} if line.facts is None else {"evidence": evidence_wire(line.facts)}),
    }


def _group_json(group: GroupLine) -> dict[str, object]:
    return {
        "keep": wire(group.keep.target),
        "size": group.keep.size,
        "redundant": [file_json(line) for line in group.redundant],
    }

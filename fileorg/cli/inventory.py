"""How an inventory looks: tables on a terminal, plain lines, JSON."""

from collections.abc import Iterable, Iterator, Sequence

from fileorg.cli.options import Output
from fileorg.cli.render import (
    as_json,
    below,
    failures_of,
    out,
    reason_line,
    requests,
    wants_tree,
)
from fileorg.cli.running import SOME_FAILED
from fileorg.cli.words import Row, Table, count, moment, safe, size
from fileorg.model.inventory import FolderShare, Found, Inventory, Share
from fileorg.model.requests import Requests

_MOST_SUSPECTS = 20


def write(found: Inventory, output: Output) -> None:
    """Write an inventory to stdout as asked."""
    if output is Output.JSON:
        out(as_json(found))
        return
    if output is Output.JSONL:
        from fileorg.cli.stream import RunFinished, Scanned

        out(as_json(Scanned(inventory=found)))
        out(as_json(RunFinished(exit_code=SOME_FAILED if found.failed else 0)))
        return
    tables = [table for table in _tables(found) if table.rows]
    if wants_tree():
        from fileorg.cli.tree import draw_tables

        draw_tables(_headline(found), tables, _last_lines(found))
        return
    for line in _plain(found, tables):
        out(line)


def _plain(found: Inventory, tables: Sequence[Table]) -> Iterator[str]:
    yield _headline(found)
    for table in tables:
        yield table.title
        wide = min(max(len(row.name) for row in table.rows), 48)
        for row in table.rows:
            cells = "  ".join(f"{cell:>12}" for cell in row.cells)
            yield f"  {row.name:<{wide}}  {cells}{_percent(row.part)}"
    yield from _last_lines(found)


def _headline(found: Inventory) -> str:
    where = ", ".join(safe(root) for root in found.roots)
    if not found.files:
        return f"No files in {where}"
    folders = count(found.folders, "folder")
    return f"{count(found.files, 'file')}, {size(found.bytes)}, in {folders} of {where}"


def _tables(found: Inventory) -> Iterator[Table]:
    yield _shares("By category", found.categories, found)
    yield _shares("By size", found.sizes, found)
    yield _shares("By year of the last change", found.years, found)
    yield _files("Largest files", found.largest, found)
    yield Table("Largest folders", tuple(_folder(one, found) for one in found.largest_folders))
    yield _files("Oldest files", found.oldest, found)
    yield _files("Newest files", found.newest, found)
    yield _shares("Extensions without a category", found.unknown, found)
    suspects = found.suspects[:_MOST_SUSPECTS]
    yield Table(
        "Suspicious names",
        tuple(Row(safe(below(one.path, found.roots)), (one.reason,)) for one in suspects),
    )


def _shares(title: str, shares: Iterable[Share], found: Inventory) -> Table:
    rows = (
        Row(
            safe(share.name) or "no extension",
            (count(share.files, "file"), size(share.bytes)),
            share.bytes / (found.bytes or 1),
        )
        for share in shares
    )
    return Table(title, tuple(rows))


def _files(title: str, files: Iterable[Found], found: Inventory) -> Table:
    rows = (
        Row(safe(below(one.path, found.roots)), (size(one.bytes), moment(one.mtime_ns)))
        for one in files
    )
    return Table(title, tuple(rows))


def _folder(one: FolderShare, found: Inventory) -> Row:
    name = safe(below(one.path, found.roots)) + "/"
    part = one.bytes / (found.bytes or 1)
    return Row(name, (count(one.files, "file"), size(one.bytes)), part)


def _last_lines(found: Inventory) -> list[str]:
    lines = []
    more = found.suspect_files - min(len(found.suspects), _MOST_SUSPECTS)
    if more:
        lines.append(f"  and {count(more, 'more suspicious name')}")
    same = found.same_size
    if same.files:
        files = f"{count(same.files, 'file')} in {count(same.groups, 'group')}"
        lines.append(f"Of the same size as another, and so perhaps redundant: {files},")
        lines.append(f"  {size(same.bytes)} at most (fileorg dedupe compares their bytes)")
    if found.left_alone:
        lines += ["Left alone:", *(reason_line(reason) for reason in found.left_alone)]
    lines += failures_of(found.failures, found.failed)
    if isinstance(found.requests, Requests):
        lines.append(f"Requests: {requests(found.requests)}")
    return lines


def _percent(part: float | None) -> str:
    return "" if part is None else f"  {100 * part:>5.1f} %"

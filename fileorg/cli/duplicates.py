"""How groups of duplicates look: a tree on a terminal, plain lines, JSON, CSV."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from fileorg.cli.options import Output
from fileorg.cli.render import (
    as_json,
    err,
    failure_lines,
    headline,
    left_lines,
    out,
    request_lines,
    wants_tree,
)
from fileorg.cli.running import SOME_FAILED, next_line, next_words, same_without_dry_run
from fileorg.cli.sinks import wire
from fileorg.cli.words import count, safe, size
from fileorg.model.duplicates import DedupeAction, DuplicateGroup, Proof
from fileorg.model.entry import FileEntry
from fileorg.model.location import exact, join, shown
from fileorg.pipeline.dedupe import Duplicates
from fileorg.pipeline.purge import PurgeSummary

__all__ = ["SOME_FAILED", "write", "write_purge"]

_HEAD = ("group", "role", "size", "digest", "proof", "path", "path_b64")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PROOFS = {
    Proof.BYTES: "Compared byte by byte. Nothing was changed.",
    Proof.DIGEST: "Some are the same by digests of an earlier run; --no-cache compares them anew.",
}


def write(
    found: Duplicates, output: str, *, quiet: bool = False, state_dir: str | None = None
) -> None:
    """Write groups and sums to stdout as asked."""
    if output == "json":
        groups = [_document(group, found) for group in found.groups]
        out(as_json({"groups": groups, **_sums(found), "summary": found.summary}))
    elif output == "jsonl":
        _write_events(found)
    elif output == "csv":
        for row in _rows(found):
            out(_csv(row))
    elif not quiet:
        _print(found, state_dir)
    if found.summary.failed and (quiet or output == "csv"):
        for failure in found.summary.failures:
            err(f"fileorg: {safe(failure.path)}: {failure.reason}")


def _write_events(found: Duplicates) -> None:
    from fileorg.cli.stream import DuplicatesCounted, DuplicatesFound, RunFinished, place

    for group in found.groups:
        out(
            as_json(
                DuplicatesFound(
                    digest=group.digest.hex(),
                    proof=group.proof.value,
                    size=group.keep.fingerprint.size,
                    keep=place(_path(group.keep, found)),
                    reason=group.reason.value,
                    redundant=tuple(place(_path(entry, found)) for entry in group.redundant),
                    reclaimable=group.reclaimable,
                )
            )
        )
    out(as_json(DuplicatesCounted(**_sums(found))))
    code = SOME_FAILED if found.summary.failed else 0
    out(as_json(RunFinished(exit_code=code, summary=found.summary)))


def _print(found: Duplicates, state_dir: str | None) -> None:
    groups = (_labels(group, found) for group in found.groups)
    rest = [*left_lines(found.summary), *failure_lines(found.summary)]
    rest += request_lines(found.summary)
    rest += _end_lines(found, state_dir)
    if wants_tree():
        from fileorg.cli.tree import draw_groups

        draw_groups(_headline(found), groups, rest)
        return
    out(_headline(found))
    for first, others in groups:
        out("\n    ".join((f"  {first}", *others)))
    for line in rest:
        out(line)


def _headline(found: Duplicates) -> str:
    where = ", ".join(safe(shown(root)) for root in found.roots)
    if not found.groups:
        return f"No duplicates among {count(found.seen, 'file')} in {where}"
    files = f"{count(found.groups.files, 'redundant file')} in {count(len(found.groups), 'group')}"
    return f"{files}, {size(found.groups.reclaimable)} reclaimable, in {where}"


def _end_lines(found: Duplicates, state_dir: str | None) -> list[str]:
    """Return what was done, or how sure it is and that nothing was."""
    summary = found.summary
    if summary.run and not summary.dry_run:
        lines = [headline(summary)]
        if summary.done:
            lines.append(next_line(summary, state_dir))
        if summary.done and found.action is not DedupeAction.REFLINK:
            lines.append(f"Free the space: fileorg purge {next_words(summary, state_dir)}")
        return lines
    lines = [words for proof, words in _PROOFS.items() if proof in found.groups.proofs]
    if summary.dry_run:
        lines.append(headline(summary))
        lines.append(f"Nothing was changed. To do it: {same_without_dry_run(summary)}")
    return lines


def write_purge(summary: PurgeSummary, output: Output, *, quiet: bool) -> None:
    """Write what a purge freed."""
    if output is not Output.TEXT:
        out(as_json(summary))
    elif not quiet:
        verb = "Would free" if summary.dry_run else "Freed"
        out(f"{verb} {size(summary.bytes)}, {count(summary.files, 'file')} of run {summary.run}")
    for failure in summary.failures:
        if output is Output.TEXT:
            err(f"fileorg: {safe(failure.path)}: it stays: {failure.reason}")


def _labels(group: DuplicateGroup, found: Duplicates) -> tuple[str, list[str]]:
    """Return the line of the file that is kept, and those of the others."""
    amount = size(group.keep.fingerprint.size)
    first = f"{safe(_shown(group.keep, found))}  {amount}, kept: {group.reason.value}"
    return first, [safe(_shown(entry, found)) for entry in group.redundant]


def _shown(entry: FileEntry, found: Duplicates) -> str:
    return shown(entry.location.path if len(found.roots) == 1 else _path(entry, found))


def _path(entry: FileEntry, found: Duplicates) -> bytes:
    return join(found.roots[entry.location.root], entry.location.path)


def _document(group: DuplicateGroup, found: Duplicates) -> dict[str, Any]:
    return {
        "digest": group.digest.hex(),
        "proof": group.proof.value,
        "size": group.keep.fingerprint.size,
        "keep": wire(_path(group.keep, found)),
        "reason": group.reason.value,
        "redundant": [wire(_path(entry, found)) for entry in group.redundant],
        "reclaimable": group.reclaimable,
    }


def _sums(found: Duplicates) -> dict[str, int]:
    return {
        "seen": found.seen,
        "redundant": found.groups.files,
        "reclaimable": found.groups.reclaimable,
    }


def _rows(found: Duplicates) -> Iterator[tuple[str, ...]]:
    yield _HEAD
    for number, group in enumerate(found.groups, 1):
        facts = (str(group.keep.fingerprint.size), group.digest.hex(), group.proof.value)
        for entry in (group.keep, *group.redundant):
            role = "keep" if entry is group.keep else "redundant"
            path = _path(entry, found)
            yield (str(number), role, *facts, shown(path), exact(path) or "")


def _csv(row: tuple[str, ...]) -> str:
    """Return a line of CSV, in which no cell is a formula to a spreadsheet."""
    cells = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row]
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # so that cells with one are quoted
    return line.getvalue().removesuffix("\r\n")

"""How results look: text for people, JSON for programs. stdout is data, the rest is stderr."""

import os
import sys
from collections.abc import Iterable

import msgspec

from fileorg.cli.words import count, duration, safe, size
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.summary import Failure, FolderSum, ReasonSum, RunSummary

_MOST_FOLDERS = 40
_MOST_FAILURES = 20

_REMEDIES = {
    "folder left as it is": "--folders recurse sorts what is in them, whole moves each as one",
    "hidden": "--hidden organizes them too",
    "not selected": "",
    "changed moments ago": "run it again later",
}


def out(text: str) -> None:
    """Write a line to stdout; a reader that is gone ends nothing."""
    try:
        sys.stdout.write(text + "\n")
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    except BrokenPipeError:
        no_more_reader()


def no_more_reader() -> None:
    """Send what is still written to stdout nowhere; the run goes on."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)


def err(text: str) -> None:
    """Write a line to stderr."""
    try:
        sys.stderr.write(text + "\n")
    except UnicodeEncodeError:
        sys.stderr.write(text.encode("ascii", "backslashreplace").decode("ascii") + "\n")
    except BrokenPipeError:
        pass


def as_json(value: object) -> str:
    """Return a value as one JSON document."""
    return msgspec.json.encode(value).decode()


def summary_lines(summary: RunSummary, again: str) -> list[str]:
    """Return what a run did, or would do, as lines; *again* is the command that does it."""
    lines = [_headline(summary)]
    lines += _folder_lines(summary.folders, summary.roots)
    lines += _left_lines(summary)
    lines += _failure_lines(summary.failures, summary.failed)
    lines += [f"  edited since, put back as it is now: {safe(path)}" for path in summary.edited]
    lines += _next_lines(summary, again)
    return lines


def _headline(summary: RunSummary) -> str:
    files = f"{count(summary.done, 'file')}, {size(summary.bytes)}"
    roots = ", ".join(safe(root) for root in summary.roots)
    verb = {RunKind.ORGANIZE: "organize", RunKind.UNDO: "undo", RunKind.REDO: "redo"}[summary.kind]
    if summary.done == 0 and not summary.failed and not summary.pending:
        return f"Nothing to {verb} in {roots}" if roots else f"Nothing to {verb}"
    if summary.dry_run:
        return f"Would {verb} {files} in {roots}"
    took = duration(summary.ended_ns - summary.started_ns)
    done = {"organize": "Organized", "undo": "Put back", "redo": "Did again"}[verb]
    stopped = " (interrupted)" if summary.state is RunState.INTERRUPTED else ""
    return f"{done} {files} in {roots}, in {took}{stopped}"


def _folder_lines(folders: Iterable[FolderSum], roots: tuple[str, ...]) -> list[str]:
    rows = [
        (safe(_below(folder.path, roots)) + "/", folder) for folder in folders
    ]
    shown = rows[:_MOST_FOLDERS]
    wide = min(max((len(name) for name, _ in shown), default=0), 48)
    lines = [
        f"  {name:<{wide}}  {count(f.files, 'file'):>12}  {size(f.bytes):>8}  "
        f"{', '.join(safe(example) for example in f.examples)}".rstrip()
        for name, f in shown
    ]
    if len(rows) > len(shown):
        rest = rows[len(shown) :]
        files = sum(folder.files for _, folder in rest)
        lines.append(f"  and {count(files, 'file')} in {count(len(rest), 'more folder')}")
    return lines


def _below(path: str, roots: tuple[str, ...]) -> str:
    for root in roots:
        if len(roots) == 1 and path == root:
            return "."
        if len(roots) == 1 and path.startswith(root.rstrip("/") + "/"):
            return path[len(root.rstrip("/")) + 1 :]
    return path


def _left_lines(summary: RunSummary) -> list[str]:
    lines = []
    if summary.folders_removed and summary.kind is RunKind.ORGANIZE:
        verb = "would be removed" if summary.dry_run else "removed"
        lines.append(f"  {count(summary.folders_removed, 'folder')} left empty, {verb}")
    if summary.in_place:
        lines.append(f"  {count(summary.in_place, 'file')} already in place")
    if summary.left_alone:
        lines.append("Left alone:")
        lines += [_reason_line(reason) for reason in summary.left_alone]
    return lines


def _reason_line(reason: ReasonSum) -> str:
    examples = ", ".join(safe(example) for example in reason.examples)
    more = ", ..." if reason.count > len(reason.examples) else ""
    remedy = _REMEDIES.get(reason.reason, "")
    return f"  {reason.count:>7,}  {reason.reason}: {examples}{more}" + (
        f" ({remedy})" if remedy else ""
    )


def _failure_lines(failures: tuple[Failure, ...], total: int) -> list[str]:
    if not total:
        return []
    lines = [f"Failed: {total:,}"]
    for failure in failures[:_MOST_FAILURES]:
        detail = f" ({safe(failure.detail)})" if failure.detail else ""
        lines.append(f"  {safe(failure.path)}: {failure.reason}{detail}")
    if total > _MOST_FAILURES:
        lines.append(f"  and {total - _MOST_FAILURES:,} more")
    return lines


def _next_lines(summary: RunSummary, again: str) -> list[str]:
    if summary.dry_run:
        return ["Nothing was changed." + (f" To do it: {again}" if summary.done else "")]
    if not summary.run:
        return []
    if summary.kind is RunKind.UNDO:
        return [f"Do it again: fileorg redo {summary.parent}"]
    return [f"Take it back: fileorg undo {summary.parent or summary.run}"]

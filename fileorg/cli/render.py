"""How results look: text for people, JSON for programs. stdout is data, the rest is stderr."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import TextIOWrapper

import msgspec

from fileorg.cli.words import FolderRow, count, duration, encodable, safe, safe_json, size
from fileorg.model.location import is_remote
from fileorg.model.outcome import FORWARD, RunKind, RunState
from fileorg.model.requests import KINDS, Requests
from fileorg.model.summary import Failure, FolderSum, ReasonSum, RunSummary

_MOST_FOLDERS = 40
_MOST_FAILURES = 20
_LEAST_SHOWN = 0.01

_REMEDIES = {
    "folder left as it is": "--folders recurse sorts what is in them, whole moves each as one",
    "folder deeper than asked for": "a larger --depth reaches it",
    "hidden": "--hidden organizes them too",
    "not selected": "",
    "changed moments ago": "run it again later",
}

_VERBS = {
    RunKind.ORGANIZE: "organize",
    RunKind.APPLY: "apply",
    RunKind.UNDO: "undo",
    RunKind.REDO: "redo",
    RunKind.DEDUPE: "deduplicate",
}


_SORTS = {RunKind.ORGANIZE, RunKind.APPLY}


class _Lost:
    """Why stdout takes no more, where it does not: a reader that left is no reason."""

    error: OSError | None = None


def keep_to_locale() -> None:
    """Write ASCII where LC_ALL or LANG says C: Python would write UTF-8 there all the same."""
    named = os.environ.get("LC_ALL") or os.environ.get("LANG")
    asked = os.environ.get("PYTHONUTF8") or os.environ.get("PYTHONIOENCODING")
    if named not in {"C", "POSIX"} or asked or not sys.flags.utf8_mode:
        return
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="ascii", errors="backslashreplace")


def out(text: str) -> None:
    """Write a line to stdout; where it can't be written the run goes on."""
    _taken(lambda: sys.stdout.write(encodable(text, sys.stdout.encoding) + "\n"))


def put(text: str) -> bool:
    """Write a part of a document to stdout, in UTF-8 whatever the locale; whether it was taken."""
    return _taken(lambda: sys.stdout.buffer.write(text.encode()))


def _taken(write: Callable[[], object]) -> bool:
    if sys.stdout is None:  # closed by the caller
        return False
    try:
        write()
    except BrokenPipeError:
        no_more_reader()
        return False
    except OSError as error:
        unwritable(error)
        return False
    return True


def unwritten() -> OSError | None:
    """Write out what is still held back; return why stdout could not take all of it."""
    if sys.stdout is not None and _Lost.error is None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            unwritable(error)
    return _Lost.error


def unwritable(error: OSError) -> None:
    """Remember why stdout takes no more, and go on."""
    _Lost.error = error
    no_more_reader()


def no_more_reader() -> None:
    """Send what is still written to stdout nowhere; the run goes on."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)


def err(text: str) -> None:
    """Write a line to stderr, in one piece."""
    if sys.stderr is None:
        return
    with suppress(OSError):
        sys.stderr.write(encodable(text, sys.stderr.encoding) + "\n")


def as_json(value: object) -> str:
    """Return a value as one JSON document."""
    encoding = sys.stdout.encoding if sys.stdout is not None else None
    return safe_json(msgspec.json.encode(value).decode(), encoding)


def print_summary(summary: RunSummary, again: str = "") -> None:
    """Print what a run did, or would do: as a tree on a terminal, as plain lines elsewhere."""
    if wants_tree():
        from fileorg.cli.tree import draw

        rows, more = folder_rows(summary.folders, summary.roots)
        draw(headline(summary), rows, [*more, *rest_lines(summary, again)])
        return
    for line in summary_lines(summary, again):
        out(line)


def wants_tree() -> bool:
    """Whether stdout is a terminal that can do more than plain lines, or is to be taken for one."""
    if sys.stdout is None or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def summary_lines(summary: RunSummary, again: str) -> list[str]:
    """Return what a run did, or would do, as lines; *again* is the command that does it."""
    rows, more = folder_rows(summary.folders, summary.roots)
    wide = min(max((len(row.path) + 1 for row in rows), default=0), 48)
    lines = [
        f"  {row.path + '/':<{wide}}  {row.files:>12}  {row.size:>8}  {row.examples}".rstrip()
        for row in rows
    ]
    return [headline(summary), *lines, *more, *rest_lines(summary, again)]


def rest_lines(summary: RunSummary, again: str) -> list[str]:
    """Return what stands below the folders: what was left, what failed, what to do next."""
    lines = left_lines(summary)
    lines += mismatch_lines(summary)
    lines += likely_lines(summary)
    lines += failure_lines(summary)
    lines += [f"  edited since, put back as it is now: {safe(path)}" for path in summary.edited]
    lines += request_lines(summary)
    lines += _next_lines(summary, again)
    return lines


def headline(summary: RunSummary) -> str:
    """Return a run in one line."""
    files = count(summary.done, "file")
    if summary.companions:
        files += f", of them {count(summary.companions, 'companion')}"
    files += f", {size(summary.bytes)}"
    roots = ", ".join(safe(root) for root in summary.roots)
    verb = _VERBS[summary.kind]
    if summary.done == 0 and not summary.failed and not summary.pending:
        return f"Nothing to {verb} in {roots}" if roots else f"Nothing to {verb}"
    if summary.dry_run:
        return f"Would {verb} {files} in {roots}"
    done = {
        "organize": "Organized",
        "apply": "Applied",
        "undo": "Removed" if summary.copies and summary.copies == summary.done else "Put back",
        "redo": "Did again",
        "deduplicate": "Deduplicated",
    }[verb]
    if summary.state is RunState.FINISHED:
        return f"{done} {files} in {roots}, in {duration(summary.ended_ns - summary.started_ns)}"
    stopped = "interrupted" if summary.state is RunState.INTERRUPTED else "not ended"
    return f"{done} {files} in {roots} ({stopped})"


def folder_rows(
    folders: tuple[FolderSum, ...], roots: tuple[str, ...]
) -> tuple[list[FolderRow], list[str]]:
    """Return the first folders, and a line that says how many there are besides."""
    rows = [
        FolderRow(
            safe(below(folder.path, roots)),
            count(folder.files, "file"),
            size(folder.bytes),
            ", ".join(safe(example) for example in folder.examples),
        )
        for folder in folders[:_MOST_FOLDERS]
    ]
    rest = folders[_MOST_FOLDERS:]
    if not rest:
        return rows, []
    files = sum(folder.files for folder in rest)
    return rows, [f"  and {count(files, 'file')} in {count(len(rest), 'more folder')}"]


def below(path: str, roots: tuple[str, ...]) -> str:
    """Return a path as it is below the only root; as it is where there are more."""
    for root in roots:
        if len(roots) == 1 and path == root:
            return "."
        if len(roots) == 1 and path.startswith(root.rstrip("/") + "/"):
            return path[len(root.rstrip("/")) + 1 :]
    return path


def left_lines(summary: RunSummary) -> list[str]:
    """Return what was left as it was, and why."""
    lines = []
    if summary.folders_removed and summary.kind in _SORTS:
        verb = "would be removed" if summary.dry_run else "removed"
        lines.append(f"  {count(summary.folders_removed, 'folder')} left empty, {verb}")
    if summary.set_aside and summary.kind in _SORTS:
        files = f"{count(summary.set_aside, 'redundant file')} in {count(summary.groups, 'group')}"
        verb = "would be set aside" if summary.dry_run else "set aside"
        lines.append(
            f"  {files} {verb}"
            + ("" if summary.dry_run else f" (fileorg purge {summary.run} frees the space)")
        )
    if summary.in_place:
        lines.append(f"  {count(summary.in_place, 'file')} already in place")
    if summary.not_chosen:
        lines.append(f"  {count(summary.not_chosen, 'file')} of the run not asked for, not touched")
    if summary.left_alone:
        lines.append("Left alone:")
        lines += [reason_line(reason) for reason in summary.left_alone]
    return lines


def mismatch_lines(summary: RunSummary) -> list[str]:
    """Return which files are something else than their names say, the first of them."""
    total = summary.mismatches
    if not total:
        return []
    lines = [f"Not what the name says: {total:,}"]
    lines += [
        f"  {safe(found.path)}: {safe(found.mime)} ({safe(found.category)})"
        for found in summary.mismatched[:_MOST_FAILURES]
    ]
    return [*lines, f"  and {total - _MOST_FAILURES:,} more"] if total > _MOST_FAILURES else lines


def likely_lines(summary: RunSummary) -> list[str]:
    """Return what a first look at the files found, in words that promise no more than it did."""
    found = summary.likely
    if isinstance(found, msgspec.UnsetType):
        return []
    names = ", ".join(safe(example) for example in found.examples)
    more = ", ..." if found.files > len(found.examples) else ""
    files = f"{count(found.files, 'file')} in {count(found.groups, 'group')}"
    partly = "" if found.whole else "; not all were looked at"
    why = f"first and last 4 KiB as another{partly} (fileorg dedupe compares all bytes)"
    if all(is_remote(os.fsencode(root)) for root in summary.roots):
        why = f"and ETag as another{partly}"
    return [
        f"Probably redundant: {files}, {size(found.bytes)}: {names}{more}",
        f"  same size, {why}",
    ]


def reason_line(reason: ReasonSum) -> str:
    """Return how many were left alone for a reason, some of them, and what to do about it."""
    examples = ", ".join(safe(example) for example in reason.examples)
    more = ", ..." if reason.count > len(reason.examples) else ""
    remedy = _REMEDIES.get(reason.reason, "")
    return f"  {reason.count:>7,}  {reason.reason}: {examples}{more}" + (
        f" ({remedy})" if remedy else ""
    )


def request_lines(summary: RunSummary) -> list[str]:
    """Return what buckets were asked, and would be; nothing where there are none."""
    lines = []
    if isinstance(summary.requests, Requests):
        lines.append(f"Requests: {requests(summary.requests)}")
    if isinstance(summary.expected_requests, Requests):
        lines.append(f"Requests of the run, estimated: {requests(summary.expected_requests)}")
    return lines


def requests(asked: Requests) -> str:
    """Return how many requests there are of each kind, bytes, and what they cost."""
    kinds = [f"{many:,} {kind.upper()}" for kind in KINDS if (many := getattr(asked, kind))]
    words = ", ".join(kinds) or "none"
    carried = {"sent": asked.sent, "received": asked.received}
    words += "".join(f"; {size(many)} {way}" for way, many in carried.items() if many)
    if isinstance(asked.cost, float | int):
        words += f"; {_amount(asked.cost)} {safe(str(asked.currency))}"
    return words


def _amount(cost: float) -> str:
    """Return a sum of money; one that is hardly any is not called nothing."""
    return f"{cost:,.2f}" if not cost or cost >= _LEAST_SHOWN else f"under {_LEAST_SHOWN}"


def failure_lines(summary: RunSummary) -> list[str]:
    """Return what could not be done, the first of it by name; of an undo all of it, with both ends.

    What was not put back is to be found again.
    """
    is_undo, all_of_them = summary.kind not in FORWARD, ""
    if summary.run and not summary.dry_run:
        all_of_them = f"fileorg show {summary.run} --files --status failed"
    return failures_of(summary.failures, summary.failed, all_of_them, both_ends=is_undo)


def failures_of(
    failures: Sequence[Failure], total: int, all_of_them: str = "", *, both_ends: bool = False
) -> list[str]:
    """Return *total* failures, of which these are the first, as lines.

    Where there are more, the last line says what lists *all of them*, else what JSON has.
    """
    if not total:
        return []
    lines = [f"Failed: {total:,}"]
    if both_ends:
        lines += [f"  {_failure(failure, _arrow(failure))}" for failure in failures]
    else:
        lines += [f"  {_failure(failure)}" for failure in failures[:_MOST_FAILURES]]
    named = len(lines) - 1
    if total > named:
        known = "all" if total == len(failures) else f"the first {len(failures):,}"
        remedy = all_of_them or f"--output json has {known}"
        lines.append(f"  and {total - named:,} more: {remedy}")
    return lines


def _failure(failure: Failure, arrow: str = "") -> str:
    detail = f" ({safe(failure.detail)})" if failure.detail else ""
    return f"{safe(failure.path)}{arrow}: {failure.reason}{detail}"


def _arrow(failure: Failure) -> str:
    return f" -> {safe(failure.target)}" if failure.target else ""


def _next_lines(summary: RunSummary, again: str) -> list[str]:
    if summary.dry_run:
        return ["Nothing was changed." + (f" To do it: {again}" if summary.done else "")]
    return [again] if again else []

"""How `fileorg show` writes a run and its files."""

import msgspec

from fileorg.cli.render import out, print_summary
from fileorg.cli.running import next_line
from fileorg.cli.sinks import wire
from fileorg.cli.words import moment, safe, size
from fileorg.errors import UsageError
from fileorg.model.evidence import evidence_wire
from fileorg.model.location import shown
from fileorg.model.outcome import RunKind, Status
from fileorg.pipeline.history import FileLine, RunDetails


def status_named(name: str | None) -> Status | None:
    """Return the status of that name; `UsageError` where there is none."""
    if name is None:
        return None
    try:
        return Status[name.upper()]
    except KeyError:
        names = ", ".join(status.name.lower() for status in Status)
        raise UsageError(f"--status: {name!r} is not a status", f"there are {names}") from None


def print_details(details: RunDetails, state_dir: str | None) -> None:
    """Print a run: when, by which command, and its sums."""
    summary = details.summary
    for line in (
        f"Run {summary.run}: {summary.kind.value}, {details.status}",
        f"Begun {moment(summary.started_ns)}, ended {moment(summary.ended_ns)}",
        f"Command: {safe(' '.join(details.command))}",
    ):
        out(line)
    print_summary(summary, _next(details, state_dir))


def _next(details: RunDetails, state_dir: str | None) -> str:
    summary = details.summary
    if details.status == "undone":
        return next_line(msgspec.structs.replace(summary, kind=RunKind.UNDO), state_dir)
    if details.status == "running":
        return ""
    if details.status == "interrupted":
        return f"Finish it: fileorg recover {summary.run}; {next_line(summary, state_dir)}"
    return next_line(summary, state_dir)


def file_text(line: FileLine) -> str:
    """Return one file of a run as a line."""
    reason = f" ({line.reason.value})" if line.reason is not None else ""
    main = f" (with {safe(shown(line.main))})" if line.main is not None else ""
    return (
        f"{line.status.name.lower():<8}  {size(line.size):>8}  "
        f"{safe(shown(line.source))} -> {safe(shown(line.target))}{reason}{main}"
    )


def file_json(line: FileLine) -> dict[str, object]:
    """Return one file of a run for a program."""
    return {
        "source": wire(line.source),
        "target": wire(line.target),
        "size": line.size,
        "kind": line.kind.name.lower(),
        "category": line.category,
        "status": line.status.name.lower(),
        "reason": line.reason.value if line.reason is not None else None,
        "with": wire(line.main) if line.main is not None else None,
        **({} if line.facts is None else {"evidence": evidence_wire(line.facts)}),
    }

"""How `fileorg show` writes a run and its files."""

from fileorg.cli.render import summary_lines
from fileorg.cli.sinks import wire
from fileorg.cli.words import moment, safe, size
from fileorg.errors import UsageError
from fileorg.model.location import shown
from fileorg.model.outcome import Status
from fileorg.pipeline.history import FileLine, RunDetails


def status_named(name: str | None) -> Status | None:
    """Return the status of that name; `UsageError` where there is none."""
    if name is None:
        return None
    try:
        return Status[name.upper()]
    except KeyError:
        names = ", ".join(status.name.lower() for status in Status)
        raise UsageError(f"--status {name!r} is not one of {names}") from None


def details_lines(details: RunDetails) -> list[str]:
    """Return a run as lines."""
    summary = details.summary
    return [
        f"Run {summary.run}: {summary.kind.value}, {details.status}",
        f"Begun {moment(summary.started_ns)}, ended {moment(summary.ended_ns)}",
        f"Command: {safe(' '.join(details.command))}",
        *summary_lines(summary, ""),
    ]


def file_text(line: FileLine) -> str:
    """Return one file of a run as a line."""
    reason = f" ({line.reason.value})" if line.reason is not None else ""
    return (
        f"{line.status.name.lower():<8}  {size(line.size):>8}  "
        f"{safe(shown(line.source))} -> {safe(shown(line.target))}{reason}"
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
    }

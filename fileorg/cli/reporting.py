"""Where `fileorg report` writes to."""

import os
from contextlib import suppress

from fileorg.cli.render import err, put
from fileorg.cli.words import safe
from fileorg.errors import UsageError
from fileorg.pipeline.viewing import RunView
from fileorg.report.formats import ReportFormat, writer_of
from fileorg.report.saving import saved


def write_report(view: RunView, format_: ReportFormat, to: str | None, *, force: bool) -> None:
    """Write a report to a file, or to stdout, where no file is named or `-`."""
    writer = writer_of(format_)
    if to is None or to == "-":
        if force:
            raise UsageError("--force: there is no file to replace", "name it with -o FILE")
        with suppress(_NobodyReadsError):
            writer(view, _to_stdout)
        return
    if not to:
        raise UsageError("-o '': an empty path", "is a variable in the command line unset?")
    path = os.path.expanduser(to)
    with saved(path, force=force) as write:
        writer(view, write)
    err(f"fileorg: wrote {safe(path)}")


class _NobodyReadsError(Exception):
    """Raised to end a report that stdout does not take."""


def _to_stdout(text: str) -> None:
    if not put(text):
        raise _NobodyReadsError

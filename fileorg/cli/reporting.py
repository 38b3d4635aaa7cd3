"""Where `fileorg report` writes to."""

import os
from collections.abc import Callable
from contextlib import suppress

from fileorg.cli.render import err, put
from fileorg.cli.words import safe
from fileorg.errors import UsageError
from fileorg.pipeline.viewing import RunView
from fileorg.report.saving import saved

Writer = Callable[[RunView, Callable[[str], object]], None]


def write_report(view: RunView, format_: str, to: str | None, *, force: bool) -> None:
    """Write a report to a file, or to stdout, where no file is named or `-`."""
    writer = _writer(format_)
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


def _writer(format_: str) -> Writer:
    if format_ == "html":
        from fileorg.report.html import write_html

        return write_html
    if format_ == "csv":
        from fileorg.report.csv import write_csv

        return write_csv
    from fileorg.report.json import write_json

    return write_json


class _NobodyReadsError(Exception):
    """Raised to end a report that stdout does not take."""


def _to_stdout(text: str) -> None:
    if not put(text):
        raise _NobodyReadsError

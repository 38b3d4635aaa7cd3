"""Where `fileorg report` writes to."""

import os
import sys
from collections.abc import Callable

from fileorg.cli.render import err
from fileorg.cli.words import safe
from fileorg.errors import StorageUnavailableError, UsageError
from fileorg.pipeline.viewing import RunView
from fileorg.report.saving import saved

Writer = Callable[[RunView, Callable[[str], object]], None]


def write_report(view: RunView, format_: str, to: str | None, *, force: bool) -> None:
    """Write a report to a file, or to stdout."""
    writer = _writer(format_)
    if to is None:
        if force:
            raise UsageError("--force: there is no file to replace", "name it with -o FILE")
        writer(view, _to_stdout)
        return
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


def _to_stdout(text: str) -> None:
    """Write text in UTF-8, whatever the locale: what is written says so itself."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.buffer.write(text.encode())
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageUnavailableError(
            f"stdout: {error.strerror}", "make room, or name a FILE"
        ) from error

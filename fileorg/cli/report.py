"""`fileorg report`."""

from typing import Annotated

import typer

from fileorg.cli.options import RunArgument, StateOption, state_from
from fileorg.report.formats import ReportFormat


def report(
    run: RunArgument,
    format_: Annotated[
        ReportFormat, typer.Option("--format", help="A page, a document, or a table.")
    ] = ReportFormat.HTML,
    to: Annotated[
        str | None,
        typer.Option(
            "-o", "--to", metavar="FILE", help="Write to FILE, not there yet; - is stdout."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
    state_dir: StateOption = None,
) -> None:
    """Write a report of one run, to keep or to send: a page, JSON, or CSV, always in UTF-8.

    Exit status: 0 done; 2 no such run; 4 the journal was tampered with, or FILE is there already;
    12 FILE or the state folder can't be used.
    """
    from fileorg.cli.reporting import write_report
    from fileorg.pipeline.viewing import RunView

    with RunView(state_from(state_dir), run) as view:
        write_report(view, format_, to, force=force)

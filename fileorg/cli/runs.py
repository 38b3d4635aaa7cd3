"""`fileorg runs` and `fileorg show`."""

from typing import Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.options import Output, OutputOption, RunArgument, StateOption, state_from


def runs(
    output: OutputOption = Output.TEXT,
    state_dir: StateOption = None,
) -> None:
    """List the runs, the newest first, and whether they can still be taken back.

    Exit status: 0 done; 12 the state folder can't be read.
    """
    from fileorg.cli.render import as_json, err, out
    from fileorg.cli.run_list import run_lines, terminal_width
    from fileorg.cli.running import in_state
    from fileorg.pipeline.history import list_runs, record_wire

    found = list_runs(state_from(state_dir))
    if output is Output.JSON:
        out(as_json([record_wire(run) for run in found]))
    elif output is Output.JSONL:
        for run in found:
            out(as_json(record_wire(run)))
    elif found:
        for line in run_lines(found, terminal_width()):
            out(line)
        if any(run.status == "interrupted" for run in found):
            err(f"fileorg: finish what was interrupted: fileorg recover{in_state(state_dir)}")
    else:
        err("fileorg: there are no runs yet")


_FILES = "Its files"


def show(
    run: RunArgument,
    files: Annotated[
        bool, typer.Option("--files", rich_help_panel=_FILES, help="List the files of the run.")
    ] = False,
    status: Annotated[
        str | None,
        typer.Option(
            "--status",
            metavar="done|skipped|failed|pending",
            autocompletion=completing.one_of("done|skipped|failed|pending"),
            rich_help_panel=_FILES,
            help="Only these files.",
        ),
    ] = None,
    category: Annotated[
        str | None,
        typer.Option(
            "--category",
            metavar="NAME",
            rich_help_panel=_FILES,
            help="Only files of this category.",
            autocompletion=completing.categories,
        ),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar="path|target|size|category|status",
            autocompletion=completing.one_of("path|target|size|category|status"),
            rich_help_panel=_FILES,
            help="By what; else as planned.",
        ),
    ] = None,
    reverse: Annotated[
        bool, typer.Option("--reverse", "-r", rich_help_panel=_FILES, help="The last first.")
    ] = False,
    page: Annotated[
        int | None,
        typer.Option("--page", metavar="N", min=1, rich_help_panel=_FILES, help="Only this page."),
    ] = None,
    page_size: Annotated[
        int | None,
        typer.Option(
            "--page-size", metavar="N", min=1, max=1000, rich_help_panel=_FILES, help="Its lines."
        ),
    ] = None,
    duplicates: Annotated[
        bool,
        typer.Option(
            "--duplicates", rich_help_panel=_FILES, help="List what was redundant, by group."
        ),
    ] = False,
    output: OutputOption = Output.TEXT,
    state_dir: StateOption = None,
) -> None:
    """Show one run: what it was asked, what it did, and with --files each file.

    Exit status: 0 done; 2 no such run, status or category; 4 the journal was tampered with; 12 the
    state folder can't be read.
    """
    from fileorg.cli.showing import show_details, show_files, show_groups
    from fileorg.pipeline.listing import listing_of, paging_of
    from fileorg.pipeline.viewing import Listing, RunView

    with RunView(state_from(state_dir), run) as view:
        listing = listing_of(view, status, category, sort, reverse=reverse)
        paging = paging_of(page, page_size)
        if duplicates:
            show_groups(view, listing, paging, output)
        elif files or paging or listing != Listing():
            show_files(view, listing, paging, output)
        else:
            show_details(view.details, output, state_dir)

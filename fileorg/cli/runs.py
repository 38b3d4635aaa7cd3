"""`fileorg runs` and `fileorg show`."""

from typing import Annotated

import typer

from fileorg.cli.options import Output, OutputOption, StateOption, state_from


def runs(
    output: OutputOption = Output.TEXT,
    state_dir: StateOption = None,
) -> None:
    """List the runs, the newest first, and whether they can still be taken back.

    Exit status: 0 done; 12 the state folder can't be read.
    """
    from fileorg.cli.render import as_json, err, out
    from fileorg.cli.words import count, moment, safe, size
    from fileorg.model.location import shown
    from fileorg.pipeline.history import list_runs, record_wire

    lines = list_runs(state_from(state_dir))
    if output is Output.JSON:
        out(as_json([record_wire(line) for line in lines]))
        return
    for line in lines:
        record = line.record
        if output is Output.JSONL:
            out(as_json(record_wire(line)))
            continue
        if record.problem:
            out(f"{safe(record.run)}  unusable: {safe(record.problem)}")
            continue
        roots = ", ".join(safe(shown(root)) for root in record.roots)
        files = f"{count(record.done, 'file')}, {size(record.bytes)}"
        out(
            f"{record.run}  {moment(record.started_ns)}  {record.kind.value:<8}  "
            f"{line.status:<11}  {files:>22}  {roots}"
        )
    if not lines and output is Output.TEXT:
        err("fileorg: there are no runs yet")


def show(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's id or its unique beginning.")],
    files: Annotated[bool, typer.Option("--files", help="List the files of the run.")] = False,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="done|skipped|failed|pending", help="Only these files."),
    ] = None,
    category: Annotated[
        str | None, typer.Option("--category", metavar="NAME", help="Only files of this category.")
    ] = None,
    output: OutputOption = Output.TEXT,
    state_dir: StateOption = None,
) -> None:
    """Show one run: what it was asked, what it did, and with --files each file.

    Exit status: 0 done; 2 no such run; 4 the journal was tampered with.
    """
    from fileorg.cli.render import as_json, out
    from fileorg.cli.showing import file_json, file_text, print_details, status_named
    from fileorg.pipeline.history import files_of, show_run

    state = state_from(state_dir)
    wanted = status_named(status)
    if not files and status is None and category is None:
        details = show_run(state, run)
        if output is Output.TEXT:
            print_details(details, state_dir)
        else:
            out(as_json(details))
        return
    lines = files_of(state, run, status=wanted, category=category)
    if output is Output.JSON:
        out(as_json([file_json(line) for line in lines]))
        return
    for line in lines:
        out(file_text(line) if output is Output.TEXT else as_json(file_json(line)))

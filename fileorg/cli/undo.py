"""`fileorg undo`, `fileorg redo` and `fileorg recover`."""

from typing import TYPE_CHECKING, Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.options import (
    JobsOption,
    LogOption,
    NoProgressOption,
    Output,
    OutputOption,
    QuietOption,
    RunArgument,
    StateOption,
    VerboseOption,
    WaitOption,
    absolute,
    command_line,
    prices_in_force,
    state_from,
)
from fileorg.model.plan import TakenPolicy

if TYPE_CHECKING:
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.undo import UndoRequest

_PART = "A part of the run"

RootOption = Annotated[
    str | None,
    typer.Option("--root", metavar="PATH", help="With 'last': the last run that touched PATH."),
]
ChangedOption = Annotated[
    bool,
    typer.Option("--include-changed", help="Put back also files that were replaced since."),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="GLOB", rich_help_panel=_PART, help="Only files that match."),
]
CategoryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--category",
        metavar="NAME",
        rich_help_panel=_PART,
        help="Only files of this category.",
        autocompletion=completing.categories,
    ),
]
FileOption = Annotated[
    list[str] | None,
    typer.Option(
        "--file",
        metavar="PATH",
        rich_help_panel=_PART,
        help="Only this file, or what is in this folder, by the present or the former path.",
    ),
]
TakenOption = Annotated[
    TakenPolicy,
    typer.Option("--on-conflict", help="Where a place is taken: leave the file, or number it."),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Only show what would happen.")]


def undo(
    ctx: typer.Context,
    run: RunArgument,
    only: OnlyOption = None,
    category: CategoryOption = None,
    file: FileOption = None,
    on_conflict: TakenOption = TakenPolicy.SKIP,
    root: RootOption = None,
    include_changed: ChangedOption = False,
    dry_run: DryRunOption = False,
    jobs: JobsOption = None,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_progress: NoProgressOption = False,
    log_file: LogOption = None,
    wait: WaitOption = 0,
) -> None:
    """Put every file and folder of a run back where it was. Nothing is ever overwritten.

    With --only, --category or --file only a part of it; the rest can be taken back later.

    Exit status: 0 done; 2 no such run or file; 3 some could not be put back; 4 the journal was
    tampered with; 10 another run is at work there; 11 the disk cannot decide; 12 storage
    unavailable.
    """
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.choosing import Choice
    from fileorg.pipeline.undo import UndoRequest

    request = UndoRequest(
        run, state_from(state_dir), root=_root(root), include_changed=include_changed,
        dry_run=dry_run, wait=wait, jobs=jobs, command=command_line(), on_conflict=on_conflict,
        choice=Choice(tuple(only or ()), tuple(category or ()), tuple(map(absolute, file or ()))),
    )  # fmt: skip
    listener = Listener(
        output, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
    )
    ctx.exit(_take_back(request, listener, output, quiet=quiet, state_dir=state_dir))


def redo(
    ctx: typer.Context,
    run: RunArgument,
    root: RootOption = None,
    dry_run: DryRunOption = False,
    jobs: JobsOption = None,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_progress: NoProgressOption = False,
    log_file: LogOption = None,
    wait: WaitOption = 0,
) -> None:
    """Do a run again that was undone, or what of it was undone.

    Exit status: as of undo.
    """
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.undo import UndoRequest

    request = UndoRequest(
        run, state_from(state_dir), redo=True, root=_root(root), dry_run=dry_run, wait=wait,
        jobs=jobs, command=command_line(),
    )  # fmt: skip
    listener = Listener(
        output, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
    )
    ctx.exit(_take_back(request, listener, output, quiet=quiet, state_dir=state_dir))


def _root(path: str | None) -> bytes | None:
    return None if path is None else absolute(path)


def _take_back(
    request: "UndoRequest",
    listener: "Listener",
    output: Output,
    *,
    quiet: bool,
    state_dir: str | None,
) -> int:
    from fileorg.cli.running import finish
    from fileorg.pipeline.costs import priced
    from fileorg.pipeline.undo import undo as act

    with listener:
        summary = act(request, listener)
    summary = priced(summary, prices_in_force)
    return finish(summary, output, quiet=quiet, state_dir=state_dir)


def recover(
    ctx: typer.Context,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN",
            help="One run; else every interrupted one.",
            autocompletion=completing.runs,
        ),
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Take the run back instead of finishing it.")
    ] = False,
    jobs: JobsOption = None,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_progress: NoProgressOption = False,
    log_file: LogOption = None,
    wait: WaitOption = 0,
) -> None:
    """Settle interrupted runs and finish them, or take them back with --rollback.

    Exit status: as of undo.
    """
    from fileorg.cli.render import as_json, err, out
    from fileorg.cli.running import SOME_FAILED, finish
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.costs import priced
    from fileorg.pipeline.finishing import FinishRequest, runs_to_finish
    from fileorg.pipeline.finishing import finish as act

    state = state_from(state_dir)
    request = FinishRequest(state, rollback, wait, jobs, command_line())
    runs = runs_to_finish(state, run)
    worst, documents = 0, []
    if not runs and not quiet:
        err("fileorg: no run was interrupted")
    for name in runs:
        with Listener(
            output, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
        ) as listener:
            summary = act(name, request, listener)
        if summary is not None:
            summary = priced(summary, prices_in_force)
        if summary is None:
            if not quiet:
                err(f"fileorg: run {name} had not moved anything; there is nothing to finish")
        elif output is Output.JSON:
            documents.append(summary)
            worst = max(worst, SOME_FAILED if summary.failed else 0)
        else:
            worst = max(worst, finish(summary, output, quiet=quiet, state_dir=state_dir))
    if output is Output.JSON:
        out(as_json(documents))
    ctx.exit(worst)

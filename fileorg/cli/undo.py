"""`fileorg undo`, `fileorg redo` and `fileorg recover`."""

from typing import Annotated

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
    state_from,
)

RootOption = Annotated[
    str | None,
    typer.Option("--root", metavar="PATH", help="With 'last': the last run that touched PATH."),
]
ChangedOption = Annotated[
    bool,
    typer.Option("--include-changed", help="Put back also files that were replaced since."),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Only show what would happen.")]


def undo(
    ctx: typer.Context,
    run: RunArgument,
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

    Exit status: 0 done; 2 no such run; 3 some could not be put back; 4 the journal was tampered
    with; 10 another run is at work there; 11 the disk cannot decide; 12 storage unavailable.
    """
    _take_back(
        ctx, run, False, root, include_changed, dry_run, jobs, state_dir, output,
        quiet, verbose, no_progress, log_file, wait,
    )  # fmt: skip


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
    """Do a run again that was undone.

    Exit status: as of undo.
    """
    _take_back(
        ctx, run, True, root, False, dry_run, jobs, state_dir, output,
        quiet, verbose, no_progress, log_file, wait,
    )  # fmt: skip


def _take_back(
    ctx: typer.Context, run: str, redo: bool, root: str | None, include_changed: bool,
    dry_run: bool, jobs: int | None, state_dir: str | None, output: Output, quiet: bool,
    verbose: bool, no_progress: bool, log_file: str | None, wait: float,
) -> None:  # fmt: skip
    from fileorg.cli.running import finish
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.undo import UndoRequest
    from fileorg.pipeline.undo import undo as act

    request = UndoRequest(
        run,
        state_from(state_dir),
        redo,
        None if root is None else absolute(root),
        include_changed,
        dry_run,
        wait,
        jobs,
        command_line(),
    )
    with Listener(
        output, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
    ) as listener:
        summary = act(request, listener)
    ctx.exit(finish(summary, output, quiet=quiet, state_dir=state_dir))


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
    from fileorg.pipeline.recover import RecoverRequest, interrupted_runs
    from fileorg.pipeline.recover import recover as settle
    from fileorg.pipeline.undo import UndoRequest
    from fileorg.pipeline.undo import undo as act

    state = state_from(state_dir)
    runs = [state.find(run).run] if run is not None else interrupted_runs(state)
    worst, documents = 0, []
    if not runs and not quiet:
        err("fileorg: no run was interrupted")
    for name in runs:
        with Listener(
            output, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
        ) as listener:
            summary = settle(RecoverRequest(name, state, wait, jobs, rollback), listener)
            if summary is not None and rollback:
                summary = act(
                    UndoRequest(name, state, wait=wait, jobs=jobs, command=command_line()), listener
                )
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

"""`fileorg apply`, and where `organize --save-plan` writes."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Annotated, BinaryIO

import typer

from fileorg.cli.options import (
    JobsOption,
    LogOption,
    NoProgressOption,
    Output,
    OutputOption,
    QuietOption,
    StateOption,
    VerboseOption,
    WaitOption,
    absolute,
    command_line,
    prices_in_force,
    state_from,
)
from fileorg.cli.render import no_more_reader
from fileorg.errors import RefusedError, StorageUnavailableError, UsageError

STREAM = "-"
"""The name of stdin, and for a plan that is saved of stdout."""


def apply(
    ctx: typer.Context,
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="What organize --save-plan wrote; - for stdin.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Only show what would happen.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Work in what is refused.")] = False,
    jobs: JobsOption = None,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_progress: NoProgressOption = False,
    log_file: LogOption = None,
    wait: WaitOption = 0,
) -> None:
    """Do what a saved plan says, each file only if it is still as it was. It can be taken back.

    Exit status: 0 done; 2 a bad plan; 3 some files have changed or failed; 4 all have, or refused;
    10 another run is at work there; 11 an interrupted run needs you; 12 storage unavailable;
    130, 143 interrupted.
    """
    from fileorg.cli.running import SOME_FAILED, finish
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.apply import ApplyRequest
    from fileorg.pipeline.apply import apply as run
    from fileorg.pipeline.costs import priced

    listener = Listener(
        output, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
    )
    with _opened(plan) as file, listener:
        request = ApplyRequest(
            file, "stdin" if plan == STREAM else plan, state_from(state_dir), dry_run, force,
            wait, jobs, command_line(),
        )  # fmt: skip
        summary = priced(run(request, listener), prices_in_force)
    failed = SOME_FAILED if summary.done else RefusedError.exit_code
    ctx.exit(finish(summary, output, quiet=quiet, state_dir=state_dir, failed=failed))


@contextmanager
def _all_of_it() -> Iterator[None]:
    """Raise `StorageUnavailableError` where not all of a plan can be written to stdout."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        no_more_reader()
        raise StorageUnavailableError(
            f"stdout: {error.strerror}", "the plan is not whole: do not apply it"
        ) from error


def _to_stdout(line: bytes) -> None:
    with _all_of_it():
        sys.stdout.buffer.write(line)


@contextmanager
def saving(path: str | None) -> Iterator[Callable[[bytes], object] | None]:
    """Give what takes a plan to save: a new file, stdout, or nothing."""
    if path is None:
        yield None
    elif path == STREAM:
        yield _to_stdout
        with _all_of_it():
            sys.stdout.buffer.flush()
    else:
        from fileorg.pipeline.saving import new_file

        with new_file(absolute(path)) as save:
            yield save


def check_saving(path: str | None, output: Output, *, dry_run: bool, verbose: bool) -> None:
    """Raise `UsageError` where saving a plan does not go with the other options."""
    if path is not None and not dry_run:
        raise UsageError("--save-plan needs --dry-run", "fileorg apply executes the plan")
    if path == STREAM and (output is not Output.TEXT or verbose):
        raise UsageError("--save-plan -: stdout is the plan's", "save it to a file")


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    if path == STREAM:
        return nullcontext(sys.stdin.buffer)
    from fileorg.pipeline.plan_file import opened

    return opened(os.fsencode(path))

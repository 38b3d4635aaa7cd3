"""`fileorg dedupe`, `fileorg purge` and `fileorg cache`."""

from enum import StrEnum
from typing import Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.help import Command, Group
from fileorg.cli.options import (
    ConfigOption,
    DepthOption,
    EndpointOption,
    ExcludeOption,
    HiddenOption,
    IncludeOption,
    JobsOption,
    LogOption,
    MaxSizeOption,
    MinSizeOption,
    NewerOption,
    NoProgressOption,
    OlderOption,
    Output,
    OutputOption,
    ProfileOption,
    QuietOption,
    RunArgument,
    StateOption,
    VerboseOption,
    WaitOption,
    absolute,
    command_line,
    configured,
    state_from,
)
from fileorg.model.duplicates import DedupeAction

_Text = str | None


class DedupeOutput(StrEnum):
    """How groups are written to stdout."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def dedupe(
    ctx: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Where to look.")],
    action: Annotated[
        DedupeAction, typer.Option("--action", help="What to do about redundant files.")
    ] = DedupeAction.REPORT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Only show what would happen.")
    ] = False,
    keep: Annotated[
        _Text,
        typer.Option(
            "--keep",
            metavar="name|oldest|newest|shortest|longest|first",
            autocompletion=completing.one_of("name|oldest|newest|shortest|longest|first"),
            help="Which file of a group is kept.",
        ),
    ] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option("--reference", metavar="DIR", help="Compare with DIR, and never touch it."),
    ] = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Empty files are duplicates, too.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read everything, whatever was read before.")
    ] = False,
    depth: DepthOption = None,
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    min_size: MinSizeOption = None,
    max_size: MaxSizeOption = None,
    older_than: OlderOption = None,
    newer_than: NewerOption = None,
    hidden: HiddenOption = None,
    force: Annotated[bool, typer.Option("--force", help="Act in what is refused.")] = False,
    jobs: JobsOption = None,
    endpoint_url: EndpointOption = None,
    profile: ProfileOption = None,
    config: ConfigOption = None,
    state_dir: StateOption = None,
    output: Annotated[
        DedupeOutput, typer.Option("--output", help="How to write the groups.")
    ] = DedupeOutput.TEXT,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_progress: NoProgressOption = False,
    log_file: LogOption = None,
    wait: WaitOption = 0,
) -> None:
    """Find files that hold the same, compared byte by byte, and act on them if --action says so.

    Exit status: 0 done, with or without any; 2 wrong usage; 3 some files failed; 4 refused;
    10 another run is at work there; 12 storage unavailable; 130, 143 interrupted.
    """
    from fileorg.cli.duplicates import SOME_FAILED, write
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.dedupe import DedupeRequest
    from fileorg.pipeline.dedupe import dedupe as run

    given = {
        "keep": keep, "reference": reference, "depth": depth, "include": include,
        "exclude": exclude, "min_size": min_size, "max_size": max_size,
        "older_than": older_than, "newer_than": newer_than, "hidden": hidden,
        "endpoint_url": endpoint_url, "profile": profile,
    }  # fmt: skip
    request = DedupeRequest(
        tuple(absolute(path) for path in paths),
        state_from(state_dir),
        configured(config, given),
        action,
        empty,
        not no_cache,
        dry_run,
        force,
        wait,
        jobs,
        command_line(),
    )
    told = Output.JSONL if output is DedupeOutput.JSONL else Output.TEXT
    with Listener(
        told, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
    ) as listener:
        found = run(request, listener)
    write(found, output.value, quiet=quiet, state_dir=state_dir)
    ctx.exit(SOME_FAILED if found.summary.failed else 0)


def purge(
    ctx: typer.Context,
    run: RunArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Only show what would happen.")
    ] = False,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
    quiet: QuietOption = False,
    wait: WaitOption = 0,
) -> None:
    """Free the space of the duplicates that a run set aside, each compared once more. For good.

    Exit status: 0 done; 2 no such run; 3 some stay, because they are not proven; 4 the journal was
    tampered with; 10 another run is at work there; 12 storage unavailable.
    """
    from fileorg.cli.duplicates import SOME_FAILED, write_purge
    from fileorg.pipeline.purge import PurgeRequest
    from fileorg.pipeline.purge import purge as act

    summary = act(PurgeRequest(run, state_from(state_dir), dry_run, wait))
    write_purge(summary, output, quiet=quiet)
    ctx.exit(SOME_FAILED if summary.failed else 0)


cache = typer.Typer(cls=Group, help="The digests that dedupe keeps.", no_args_is_help=True)


@cache.callback()
def _cache() -> None:
    """Look after the digests that dedupe keeps."""


@cache.command("clear", cls=Command)
def clear(state_dir: StateOption = None) -> None:
    """Forget the digests of earlier runs; the next one reads everything again.

    Exit status: 0 done; 12 the state folder can't be written.
    """
    from fileorg.cli.render import out
    from fileorg.cli.words import size
    from fileorg.pipeline.dedupe import clear_cache

    out(f"Freed {size(clear_cache(state_from(state_dir)))}")

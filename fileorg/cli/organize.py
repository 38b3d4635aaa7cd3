"""`fileorg organize`."""

from typing import Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.apply import STREAM, check_saving, saving
from fileorg.cli.options import (
    ConfigOption,
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
    configured,
    state_from,
)
from fileorg.errors import UsageError

_Text = str | None
_Flag = bool | None
_LAYOUT, _WHICH, _CARE = "Layout", "Which files", "Care"


def organize(
    ctx: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Folders to tidy.")],
    into: Annotated[_Text, typer.Option("--into", metavar="DEST", help="Sort into DEST.")] = None,
    mode: Annotated[
        _Text,
        typer.Option(
            "--mode",
            "-m",
            rich_help_panel=_LAYOUT,
            help="category, category_year, category_month, year, month, date, extension, size.",
            autocompletion=completing.modes,
        ),
    ] = None,
    template: Annotated[
        _Text,
        typer.Option(
            "--template",
            rich_help_panel=_LAYOUT,
            help="A layout of your own: '{category}/{date:%Y}/{name}'.",
        ),
    ] = None,
    trust: Annotated[
        _Text,
        typer.Option(
            "--trust",
            metavar="extension|content",
            rich_help_panel=_LAYOUT,
            help="Look into files of unknown extension only, or into all.",
        ),
    ] = None,
    folders: Annotated[
        _Text,
        typer.Option(
            "--folders",
            metavar="leave|recurse|whole",
            rich_help_panel=_LAYOUT,
            help="Subfolders stay, are sorted through, or move each as one.",
        ),
    ] = None,
    recursive: Annotated[
        bool,
        typer.Option("--recursive", "-r", rich_help_panel=_LAYOUT, help="--folders recurse."),
    ] = False,
    depth: Annotated[
        int | None,
        typer.Option("--depth", metavar="N", rich_help_panel=_LAYOUT, help="At most N deep."),
    ] = None,
    keep_folders: Annotated[
        _Flag,
        typer.Option(
            "--keep-folders/--no-keep-folders",
            rich_help_panel=_LAYOUT,
            help="Keep the path below SOURCE inside the category.",
        ),
    ] = None,
    copy: Annotated[
        _Flag,
        typer.Option("--copy/--move", rich_help_panel=_CARE, help="Copy; the sources stay."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Only show what would happen.")
    ] = False,
    save_plan: Annotated[
        _Text,
        typer.Option(
            "--save-plan", metavar="FILE", help="With --dry-run: write the plan for apply."
        ),
    ] = None,
    on_conflict: Annotated[
        _Text,
        typer.Option(
            "--on-conflict",
            metavar="rename|skip|replace|newer|fail",
            rich_help_panel=_CARE,
            help="What to do where a name is taken by another file.",
        ),
    ] = None,
    dedupe: Annotated[
        _Text,
        typer.Option(
            "--dedupe",
            metavar="report|quarantine|off",
            rich_help_panel=_CARE,
            help="Say what looks like a duplicate; set proven ones aside; or neither.",
        ),
    ] = None,
    keep: Annotated[
        _Text,
        typer.Option(
            "--keep",
            metavar="name|oldest|newest|shortest|longest|first",
            rich_help_panel=_CARE,
            help="Which of the duplicates stays.",
        ),
    ] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(
            "--reference",
            metavar="DIR",
            rich_help_panel=_CARE,
            help="Compare with DIR, and never touch it.",
        ),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="GLOB", rich_help_panel=_WHICH, help="Only these."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="GLOB", rich_help_panel=_WHICH, help="Not these."),
    ] = None,
    min_size: Annotated[
        _Text, typer.Option("--min-size", rich_help_panel=_WHICH, help="Such as 10MB.")
    ] = None,
    max_size: Annotated[
        _Text, typer.Option("--max-size", rich_help_panel=_WHICH, help="Such as 1GB.")
    ] = None,
    older_than: Annotated[
        _Text, typer.Option("--older-than", rich_help_panel=_WHICH, help="Such as 30d.")
    ] = None,
    newer_than: Annotated[
        _Text, typer.Option("--newer-than", rich_help_panel=_WHICH, help="Such as 1y.")
    ] = None,
    min_age: Annotated[
        float | None,
        typer.Option(
            "--min-age",
            metavar="SECONDS",
            rich_help_panel=_WHICH,
            help="Leave files alone that changed within SECONDS.",
        ),
    ] = None,
    hidden: Annotated[
        _Flag,
        typer.Option("--hidden/--no-hidden", rich_help_panel=_WHICH, help="Hidden files too."),
    ] = None,
    only_category: Annotated[
        list[str] | None,
        typer.Option(
            "--only-category",
            metavar="NAME",
            rich_help_panel=_WHICH,
            help="Only these.",
            autocompletion=completing.categories,
        ),
    ] = None,
    keep_empty: Annotated[
        _Flag,
        typer.Option(
            "--keep-empty/--remove-empty",
            rich_help_panel=_CARE,
            help="Keep folders that the run leaves empty.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", rich_help_panel=_CARE, help="Organize what is refused.")
    ] = False,
    jobs: JobsOption = None,
    config: ConfigOption = None,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_progress: NoProgressOption = False,
    log_file: LogOption = None,
    wait: WaitOption = 0,
) -> None:
    """Sort the files of SOURCE into folders, in place or into DEST. It can be taken back.

    Exit status: 0 done; 2 wrong usage or configuration; 3 some files failed; 4 refused;
    10 another run is at work there; 11 an interrupted run needs you; 12 storage unavailable;
    130, 143 interrupted.
    """
    from fileorg.cli.running import finish
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.organize import OrganizeRequest
    from fileorg.pipeline.organize import organize as run

    check_saving(save_plan, output, dry_run=dry_run, verbose=verbose)
    if recursive and folders not in {None, "recurse"}:
        raise UsageError("--recursive is --folders recurse", f"drop it, or --folders {folders}")
    given = {
        "mode": mode, "template": template, "trust": trust,
        "folders": "recurse" if recursive else folders,
        "depth": depth, "keep_folders": keep_folders, "copy": copy, "on_conflict": on_conflict,
        "dedupe": dedupe, "keep": keep, "reference": reference,
        "include": include, "exclude": exclude, "min_size": min_size, "max_size": max_size,
        "older_than": older_than, "newer_than": newer_than, "min_age": min_age,
        "hidden": hidden, "only_category": only_category, "keep_empty": keep_empty,
    }  # fmt: skip
    listener = Listener(
        output, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
    )
    with listener, saving(save_plan) as save:
        request = OrganizeRequest(
            tuple(absolute(source) for source in sources),
            state_from(state_dir),
            None if into is None else absolute(into),
            configured(config, given),
            dry_run,
            force,
            wait,
            jobs,
            command_line(),
            save,
        )
        summary = run(request, listener)
    ctx.exit(finish(summary, output, quiet=quiet or save_plan == STREAM, state_dir=state_dir))

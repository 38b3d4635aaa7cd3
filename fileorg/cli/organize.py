"""`fileorg organize`."""

from typing import Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.apply import STREAM, check_saving, saving
from fileorg.cli.options import (
    LAYOUT,
    WHICH,
    ConfigOption,
    EndpointOption,
    ExcludeOption,
    FoldersOption,
    HiddenOption,
    IncludeOption,
    IntoEndpointOption,
    IntoOption,
    IntoProfileOption,
    JobsOption,
    KeepFoldersOption,
    LogOption,
    MaxSizeOption,
    MinSizeOption,
    ModeOption,
    NewerOption,
    NoProgressOption,
    OlderOption,
    Output,
    OutputOption,
    ProfileOption,
    QuietOption,
    RecursiveOption,
    StateOption,
    TemplateOption,
    TrustOption,
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
_CARE = "Care"


def organize(
    ctx: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Folders to tidy.")],
    into: IntoOption = None,
    mode: ModeOption = None,
    template: TemplateOption = None,
    trust: TrustOption = None,
    folders: FoldersOption = None,
    recursive: RecursiveOption = False,
    depth: Annotated[
        int | None,
        typer.Option("--depth", metavar="N", rich_help_panel=LAYOUT, help="At most N deep."),
    ] = None,
    keep_folders: KeepFoldersOption = None,
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
            autocompletion=completing.one_of("rename|skip|replace|newer|fail"),
            rich_help_panel=_CARE,
            help="What to do where a name is taken by another file.",
        ),
    ] = None,
    dedupe: Annotated[
        _Text,
        typer.Option(
            "--dedupe",
            metavar="report|quarantine|off",
            autocompletion=completing.one_of("report|quarantine|off"),
            rich_help_panel=_CARE,
            help="Say what looks like a duplicate; set proven ones aside; or neither.",
        ),
    ] = None,
    keep: Annotated[
        _Text,
        typer.Option(
            "--keep",
            metavar="name|oldest|newest|shortest|longest|first",
            autocompletion=completing.one_of("name|oldest|newest|shortest|longest|first"),
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
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    min_size: MinSizeOption = None,
    max_size: MaxSizeOption = None,
    older_than: OlderOption = None,
    newer_than: NewerOption = None,
    min_age: Annotated[
        float | None,
        typer.Option(
            "--min-age",
            metavar="SECONDS",
            rich_help_panel=WHICH,
            help="Leave files alone that changed within SECONDS.",
        ),
    ] = None,
    hidden: HiddenOption = None,
    only_category: Annotated[
        list[str] | None,
        typer.Option(
            "--only-category",
            metavar="NAME",
            rich_help_panel=WHICH,
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
    endpoint_url: EndpointOption = None,
    profile: ProfileOption = None,
    into_endpoint_url: IntoEndpointOption = None,
    into_profile: IntoProfileOption = None,
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
    from fileorg.cli.log_file import check_place
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
        "endpoint_url": endpoint_url, "profile": profile,
        "into_endpoint_url": into_endpoint_url, "into_profile": into_profile,
    }  # fmt: skip
    places = tuple(absolute(source) for source in sources)
    check_place(log_file, places)
    listener = Listener(
        output, quiet=quiet, verbose=verbose, progress=not no_progress, log_file=log_file
    )
    with listener, saving(save_plan) as save:
        request = OrganizeRequest(
            places,
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

"""`fileorg scan`."""

from typing import Annotated

import typer

from fileorg.cli.options import (
    ConfigOption,
    DepthOption,
    EndpointOption,
    ExcludeOption,
    HiddenOption,
    IncludeOption,
    JobsOption,
    MaxSizeOption,
    MinSizeOption,
    NewerOption,
    NoProgressOption,
    OlderOption,
    Output,
    OutputOption,
    ProfileOption,
    StateOption,
    absolute,
    configured,
    state_from,
)


def scan(
    ctx: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Where to look.")],
    top: Annotated[
        int, typer.Option("--top", metavar="N", min=1, max=1000, help="How many stand out.")
    ] = 5,
    depth: DepthOption = None,
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    min_size: MinSizeOption = None,
    max_size: MaxSizeOption = None,
    older_than: OlderOption = None,
    newer_than: NewerOption = None,
    hidden: HiddenOption = None,
    jobs: JobsOption = None,
    endpoint_url: EndpointOption = None,
    profile: ProfileOption = None,
    config: ConfigOption = None,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
    no_progress: NoProgressOption = False,
) -> None:
    """Say what is in SOURCE, by category, size and age, and what stands out. Changes nothing.

    Exit status: 0 done; 2 wrong usage or configuration; 3 something could not be read;
    12 storage unavailable; 130, 143 interrupted.
    """
    from fileorg.cli.inventory import write
    from fileorg.cli.running import SOME_FAILED
    from fileorg.cli.sinks import Listener
    from fileorg.pipeline.scan import ScanRequest
    from fileorg.pipeline.scan import scan as run

    given = {
        "depth": depth, "include": include, "exclude": exclude, "min_size": min_size,
        "max_size": max_size, "older_than": older_than, "newer_than": newer_than, "hidden": hidden,
        "endpoint_url": endpoint_url, "profile": profile,
    }  # fmt: skip
    request = ScanRequest(
        tuple(absolute(source) for source in sources),
        state_from(state_dir),
        configured(config, given),
        top,
        jobs,
    )
    with Listener(output, progress=not no_progress) as listener:
        found = run(request, listener)
    write(found, output)
    ctx.exit(SOME_FAILED if found.failed else 0)

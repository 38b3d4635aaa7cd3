"""`fileorg explain`."""

from typing import Annotated

import typer

from fileorg.cli.options import (
    ConfigOption,
    EndpointOption,
    FoldersOption,
    IntoEndpointOption,
    IntoOption,
    IntoProfileOption,
    KeepFoldersOption,
    ModeOption,
    Output,
    OutputOption,
    ProfileOption,
    RecursiveOption,
    StateOption,
    TemplateOption,
    TrustOption,
    absolute,
    configured,
    state_from,
)

_Text = str | None


def explain(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files or folders.")],
    source: Annotated[
        _Text,
        typer.Option(
            "--source", metavar="DIR", help="The SOURCE of organize; else the folder PATH is in."
        ),
    ] = None,
    into: IntoOption = None,
    mode: ModeOption = None,
    template: TemplateOption = None,
    trust: TrustOption = None,
    folders: FoldersOption = None,
    recursive: RecursiveOption = False,
    keep_folders: KeepFoldersOption = None,
    force: Annotated[bool, typer.Option("--force", help="As of organize.")] = False,
    endpoint_url: EndpointOption = None,
    profile: ProfileOption = None,
    into_endpoint_url: IntoEndpointOption = None,
    into_profile: IntoProfileOption = None,
    config: ConfigOption = None,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Say where a file would go and what says so, or why it would be left alone.

    Exit status: 0 done; 2 wrong usage, or no such path; 4 organize would refuse;
    12 storage unavailable.
    """
    from fileorg.cli.explaining import as_lines, as_wire
    from fileorg.cli.render import as_json, out
    from fileorg.pipeline.explain import ExplainRequest
    from fileorg.pipeline.explain import explain as run

    given = {
        "mode": mode, "template": template, "trust": trust,
        "folders": "recurse" if recursive else folders, "keep_folders": keep_folders,
        "endpoint_url": endpoint_url, "profile": profile,
        "into_endpoint_url": into_endpoint_url, "into_profile": into_profile,
    }  # fmt: skip
    found = run(
        ExplainRequest(
            tuple(absolute(path) for path in paths),
            state_from(state_dir),
            None if source is None else absolute(source),
            None if into is None else absolute(into),
            configured(config, given),
            force,
        )
    )
    if output is Output.JSON:
        out(as_json([as_wire(told) for told in found]))
        return
    for told in found:
        if output is Output.JSONL:
            out(as_json(as_wire(told)))
        else:
            for line in as_lines(told):
                out(line)

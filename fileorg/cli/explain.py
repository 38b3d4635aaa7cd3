"""`fileorg explain`."""

from typing import Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.options import (
    ConfigOption,
    Output,
    OutputOption,
    StateOption,
    absolute,
    configured,
    state_from,
)

_Text = str | None
_Flag = bool | None


def explain(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files or folders.")],
    source: Annotated[
        _Text,
        typer.Option(
            "--source", metavar="DIR", help="The SOURCE of organize; else the folder PATH is in."
        ),
    ] = None,
    into: Annotated[_Text, typer.Option("--into", metavar="DEST", help="As of organize.")] = None,
    mode: Annotated[
        _Text,
        typer.Option("--mode", "-m", help="As of organize.", autocompletion=completing.modes),
    ] = None,
    template: Annotated[_Text, typer.Option("--template", help="As of organize.")] = None,
    trust: Annotated[
        _Text, typer.Option("--trust", metavar="extension|content", help="As of organize.")
    ] = None,
    folders: Annotated[
        _Text, typer.Option("--folders", metavar="leave|recurse|whole", help="As of organize.")
    ] = None,
    recursive: Annotated[
        bool, typer.Option("--recursive", "-r", help="--folders recurse.")
    ] = False,
    keep_folders: Annotated[
        _Flag, typer.Option("--keep-folders/--no-keep-folders", help="As of organize.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="As of organize.")] = False,
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

"""`fileorg config`: the configuration in force, and where each value came from."""

import os
from typing import Annotated

import typer

from fileorg.cli.help import Command, Group
from fileorg.cli.options import ConfigOption, Output, OutputOption

config = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Show, check or begin the configuration.",
    rich_markup_mode=None,
)


@config.command(cls=Command)
def init(
    path: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="Where to write it.")
    ] = None,
) -> None:
    """Write a configuration file with every key, its default and what it means.

    Exit status: 0 done; 4 the file is there already; 12 it can't be written.
    """
    from fileorg.cli.render import out
    from fileorg.cli.words import safe
    from fileorg.config.load import default_path
    from fileorg.pipeline.configuration import write_example

    out(safe(str(write_example(path or default_path(os.environ)))))


@config.command(cls=Command)
def show(config: ConfigOption = None, output: OutputOption = Output.TEXT) -> None:
    """Print every key, its value in force, and where that comes from.

    Exit status: 0 done; 2 the configuration is wrong.
    """
    from fileorg.cli.render import as_json, out
    from fileorg.cli.words import safe
    from fileorg.config.load import load

    loaded = load(config, os.environ)
    if output is not Output.TEXT:
        rows = [{"key": s.key, "value": s.value, "origin": s.origin} for s in loaded.settings]
        out(as_json(rows))
        return
    for setting in loaded.settings:
        value = as_json(setting.value)
        out(f"{setting.key:<17} {safe(value):<21} {safe(setting.origin)}".rstrip())


@config.command(cls=Command)
def check(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH...]", help="More files for --try.")
    ] = None,
    try_: Annotated[
        list[str] | None,
        typer.Option("--try", metavar="PATH", help="Say which rule takes a file, and why."),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="DIR", help="Where paths in globs begin.")
    ] = None,
    config: ConfigOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Say whether the configuration can be used, what each rule does, and what is likely wrong.

    Exit status: 0 it can; 2 it can't, or a path is not there.
    """
    from fileorg.cli.checking import print_check
    from fileorg.cli.options import absolute
    from fileorg.config.load import load
    from fileorg.errors import UsageError
    from fileorg.pipeline.configuration import check_config

    loaded = load(config, os.environ)
    check_config(loaded.config)
    wanted = [*(try_ or ()), *(paths or ())]
    if (paths or source) and not try_:
        raise UsageError("PATH without --try", "add --try before it")
    place = None if source is None else absolute(source)
    print_check(loaded, [absolute(path) for path in wanted], place, output)


@config.command(cls=Command)
def path(
    categories: Annotated[
        bool, typer.Option("--categories", help="Print where your own categories are kept.")
    ] = False,
) -> None:
    """Print where the configuration file is, or would be.

    Exit status: 0.
    """
    from fileorg.cli.render import out
    from fileorg.cli.words import safe
    from fileorg.config.kept import kept_beside
    from fileorg.config.load import default_path

    file = default_path(os.environ)
    out(safe(str(kept_beside(file) if categories else file)))

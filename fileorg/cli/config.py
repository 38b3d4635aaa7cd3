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
        out(f"{setting.key:<14} {safe(value):<24} {safe(setting.origin)}".rstrip())


@config.command(cls=Command)
def check(config: ConfigOption = None) -> None:
    """Say whether the configuration can be used, and if not, what is wrong and where.

    Exit status: 0 it can; 2 it can't.
    """
    from fileorg.cli.render import out
    from fileorg.cli.words import safe
    from fileorg.config.load import load
    from fileorg.pipeline.configuration import check_config

    loaded = load(config, os.environ)
    check_config(loaded.config)
    out(safe(f"{loaded.path or 'no configuration file, the defaults'}: good"))


@config.command(cls=Command)
def path() -> None:
    """Print where the configuration file is, or would be.

    Exit status: 0.
    """
    from fileorg.cli.render import out
    from fileorg.cli.words import safe
    from fileorg.config.load import default_path

    out(safe(str(default_path(os.environ))))

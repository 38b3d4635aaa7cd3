"""The command line: the commands, and the one place where errors become exit codes."""

import sys
from typing import Annotated

import typer

from fileorg.cli.config import config
from fileorg.cli.organize import organize
from fileorg.cli.runs import runs, show
from fileorg.cli.undo import recover, redo, undo
from fileorg.errors import FileorgError

app = typer.Typer(
    name="fileorg",
    help="Tidy a folder in one command, and take it back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(organize)
app.command()(undo)
app.command()(redo)
app.command()(recover)
app.command()(runs)
app.command()(show)
app.add_typer(config, name="config")


@app.command()
def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")],
) -> None:
    """Print the completion script of a shell.

    Exit status: 0 done; 2 no such shell.
    """
    from fileorg.cli.completion import script
    from fileorg.cli.render import out

    out(script(shell))


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.")] = False,
) -> None:
    """Tidy a folder in one command, and take it back."""
    if version:
        from fileorg.version import __version__

        typer.echo(f"fileorg {__version__}")
        raise typer.Exit


def run() -> None:
    """Run the command line and leave with its exit code."""
    from fileorg.cli.render import err, no_more_reader
    from fileorg.cli.words import safe

    try:
        app(prog_name="fileorg")
    except FileorgError as error:
        err(f"fileorg: {safe(error.message)}" + (f"; {error.remedy}" if error.remedy else ""))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        no_more_reader()
        sys.exit(0)
    except KeyboardInterrupt:
        err("fileorg: interrupted before anything was touched")
        sys.exit(130)

"""The command line: the commands, and the one place where errors become exit codes."""

import os
import sys
from typing import Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.apply import apply
from fileorg.cli.categories import categories
from fileorg.cli.config import config
from fileorg.cli.dedupe import cache, dedupe, purge
from fileorg.cli.doctor import doctor
from fileorg.cli.explain import explain
from fileorg.cli.help import Command, Group
from fileorg.cli.organize import organize
from fileorg.cli.prune import prune
from fileorg.cli.report import report
from fileorg.cli.runs import runs, show
from fileorg.cli.scan import scan
from fileorg.cli.undo import recover, redo, undo
from fileorg.errors import FileorgError

_CTRL_C = 130

app = typer.Typer(
    name="fileorg",
    cls=Group,
    help="Tidy a folder in one command, and take it back.",
    epilog="fileorg COMMAND --help says more, with examples.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(cls=Command)(organize)
app.command(cls=Command)(apply)
app.command(cls=Command)(dedupe)
app.command(cls=Command)(undo)
app.command(cls=Command)(redo)
app.command(cls=Command)(recover)
app.command(cls=Command)(explain)
app.command(cls=Command)(scan)
app.command(cls=Command)(runs)
app.command(cls=Command)(show)
app.command(cls=Command)(report)
app.command(cls=Command)(doctor)
app.command(cls=Command)(purge)
app.command(cls=Command)(prune)
app.add_typer(cache, name="cache")
app.add_typer(config, name="config")
app.add_typer(categories, name="categories")


@app.command(cls=Command)
def completion(
    shell: Annotated[
        str,
        typer.Argument(
            metavar="SHELL",
            help="bash, zsh, fish or powershell.",
            autocompletion=completing.one_of("bash|zsh|fish|powershell"),
        ),
    ],
) -> None:
    """Print the completion script of a shell.

    Exit status: 0 done; 2 no such shell.
    """
    from fileorg.cli.completion import script
    from fileorg.cli.render import out

    out(script(shell))


@app.command(cls=Command)
def man() -> None:
    """Print the manual page: `fileorg man | man -l -` shows it.

    Exit status: 0 done.
    """
    from fileorg.cli.man import page
    from fileorg.cli.render import out
    from fileorg.provenance import date
    from fileorg.version import __version__

    out(page(app, __version__, date()))


def _print_version(asked: bool) -> None:
    if asked:
        from fileorg.cli.render import out
        from fileorg.provenance import described

        out(described())
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            is_eager=True,
            callback=_print_version,
            help="Print version, commit, Python and how it was built.",
        ),
    ] = False,
) -> None:
    """Tidy a folder in one command, and take it back."""


def run() -> None:
    """Run the command line and leave with its exit code."""
    from fileorg.cli.render import keep_to_locale, no_more_reader, unwritten

    keep_to_locale()
    try:
        code = _outcome()
        lost = unwritten()
    except BrokenPipeError:
        no_more_reader()
        code, lost = 0, None
    except KeyboardInterrupt:  # while the last lines waited for a reader
        no_more_reader()
        code, lost = _CTRL_C, None
    if lost is not None:
        from fileorg.cli.render import err

        err(f"fileorg: stdout: {lost.strerror}; what was done is in 'fileorg runs'")
        code = code or 12
    sys.exit(code)


def _outcome() -> int:
    """Run the command; return its exit code, an error told in one line."""
    from fileorg.cli.render import err
    from fileorg.cli.words import safe

    try:
        if "_FILEORG_COMPLETE" in os.environ:
            from fileorg.cli.completion import prepare

            prepare()
        code = app(prog_name="fileorg", standalone_mode=False)
    except FileorgError as error:
        err(f"fileorg: {safe(str(error))}")
        return error.exit_code
    except typer.TyperException as error:
        err(_usage(error))
        return 2
    if code == _CTRL_C:
        err("fileorg: interrupted; what was done before is in 'fileorg runs'")
    return code if isinstance(code, int) else 0


def _usage(error: typer.TyperException) -> str:
    """Return wrong words on the command line as one line; help that was asked for as it is."""
    from fileorg.cli.words import safe

    message = error.format_message()
    if "\n" in message.strip():
        return message
    command = getattr(getattr(error, "ctx", None), "command_path", "fileorg")
    return f"fileorg: {safe(message.rstrip('.'))}; {_guess(error) or f'see {command} --help'}"


def _guess(error: typer.TyperException) -> str:
    """Return a question about the word that was meant, where it is one of a list."""
    from fileorg.config.convert import nearest

    choices = getattr(getattr(getattr(error, "param", None), "type", None), "choices", ())
    given = error.message.partition(" is not one of ")[0].strip("'")
    near = nearest(given, list(map(str, choices)))
    return f"did you mean {near!r}?" if near else ""

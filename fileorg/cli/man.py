"""The man page, made of the commands' own help; roff with the man macros."""

import re
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

import typer

from fileorg.cli.manual import ABOUT, ENVIRONMENT, EXIT_STATUS, FILES

_ESCAPES = str.maketrans({
    "\\": r"\e", "-": r"\-", "~": r"\(ti", "^": r"\(ha", "'": r"\(aq", "`": r"\(ga",
})  # fmt: skip
"""What roff would print as another character, or take for a command."""


def page(app: typer.Typer, version: str, date: str) -> str:
    """Return the page of *app* as of a *date*, which may be empty."""
    top = typer.main.get_command(app)
    context: Any = top.context_class(top, info_name="fileorg")
    about = (top.help or "").rstrip(".")
    lines = [
        f'.TH FILEORG 1 "{date}" "fileorg {version}" "User Commands"',
        ".SH NAME",
        rf"fileorg \- {_text(about[0].lower() + about[1:])}",
        ".SH SYNOPSIS",
        r"\fBfileorg\fR \fICOMMAND\fR [\fIOPTION\fR]... [\fIARGUMENT\fR]...",
        ".SH DESCRIPTION",
        *_paragraphs(ABOUT),
        ".SH OPTIONS",
        *_options(context),
        ".SH COMMANDS",
        *(line for found in _leaves(context) for line in _command(found)),
        ".SH EXIT STATUS",
        *_table(EXIT_STATUS),
        ".SH ENVIRONMENT",
        *_table(ENVIRONMENT),
        ".SH FILES",
        *_table(FILES),
    ]
    return "\n".join(lines)


def _leaves(context: Any) -> Iterator[Any]:
    """Yield a context for each command that does something."""
    for name, command in getattr(context.command, "commands", {}).items():
        below = command.context_class(command, parent=context, info_name=name)
        if getattr(command, "commands", None):
            yield from _leaves(below)
        else:
            yield below


def _command(context: Any) -> list[str]:
    """Return usage, help and options of one command."""
    pieces = context.command.collect_usage_pieces(context)
    arguments = [piece.strip("{}") for piece in pieces if piece != "[OPTIONS]"]
    usage = " ".join([context.command_path, *arguments])
    about = _paragraphs(context.command.help or "")
    return [f".SS {_text(usage)}", *about, *_options(context)]


def _options(context: Any) -> list[str]:
    """Return arguments and options of a command, as its help tells of them."""
    records = (parameter.get_help_record(context) for parameter in context.command.params)
    return _table({name: about.removesuffix("[required]") for name, about in records})


def _paragraphs(text: str) -> list[str]:
    parts = re.split(r"\n\n+", text.strip())
    return [line for part in parts for line in (".PP", *_lines(part))][1:]


def _table(rows: Mapping[str, str]) -> list[str]:
    return [
        line
        for name, text in rows.items()
        for line in (".TP", rf"\fB{_text(name)}\fR", *_lines(text))
    ]


def _lines(text: str) -> list[str]:
    """Return a paragraph in lines, of which none begins like a command of roff."""
    lines = map(_text, wrap(text, 72, break_long_words=False, break_on_hyphens=False))
    return [rf"\&{line}" if line.startswith(".") else line for line in lines]


def _text(text: str) -> str:
    """Return text as roff prints it, whatever is in it."""
    return text.translate(_ESCAPES)

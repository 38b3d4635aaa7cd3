"""`fileorg categories`: which extensions belong together, and the user's own."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.help import Command, Group
from fileorg.cli.options import ConfigOption, Output, OutputOption, configured
from fileorg.errors import UsageError

if TYPE_CHECKING:
    from fileorg.categorize.editing import Editor

categories = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Show the categories, or keep some of your own.",
    rich_markup_mode=None,
)

_NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The category.", autocompletion=completing.categories)
]


@categories.command("list", cls=Command)
def list_(config: ConfigOption = None, output: OutputOption = Output.TEXT) -> None:
    """Print every category, and how many extensions it holds.

    Exit status: 0 done; 2 the configuration is wrong.
    """
    from fileorg.cli.render import as_json, out
    from fileorg.cli.words import count, safe
    from fileorg.pipeline.categories import category_lines

    lines = category_lines(configured(config, {}))
    if output is Output.JSON:
        out(as_json(lines))
        return
    for line in lines:
        if output is Output.JSONL:
            out(as_json(line))
            continue
        holds = count(len(line.extensions), "extension")
        if not line.built_in:
            note = "yours"
        else:
            note = f"{len(line.own)} of them yours" if line.own else ""
        out(f"{safe(line.name):<24} {holds:>16}  {note}".rstrip())


@categories.command(cls=Command)
def show(
    name: _NameArgument, config: ConfigOption = None, output: OutputOption = Output.TEXT
) -> None:
    """Print the extensions of a category.

    Exit status: 0 done; 2 there is none, or the configuration is wrong.
    """
    from fileorg.cli.render import as_json, out
    from fileorg.pipeline.categories import category_line

    line = category_line(name, configured(config, {}))
    if output is not Output.TEXT:
        out(as_json(line))
        return
    _print_wrapped("", line.extensions)
    _print_wrapped("yours: ", line.own)


@categories.command(cls=Command)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The category to begin.")],
    extensions: Annotated[
        list[str], typer.Argument(metavar="EXTENSION...", help="Such as epub or tar.gz.")
    ],
    config: ConfigOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Begin a category of your own; an extension leaves the built-in category that it is in.

    Exit status: 0 done; 2 it can't be, and why; 12 the file can't be written.
    """
    _change(lambda editor: editor.add(name, extensions), config, output)


@categories.command(cls=Command)
def edit(
    name: _NameArgument,
    add_extension: Annotated[
        list[str] | None, typer.Option("--add-extension", metavar="EXTENSION", help="Put it in.")
    ] = None,
    remove_extension: Annotated[
        list[str] | None,
        typer.Option("--remove-extension", metavar="EXTENSION", help="Take it out."),
    ] = None,
    rename: Annotated[
        str | None, typer.Option("--rename", metavar="NEW", help="Give it another name.")
    ] = None,
    config: ConfigOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Change the extensions of a category, or the name of one of your own.

    What is taken out of a built-in category goes to Other.

    Exit status: 0 done; 2 it can't be, and why; 12 the file can't be written.
    """
    put_in, taken_out = add_extension or (), remove_extension or ()
    if not (put_in or taken_out or rename):
        raise UsageError("nothing to change", "add --add-extension, --remove-extension or --rename")
    _change(
        lambda editor: editor.edit(name, add=put_in, remove=taken_out, rename=rename),
        config,
        output,
    )


@categories.command(cls=Command)
def remove(
    name: _NameArgument, config: ConfigOption = None, output: OutputOption = Output.TEXT
) -> None:
    """Remove a category of your own; its extensions go back to where they are without it.

    Exit status: 0 done; 2 it can't be, and why; 12 the file can't be written.
    """
    _change(lambda editor: editor.remove(name), config, output)


def _change(change: "Callable[[Editor], None]", config: str | None, output: Output) -> None:
    from fileorg.cli.render import as_json, out
    from fileorg.cli.words import safe
    from fileorg.pipeline.categories import change_categories

    changed = change_categories(config, os.environ, change)
    if output is not Output.TEXT:
        out(as_json({"path": str(changed.path), "moved": changed.moved}))
        return
    for moved in changed.moved:
        out(safe(f".{moved.extension}: {moved.before} -> {moved.after}"))
    out(safe(f"Kept in {changed.path}"))


def _print_wrapped(head: str, words: tuple[str, ...]) -> None:
    import textwrap

    from fileorg.cli.render import out
    from fileorg.cli.words import safe

    if words:
        for line in textwrap.wrap(safe(head + " ".join(words)), 80, break_on_hyphens=False):
            out(line)

"""A run as a tree on a terminal (the place of Rich for results; colour only adds to the words)."""

import os
import sys
from collections.abc import Iterable

from rich.console import Console, OverflowMethod
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from fileorg.cli.words import FolderRow, Table, encodable

_GUIDE = 4
"""Columns that a level of a tree takes."""
_BAR_WIDTH = 31
_LEAST_NAME = 12


def draw(headline: str, rows: Iterable[FolderRow], lines: Iterable[str]) -> None:
    """Print a headline, the folders as a tree below it, and the lines that follow."""
    console = _console()
    cut = _cut(console)
    trees: dict[str, Tree] = {"": Tree(_one_line(headline, "bold"), guide_style="dim")}
    used = {"": 0}
    for row in rows:
        above, name = _nearest(row.path, trees)
        used[row.path] = used[above] + _GUIDE
        room = console.width - used[row.path] - len(f"  {row.files}  {row.size}  ")
        label = Text.assemble(
            _name(name + "/", "bold blue", room, cut), "  ", row.files, "  ",
            _text(row.size, "cyan"), "  ", _text(row.examples, "dim"),
        )  # fmt: skip
        label.no_wrap, label.overflow = True, cut
        trees[row.path] = trees[above].add(label)
    console.print(trees[""], crop=False)
    for line in lines:
        console.print(_text(line, "red" if line.startswith("Failed") else ""), soft_wrap=True)


def draw_groups(
    headline: str, groups: Iterable[tuple[str, list[str]]], lines: Iterable[str]
) -> None:
    """Print a headline, each group below it with its other files, and the lines that follow."""
    console = _console()
    tree = Tree(_one_line(headline, "bold"), guide_style="dim")
    for first, others in groups:
        group = tree.add(_one_line(first, "bold blue"))
        for other in others:
            group.add(_one_line(other))
    console.print(tree, crop=False)
    for line in lines:
        console.print(_text(line, "red" if line.startswith("Failed") else ""), soft_wrap=True)


def draw_tables(headline: str, tables: Iterable[Table], lines: Iterable[str]) -> None:
    """Print a headline, tables with a bar for each part of the whole, and the lines that follow."""
    console = _console()
    console.print(_one_line(headline, "bold"), crop=False)
    for table in tables:
        console.print(_one_line(table.title, "bold blue"))
        grid = Grid.grid(padding=(0, 2), expand=False)
        grid.add_column(no_wrap=True)
        beside = [sum(2 + len(cell) for cell in row.cells) for row in table.rows]
        bars = any(row.part is not None for row in table.rows)
        room = console.width - max(beside) - bars * _BAR_WIDTH
        for _ in table.rows[0].cells:
            grid.add_column(justify="right", no_wrap=True)
        for row in table.rows:
            bar = (
                [] if row.part is None else [_bar(row.part, ascii_only=console.options.ascii_only)]
            )
            name = _name("  " + row.name, "", room, _cut(console))
            grid.add_row(name, *(_text(cell) for cell in row.cells), *bar)
        console.print(grid)
    for line in lines:
        console.print(_text(line, "red" if line.startswith("Failed") else ""), soft_wrap=True)


def _bar(part: float, *, ascii_only: bool) -> Text:
    """Return a part of the whole as a number and a bar of up to twenty cells."""
    mark = "#" if ascii_only else "\u2588"
    return Text.assemble(f"{100 * part:>5.1f} %  ", (mark * round(20 * part), "cyan"))


def _console() -> Console:
    plain = bool(os.environ.get("NO_COLOR"))
    return Console(
        color_system=None if plain else "auto", highlight=False, markup=False, emoji=False
    )


def _cut(console: Console) -> OverflowMethod:
    """Return how a line ends that is too long; Rich raises where it can't print its ellipsis."""
    if not console.is_terminal:
        return "ignore"
    return "crop" if console.options.ascii_only else "ellipsis"


def _name(words: str, style: str, room: int, cut: OverflowMethod) -> Text:
    """Return a name that leaves room for what stands beside it."""
    name = _text(words, style)
    name.truncate(max(room, _LEAST_NAME), overflow=cut)
    return name


def _one_line(words: str, style: str = "") -> Text:
    line = _text(words, style)
    line.no_wrap, line.overflow = True, "ignore"
    return line


def _nearest(path: str, trees: dict[str, Tree]) -> tuple[str, str]:
    """Return the nearest folder above that has a tree, and the rest of the path."""
    above = path
    while above:
        above = above.rpartition("/")[0]
        if above in trees:
            break
    return above, path[len(above) :].removeprefix("/") if above else path


def _text(words: str, style: str = "") -> Text:
    return Text(encodable(words, sys.stdout.encoding), style)

"""A run as a tree on a terminal (the place of Rich for results; colour only adds to the words)."""

import os
import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console, OverflowMethod
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from fileorg.cli.words import FolderRow, Table, encodable

_GAP = 2
_GUIDE = 4
"""Cells that a level of a tree takes."""
_FEWEST = 20
"""Cells that are left to names in any case."""
_ENDLESS = 10_000
"""How wide something is that is no terminal."""


def draw(headline: str, rows: Iterable[FolderRow], lines: Iterable[str]) -> None:
    """Print a headline, the folders as a tree below it, and the lines that follow."""
    console = _console()
    cut, mark = _cut(console), _mark(console)
    trees: dict[str, Tree] = {"": Tree(_one_line(headline, "bold"), guide_style="dim")}
    used = {"": 0}
    for row in rows:
        above, name = _nearest(row.path, trees)
        used[row.path] = used[above] + _GUIDE
        beside = f"  {row.files}  {row.size}  "
        room = console.width - used[row.path] - len(beside) if console.is_terminal else _ENDLESS
        name = _shortened(encodable(name + "/", sys.stdout.encoding), max(room, _FEWEST), mark)
        label = Text.assemble(
            (name, "bold blue"), "  ", row.files, "  ", _text(row.size, "cyan"), "  ",
            _text(row.examples, "dim"),
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
        _print_table(console, table)
    for line in lines:
        console.print(_text(line, "red" if line.startswith("Failed") else ""), soft_wrap=True)


def _print_table(console: Console, table: Table) -> None:
    """Print a table; where it is too wide, bars go first, and then names are cut, never numbers."""
    ascii_only = console.options.ascii_only
    cells = [[_text(cell) for cell in row.cells] for row in table.rows]
    bars = [[] if row.part is None else [_bar(row.part, ascii_only)] for row in table.rows]
    names = [encodable("  " + row.name, sys.stdout.encoding) for row in table.rows]
    room = _ENDLESS
    if console.is_terminal:
        room = console.width - _wide(cells)
        if room - _wide(bars) < min(max(map(cell_len, names)), _FEWEST):
            bars = [[] for _ in bars]
        room = max(room - _wide(bars), _FEWEST)
    grid = Grid.grid(padding=(0, _GAP, 0, 0), expand=False)
    grid.add_column(no_wrap=True)
    for _ in table.rows[0].cells:
        grid.add_column(justify="right", no_wrap=True)
    for name, beside, bar in zip(names, cells, bars, strict=True):
        grid.add_row(Text(_shortened(name, room, _mark(console))), *beside, *bar)
    console.print(grid, crop=False, width=None if console.is_terminal else _ENDLESS)


def _mark(console: Console) -> str:
    """Return what stands where something is left out."""
    return "..." if console.options.ascii_only else "\u2026"


def _wide(rows: Sequence[Sequence[Text]]) -> int:
    """Return how many cells of the terminal some columns and the gaps before them take."""
    return sum(_GAP + max(text.cell_len for text in column) for column in zip(*rows, strict=True))


def _shortened(name: str, room: int, mark: str) -> str:
    """Return a name in so many cells; of a long one the beginning, and more of the end."""
    if cell_len(name) <= room:
        return name
    head = room // 3
    end = name
    while cell_len(end) > room - head - len(mark):
        end = end[1:]
    return set_cell_size(name, head) + mark + end


def _bar(part: float, ascii_only: bool) -> Text:
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

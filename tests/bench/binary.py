"""The binary against the installed package, in pairs of the same command on the same tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.bench import tree
from tests.bench.rounds import Bench
from tests.bench.table import Row
from tests.bench.workspace import remove

REPEATS = 8  # of the short commands, for each pair of the long one


def measure(bench: Bench, program: str, rows: list[Row], *, pairs: int) -> None:
    """Add rows for --version, ten files and a long run of *program*, the package as their floor."""
    binary = replace(bench, fileorg=[program])
    for work, bar, count, part in (
        ("--version", 3, pairs * REPEATS, _version),
        ("ten files", 1.3, pairs * REPEATS, _ten_files),
    ):
        bench.say(f"binary: {work}")
        _pairs(rows, Row(f"binary: {work} (vs package)", bar), part, (bench, binary), count)
    made = bench.make("tree", bench.files)
    bench.reset(made)

    def long_run(one: Bench) -> float:
        taken = one.wall(one.organize(made.root))
        one.reset(made)
        return taken

    bench.say(f"binary: {bench.files:,} files")
    row = Row("binary: organize -r (vs package)", 1.05, bench.files)
    _pairs(rows, row, long_run, (bench, binary), pairs)


def _pairs(
    rows: list[Row],
    row: Row,
    part: Callable[[Bench], float],
    sides: tuple[Bench, Bench],
    count: int,
) -> None:
    """Fill a row; the first pair only warms, and the sides take turns in going first."""
    rows.append(row)
    for turn in range(count + 1):
        first, second = sides if turn % 2 else reversed(sides)
        times = {first.fileorg[0]: part(first), second.fileorg[0]: part(second)}
        if turn:
            row.add(times[sides[1].fileorg[0]], times[sides[0].fileorg[0]])


def _version(bench: Bench) -> float:
    return bench.wall([*bench.fileorg, "--version"])


def _ten_files(bench: Bench) -> float:
    made = bench.folder / "ten"
    tree.generate(made, 10, seed=0)
    taken = bench.wall(bench.organize(made))
    remove(made)
    remove(bench.folder / "state")
    return taken

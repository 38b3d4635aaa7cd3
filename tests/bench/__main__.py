"""`python -m tests.bench`: run the bench and print one table."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench import (
    binary,
    buckets,
    content,
    duplicates,
    floor,
    peer,
    photos,
    rounds,
    scale,
    views,
)
from tests.bench.measure import BenchError, Runner
from tests.bench.table import Row, render
from tests.bench.workspace import default_parent, facts, workspace

PARTS = (
    "organize", "report", "dry-run", "second-run", "undo", "scan", "version", "ten-files", "memory",
    "peer",
)  # fmt: skip
ON_REQUEST = ("floor", "duplicates", "content", "photos", "show", "binary", "buckets")
NOT_USERS = ("FILEORG_", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")
"""Variables of a developer's environment that would slow fileorg down."""

REPEATS = 8  # of the short commands, for each pair of the long ones


def parts(text: str) -> list[str]:
    """Read a list of parts, separated by commas."""
    names = text.split(",")
    if unknown := set(names) - {*PARTS, *ON_REQUEST}:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return names


def positive(text: str) -> int:
    """Read a whole number above 0."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="fileorg against a floor in C, as ratios of pairs"
    )
    parser.add_argument(
        "--files", type=positive, default=200_000, help="files a tree (%(default)s)"
    )
    parser.add_argument("--pairs", type=positive, default=5, help="pairs a row (%(default)s)")
    parser.add_argument(
        "--only",
        type=parts,
        default=list(PARTS),
        metavar="PART,...",
        help=f"{', '.join(PARTS)}; on request: {', '.join(ON_REQUEST)}",
    )
    parser.add_argument(
        "--scale",
        type=positive,
        metavar="FILES",
        help="every kind of work once on so many files, instead of the parts",
    )
    parser.add_argument("--dir", type=Path, help="where to work: a folder on a real disk")
    parser.add_argument("--fileorg", metavar="CMD", help="another command to measure as fileorg")
    parser.add_argument(
        "--binary", default="dist/fileorg", metavar="FILE", help="for binary: which (%(default)s)"
    )
    parser.add_argument("--extra", default="", help="options added to each organize")
    parser.add_argument(
        "--peer-files", type=positive, default=10_000, help="files of the peer's tree"
    )
    parser.add_argument(
        "--large", type=int, default=8, metavar="GIB", help="large files with duplicates (8)"
    )
    options = parser.parse_args()
    options.files = options.scale or options.files
    return options


def say(text: str) -> None:
    """Tell on stderr how far it is; stdout is for the table."""
    print(text, file=sys.stderr, flush=True)


def prepare(
    options: argparse.Namespace, folder: Path, table: Mapping[str, Sequence[str]]
) -> rounds.Bench:
    """Build the floor and gather what the parts share."""
    (folder / "config").mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(NOT_USERS)}
    env |= {
        "FILEORG_STATE_DIR": str(folder / "state"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    python = [sys.executable]
    return rounds.Bench(
        folder=folder,
        floor=floor.build(folder, table),
        runner=Runner(env, folder / "log"),
        fileorg=shlex.split(options.fileorg) if options.fileorg else [*python, "-m", "fileorg"],
        python=python,
        extra=shlex.split(options.extra),
        files=options.files,
        say=say,
    )


def measure(
    bench: rounds.Bench,
    options: argparse.Namespace,
    table: Mapping[str, Sequence[str]],
    rows: list[Row],
) -> None:
    """Run the parts asked for; `rows` is filled as they go, so that a stop loses none."""
    only, pairs, files = options.only, options.pairs, options.files
    if not {*only} <= {"floor", "peer"} and not runnable(bench):
        raise BenchError(
            f"{shlex.join(bench.fileorg)} does not run; --only floor,peer works without it"
        )
    on_trees = {
        "organize": Row("organize -r", 1.25, files),
        "report": Row("organize -r, duplicates looked for", 2, files),
        "dry-run": Row("dry run (vs scan)", 3, files),
        "second-run": Row("second run (vs scan)", 3, files),
        "undo": Row("undo (vs our organize)", 1.2, files),
        "scan": Row("scan (vs scan in C)", 3, files),
    }
    on_trees = {name: row for name, row in on_trees.items() if name in only}
    own = (Row("floor scan twice", None, files), Row("floor organize twice", None, files))
    short = (Row("--version (vs python -c pass)", 1.5), Row("ten files (vs python -c pass)", 15))
    total = Row(f"memory, {files:,} files", 400)
    rows += [*on_trees.values(), *own, *short, total]
    if on_trees or not {"floor", "memory"}.isdisjoint(only):
        say("making the tree")
        made = bench.make("tree", files)
        bench.reset(made)
        for pair in range(pairs):
            say(f"pair {pair + 1} of {pairs}")
            if "floor" in only:
                rounds.floor_only(bench, made, *own)
            rounds.trees(bench, made, on_trees)
        if "memory" in only:
            say("memory")
            rounds.memory(bench, made, on_trees, total)
    for name, row, part in zip(
        ("version", "ten-files"), short, (rounds.version, rounds.ten_files), strict=True
    ):
        if name in only:
            say(name)
            part(bench, row, pairs * REPEATS)
    if "duplicates" in only:
        duplicates.measure(bench, rows, pairs=pairs, large=options.large << 30)
    if "binary" in only:
        binary.measure(bench, os.path.abspath(options.binary), rows, pairs=pairs)
    if "buckets" in only:
        buckets.measure(bench, rows, pairs=pairs)
    if "show" in only:
        views.measure(bench, rows, pairs=pairs)
    if "content" in only:
        content.measure(bench, rows, pairs)
    if "photos" in only:
        photos.measure(bench, rows, pairs)
    if "peer" in only:
        against_peer(bench, options, table, rows)


def against_peer(
    bench: rounds.Bench,
    options: argparse.Namespace,
    table: Mapping[str, Sequence[str]],
    rows: list[Row],
) -> None:
    """Measure organize-tool where it is installed, and fileorg on the same trees."""
    command = peer.find()
    if command is None:
        print("organize-tool: skipped, not installed (pip install organize-tool)")
        return
    count = options.peer_files
    works = ["organize-tool sim", "organize-tool run"]
    if runnable(bench):
        works += ["ours, the same dry run", "ours, the same organize"]
    added = [Row(f"{work}, {count:,} files", None, count) for work in works]
    rows += added
    made = bench.make("peer", count)
    for pair in range(options.pairs):
        say(f"organize-tool, {pair + 1} of {options.pairs}")
        peer.measure(bench, command, made, table, added)


def runnable(bench: rounds.Bench) -> bool:
    """Whether the fileorg under test starts at all."""
    try:
        bench.runner.timed([*bench.fileorg, "--version"])
    except (BenchError, OSError):
        return False
    return True


def main() -> int:
    """Run the bench; 0 also where a bar is missed, 1 when something failed, 130 when stopped."""
    options = arguments()
    rows: list[Row] = []
    start = time.monotonic()
    status = 0
    try:
        with workspace(options.dir or default_parent()) as folder:
            table, note = floor.categories()
            print(facts(folder))
            bench = prepare(options, folder, table)
            if options.scale:
                print(f"{options.files:,} files, each work once; {note}", flush=True)
                scale.measure(bench, rows)
            else:
                print(f"{options.files:,} files, {options.pairs} pairs; {note}", flush=True)
                measure(bench, options, table, rows)
    except BenchError as error:
        say(f"bench: {error}")
        status = 1
    except KeyboardInterrupt:
        say("bench: stopped")
        status = 130
    if any(row.ours or row.peak is not None for row in rows):
        print(render(rows), f"{time.monotonic() - start:.0f} s", sep="\n")
    return status


if __name__ == "__main__":
    sys.exit(main())

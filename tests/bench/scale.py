"""Every kind of work once on very many files: time a file, memory, and the size of the journal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from tests.bench import tree
from tests.bench.measure import BenchError
from tests.bench.rounds import Bench
from tests.bench.table import Row

BYTES_A_FILE = 6 << 10
"""A block and an inode of the file system, and its rows in the journals of all runs."""


def check_room(bench: Bench) -> None:
    """Say how much disk it takes; `BenchError` where there is less."""
    needed, found = bench.files * BYTES_A_FILE, os.statvfs(bench.folder)
    free = shutil.disk_usage(bench.folder).free
    bench.say(f"{bench.files:,} files take about {needed >> 30} GiB; {free >> 30} GiB are free")
    if free < needed:
        raise BenchError(f"{bench.folder.parent}: not enough room; --dir names another disk")
    if found.f_files and found.f_favail < bench.files * 1.1:
        raise BenchError(f"{bench.folder.parent}: only {found.f_favail:,} inodes are free")


def measure(bench: Bench, rows: list[Row]) -> None:
    """Add a row for each kind of work, one after the other on the same tree.

    Each is held against a scan in C just before it, which also warms the folders. Its memory is
    taken in the same run: to run each twice would take too long.
    """
    check_room(bench)
    root = bench.folder / "tree"
    bench.say("making the tree")
    tree.generate(root, bench.files)
    report = ["report", "last", "--format", "json", "--to", str(bench.folder / "report")]
    works: dict[str, Sequence[str]] = {
        "scan": [*bench.fileorg, "scan", str(root), "--no-progress"],
        "dry run": bench.organize(root, "--dry-run"),
        "organize -r": bench.organize(root),
        "show": [*bench.fileorg, "show", "last"],
        "show, a page by size": [*bench.fileorg, "show", "last", "--files", "--sort", "size"],
        "report, JSON": [*bench.fileorg, *report],
        "second run": bench.organize(root),
        "undo": bench.undo(),
        "dedupe": [*bench.fileorg, "dedupe", str(root), "--no-progress"],
    }
    for name, command in works.items():
        bench.say(name)
        os.sync()
        floor = bench.wall(bench.floor.scan(root))
        timing, peak = bench.runner.watched(command)
        row = Row(f"{name} (vs scan in C)", files=bench.files, peak=peak)
        row.add(timing.wall, floor)
        rows.append(row)
        if name == "organize -r":
            rows.append(_journal(bench))


def _journal(bench: Bench) -> Row:
    size = sum(path.stat().st_size for path in (bench.folder / "state" / "runs").glob("*.db"))
    return Row(f"its journal on the disk, {size / bench.files:.0f} bytes a file", peak=size / 2**20)

"""The measuring itself: what is run, on which tree, in which order.

Every timed command meets the same files, whose writes have reached the disk (`os.sync`)
and whose folders a scan has just warmed, so that both halves of a pair start alike.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import tree
from tests.bench.floor import Floor
from tests.bench.measure import Runner
from tests.bench.snapshot import Snapshot, difference, take
from tests.bench.table import Row
from tests.bench.workspace import remove


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that the parts of the bench share.

    `fileorg` and `python` are command prefixes, `extra` is added to every organize, and
    `say` is told how far it is.
    """

    folder: Path
    floor: Floor
    runner: Runner
    fileorg: Sequence[str]
    python: Sequence[str]
    extra: Sequence[str]
    files: int
    say: Callable[[str], None]

    def organize(self, target: Path, *options: str) -> list[str]:
        """Return fileorg's command that organizes `target`, without a look at duplicates."""
        quiet = ("-r", "--no-progress", "-q", "--dedupe", "off")
        return [*self.fileorg, "organize", str(target), *quiet, *self.extra, *options]

    def undo(self) -> list[str]:
        """Return fileorg's command that takes the last run back."""
        return [*self.fileorg, "undo", "last", "--no-progress", "-q"]

    def make(self, name: str, files: int) -> Snapshot:
        """Make a tree of `files` files below the bench's folder."""
        tree.generate(self.folder / name, files)
        return take(self.folder / name)

    def settle(self, made: Snapshot) -> None:
        """Let all writes reach the disk, then warm the folders of `made`."""
        os.sync()
        self.runner.timed(self.floor.scan(made.root))

    def reset(self, made: Snapshot) -> int:
        """Put `made` back, forget fileorg's state and cache, settle; return what was moved."""
        moved = made.put_back()
        for place in ("state", "cache"):
            remove(self.folder / place)
        self.settle(made)
        return moved

    def wall(self, command: Sequence[str]) -> float:
        """Return the seconds that `command` takes."""
        return self.runner.timed(command).wall


def floor_only(bench: Bench, made: Snapshot, scan: Row, organize: Row) -> None:
    """Measure the floor against itself: what the machine gives, and how much it wavers."""
    for row, command in (
        (scan, bench.floor.scan(made.root)),
        (organize, bench.floor.organize(made.root)),
    ):
        first = bench.wall(command)
        bench.reset(made)
        row.add(bench.wall(command), first)
        bench.reset(made)


def trees(bench: Bench, made: Snapshot, rows: dict[str, Row]) -> None:
    """Measure one pair of each of `rows` (report, dry-run, organize, ...) on a settled tree.

    It says so when the floor and fileorg did not do the same job, and when undo did not
    give the tree back; the tree is as it was afterwards.
    """
    root, base, sample = made.root, 0.0, None
    if "organize" in rows or "report" in rows:
        base = bench.wall(bench.floor.organize(root))
        sample = made.shape()
        bench.reset(made)
    if row := rows.get("report"):
        row.add(bench.wall(bench.organize(root, "--dedupe", "report")), base)
        bench.reset(made)
    if row := rows.get("dry-run"):
        scan = bench.wall(bench.floor.scan(root))
        row.add(bench.wall(bench.organize(root, "--dry-run")), scan)
        if moved := bench.reset(made):
            bench.say(f"THE DRY RUN MOVED {moved:,} files and folders")
    if row := rows.get("scan"):
        scan = bench.wall(bench.floor.scan(root))
        row.add(bench.wall([*bench.fileorg, "scan", str(root), "--no-progress"]), scan)
    if not rows.keys() - {"dry-run", "report", "scan"}:
        return
    ours = bench.wall(bench.organize(root))
    if row := rows.get("organize"):
        row.add(ours, base)
    if sample is not None and (mine := made.shape()) != sample:
        bench.say(f"NOT THE SAME JOB as the floor: {difference(mine, sample)}")
    if row := rows.get("second-run"):
        bench.settle(made)
        scan = bench.wall(bench.floor.scan(root))
        row.add(bench.wall(bench.organize(root)), scan)
    if row := rows.get("undo"):
        bench.settle(made)
        row.add(bench.wall(bench.undo()), ours)
    moved = bench.reset(made)
    if "undo" in rows and moved:
        bench.say(f"UNDO LEFT {moved:,} files and folders where they do not belong")


def memory(bench: Bench, made: Snapshot, rows: dict[str, Row], total: Row) -> None:
    """Take the peak memory of each kind of work in runs of their own, on one tree."""
    work = {
        "dry-run": bench.organize(made.root, "--dry-run"),
        "organize": bench.organize(made.root),
        "second-run": bench.organize(made.root),
        "undo": bench.undo(),
    }
    for name, command in work.items():
        peak = bench.runner.peak(command)
        total.peak = max(total.peak or 0.0, peak)
        if name in rows:
            rows[name].peak = peak
    bench.reset(made)


def version(bench: Bench, row: Row, repeats: int) -> None:
    """Measure `--version` against an interpreter that does nothing, after one warm run each."""
    nothing, ours = [*bench.python, "-c", "pass"], [*bench.fileorg, "--version"]
    bench.wall(nothing), bench.wall(ours)
    for _ in range(repeats):
        base = bench.wall(nothing)
        row.add(bench.wall(ours), base)


def ten_files(bench: Bench, row: Row, repeats: int) -> None:
    """Measure organizing ten files against an interpreter that does nothing."""
    for repeat in range(repeats + 1):
        made = bench.folder / "ten"
        tree.generate(made, 10, seed=repeat)
        base = bench.wall([*bench.python, "-c", "pass"])
        ours = bench.wall(bench.organize(made))
        if repeat:  # the first one warms
            row.add(ours, base)
        remove(made)
    remove(bench.folder / "state")

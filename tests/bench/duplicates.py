"""`dedupe` against programs that find duplicates, each on the same tree, its pages in memory."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.copies import generate_large, generate_small
from tests.bench.measure import BenchError
from tests.bench.rounds import Bench
from tests.bench.table import Row
from tests.bench.workspace import remove

PEERS = {
    "jdupes": ("jdupes", "-r", "-q"),
    "fdupes": ("fdupes", "-r", "-q"),
    "rdfind": ("rdfind", "-dryrun", "true", "-makeresultsfile", "false"),
    "rmlint": ("rmlint", "-T", "df", "-o", "fdupes"),
}
"""Commands that only report; rdfind and rmlint do not compare bytes."""

_PIECE = 1 << 20


def measure(bench: Bench, rows: list[Row], *, pairs: int, large: int) -> None:
    """Add rows for a tree of many small files, and for one of *large* bytes in large ones."""
    peers = {name: command for name, command in PEERS.items() if shutil.which(name)}
    if not peers:
        raise BenchError(f"none of {', '.join(PEERS)} is installed")
    small = bench.folder / "small"
    bench.say(f"making {bench.files:,} small files")
    generate_small(small, bench.files)
    _one_tree(bench, rows, f"{bench.files:,} small files", small, peers, pairs)
    _memory(bench, rows, small, peers)
    remove(small)
    if large:
        bench.say(f"making {large >> 30} GiB of large files")
        generate_large(bench.folder / "large", large)
        name = f"{large >> 30} GiB of large files"
        _one_tree(bench, rows, name, bench.folder / "large", peers, pairs)


def _one_tree(
    bench: Bench,
    rows: list[Row],
    name: str,
    root: Path,
    peers: Mapping[str, Sequence[str]],
    pairs: int,
) -> None:
    """Measure rounds in which each program has its turn, fileorg without digests and with them."""
    against = {peer: Row(f"{name} (vs {peer})", 1) for peer in peers}
    best, again = Row(f"{name} (vs the best)", 0.7), Row("again, by digests (vs first)", 0.3)
    rows += [*against.values(), best, again]
    for turn in range(pairs):
        bench.say(f"{name}, {turn + 1} of {pairs}")
        _read_all(root)
        remove(bench.folder / "state")
        ours = bench.wall(_dedupe(bench, root))
        times = {peer: bench.wall([*command, str(root)]) for peer, command in peers.items()}
        again.add(bench.wall(_dedupe(bench, root)), ours)
        for peer, row in against.items():
            row.add(ours, times[peer])
        best.add(ours, min(times.values()))


def _memory(bench: Bench, rows: list[Row], root: Path, peers: Mapping[str, Sequence[str]]) -> None:
    """Take the peak memory of each program in a run of its own."""
    peaks = {peer: bench.runner.peak([*command, str(root)]) for peer, command in peers.items()}
    remove(bench.folder / "state")
    least = min(peaks, key=peaks.__getitem__)
    ours = Row(f"memory, {bench.files:,} files (least: {least}, {peaks[least]:.0f})")
    ours.bar, ours.peak = peaks[least] + 100, bench.runner.peak(_dedupe(bench, root))
    rows.append(ours)


def _dedupe(bench: Bench, root: Path) -> list[str]:
    return [*bench.fileorg, "dedupe", str(root), "--no-progress"]


def _read_all(root: Path) -> None:
    """Read every file once, so that no program waits for the disk."""
    for path in root.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(_PIECE):
                    pass

"""Put a tree back as it was made, so that every run of the bench meets the same files.

Renaming back is both the fairest and the fastest: the inodes stay, and ext4 avoids
inodes that were deleted within the last half minute, at a price: the same 200,000 files
take 7 s to make on a quiet disk and 50 s where as many were just removed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import BenchError


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where each file (by inode) and each folder, parents first, of a tree belongs."""

    root: Path
    files: dict[int, str]
    folders: list[str]

    def put_back(self) -> int:
        """Restore names and folders; return how many were not where they belong.

        Raise `BenchError` when files were lost, added or replaced: no rename mends that.
        """
        now = take(self.root)
        if now.files.keys() != self.files.keys():
            gone, new = self.files.keys() - now.files.keys(), now.files.keys() - self.files.keys()
            some = [self.files[k] for k in sorted(gone)[:3]] + [
                now.files[k] for k in sorted(new)[:3]
            ]
            raise BenchError(f"{len(gone)} files are gone and {len(new)} are new, such as {some}")
        wrong = {at: self.files[k] for k, at in now.files.items() if at != self.files[k]}
        if held := set(wrong.values()) & set(now.files.values()):
            raise BenchError(
                f"{len(held)} files are at the places of others, such as {held.pop()!r}"
            )
        here, wanted = set(now.folders), set(self.folders)
        root = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in self.folders:
                if folder not in here:
                    os.mkdir(folder, 0o755, dir_fd=root)
            for at, home in wrong.items():
                os.rename(at, home, src_dir_fd=root, dst_dir_fd=root)
            for folder in reversed(now.folders):
                if folder not in wanted:
                    os.rmdir(folder, dir_fd=root)
        finally:
            os.close(root)
        return len(wrong) + len(here ^ wanted)

    def shape(self) -> dict[str, int]:
        """Count the files now below each top folder of the tree, those beside them under ''."""
        counts: dict[str, int] = {}
        for inode, path in walk(self.root, ""):
            top, slash, _ = path.partition("/")
            name = top if slash or inode is None else ""
            counts[name] = counts.get(name, 0) + (inode is not None)
        return counts


def take(root: Path) -> Snapshot:
    """Note where everything of a tree is now."""
    files: dict[int, str] = {}
    folders: list[str] = []
    for inode, path in walk(root, ""):
        if inode is None:
            folders.append(path)
        else:
            files[inode] = path
    return Snapshot(root, files, folders)


def walk(root: Path, below: str) -> Iterator[tuple[int | None, str]]:
    """Yield inode and path of every file, `None` and path of every folder, parents first."""
    prefix = f"{below}/" if below else ""
    inner: list[str] = []
    with os.scandir(root / below) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                inner.append(prefix + entry.name)
            else:
                yield entry.inode(), prefix + entry.name
    for folder in inner:
        yield None, folder
        yield from walk(root, folder)


def difference(mine: dict[str, int], floor: dict[str, int]) -> str:
    """Tell where two shapes differ: top folder, files of ours, files of the floor."""
    pairs = {name: (mine.get(name), floor.get(name)) for name in sorted({*mine, *floor})}
    return str({name: pair for name, pair in pairs.items() if pair[0] != pair[1]})[:600]

"""Trees with duplicates: many small files, or large ones with near-duplicates among them.

A near-duplicate has the size of its original and differs in one byte: in the first block, in the
middle, or in the last byte. The same seed makes the same tree.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Final

from tests.bench.tree import FOLDER_FILES, file_name, folders, shares

SMALLEST, LARGEST_SMALL = 100, 64 << 10
COPIES, NEAR = 0.25, 0.10  # of all files
MIB: Final = 1 << 20
_POOL: Final = 4 * MIB


def generate_small(root: Path, files: int, seed: int = 1) -> None:
    """Make the new folder `root` with `files` files of 100 bytes to 64 KiB, 3 kB in the median."""
    rng = random.Random(seed)
    pool = rng.randbytes(_POOL)
    paths = ["", *folders(max(files // FOLDER_FILES, 1), rng)]
    for path in paths:
        (root / path).mkdir(parents=True)
    recent: list[bytes] = []
    number = 0
    for path, count in zip(paths, shares(files, len(paths), rng), strict=True):
        used: set[str] = set()
        for _ in range(count):
            name, _ = file_name(number, rng.getrandbits(160), files)
            if name in used:
                name = f"again {number}.txt"
            used.add(name)
            (root / path / name).write_bytes(_small(number, recent, pool, rng))
            number += 1


def _small(number: int, recent: list[bytes], pool: bytes, rng: random.Random) -> bytes:
    drawn = rng.random()
    if recent and drawn < COPIES:
        return rng.choice(recent)
    if recent and drawn < COPIES + NEAR:
        return _changed(rng.choice(recent), rng)
    size = min(max(int(rng.lognormvariate(8.0, 1.2)), SMALLEST), LARGEST_SMALL)
    start = rng.randrange(_POOL - size)
    content = b"%d:" % number + pool[start : start + size - 8]
    if len(recent) < 20_000:
        recent.append(content)
    else:
        recent[rng.randrange(20_000)] = content
    return content


def _changed(content: bytes, rng: random.Random) -> bytes:
    place = rng.choice((0, len(content) // 2, len(content) - 1))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def generate_large(root: Path, total: int, seed: int = 1) -> int:
    """Make the new folder `root` with about `total` bytes in files of 1-200 MiB; return how many.

    Of each size there are an original, and by turns a copy, near-duplicates, or both.
    """
    rng = random.Random(seed)
    root.mkdir(parents=True)
    pool = rng.randbytes(_POOL)
    made = number = 0
    while made < total:
        size = int(MIB * 200 ** rng.random()) + rng.randrange(4096)
        kinds = (["copy"], ["first"], ["middle"], ["last"], ["copy", "last"], ["copy", "copy"])
        for kind in ["original", *kinds[number % len(kinds)]]:
            folder = root / f"{number % 7}"
            folder.mkdir(exist_ok=True)
            _write_large(folder / f"{number} {kind} {made}.bin", number, size, kind, pool)
            made += size
        number += 1
    return number


def _write_large(path: Path, number: int, size: int, kind: str, pool: bytes) -> None:
    places = {"first": 100, "middle": size // 2, "last": size - 1}
    with open(path, "wb") as file:
        left, block = size, 0
        while left > 0:
            piece = b"%16d%16d" % (number, block) + pool[32 : min(left, _POOL)]
            left -= file.write(piece[:left])
            block += 1
        if kind in places:
            file.seek(places[kind])
            file.write(b"\xff")
            os.fsync(file.fileno())

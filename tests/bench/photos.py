"""What it costs to sort photos by their dates, against opening and reading each of them.

Once from the disk, as photos are sorted, and once more when all of them are in memory.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.bench.rounds import Bench
from tests.bench.table import Row
from tests.bench.workspace import remove
from tests.pipeline.photos import photo

_SIZE = 300 << 10
_BAR = 2

READ = """
import os, sys
for folder, _, names in os.walk(os.fsencode(sys.argv[1])):
    for name in names:
        handle = os.open(os.path.join(folder, name), os.O_RDONLY)
        os.read(handle, 65536)
        os.close(handle)
"""


def measure(bench: Bench, rows: list[Row], pairs: int) -> None:
    """Add rows for photos sorted by year and for files without extension, as their user runs it."""
    count = min(bench.files, 20_000)
    on_disk = Row("photos by year (vs open, read 64 KiB)", _BAR, count)
    in_memory = Row("the same, all in memory", None, count)
    plain = Row("photos by category (vs the same)", None, count)
    nameless = Row("photos without extensions (vs with)", None, count)
    rows += [on_disk, in_memory, plain, nameless]
    bench.say(f"making {count:,} photos")
    root = bench.folder / "photos"
    _make(root, count)
    read = [*bench.python, "-c", READ, str(root)]
    for pair in range(pairs):
        bench.say(f"photos, {pair + 1} of {pairs}")
        _forget(root)
        base = bench.wall(read)
        _forget(root)
        on_disk.add(_organized(bench, root, "-m", "category_year"), base)
        bench.wall(read)
        base = bench.wall(read)
        in_memory.add(_organized(bench, root, "-m", "category_year"), base)
        with_names = _organized(bench, root)
        plain.add(with_names, base)
        _rename(root, "")
        nameless.add(_organized(bench, root), with_names)
        _rename(root, ".jpg")
    remove(root)


def _organized(bench: Bench, root: Path, *options: str) -> float:
    """Return how long it takes, and take it back."""
    os.sync()
    taken = bench.wall(bench.organize(root, *options))
    bench.wall(bench.undo())
    return taken


def _make(root: Path, count: int) -> None:
    """Make photos of a hundred days, a hundred a folder, each as long as those of a phone."""
    rest = os.urandom(_SIZE)
    heads = [photo(n, f"{2005 + n % 20}:{1 + n % 12:02}:01 10:11:12", "EOS") for n in range(100)]
    for number in range(count):
        folder = root / f"{number // 100:03}"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{number:05}.jpg").open("wb") as file:
            file.write(heads[number % 100])
            file.write(b"%08d" % number)
            file.write(rest)


def _forget(root: Path) -> None:
    """Have the kernel drop what it holds of the photos, which must be on the disk for that."""
    os.sync()
    for path in root.rglob("*.jpg"):
        handle = os.open(path, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def _rename(root: Path, extension: str) -> None:
    for path in [path for path in root.rglob("*") if path.is_file()]:
        path.rename(path.with_suffix(extension))

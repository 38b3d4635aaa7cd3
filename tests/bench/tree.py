"""Messy trees of small files, the same for the same seed.

A tree holds no name that fileorg leaves alone, none without a known extension, whose file it
would look into, and no two files of one folder with the same stem, so that the floor in C,
which knows none of these rules, does the very same job.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Final

EXTENSIONS: Final = tuple(
    extension
    for extension, weight in {
        "jpg": 20, "JPG": 8, "png": 9, "heic": 4, "gif": 2, "svg": 1, "mp4": 5, "mov": 3,
        "mkv": 1, "mp3": 6, "flac": 2, "m4a": 2, "wav": 1, "pdf": 9, "docx": 4, "xlsx": 3,
        "pptx": 1, "txt": 5, "md": 2, "csv": 2, "epub": 1, "zip": 3, "7z": 1, "py": 2,
        "js": 1, "html": 2, "json": 2, "ttf": 1, "exe": 1, "iso": 1,
    }.items()
    for _ in range(weight)
)  # fmt: skip
STEMS: Final = (
    "IMG_{i:04d}", "IMG_{i:04d}", "DSC{i:05d}", "PXL_20210803_{i:09d}", "VID-2020{i:06d}-WA0003",
    "Screenshot 2023-05-17 at 12.34.{i}", "Scan {i}", "report_final_v2_{i}",
    "Invoice No {i} (paid)", "Rechnung März {i}", "Übersicht ~ {i}", "写真 {i}", "отчёт за год {i}",
    "Café menü, {i}",
    "holiday 🏖 {i}", "a{i:x}f09bd2c41e", "Track {i} - Artist & Co", "letter to the tax office {i}",
    "notes.v1.{i}", "{i}", "UPPER CASE {i}", "download-{i}-copy",
)  # fmt: skip
COMMON: Final = ("report {g}.pdf", "IMG_{g:04d}_.JPG", "Unbenannt {g}.docx", "cover {g}.png")
FOLDERS: Final = (
    "Photos 2019", "Old laptop", "backup", "New folder", "Müller & Söhne", "work", "Scans",
    "旅行", "music", "to sort", "2017-08 Norway", "Заметки", "Desktop", "misc", "Client.A",
)  # fmt: skip
FOLDER_FILES: Final = 55
DEEPEST_FOLDER: Final = 5
FIRST_MTIME: Final = 1_325_376_000  # 2012-01-01, UTC
MTIME_SPAN: Final = 14 * 365 * 86_400  # to the end of 2025
FILLER: Final = bytes(32 + (k * 7919) % 95 for k in range(4_300))


def folders(count: int, rng: random.Random) -> list[str]:
    """Return `count` folder paths below a root, each after its parent, at most five deep."""
    paths: list[str] = []
    parents: list[tuple[str, int]] = []
    for k in range(count):
        name = f"{FOLDERS[rng.randrange(len(FOLDERS))]} {k}"
        above, depth = "", 0
        if parents and k > 6 and rng.random() > 0.03:
            drawn = (parents[rng.randrange(len(parents))] for _ in range(2))
            above, depth = min(drawn, key=lambda parent: parent[1])
        path = f"{above}/{name}" if above else name
        paths.append(path)
        if depth + 1 < DEEPEST_FOLDER:
            parents.append((path, depth + 1))
    return paths


def shares(files: int, folder_count: int, rng: random.Random) -> list[int]:
    """Split `files` unevenly over `folder_count` folders, at least one file each."""
    weights = [min(max(rng.lognormvariate(3.8, 0.6), 8.0), 250.0) for _ in range(folder_count)]
    scale = (files - folder_count) / sum(weights)
    counts = [1 + int(weight * scale) for weight in weights]
    for k in range(files - sum(counts)):
        counts[k % folder_count] += 1
    return counts


def file_name(i: int, bits: int, files: int) -> tuple[str, bool]:
    """Name file `i` of `files`; the flag says that other folders may hold the same name."""
    kind = bits & 0xFF
    pick = bits >> 8 & 0xFFFF
    if kind < 10:  # about 4 % share a name, in groups of about four
        group = pick % max(files // 100, 1)
        return COMMON[group % len(COMMON)].format(g=group), True
    stem = STEMS[pick % len(STEMS)].format(i=i)
    return f"{stem}.{EXTENSIONS[(bits >> 24 & 0xFFFF) % len(EXTENSIONS)]}", False


def content(i: int, bits: int, shared: bool) -> bytes:
    """Return 0 to 200 bytes, unique to file `i` but for about 1 % empty files and 2 % copies.

    A file with a shared name is always unique: fileorg leaves a file alone whose target
    is proven the same, and the floor would not.
    """
    kind = bits & 0xFF
    if not shared and kind < 3:
        return b""
    if not shared and kind < 8:
        return b"copy " * (1 + (bits >> 8) % 37)
    start = bits >> 8 & 0xFFF
    return b"%d:%s" % (i, FILLER[start : start + (bits >> 20) % 192])


def generate(root: Path, files: int, seed: int = 1) -> None:
    """Make the new folder `root` and fill it with exactly `files` files."""
    rng = random.Random(seed)
    paths = ["", *folders(max(files // FOLDER_FILES, 1) if files > 20 else 0, rng)]
    root.mkdir(parents=True)
    root_fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        i = 0
        for path, count in zip(paths, shares(files, len(paths), rng), strict=True):
            if path:
                os.mkdir(path, 0o755, dir_fd=root_fd)
            fill(root_fd, path or ".", range(i, i + count), files, rng)
            i += count
    finally:
        os.close(root_fd)


def fill(root_fd: int, path: str, numbers: range, files: int, rng: random.Random) -> None:
    """Write the files `numbers` into the folder `path` below `root_fd`."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY, dir_fd=root_fd)
    used: set[str] = set()
    try:
        for i in numbers:
            bits = rng.getrandbits(160)
            name, shared = file_name(i, bits, files)
            if name in used:
                name, shared = f"again {i}.txt", False
            used.add(name)
            mtime = (FIRST_MTIME + (bits >> 40) % MTIME_SPAN) * 1_000_000_000 + (bits >> 72) % 10**9
            fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=folder)
            try:
                if data := content(i, bits >> 104, shared):
                    os.write(fd, data)
                os.utime(fd, ns=(mtime, mtime))
            finally:
                os.close(fd)
    finally:
        os.close(folder)

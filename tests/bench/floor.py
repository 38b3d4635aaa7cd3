"""The floor in C: built for this run, told fileorg's own table of categories."""

from __future__ import annotations

import importlib
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.measure import BenchError

STAND_IN: Final[Mapping[str, Sequence[str]]] = {
    "Images": ("jpg", "jpeg", "png", "heic", "gif", "svg"),
    "Videos": ("mp4", "mov", "mkv"),
    "Audio": ("mp3", "flac", "m4a", "wav"),
    "Documents": ("pdf", "docx", "xlsx", "pptx", "txt", "md", "csv", "epub"),
    "Archives": ("zip", "7z"),
    "Code": ("py", "js", "html", "json"),
}


@dataclass(frozen=True, slots=True)
class Floor:
    """The compiled program and its table file."""

    program: Path
    table: Path

    def scan(self, tree: Path) -> list[str]:
        """Return the command that lists `tree` with the stat of every file."""
        return [str(self.program), "scan", str(tree)]

    def organize(self, tree: Path) -> list[str]:
        """Return the command that moves every file of `tree` into its category."""
        return [str(self.program), "organize", str(tree), str(self.table)]


def categories() -> tuple[Mapping[str, Sequence[str]], str]:
    """Return fileorg's categories with their extensions, and a note on where they are from."""
    try:
        module = importlib.import_module("fileorg.categorize.filetypes")
        found: Mapping[str, Sequence[str]] = module.CATEGORIES
    except (ImportError, AttributeError):
        return STAND_IN, "categories: the bench's own few, fileorg's are not importable"
    return found, f"categories: {len(found)} of fileorg"


def build(folder: Path, table: Mapping[str, Sequence[str]]) -> Floor:
    """Compile the floor into `folder`, write its table; `BenchError` without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise BenchError("the floor needs a C compiler (cc) on PATH")
    program = folder / "floor-program"
    source = Path(__file__).with_name("floor.c")
    done = subprocess.run(
        [compiler, "-O2", "-o", str(program), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BenchError(f"the floor does not compile:\n{done.stderr}")
    lines = [
        f"{extension.lstrip('.').lower()} {category}\n"
        for category, extensions in table.items()
        for extension in extensions
    ]
    path = folder / "table"
    path.write_text("".join(lines), encoding="utf-8")
    return Floor(program, path)

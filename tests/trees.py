"""Trees of files for tests: made from a dict, and read back as one that can be compared.

    make_tree(root, {b"a/b.txt": b"text", b"empty/": None, b"link": Link(b"/etc")})

Paths are bytes relative to *root*, so that a name may be anything a disk takes. Folders on the way
are made; a path that ends in a slash is a folder.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

LONG_NAME = b"n" * 251 + b".txt"
HOSTILE_NAMES = (
    b"with space.txt",
    b" leading.txt",
    b"trailing ",
    b"-rf",
    b"new\nline.txt",
    b"\x1b[31mred.txt",
    b"tab\t.txt",
    b"bell\x07",
    b"not-utf8-\xff\xfe.jpg",
    "caf\u00e9.txt".encode(),
    "cafe\u0301.txt".encode(),
    "\u202egpj.exe".encode(),
    "\U0001f600.png".encode(),
    b"Case.TXT",
    b"case.txt",
    b"~tilde",
    b"quote'\"`$(id).sh",
    b"back\\slash.txt",
    b"%s%n.txt",
    b"{category}.txt",
    b"dots...",
    b"CON",
    LONG_NAME,
)
"""Names that are legal on a Linux disk and have broken somebody's tool; none of them is hidden."""


class Link(NamedTuple):
    """A symlink and what it points to."""

    target: bytes


class File(NamedTuple):
    """A file with its content, and where it matters its modification time and mode."""

    content: bytes = b""
    mtime: float | None = None
    mode: int = 0o644


Made = bytes | File | Link | None
Tree = dict[bytes, bytes | Link | None]


def make_tree(root: Path, tree: Mapping[bytes, Made]) -> Path:
    """Make files, links and folders (None) below *root*, which is made too, and return *root*."""
    root.mkdir(parents=True, exist_ok=True)
    for path, what in tree.items():
        full = os.path.join(os.fsencode(root), path)
        if what is None:
            os.makedirs(full, exist_ok=True)
            continue
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if isinstance(what, Link):
            os.symlink(what.target, full)
        else:
            _write(full, what if isinstance(what, File) else File(what))
    return root


def read_tree(root: Path) -> Tree:
    """Return all there is below *root*: contents, links, and folders (None, with a slash)."""
    found: Tree = {}
    top = os.fsencode(root)
    for folder, folders, names in os.walk(top):
        for name in (*folders, *names):
            full = os.path.join(folder, name)
            mode = os.lstat(full).st_mode
            path = os.path.relpath(full, top)
            if stat.S_ISLNK(mode):
                found[path] = Link(os.readlink(full))
            elif stat.S_ISDIR(mode):
                found[path + b"/"] = None
            elif stat.S_ISREG(mode):
                found[path] = Path(os.fsdecode(full)).read_bytes()
            else:
                found[path] = b"<special>"
    return found


def _write(path: bytes, what: File) -> None:
    target = Path(os.fsdecode(path))
    target.write_bytes(what.content)
    target.chmod(what.mode)
    if what.mtime is not None:
        os.utime(path, (what.mtime, what.mtime))

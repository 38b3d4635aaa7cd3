"""The table of mounts, `/proc/self/mountinfo`; empty where there is none. See proc(5)."""

import re
from typing import NamedTuple

from fileorg.model.location import is_below

_TABLE = "/proc/self/mountinfo"
_ESCAPED = re.compile(rb"\\([0-7]{3})")


class Mount(NamedTuple):
    """One mount: its number since boot, where it is, and the type of file system."""

    number: str
    point: bytes
    type: str


def mounts() -> list[Mount]:
    """Return every mount, one that hides another after it."""
    try:
        with open(_TABLE, "rb") as lines:
            return parse(lines.read())
    except OSError:
        return []


def parse(table: bytes) -> list[Mount]:
    """Read a mount table, in which blanks and backslashes of paths are octal escapes."""
    found = []
    for line in table.splitlines():
        row = line.split(b" ")
        if b"-" in row[6:-1]:
            kind = row[row.index(b"-", 6) + 1].decode("ascii", "replace")
            found.append(Mount(row[0].decode("ascii", "replace"), _unescaped(row[4]), kind))
    return found


def holding(path: bytes) -> Mount | None:
    """Return the mount that an absolute path lies on."""
    best: Mount | None = None
    for mount in mounts():
        if is_below(path, mount.point) and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def _unescaped(path: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 8) & 0xFF]), path)

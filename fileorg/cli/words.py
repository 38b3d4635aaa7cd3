"""Times and names as a terminal should show them, and what any page shows."""

import shlex
import time

import msgspec

from fileorg.model.display import UNSAFE
from fileorg.report.words import count, duration, safe, safe_json, size

__all__ = [
    "FolderRow", "Row", "Table", "count", "duration", "encodable", "moment", "quoted", "safe",
    "safe_json", "size",
]  # fmt: skip


def quoted(word: bytes, encoding: str) -> str:
    """Return a word for a shell's command line, as escapes where it can't be shown as it is."""
    try:
        text = word.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if not UNSAFE.search(text):
        return shlex.quote(text)
    plain = b"".join(
        bytes([byte]) if 32 <= byte < 127 and byte not in b"\\'" else b"\\x%02x" % byte
        for byte in word
    )
    return f"$'{plain.decode('ascii')}'"


def moment(moment_ns: int) -> str:
    """Return a moment as local date and time."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment_ns // 10**9))


def encodable(text: str, encoding: str | None) -> str:
    """Return text with escapes for what a stream of that encoding can't take."""
    encoding = encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


class FolderRow(msgspec.Struct, frozen=True):
    """A target folder in words, every name escaped."""

    path: str
    files: str
    size: str
    examples: str


class Row(msgspec.Struct, frozen=True):
    """A line of a table: what it is about, its cells, and which part of the whole it is."""

    name: str
    cells: tuple[str, ...]
    part: float | None = None


class Table(msgspec.Struct, frozen=True):
    """Lines of one kind under a title."""

    title: str
    rows: tuple[Row, ...]

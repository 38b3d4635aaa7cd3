"""Which files are organized: globs, size, age, hidden, and `.fileorgignore` (pure)."""

from typing import TYPE_CHECKING

import msgspec

from fileorg.config.globs import as_pattern_text, patterns
from fileorg.model.entry import FileEntry
from fileorg.model.reason import Reason

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Selection(msgspec.Struct, frozen=True):
    """What the user asked for; sizes in bytes, ages as limits in nanoseconds UTC of mtime."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_size: int | None = None
    max_size: int | None = None
    changed_before_ns: int | None = None
    changed_after_ns: int | None = None
    settled_before_ns: int | None = None
    hidden: bool = False

    @property
    def has_limits(self) -> bool:
        """Whether anything but the hidden rule can turn a file down."""
        return self != Selection(hidden=self.hidden)


class Selector:
    """A selection made ready to judge many files."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._include = patterns(selection.include)
        self._exclude = patterns(selection.exclude)

    def file_reason(self, entry: FileEntry) -> Reason | None:
        """Return why a file is not selected, or None."""
        asked, found = self._selection, entry.fingerprint
        if _outside(found.size, asked.min_size, asked.max_size):
            return Reason.FILTERED
        if _outside(found.mtime_ns, asked.changed_after_ns, asked.changed_before_ns):
            return Reason.FILTERED
        if asked.settled_before_ns is not None and found.mtime_ns > asked.settled_before_ns:
            return Reason.TOO_YOUNG
        path = as_pattern_text(entry.location.path)
        if self._include is not None and not self._include.match_file(path):
            return Reason.FILTERED
        if self._exclude is not None and self._exclude.match_file(path):
            return Reason.FILTERED
        return None

    def folder_reason(self, path: bytes) -> Reason | None:
        """Return why a folder and all in it is not selected, or None."""
        if self._exclude is not None and self._exclude.match_file(as_pattern_text(path) + "/"):
            return Reason.FILTERED
        return None


class Ignore:
    """The `.fileorgignore` rules in force in a folder: its own, then those of its parents."""

    def __init__(self, folder: bytes, rules: "GitIgnoreSpec", parent: "Ignore | None") -> None:
        self._prefix = len(folder) + 1 if folder else 0
        self._rules = rules
        self._parent = parent

    def ignores(self, path: bytes, *, folder: bool = False) -> bool:
        """Whether *path*, relative to the root, is ignored; the deepest file that speaks wins."""
        tail = "/" if folder else ""
        verdict = self._rules.check_file(as_pattern_text(path[self._prefix :]) + tail).include
        if verdict is None:
            return self._parent is not None and self._parent.ignores(path, folder=folder)
        return verdict


def ignore_lines(content: bytes) -> list[str]:
    """Return the lines of a `.fileorgignore` as git reads them: LF or CRLF, with or without BOM."""
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [line.removesuffix(b"\r").decode("utf-8", "surrogateescape") for line in lines]


def _outside(value: int, least: int | None, most: int | None) -> bool:
    return (least is not None and value < least) or (most is not None and value > most)

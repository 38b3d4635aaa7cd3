"""Which folders a layout can make, told from their names (pure)."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from fileorg.model.names import COMPOUND_EXTENSIONS, LONGEST_EXTENSION
from fileorg.plan.templates import (
    SIZE_CLASSES,
    Component,
    Field,
    fields_of,
)

_KEPT: Component = (Field("folder"),)
_ANY = rb"[^/]+"
_LONGEST = 255
_TELLING = frozenset({"category", "date", "size", "size_class", "name", "stem", "folder"})
"""Fields of which a folder's name tells that it was made of them, and those that may be any."""
# What `re` may have to try: ways to share one name among fields, levels that may be missing.
_MOST_WAYS, _MOST_LEVELS = 100_000, 8
_DIGITS = {"Y": 4, "G": 4, "j": 3, "u": 1, "w": 1} | dict.fromkeys("dHImMSUVWy", 2)
_EVERY_NAME = [  # each month, weekday and half of the day
    datetime(2024, 1 + n % 12, 1 + n % 7, 12 * (n % 2), tzinfo=UTC) for n in range(84)
]
_EXTENSION = rb"[a-z0-9!#$%%&+=@^_~-]{1,%d}|%b" % (
    LONGEST_EXTENSION,
    b"|".join(re.escape(compound[1:]) for compound in sorted(COMPOUND_EXTENSIONS)),
)


class Footprint:
    """The folders of a layout as patterns: all that it makes match, others may too.

    But for one: where extensions and `{folder}` come together, kept folders with a dot do not.
    """

    def __init__(self, folders: tuple[Component, ...], categories: Iterable[str]) -> None:
        """Build the patterns; without *categories* every name may be one."""
        known = tuple(categories)
        self._depth = None if _KEPT in folders else len(folders)
        # Kept folders are there already in place, so that no file is where they would be.
        above = b"(?:.*/)?" if folders[:1] == (_KEPT,) else b""
        folders = folders[1:] if above else folders
        patterns = [_component(component, known) for component in folders]
        self._first = [re.compile(patterns[0], flags) for flags in (0, re.IGNORECASE) if patterns]
        # A level may be missing, as `Undated/Undated` is made but once.
        rest = b"".join(b"(?:/%b)?" % pattern for pattern in patterns[1:_MOST_LEVELS])
        rest += b"(?:/.*)?" if len(patterns) > _MOST_LEVELS else b""
        flags = re.IGNORECASE | re.DOTALL
        self._path = re.compile(above + patterns[0] + rest, flags) if patterns else None
        self.is_loose = bool(fields_of(folders[:1]) - _TELLING) or not known

    def owns(self, name: bytes, *, folds: bool) -> bool:
        """Whether a folder directly in the destination may be one that this layout makes."""
        return bool(self._first) and self._first[folds].fullmatch(name) is not None

    def holds(self, folder: bytes) -> bool:
        """Whether this layout may make a folder directly in *folder*, one that it may make."""
        is_last = self._depth is not None and folder.count(b"/") + 1 >= self._depth
        return not is_last and self.covers(folder)

    def covers(self, path: bytes) -> bool:
        """Whether *path*, relative to the destination, may be a folder that this layout makes."""
        if self._path is None:
            return False
        if self._depth is not None:
            if path.count(b"/") >= self._depth:
                return False
        elif self.is_loose and b"." in path[path.rfind(b"/") :] and b"/" in path:
            return False  # else all files would have to wait for the end of the scan
        return self._path.fullmatch(path) is not None


def _component(component: Component, categories: tuple[str, ...]) -> bytes:
    """Return the pattern of one level, which never takes a name apart in a second way."""
    if component == _KEPT:
        return b".*"
    fields = [part for part in component if isinstance(part, Field)]
    if math.prod(_ways(field, categories) for field in fields) > _MOST_WAYS:
        return _ANY
    pattern = b"".join(
        re.escape(_bytes(part)) if isinstance(part, str) else _field(part, categories)
        for part in component
    )
    return rb"(?>%b(?=/|\Z))" % pattern


def _ways(field: Field, categories: tuple[str, ...]) -> int:
    """Return in how many ways a field may take a part of a name."""
    match field.name:
        case "category":
            return len(categories) or _LONGEST
        case "size_class":
            return len(SIZE_CLASSES)
        case "extension":
            return LONGEST_EXTENSION
        case "date":
            codes = re.findall(r"%(.)", field.format)
            return math.prod(1 if code in _DIGITS else _LONGEST for code in codes)
        case _:
            return _LONGEST


def _field(field: Field, categories: tuple[str, ...]) -> bytes:
    match field.name:
        case "category":
            return _one_of(categories) if categories else _ANY
        case "size_class":
            return _one_of(SIZE_CLASSES)
        case "date":
            return b"(?:%b|%b)" % (_date(field.format), re.escape(_bytes(field.default)))
        case "extension":
            return b"(?:%b|%b)" % (_EXTENSION, re.escape(_bytes(field.default)))
        case "size":
            return b"[0-9]+"
        case "ext":
            return rb"(?:\.[^/]+)?"
        case _:
            return _ANY


def _date(pattern: str) -> bytes:
    """Return what dates look like in a format: digits, or the names that a locale has for them."""
    parts = re.split(r"%(.)", pattern)  # text, code, text, code ...
    for at in range(0, len(parts), 2):
        parts[at] = re.escape(parts[at])
    for at in range(1, len(parts), 2):
        parts[at] = _date_code(parts[at])
    return _bytes("".join(parts))


def _date_code(code: str) -> str:
    if code in _DIGITS:
        return rf"[0-9]{{{_DIGITS[code]}}}"
    if code in "aAbBp":
        names = sorted({re.escape(moment.strftime(f"%{code}")) for moment in _EVERY_NAME})
        return f"(?:{'|'.join(names)})"
    return "%" if code == "%" else "[^/]*"


def _one_of(words: Iterable[str]) -> bytes:
    return b"(?:%b)" % b"|".join(re.escape(_bytes(word)) for word in words)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")

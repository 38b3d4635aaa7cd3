"""Globs that no pattern and no name can slow down (pure).

Python's `re` tries every way in which several stars can share a name, RE2 goes over it once.
"""

import re
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from fileorg.config.regexes import linear, searchable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_MOST: Final = 10_000
LONGEST: Final = 1000
"""Characters of a glob; with RE2 the slowest of that length takes 15 ms for a path of 4 kB."""

_CLASS: Final = re.compile(r"\[:[a-z]+:\]")


def patterns(lines: Iterable[str]) -> "GitIgnoreSpec | None":
    """Compile globs in gitignore syntax, None if there are none; `ValueError` names a bad one."""
    wanted = tuple(as_pattern_text(line.encode("utf-8", "surrogateescape")) for line in lines)
    if not wanted:
        return None
    if len(wanted) > _MOST:
        raise ValueError(f"more than {_MOST:,} globs")
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(wanted, glob, backend="simple")


def as_pattern_text(path: bytes) -> str:
    """Return bytes as the text that globs are matched against, and that globs are themselves.

    A newline is a vertical tab there: no glob names it, and `.` and `$` would stop at it. A byte
    that is no UTF-8 is a character for private use, because RE2 takes no lone surrogate.
    """
    try:
        text = path.decode()
    except UnicodeDecodeError:
        text = searchable(path.decode("utf-8", "surrogateescape"))
    return text.replace("\n", "\v")


def glob(line: str) -> "GitIgnoreSpecPattern":
    """Compile a line of gitignore syntax; `ValueError` shows one that can't be understood."""
    if len(line) > LONGEST:
        raise ValueError(f"'{line[:20]}...': a glob is longer than {LONGEST:,} characters")
    if _CLASS.search(line):
        raise ValueError(f"{line!r}: classes are not known here; write [a-z] for [[:lower:]]")
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):
            pattern = GitIgnoreSpecPattern(line)
    except re.error as error:
        raise ValueError(f"{line!r}: {error}") from error
    # One star alone is searched in one go, and that in a fifth of the time.
    if pattern.regex is not None and line.count("*") > 1:
        pattern.regex = linear(pattern.regex.pattern)
    return pattern

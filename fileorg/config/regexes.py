"""Regular expressions that no pattern and no text can slow down (pure): RE2, in linear time."""

import re
from collections.abc import Iterable
from typing import Any, Final

Regex = Any
"""A compiled expression; google-re2 has no types."""

LONGEST: Final = 1000
_GROUP: Final = re.compile(r"\(\?P?<([^>]*)>")
_NOTHING: Final = r"[^\x00-\x{10FFFF}]"
_LONE: Final = re.compile("[\ud800-\udfff]")


def regex(pattern: str) -> Regex:
    """Compile an expression of RE2; `ValueError` says what is wrong with it."""
    shown = f"{pattern[:40]!r}"
    if len(pattern) > LONGEST:
        raise ValueError(f"{shown} is longer than {LONGEST:,} characters")
    names = _GROUP.findall(pattern)
    for name in names:
        if not (name.isascii() and name.isidentifier()):
            raise ValueError(f"{shown}: {name!r} can't name a group; use letters and digits")
        if names.count(name) > 1:
            raise ValueError(f"{shown}: two groups are named {name!r}")
    return linear(pattern)


def linear(pattern: str) -> Regex:
    """Compile with RE2 whatever the length; `ValueError` as for `regex`."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(searchable(pattern), options)
    except re2.error as error:
        reason = error.args[0]
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"{pattern[:40]!r}: {' '.join(reason.split())}") from None


def wildcards(patterns: Iterable[str]) -> Regex:
    """Compile what takes a whole text in any case, where `*` stands for any part of it."""
    ways = "|".join(_escaped(pattern) for pattern in patterns)
    return linear(rf"(?is)\A(?:{ways or _NOTHING})\z")


def searchable(text: str) -> str:
    """Return text of the same length that RE2 takes: lone surrogates are for private use there."""
    if text.isascii():
        return text
    return _LONE.sub(lambda match: chr(0x10F000 + ord(match[0]) - 0xD800), text)


def printable(text: str) -> str:
    """Return text that can be encoded: what is no character is one that says so."""
    return _LONE.sub("\ufffd", text)


def _escaped(pattern: str) -> str:
    if len(pattern) > LONGEST:
        raise ValueError(f"{pattern[:40]!r} is longer than {LONGEST:,} characters")
    return "".join({"*": ".*", "?": "."}.get(letter) or re.escape(letter) for letter in pattern)

"""Why a rule takes a file, or does not: each condition with what came of it (pure)."""

import msgspec

from fileorg.categorize.combining import All, Any, Condition, Not
from fileorg.categorize.conditions import TEXT
from fileorg.categorize.evidence import Evidence
from fileorg.categorize.ruling import Rulebook, Ruling
from fileorg.categorize.wording import in_words


class Trace(msgspec.Struct, frozen=True, omit_defaults=True):
    """A condition in words, whether it holds, and those that it is made of."""

    condition: str
    holds: bool
    parts: "tuple[Trace, ...]" = ()


class Tried(msgspec.Struct, frozen=True):
    """A rule that was asked, and why it takes the file or not."""

    rule: str
    takes: bool
    why: Trace


def trace(condition: Condition, file: Evidence) -> Trace:
    """Return what came of a condition; all of it is read, even what need not be."""
    parts: tuple[Condition, ...] = ()
    words = in_words(condition)
    match condition:
        case All(parts):
            words = "all of these hold"
        case Any(parts):
            words = "one of these holds"
        case Not(part):
            parts, words = (part,), "this does not hold"
    return Trace(
        words, condition.verdict(file, TEXT) is True, tuple(trace(part, file) for part in parts)
    )


def tries(book: Rulebook, file: Evidence) -> tuple[Ruling | None, tuple[Tried, ...]]:
    """Return what the rules say of a file, and how each came to it up to the one that takes it."""
    ruling = book.ruling(file)
    last = len(book.rules) - 1 if ruling is None else ruling.number
    tried = (
        Tried(ready.rule.name, ruling is not None and number == last, trace(ready.condition, file))
        for number, ready in enumerate(book.rules[: last + 1])
    )
    return ruling, tuple(tried)

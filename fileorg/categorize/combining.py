"""Conditions combined: a verdict is true, false, or None where it takes reading more (pure)."""

import itertools
from collections.abc import Iterator
from typing import ClassVar

import msgspec

from fileorg.categorize.conditions import STAT, TEXT, Groups, Leaf, NameRegex
from fileorg.categorize.contents import TextRegex
from fileorg.categorize.evidence import Evidence


class _Combined(msgspec.Struct, frozen=True):
    """Several conditions, of which one decides by being *decisive*.

    No part is asked for what costs more as long as the cheaper parts settle it.
    """

    decisive: ClassVar[bool]
    parts: "tuple[Condition, ...]"

    def verdict(self, file: Evidence, allowed: int) -> bool | None:
        """Return whether it holds, None if that costs more than *allowed*."""
        if allowed > STAT and (known := self.verdict(file, allowed - 1)) is not None:
            return known
        is_open = False
        for part in self.parts:
            verdict = part.verdict(file, allowed)
            if verdict is self.decisive:
                return verdict
            is_open |= verdict is None
        return None if is_open else not self.decisive


class All(_Combined, frozen=True):
    """Every part holds."""

    decisive: ClassVar[bool] = False


class Any(_Combined, frozen=True):
    """At least one part holds."""

    decisive: ClassVar[bool] = True


class Not(msgspec.Struct, frozen=True):
    """What is inside does not hold."""

    part: "Condition"

    def verdict(self, file: Evidence, allowed: int) -> bool | None:
        """Return the opposite, where it is known."""
        verdict = self.part.verdict(file, allowed)
        return None if verdict is None else not verdict


Condition = Leaf | All | Any | Not


def leaves_of(condition: Condition) -> Iterator[Leaf]:
    """Yield every condition on one fact."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves_of(part)
        case Not(part):
            yield from leaves_of(part)
        case Leaf():
            yield condition


def groups_of(condition: Condition, file: Evidence) -> Groups:
    """Return what named groups have found in a file for which the condition holds.

    Of alternatives the first one counts that needs the least to be read.
    """
    match condition:
        case NameRegex() | TextRegex():
            return condition.groups(file)
        case All(parts):
            found: Groups = {}
            for part in parts:
                found |= groups_of(part, file)
            return found
        case Any(parts):
            by_level = itertools.product(range(TEXT + 1), parts)
            return groups_of(next(p for level, p in by_level if p.verdict(file, level)), file)
        case _:
            return {}

"""Ranges as a user writes them: `>10MB`, `10MB..1GB`, `2019`, `2019-07..2020-01` (pure)."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from typing import Final

import msgspec

from fileorg.config.values import parse_age, parse_size

_COMPARISON: Final = re.compile(r"(<=|>=|<|>) *(.*)", re.DOTALL)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_MOST_SHOWN: Final = 40

Span = tuple[int, int]
"""The first and the last of the whole numbers that one word stands for."""


class Range(msgspec.Struct, frozen=True):
    """Whole numbers from *low* to *high*, both included; None is without end."""

    low: int | None = None
    high: int | None = None

    def holds(self, value: int) -> bool:
        """Whether a number is in it."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def covers(self, other: "Range") -> bool:
        """Whether all that is in *other* is in this."""
        is_low = self.low is None or (other.low is not None and other.low >= self.low)
        is_high = self.high is None or (other.high is not None and other.high <= self.high)
        return is_low and is_high

    def misses(self, other: "Range") -> bool:
        """Whether nothing is in both."""
        return _is_before(self, other) or _is_before(other, self)


def size_range(text: str) -> Range:
    """Return the sizes in bytes that `>10MB`, `1MB..1GB` or `500` stand for."""
    return _range(text, lambda word: (parse_size(word),) * 2)


def age_range(text: str) -> Range:
    """Return the ages in nanoseconds that `>90d` or `1d..7d` stand for; no age is exact."""
    if not (_COMPARISON.match(text.strip()) or ".." in text):
        parse_age(text)
        raise ValueError(f"{text!r} is an age to the second: write '>{text}' or '<{text}'")
    return _range(text, lambda word: (parse_age(word),) * 2)


def number_range(text: str) -> Range:
    """Return the whole numbers that `>1920`, `1..9` or `7` stand for."""
    return _range(text, _number)


def date_range(text: str) -> Range:
    """Return the days, as ordinals, of `2019`, `2019-07..2020-01`, `>=2019` or `<2019-07-04`.

    A year or a month is all of its days: `>2019` begins with 2020.
    """
    return _range(text, _days)


def _range(text: str, span: Callable[[str], Span]) -> Range:
    """Read one end or both; `ValueError` says what is accepted."""
    text = text.strip()
    compared = _COMPARISON.fullmatch(text)
    if compared is not None:
        first, last = span(compared[2])
        match compared[1]:
            case "<":
                return Range(high=first - 1)
            case "<=":
                return Range(high=last)
            case ">":
                return Range(low=last + 1)
            case _:
                return Range(low=first)
    head, dots, tail = text.partition("..")
    if not dots:
        return Range(*span(text))
    head, tail = head.strip(), tail.strip()
    if not (head or tail):
        raise ValueError(f"{text!r} is a range without ends")
    found = Range(span(head)[0] if head else None, span(tail)[1] if tail else None)
    if found.low is not None and found.high is not None and found.low > found.high:
        raise ValueError(f"{_cut(text)!r} ends before it begins")
    return found


def _days(text: str) -> Span:
    match = _DATE.fullmatch(text.strip())
    try:
        year, month, day = map(int, match.groups("0")) if match else (0, 0, 0)
        first = dt.date(year, month or 1, day or 1)
        last_day = day or calendar.monthrange(year, month or 12)[1]
        return first.toordinal(), dt.date(year, month or 12, last_day).toordinal()
    except ValueError:
        raise ValueError(
            f"{_cut(text)!r} is no date: write a year, month or day such as '2019', '2019-07' or "
            "'2019-07-04', two of them with '..' between, or one with < > <= >= before it"
        ) from None


def _number(text: str) -> Span:
    if not re.fullmatch(r"\d{1,18}", text.strip(), re.ASCII):
        raise ValueError(f"{_cut(text)!r} is no number: write such as '>1920' or '1..9'")
    return int(text), int(text)


def _is_before(one: Range, other: Range) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low


def _cut(text: str) -> str:
    return text[:_MOST_SHOWN]

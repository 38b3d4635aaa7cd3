"""Dates in file names, as cameras, phones, messengers and people write them (pure)."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from fileorg.model.names import split_extension

_LONGEST: Final = 100
"""A date that stands later is not seen: a long name may be cut at its end, and then it is gone."""

_NOON: Final = 12
_MAY_HOLD: Final = re.compile(rb"(?:19|20)[0-9][0-9]|1[0-9]{9}")
_NUMBER: Final = re.compile(r" \(\d+\)\Z")

# What devices write before digits without anything in between.
_DEVICE: Final = "(?:IMG|VID|PXL|MVIMG|PANO|BURST|DSC|DCIM|SAVE|WIN|GOPR|REC|AUD|PTT|Screenshot)"
_BEGIN: Final = rf"(?<![0-9A-Za-z])(?<![0-9][.])(?:{_DEVICE}(?=\d))?"
_TIME: Final = r"""
    (?P<hour>[01]\d|2[0-3]|\d(?=[.:])) (?P<colon>[.:h_-]?) (?P<minute>[0-5]\d)
    (?: (?:(?P=colon)|m) (?P<second>[0-5]\d) (?:[.,_-]?(?P<fraction>\d{3}))? | (?<=[.:h_-]\d\d) )
    (?!\d)
    (?P<half>[ \u202f]?[AP]M\b)? (?P<utc>Z\b)?
"""
_BETWEEN: Final = r"(?: [T_-] | [ ]? (?:at|um)? [ _]? | , [ ] | [ ]-[ ] )"

_YEAR_FIRST: Final = re.compile(
    rf"""
    (?<!\d) (?<!\d[._-]) (?P<year>(?:19|20)\d\d) (?P<sep>[._-]) (?P<month>0[1-9]|1[0-2]) (?P=sep)
    (?P<day>0[1-9]|[12]\d|3[01])
    (?: {_BETWEEN} {_TIME} | (?! \d | [.]\d ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMPACT: Final = re.compile(
    rf"""
    {_BEGIN} (?P<year>19[89]\d|20\d\d) (?P<month>0[1-9]|1[0-2]) (?P<day>0[1-9]|[12]\d|3[01])
    (?: {_BETWEEN} {_TIME} | (?! [0-9A-Za-z] | [.]\d ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_YEAR_LAST: Final = re.compile(
    r"(?<![0-9A-Za-z])(?P<one>\d\d)(?P<sep>[._-])(?P<other>\d\d)(?P=sep)(?P<year>(?:19|20)\d\d)"
    r"(?![0-9A-Za-z]|[.]\d)"
)
_EPOCH: Final = re.compile(
    r"(?:\A|(?<=[A-Za-z][_-]))(?P<seconds>1\d{9})(?P<milliseconds>\d{3})?(?=\Z|[_. -][A-Za-z])"
)


class NamedDate(NamedTuple):
    """A date in a name: naive, but for epoch times and those marked as UTC."""

    moment: dt.datetime
    has_time: bool


def dates_in(name: bytes) -> Iterator[NamedDate]:
    """Yield the dates that a file name holds, the surest first.

    A number that another file of the same name may get (` (1)`) changes none of them.
    """
    if _MAY_HOLD.search(name) is None:  # most names
        return
    stem = split_extension(name[:_LONGEST])[0].decode("utf-8", "replace")
    stem = _NUMBER.sub("", stem)
    for pattern in (_YEAR_FIRST, _COMPACT):
        for found in pattern.finditer(stem):
            if (date := _written(found)) is not None:
                yield date
    for found in _YEAR_LAST.finditer(stem):
        if (date := _year_last(found)) is not None:
            yield date
    for found in _EPOCH.finditer(stem):
        yield NamedDate(_since_epoch(found), has_time=True)


def _written(found: re.Match[str]) -> NamedDate | None:
    try:
        day = _day(*(int(found[part]) for part in ("year", "month", "day")))
    except ValueError:
        return None
    if found["hour"] is None:
        return NamedDate(day, has_time=False)
    moment = day.replace(
        hour=_hour(found),
        minute=int(found["minute"]),
        second=int(found["second"] or 0),
        microsecond=1000 * int(found["fraction"] or 0),
        tzinfo=dt.UTC if found["utc"] else None,
    )
    return NamedDate(moment, has_time=True)


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["hour"]), found["half"]
    if half is None or not 1 <= hour <= _NOON:
        return hour
    return hour % _NOON + (_NOON if "p" in half.lower() else 0)


def _year_last(found: re.Match[str]) -> NamedDate | None:
    """Return a date of which only one order of day and month can be."""
    one, other, year = int(found["one"]), int(found["other"]), int(found["year"])
    read = set()
    for day, month in ((one, other), (other, one)):
        with suppress(ValueError):
            read.add(_day(year, month, day))
    return NamedDate(read.pop(), has_time=False) if len(read) == 1 else None


def _day(year: int, month: int, day: int) -> dt.datetime:
    """Return the beginning of a day as it is written, in whatever zone that was."""
    return dt.datetime(year, month, day)  # noqa: DTZ001


def _since_epoch(found: re.Match[str]) -> dt.datetime:
    seconds, milliseconds = int(found["seconds"]), int(found["milliseconds"] or 0)
    return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(microsecond=1000 * milliseconds)

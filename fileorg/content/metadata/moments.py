"""Dates as files write them down. What names no day, or a clock's zero, is no date."""

import datetime as dt
import re
from functools import lru_cache
from typing import Final

_ZEROS: Final = frozenset(
    dt.date(year, month, day)
    for year, month, day in (
        (1601, 1, 1),  # Windows
        (1904, 1, 1),  # QuickTime
        (1969, 12, 31),  # Unix, west of Greenwich
        (1970, 1, 1),
        (1980, 1, 1),  # FAT, ZIP, and cameras whose battery was empty
    )
)
"""The days that clocks begin with: found in a file they say that nobody knew the time."""

_ZERO_YEARS: Final = frozenset(day.year for day in _ZEROS)

_FIRST: Final = 1826
"""The year of the first photograph. Anything before is the date of what is told, not of a file."""

_WRITTEN: Final = re.compile(
    r"\s*(\d{4})[-:/.]?(\d\d)[-:/.]?(\d\d)"
    r"(?:(?:T|\s+|:)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d?:?(?:\d\d)?)?\s*\Z",
    re.ASCII | re.IGNORECASE,
)


def credible(moment: dt.datetime) -> dt.datetime | None:
    """Return the moment, or None where it is no more than the zero of some clock."""
    if moment.year < _FIRST or (moment.year in _ZERO_YEARS and moment.date() in _ZEROS):
        return None
    return moment


def written(text: str) -> dt.datetime | None:
    """Read a date as EXIF, XMP, ISO 8601 and most tags spell it, down to the day at least."""
    found = _WRITTEN.match(text)
    if found is None:
        return _turned(text)
    year, month, day, hour, minute, second, fraction, zone = found.groups("")
    try:
        moment = dt.datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0),
            min(int(second or 0), 59),  # Photoshop has written up to 99
            int(fraction[:6].ljust(6, "0")), offset(zone),
        )  # fmt: skip
    except (ValueError, OverflowError):
        return None
    return credible(moment)


_TURNED: Final = re.compile(
    r"\s*(\d\d?)([ ./-])(\d\d?)\2(\d{4})(?:,?\s+(\d\d?):(\d\d)(?::(\d\d))?)?\s*\Z", re.ASCII
)
_MONTHS_OF_A_YEAR: Final = 12


def _turned(text: str) -> dt.datetime | None:
    """Read a date that ends with its year, if it is plain which of its numbers is the month."""
    found = _TURNED.match(text)
    if found is None:
        return None
    month, _, day, year, *clock = found.groups("0")
    if int(month) > _MONTHS_OF_A_YEAR:
        month, day = day, month
    elif int(day) <= _MONTHS_OF_A_YEAR and day != month:
        return None
    try:
        hour, minute, second = map(int, clock)
        return credible(dt.datetime(int(year), int(month), int(day), hour, minute, second))
    except ValueError:
        return None


_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_SPOKEN: Final = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?:([a-z]{3})[a-z]*\.?\s+(\d\d?)|(\d\d?)\s+([a-z]{3})[a-z]*\.?),?"
    r"(?:\s+(\d{4}))?\s+(\d\d?):(\d\d)(?::(\d\d))?(?:\s+(\d{4}))?"
    r"\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)


def spoken(text: str) -> dt.datetime | None:
    """Read a date with the month in English: `Mon Nov 26 10:13:29 2012`, `4 Jul 2019 12:00`."""
    found = _SPOKEN.match(text.strip())
    if found is None:
        return None
    early, day, other_day, late, year, hour, minute, second, last_year, zone = found.groups("")
    try:
        moment = dt.datetime(
            int(year or last_year or 0), _MONTHS.index((early or late).lower()) + 1,
            int(day or other_day),
            int(hour), int(minute), int(second or 0), tzinfo=offset(zone),
        )  # fmt: skip
    except ValueError:
        return None
    return credible(moment)


_OFFSET: Final = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?", re.ASCII | re.IGNORECASE)


@lru_cache
def offset(text: str) -> dt.tzinfo | None:
    """Read the offset of a zone: `Z`, `+02:00`, `+0200`, `+02`, `GMT+2`; None where it is none.

    So it is where a clock was none ahead (`+00:00`): UTC is kept for moments that no clock showed.
    """
    text = text.strip()
    if text.upper() in {"Z", "UTC", "GMT"}:
        return dt.UTC
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if not 0 < minutes < 24 * 60:
        return None
    return dt.timezone(dt.timedelta(minutes=-minutes if found[1] == "-" else minutes))


def since(year: int, seconds: float) -> dt.datetime | None:
    """Return the moment so many seconds after a year began in UTC; None for none at all."""
    if seconds <= 0:
        return None
    try:
        return credible(dt.datetime(year, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds))
    except OverflowError:
        return None


def on_a_clock(seconds: int) -> dt.datetime | None:
    """Return what a camera's clock showed that counts from 1970 and knows no zone."""
    moment = since(1970, seconds)
    return None if moment is None else moment.replace(tzinfo=None)

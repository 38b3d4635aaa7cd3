"""Moments as calendar dates of one time zone; what is not credible is no date."""

import datetime as dt
import zoneinfo
from typing import Final

from fileorg.model.evidence import Dated

QUARTER_NS: Final = 900_000_000_000
_SECOND_NS: Final = 1_000_000_000
_DAY_NS: Final = 86_400 * _SECOND_NS

# FAT begins on 1 January 1980 and cameras with an empty clock battery wake up there, in any zone.
_EARLIEST_NS: Final = int(dt.datetime(1980, 1, 2, tzinfo=dt.UTC).timestamp()) * _SECOND_NS


_OLDEST_YEAR: Final = 1900
_EPOCHS: Final = frozenset(
    {dt.date(1904, 1, 1), dt.date(1970, 1, 1), dt.date(1980, 1, 1)}  # QuickTime, Unix, FAT
)


class Calendar:
    """Dates in `zone`, as seen at `now_ns`, which only bounds belief and is never an answer."""

    __slots__ = ("_last", "_last_quarter", "zone")

    def __init__(self, zone: dt.tzinfo, now_ns: int) -> None:
        """Believe dates up to the end of the quarter hour that lies a day after `now_ns`."""
        self.zone: Final = zone
        self._last_quarter: Final = quarter_of(now_ns + _DAY_NS)
        self._last: Final = dt.datetime.fromtimestamp((now_ns + _DAY_NS) // _SECOND_NS, dt.UTC)

    def date_of(self, mtime_ns: int) -> dt.datetime | None:
        """Return the local time in whole seconds, or None before 1980-01-02 UTC or after tomorrow.

        Within one quarter hour (`quarter_of`) all moments are credible, or none is.
        """
        if mtime_ns < _EARLIEST_NS or quarter_of(mtime_ns) > self._last_quarter:
            return None
        return dt.datetime.fromtimestamp(mtime_ns // _SECOND_NS, self.zone)

    def believes(self, moment: dt.datetime) -> bool:
        """Whether a date that was written down is credible: no epoch, and not after tomorrow.

        Older ones than those of files are: a scan may say when its photo was taken.
        """
        if moment.year < _OLDEST_YEAR or moment.date() in _EPOCHS:
            return False
        return (moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment) <= self._last

    def local(self, dated: Dated) -> dt.datetime:
        """Return what the clock showed: as it was written, and of UTC what one of the zone did."""
        return dated.clock(self.zone)

    def years(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Return when each credible year begins and the last one ends, in nanoseconds UTC; names.

        The first begins with what is credible, and the last ends with it.
        """
        end = (self._last_quarter + 1) * QUARTER_NS
        later = range(1981, dt.datetime.fromtimestamp(end // _SECOND_NS - 1, self.zone).year + 1)
        begins = (dt.datetime(year, 1, 1, tzinfo=self.zone).timestamp() for year in later)
        starts = (int(begin) * _SECOND_NS for begin in begins)
        return (_EARLIEST_NS, *starts, end), ("1980", *map(str, later))


def quarter_of(mtime_ns: int) -> int:
    """Return the quarter hour since 1970 that holds a moment: the key to cache its day under.

    Every zone offset in use since 1980 is a multiple of 15 minutes, so midnight ends a quarter.
    Render the quarter's first moment: a few zones changed their clocks at 00:01.
    """
    return mtime_ns // QUARTER_NS


def zone_named(name: str) -> dt.tzinfo:
    """Return the zone of an IANA name; "UTC" needs no tzdata. ValueError says how to mend it."""
    if name == "UTC":
        return dt.UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(_remedy(name)) from None


def _remedy(name: str) -> str:
    known = sorted(zoneinfo.available_timezones())
    if not known:
        return f"unknown time zone {name!r}: no zone data here, install 'tzdata' or use 'UTC'"
    from fileorg.config.convert import nearest

    near = nearest(name, known)
    if near:
        return f"unknown time zone {name!r}: did you mean {near!r}?"
    return f"unknown time zone {name!r}: use an IANA name such as 'Europe/Berlin', or 'UTC'"

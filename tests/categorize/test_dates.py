"""Dates of a zone, and what is believed."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.dates import QUARTER_NS, Calendar, quarter_of, zone_named
from fileorg.model.evidence import Dated

SECOND = 1_000_000_000
NOW = dt.datetime(2024, 5, 17, 12, 7, tzinfo=dt.UTC)
NOON_OF_2024 = dt.datetime(2024, 1, 1, 23, 30, tzinfo=dt.UTC)


def ns(moment: dt.datetime) -> int:
    """Return a moment as the file system tells it."""
    return int(moment.timestamp()) * SECOND


NOW_NS = ns(NOW)
LAST_NS = ns(dt.datetime(2024, 5, 18, 12, 15, tzinfo=dt.UTC)) - 1
FIRST_NS = ns(dt.datetime(1980, 1, 2, tzinfo=dt.UTC))


@given(st.integers(FIRST_NS, LAST_NS))
def test_date_is_the_moment_in_whole_seconds(mtime_ns: int) -> None:
    """A credible moment comes back as an aware date of the zone, fractions dropped."""
    date = Calendar(zone_named("UTC"), NOW_NS).date_of(mtime_ns)
    assert date is not None
    assert (date.tzinfo, date.microsecond) == (dt.UTC, 0)
    assert ns(date) <= mtime_ns < ns(date) + SECOND


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (dt.UTC, dt.date(2024, 1, 1)),
        (dt.timezone(dt.timedelta(hours=1)), dt.date(2024, 1, 2)),
        (dt.timezone(dt.timedelta(minutes=345)), dt.date(2024, 1, 2)),
        (dt.timezone(dt.timedelta(hours=-5)), dt.date(2024, 1, 1)),
    ],
)
def test_date_is_local(zone: dt.tzinfo, day: dt.date) -> None:
    """The day is the one on the wall of the zone."""
    date = Calendar(zone, NOW_NS).date_of(ns(NOON_OF_2024))
    assert date is not None
    assert date.date() == day
    assert date.tzinfo is zone


def test_summer_time_is_kept() -> None:
    """A named zone gives each moment the offset that held then."""
    calendar = Calendar(zone_named("Europe/Berlin"), NOW_NS)
    hours = [
        date.hour
        for month in (1, 5)
        if (date := calendar.date_of(ns(dt.datetime(2024, month, 1, 12, tzinfo=dt.UTC))))
    ]
    assert hours == [13, 14]


@pytest.mark.parametrize(
    "mtime_ns", [-(2**63), -1, 0, FIRST_NS - 1, LAST_NS + 1, NOW_NS * 2, 2**63 - 1]
)
def test_incredible_moment_has_no_date(mtime_ns: int) -> None:
    """Before 1980-01-02 UTC and later than tomorrow there is no date, and never the present one."""
    assert Calendar(dt.UTC, NOW_NS).date_of(mtime_ns) is None


@pytest.mark.parametrize("mtime_ns", [FIRST_NS, NOW_NS, NOW_NS + 86_400 * SECOND, LAST_NS])
def test_bounds_are_credible(mtime_ns: int) -> None:
    """The first moment of 1980-01-02 UTC and the same time tomorrow still have a date."""
    assert Calendar(dt.UTC, NOW_NS).date_of(mtime_ns) is not None


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, QUARTER_NS - 1))
def test_quarter_is_believed_whole(mtime_ns: int, later: int) -> None:
    """Two moments of one quarter hour are both credible or both not."""
    calendar = Calendar(dt.UTC, NOW_NS)
    start = quarter_of(mtime_ns) * QUARTER_NS
    assert (calendar.date_of(start) is None) == (calendar.date_of(start + later) is None)


@given(st.integers(-(2**63), 2**63 - 1))
def test_quarter_holds_its_moment(mtime_ns: int) -> None:
    """A quarter is 15 minutes long and begins at or before its moment, before 1970 as well."""
    assert 0 <= mtime_ns - quarter_of(mtime_ns) * QUARTER_NS < 15 * 60 * SECOND


def test_offsets_are_quarter_hours() -> None:
    """No zone has had an offset that is no multiple of 15 minutes since 1980."""
    if not (zones := zoneinfo.available_timezones()):
        pytest.skip("no zone data on this machine")
    odd = {
        (name, offset)
        for name in zones
        for zone in [zoneinfo.ZoneInfo(name)]
        for year in range(1980, 2038)
        for month in (1, 7)
        if (offset := dt.datetime(year, month, 2, tzinfo=zone).utcoffset() or dt.timedelta())
        % dt.timedelta(minutes=15)
    }
    assert odd == set()


def test_utc_needs_no_zone_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """UTC is known on a machine without any zone data."""
    monkeypatch.setattr(zoneinfo, "ZoneInfo", None)
    assert zone_named("UTC") is dt.UTC


def test_zone_by_its_name() -> None:
    """An IANA name gives that zone."""
    assert str(zone_named("Asia/Kathmandu")) == "Asia/Kathmandu"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Europe/Berln", "did you mean 'Europe/Berlin'"),
        ("ASIA/TOKYO", "did you mean 'Asia/Tokyo'"),
        ("utc", "did you mean 'UTC'"),
        ("", "such as 'Europe/Berlin'"),
        ("xyzzy", "such as 'Europe/Berlin'"),
        ("../../etc/passwd", "use|mean"),
        ("America", "mean"),
        ("Mars\0Base", "use|mean"),
        ("\udc80", "use|mean"),
    ],
)
def test_unknown_zone_says_how_to_mend_it(name: str, remedy: str) -> None:
    """A name that is no zone is a ValueError with the nearest name or an example."""
    with pytest.raises(ValueError, match=remedy):
        zone_named(name)


def test_unreadable_zone_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that the zone data cannot read, such as a folder of zones, is a ValueError too."""

    def refuse(_: str) -> None:
        raise IsADirectoryError

    monkeypatch.setattr(zoneinfo, "ZoneInfo", refuse)
    with pytest.raises(ValueError, match="unknown time zone"):
        zone_named("America")


def test_missing_zone_data_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no zone data at all the error names the package that brings it."""
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    with pytest.raises(ValueError, match="tzdata"):
        zone_named("Nowhere/Land")


@pytest.mark.parametrize(
    ("written", "is_believed"),
    [
        ("1900-01-01T00:00:00", True),
        ("1965-07-04T12:00:00", True),
        ("2024-05-18T12:06:00", True),
        ("1899-12-31T00:00:00", False),
        ("0001-01-01T00:00:00", False),
        ("1904-01-01T00:00:00+00:00", False),
        ("1970-01-01T01:00:00", False),
        ("1980-01-01T00:00:00", False),
        ("1980-01-02T00:00:00", True),
        ("2024-05-18T12:08:00", False),
        ("2024-05-18T12:08:00+01:00", True),
        ("9999-12-31T23:59:59", False),
        ("9999-12-31T23:59:59-12:00", False),
    ],
)
def test_a_written_date_is_believed_if_it_can_be(written: str, is_believed: bool) -> None:
    """A date in a file is older than those of files may be, but no epoch and not to come."""
    moment = dt.datetime.fromisoformat(written)
    assert Calendar(dt.UTC, NOW_NS).believes(moment) is is_believed


def test_a_clock_is_shown_as_it_was_written() -> None:
    """What a clock showed stays, with an offset as well as without; UTC is shown in the zone."""
    calendar = Calendar(dt.timezone(dt.timedelta(hours=2)), NOW_NS)
    clocks = [NOW, NOW.replace(tzinfo=None), NOW.replace(tzinfo=dt.timezone(dt.timedelta(hours=9)))]
    shown = [calendar.local(Dated(clock, "EXIF")).isoformat()[11:] for clock in clocks]
    assert shown == ["14:07:00+02:00", "12:07:00", "12:07:00+09:00"]

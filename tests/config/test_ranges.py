"""Ranges of sizes, ages, numbers and days as a user writes them."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.config.ranges import Range, age_range, date_range, number_range, size_range

SECOND = 10**9


def day(text: str) -> int:
    """Return the ordinal of a day."""
    return dt.date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (size_range, "500", Range(500, 500)),
        (size_range, ">10MB", Range(low=10_000_001)),
        (size_range, " >= 1 k ", Range(low=1000)),
        (size_range, "<1KiB", Range(high=1023)),
        (size_range, "<=1GB", Range(high=10**9)),
        (size_range, "1.5k..2k", Range(1500, 2000)),
        (size_range, "1k..", Range(low=1000)),
        (size_range, "..1k", Range(high=1000)),
        (age_range, ">1m", Range(low=60 * SECOND + 1)),
        (age_range, "1s .. 1m", Range(SECOND, 60 * SECOND)),
        (number_range, "7", Range(7, 7)),
        (number_range, ">1920", Range(low=1921)),
        (date_range, "2019", Range(day("2019-01-01"), day("2019-12-31"))),
        (date_range, "2020-2", Range(day("2020-02-01"), day("2020-02-29"))),
        (date_range, "2019-07-04", Range(day("2019-07-04"), day("2019-07-04"))),
        (date_range, "2019-07..2020-01", Range(day("2019-07-01"), day("2020-01-31"))),
        (date_range, ">2019", Range(low=day("2020-01-01"))),
        (date_range, "<2019", Range(high=day("2018-12-31"))),
        (date_range, ">=2019-12", Range(low=day("2019-12-01"))),
        (date_range, "<=2019", Range(high=day("2019-12-31"))),
        (date_range, "..0001", Range(high=day("0001-12-31"))),
        (date_range, ">9999", Range(low=day("9999-12-31") + 1)),
    ],
)
def test_range_is_read(read: Callable[[str], Range], text: str, expected: Range) -> None:
    """Comparisons, two ends, one end and a single value, which may be a span of days."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (size_range, "big", "'big' is no size"),
        (size_range, "> ", "'' is no size"),
        (size_range, "..", "'..' is a range without ends"),
        (size_range, "2k..1k", "'2k..1k' ends before it begins"),
        (age_range, "30d", "'30d' is an age to the second: write '>30d' or '<30d'"),
        (age_range, "x", "'x' is no age"),
        (number_range, "-1", "'-1' is no number"),
        (number_range, "\u0663", "is no number"),
        (date_range, "2019-13", "'2019-13' is no date"),
        (date_range, "2019-02-30", "'2019-02-30' is no date"),
        (date_range, "0000", "'0000' is no date"),
        (date_range, "4 July", "'4 July' is no date"),
        (date_range, "2019-1-1-1", "'2019-1-1-1' is no date"),
    ],
)
def test_what_is_no_range_is_refused(read: Callable[[str], Range], text: str, message: str) -> None:
    """What can't be read is named, with what is accepted."""
    with pytest.raises(ValueError, match=r".") as caught:
        read(text)
    assert message in str(caught.value)


ranges = st.builds(
    lambda low, size: Range(low, None if size is None or low is None else low + size),
    st.none() | st.integers(0, 9),
    st.none() | st.integers(0, 9),
)


@given(ranges, ranges)
def test_ranges_are_compared_as_sets(one: Range, other: Range) -> None:
    """One covers another, or misses it, exactly if that is so for every number."""
    numbers = range(-30, 30)
    mine, theirs = ({n for n in numbers if which.holds(n)} for which in (one, other))
    assert one.covers(other) is (theirs <= mine)
    assert one.misses(other) is mine.isdisjoint(theirs)


@given(st.sampled_from([size_range, age_range, number_range, date_range]), st.text())
def test_any_text_is_a_range_or_refused(read: Callable[[str], Range], text: str) -> None:
    """Whatever the text, the answer is a range or a ValueError in one short line."""
    try:
        assert isinstance(read(text), Range)
    except ValueError as error:
        assert str(error).isprintable()
        assert len(str(error)) < 300

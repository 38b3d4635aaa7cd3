"""Dates are read as they are written, and what is none is none."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.content.metadata.moments import credible, offset, since, spoken, written
from fileorg.content.metadata.pdf import pdf_date

_UTC = dt.UTC
_EAST = dt.timezone(dt.timedelta(hours=2))
_MOMENT = dt.datetime(2019, 7, 4, 12, 0, 1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019:07:04 12:00:01", _MOMENT),
        ("2019-07-04T12:00:01Z", _MOMENT.replace(tzinfo=_UTC)),
        ("2019-07-04T12:00:01.250+0200", _MOMENT.replace(tzinfo=_EAST, microsecond=250_000)),
        ("2019-07-04 12:00:01 UTC", _MOMENT.replace(tzinfo=_UTC)),
        ("20190704T120001+02:00", _MOMENT.replace(tzinfo=_EAST)),
        ("2019-07-04T12:00:01GMT+2", _MOMENT.replace(tzinfo=_EAST)),
        ("2019-07-04T12:00:01 UTC+02:00", _MOMENT.replace(tzinfo=_EAST)),
        ("2019-07-04T12:00:01+00:00", _MOMENT),  # a clock showed that
        ("2019/07/04", _MOMENT.replace(hour=0, second=0)),
        ("2019", None), ("2019-07", None), ("2019-02-30", None), ("2019:07:04 25:00:00", None),
        ("1970:01:01 00:00:00", None), ("1904-01-01T00:00:00Z", None),
        ("0000:00:00", None), ("", None),
        ("2019:07:04 12:00:01 of old", None),
        ("26 09 2005", dt.datetime(2005, 9, 26)), ("9/26/2005", dt.datetime(2005, 9, 26)),
        ("26.09.2005 11:16", dt.datetime(2005, 9, 26, 11, 16)),
        ("05.05.2005 11:16:17", dt.datetime(2005, 5, 5, 11, 16, 17)),
        ("05.10.2009 11:16", None),  # in May, or in October
        ("31 02 2005", None), ("26-09.2005", None), ("26 13 2005", None),
    ],
)  # fmt: skip
def test_a_written_date_names_a_day_at_least(text: str, moment: dt.datetime | None) -> None:
    """EXIF, ISO 8601 and their kin are read with zone and fraction; less than a day is no date."""
    assert written(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu Jul  4 12:00:01 2019", _MOMENT),
        ("Thu, 4 Jul 2019 12:00:01 +0200", _MOMENT.replace(tzinfo=_EAST)),
        ("THU JUL 04 12:00:01 2019", _MOMENT),
        ("4 July 2019 12:00:01 GMT", _MOMENT.replace(tzinfo=_UTC)),
        ("July 2019", None), ("Foo 4 2019 12:00", None), ("Thu Jul 44 12:00:01 2019", None),
    ],
)  # fmt: skip
def test_a_spoken_date_has_a_month_in_english(text: str, moment: dt.datetime | None) -> None:
    """Dates of C and of mail are read, in any case."""
    assert spoken(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("D:20190704120001+02'00'", _MOMENT.replace(tzinfo=_EAST)),
        ("D:20190704120001Z00'00'", _MOMENT.replace(tzinfo=_UTC)),
        ("D:20190704120001+00'00'", _MOMENT),
        ("D:20190704120001", _MOMENT),
        ("D:201907041200", _MOMENT.replace(second=0)),
        ("D:20190704", _MOMENT.replace(hour=0, second=0)),
        ("Thu Jul  4 12:00:01 2019", _MOMENT),
        ("D:201907", None), ("D:2019", None), ("D:00000000000000Z", None),
    ],
)  # fmt: skip
def test_a_pdf_date_may_be_short_but_names_a_day(text: str, moment: dt.datetime | None) -> None:
    """The spelling of PDF is read in every length that it may have, down to the day."""
    assert pdf_date(text) == moment


@given(st.datetimes(dt.datetime(1826, 1, 1), dt.datetime(9999, 12, 31)))
def test_what_is_written_is_read(moment: dt.datetime) -> None:
    """Every credible moment comes back from ISO 8601 and from the spelling of EXIF."""
    assert written(moment.isoformat()) == credible(moment)
    whole = moment.replace(microsecond=0)
    assert written(whole.strftime("%Y:%m:%d %H:%M:%S")) == credible(whole)


@given(st.text(max_size=40))
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever stands where a date should, it is a date or none."""
    for read in (written, spoken, pdf_date):
        assert read(text) is None or isinstance(read(text), dt.datetime)
    offset(text)


def test_seconds_count_from_a_year() -> None:
    """Seconds since the zero of a clock are a moment in UTC; none, or too many, are no date."""
    assert since(1904, 3_645_086_401) == _MOMENT.replace(tzinfo=_UTC)
    assert since(1601, 0) is None
    assert since(1904, 1 << 63) is None

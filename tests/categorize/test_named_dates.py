"""Dates in file names."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.named_dates import dates_in
from fileorg.model.names import split_extension
from fileorg.plan.naming import numbered
from tests.strategies import names


def date_of(name: str) -> str | None:
    """Return the first date in a name, in ISO 8601; only a day where it has no time."""
    found = next(dates_in(name.encode()), None)
    if found is None:
        return None
    return found.moment.isoformat() if found.has_time else found.moment.date().isoformat()


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("IMG_20190704_120000.jpg", "2019-07-04T12:00:00"),
        ("IMG_20190704_120000_1.jpg", "2019-07-04T12:00:00"),
        ("IMG_20190704_120000123.jpg", "2019-07-04T12:00:00.123000"),
        ("IMG20190704120000.jpg", "2019-07-04T12:00:00"),
        ("20190704_120000.jpg", "2019-07-04T12:00:00"),
        ("20190704120000.jpg", "2019-07-04T12:00:00"),
        ("20190704T120000Z.jpg", "2019-07-04T12:00:00+00:00"),
        ("PXL_20210305_101112345.jpg", "2021-03-05T10:11:12.345000"),
        ("PXL_20210305_101112345.PORTRAIT.jpg", "2021-03-05T10:11:12.345000"),
        ("VID_20210305_101112.mp4", "2021-03-05T10:11:12"),
        ("MVIMG_20190704_120000.jpg", "2019-07-04T12:00:00"),
        ("VID-20200102-WA0001.mp4", "2020-01-02"),
        ("IMG-20200102-WA0001.jpg", "2020-01-02"),
        ("IMG-20200102-WA0001 (2).jpg", "2020-01-02"),
        ("WhatsApp Image 2020-01-02 at 10.11.12.jpeg", "2020-01-02T10:11:12"),
        ("WhatsApp Image 2020-01-02 at 10.11.12 (1).jpeg", "2020-01-02T10:11:12"),
        ("WhatsApp Image 2020-01-02 at 1.11.12 PM.jpeg", "2020-01-02T13:11:12"),
        ("Screenshot 2023-04-05 at 10.11.12.png", "2023-04-05T10:11:12"),
        ("Screenshot 2023-04-05 at 01.11.12\u202fPM.png", "2023-04-05T13:11:12"),
        ("Screenshot 2023-04-05 at 12.11.12 AM.png", "2023-04-05T00:11:12"),
        ("Screenshot 2023-04-05 101112.png", "2023-04-05T10:11:12"),
        ("Screenshot_20230405-101112.png", "2023-04-05T10:11:12"),
        ("Screenshot_20230405-101112_Chrome.jpg", "2023-04-05T10:11:12"),
        ("Screenshot_2023-04-05-10-11-12-123_com.app.png", "2023-04-05T10:11:12.123000"),
        ("Bildschirmfoto 2023-04-05 um 10.11.12.png", "2023-04-05T10:11:12"),
        ("signal-2021-03-05-101112.jpg", "2021-03-05T10:11:12"),
        ("signal-2021-03-05-10-11-12-345.jpg", "2021-03-05T10:11:12.345000"),
        ("photo_2021-03-05_10-11-12.jpg", "2021-03-05T10:11:12"),
        ("2021-03-05T10:11:12.txt", "2021-03-05T10:11:12"),
        ("2021-03-05 10.11 Meeting.txt", "2021-03-05T10:11:00"),
        ("2021-03-05_10-11.txt", "2021-03-05T10:11:00"),
        ("2021-03-05 10h11.txt", "2021-03-05T10:11:00"),
        ("2021-03-05 10h11m12s.txt", "2021-03-05T10:11:12"),
        ("2021-03-05 2019.txt", "2021-03-05"),
        ("2021-03-05 Scan.pdf", "2021-03-05"),
        ("2021-03-05.pdf", "2021-03-05"),
        ("2021_03_05 minutes.odt", "2021-03-05"),
        ("Scan2021-03-05.pdf", "2021-03-05"),
        ("Rechnung 2021-03-05-2.pdf", "2021-03-05"),
        ("20190704.jpg", "2019-07-04"),
        ("report 20190704.pdf", "2019-07-04"),
        ("2019.07.04.jpg", "2019-07-04"),
        ("2019.07.04", "2019-07-04"),
        ("1965-07-04 Oma.jpg", "1965-07-04"),
        ("25.12.2019 Weihnachten.pdf", "2019-12-25"),
        ("12-25-2019.pdf", "2019-12-25"),
        ("05.05.2019.pdf", "2019-05-05"),
        ("1562234400000.jpg", "2019-07-04T10:00:00+00:00"),
        ("1562234400123.jpg", "2019-07-04T10:00:00.123000+00:00"),
        ("FB_IMG_1562234400000.jpg", "2019-07-04T10:00:00+00:00"),
        ("1562234400.jpg", "2019-07-04T10:00:00+00:00"),
        ("1562234400000 (1).jpg", "2019-07-04T10:00:00+00:00"),
        ("2021-02-30 2021-03-01.pdf", "2021-03-01"),
    ],
)
def test_dates_are_found(name: str, date: str | None) -> None:
    """What devices and people write is read, to the second where it says so."""
    assert date_of(name) == date


@pytest.mark.parametrize(
    "name",
    [
        "photo.jpg",
        "DSC_0001.jpg",
        "2019.pdf",
        "2019-07.pdf",
        "19201080.png",  # a resolution
        "wallpaper-1920x1080.png",
        "20191301.jpg",  # no such month
        "20190732.jpg",
        "2021-02-30.jpg",
        "05.06.2019.pdf",  # May or June
        "4915112345678.vcf",  # telephone numbers
        "+15622344000.vcf",
        "555-2019-0704.vcf",
        "app-2019.07.04.1.apk",  # versions
        "v20190704.1.tar.gz",
        "lib1.20190704.so",
        "4f20190704a1.bin",  # digests
        "a20190704b0c4e1f9.jpg",
        "d20190704.jpg",
        "120190704.jpg",
        "201907041.jpg",
        "9781562234400.epub",  # an ISBN
        "15622344001.jpg",
        "156223440000.jpg",
        "x1562234400.jpg",
        "1562234400000123.jpg",
        "20190704x.jpg",
    ],
)
def test_other_numbers_are_no_dates(name: str) -> None:
    """Numbers that mean something else, and dates that cannot be, are none."""
    assert date_of(name) is None


def test_the_surest_date_comes_first() -> None:
    """All dates are there for those who do not believe the first: written ones before numbers."""
    found = [date.moment.year for date in dates_in(b"a_1562234400000_x 20200102 and 2021-03-05.x")]
    assert found == [2021, 2020, 2019]


@given(st.dates(dt.date(1980, 1, 1), dt.date(2099, 12, 31)), st.integers(1, 99))
def test_a_number_changes_nothing(date: dt.date, number: int) -> None:
    """A file that was numbered because its name was taken keeps its date."""
    for pattern in ("IMG_%Y%m%d_101112.jpg", "%Y-%m-%d.tar.gz", "%Y.%m.%d", "x %Y%m%d.jpg"):
        name = date.strftime(pattern).encode()
        assert list(dates_in(numbered(name, number))) == list(dates_in(name)) != []


@given(names())
def test_any_name_is_read(name: bytes) -> None:
    """No name makes the search fail, and what is found stands in the stem."""
    assert (
        list(dates_in(name)) == list(dates_in(split_extension(name)[0] + b".x")) or len(name) > 90
    )

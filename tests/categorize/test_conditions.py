"""What each condition of a rule holds for."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from fileorg.categorize.compiling import compile_when
from fileorg.categorize.conditions import TEXT
from fileorg.config.schema import When
from tests.categorize.files import DAY_NS, SETTING, File, holds

MADE = dt.datetime(2019, 7, 4, 23, 30)
PHOTO = File(
    b"trip/IMG_1.JPG",
    size=5_000_000,
    age_ns=100 * DAY_NS,
    mime="image/jpeg",
    date=MADE,
    fields={"camera": "Canon EOS 5D", "width": "6000"},
    origins=("https://img.example.com/a/b.jpg", "https://search.test/?q=x"),
)
LETTER = File(b"letter.tar.gz", text="Dear Sir,\n  your INVOICE\tNo. 4711 of May\n")
ODD = File(b"new\nline \xff.pdf")


@pytest.mark.parametrize(
    ("file", "keys", "expected"),
    [
        (PHOTO, {"extension": "jpg"}, True),
        (PHOTO, {"extension": [".PNG", ".Jpg"]}, True),
        (PHOTO, {"extension": "pg"}, False),
        (LETTER, {"extension": "gz"}, True),
        (LETTER, {"extension": "tar.gz"}, True),
        (File(b".gz"), {"extension": "gz"}, False),
        (PHOTO, {"glob": "IMG_*"}, True),
        (PHOTO, {"glob": "/IMG_*"}, False),
        (PHOTO, {"glob": "trip/*"}, True),
        (PHOTO, {"glob": ["*.png", "trip/"]}, True),
        (PHOTO, {"glob": "trip"}, False),
        (PHOTO, {"glob": ["IMG*", "!*.JPG"]}, False),
        (ODD, {"glob": "new*.pdf"}, True),
        (PHOTO, {"regex": r"^IMG_\d+\.JPG$"}, True),
        (PHOTO, {"regex": "img"}, False),
        (PHOTO, {"regex": ["x", "(?i)img"]}, True),
        (PHOTO, {"regex": "trip"}, False),
        (ODD, {"regex": r"(?s)^new.line .\.pdf$"}, True),
        (PHOTO, {"category": "Images"}, True),
        (PHOTO, {"category": ["Books", "Video"]}, False),
        (File(b"x.epub"), {"category": "Books"}, True),
        (PHOTO, {"size": ">4MB"}, True),
        (PHOTO, {"size": ">5MB"}, False),
        (PHOTO, {"size": ["<1k", "1MB..5MB"]}, True),
        (PHOTO, {"age": ">90d"}, True),
        (PHOTO, {"age": "1d..2mo"}, False),
        (File(age_ns=-DAY_NS), {"age": "<1d"}, True),
        (PHOTO, {"origin": "example.com"}, True),
        (PHOTO, {"origin": "IMG.example.*"}, True),
        (PHOTO, {"origin": "ample.com"}, False),
        (PHOTO, {"origin": "https://search.test/*"}, True),
        (PHOTO, {"origin": "search.test/*"}, False),
        (File(origins=("http://[bad/",)), {"origin": "bad"}, False),
        (File(), {"origin": ["*", "*/*"]}, False),
        (PHOTO, {"mime": "image/*"}, True),
        (PHOTO, {"mime": ["image/png", "IMAGE/JPEG"]}, True),
        (PHOTO, {"mime": "image/jp"}, False),
        (File(), {"mime": "*/*"}, False),
        (PHOTO, {"date": "2019"}, True),
        (PHOTO, {"date": "2019-07..2020-01"}, True),
        (PHOTO, {"date": ">2019-07-04"}, False),
        (File(), {"date": "<2030"}, False),
        (PHOTO, {"metadata": {"camera": "canon*"}}, True),
        (PHOTO, {"metadata": {"camera": ["Nikon*", "*5D"]}}, True),
        (PHOTO, {"metadata": {"camera": "Canon"}}, False),
        (PHOTO, {"metadata": {"camera": True, "artist": False}}, True),
        (PHOTO, {"metadata": {"artist": True}}, False),
        (PHOTO, {"metadata": {"artist": "*"}}, False),
        (PHOTO, {"metadata": {"width": ">=3000"}}, True),
        (PHOTO, {"metadata": {"width": "1..3000"}}, False),
        (PHOTO, {"metadata": {"width": "60*"}}, True),
        (File(fields={"track": "a7"}), {"metadata": {"track": ">1"}}, False),
        (LETTER, {"text": "invoice no."}, True),
        (LETTER, {"text": ["Rechnung", "your\ninvoice"]}, True),
        (LETTER, {"text": "bill"}, False),
        (LETTER, {"text_regex": r"No\. \d{4}"}, True),
        (LETTER, {"text_regex": "^your"}, False),
        (File(text="a\ud800b"), {"text_regex": "a.b"}, True),
        (PHOTO, {"all": [{"extension": "jpg"}, {"size": "<1k"}]}, False),
        (PHOTO, {"any": [{"extension": "png"}, {"size": ">1k"}]}, True),
        (PHOTO, {"not": {"extension": "png"}}, True),
        (PHOTO, {"extension": "jpg", "size": "<1k"}, False),
        (PHOTO, {"any": []}, False),
        (PHOTO, {"all": []}, True),
        (PHOTO, {"extension": []}, False),
        (PHOTO, {"glob": []}, False),
        (PHOTO, {"mime": []}, False),
        (PHOTO, {"origin": []}, False),
        (PHOTO, {"metadata": {"camera": []}}, False),
    ],
)
def test_condition(file: File, keys: dict[str, Any], expected: bool) -> None:
    """A condition holds for the files that its key says, and for no other."""
    assert holds(file, **keys) is expected


def test_a_date_is_of_the_day_that_its_clock_showed() -> None:
    """With an offset and without it is the day that was written down; of UTC that of the zone."""
    late = dt.datetime(2019, 12, 31, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    east = msgspec.structs.replace(SETTING, zone=dt.timezone(dt.timedelta(hours=5)))
    condition = compile_when(When(date=("2020",)), "", east)

    assert not condition.verdict(File(date=late), TEXT)
    assert not condition.verdict(File(date=late.replace(tzinfo=None)), TEXT)
    assert condition.verdict(File(date=late.replace(tzinfo=dt.UTC)), TEXT)

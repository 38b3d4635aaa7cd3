"""JPEG files as Pillow writes them are read as they say."""

import datetime as dt
from io import BytesIO

import pytest
from PIL import Image

from fileorg.content.metadata.reading import FIELDS, metadata_of
from fileorg.content.window import AHEAD, HEAD
from fileorg.model.evidence import Dated, Metadata
from tests.content.corpus import exif_of
from tests.content.windows import Watched, window_of

MAKE, MODEL, MODIFY, ARTIST = 0x010F, 0x0110, 0x0132, 0x013B
ORIGINAL, CREATE = 0x9003, 0x9004
SUB_MODIFY, SUB_ORIGINAL, OFFSET_ORIGINAL = 0x9290, 0x9291, 0x9011


def jpeg(tags: dict[int, str], size: tuple[int, int] = (40, 30), **how: object) -> bytes:
    """Return a JPEG with EXIF tags, each in the directory it belongs to."""
    out = BytesIO()
    Image.new("RGB", size).save(out, "JPEG", exif=exif_of(tags), **how)
    return out.getvalue()


def found(content: bytes, *wanted: str) -> Metadata:
    """Return what is read of a JPEG."""
    return metadata_of(window_of(content), "image/jpeg", frozenset(wanted or FIELDS))


def date_of(tags: dict[int, str]) -> Dated | None:
    """Return the date of a JPEG with those tags."""
    return found(jpeg(tags), "date").date


def test_the_moment_it_was_taken_comes_first() -> None:
    """DateTimeOriginal counts before CreateDate, and that before ModifyDate."""
    tags = {
        ORIGINAL: "2019:07:04 12:00:01",
        CREATE: "2019:07:05 12:00:02",
        MODIFY: "2021:01:01 00:00:03",
    }
    assert date_of(tags) == Dated(dt.datetime(2019, 7, 4, 12, 0, 1), "EXIF DateTimeOriginal")
    del tags[ORIGINAL]
    assert date_of(tags) == Dated(dt.datetime(2019, 7, 5, 12, 0, 2), "EXIF CreateDate")
    del tags[CREATE]
    assert date_of(tags) == Dated(dt.datetime(2021, 1, 1, 0, 0, 3), "EXIF ModifyDate")
    assert date_of({}) is None


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00", "    :  :     :  :  ", "2019:13:04 12:00:00", "2019:02:30 12:00:00",
        "1970:01:01 00:00:00", "1980:01:01 00:00:00", "0001:01:01 00:00:00", "", "yesterday",
    ],
)  # fmt: skip
def test_an_impossible_date_is_passed_over(text: str) -> None:
    """A date that is none, or the zero of a clock, leaves the next evidence to decide."""
    tags = {ORIGINAL: text, CREATE: "2019:07:05 12:00:02"}
    assert date_of(tags) == Dated(dt.datetime(2019, 7, 5, 12, 0, 2), "EXIF CreateDate")


def test_parts_of_a_second_and_the_offset_are_kept() -> None:
    """Sub-seconds and offset are part of the moment they belong to; without, it stays naive."""
    tags = {ORIGINAL: "2019:07:04 12:00:01", SUB_ORIGINAL: "25", OFFSET_ORIGINAL: "-03:30"}
    zone = dt.timezone(dt.timedelta(hours=-3, minutes=-30))
    assert date_of(tags) == Dated(
        dt.datetime(2019, 7, 4, 12, 0, 1, 250_000, zone), "EXIF DateTimeOriginal"
    )
    other = {ORIGINAL: "2019:07:04 12:00:01", SUB_MODIFY: "25", OFFSET_ORIGINAL: "   :  "}
    assert date_of(other) == Dated(dt.datetime(2019, 7, 4, 12, 0, 1), "EXIF DateTimeOriginal")


def test_fields_are_named_as_in_templates() -> None:
    """Camera, artist and size are read, and a make is not said twice."""
    tags = {MAKE: "Canon", MODEL: "Canon EOS 5D", ARTIST: "Ada"}
    assert found(jpeg(tags, (64, 48))).fields == {
        "camera": "Canon EOS 5D", "artist": "Ada", "width": "64", "height": "48",
    }  # fmt: skip
    assert found(jpeg({MAKE: "Apple", MODEL: "iPhone 12"})).fields["camera"] == "Apple iPhone 12"
    assert (
        found(jpeg({MAKE: "NIKON CORPORATION", MODEL: "NIKON D90"})).fields["camera"] == "NIKON D90"
    )


def test_only_what_is_wanted_is_read() -> None:
    """The date of a photo costs one look, whatever follows it; no question costs none."""
    content = jpeg({ORIGINAL: "2019:07:04 12:00:01"}, icc_profile=bytes(60_000))
    for wanted, looked_at in (({"date"}, HEAD), ({"width"}, HEAD + AHEAD), (set[str](), 0)):
        watched = Watched(content)
        found_of = metadata_of(watched.window, "image/jpeg", frozenset(wanted))
        assert watched.read <= looked_at
        assert {*found_of.fields, *(["date"] if found_of.date else [])} == wanted

"""Raw files say when, by which camera and how large, whatever their format is."""

from __future__ import annotations

from datetime import datetime

import pytest

from fileorg.content.metadata.reading import metadata_of
from fileorg.model.evidence import Dated
from tests.content import corpus, raws
from tests.content.windows import window_of

_WANTED = frozenset({"date", "camera", "artist", "width", "height"})
_TAKEN = datetime(2019, 7, 4, 12, 0, 1)  # the clock of a camera
_MADE = dict(corpus.raw())


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_crw_is_read_in_either_byte_order(order: str) -> None:
    """The heaps of a CRW say date, camera, owner and size; the clock in them is of no zone."""
    said = metadata_of(window_of(raws.crw(corpus.TAKEN, order)), "image/x-canon-crw", _WANTED)
    assert said.date == Dated(_TAKEN, "CIFF DateTimeOriginal")
    size = {"width": "64", "height": "48"}
    assert said.fields == {"camera": "Canon EOS D60", "artist": "Ada", **size}


def test_heaps_that_hold_themselves_end() -> None:
    """A heap that lists itself as its part is entered a few times, and then no more."""
    itself = bytearray(raws.crw(corpus.TAKEN))
    place = itself.rindex(b"\x0a\x30")
    itself[place + 2 : place + 10] = (len(itself) - 26).to_bytes(4, "little") + bytes(4)
    assert metadata_of(window_of(bytes(itself)), "image/x-canon-crw", _WANTED).date is None


def test_an_mrw_is_read() -> None:
    """A block of an MRW is EXIF, and another one says how large the picture is."""
    said = metadata_of(window_of(_MADE["photo.mrw"]), "image/x-minolta-mrw", _WANTED)
    assert said.date == Dated(_TAKEN, "EXIF DateTimeOriginal")
    assert said.fields == {"camera": "NIKON D90", "width": "64", "height": "48"}


def test_the_preview_of_an_x3f_knows_best() -> None:
    """EXIF in the preview of an X3F counts before the properties; the size is the sensor's."""
    size = {"width": "64", "height": "48"}
    said = metadata_of(window_of(_MADE["photo.x3f"]), "image/x-x3f", _WANTED)
    assert said.date == Dated(_TAKEN, "X3F DateTimeOriginal")
    assert said.fields == {"camera": "SIGMA SD10", **size}
    said = metadata_of(window_of(_MADE["preview.x3f"]), "image/x-x3f", _WANTED)
    assert said.date == Dated(_TAKEN, "EXIF DateTimeOriginal")
    assert said.fields == {"camera": "NIKON D90", **size}

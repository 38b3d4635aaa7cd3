"""The short way to the date of a photo says what the long way says, or nothing."""

from __future__ import annotations

import random
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from fileorg.content.metadata import jpeg
from fileorg.content.metadata.evidence import DATE
from fileorg.content.metadata.reading import _gathered
from fileorg.content.metadata.taken import taken
from fileorg.content.window import HEAD
from fileorg.model.evidence import Dated
from tests.content import corpus, samples
from tests.content.windows import window_of

_WANTED = frozenset({DATE})


@cache
def _photos() -> dict[str, bytes]:
    made = {name: content for name, content in corpus.pictures() if name.endswith(".jpg")}
    little = corpus.exif_of({0x9003: corpus.TAKEN, 0x9011: "+02:00", 0x9291: "123456"})
    little.endian = "<"
    segment = _segment(little)
    made["little.jpg"] = b"\xff\xd8" + segment + made["none.jpg"][2:]
    first = corpus.exif_of({0x9003: "2018:01:02 03:04:05"})
    first[0x9003] = corpus.TAKEN  # in the first directory, too, where it counts
    made["first.jpg"] = b"\xff\xd8" + _segment(first) + made["none.jpg"][2:]
    made["twice.jpg"] = b"\xff\xd8" + segment + made["original.jpg"][2:]
    return made


def _segment(exif: Image.Exif) -> bytes:
    tiff = exif.tobytes()
    return b"\xff\xe1" + (len(tiff) + 2).to_bytes(2, "big") + tiff


def _the_long_way(content: bytes) -> Dated | None:
    read = _gathered(lambda window, _: jpeg.said(window), window_of(content), _WANTED)
    return read.date


def test_photos_of_cameras_go_the_short_way() -> None:
    """Every way to write down when a photo was taken, and by which clock, is a short one."""
    for name in ("original.jpg", "offset.jpg", "little.jpg", "twice.jpg"):
        assert taken(_photos()[name][:HEAD]) == _the_long_way(_photos()[name])


def test_what_is_not_where_cameras_write_it_takes_the_long_way() -> None:
    """Where there is no moment that it was taken, or none in the first block, nothing is said."""
    for name in ("create.jpg", "modify.jpg", "none.jpg", "blank.jpg", "first.jpg", "xmp.jpg"):
        assert taken(_photos()[name][:HEAD]) is None
    photo = _photos()["original.jpg"]
    for end in range(photo.index(corpus.TAKEN.encode()) + len(corpus.TAKEN)):
        assert taken(photo[:end]) is None


_DAMAGES = st.lists(st.sampled_from(sorted(samples.DAMAGES)), max_size=4)


@settings(max_examples=1_500, deadline=None)
@given(st.sampled_from(sorted(_photos())), _DAMAGES, st.integers(0, 1 << 64), st.integers(0, 999))
@example("offset.jpg", [], 0, 0)
def test_both_ways_say_the_same(name: str, damages: list[str], seed: int, at: int) -> None:
    """However a photo is damaged, the short way says the date of the long way, or none."""
    photo = bytearray(_photos()[name])
    photo[at % len(photo)] ^= seed & 0xFF  # among the tags, where it matters
    content = samples.damaged(bytes(photo), damages, random.Random(seed))
    assert taken(content[:HEAD]) in {None, _the_long_way(content)}

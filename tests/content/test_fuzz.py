"""Readers survive whatever a file holds: nothing is raised, and no more read than the budget."""

from __future__ import annotations

import itertools
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from fileorg.content.containers import TELLERS
from fileorg.content.kind import mime_of
from fileorg.content.metadata.reading import _BY_MIME, FIELDS, metadata_of
from fileorg.content.signatures import SIGNATURES
from fileorg.content.text import LONGEST, text_of
from tests.content import corpus
from tests.content.windows import Watched

_BUDGET = 1 << 16

_MARKS = [mark for mark, _ in SIGNATURES] + [bytes(at) + mark for at, mark, _ in TELLERS]
_MADE = dict(
    itertools.chain(
        corpus.pictures(), corpus.raw(), corpus.documents(), corpus.archives(), corpus.pdfs()
    )
)
_NAMES = sorted(_MADE)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return a real file, cut short, with bytes flipped, or with other numbers in it."""
    name = draw(st.sampled_from(_NAMES))
    content = bytearray(_MADE[name])
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content) - 1))
        match draw(st.sampled_from(["cut", "flip", "number", "repeat"])):
            case "cut" if place:
                del content[place:]
            case "flip":
                content[place] ^= 1 << draw(st.integers(0, 7))
            case "number":
                number = draw(st.sampled_from([0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]))
                size = draw(st.sampled_from([1, 2, 4]))
                form = draw(st.sampled_from("<>")) + {1: "B", 2: "H", 4: "I"}[size]
                content[place : place + size] = struct.pack(form, number & (1 << 8 * size) - 1)
            case _:
                content[place:place] = content[place : place + 200]
    return name, bytes(content)


def _survives(name: str, content: bytes, mimes: list[str]) -> None:
    watched = Watched(content, _BUDGET)
    mime = mime_of(watched.window, name)
    assert mime is None or "/" in mime
    assert watched.read <= _BUDGET
    for each in {mime or "", *mimes}:
        watched = Watched(content, _BUDGET)
        found = metadata_of(watched.window, each, FIELDS)
        assert found.fields.keys() <= FIELDS
        assert watched.read <= _BUDGET
    if mime != "application/pdf":
        assert len(text_of(Watched(content, _BUDGET).window, mime or "")) <= LONGEST


@settings(max_examples=1_500, deadline=None)
@given(damaged())
def test_damaged_files_are_survived(file: tuple[str, bytes]) -> None:
    """Of a real file that is cut, flipped or lies about its lengths, what can be read is read."""
    name, content = file
    _survives(name, content, [])


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(_MARKS), st.binary(max_size=2_000), st.sampled_from(sorted(_BY_MIME)))
def test_noise_behind_a_mark_is_survived(mark: bytes, noise: bytes, mime: str) -> None:
    """Random bytes behind any mark, read as that kind or as any other, raise nothing."""
    _survives("x", mark + noise, [mime])


@settings(max_examples=60, deadline=None)
@given(damaged().filter(lambda file: file[0].endswith(".pdf")))
def test_a_damaged_pdf_has_text_or_none(file: tuple[str, bytes]) -> None:
    """A torn PDF gives what text there is, without a word of complaint."""
    assert len(text_of(Watched(file[1], _BUDGET).window, "application/pdf")) <= LONGEST

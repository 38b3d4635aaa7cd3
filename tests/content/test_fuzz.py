"""Readers survive whatever a file holds: nothing is raised, and no more read than they may.

The time that they take is bounded by that: they do a few things with each byte that they read.
`FUZZ_EXAMPLES=200000` looks longer than the tests of every day do.
"""

from __future__ import annotations

import importlib.util
import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fileorg.content.containers import TELLERS
from fileorg.content.metadata.reading import _BY_MIME, _READERS
from fileorg.content.signatures import SIGNATURES
from fileorg.content.text import LONGEST, text_of
from tests.content import samples
from tests.content.windows import Watched

_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2000"))
_MARKS = [mark for mark, _ in SIGNATURES] + [bytes(at) + mark for at, mark, _ in TELLERS]
_DAMAGES = st.lists(st.sampled_from(sorted(samples.DAMAGES)), min_size=1, max_size=6)
_CHANCES = st.integers(0, 1 << 64).map(random.Random)

_made = cache(samples.small)


def _damaged(data: st.DataObject, names: list[str], files: dict[str, bytes]) -> tuple[str, bytes]:
    name = data.draw(st.sampled_from(names))
    return name, samples.damaged(files[name], data.draw(_DAMAGES), data.draw(_CHANCES))


def test_every_reader_has_a_sample(media: Path) -> None:
    """There is no format whose reader the other tests leave out."""
    assert {_BY_MIME[mime] for mime in samples.kinds(_made(media)) & _BY_MIME.keys()} == {*_READERS}


@settings(max_examples=_EXAMPLES, deadline=None)
@given(st.data())
def test_damaged_files_are_survived(media: Path, data: st.DataObject) -> None:
    """Of a real file that is torn or lies about lengths and places, what can be read is read."""
    files = _made(media)
    samples.survive(*_damaged(data, sorted(files), files))


@settings(max_examples=max(500, _EXAMPLES // 10), deadline=None)
@given(st.sampled_from(_MARKS), st.binary(max_size=2_000), st.sampled_from(sorted(_BY_MIME)))
def test_noise_behind_a_mark_is_survived(mark: bytes, noise: bytes, mime: str) -> None:
    """Random bytes behind any mark, read as that kind or as any other, raise nothing."""
    samples.survive("x", mark + noise, [mime])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_pdf_has_text_or_none(media: Path, data: st.DataObject) -> None:
    """A torn PDF gives what text there is, without a word of complaint."""
    files = _made(media)
    _, content = _damaged(data, [name for name in sorted(files) if name.endswith(".pdf")], files)
    assert len(text_of(Watched(content, samples.BUDGET).window, "application/pdf")) <= LONGEST


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_what_a_fuzzer_finds_its_way_to_is_survived(media: Path) -> None:
    """A fuzzer that sees which lines are reached finds nothing in its first thousand steps."""
    command = [sys.executable, "-m", "tests.content.fuzz", str(media), "-runs=1000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""The page on speed against the bench: what it tells to type can be typed."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import arguments

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "performance.md").read_text()
COMMANDS = re.findall(r"^    python -m tests\.bench(.*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("words", COMMANDS)
def test_the_bench_takes_every_command_of_the_page(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command line of the bench on the page is one that it understands."""
    monkeypatch.setattr(sys, "argv", ["bench", *shlex.split(words, comments=True)])
    assert arguments().files > 0


def test_the_page_says_how_to_reproduce_it() -> None:
    """The page has the command for its table, and the one for very many files."""
    assert any("--scale" in words for words in COMMANDS)
    assert any("--scale" not in words for words in COMMANDS)

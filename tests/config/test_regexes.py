"""Expressions and wildcards of RE2."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.config.regexes import LONGEST, regex, searchable, wildcards


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_wildcards_without_stars_are_texts(text: str, others: list[str]) -> None:
    """A wildcard of plain characters takes that very text in any case, whatever it holds."""
    plain = [other for other in others if not {"*", "?"} & set(other)]
    compiled = wildcards(plain)
    assert all(compiled.search(searchable(one)) for one in plain)
    if text.lower() not in {one.lower() for one in plain} and text.isascii():
        assert not compiled.search(text) or any(not one.isascii() for one in plain)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*", "", True),
        ("a*", "A\nb", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a.c", "abc", False),
        ("b", "abc", False),
    ],
)
def test_wildcards(pattern: str, text: str, fits: bool) -> None:
    """A star is any part, a question mark one character, and the whole text has to fit."""
    assert bool(wildcards([pattern]).search(text)) is fits


def test_no_wildcard_fits_nothing() -> None:
    """Without wildcards not even an empty text fits."""
    assert not wildcards([]).search("")


def test_expressions_are_bounded() -> None:
    """An expression may be so long, and a wildcard too."""
    for compiled in (regex, lambda text: wildcards([text])):
        compiled("a" * LONGEST)
        with pytest.raises(ValueError, match="longer than 1,000 characters"):
            compiled("a" * (LONGEST + 1))


@given(st.text(max_size=30))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    """Whatever the text, it compiles or the ValueError is one line."""
    try:
        regex(text).search("some text")
    except ValueError as error:
        assert re.fullmatch(r".*", str(error))


def test_lone_surrogates_are_searched_by_place() -> None:
    """Text that is no UTF-8 keeps its length, so that what is found can be cut from it."""
    text = "a\udcff\ud800b"
    assert regex("b").search(searchable(text)).span() == (3, 4)

"""A window shows what is there, and no more than its budget."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.content.window import AHEAD, HEAD, BudgetError, Window
from tests.content.windows import Watched

_PATTERN = bytes(range(251))
_LOOKS = st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 20_000)), max_size=20)


@given(st.integers(0, 40_000), _LOOKS)
def test_a_window_shows_the_file(size: int, looks: list[tuple[int, int]]) -> None:
    """Whatever was looked at before, a look shows those bytes of the file that are there."""
    content = (_PATTERN * 160)[:size]
    window = Watched(content).window
    for start, length in looks:
        assert window.at(start, length) == content[start : start + length]
    assert window.head() == content[:HEAD]
    assert window.tail(100) == content[-100:]


@given(st.integers(0, 30_000), _LOOKS)
def test_no_more_is_read_than_the_budget(budget: int, looks: list[tuple[int, int]]) -> None:
    """A look that would read beyond the budget reads nothing, and says so."""
    watched = Watched(bytes(40_000), budget)
    for start, length in looks:
        try:
            watched.window.at(start, length)
        except BudgetError:
            break
    assert watched.read <= budget


def test_looks_are_counted_where_nothing_is_read() -> None:
    """A reader that goes round in what was read already is stopped, too."""
    window = Window(lambda start, length: bytes(length), 1 << 20, steps=3)
    for _ in range(3):
        window.at(0, 10)
    with pytest.raises(BudgetError):
        window.at(0, 10)


def test_a_file_that_ends_early_has_not_what_is_needed() -> None:
    """What must be there and is not ends the reading, as do places before the beginning."""
    window = Watched(b"0123456789").window
    assert window.exactly(2, 8) == b"23456789"
    for start, length in ((2, 9), (-1, 2), (2, -1)):
        with pytest.raises(BudgetError):
            window.exactly(start, length)


def test_beginning_and_last_block_are_read_once() -> None:
    """Looks at the beginning, and at one place elsewhere, cost one read each."""
    watched = Watched(bytes(100_000))
    for _ in range(5):
        watched.window.at(0, 100)
        watched.window.at(50_000, 100)
        watched.window.at(50_050, 1_000)
    assert watched.read == HEAD + AHEAD

"""Sizes and ages as a user writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.config.values import parse_age, parse_size

SECOND = 1_000_000_000
LARGEST = 2**63 - 1


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("500", 500),
        ("500B", 500),
        ("10MB", 10_000_000),
        ("10 MB", 10_000_000),
        (" 10mb\n", 10_000_000),
        ("1.5G", 1_500_000_000),
        ("1k", 1000),
        ("1K", 1000),
        ("2T", 2_000_000_000_000),
        ("4KiB", 4096),
        ("4kib", 4096),
        ("4Ki", 4096),
        ("1MiB", 1 << 20),
        ("1GiB", 1 << 30),
        ("1TiB", 1 << 40),
        ("0.1kB", 100),
        ("0.3KiB", 307),
        ("007", 7),
        (str(LARGEST), LARGEST),
    ],
)
def test_size_is_bytes(text: str, size: int) -> None:
    """Plain letters count in powers of 1000, letters with an i of 1024, in any case."""
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("12h", 43_200),
        ("12 h", 43_200),
        ("30d", 2_592_000),
        ("2w", 1_209_600),
        ("6mo", 15_552_000),
        ("1y", 31_536_000),
        ("1.5h", 5400),
        ("0d", 0),
    ],
)
def test_age_is_nanoseconds(text: str, seconds: int) -> None:
    """An age is a number and a unit; a month has 30 days and a year 365."""
    assert parse_age(text) == seconds * SECOND


@pytest.mark.parametrize(
    "text", ["", "MB", "-1", "+1", "1,5G", ".5G", "5.", "1e3", "10 apples", "1 0", "1P", "1iB", "٣"]
)
def test_no_size_says_what_is_accepted(text: str) -> None:
    """What is no size is refused with its text and an example of one."""
    with pytest.raises(ValueError, match=r"is no size: .*such as '500', '10MB'") as caught:
        parse_size(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "30D", "6M", "6MO", "1h30m", "1e3s", "nan"])
def test_no_age_says_what_is_accepted(text: str) -> None:
    """What is no age, a number without unit and capitals included, is refused with an example."""
    with pytest.raises(ValueError, match=r"is no age: .*such as '12h', '30d'") as caught:
        parse_age(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", [str(LARGEST + 1), "9223373TB", "9" * 5000, f"0.{'1' * 5000}k"])
def test_size_beyond_64_bits_is_refused(text: str) -> None:
    """A size that no file can have is refused, however many digits it is written with."""
    with pytest.raises(ValueError, match=r"is too large"):
        parse_size(text)


def test_age_beyond_64_bits_is_refused() -> None:
    """An age that no clock can reach back to is refused."""
    with pytest.raises(ValueError, match=r"is too large"):
        parse_age("293y")


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    """Whatever is written, the answer is a 64-bit number or a ValueError in one line."""
    for parse in (parse_size, parse_age):
        try:
            assert 0 <= parse(text) <= LARGEST
        except ValueError as error:
            message = str(error)
            assert message.isprintable()


@given(st.integers(0, 10**6), st.integers(0, 999))
def test_fractions_are_exact(whole: int, thousandths: int) -> None:
    """A decimal fraction loses nothing to binary floating point."""
    assert parse_size(f"{whole}.{thousandths:03}kB") == whole * 1000 + thousandths

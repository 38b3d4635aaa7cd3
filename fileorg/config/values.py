"""Sizes and ages as a user writes them (pure)."""

import re
from typing import Final

_SIZE: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))? ?(?:([kmgt]i?)?b?)", re.IGNORECASE)
# Lower case only: a capital M is a month to some and a minute to others.
_AGE: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))? ?(s|mo|m|h|d|w|y)")

_BYTES: Final[dict[str, int]] = {
    "": 1,
    **{letter: 1000**power for power, letter in enumerate("kmgt", 1)},
    **{f"{letter}i": 1024**power for power, letter in enumerate("kmgt", 1)},
}

_SECOND: Final = 1_000_000_000
_DAY: Final = 86_400 * _SECOND
_NANOSECONDS: Final = {
    "s": _SECOND,
    "m": 60 * _SECOND,
    "h": 3600 * _SECOND,
    "d": _DAY,
    "w": 7 * _DAY,
    "mo": 30 * _DAY,
    "y": 365 * _DAY,
}

# Both end up in 64-bit columns; a number of 20 digits and more is beyond them in any unit.
_LARGEST: Final = 2**63 - 1
_MOST_DIGITS: Final = 19
_MOST_SHOWN: Final = 40


def parse_size(text: str) -> int:
    """Return the bytes that `10MB`, `1.5 G`, `4KiB` or `500` stand for, in any case.

    k, M, G and T are powers of 1000, with an i of 1024; a fraction of a byte is dropped.
    ValueError says what is accepted.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f"{text[:_MOST_SHOWN]!r} is no size: write bytes, or a number with k, M, G or T "
            "(powers of 1000) or KiB, MiB, GiB or TiB (of 1024), such as '500', '10MB' or '1.5GiB'"
        )
    return _product(text, match, _BYTES[(match[3] or "").lower()])


def parse_age(text: str) -> int:
    """Return the nanoseconds that `30d`, `12h` or `6mo` stand for.

    A month is 30 days and a year 365. ValueError says what is accepted.
    """
    match = _AGE.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f"{text[:_MOST_SHOWN]!r} is no age: write a number with s, m (minutes), h, d, w, "
            "mo (30 days) or y (365 days), in lower case, such as '12h', '30d' or '6mo'"
        )
    return _product(text, match, _NANOSECONDS[match[3]])


def _product(text: str, match: re.Match[str], unit: int) -> int:
    """Multiply in whole numbers, so that 0.1 of a unit is exactly a tenth."""
    whole, fraction = match[1].lstrip("0"), match[2] or ""
    if max(len(whole), len(fraction)) <= _MOST_DIGITS:
        product: int = int(whole + fraction or "0") * unit // 10 ** len(fraction)
        if product <= _LARGEST:
            return product
    raise ValueError(f"{text[:_MOST_SHOWN]!r} is too large")

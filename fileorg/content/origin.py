"""Where a file was downloaded from, as browsers note it in extended attributes."""

from collections.abc import Callable, Iterator
from typing import Final

_PLAIN: Final = ("user.xdg.origin.url", "user.xdg.referrer.url")
_LISTS: Final = (
    "com.apple.metadata:kMDItemWhereFroms",
    "user.com.apple.metadata:kMDItemWhereFroms",  # as Linux keeps what came from a Mac
)
_LONGEST: Final = 1 << 14
_LONGEST_URL: Final = 4_096
_MOST: Final = 8


def origins_of(attribute: Callable[[str], bytes | None]) -> tuple[str, ...]:
    """Return the addresses that a file came from, the nearest first.

    *attribute* gives an extended attribute by its name, None where there is none.
    """
    urls = dict.fromkeys(_urls(attribute))
    return tuple(url[:_LONGEST_URL] for url in urls if url)[:_MOST]


def _urls(attribute: Callable[[str], bytes | None]) -> Iterator[str]:
    for name in _PLAIN:
        yield (attribute(name) or b"").decode("utf-8", "replace").strip("\0 \r\n")
    for name in _LISTS:
        yield from _listed((attribute(name) or b"")[:_LONGEST])


def _listed(content: bytes) -> list[str]:
    """Return the texts of a binary property list, none of what is torn."""
    if not content:
        return []
    import plistlib

    try:
        values = plistlib.loads(content, fmt=plistlib.FMT_BINARY)
    except (ValueError, LookupError, TypeError, OverflowError, MemoryError, RecursionError):
        return []
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []

"""What a file says of itself, made fit to be part of a name (pure)."""

import re
import unicodedata
from typing import Final

_LONGEST: Final = 80
_LONGEST_BYTES: Final = 160
_SEPARATORS: Final = re.compile(r"\s*[/\\\u2044\u2215]+\s*")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"})
_TRACK: Final = re.compile(r"\s*(\d{1,4})(?!\d)")


def cleaned(name: str, value: str) -> str:
    """Return the value of a field without separators, unseen characters and dots at its ends.

    It is short enough for a name, and empty where nothing is left.
    """
    if name == "track" and (number := _TRACK.match(value)):
        return number[1].zfill(2)
    text = _SEPARATORS.sub("-", unicodedata.normalize("NFC", value))
    text = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text)
    return _cut(" ".join(text.split()).strip(" .")).strip(" .")


def _cut(text: str) -> str:
    return text[:_LONGEST].encode()[:_LONGEST_BYTES].decode("utf-8", "ignore")

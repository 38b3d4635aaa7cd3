"""Numbers, sizes and names in words that any page or terminal may show (pure)."""

import re

from fileorg.model.display import UNSAFE, escaped_json


def safe(text: str) -> str:
    """Return text with control and bidi characters as escapes, so that a name can do no harm."""
    return UNSAFE.sub(_escape, text)


def safe_json(document: str, encoding: str | None) -> str:
    """Return a JSON document with escapes for what is not safe, or not in the encoding."""
    if (encoding or "ascii").lower().replace("-", "") != "utf8":
        import json

        document = json.dumps(json.loads(document), separators=(",", ":"))
    return escaped_json(document)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return match[0].encode("unicode_escape").decode("ascii")


def count(number: int, noun: str) -> str:
    """Return `1 file`, `1,204 files`."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def size(number: int) -> str:
    """Return bytes with a decimal unit: `3.2 GB`."""
    amount = float(number)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if amount < 1000:
            digits = 0 if unit == "B" or amount >= 100 else 1
            return f"{amount:.{digits}f} {unit}"
        amount /= 1000
    return f"{amount:.1f} PB"


def duration(nanoseconds: int) -> str:
    """Return `0.4 s`, `2 min 5 s`."""
    seconds = nanoseconds / 1e9
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"

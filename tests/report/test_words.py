"""Words that are safe to print."""

import json

from hypothesis import given
from hypothesis import strategies as st

from fileorg.model.display import UNSAFE
from fileorg.report.words import safe, safe_json


@given(st.text())
def test_json_stays_what_it_is(text: str) -> None:
    """A document with escapes for what is not safe says the same, beyond 16 bits, too."""
    document = json.dumps(text, ensure_ascii=False)
    for encoding in ("utf-8", "ascii", None):
        escaped = safe_json(document, encoding) if _encodes(text) else '""'
        assert not UNSAFE.search(escaped)
        assert json.loads(escaped) == (text if _encodes(text) else "")
    assert not UNSAFE.search(safe(text))


def test_json_beyond_16_bits() -> None:
    """A tag character, which can't be seen, is escaped as two units."""
    assert safe_json('"\U000e0041"', "utf-8") == r'"\udb40\udc41"'


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

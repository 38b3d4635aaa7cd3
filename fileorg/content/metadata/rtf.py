"""RTF: what its block of information says."""

import datetime as dt
import re
from typing import Final

from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, dated
from fileorg.content.metadata.moments import credible
from fileorg.content.window import Window

_TIMES: Final = ((DATE, b"creatim", "RTF CreateDate"), (MODIFIED, b"revtim", "RTF ModifyDate"))
_PART: Final = re.compile(rb"\\(yr|mo|dy|hr|min|sec)(\d{1,4})")
_LONGEST: Final = 1 << 18
_FIELDS: Final = (
    ("title", re.compile(rb"{\\title ([^{}\\]*)}")),
    ("artist", re.compile(rb"{\\author ([^{}\\]*)}")),
)


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what an RTF says; fonts and styles may stand before its information."""
    head = window.at(0, _LONGEST)
    for rank, name, source in _TIMES:
        found = re.search(rb"{\\" + name + rb"((?:\s*\\[a-z]+\d+)+)\s*}", head)
        parts = {key: int(value) for key, value in _PART.findall(found[1])} if found else {}
        if {b"yr", b"mo", b"dy"} <= parts.keys():
            yield rank, dated(_moment(parts), source)
    for field, pattern in _FIELDS:
        value = pattern.search(head)
        yield field, value[1].decode("latin-1").strip() if value else None


def _moment(parts: dict[bytes, int]) -> dt.datetime | None:
    hour, minute, second = (parts.get(key, 0) for key in (b"hr", b"min", b"sec"))
    try:
        return credible(dt.datetime(parts[b"yr"], parts[b"mo"], parts[b"dy"], hour, minute, second))
    except ValueError:
        return None

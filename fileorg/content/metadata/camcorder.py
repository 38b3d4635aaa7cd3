"""AVCHD: what camcorders write beside the pictures of a transport stream."""

import datetime as dt
import re
from typing import Final

from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import credible
from fileorg.content.window import Window
from fileorg.model.evidence import Dated

_LOOKED_AT: Final = 1 << 20
_MARK: Final = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66") + b"MDPM"
_FOUND: Final = re.compile(re.escape(_MARK) + rb".(?s:\x18(....)\x19(....))", re.DOTALL)


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield when a stream was recorded, as its first pictures say."""
    head = window.at(0, _LOOKED_AT).replace(b"\0\0\3", b"\0\0")  # a 3 keeps zeros from being marks
    for found in _FOUND.finditer(head):
        yield DATE, _recorded(found[1] + found[2])


def _recorded(fields: bytes) -> Dated | None:
    """Read a date of decimal digits behind a byte for the zone: half hours, and a sign."""
    digits = fields[1:].hex()
    half_hours = fields[0] & 0x1F
    zone = dt.timedelta(minutes=30 * (-half_hours if fields[0] & 0x20 else half_hours))
    clock = dt.timezone(zone) if zone else None  # UTC would be what no clock has shown
    try:
        moment = dt.datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=clock)
    except ValueError:
        return None
    return dated(credible(moment), "AVCHD DateTimeOriginal")

"""E-mail: the headers of a message."""

import re
from typing import Final

from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import credible
from fileorg.content.window import Window
from fileorg.model.evidence import Dated

_LONGEST: Final = 1 << 16


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield when a message was written, by its own header or by the last who passed it on."""
    import email.header

    head = window.at(0, _LONGEST)
    headers = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    yield DATE, _date(_value(headers, b"Date"), "email Date")
    yield DATE, _date(_value(headers, b"Received").rpartition(";")[2], "email Received")
    parts = email.header.decode_header(_value(headers, b"Subject"))
    yield "title", str(email.header.make_header(parts)).strip()


def _value(headers: bytes, name: bytes) -> str:
    found = re.search(
        rb"^" + name + rb":[ \t]*((?:.|\n[ \t])*)", headers, re.MULTILINE | re.IGNORECASE
    )
    return re.sub(r"\r?\n\s+", " ", found[1].decode("utf-8", "replace")) if found else ""


def _date(text: str, source: str) -> Dated | None:
    import email.utils

    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return dated(credible(moment), source)

"""E-mail: the headers of a message."""

import datetime as dt
import re
from typing import Final

from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import credible
from fileorg.content.window import Window
from fileorg.model.evidence import Dated

_LONGEST: Final = 1 << 16
_LONGEST_VALUE: Final = 1_000
_NO_OFFSET: Final = re.compile(r"\s([+-])0000\s*(?:\(|\Z)")


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield when a message was written, by its own header or by the last who passed it on."""
    head = window.at(0, _LONGEST)
    headers = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    yield DATE, _date(_value(headers, b"Date"), "email Date")
    yield DATE, _date(_value(headers, b"Received").rpartition(";")[2], "email Received")
    yield "title", _subject(_value(headers, b"Subject"))


def _value(headers: bytes, name: bytes) -> str:
    found = re.search(
        rb"^" + name + rb":[ \t]*((?:.|\n[ \t])*)", headers, re.MULTILINE | re.IGNORECASE
    )
    value = found[1][:_LONGEST_VALUE] if found else b""
    return re.sub(r"\r?\n\s+", " ", value.decode("utf-8", "replace"))


def _subject(text: str) -> str:
    import email.errors
    import email.header

    try:
        return str(email.header.make_header(email.header.decode_header(text)))
    except email.errors.MessageError:
        return text


def _date(text: str, source: str) -> Dated | None:
    import email.utils

    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    # RFC 5322: `-0000` is UTC of which nobody knows the clock, `+0000` what a clock showed.
    if (nought := _NO_OFFSET.search(text)) is not None:
        moment = moment.replace(tzinfo=dt.UTC if nought[1] == "-" else None)
    return dated(credible(moment), source)

"""Documents that are ZIP archives: Office, OpenDocument and EPUB say who they are in XML."""

import html
import re
from typing import Final

from fileorg.content import zips
from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, dated
from fileorg.content.metadata.moments import written
from fileorg.content.window import Window

_LONGEST: Final = 1 << 18
_PARTS: Final = re.compile(r"docProps/core\d*\.xml|meta\.xml|.*\.psmdcp")
"""Of Office, of OpenDocument, and of what .NET has written. There may be two, which add up."""
_DATES: Final = (
    (DATE, b"dcterms:created", "Office CreateDate"),
    (DATE, b"meta:creation-date", "OpenDocument CreationDate"),
    (MODIFIED, b"dcterms:modified", "Office ModifyDate"),
    (MODIFIED, b"dc:date", "OpenDocument Date"),
)
_TITLE, _AUTHOR = b"dc:title", b"dc:creator"


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a document says of itself."""
    for member in zips.members(window):
        if _PARTS.fullmatch(member.name):
            yield from _said(zips.content(window, member, _LONGEST))
        elif member.name.endswith(".opf"):
            yield from _book(zips.content(window, member, _LONGEST))
            return


def _said(xml: bytes) -> Evidence:
    for rank, tag, source in _DATES:
        yield rank, dated(written(_text(xml, tag)), source)
    yield "title", _text(xml, _TITLE)
    yield "artist", _text(xml, b"meta:initial-creator") or _text(xml, _AUTHOR)


def _book(xml: bytes) -> Evidence:
    yield DATE, dated(written(_text(xml, b"dc:date")), "EPUB Date")
    yield "title", _text(xml, _TITLE)
    yield "artist", _text(xml, _AUTHOR)


def _text(xml: bytes, tag: bytes) -> str:
    """Return the text of the first element of that name: no parser, so no entity can expand."""
    found = re.search(b"<" + re.escape(tag) + rb"\b[^<>]*>([^<]*)", xml)
    return html.unescape(found[1].decode("utf-8", "replace")).strip() if found else ""

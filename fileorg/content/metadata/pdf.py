"""PDF: the dictionary of information and the XMP that the newest trailer leads to.

Where the table of objects is torn, what can be seen at both ends of the file has to do.
"""

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from fileorg.content.metadata import xmp
from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, dated
from fileorg.content.metadata.moments import spoken, written
from fileorg.content.pdfobjects import Objects, text_of
from fileorg.content.pdfreader import answer
from fileorg.content.window import BudgetError, Window
from fileorg.model.evidence import Dated

if TYPE_CHECKING:
    from pypdf import PdfReader

_Said = tuple[tuple[str, Dated | str | None], ...]

_NOTHING: Final[_Said] = ()

_END: Final = 1 << 15
_DATES: Final = (
    (DATE, b"CreationDate", "PDF CreationDate"),
    (MODIFIED, b"ModDate", "PDF ModDate"),
)
_DATE: Final = re.compile(
    r"\s*(?:D:)?\s*(\d{8}(?:\d{2}){0,3})\s*(?:(Z)|([+-])\s*(\d\d)(?:[':]?(\d\d))?)?", re.ASCII
)
_ANNOTATION: Final = b"/Subtype"
"""What is in dictionaries of notes, which have dates too, and in none of information."""

_SEEN: Final = re.compile(rb"/CreationDate\s*\(([^()]{6,40})\)")


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a PDF says of itself."""
    objects = Objects(window)
    try:
        trailer = objects.trailer()
        if b"Encrypt" in trailer:
            yield from answer(window, _unlocked, _NOTHING)
        else:
            yield from _info(objects, objects.resolved(trailer.get(b"Info", b"")))
        root = objects.dictionary(objects.resolved(trailer.get(b"Root", b"")))
        yield from xmp.said(objects.stream(root.get(b"Metadata", b""), xmp.LONGEST))
    except (BudgetError, ValueError, LookupError):
        yield from _seen(window)


def _unlocked(reader: "PdfReader") -> _Said:
    """Return what stands in an encrypted PDF that opens without a password."""
    info = {str(key): str(value) for key, value in (reader.metadata or {}).items()}
    dates = [(r, dated(pdf_date(info.get(f"/{k.decode()}", "")), name)) for r, k, name in _DATES]
    return (*dates, ("title", info.get("/Title")), ("artist", info.get("/Author")))


def _seen(window: Window) -> Evidence:
    """Yield the dates that stand at either end of a torn file, the last first."""
    for end in (window.tail(_END), window.at(0, _END)):
        for part in reversed(end.split(b"endobj")):
            if _ANNOTATION not in part:
                for found in _SEEN.findall(part):
                    yield DATE, dated(pdf_date(found.decode("latin-1")), "PDF CreationDate")


def _info(objects: Objects, source: bytes) -> Evidence:
    info = objects.dictionary(source)
    for rank, key, name in _DATES:
        yield rank, dated(pdf_date(text_of(objects.resolved(info.get(key, b"")))), name)
    for field, key in (("title", b"Title"), ("artist", b"Author")):
        yield field, text_of(objects.resolved(info.get(key, b"")))


def pdf_date(text: str) -> dt.datetime | None:
    """Read a date of a PDF, in its own spelling or in that of whoever wrote it."""
    found = _DATE.match(text)
    if found is None:
        return written(text) or spoken(text)
    digits, utc, sign, hours, minutes = found.groups("")
    zone = utc or (f"{sign}{hours}:{minutes or '00'}" if sign else "")
    clock = digits[8:].ljust(6, "0")
    return written(f"{digits[:8]}T{clock}{zone}") or written(f"{digits[:8]}T{clock}")

"""The words in a document, up to a bound: what rules look for."""

import html
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from fileorg.content import zips
from fileorg.content.pdfreader import answer
from fileorg.content.texts import encoding_of
from fileorg.content.window import BudgetError, Window

if TYPE_CHECKING:
    from pypdf import PdfReader

LONGEST: Final = 1 << 18
"""How many characters are given at most, and how many bytes of a text are read."""

_MOST_PAGES: Final = 5
"""Of a PDF: pypdf takes about 10 ms for each."""
_LONGEST_XML: Final = 1 << 21
_END: Final = re.compile(
    r"</(?:w:p|text:p|text:h)>|<(?:w:br|w:tab|text:line-break|text:tab)\b[^<>]*>"
)
_TAG: Final = re.compile(r"<[^<>]*>")


def text_of(window: Window, mime: str) -> str:
    """Return the text of a document of a MIME type, none where there is none or it is torn.

    Only reading itself may raise.
    """
    try:
        return _READERS.get(mime, _plain)(window)[:LONGEST]
    except (BudgetError, ValueError, LookupError):
        return ""


def _plain(window: Window) -> str:
    content = window.at(0, LONGEST)
    encoding = encoding_of(content)
    return content.decode(encoding, "replace") if encoding else ""


def _word(window: Window) -> str:
    return _of_xml(zips.named(window, "word/document.xml", _LONGEST_XML))


def _open_document(window: Window) -> str:
    return _of_xml(zips.named(window, "content.xml", _LONGEST_XML))


def _of_xml(xml: bytes) -> str:
    """Return the text of XML without parsing it, so that no entity can expand."""
    lines = _END.sub("\n", xml.decode("utf-8", "replace"))
    return html.unescape(_TAG.sub("", lines)).strip()


def _pdf(window: Window) -> str:
    """Return the text of the first pages."""
    words: list[str] = []

    def look(reader: "PdfReader") -> None:
        words.extend(page.extract_text() for page in reader.pages[:_MOST_PAGES])

    answer(window, look, None)
    return "\n".join(words)


_READERS: Final[Mapping[str, Callable[[Window], str]]] = {
    "application/pdf": _pdf,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _word,
    "application/vnd.oasis.opendocument.text": _open_document,
}

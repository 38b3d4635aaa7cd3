"""The words in a document, up to a bound: what rules look for."""

import html
import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from fileorg.content import zips
from fileorg.content.texts import encoding_of
from fileorg.content.window import BudgetError, Window
from fileorg.errors import FileorgError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

LONGEST: Final = 1 << 18
"""How many characters are given at most, and how many bytes of a text are read."""

_MOST_PAGES: Final = 5
"""Of a PDF: pypdf takes about 10 ms for each."""
_PDF_BOUNDS: Final[Mapping[str, Any]] = {
    "maximum_declared_stream_length": 1 << 22,
    "zlib_maximum_output_length": 1 << 20,
    "zlib_maximum_recovery_input_length": 1 << 16,
    "lzw_maximum_output_length": 1 << 18,
    "run_length_maximum_output_length": 1 << 20,
    "stream_decoding_work_maximum_length": 1 << 23,
    "stream_parsing_work_maximum_count": 50_000,
    "xform_maximum_invocations_per_extraction": 50,
    "page_tree_maximum_entries": 10_000,
    "page_tree_maximum_page_entries": 10_000,
    "jbig2dec_binary": None,
}
"""What pypdf may do for one file: a fraction of what it would do by itself."""
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
    """Return the text of the first pages; what pypdf stumbles over has none."""
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    words: list[str] = []
    try:
        with pypdf.apply_configuration(**_PDF_BOUNDS):
            reader = pypdf.PdfReader(io.BufferedReader(File(window)))
            words.extend(page.extract_text() for page in reader.pages[:_MOST_PAGES])
    except FileorgError:
        raise
    except Exception:  # noqa: BLE001, S110
        pass
    return "\n".join(words)


_READERS: Final[Mapping[str, Callable[[Window], str]]] = {
    "application/pdf": _pdf,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _word,
    "application/vnd.oasis.opendocument.text": _open_document,
}


class File(io.RawIOBase):
    """A window as a file, for libraries that want one."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._place = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the place."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, from the beginning, from here or from the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._window.size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: "Buffer") -> int:
        """Fill *buffer* with what comes next."""
        with memoryview(buffer).cast("B") as view:
            content = self._window.at(self._place, len(view))
            view[: len(content)] = content
        self._place += len(content)
        return len(content)

"""Words are found in documents, whatever they are wrapped in."""

import pytest

from fileorg.content import zips
from fileorg.content.kind import mime_of
from fileorg.content.text import LONGEST, text_of
from tests.content import corpus
from tests.content.windows import Watched, window_of

_TEXTS = "Füchse über Zäune"


def _read(content: bytes, name: str = "") -> str:
    return text_of(window_of(content), mime_of(window_of(content), name) or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_text_is_read_in_its_encoding(encoding: str) -> None:
    """Unicode is told by its marks and its shape; what is none is read as Windows wrote it."""
    assert _read(_TEXTS.encode(encoding)) == _TEXTS


@pytest.mark.parametrize("name", ["office.docx", "open.odt", "plain.pdf", "updated.pdf"])
def test_documents_give_their_words(name: str) -> None:
    """The words of Word, OpenDocument and PDF are read without the markup around them."""
    made = dict((*corpus.documents(), *corpus.pdfs()))
    assert _read(made[name], name).strip() == "Hello"


def test_paragraphs_are_lines_and_entities_are_characters() -> None:
    """A paragraph ends a line, a tab parts words, and `&amp;` is an ampersand."""
    xml = "<w:document><w:p><w:t>A &amp; B</w:t><w:tab/><w:t>C</w:t></w:p><w:p>D</w:p></w:document>"
    assert _read(corpus.zipped({"word/document.xml": xml})) == "A & B\nC\nD"


def test_what_is_no_text_has_none() -> None:
    """Pictures, torn archives and torn PDFs have no words."""
    made = dict((*corpus.documents(), *corpus.pdfs()))
    assert text_of(window_of(b"\xff\xd8\xff\xe0" + bytes(range(256))), "image/jpeg") == ""
    assert _read(made["plain.pdf"][:200]) == ""
    assert _read(made["office.docx"][:90]) == ""


def test_a_long_text_is_read_to_a_bound() -> None:
    """No more is read of a long text than is given."""
    watched = Watched(b"words " * LONGEST)
    assert len(text_of(watched.window, "text/plain")) == LONGEST
    assert watched.read <= LONGEST


def test_an_archive_that_swells_is_unpacked_to_a_bound() -> None:
    """A document that unpacks to gigabytes is read as far as the bound goes."""
    bomb = corpus.zipped({"word/document.xml": b"<w:p>" + b"x" * (50 << 20)})
    assert len(_read(bomb)) == LONGEST
    assert len(zips.named(window_of(bomb), "word/document.xml", 5_000)) == 5_000

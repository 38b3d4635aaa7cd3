"""PDF that open without a password are read, however they are encrypted."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdf
import pytest

from fileorg.content.metadata.reading import metadata_of
from fileorg.model.evidence import Dated
from tests.content import corpus
from tests.content.windows import window_of

_MADE = Dated(datetime(2019, 7, 4, 12, 0, 1, tzinfo=UTC), "PDF CreationDate")


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_an_encrypted_pdf_says_when_it_was_made(algorithm: str) -> None:
    """Where no password is needed to look at a document, none is needed for its date."""
    if algorithm.startswith("AES"):
        pytest.importorskip("cryptography", reason="not installed: cryptography, of the extra pdf")
    writer = pypdf.PdfWriter(io.BytesIO(dict(corpus.pdfs())["plain.pdf"]))
    writer.add_metadata({"/CreationDate": "D:20190704120001Z"})
    writer.encrypt("", "secret", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    said = metadata_of(window_of(out.getvalue()), "application/pdf", frozenset({"date"}))
    assert said.date == _MADE

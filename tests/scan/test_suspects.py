"""Names that deceive."""

import pytest
from hypothesis import given

from fileorg.scan.suspects import suspicion
from tests.strategies import names


@pytest.mark.parametrize(
    "name",
    [b"invoice.pdf.exe", b"photo.JPG.Scr", b"letter.docx .lnk", b"a.b.txt.js", b"x.pdf.exe. "],
)
def test_a_program_named_like_a_document(name: bytes) -> None:
    """A program is named that a folder view would show as a document."""
    assert suspicion(name) == "a program named like a document"


def test_an_extension_that_is_far_off() -> None:
    """A program is named whose extension follows a gap, out of sight."""
    assert suspicion(b"holiday" + b" " * 60 + b".exe") == "a program whose extension is far off"


@pytest.mark.parametrize("mark", ["\u202e", "\u202a", "\u2066", "\u2069"])
def test_a_name_that_turns(mark: str) -> None:
    """A name is named whose characters turn the direction of the text."""
    assert suspicion(f"{mark}gpj.exe".encode()) == "characters in the name turn its direction"


@pytest.mark.parametrize(
    "name",
    [b"setup.exe", b"jquery.min.js", b"archive.tar.gz", b"libfoo-1.2.jar", b"caf\xc3\xa9.txt",
     b"notes.txt", b"a.pdf.zip", b"\xe2\x80\x94dash.js", b"pdf.exe"],
)  # fmt: skip
def test_ordinary_names(name: bytes) -> None:
    """Nothing is said of programs, archives and texts that are what they seem."""
    assert suspicion(name) is None


@given(names())
def test_any_name_is_judged(name: bytes) -> None:
    """Every name that a disk takes is judged without an error."""
    assert suspicion(name) is None or isinstance(suspicion(name), str)

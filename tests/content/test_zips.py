"""Archives are looked into as far as they go."""

from fileorg.content import zips
from fileorg.content.kind import mime_of
from tests.content import corpus
from tests.content.windows import window_of

_MADE = dict(corpus.documents())


def test_members_are_listed_with_what_stands_before_the_archive() -> None:
    """An archive behind a program that unpacks it is read all the same."""
    window = window_of(b"MZ" + bytes(500) + _MADE["office.docx"])
    assert "docProps/core.xml" in [member.name for member in zips.members(window)]
    assert b"dcterms:created" in zips.named(window, "docProps/core.xml", 10_000)


def test_a_comment_behind_the_archive_hides_nothing() -> None:
    """The end of the directory is found before a long comment."""
    content = _MADE["office.docx"]
    longer = content[:-2] + (60_000).to_bytes(2, "little") + b"x" * 60_000
    assert mime_of(window_of(longer)) == mime_of(window_of(content))


def test_a_torn_archive_shows_its_first_members() -> None:
    """What is left of an archive without a directory says what it was."""
    content = corpus.zipped({f"word/{name}": "x" * 50 for name in ("a.xml", "b.xml", "c.xml")})
    assert "wordprocessingml" in (mime_of(window_of(content[:120])) or "")

"""What content is worth beside a name."""

import pytest

from fileorg.categorize import kinds
from fileorg.categorize.filetypes import CATEGORIES
from fileorg.categorize.kinds import category_of_content, contradicts, may_say_more
from fileorg.categorize.mimetypes import category_of_mime
from fileorg.categorize.rules import Categorizer

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("photo.jpg", "application/x-executable"),
        ("photo.jpg", "application/vnd.microsoft.portable-executable"),
        ("photo.jpg", "text/html"),
        ("photo.jpg", "text/plain"),
        ("photo.jpg", "application/zip"),
        ("clip.gif", "video/mp4"),
        ("paper.pdf", "text/html"),
        ("paper.pdf", "application/zip"),
        ("data.zip", "text/html"),
        ("data.zip", DOCX),
        ("song.mp3", "text/html"),
        ("song.mp3", "application/pdf"),
        ("notes.txt", "image/png"),
        ("notes.txt", "application/x-sharedlib"),
        ("book.epub", "text/html"),
        ("x.py", "image/jpeg"),
        ("x.c", "application/x-pie-executable"),
        ("x.json", "application/pdf"),
        ("x.sh", "application/x-executable"),
        ("x.ini", "image/png"),
        ("x.log", "video/mp4"),
        ("x.sqlite", "image/jpeg"),
        ("setup.exe", "image/jpeg"),
        ("logo.psd", "application/x-executable"),
        ("song.mp3", "video/mp4"),
        ("song.wav", "video/x-msvideo"),
        ("song.opus", "video/webm"),
        ("film.mp4", "audio/mpeg"),
        ("film.mkv", "audio/flac"),
    ],
)
def test_a_content_that_is_surely_something_else_contradicts(name: str, mime: str) -> None:
    """A format with unmistakable marks, or the lack of them where they always are, is certain."""
    assert contradicts(mime, name.encode())


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("photo.jpg", "image/jpeg"),
        ("photo.jpg", "image/png"),  # still an image
        ("x.py", "text/plain"),
        ("x.ts", "text/plain"),  # TypeScript is not worth a word
        ("x.csv", "text/plain"),
        ("table.xls", "text/html"),  # as many programs export it
        ("book.cbz", "application/zip"),
        ("book.cbr", "application/x-rar"),
        ("logo.ai", "application/pdf"),
        ("x.kra", "application/zip"),
        ("voice.m4a", "video/mp4"),
        ("voice.ogg", "video/ogg"),
        ("voice.weba", "video/webm"),
        ("voice.mka", "video/x-matroska"),
        ("film.mp4", "audio/x-m4a"),
        ("film.asf", "audio/x-ms-wma"),
        ("film.mp4.001", "video/mp4"),  # the first of its parts
        ("photo.jpg.bak", "image/jpeg"),
        ("game.rpx", "application/x-executable"),
        ("mask.psd", "image/png"),
        ("vga.fon", "application/x-dosexec"),
        ("solve.mexa64", "application/x-sharedlib"),
        ("lib.so", "application/x-sharedlib"),
        ("x.unknown-extension", "application/x-executable"),
        ("noext", "image/png"),
        ("photo.jpg", "application/octet-stream"),
        ("photo.jpg", "application/x-unheard-of"),
        ("song.mp3", "audio/x-unknown"),
    ],
)
def test_what_may_well_be_is_no_contradiction(name: str, mime: str) -> None:
    """Text, containers and what is close says nothing against a name."""
    assert not contradicts(mime, name.encode())


@pytest.mark.parametrize(
    ("name", "is_worth_it"),
    [("a.jpg", True), ("a.CR2", True), ("a.mp4", True), ("a.pdf", True), ("a.docx", True),
     ("a.eml", True), ("a.txt", False), ("a.csv", False), ("a.py", False), ("a.zip", False),
     ("a", False)],
)  # fmt: skip
def test_only_files_that_may_say_more_are_opened(name: str, is_worth_it: bool) -> None:
    """Photos, films, sounds and documents may hold a date; text, code and archives do not."""
    assert may_say_more(name.encode()) is is_worth_it


def test_the_users_categories_hold_for_contents() -> None:
    """A JPEG without a name goes where the user wants `.jpg`; rarer types go by the table."""
    own = Categorizer({"Photos": ["jpg"]})
    assert category_of_content("image/jpeg", own) == "Photos"
    assert category_of_content("image/png", own) == "Images"
    assert category_of_content("application/vnd.visio", own) == "Diagrams"
    assert category_of_content("application/x-unheard-of", own) is None


def test_typical_names_and_types_agree() -> None:
    """The name that stands for a type is of the category that the type is of."""
    built_in = Categorizer()
    for mime, name in kinds._TYPICAL.items():
        assert built_in.category_of(name) == category_of_mime(mime), mime
    assert set(CATEGORIES) >= kinds._ANYTHING | kinds._WORKING | kinds._WITH_METADATA
    assert all(category_of_mime(mime) for mime in kinds._MARKED)

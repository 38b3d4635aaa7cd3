"""Kinds and dates are those that `file` and exiftool find, or there is a reason why not."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from fileorg.categorize.mimetypes import category_of_mime
from fileorg.content.kind import mime_of
from fileorg.content.metadata.reading import FIELDS, metadata_of
from tests.content.windows import window_of

_OTHER_KINDS = {
    "a.3mf": "`file` looks at the first member only, and calls it a ZIP archive",
    "a.jar": "`file` wants the manifest with an empty member before it",
    "bits.xbm": "`file` calls it text, though it knows the kind by its name for people",
    "camcorder.mts": "`file` of Debian 12 does not know transport streams of ffmpeg",
    "f.ts": "`file` of Debian 12 does not know transport streams of ffmpeg",
    "photo.xmp": "`file` has no kind for sidecars, which belong to pictures",
    "photo.cr3": "`file` of Debian 12 does not know Canon's newest raw format",
    "photo.mrw": "`file` knows it, but has no MIME type",
    "plain.dds": "`file` knows it, but has no MIME type",
    "plain.sgi": "`file` knows it, but has no MIME type",
    "s.caf": "`file` knows it, but has no MIME type",
    "s.wv": "`file` knows it, but has no MIME type",
    "s.mka": "only its name says that a Matroska file has no pictures",
    "s.wma": "`file` does not look whether there are pictures",
}
"""Where we say another category than `file`, and why."""

_OTHER_DATES = {
    "book.epub": "exiftool does not read the package of a book",
    "camcorder.mts": "exiftool does not find the note where ffmpeg puts it",
    "letter.eml": "exiftool does not read mail",
    "outlook.msg": "exiftool does not read the properties of a message",
    "old.mp3": "ID3v2.3 writes day before month; exiftool takes the day for the month",
}
"""Where we find another date than exiftool, and why."""

_GROUPS = [
    "-time:all",
    "-XMP-meta:all",
    "-Vorbis:Date",
    "-Matroska:Date",
    "--ZIP:all",
    "--ICC_Profile:all",
]


def _files(folder: Path) -> list[str]:
    return sorted(map(str, folder.iterdir()))


def test_kinds_are_those_of_file(media: Path) -> None:
    """Each file of the corpus is in the category that `file` would put it in, or says why not."""
    command = ["file", "--mime-type", "--brief", "--", *_files(media)]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    different = {
        path.name
        for path, mime in zip(map(Path, _files(media)), theirs, strict=False)
        if category_of_mime(mime_of(window_of(path), path.name) or "") != category_of_mime(mime)
    }
    assert different == set(_OTHER_KINDS)


def test_kinds_of_what_is_installed_are_those_of_file() -> None:
    """Of what packages bring, at least 97 in 100 are in the category that `file` would say."""
    found = subprocess.run(["find", "/usr/share", "-type", "f"], capture_output=True, check=False)
    paths = sorted(found.stdout.decode("utf-8", "surrogateescape").splitlines())
    paths = [path for path in paths if os.access(path, os.R_OK)]
    some = paths[:: max(1, len(paths) // 2_000)]
    command = ["file", "--mime-type", "--brief", "--files-from", "-"]
    listed = "\n".join(some).encode("utf-8", "surrogateescape")
    printed = subprocess.run(command, input=listed, capture_output=True, check=True).stdout
    agreed = [
        category_of_mime(mime_of(window_of(Path(path))) or "") == category_of_mime(mime)
        for path, mime in zip(some, printed.decode().splitlines(), strict=True)
    ]
    assert sum(agreed) >= 0.97 * len(agreed)


def test_dates_are_those_of_exiftool(media: Path) -> None:
    """Each date found is one that exiftool finds, and none is missed, or there is a reason."""
    command = [
        "exiftool",
        "-q",
        "-j",
        "-a",
        "-G1",
        "-api",
        "QuickTimeUTC",
        *_GROUPS,
        *_files(media),
    ]
    zone = {**os.environ, "TZ": "UTC"}
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=False, env=zone).stdout
    different = set()
    for entry in json.loads(printed):
        path = Path(entry["SourceFile"])
        theirs = {
            digits
            for name, value in entry.items()
            if not name.startswith(("SourceFile", "System:")) and (digits := _digits(str(value)))
        }
        mime = mime_of(window_of(path), path.name) or ""
        date = metadata_of(window_of(path), mime, frozenset({"date"})).date
        ours = date.moment.strftime("%Y%m%d%H%M%S") if date else ""
        if ours.removesuffix("000000") not in (theirs or {""}) and ours not in theirs:
            different.add(path.name)
    assert different == set(_OTHER_DATES)


def _digits(text: str) -> str:
    """Return a date as digits without its zone, nothing for less than a day or a clock's zero."""
    digits = "".join(letter for letter in text[:19] if letter.isdecimal())
    return digits if len(digits) >= 8 and digits[:4] not in {"0000", "1904"} else ""


@pytest.mark.parametrize(
    "name", ["s.mp3", "s.flac", "s.ogg", "s.opus", "s.m4a", "s.wma", "s.wv", "s.wav"]
)
def test_the_tags_of_a_song_are_read(media: Path, name: str) -> None:
    """Artist, album, title and track are read from each kind of song that has them."""
    path = media / name
    mime = mime_of(window_of(path), name) or ""
    fields = metadata_of(
        window_of(path), mime, frozenset({"artist", "album", "title", "track"})
    ).fields
    assert fields == {"artist": "Ada", "album": "Engines", "title": "Song", "track": "3"}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("office.docx", "Plan"), ("open.odt", "Plan"), ("old.doc", "Plan"), ("letter.rtf", "Plan"),
        ("plain.pdf", "Plan (first)"), ("locked.pdf", "Plan (first)"), ("book.epub", "A Book"),
    ],
)  # fmt: skip
def test_title_and_author_of_a_document_are_read(media: Path, name: str, title: str) -> None:
    """What a document is called, and who wrote it, is read from each kind that says so."""
    mime = mime_of(window_of(media / name), name) or ""
    fields = metadata_of(window_of(media / name), mime, FIELDS).fields
    assert fields == {"title": title, "artist": "Ada"}


def test_a_large_cover_is_stepped_over(media: Path) -> None:
    """A song with a cover of megabytes has its tags read, and the cover not."""
    fields = metadata_of(window_of(media / "cover.mp3"), "audio/mpeg", frozenset({"artist"})).fields
    assert fields == {"artist": "Ada"}
    fields = metadata_of(window_of(media / "ape.mp3"), "audio/mpeg", frozenset({"track"})).fields
    assert fields == {"track": "3"}


@pytest.mark.parametrize(
    "name", ["original.jpg", "original.png", "original.webp", "original.avif", "lzw.tif",
             "plain.gif", "plain.bmp", "plain.jp2", "f.mp4", "f.mkv", "f.webm", "f.avi", "f.wmv"],
)  # fmt: skip
def test_the_size_of_a_picture_is_read(media: Path, name: str) -> None:
    """Width and height of pictures and films are those that they were made with."""
    path = media / name
    mime = mime_of(window_of(path), name) or ""
    fields = metadata_of(window_of(path), mime, frozenset({"width", "height"})).fields
    assert fields == {"width": "64", "height": "48"}

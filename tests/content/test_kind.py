"""Kinds are told by content."""

import os
from pathlib import Path

import pytest

from fileorg.content.kind import mime_of
from tests.content import corpus
from tests.content.windows import window_of

_KINDS = {
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "application/pdf": b"%PDF-1.7\nonly text",
    "inode/x-empty": b"",
    "text/plain": b"MAC OS is a text, and no sound.\n",
    "text/html": b"<!-- saved --><!-- twice -->\n<!DOCTYPE HTML><p>",
    "image/svg+xml": b'<?xml version="1.0"?>\n<!-- x --><svg xmlns="http://www.w3.org/2000/svg"/>',
    "text/xml": b'<?xml version="1.0"?><data/>',
    "application/json": b'{"a": [1, 2, null]}\n',
    "application/x-ndjson": b'{"a": 1}\n{"a": 2}\n',
    "text/csv": b"name,age\nAda,36\nAlan,41\n",
    "text/x-shellscript": b"#!/usr/bin/env bash\necho\n",
    "text/x-script.python": b"#!/usr/bin/python3\nprint()\n",
    "text/x-c": b"#include <stdio.h>\nint main(void) { return 0; }\n",
    "video/mp4": b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2",
    "image/heic": b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic",
    "video/quicktime": b"\0\0\0\x08wide\0\0\0\x10mdat",
    "application/mac-binhex40": b"(This file must be converted with BinHex 4.0)\n\n:#8eP\n",
    "application/x-sylk": b"ID;PWXL;N;E\nP;PGeneral\n",
    "image/vnd.dxf": b"999\nmade by hand\n  0\nSECTION\n  2\nHEADER\n",
    "application/vnd.iccprofile": bytes(36).replace(b"\0", b"\1", 1) + b"acsp" + bytes(88),
    "font/x-postscript-pfb": b"\x80\1\x2f\5\0\0%!PS-AdobeFont-1.0: Utopia" + bytes(99),
    "audio/x-mod": b"song".ljust(1080, b"\0") + b"8CHN" + bytes(99),
    "image/x-miff": b"id=ImageMagick\nclass=DirectClass\n\f" + bytes(99),
    "application/pgp-keys": b"\x95\5\x58\4\x5f\x41\x0a\xf3" + bytes(range(128, 200)),
    "application/zstd": b"\x5f\x2a\x4d\x18" + bytes(range(99)),
    "audio/x-vgm": b"Vgm \x88\x13\0\0" + bytes(range(99)),
    "image/x-xfig": b"#FIG 3.2\nLandscape\nCenter\n",
    "image/x-portable-greymap": b"P5\n# all of it in letters\n10 9\n127\n" + b"-----.....,,,,," * 6,
    "image/x-wordperfect-graphics": b"\xffWPC\x10\0\0\0\1\x16\1\0" + bytes(99),
    "application/vnd.wordperfect": b"\xffWPC\x10\0\0\0\1\x0a\2\1" + bytes(99),
    "application/vnd.ms-excel": b"\x09\4\6\0\0\0\x10\0" + bytes(range(99)),
    "application/msword": b"\xfe\x37\0\x23\0\0\0\0" + bytes(range(99)),
    "video/x-fli": b"\xff\xfe\0\xa3\x11\xaf\x0a\0" + bytes(99),  # as long as a mark of text
    "application/x-sharedlib": (b"\x7fELF\2\1\1" + bytes(9) + b"\3\0").ljust(64, b"\0"),
}


@pytest.mark.parametrize("mime", _KINDS)
def test_a_kind_is_told_by_its_first_bytes(mime: str) -> None:
    """Marks, containers and the flavours of text are known without a name."""
    assert mime_of(window_of(_KINDS[mime])) == mime


def test_an_open_document_is_known_by_what_it_says() -> None:
    """A document that was packed anew, so that its type is not its first member, keeps its kind."""
    mime = "application/vnd.oasis.opendocument.text"
    packed = corpus.zipped({"content.xml": "<text:p/>", "mimetype": mime})
    assert mime_of(window_of(packed)) == mime
    packed = corpus.zipped({"a.txt": "a", "mimetype": "no type at all"})
    assert mime_of(window_of(packed)) == "application/zip"


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("letter.pages", "application/vnd.apple.pages"),
        ("talk.key", "application/vnd.apple.keynote"),
        ("sums.numbers", "application/vnd.apple.numbers"),
        ("", "application/vnd.apple.numbers"),
    ],
)
def test_a_letter_with_tables_is_no_spreadsheet(name: str, mime: str) -> None:
    """All documents of iWork may hold tables, so that the name decides where there is one."""
    packed = corpus.zipped({"Index/Document.iwa": b"x", "Index/Tables/DataList.iwa": b"x"})
    assert mime_of(window_of(packed), name) == mime


def test_only_what_is_about_a_picture_is_one() -> None:
    """XMP belongs to pictures; the RDF of news, of documents and of libraries is data."""
    news = b'<?xml version="1.0"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"></rdf:RDF>'
    assert mime_of(window_of(news)) == "text/xml"
    about = b'<rdf:RDF xmlns:xmp="http://ns.adobe.com/xap/1.0/"></rdf:RDF>'
    assert mime_of(window_of(about)) == "application/rdf+xml"
    assert mime_of(window_of(corpus.XMP)) == "application/rdf+xml"


@pytest.mark.parametrize(
    "patch",
    [
        b"From " + b"0" * 40 + b" Mon Sep 17 00:00:00 2001\nFrom: Ada <ada@example.org>\n",
        b"Why it is so.\n\ndiff --git a/x b/x\nindex 1..2 100644\n",
        b"# why\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    ],
)
def test_a_patch_is_no_letter(patch: bytes) -> None:
    """What git sends by mail is code, and so is a patch with words before it."""
    assert mime_of(window_of(patch)) == "text/x-diff"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_text_in_any_unicode(encoding: str) -> None:
    """Text is told from binary in each encoding of Unicode, with and without a mark."""
    assert mime_of(window_of("Just a few words.\n".encode(encoding))) == "text/plain"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", "Grüße"),
        ("gb18030", "你好世界"),
        ("shift_jis", "こんにちは"),
        ("koi8-r", "Привет"),
    ],
)
def test_text_is_text_in_older_encodings(encoding: str, text: str) -> None:
    """Text is told from binary in western, Chinese, Japanese and Russian encodings."""
    assert mime_of(window_of(f"{text}\n".encode(encoding) * 9)) == "text/plain"


def test_bytes_of_no_kind_have_none() -> None:
    """Where the content does not say, nothing is said, and a name alone says nothing either."""
    assert mime_of(window_of(bytes(range(256)) * 9), "photo.jpg") is None


@pytest.mark.parametrize("mark", [b"MZ", b"BM", b"RIFF", b"PK", b"ORC", b"MAC ", b"SIT!", b"AC10"])
def test_a_text_that_begins_like_something_else_is_text(mark: bytes) -> None:
    """Letters that are the mark of a binary kind are just letters in a text."""
    assert mime_of(window_of(mark + b" is how this letter begins.\n")) == "text/plain"


def test_programs_are_told_from_what_they_load() -> None:
    """A program is one also where it can be loaded anywhere; a script may carry an archive."""
    program = (mime_of(window_of(Path(os.path.realpath("/bin/ls")))) or "").split("-")[-1]
    assert program == "executable"
    script = b"#!/bin/sh\ntail -c +99 $0\n" + bytes(range(256))
    assert mime_of(window_of(script)) == "text/x-shellscript"

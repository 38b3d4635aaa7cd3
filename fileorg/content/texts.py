"""Text told from binary, and its flavours: by what stands at its beginning, as `file` does it."""

import codecs
import json
import re
from typing import Final

from fileorg.content.flavours import BEGINNINGS, LINES

PLAIN: Final = "text/plain"

_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {7, 8, 9, 10, 11, 12, 13, 27})
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENOUGH: Final = 4096
"""How much of a text is looked at for its flavour."""


def encoding_of(head: bytes) -> str | None:
    """Return the encoding of a text by its beginning, None where it is none.

    What is no Unicode counts as Windows-1252: every other encoding looks like it.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding if _is_readable(head, encoding) else None
    if b"\0" in head:
        return _without_mark(head)
    if len(head.translate(None, _CONTROLS)) != len(head):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _is_readable(head: bytes, encoding: str) -> bool:
    """Tell a text from what only begins with the two or three bytes that texts are marked with."""
    letters = head.decode(encoding, "ignore").encode()
    return len(letters.translate(None, _CONTROLS)) == len(letters)


def _without_mark(head: bytes) -> str | None:
    """Tell UTF-16 of a western text from binary: every other byte is zero, and no other."""
    if len(head) < 4 or len(head) % 2 or bool(head[0]) == bool(head[1]):
        return None
    even, odd = head[::2], head[1::2]
    for zeros, letters, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if not zeros.strip(b"\0") and len(letters.translate(None, _CONTROLS)) == len(letters):
            return encoding
    return None


def mime_of_text(head: bytes, encoding: str, *, whole: bool) -> str:
    """Return the MIME type of a text in an encoding, by its beginning."""
    if encoding in {"utf-8", "cp1252"}:
        text = head[:_ENOUGH]
    else:
        text = head.decode(encoding, "ignore").encode()[:_ENOUGH]
    if text.startswith(b"#!"):
        return mime_of_script(text)
    start = text.lstrip()
    if start[:1] == b"<":
        return _markup(start) or _flavour(text) or PLAIN
    if start[:1] in {b"{", b"["} and (mime := _json(head, whole=whole)):
        return mime
    return _flavour(text) or ("text/csv" if _is_table(text, whole=whole) else PLAIN)


_INTERPRETERS: Final = {
    name: mime
    for mime, names in {
        "text/x-shellscript": "sh bash dash ash ksh mksh zsh csh tcsh fish",
        "text/x-script.python": "python pypy",
        "text/x-perl": "perl",
        "text/x-ruby": "ruby",
        "text/x-lua": "lua luajit",
        "text/x-php": "php",
        "text/x-tcl": "tclsh wish expect",
        "text/x-awk": "awk gawk mawk nawk",
        "text/x-makefile": "make",
        "application/javascript": "node nodejs deno bun",
    }.items()
    for name in names.split()
}
_SHEBANG: Final = re.compile(
    rb"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+|\w+=\S*\s+)*)?(?:\S*/)?([a-zA-Z]+)"
)


def mime_of_script(text: bytes) -> str:
    """Return the MIME type of a script by the interpreter that its first line names."""
    found = _SHEBANG.match(text)
    name = found[1].decode().lower() if found else ""
    return _INTERPRETERS.get(name, "text/x-script")


_XMP: Final = "application/rdf+xml"
"""What says something about a picture. Other RDF is data: news, and manifests of documents."""

_ROOTS: Final = {
    b"svg": "image/svg+xml",
    b"html": "text/html",
    b"kml": "application/vnd.google-earth.kml+xml",
    b"gpx": "application/gpx+xml",
    b"rss": "application/rss+xml",
    b"feed": "application/atom+xml",
    b"FictionBook": "application/x-fictionbook+xml",
    b"score-partwise": "application/vnd.recordare.musicxml+xml",
    b"COLLADA": "model/vnd.collada+xml",
    b"xapmeta": _XMP,
    b"xmpmeta": _XMP,
    b"RDF": _XMP,
}
_BEFORE_ROOT: Final = re.compile(
    rb"(?:\s|<\?[^>]*\?>|<!--.*?-->|<!(?!--)[^>\[]*(?:\[[^\]]*\]\s*)?>)*+", re.DOTALL
)
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_HTML: Final = re.compile(
    rb"\s*(?:<!--(?>.*?-->)\s*)*+"
    rb"<(?:!doctype\s+html|html|head|title|body|script|style|table|h1|a href|meta|div)\b",
    re.IGNORECASE | re.DOTALL,
)


def _markup(start: bytes) -> str | None:
    if start.startswith(b"<?php"):
        return "text/x-php"
    if _HTML.match(start):
        return "text/html"
    xml = start.startswith((b"<?xml", b"<?xpacket"))
    found = _ROOT.match(start, _BEFORE_ROOT.match(start).end())  # type: ignore[union-attr]
    if found and found[1] in _ROOTS and (xml or b"xmlns" in start or found[1] == b"svg"):
        mime = _ROOTS[found[1]]
        return mime if mime != _XMP or b"ns.adobe.com" in start else "text/xml"
    return "text/xml" if xml else None


_TOKENS: Final = re.compile(
    rb'(?:[\s{}\[\]:,]+|"(?:[^"\\\x00-\x1f]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)*+'
)
_LONGEST_NUMBER: Final = 32


def _json(head: bytes, *, whole: bool) -> str | None:
    """Tell JSON from what only begins with a bracket; of a long one the tokens must be right."""
    if not whole:
        rest = head[_TOKENS.match(head).end() :]  # type: ignore[union-attr]
        cut = len(rest) < _LONGEST_NUMBER or rest.startswith(b'"')
        return "application/json" if cut and b'"' in head else None
    if _is_json(head):
        return "application/json"
    lines = head.splitlines()
    return "application/x-ndjson" if len(lines) > 1 and all(map(_is_json, lines)) else None


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


_ROWS: Final = 10
_FEWEST_ROWS: Final = 3


def _is_table(text: bytes, *, whole: bool) -> bool:
    """Tell whether the first lines have as many fields each, and more than one."""
    lines = text.splitlines()
    if not whole or len(text) == _ENOUGH:
        lines = lines[:-1]
    if len(lines) < _FEWEST_ROWS:
        return False
    counts = {_QUOTED.sub(b"", line).count(b",") for line in lines[:_ROWS]}
    return len(counts) == 1 and counts != {0}


_QUOTED: Final = re.compile(rb'"[^"]*"')


def _flavour(text: bytes) -> str | None:
    for mime, pattern in BEGINNINGS:
        if pattern.match(text):
            return mime
    return next((mime for mime, pattern in LINES if pattern.search(text)), None)

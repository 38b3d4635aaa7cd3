"""What kind of file it is, by its content: its first block decides, and only containers cost more.

Own code: puremagic and filetype know too few kinds and call text nothing, and libmagic, whose names
of MIME types are used here, is a library of C that not every machine has.
"""

import struct
from typing import Final

from fileorg.content import texts
from fileorg.content.containers import TELLERS
from fileorg.content.signatures import ELSEWHERE, READABLE, SIGNATURES
from fileorg.content.weak import mime_of_stream
from fileorg.content.window import BudgetError, Window

EMPTY: Final = "inode/x-empty"

_PRINTABLE: Final = bytes(range(0x20, 0x7F))
_BY_BYTE: Final[dict[int, list[tuple[bytes, str, bool]]]] = {}
"""By first byte: the marks, the longest first, each with its type and whether it is certain."""

for _mark, _mime in sorted(SIGNATURES, key=lambda signature: -len(signature[0])):
    _certain = _mime in READABLE or bool(_mark.translate(None, _PRINTABLE))
    _BY_BYTE.setdefault(_mark[0], []).append((_mark, _mime, _certain))

_OPTICAL: Final = 0x8001
_OPTICAL_MARKS: Final = frozenset({b"CD001", b"BEA01", b"NSR02", b"NSR03"})
_TRAILER: Final = 512


def mime_of(window: Window, name: str = "") -> str | None:
    """Return the MIME type of a file, None where its content does not say.

    *name* settles only what bytes leave open; only reading itself may raise.
    """
    try:
        return _told(window, name.lower())
    except (BudgetError, ValueError, LookupError, struct.error):
        return None


def _told(window: Window, name: str) -> str | None:
    head = window.head()
    if not head:
        return EMPTY
    known = None
    for mark, mime, certain in _BY_BYTE.get(head[0], ()):
        if head.startswith(mark):
            if certain:
                return mime
            known = mime
            break
    encoding = texts.encoding_of(head)
    if encoding is not None:
        return texts.mime_of_text(head, encoding, whole=len(head) == window.size)
    if known is not None:
        return known
    for place, mark, teller in TELLERS:
        if head.startswith(mark, place) and (told := teller(window, head, name)):
            return told
    for place, mark, mime in ELSEWHERE:
        if head.startswith(mark, place):
            return mime
    return mime_of_stream(window, head, name) or _of_a_disk(window)


def _of_a_disk(window: Window) -> str | None:
    if window.size > _OPTICAL and window.at(_OPTICAL, 5) in _OPTICAL_MARKS:
        return "application/x-iso9660-image"
    if window.tail(_TRAILER).startswith(b"koly"):
        return "application/x-apple-diskimage"
    return None

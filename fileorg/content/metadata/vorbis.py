"""Vorbis comments: the tags of FLAC, and of Vorbis, Opus, Speex and Theora in Ogg."""

import struct
from typing import Final

from fileorg.content.metadata import id3
from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import written
from fileorg.content.window import BudgetError, Window

_COMMENTS: Final = 4
_MOST_BLOCKS: Final = 64
_MOST_PAGES: Final = 64
_MOST_COMMENTS: Final = 500
_LONGEST: Final = 1 << 18
_MARKS: Final = (b"\x03vorbis", b"OpusTags", b"\x81theora", b"\x84kate\0\0\0", b"Speex   ")
_FIELDS: Final = {
    b"ARTIST": "artist", b"ALBUM": "album", b"TITLE": "title", b"TRACKNUMBER": "track",
}  # fmt: skip


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what the comments of a FLAC or Ogg file say."""
    if window.at(0, 3) == b"ID3":  # some put one before FLAC
        yield from id3.said(window, 0)
        return
    if window.at(0, 4) == b"fLaC":
        yield from _said(_of_flac(window))
    else:
        yield from _said(_of_ogg(window))


def _of_flac(window: Window) -> bytes:
    place = 4
    for _ in range(_MOST_BLOCKS):
        header = window.exactly(place, 4)
        length = int.from_bytes(header[1:], "big")
        if header[0] & 0x7F == _COMMENTS:
            return window.at(place + 4, min(length, _LONGEST))
        if header[0] & 0x80:
            break
        place += 4 + length
    return b""


def _of_ogg(window: Window) -> bytes:
    """Return the packet of comments, put together from its pages."""
    place = 0
    content = b""
    for _ in range(_MOST_PAGES):
        header = window.exactly(place, 27)
        if not header.startswith(b"OggS"):
            raise BudgetError
        lengths = window.exactly(place + 27, header[26])
        start = place + 27 + len(lengths)
        page = window.at(start, sum(lengths))
        if content:
            content += page
        else:
            content = next((page[at + len(m) :] for m in _MARKS if (at := page.find(m)) >= 0), b"")
        # The packet goes on as long as the pieces of its page are full.
        if content and (len(content) > _LONGEST or any(length < 255 for length in lengths)):
            return content[:_LONGEST]
        place = start + len(page)
    return content


def _said(comments: bytes) -> Evidence:
    """Yield what a list of comments says."""
    if len(comments) < 8:
        return
    (vendor,) = struct.unpack_from("<I", comments)
    place = 4 + vendor
    (count,) = struct.unpack_from("<I", comments, place)
    place += 4
    for _ in range(min(count, _MOST_COMMENTS)):
        (length,) = struct.unpack_from("<I", comments, place)
        name, _, value = comments[place + 4 : place + 4 + min(length, 4096)].partition(b"=")
        text = value.decode("utf-8", "replace").strip()
        name = name.upper()
        if name == b"DATE":
            yield DATE, dated(written(text), "Vorbis Date")
        elif name in _FIELDS:
            yield _FIELDS[name], text
        place += 4 + length

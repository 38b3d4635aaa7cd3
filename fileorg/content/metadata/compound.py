"""Word 97 and its kin, and Outlook messages: properties in the streams of a compound file."""

import struct
from typing import Final

from fileorg.content.compound import Compound
from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, dated
from fileorg.content.metadata.moments import since, written
from fileorg.content.window import Window

_SUMMARY: Final = "\5SummaryInformation"
_MESSAGE: Final = "__properties_version1.0"
_SUBJECT: Final = "__substg1.0_0037001F"
_FIELDS: Final = {2: "title", 4: "artist"}
_TIMES: Final = {12: (DATE, "Office CreateDate"), 13: (MODIFIED, "Office ModifyDate")}
_TEXT, _WIDE_TEXT, _TIME = 30, 31, 64
_SENT: Final = (b"\x40\0\x39\0", b"\x40\0\x06\x0e")
_LONGEST: Final = 1 << 16
_MOST: Final = 100


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what an old Office document, an installer or an Outlook message says."""
    file = Compound(window)
    streams = {stream.name: stream for stream in file.top()}
    if _MESSAGE in streams:
        yield from _sent(file.content(streams[_MESSAGE], _LONGEST))
        if _SUBJECT in streams:
            yield "title", file.content(streams[_SUBJECT], 1024).decode("utf-16-le", "replace")
    if _SUMMARY in streams:
        yield from _summary(file.content(streams[_SUMMARY], _LONGEST))


def _sent(content: bytes) -> Evidence:
    for place in range(32, len(content) - 15, 16):
        if content[place : place + 4] in _SENT:
            (ticks,) = struct.unpack_from("<Q", content, place + 8)
            yield DATE, dated(since(1601, ticks / 1e7), "Outlook SubmitTime")


def _summary(content: bytes) -> Evidence:
    (start,) = struct.unpack_from("<I", content, 44)
    (count,) = struct.unpack_from("<I", content, start + 4)
    for number in range(min(count, _MOST)):
        name, place = struct.unpack_from("<II", content, start + 8 + 8 * number)
        place += start
        (kind,) = struct.unpack_from("<I", content, place)
        if name in _TIMES:
            if kind == _TIME:
                moment = since(1601, struct.unpack_from("<Q", content, place + 4)[0] / 1e7)
            else:  # Gnumeric writes it out
                moment = written(_text(content, place, kind))
            rank, source = _TIMES[name]
            yield rank, dated(moment, source)
        elif name in _FIELDS:
            yield _FIELDS[name], _text(content, place, kind)


def _text(content: bytes, place: int, kind: int) -> str:
    """Return a property that is a text, empty where it is none."""
    if kind not in {_TEXT, _WIDE_TEXT}:
        return ""
    (length,) = struct.unpack_from("<I", content, place + 4)
    text = content[place + 8 : place + 8 + min(length, 1024) * (1 if kind == _TEXT else 2)]
    encoding = "cp1252" if kind == _TEXT else "utf-16-le"
    return text.decode(encoding, "replace").partition("\0")[0].strip()

"""ID3: the tags of MP3, and of the other sounds that carry them."""

import re
from collections.abc import Iterator
from typing import Final

from fileorg.content.metadata import ape, xmp
from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.moments import spoken, written
from fileorg.content.window import Window

_UNSYNCHRONIZED, _EXTENDED = 0x80, 0x40
_NAME: Final = re.compile(rb"[A-Z][A-Z0-9]{3}")
_LONGEST_TAG: Final = 1 << 18
_MOST_FRAMES: Final = 300
_LONGEST: Final = 4_096
_FIELDS: Final = {
    "TPE1": "artist", "TP1": "artist", "TALB": "album", "TAL": "album",
    "TIT2": "title", "TT2": "title", "TRCK": "track", "TRK": "track",
}  # fmt: skip
_RECORDED: Final = frozenset({"TDRC", "TYER", "TDAT", "TYE", "TDA"})
_PRIVATE, _XMP = "PRIV", b"XMP\0"
"""Where Adobe's programs put XMP."""

_ENCODINGS: Final = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_OLD: Final = ((3, 33, "title"), (33, 63, "artist"), (63, 93, "album"))


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what an MP3 says: in the tag before the sound, else in those after it."""
    yield from said(window, 0)
    yield from ape.at_end(window)
    last = window.tail(128)
    if last.startswith(b"TAG"):
        for start, end, name in _OLD:
            yield name, _plain(last[start:end])
        if last[125] == 0 and last[126]:
            yield "track", last[126]


def said(window: Window, start: int) -> Evidence:
    """Yield what the ID3v2 tag at *start* says, if there is one."""
    header = window.at(start, 10)
    if len(header) < 10 or not header.startswith(b"ID3"):
        return
    recorded: dict[str, str] = {}
    packet = b""
    for name, content in _frames(window, start + 10, header):
        if name in _FIELDS:
            yield _FIELDS[name], _text(content)
        elif name in _RECORDED:
            recorded.setdefault(name, _text(content))
        elif content.startswith(_XMP):
            packet = content
    yield DATE, dated(written(recorded.get("TDRC", "")), "ID3 RecordingTime")
    year = recorded.get("TYER") or recorded.get("TYE", "")
    day = recorded.get("TDAT") or recorded.get("TDA", "")
    moment = written(f"{year}{day[2:]}{day[:2]}") or spoken(day)  # podcasts write it out
    yield DATE, dated(moment, "ID3 Year and Date")
    yield from xmp.said(packet)


def _frames(window: Window, place: int, header: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the text frames of a tag; pictures are stepped over."""
    version, flags = header[3], header[5]
    end = place + _synchsafe(header[6:10])
    if flags & _UNSYNCHRONIZED and version < 4:  # as a whole: lengths count what it was before
        tag = _restored(window.at(place, min(end - place, _LONGEST_TAG)))
        window = Window(lambda start, length: tag[start : start + length], len(tag))
        place, end = 0, len(tag)
    if flags & _EXTENDED and version > 2 and not _NAME.match(window.at(place, 4)):
        place += _length(window.exactly(place, 4), version) + (0 if version == 4 else 4)
    long = 10 if version > 2 else 6
    for _ in range(_MOST_FRAMES):
        frame = window.at(place, long)
        if place + long > end or len(frame) < long or not frame[0]:
            return
        name = frame[: 4 if version > 2 else 3].decode("latin-1")
        size = _frame_length(window, place, frame, version)
        if name in _FIELDS or name in _RECORDED or name == _PRIVATE:
            longest = xmp.LONGEST if name == _PRIVATE else _LONGEST
            content = window.at(place + long, min(size, longest))
            if version == 4 and frame[9] & 1:  # its length comes first
                content = content[4:]
            if version == 4 and (flags & _UNSYNCHRONIZED or frame[9] & 2):
                content = _restored(content)
            yield name, content
        place += long + size


def _frame_length(window: Window, place: int, frame: bytes, version: int) -> int:
    """Return how long a frame is; some wrote version 4 with the lengths of version 3."""
    if version < 3:
        return int.from_bytes(frame[3:6], "big")
    size = _length(frame[4:8], version)
    plain = int.from_bytes(frame[4:8], "big")
    if size == plain or _NAME.match(window.at(place + 10 + size, 4)):
        return size
    return plain if _NAME.match(window.at(place + 10 + plain, 4)) else size


def _restored(content: bytes) -> bytes:
    """Undo what was written so that no decoder takes a tag for sound."""
    return content.replace(b"\xff\0", b"\xff")


def _length(size: bytes, version: int) -> int:
    return _synchsafe(size) if version == 4 else int.from_bytes(size, "big")


def _synchsafe(size: bytes) -> int:
    return size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]


def _text(content: bytes) -> str:
    """Return the first of the texts in a frame."""
    if not content:
        return ""
    encoding = _ENCODINGS[content[0]] if content[0] < len(_ENCODINGS) else "latin-1"
    return content[1:].decode(encoding, "replace").lstrip("\ufeff").partition("\0")[0].strip()


def _plain(content: bytes) -> str:
    return content.partition(b"\0")[0].decode("latin-1").strip()

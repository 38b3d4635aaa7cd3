"""QuickTime and MP4: the header of a movie, and what stands in its lists of keys and tags."""

import datetime as dt
import struct
from collections.abc import Iterator
from typing import Final

from fileorg.content.boxes import Box, found, inside, needed, whole
from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, camera, dated
from fileorg.content.metadata.moments import since, written
from fileorg.content.window import Window
from fileorg.model.evidence import Dated

_LONGEST: Final = 4_096
_UNIX: Final = 2_082_844_800
"""The seconds from 1904, where QuickTime's clock begins, to 1970."""

_TAGS: Final = {
    b"\xa9nam": "title",
    b"\xa9ART": "artist",
    b"\xa9alb": "album",
    b"trkn": "track",
    b"\xa9day": "day",
    b"\xa9mak": "make",
    b"\xa9mod": "model",
}
_ASSETS: Final = {b"titl": "title", b"perf": "artist", b"auth": "artist", b"albm": "album"}
"""What 3GP calls the same, each with flags and a language before it."""

_KEYS: Final = {
    b"com.apple.quicktime.creationdate": "creationdate",
    b"com.apple.quicktime.make": "make",
    b"com.apple.quicktime.model": "model",
    b"com.apple.quicktime.title": "title",
    b"com.apple.quicktime.artist": "artist",
    b"com.apple.quicktime.album": "album",
    b"com.android.manufacturer": "make",
    b"com.android.model": "model",
}


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a movie says, or a song in the same container."""
    moov = needed(window, whole(window), b"moov")
    said: dict[str, str] = {}
    for name, text in _said(window, moov):
        said.setdefault(name, text)
    yield DATE, dated(written(said.get("creationdate", "")), "QuickTime creationdate")
    yield DATE, dated(written(said.get("day", "")), "QuickTime ContentCreateDate")
    yield DATE, _created(window, moov)
    yield MODIFIED, _saved(window, moov)
    yield "camera", camera(said.get("make", ""), said.get("model", ""))
    yield from said.items()
    if "width" in wanted or "height" in wanted:
        yield from _size(window, moov)


def _created(window: Window, moov: Box) -> Dated | None:
    """Return when the movie was made, or the first of its tracks that knows."""
    for path in ((b"mvhd",), (b"trak", b"tkhd"), (b"trak", b"mdia", b"mdhd")):
        header = found(window, moov, *path)
        if header is not None and (moment := _moments(window, header)[0]):
            return dated(moment, "QuickTime CreateDate")
    return None


def _saved(window: Window, moov: Box) -> Dated | None:
    """Return when the movie was saved."""
    header = found(window, moov, b"mvhd")
    return dated(_moments(window, header)[1], "QuickTime ModifyDate") if header else None


def _moments(window: Window, header: Box) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return when what a header is for was made and saved."""
    form = ">QQ" if window.exactly(header.start, 1) == b"\1" else ">II"
    made, saved = struct.unpack(form, window.exactly(header.start + 4, struct.calcsize(form)))
    return _since(made), _since(saved)


def _since(seconds: int) -> dt.datetime | None:
    """Return a moment: who counts from 1970 made no film in the years before."""
    return since(1904 if seconds >= _UNIX else 1970, seconds)


def _said(window: Window, moov: Box) -> Iterator[tuple[str, str]]:
    """Yield names and values of keys and tags, wherever a maker puts them."""
    for box in inside(window, moov):
        if box.kind == b"meta":
            yield from _listed(window, box)
        elif box.kind == b"udta":
            for inner in inside(window, box):
                if inner.kind == b"meta":
                    yield from _listed(window, inner)
                elif inner.kind in _TAGS:
                    yield _TAGS[inner.kind], _old_text(window, inner)
                elif inner.kind in _ASSETS:
                    yield _ASSETS[inner.kind], _asset(window, inner)


def _listed(window: Window, meta: Box) -> Iterator[tuple[str, str]]:
    """Yield the tags of a list, which are numbers where there is a table of keys."""
    skip = 0 if window.at(meta.start + 4, 4) == b"hdlr" else 4
    parts = {box.kind: box for box in inside(window, meta, skip)}
    names: dict[bytes, str] = dict(_TAGS)
    if b"keys" in parts:
        for number, key in enumerate(inside(window, parts[b"keys"], 8), start=1):
            name = _KEYS.get(window.at(key.start, min(key.end - key.start, 64)))
            if name:
                names[struct.pack(">I", number)] = name
    if b"ilst" not in parts:
        return
    for item in inside(window, parts[b"ilst"]):
        data = found(window, item, b"data") if item.kind in names else None
        if data is not None:
            content = window.at(data.start + 8, min(data.end - data.start - 8, _LONGEST))
            name = names[item.kind]
            yield name, _track(content) if name == "track" else content.decode("utf-8", "replace")


def _track(content: bytes) -> str:
    return str(struct.unpack(">H", content[2:4])[0])


def _old_text(window: Window, box: Box) -> str:
    """Return a text of QuickTime, which has a length and a language before it."""
    content = window.at(box.start, min(box.end - box.start, _LONGEST))
    (length,) = struct.unpack(">H", content[:2])
    return content[4 : 4 + length].decode("utf-8", "replace").strip("\0 ")


def _asset(window: Window, box: Box) -> str:
    """Return a text of 3GP, which ends with a NUL and is UTF-16 where that is marked."""
    content = window.at(box.start + 6, min(box.end - box.start - 6, _LONGEST))
    if content[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return content.decode("utf-16", "replace").partition("\0")[0]
    return content.partition(b"\0")[0].decode("utf-8", "replace")


def _size(window: Window, moov: Box) -> Evidence:
    """Yield the size of the first track that has one."""
    for trak in inside(window, moov):
        header = found(window, trak, b"tkhd") if trak.kind == b"trak" else None
        if header is not None:
            width, height = struct.unpack(">HxxHxx", window.exactly(header.end - 8, 8))
            yield "width", width
            yield "height", height

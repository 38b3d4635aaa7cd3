"""When a photo was taken, by the first block of its JPEG: all that most libraries are asked for.

It is the short way through `jpeg` and `exif`, in a fifth of their time, where all stands as cameras
write it. Where anything does not, it has no answer, and they go the long way.
"""

import struct
from typing import Final

from fileorg.content.metadata import exif
from fileorg.model.evidence import Dated

_APP0, _APP1 = b"\xff\xe0", b"\xff\xe1"
_ORDERS: Final = {b"II": "<", b"MM": ">"}
_SHORT: Final = {order: struct.Struct(order + "H").unpack_from for order in "<>"}
_LONG: Final = {order: struct.Struct(order + "I").unpack_from for order in "<>"}
_VALUE: Final = {order: struct.Struct(order + "HII").unpack_from for order in "<>"}
_TEXT, _NUMBER = 2, 4
_SOURCE, *_TAGS = exif.ORIGINAL
_NAMES: Final = frozenset(_TAGS)


def taken(head: bytes) -> Dated | None:
    """Return EXIF DateTimeOriginal, None where it takes more than *head* or than this to know."""
    try:
        return _taken(head)
    except (LookupError, ValueError, struct.error):
        return None


def _taken(head: bytes) -> Dated | None:
    place = 2
    while head.startswith(_APP0, place):
        place += 2 + max(int.from_bytes(head[place + 2 : place + 4], "big"), 2)
    if not head.startswith(_APP1, place) or not head.startswith(exif.MARK, place + 4):
        return None
    base = place + 10
    order = _ORDERS[head[base : base + 2]]
    place = base + _LONG[order](head, base + 4)[0]
    tags = _tags(head, place, order)
    kind, count, value = _VALUE[order](head, place + 4 + 12 * tags.index(exif.EXIF_IFD))
    if kind != _NUMBER or count != 1 or not _NAMES.isdisjoint(tags):
        return None
    place = base + value
    tags = _tags(head, place, order)
    return exif.dated(_SOURCE, *[_text(head, base, place, order, tags, tag) for tag in _TAGS])


def _tags(head: bytes, place: int, order: str) -> tuple[int, ...]:
    """Return the tags of the directory at *place*."""
    return exif.tags_of(order, _SHORT[order](head, place)[0]).unpack_from(head, place + 2)


def _text(head: bytes, base: int, place: int, order: str, tags: tuple[int, ...], tag: int) -> str:
    """Return a text of the directory at *place*, empty where it has none."""
    if tag not in tags:
        return ""
    entry = place + 4 + 12 * tags.index(tag)
    kind, count, value = _VALUE[order](head, entry)
    start = base + value if count > 4 else entry + 6
    content = head[start : start + count]
    if kind != _TEXT or len(content) != count:
        raise LookupError(tag)
    return exif.text(content)

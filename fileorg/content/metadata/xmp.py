"""XMP: read by its usual prefixes, with no XML parser that an entity could blow up."""

import html
import re
from typing import Final

from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence, camera, dated
from fileorg.content.metadata.moments import written
from fileorg.content.window import Window

LONGEST: Final = 1 << 18
"""How much of a packet is looked at."""

_DATES: Final = (
    (DATE, "DateTimeOriginal", "exif:DateTimeOriginal"),
    (DATE, "DateCreated", "photoshop:DateCreated"),
    (DATE, "CreateDate", "xmp:CreateDate|xap:CreateDate|pdf:CreationDate"),
    (DATE, "DateTimeDigitized", "exif:DateTimeDigitized"),
    (DATE, "Date", "dc:date"),
    (MODIFIED, "ModifyDate", "xmp:ModifyDate|xap:ModifyDate|pdf:ModDate"),
    (MODIFIED, "MetadataDate", "xmp:MetadataDate|xap:MetadataDate"),
)


def _value_of(names: str) -> re.Pattern[bytes]:
    """Match an attribute, an element, or the first item of a list by its name."""
    return re.compile(
        rf"(?:{names})\s*(?:=\s*[\"']|>(?:\s*<rdf:(?:Seq|Bag|Alt|li)\b[^<>]*>)*)([^\"'<>]+)".encode()
    )


_BY_DATE: Final = tuple((rank, f"XMP {name}", _value_of(names)) for rank, name, names in _DATES)
_MAKE, _MODEL = _value_of("tiff:Make"), _value_of("tiff:Model")
_FIELDS: Final = {"artist": _value_of("dc:creator"), "title": _value_of("dc:title")}


def said(packet: bytes) -> Evidence:
    """Yield what an XMP packet says."""
    packet = packet[:LONGEST]
    for rank, source, pattern in _BY_DATE:
        yield rank, dated(written(_first(pattern, packet)), source)
    yield "camera", camera(_first(_MAKE, packet), _first(_MODEL, packet))
    for name, pattern in _FIELDS.items():
        yield name, _first(pattern, packet)


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a file says that is XMP, such as a sidecar."""
    return said(window.at(0, LONGEST))


def _first(pattern: re.Pattern[bytes], packet: bytes) -> str:
    found = pattern.search(packet)
    return html.unescape(found[1].decode("utf-8", "replace")).strip() if found else ""

"""The XML that a server answers with, read as one that is not trusted, and the XML it is sent."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote_to_bytes
from xml.sax.saxutils import escape

LARGEST = 32 << 20
"""Bytes of an answer that is read as XML: ten times the largest page there can be."""

_TIME = re.compile(r"\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII)
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9,
    "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip


class DocumentError(ValueError):
    """An answer that no S3 server gives."""


class Listed(NamedTuple):
    """An object as a listing tells of it; the time in seconds, the ETag without quotes."""

    key: bytes
    size: int
    modified: int
    etag: str


class Page(NamedTuple):
    """A part of a listing: objects, common prefixes, and the token of what follows, or none."""

    objects: list[Listed]
    prefixes: list[bytes]
    token: str


class Fault(NamedTuple):
    """What an error document says: a code, words for people, and the region it names."""

    code: str
    message: str = ""
    region: str = ""


def document(body: bytes) -> ET.Element:
    """Parse a document without a DTD, in UTF-8 whatever it says; `DocumentError`."""
    if len(body) > LARGEST:
        raise DocumentError("an answer of more than 32 MiB")
    if b"<!DOCTYPE" in body:  # where entities are declared that grow without end
        raise DocumentError("an answer with a DTD")
    try:
        # Decoded here: the parser would believe in a mark of another encoding.
        return ET.fromstring(body.decode())  # noqa: S314 - see above
    except (ET.ParseError, ValueError) as error:
        raise DocumentError(f"an answer that is no XML: {error}") from None


def page(body: bytes) -> Page:
    """Read a page of a listing, its keys decoded as the server says that they are encoded."""
    root = document(body)
    space = _space(root)
    key, size, etag = f"{space}Key", f"{space}Size", f"{space}ETag"
    modified, prefix = f"{space}LastModified", f"{space}Prefix"
    if root.tag != f"{space}ListBucketResult":
        raise DocumentError("an answer that is no listing")
    decode = _decoded if root.findtext(f"{space}EncodingType") == "url" else str.encode
    try:
        objects = [
            Listed(
                decode(found.findtext(key)),  # type: ignore[arg-type]
                int(found.findtext(size)),  # type: ignore[arg-type]
                iso_seconds(found.findtext(modified)),  # type: ignore[arg-type]
                bare(found.findtext(etag, "")),
            )
            for found in root.iterfind(f"{space}Contents")
        ]
        prefixes = [
            decode(found.findtext(prefix))  # type: ignore[arg-type]
            for found in root.iterfind(f"{space}CommonPrefixes")
        ]
    except (TypeError, ValueError, AttributeError) as error:
        raise DocumentError(f"a listing that can't be read: {error}") from None
    token = ""
    if root.findtext(f"{space}IsTruncated") == "true":
        token = root.findtext(f"{space}NextContinuationToken") or ""
        if not token:
            raise DocumentError("a part of a listing that does not say how to go on")
    return Page(objects, prefixes, token)


def fault(body: bytes) -> Fault | None:
    """Return what an error document says, None where *body* is none."""
    if b"<Error" not in body:
        return None
    try:
        root = document(body)
    except DocumentError:
        return None
    space = _space(root)
    if root.tag != f"{space}Error":
        return None
    said = [root.findtext(f"{space}{name}", "") for name in ("Code", "Message", "Region")]
    return Fault(*said)


def values(body: bytes, *names: str) -> tuple[str, ...]:
    """Return the text of elements by name, wherever they are; empty where there is none."""
    root = document(body)
    space = _space(root)
    found = [next(root.iter(f"{space}{name}"), None) for name in names]
    return tuple("" if one is None else one.text or "" for one in found)


def tags(body: bytes) -> list[tuple[str, str]]:
    """Read the tags of an object."""
    root = document(body)
    space = _space(root)
    return [
        (tag.findtext(f"{space}Key", ""), tag.findtext(f"{space}Value", ""))
        for tag in root.iter(f"{space}Tag")
    ]


def tag_set(wanted: Iterable[tuple[str, str]]) -> bytes:
    """Write the tags of an object."""
    inner = "".join(
        f"<Tag><Key>{escape(name)}</Key><Value>{escape(held)}</Value></Tag>"
        for name, held in wanted
    )
    return f"<Tagging><TagSet>{inner}</TagSet></Tagging>".encode()


def completion(parts: Iterable[str]) -> bytes:
    """Write the list of a multipart upload's parts, whose ETags come in order."""
    inner = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etag)}</ETag></Part>"
        for number, etag in enumerate(parts, 1)
    )
    return f"<CompleteMultipartUpload>{inner}</CompleteMultipartUpload>".encode()


def removal(objects: Iterable[tuple[bytes, str]]) -> bytes:
    """Write the list of keys to remove, each only while its object has the ETag."""
    inner = "".join(
        f'<Object><Key>{escape(key.decode())}</Key><ETag>"{escape(etag)}"</ETag></Object>'
        for key, etag in objects
    )
    return f"<Delete>{inner}</Delete>".encode()


def removed(body: bytes) -> set[bytes]:
    """Return the keys of which an answer says that they were removed."""
    root = document(body)
    space = _space(root)
    found = root.iterfind(f"{space}Deleted")
    return {one.findtext(f"{space}Key", "").encode() for one in found}


def bare(etag: str) -> str:
    """Return an ETag without quotes, nor the mark that a proxy puts before one."""
    return etag.removeprefix("W/").strip('"')


def iso_seconds(text: str) -> int:
    """Return the whole seconds UTC of a time as listings write it."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def http_seconds(text: str) -> int:
    """Return the seconds UTC of a time as headers write it: Sun, 22 Nov 2026 10:00:00 GMT."""
    try:
        found = _TIME.fullmatch(text)
        if found is None:
            return int(parsedate_to_datetime(text).timestamp())
        day, month, year, hour, minute, second = found.groups()
        on = datetime(int(year), _MONTHS[month], int(day), tzinfo=UTC)
        return int(on.timestamp()) + 3600 * int(hour) + 60 * int(minute) + int(second)
    except (ValueError, KeyError):
        raise DocumentError(f"a time that is none: {text[:40]!r}") from None


def _decoded(text: str) -> bytes:
    if "%" not in text and "+" not in text:
        return text.encode()
    return unquote_to_bytes(text.replace("+", " "))


def _space(root: ET.Element) -> str:
    return root.tag[: root.tag.find("}") + 1]

"""What an object carries beside its bytes, and what a copy of it is given; pure.

A copy keeps all of it, and is given the time of its original as rclone writes it, in the metadata
`mtime`. `fileorg-mtime` counts the copies since that was added, so that taking them back one by one
ends with an object that has neither.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from fileorg.storage.s3.documents import DocumentError, bare, http_seconds

META = "x-amz-meta-"
TAGS = "x-amz-tagging"
MTIME, COUNT = f"{META}mtime", f"{META}fileorg-mtime"
_CONTENT = (
    "cache-control", "content-disposition", "content-encoding", "content-language", "content-type",
    "expires",
)  # fmt: skip
_KEPT = (
    "x-amz-storage-class", "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled", "x-amz-website-redirect-location",
    "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold",
)  # fmt: skip
_SECONDS = re.compile(r"(-?)([0-9]{1,11})(?:\.([0-9]{1,9}))?")
_MD5 = re.compile(r"[0-9a-f]{32}")
_CHECKSUM = re.compile(r"x-amz-checksum-(?!type$|mode$|algorithm$)")


class Head(NamedTuple):
    """An object as HEAD tells of it, with all its headers by lower-case name."""

    size: int
    modified: int
    etag: str
    headers: Mapping[str, str]

    @property
    def mtime_ns(self) -> int:
        """The time that its metadata gives it, else when it was written."""
        known = nanoseconds(self.headers.get(MTIME, ""))
        return self.modified * 10**9 if known is None else known

    @property
    def metadata(self) -> dict[str, str]:
        """What users and programs have written beside it."""
        return {name: held for name, held in self.headers.items() if name.startswith(META)}


def head_of(headers: Mapping[str, str]) -> Head:
    """Read the headers of an object; `DocumentError` where they are none."""
    try:
        return Head(
            int(headers["content-length"]),
            http_seconds(headers["last-modified"]),
            bare(headers["etag"]),
            headers,
        )
    except (KeyError, ValueError) as error:
        raise DocumentError(f"an object without size, time or ETag: {error}") from None


def nanoseconds(text: str) -> int | None:
    """Read a time as rclone writes it, decimal seconds; None where it is no such thing."""
    found = _SECONDS.fullmatch(text)
    if found is None:
        return None
    sign, seconds, fraction = found.groups()
    total = int(seconds) * 10**9 + int((fraction or "0").ljust(9, "0"))
    return -total if sign else total


def decimal(time_ns: int) -> str:
    """Write a time as rclone does."""
    seconds, rest = divmod(abs(time_ns), 10**9)
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    return f"{'-' if time_ns < 0 else ''}{seconds}{fraction}"


def is_changed(head: Head, *, restore: bool) -> bool:
    """Whether a copy gets other metadata than its original has."""
    return (COUNT in head.headers) or (not restore and MTIME not in head.headers)


def copied(head: Head, *, restore: bool) -> dict[str, str]:
    """Return the metadata of a copy: with a time of its own, or, to *restore*, as it was."""
    kept = head.metadata
    count = kept.pop(COUNT, None)
    since = int(count) if count is not None and count.isdecimal() else 0
    if not restore and MTIME not in kept:
        kept[MTIME] = str(head.modified)
        return kept | {COUNT: "1"}
    if count is None:
        return kept
    if restore and since <= 1:
        kept.pop(MTIME, None)
        return kept
    return kept | {COUNT: str(since - 1 if restore else since + 1)}


def settings(head: Head) -> dict[str, str]:
    """Return the headers that every copy needs, or it gets what the bucket's default is."""
    return {name: head.headers[name] for name in _KEPT if name in head.headers}


def taken_along(head: Head, *, restore: bool) -> dict[str, str]:
    """Return the headers that hold in any bucket of any service: content and metadata."""
    content = {name: head.headers[name] for name in _CONTENT if name in head.headers}
    return content | copied(head, restore=restore)


def written(head: Head, *, restore: bool) -> dict[str, str]:
    """Return the headers that an object is written anew with: content, metadata and settings."""
    return taken_along(head, restore=restore) | settings(head)


def directed(head: Head, *, restore: bool) -> dict[str, str]:
    """Return the headers of CopyObject: the server keeps by itself what does not change."""
    if is_changed(head, restore=restore):
        return written(head, restore=restore) | {"x-amz-metadata-directive": "REPLACE"}
    return settings(head)


def tagging(tags: list[tuple[str, str]]) -> str:
    """Write tags as a header holds them."""
    return "&".join(f"{quote(name, safe='')}={quote(held, safe='')}" for name, held in tags)


def is_dressed(made: Head, head: Head, *, restore: bool) -> bool:
    """Whether a copy has the metadata and the content headers that it was to get.

    More than that is none the worse: there are servers that can't be told to drop a thing.
    """
    return taken_along(head, restore=restore).items() <= made.headers.items()


def is_copy(made: Head, head: Head) -> bool:
    """Whether *made* can be the copy of *head*: the size, and all that tells of the content.

    The ETag of an object that was written in parts, or is encrypted by a key of its own, tells
    nothing of its content: there it is the checksums that both have, and else the size.
    """
    if made.size != head.size:
        return False
    if made.etag == head.etag:
        return True
    if is_digest(made) and is_digest(head):
        return False
    sums = [name for name in head.headers if _CHECKSUM.match(name) and name in made.headers]
    whole = [name for name in sums if "-" not in made.headers[name] + head.headers[name]]
    return all(made.headers[name] == head.headers[name] for name in whole)


def is_digest(head: Head) -> bool:
    """Whether the ETag is the MD5 of the content."""
    encrypted = head.headers.get("x-amz-server-side-encryption", "AES256") != "AES256"
    return bool(_MD5.fullmatch(head.etag)) and not encrypted

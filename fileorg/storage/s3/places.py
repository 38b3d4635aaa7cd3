"""What `s3://bucket/prefix` names: a bucket, a prefix of keys, and the keys below it."""

import re
from urllib.parse import quote

import msgspec
import xxhash

from fileorg.errors import UsageError
from fileorg.model.location import join, shown

SCHEMES = ("s3", "r2")
LONGEST_KEY = 1024
_63_BITS = (1 << 63) - 1
_PLACE = re.compile(rb"(s3|r2)://([^/]*)(?:/(.*))?", re.DOTALL)
_BUCKET = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
_NOWHERE = frozenset((b"", b".", b".."))


class Place(msgspec.Struct, frozen=True):
    """A bucket and the prefix in it, without the slash that ends it; `b""` is the whole bucket."""

    scheme: str
    bucket: str
    prefix: bytes

    @property
    def path(self) -> bytes:
        """The location as a user writes it."""
        return f"{self.scheme}://{self.bucket}".encode() + (self.prefix and b"/" + self.prefix)

    def key(self, path: bytes) -> bytes:
        """Return the key of a relative path."""
        return join(self.prefix, path) if path else self.prefix

    def below(self, path: bytes) -> bytes:
        """Return what the keys in a folder begin with; empty for the whole bucket."""
        key = self.key(path)
        return key + b"/" if key else b""


def place_of(path: bytes) -> Place:
    """Read a location; `UsageError` where it names no bucket or a prefix nothing can lie below."""
    found = _PLACE.fullmatch(path)
    if found is None or not found[2]:
        raise UsageError(f"{shown(path)}: no bucket", "write s3://bucket/prefix")
    if not _BUCKET.fullmatch(found[2]):
        raise UsageError(
            f"{shown(path)}: {shown(found[2])!r} is no name that a bucket can have",
            "3 to 63 lower-case letters, digits, dots and hyphens; a letter or digit at both ends",
        )
    written = found[3] or b""
    prefix = written.removesuffix(b"/")
    try:
        prefix.decode()
    except UnicodeDecodeError:
        raise UsageError(f"{shown(path)}: not UTF-8", "keys are UTF-8") from None
    if written and not is_plain(prefix):
        raise UsageError(
            f"{shown(path)}: a prefix with an empty part, `.` or `..`", "choose another prefix"
        )
    return Place(found[1].decode(), found[2].decode(), prefix)


def is_name(name: bytes) -> bool:
    """Whether a component is neither empty nor `.` nor `..`."""
    return name not in _NOWHERE


def is_plain(path: bytes) -> bool:
    """Whether no component of a path is empty, `.` or `..`."""
    return _NOWHERE.isdisjoint(path.split(b"/"))


def is_key(path: bytes) -> bool:
    """Whether a path can be that of an object: plain, in UTF-8, without NUL."""
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in path and is_plain(path)


def quoted(key: bytes) -> str:
    """Return a key as it stands in a URL and in a signature."""
    return quote(key, safe="/~")


def number(*parts: bytes | str) -> int:
    """Return 63 bits that tell apart what *parts* name; never 0."""
    return digest(b"\0".join(part.encode() if isinstance(part, str) else part for part in parts))


def digest(raw: bytes) -> int:
    """Return 63 bits of what tells *raw* apart; never 0."""
    return (xxhash.xxh3_64_intdigest(raw) & _63_BITS) or 1

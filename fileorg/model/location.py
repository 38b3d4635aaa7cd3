"""Where something is: the roots of a run, and paths relative to them as bytes."""

import base64
import os
from collections.abc import Iterable, Iterator

import msgspec

_NOWHERE = frozenset((b"", b".", b".."))
_REMOTE = (b"s3://", b"r2://")


QUARANTINE = b".fileorg/quarantine"
"""The folder below a root in which each run sets files aside in a folder of its own."""


class Location(msgspec.Struct, frozen=True, gc=False, array_like=True, order=True):
    """A path below a root: the root's id and bytes relative to it; `b""` is the root itself."""

    root: int
    path: bytes

    @property
    def name(self) -> bytes:
        """The last component."""
        return self.path[self.path.rfind(b"/") + 1 :]

    @property
    def folder(self) -> "Location":
        """The folder that holds this location; of the root, the root."""
        return Location(self.root, folder_of(self.path))

    def upwards(self) -> Iterator["Location"]:
        """Yield this location and the folders that it is in, but for the root."""
        here = self
        while here.path:
            yield here
            here = here.folder

    def below(self, name: bytes) -> "Location":
        """Return the location of *name*, a component or a relative path, inside this folder."""
        return Location(self.root, join(self.path, name))


class Root(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A folder a run works in: absolute path, device and inode as they were when it was opened.

    *reach* says how a root that is no local folder is got at, without secrets; the journal keeps
    it, so that the run can be taken back.
    """

    path: bytes
    device: int
    inode: int
    reach: str = ""

    def absolute(self, location: Location) -> bytes:
        """Return the absolute path of *location*, which must be below this root."""
        return join(self.path, location.path) if location.path else self.path


def is_remote(path: bytes) -> bool:
    """Whether a location as the user gives it is a bucket's, and no path of this machine."""
    return path.startswith(_REMOTE)


def folder_of(path: bytes) -> bytes:
    """Return the folder part of a relative path, `b""` for a path of one component."""
    cut = path.rfind(b"/")
    return path[:cut] if cut >= 0 else b""


def join(folder: bytes, path: bytes) -> bytes:
    """Join two paths; an empty *folder* adds nothing."""
    if not folder:
        return path
    return folder + path if folder.endswith(b"/") else folder + b"/" + path


def is_below(path: bytes, folder: bytes) -> bool:
    """Whether *path* is *folder* or lies in it; both absolute, or both relative to one root."""
    return path == folder or path.startswith(join(folder, b"")) or not folder


def lies_open(path: bytes, folder: bytes) -> bool:
    """Whether an absolute *path* lies in *folder*, and neither it nor what is between is hidden."""
    if not is_below(path, folder):
        return False
    return not any(part.startswith(b".") for part in path[len(folder) :].strip(b"/").split(b"/"))


def overlap(some: Iterable[bytes], others: Iterable[bytes]) -> bool:
    """Whether one of some absolute paths is one of the others, or holds it, or lies in it."""
    them = tuple(others)
    return any(is_below(a, b) or is_below(b, a) for a in some for b in them)


def is_inside(path: bytes) -> bool:
    """Whether a relative path leads to the root or below it, whatever folders there are."""
    return not path or _NOWHERE.isdisjoint(path.split(b"/"))


def text(path: bytes) -> str:
    """Return a path as text that `os.fsencode` turns back into the very same bytes."""
    return os.fsdecode(path)


def exact(path: bytes) -> str | msgspec.UnsetType:
    """Return in base64 a path that its text alone would not give back; UNSET where it does."""
    return msgspec.UNSET if _is_utf8(path) else base64.b64encode(path).decode("ascii")


def exact_all(paths: Iterable[bytes]) -> tuple[str, ...] | msgspec.UnsetType:
    """Return paths in base64, all of them if there is one that needs it; else UNSET."""
    places = tuple(paths)
    if all(_is_utf8(path) for path in places):
        return msgspec.UNSET
    return tuple(base64.b64encode(path).decode("ascii") for path in places)


def shown(path: bytes) -> str:
    """Return a path as text for people and JSON, bytes that are not UTF-8 as escapes."""
    return path.decode("utf-8", "backslashreplace")


def _is_utf8(path: bytes) -> bool:
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

"""Opening what a run works on: checks on the sources, roots, locks, and the storage."""

import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from fileorg.errors import (
    RefusedError,
    SourceMissingError,
    StorageError,
    StorageUnavailableError,
    UsageError,
)
from fileorg.journal.schema import JournalRoot
from fileorg.model.location import Location, Root, is_below, is_remote, lies_open, overlap, text
from fileorg.model.reason import Reason
from fileorg.model.requests import NO_REQUESTS, Requests
from fileorg.plan.places import Destination
from fileorg.scan.protection import checkout_reason, content_reason, danger, folder_reason
from fileorg.storage.asked import ANY, Asked
from fileorg.storage.base import Storage
from fileorg.storage.local_probe import mount_id, numbers_anew
from fileorg.storage.locks import Locks, lockable
from fileorg.storage.registry import open_storage
from fileorg.storage.remote import is_object, root_at
from fileorg.storage.remote import real as real_path


class Wanted(msgspec.Struct, frozen=True):
    """What the user points at: absolute paths as bytes, how far to look, and whether it stays.

    The *references* are only read; they get roots, too.
    """

    sources: tuple[bytes, ...]
    into: bytes | None = None
    recursive: bool = False
    force: bool = False
    state: bytes = b""
    copies: bool = False
    references: tuple[bytes, ...] = ()
    asked: Asked = Asked()
    asked_into: Asked = Asked()


class Workspace:
    """The roots of a run, locked and open; a context manager."""

    def __init__(self, roots: Sequence[Root], *, exact_times: bool = False) -> None:
        self.roots = list(roots)
        self._exact_times = exact_times
        self._stack = ExitStack()
        self._storage: Storage | None = None
        self._asked_apart = NO_REQUESTS

    def __enter__(self) -> Self:
        """Open the storage."""
        self._storage = open_storage(self.roots, exact_times=self._exact_times)
        self._stack.callback(self._storage.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the storage and let go of the locks.

        A `StorageError` that comes this far is not about one file: the run can't do without.
        """
        self._stack.close()
        if isinstance(error, StorageError):
            where = ", ".join(text(root.path) for root in self.roots)
            raise StorageUnavailableError(
                f"{where}: {error}", "nothing is lost; when the disk is well: fileorg recover"
            ) from error

    @property
    def storage(self) -> Storage:
        """The open storage."""
        if self._storage is None:
            raise RuntimeError("the workspace is not open")
        return self._storage

    @property
    def is_remote(self) -> bool:
        """Whether there is a bucket among the roots."""
        return any(root.reach for root in self.roots)

    @property
    def requests(self) -> Requests:
        """What servers were asked so far."""
        return self.storage.requests() + self._asked_apart

    def add_requests(self, other: "Workspace") -> None:
        """Count as well what was asked in another workspace for this run."""
        self._asked_apart += other.requests

    def lock(self, beside: Path, wait: float) -> None:
        """Take the locks of every root, those of buckets in *beside*.

        `RunBusyError` if another run has one.
        """
        locks = Locks(beside)
        self._stack.callback(locks.close)
        locks.take([root.path for root in self.roots], wait)

    def lock_beside(self, beside: Path, held: list[bytes]) -> None:
        """Take the locks of the roots that those already *held* neither contain nor lie in."""
        locks = Locks(beside)
        self._stack.callback(locks.close)
        taken = {*map(lockable, held)}
        paths = [root.path for root in self.roots]
        others = [p for p in paths if not overlap((p,), held) and lockable(p) not in taken]
        locks.take(others, 0)

    def probe(self, run: str) -> list[JournalRoot]:
        """Find out how each root renames without replacing; for the journal."""
        scratch = f".fileorg-{run}-probe".encode()
        return [
            JournalRoot(
                root, root.reach or mount_id(root.path), self.storage.probe(number, scratch)
            )
            for number, root in enumerate(self.roots)
        ]


def plan_roots(wanted: Wanted) -> tuple[list[Root], list[Destination]]:
    """Return the roots that sources and destination need, and where each source goes.

    Errors: `SourceMissingError`, `UsageError`, `RefusedError`, `StorageUnavailableError`.
    """
    try:
        return _roots_of(wanted)
    except OSError as error:
        where = error.filename or b", ".join(wanted.sources)
        raise StorageUnavailableError(
            f"{text(os.fsencode(where))}: {error.strerror}",
            "nothing was moved; is the disk healthy?",
        ) from error


def _roots_of(wanted: Wanted) -> tuple[list[Root], list[Destination]]:
    sources = [_resolved(path, wanted) for path in wanted.sources]
    into = None if wanted.into is None else _destination(wanted)
    folders = [path if is_folder else os.path.dirname(path) for path, is_folder in sources]
    read = [_real(path, wanted.asked)[0] for path in wanted.references]
    opened = _opened([*folders, *read], wanted.asked)
    ends = [opened[folder] for folder in folders]
    if into is not None:
        ends = [*_opened([_existing(into)], wanted.asked_into).values()] * len(sources)
    roots = _outermost([*opened.values(), *ends])
    _check_state([path for path, is_folder in sources if is_folder], wanted.state)
    for folder in dict.fromkeys(end.path for end in ends):
        check_writable(folder)
    for folder in folders if not wanted.copies else []:
        _check_removable(folder)
    destinations = []
    for (path, _), folder, end in zip(sources, folders, ends, strict=True):
        here = _locate(roots, path, folder, opened[folder].device)
        there = here if into is None else _locate(roots, into, end.path, end.device)
        destinations.append(Destination(here, there))
    return roots, destinations


def check_dangerous(paths: Sequence[bytes], *, force: bool) -> None:
    """Raise `RefusedError` for a folder in which nothing is moved unless it is forced."""
    for path in paths if not force else ():
        _refuse_dangerous(path, Wanted(()))


def reading_roots(paths: Sequence[bytes], asked: Asked = ANY) -> tuple[list[Root], list[Location]]:
    """Return the roots that only reading *paths* needs, and where each path is.

    Errors: `SourceMissingError`, `StorageUnavailableError`.
    """
    real = [_real(path, asked) for path in paths]
    folders = [path if is_folder else os.path.dirname(path) for path, is_folder in real]
    opened = _opened(folders, asked)
    roots = _outermost(opened.values())
    found = zip(real, folders, strict=True)
    return roots, [
        _locate(roots, path, folder, opened[folder].device) for (path, _), folder in found
    ]


def check_one_bucket(paths: Sequence[bytes]) -> None:
    """Refuse to set aside what is redundant beside a file elsewhere than in the same bucket."""
    if any(map(is_remote, paths)) and len({*map(lockable, paths)}) > 1:
        raise UsageError(
            "what is redundant in a bucket is set aside beside what is in that bucket alone",
            "name places in one bucket; fileorg dedupe without --action names what is in all",
        )


def located(roots: Sequence[Root], path: bytes) -> Location:
    """Return where a folder is that one of *roots* was opened for."""
    found = real_path(path)
    device = None if is_remote(found) else os.stat(found).st_dev
    return _locate(roots, found, found, device)


def found_again(root: Root) -> Root:
    """Return a root that a journal knows as it is now: the same folder. Errors as `open_root`."""
    return root if root.reach else open_root(root.path, root.inode)


def open_root(path: bytes, inode: int = 0) -> Root:
    """Return the root at an absolute path, which must be *inode* if that is given and is kept.

    `StorageUnavailableError` if it can't be opened or is another folder.
    """
    try:
        found = os.stat(path)
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError(20, "Not a directory")
        os.close(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
    except OSError as error:
        raise StorageUnavailableError(
            f"{text(path)}: {error.strerror}", "check that it is there and that you may read it"
        ) from error
    if inode and found.st_ino != inode and not numbers_anew(path):
        raise StorageUnavailableError(
            f"{text(path)}: another folder stands there now", "put the old one back"
        )
    return Root(path, found.st_dev, found.st_ino)


def _resolved(path: bytes, wanted: Wanted) -> tuple[bytes, bool]:
    """Return the real path of a source and whether it is a folder, as far as it may be touched."""
    real, is_folder = _real(path, wanted.asked)
    if is_folder:
        if not wanted.force:
            _refuse_dangerous(real, wanted)
    elif wanted.into is None:
        raise UsageError(f"{text(path)}: not a folder", "say where it goes with --into DEST")
    return real, is_folder


def _real(path: bytes, asked: Asked) -> tuple[bytes, bool]:
    """Return the real path of what is there, a symlink to no folder as itself, and if it is one.

    In a bucket it is a folder unless an object, and no other, has just that key.
    """
    if is_remote(path):
        return path, not is_object(path, asked)
    if not os.path.lexists(path):
        raise SourceMissingError(f"{text(path)}: there is no such file or folder", "check the path")
    real = os.path.realpath(path)
    if os.path.isdir(real):
        return real, True
    folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    return os.path.join(folder, os.path.basename(path)), False


def _refuse_dangerous(path: bytes, wanted: Wanted) -> None:
    if is_remote(path):
        return
    home = _home()
    why = danger(path, home, wanted.recursive)
    if why is None:
        reason = checkout_reason(_names(path)) or folder_reason(os.path.basename(path))
        why = f"it is a {reason.value}" if reason is not None else None
    if why is not None:
        raise RefusedError(
            f"{text(path)}: not organized, because {why}", "--force does it all the same"
        )


def _destination(wanted: Wanted) -> bytes:
    """Return the real path of DEST, which may not exist yet."""
    if wanted.into is not None and is_remote(wanted.into):
        return wanted.into
    into = os.path.realpath(wanted.into or b"")
    existing = _existing(into)
    if not os.path.isdir(existing):
        raise UsageError(f"{text(existing)}: not a folder", "choose another --into")
    if not wanted.force:
        _refuse_protected(into, wanted)
    return into


def _refuse_protected(into: bytes, wanted: Wanted) -> None:
    """Refuse a DEST that is a system folder, or lies in something that is never touched."""
    home = _home()
    sources = [os.path.realpath(source) for source in wanted.sources]
    why = danger(into, home, recursive=False)
    inside = into
    while why is None and inside not in {b"/", home}:
        if any(is_below(source, inside) for source in sources):
            break  # what is to be organized has been judged itself
        name = os.path.basename(inside)
        reason = folder_reason(name) or content_reason(_names(inside)) or checkout_reason([name])
        if reason is not None and reason is not Reason.LITTER:
            why = f"{text(inside)} is a {reason.value}"
        inside = os.path.dirname(inside)
    if why is None and wanted.state and is_below(into, wanted.state):
        why = "fileorg keeps its journals there"
    if why is not None:
        raise RefusedError(
            f"{text(into)}: nothing is sorted into it, because {why}",
            "choose another --into; --force uses it all the same",
        )


def _check_state(sources: list[bytes], state: bytes) -> None:
    """Refuse a state folder that lies open in a source: it would be organized some day."""
    for source in sources:
        if state and lies_open(state, source):
            raise RefusedError(
                f"{text(state)}: the state folder lies in {text(source)}, which is to be organized",
                "set FILEORG_STATE_DIR or --state-dir to a folder outside of it",
            )


def check_writable(folder: bytes) -> None:
    """Raise `StorageUnavailableError` where no folder can be made; a preview says so too."""
    if is_remote(folder):
        return
    if _is_read_only(folder):
        why = "Read-only file system"
    elif not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
        why = "Permission denied"
    else:
        return
    raise StorageUnavailableError(
        f"{text(folder)}: {why}", "folders have to be made there; nothing was moved"
    )


def _check_removable(folder: bytes) -> None:
    """Raise `StorageUnavailableError` where no file can leave, and would be copied for nothing."""
    if not is_remote(folder) and _is_read_only(folder):
        raise StorageUnavailableError(
            f"{text(folder)}: Read-only file system",
            "no file can leave it; --copy leaves them there",
        )


def _is_read_only(folder: bytes) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _home() -> bytes:
    return os.path.realpath(os.path.expanduser(b"~"))


def _existing(path: bytes) -> bytes:
    while not is_remote(path) and not os.path.lexists(path):
        path = os.path.dirname(path)
    return path


def _names(folder: bytes) -> list[bytes]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _opened(folders: Iterable[bytes], asked: Asked) -> dict[bytes, Root]:
    """Return each folder as a root."""
    return {
        folder: root_at(folder, asked) if is_remote(folder) else open_root(folder)
        for folder in dict.fromkeys(folders)
    }


def _outermost(opened: Iterable[Root]) -> list[Root]:
    """Return the roots that are in none of the others on the same device."""
    roots: list[Root] = []
    for root in sorted(opened, key=lambda root: len(root.path)):
        if not any(is_below(root.path, r.path) and r.device == root.device for r in roots):
            roots.append(root)
    return roots


def _locate(roots: Sequence[Root], path: bytes, folder: bytes, device: int | None) -> Location:
    """Return where *path* is, which lies in a folder of a device; buckets may share a name."""
    for number, root in enumerate(roots):
        if is_below(folder, root.path) and device in {None, root.device}:
            return Location(number, path[len(root.path) :].strip(b"/"))
    raise LookupError(path)

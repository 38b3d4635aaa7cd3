"""Scans in one line, and what came of them."""

import os
import traceback
from collections.abc import Callable
from pathlib import Path

from fileorg.model.entry import FileEntry, FolderSeen, Seen, Skip
from fileorg.model.location import Location, Root
from fileorg.model.reason import Reason
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.storage.local import LocalStorage

HERE = Location(0, b"")
DEEP = ScanOptions(recurse=True)
NOBODY = 65534


def storage_of(*roots: Path) -> LocalStorage:
    """Return a storage of folders."""
    return LocalStorage([Root(os.fsencode(r), r.stat().st_dev, r.stat().st_ino) for r in roots])


def scan(
    root: Path, options: ScanOptions = DEEP, sources: tuple[bytes, ...] = (b"",)
) -> list[Seen]:
    """Return all that a scan of one root yields."""
    storage = storage_of(root)
    try:
        return list(Scanner(storage, options).scan([Location(0, path) for path in sources]))
    finally:
        storage.close()


def files(seen: list[Seen]) -> list[bytes]:
    """Return the paths of the files, in order."""
    return [item.location.path for item in seen if isinstance(item, FileEntry)]


def folders(seen: list[Seen]) -> list[bytes]:
    """Return the paths of the folders that were entered, in order."""
    return [item.location.path for item in seen if isinstance(item, FolderSeen)]


def skipped(seen: list[Seen]) -> dict[bytes, Reason]:
    """Return what was left alone, and why."""
    return {item.location.path: item.reason for item in seen if isinstance(item, Skip)}


def as_nobody(root: Path, check: Callable[[list[Seen]], None]) -> None:
    """Scan and check in a process that permissions bind, as they do not bind root.

    The root is opened before, so that the folders it is in may be as they like.
    """
    root.chmod(0o755)
    storage = storage_of(root)
    child = os.fork()
    if not child:
        status = 1
        try:
            if os.geteuid() == 0:
                os.seteuid(NOBODY)
            check(list(Scanner(storage, DEEP).scan([HERE])))
            status = 0
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            os._exit(status)
    storage.close()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

"""The folders that journals know: whether they can be used, and what of fileorg's lies in them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from fileorg.errors import StorageError
from fileorg.journal.schema import JournalRoot
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import QUARANTINE, Location
from fileorg.pipeline.workspace import check_writable, found_again
from fileorg.storage.base import ReadableStorage
from fileorg.storage.local_probe import file_system_type
from fileorg.storage.registry import open_storage

_QUARANTINE = Location(0, QUARANTINE)
_TEMPORARY = re.compile(rb"\.fileorg-(\d{8}-\d{6}-\w{3})-.+\Z", re.DOTALL)
_WAYS = {
    "rename": "renames without replacing",
    "link": "renames by link and unlink",
    "if-none-match": "copies only where nothing is, as S3 does",
    "r2": "copies only where nothing is, as R2 does",
    "multipart": "copies in parts, only where nothing is",
    "head": "looks before it copies, with a window of one request",
    "placeholder": "renames over a placeholder, with a window of two system calls",
}


class KnownRoot:
    """A root as the newest journal has it, its runs, and every folder they touched."""

    def __init__(self, held: JournalRoot) -> None:
        self.held = held
        self.runs: set[str] = set()
        self.folders: set[bytes] = {b""}

    def add(self, run: str, folders: Iterable[bytes]) -> None:
        """Take a run that worked there."""
        self.runs.add(run)
        self.folders.update(folders)


@contextmanager
def look_at(known: KnownRoot) -> Iterator[tuple[ReadableStorage, str]]:
    """Open a root for reading, and tell what it can do; `StorageUnavailableError` if it can't."""
    path = known.held.root.path
    storage = open_storage([found_again(known.held.root)])
    try:
        way = way_in_words(known.held.way)
        if known.held.root.reach:
            yield storage, f"a bucket, {way}"
            return
        check_writable(path)
        does = storage.capabilities(0)
        case = "folds case" if does.case_insensitive else "tells case apart"
        names = f"names up to {does.longest_name} {does.name_unit}"
        yield storage, f"{file_system_type(path) or 'unknown'}, writable, {way}, {case}, {names}"
    finally:
        storage.close()


def way_in_words(way: str) -> str:
    """Return how a root is kept from replacing, as a person reads it."""
    return _WAYS.get(way, way)


def leftovers(known: KnownRoot, storage: ReadableStorage) -> Iterator[tuple[bytes, str]]:
    """Yield the path and the run of each temporary name in the folders that runs touched."""
    for folder in sorted(known.folders):
        here = Location(0, folder)
        for name in sorted(_names(storage, here)):
            if (found := _TEMPORARY.match(name)) is not None:
                yield storage.roots[0].absolute(here.below(name)), found[1].decode()


def set_aside(storage: ReadableStorage) -> Iterator[tuple[bytes, str, int, int]]:
    """Yield each run's part of the quarantine: its path, the run, its files and their bytes."""
    for run in sorted(_names(storage, _QUARANTINE)):
        files = size = 0
        pending = [_QUARANTINE.below(run)]
        while pending:
            for entry in _entries(storage, pending.pop()):
                if entry.kind is Kind.FOLDER:
                    pending.append(entry.location)
                else:
                    files, size = files + 1, size + entry.fingerprint.size
        place = storage.roots[0].absolute(_QUARANTINE.below(run))
        yield place, run.decode("utf-8", "backslashreplace"), files, size


def _entries(storage: ReadableStorage, folder: Location) -> list[FileEntry]:
    try:
        return storage.listing(folder).entries
    except StorageError:
        return []


def _names(storage: ReadableStorage, folder: Location) -> list[bytes]:
    try:
        return storage.names(folder)
    except StorageError:
        return []  # the run that needs what can't be read will say so

"""Many files by the verb for one: for storages to which it makes no odds."""

from collections.abc import Callable, Iterable, Iterator

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.plan import Action


def copied_each(
    copy: Callable[[Location, Location, FileEntry], FileEntry], copies: Iterable[Action]
) -> Iterator[FileEntry | StorageError]:
    """Yield what *copy* returns or raises of each file."""
    for action in copies:
        expected = FileEntry(action.source, action.entry_kind, action.fingerprint)
        try:
            yield copy(action.source, action.target, expected)
        except StorageError as error:
            yield error


def removed_each(
    remove: Callable[[Location, FileEntry], None], files: Iterable[FileEntry]
) -> Iterator[StorageError | None]:
    """Yield what *remove* raises of each file, None where it is gone."""
    for file in files:
        try:
            remove(file.location, file)
        except StorageError as error:
            yield error
        else:
            yield None


def read_each(
    read: Callable[[Location, int, int], bytes], files: Iterable[tuple[Location, int]]
) -> Iterator[bytes | StorageError]:
    """Yield what *read* returns or raises of the first bytes of each file."""
    for location, length in files:
        try:
            yield read(location, 0, length)
        except StorageError as error:
            yield error

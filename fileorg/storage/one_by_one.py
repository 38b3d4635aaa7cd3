"""Many files by the verb for one: for storages to which it makes no odds."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.plan import Action


class OneByOne(ABC):
    """The verbs for many files of a storage in which one copy after the other is made."""

    @abstractmethod
    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Copy one file."""

    @abstractmethod
    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Remove one file."""

    def copy_each(
        self,
        copies: Sequence[Action],
        *,
        restore: bool = False,  # noqa: ARG002 - a copy here changes nothing
    ) -> Iterator[FileEntry | StorageError]:
        """Copy files that are as expected."""
        for action in copies:
            expected = FileEntry(action.source, action.entry_kind, action.fingerprint)
            try:
                yield self.copy(action.source, action.target, expected)
            except StorageError as error:
                yield error

    def remove_each(self, files: Sequence[FileEntry]) -> Iterator[StorageError | None]:
        """Remove files that are still the ones given."""
        return removed_each(self.remove, files)


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

"""Copying and removing many files by the verbs for one: for storages to which it makes no odds."""

from collections.abc import Iterator, Sequence

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.plan import Action


class OneByOne:
    """The verbs of `Storage` for many files, each of which is a verb for one."""

    def copy(self, source: Location, target: Location, expected: FileEntry) -> FileEntry:
        """Copy one file."""
        raise NotImplementedError

    def remove(self, location: Location, if_match: FileEntry) -> None:
        """Remove one file."""
        raise NotImplementedError

    def copy_each(
        self,
        copies: Sequence[Action],
        *,
        restore: bool = False,  # noqa: ARG002 - a copy here changes nothing
    ) -> Iterator[FileEntry | StorageError]:
        """Copy files that are as expected."""
        for copy in copies:
            expected = FileEntry(copy.source, copy.entry_kind, copy.fingerprint)
            try:
                yield self.copy(copy.source, copy.target, expected)
            except StorageError as error:
                yield error

    def remove_each(self, files: Sequence[FileEntry]) -> Iterator[StorageError | None]:
        """Remove files that are still the ones given."""
        for file in files:
            try:
                self.remove(file.location, file)
            except StorageError as error:
                yield error
            else:
                yield None

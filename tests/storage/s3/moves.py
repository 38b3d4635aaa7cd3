"""Moves on a bucket, as the executor makes them."""

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.storage.s3.storage import S3Storage


def at(path: str | bytes) -> Location:
    """Return a location below the only root."""
    return Location(0, path if isinstance(path, bytes) else path.encode())


def action(entry: FileEntry, target: str | bytes) -> Action:
    """Return the step that copies an object to *target*."""
    return Action(ActionKind.MOVE, entry.location, at(target), entry.fingerprint)


def copied(storage: S3Storage, source: str, target: str, *, restore: bool = False) -> FileEntry:
    """Copy one object that is as it is now; the error if that fails."""
    (made,) = storage.copy_each([action(storage.stat(at(source)), target)], restore=restore)
    if isinstance(made, StorageError):
        raise made
    return made


def reasons(outcomes: object) -> list[Reason | None]:
    """Return why each failed, None where it did not."""
    assert isinstance(outcomes, list)
    return [found.reason if isinstance(found, StorageError) else None for found in outcomes]

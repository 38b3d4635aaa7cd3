"""The file of a journal: made for its owner alone, and opened only if it still is."""

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from fileorg.errors import FileorgError, StorageUnavailableError, TamperedJournalError
from fileorg.journal.schema import APPLICATION_ID, READABLE

UNBEGUN = ".new"
"""What a journal's name ends with until there is something in it."""

_FROM_BACKUP = (
    "nothing was touched; put the journal back from a backup, or move it away: "
    "its run can't be undone then"
)

# What SQLite says of the disk or of other processes, and not of the file's content.
_OUTSIDE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM,
})  # fmt: skip


def make_file(path: Path) -> None:
    """Make an empty file that its owner alone can read, where there is none."""
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
        os.close(os.open(path, flags, 0o600))
    except OSError as error:
        raise _unwritable(path, error) from error


def give_name(new: Path, path: Path) -> Path:
    """Rename a journal that nobody has open to where nothing is; return its new path."""
    try:
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        Path(f"{new}-journal").unlink(missing_ok=True)
        new.rename(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    return path


def remove_file(path: Path) -> None:
    """Remove a journal and what SQLite keeps beside it."""
    try:
        path.unlink(missing_ok=True)
        Path(f"{path}-journal").unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def connect(path: Path) -> sqlite3.Connection:
    """Open a file that is there, such that a commit is on the disk when it returns."""
    with sound(path):
        uri = f"{path.absolute().as_uri()}?mode=rw"
        database = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10)
        try:
            database.executescript(
                "PRAGMA trusted_schema = OFF; PRAGMA journal_mode = TRUNCATE;"
                "PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA cache_size = -16000"
            )
        except sqlite3.Error:
            database.close()
            raise
    return database


def connect_beside(path: Path) -> sqlite3.Connection:
    """Open the file of a run at work to read its plan, which no longer changes.

    No lock is taken, so that no commit has to wait; of the other tables nothing can be trusted.
    """
    with sound(path):
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(uri, uri=True, isolation_level=None)


def check_owner(path: Path) -> None:
    """Refuse a journal that is another's, or that others may read or write.

    The same holds for the file beside it from which SQLite would put back what a crash left.
    """
    try:
        _check_owner(path)
        with suppress(FileNotFoundError):
            _check_owner(Path(f"{path}-journal"))
    except OSError as error:
        raise _unwritable(path, error) from error


def _check_owner(path: Path) -> None:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        raise TamperedJournalError(
            f"{path}: not a file of yours", "it is not used; remove it if you did not put it there"
        )
    if found.st_mode & 0o077:
        raise TamperedJournalError(
            f"{path}: others may read or write it", f"if nobody did: chmod 600 {path}"
        )


def check_version(path: Path, database: sqlite3.Connection) -> None:
    """Refuse what is no journal, or one of a version that is not known here."""
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise TamperedJournalError(
            f"{path}: not a fileorg journal", "remove it if you put it there, or restore a backup"
        )
    if version not in READABLE:
        raise TamperedJournalError(
            f"{path}: journal version {version} is not known here",
            "use the fileorg that wrote it, or a newer one",
        )


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Turn what a damaged file makes SQLite and msgspec say into `TamperedJournalError`."""
    try:
        yield
    except FileorgError:
        raise
    except sqlite3.Error as error:
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        if code & 0xFF in _OUTSIDE:
            raise StorageUnavailableError(
                f"{path}: the journal can't be read: {error}", "try again; is the disk healthy?"
            ) from error
        raise TamperedJournalError(f"{path}: not a journal: {error}", _FROM_BACKUP) from error
    except (msgspec.MsgspecError, ValueError, TypeError, LookupError) as error:
        raise TamperedJournalError(f"{path}: it is damaged: {error}", _FROM_BACKUP) from error


def tampered(path: Path, what: str) -> TamperedJournalError:
    """Return the error to raise of a journal that says something else than was written."""
    return TamperedJournalError(f"{path}: {what}", _FROM_BACKUP)


def _unwritable(path: Path, error: OSError) -> StorageUnavailableError:
    return StorageUnavailableError(
        f"{path}: {error.strerror}", "set FILEORG_STATE_DIR or --state-dir to a folder of yours"
    )

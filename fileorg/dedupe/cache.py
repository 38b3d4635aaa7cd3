"""Digests of files from earlier runs, by (device, inode, size, mtime_ns), which a rename keeps.

Where inodes do not last nothing is known.

A hit may be stale and costs nothing then: every act is preceded by a comparison of bytes. So
nothing here is synced, a damaged file is begun anew, and what can't be written is left out.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Protocol

import msgspec

from fileorg.dedupe.catalog import Key

MOST_BYTES = 256 << 20
"""What the cache may grow to; the pages that were not used for the longest time go first."""

_VERSION = 1
_PAGE_BITS = 8  # files whose inodes are neighbours lie in one row, which is one read
_DDL = """
CREATE TABLE IF NOT EXISTS page (device INTEGER NOT NULL, number INTEGER NOT NULL,
  used INTEGER NOT NULL, files BLOB NOT NULL, PRIMARY KEY (device, number)) WITHOUT ROWID;
"""
_DAY = 86_400


class Known(msgspec.Struct, array_like=True, gc=False):
    """What is known of a file as it was.

    Its mark, whether that is of the tail too, and digests of beginnings by their length.
    """

    inode: int
    size: int
    mtime_ns: int
    mark: bytes = b""
    tail: bool = False
    digests: dict[int, bytes] = {}


class Digests(Protocol):
    """Where digests are kept."""

    def knows(self, device: int) -> bool:
        """Whether anything is known of a device."""

    def look_up(self, device: int, files: Iterable[Key]) -> list[Known | None]:
        """Return what is known of files as they are now, None where it is nothing."""

    def keep(self, device: int, found: Iterable[Known]) -> None:
        """Take in what is known by now."""


class NoDigests:
    """Knows nothing and keeps nothing."""

    def knows(self, device: int) -> bool:  # noqa: ARG002
        """Know nothing."""
        return False

    def look_up(self, device: int, files: Iterable[Key]) -> list[Known | None]:  # noqa: ARG002
        """Know nothing."""
        return [None for _ in files]

    def keep(self, device: int, found: Iterable[Known]) -> None:
        """Drop it."""


class DigestCache:
    """The cache in a file, which is opened by the process that first asks it something."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._pid = 0
        self._decode = msgspec.msgpack.Decoder(list[Known]).decode
        self._encode = msgspec.msgpack.Encoder().encode

    def knows(self, device: int) -> bool:
        """Whether anything is known of a device."""
        query = "SELECT EXISTS (SELECT 1 FROM page WHERE device = ?)"
        with self._if_usable():
            return bool(self._open().execute(query, (device,)).fetchone()[0])
        return False

    def look_up(self, device: int, files: Iterable[Key]) -> list[Known | None]:
        """Return what is known of files as they are now, in the same order."""
        asked = list(files)
        pages = {inode >> _PAGE_BITS for inode, _, _ in asked}
        known: dict[int, Known] = {}
        with self._if_usable():
            stale = []
            with self._transaction("DEFERRED"):  # one lock for all of them
                for page in pages:
                    used, found = self._page(device, page)
                    known |= found
                    if found and used < _today():
                        stale.append((_today(), device, page))
            if stale:  # once a day, so that what is used stays
                self._write("UPDATE page SET used = ? WHERE device = ? AND number = ?", stale)
        return [_of(known.get(key[0]), key) for key in asked]

    def keep(self, device: int, found: Iterable[Known]) -> None:
        """Write what is known by now, beside what another process has written meanwhile.

        It costs least in the order of inodes.
        """
        pages = groupby(filter(_inode, found), key=_page_of)
        with self._if_usable():
            self._write(
                "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?)",
                (self._merged(device, page, files) for page, files in pages),
            )

    def shrink(self, most: int = MOST_BYTES) -> None:
        """Drop the pages that were not used for the longest time until it fits in *most* bytes."""
        with self._if_usable():
            if self._path.stat().st_size <= most:
                return
            database = self._open()
            database.execute(
                "DELETE FROM page WHERE (device, number) IN (SELECT device, number FROM (SELECT"
                " device, number, sum(length(files) + 40) OVER (ORDER BY used DESC, device, number)"
                " AS total FROM page) WHERE total > ?)",
                (most // 2,),
            )
            database.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        if self._db is not None and self._pid == os.getpid():
            self._db.close()
        self._db = None

    @contextmanager
    def _if_usable(self) -> Iterator[None]:
        """Do without what can't be read or written; what is damaged or no cache is begun anew."""
        try:
            yield
        except (sqlite3.OperationalError, OSError):  # locked, full, not to be opened
            return
        except (sqlite3.Error, msgspec.MsgspecError):
            self.close()
            with suppress(OSError):
                clear(self._path)

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Write rows in one transaction, in which nobody else writes what they are made from."""
        with self._transaction("IMMEDIATE") as database:
            database.executemany(statement, rows)

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[sqlite3.Connection]:
        database = self._open()
        database.execute(f"BEGIN {kind}")
        try:
            yield database
            database.execute("COMMIT")
        except BaseException:
            self.close()  # which rolls back
            raise

    def _merged(self, device: int, page: int, files: Iterable[Known]) -> tuple[object, ...]:
        """Return the row of a page with what is known beside what it has."""
        _, merged = self._page(device, page)
        for known in files:
            earlier = merged.get(known.inode)
            merged[known.inode] = known if earlier is None else _both(earlier, known)
        return device, page, _today(), self._encode(list(merged.values()))

    def _page(self, device: int, number: int) -> tuple[int, dict[int, Known]]:
        query = "SELECT used, files FROM page WHERE device = ? AND number = ?"
        row = self._open().execute(query, (device, number)).fetchone()
        if row is None:
            return 0, {}
        return row[0], {known.inode: known for known in self._decode(row[1])}

    def _open(self) -> sqlite3.Connection:
        if self._db is None or self._pid != os.getpid():  # a connection does not outlive a fork
            self._pid = os.getpid()
            self._db = _connect(self._path)
        return self._db


def clear(path: Path) -> int:
    """Remove the cache, and return how many bytes that frees."""
    freed = 0
    for name in (path, *(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm"))):
        with suppress(FileNotFoundError):
            freed += name.stat().st_size
            name.unlink()
    return freed


def _both(earlier: Known, known: Known) -> Known:
    """Return what is known of a file with the digests of earlier, if it is as it was then."""
    if earlier.digests and (earlier.size, earlier.mtime_ns) == (known.size, known.mtime_ns):
        known.digests = earlier.digests | known.digests
    return known


def _inode(known: Known) -> int:
    return known.inode


def _page_of(known: Known) -> int:
    return known.inode >> _PAGE_BITS


def _today() -> int:
    return int(time.time()) // _DAY


def _of(known: Known | None, key: Key) -> Known | None:
    """Return what is known of the file as it is now; of its past, nothing."""
    inode, size, mtime_ns = key
    if known is None or not inode or known.size != size or known.mtime_ns != mtime_ns:
        return None
    return known


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file, its owner's alone; `sqlite3.DatabaseError` if it is no cache like this one."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    database = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        _make_ready(database)
    except BaseException:
        database.close()
        raise
    return database


def _make_ready(database: sqlite3.Connection) -> None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version not in {0, _VERSION}:
        raise sqlite3.DatabaseError("of another version")
    database.executescript(
        f"PRAGMA trusted_schema = OFF; PRAGMA synchronous = OFF; {_DDL}"
        f"PRAGMA user_version = {_VERSION}"
    )

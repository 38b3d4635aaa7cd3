"""Who may work where: exclusive locks on roots, shared ones on the folders above them.

So a run is seen by every run on a folder inside or around its own, whoever started it. The
kernel lets go of a lock when its holder and all its workers are gone.
"""

import errno
import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import xxhash

from fileorg.errors import RunBusyError, StorageUnavailableError
from fileorg.model.location import is_remote, text
from fileorg.storage.times import keeping_time

# The workers of a run that was killed a moment ago may need this long to be gone.
_GRACE = 0.25
_POLL = 0.05
_OWN_FOLDER, _LOCK_FILE = b".fileorg", b"lock"
_CANNOT = {errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Locks:
    """The locks of one run, held until `close`.

    A bucket is locked by a file in the folder *beside*, for this user on this machine alone.
    """

    def __init__(self, beside: Path) -> None:
        self._beside = beside
        self._handles: list[int] = []
        self._held: set[tuple[int, int]] = set()
        self._made: list[tuple[int, int, int]] = []

    def take(self, roots: Iterable[bytes], wait: float) -> None:
        """Lock *roots*, absolute paths, within *wait* seconds; `RunBusyError` if another holds one.

        Between two tries nothing is held, so two runs that wait never wait for each other.
        """
        deadline = time.monotonic() + max(wait, _GRACE)
        wanted = sorted({lockable(root) for root in roots})
        local = [root for root in wanted if not is_remote(root)]
        above = sorted({folder for root in local for folder in _above(root)} - set(local))
        while (busy := self._try(wanted, above)) is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise RunBusyError(
                    f"{text(busy)}: another run is at work there",
                    "try again when it has ended, or wait for it with --wait SECONDS",
                )
            time.sleep(min(left, _POLL * (1 + os.getpid() % 7 / 7)))  # not in step with others

    def close(self) -> None:
        """Let go of every lock."""
        for root, folder, file in self._made:
            with suppress(OSError), keeping_time(root):
                # while locked, so that nobody waits at a file that is gone
                os.unlink(_LOCK_FILE, dir_fd=folder)
                # NFS and FUSE keep a file that is open in its folder, under another name
                self._handles.remove(file)
                os.close(file)
                os.rmdir(_OWN_FOLDER, dir_fd=root)
        for handle in self._handles:
            os.close(handle)
        self._handles.clear()
        self._held.clear()
        self._made.clear()

    def _try(self, roots: list[bytes], above: list[bytes]) -> bytes | None:
        """Take every lock; or none, and return the folder that is held by another."""
        try:
            for root in roots:
                if not self._lock(root, fcntl.LOCK_EX):
                    self.close()
                    return root
            for folder in above:
                with suppress(PermissionError):
                    if not self._lock(folder, fcntl.LOCK_SH):
                        self.close()
                        return folder
        except StorageUnavailableError:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise _unreadable(b", ".join(roots), error.strerror) from error
        return None

    def _lock(self, folder: bytes, mode: int) -> bool:
        try:
            handle = self._open_bucket(folder) if is_remote(folder) else os.open(folder, _FOLDER)
        except PermissionError:
            if mode == fcntl.LOCK_SH:
                raise
            raise _unreadable(folder, "permission denied") from None
        except OSError as error:
            raise _unreadable(folder, error.strerror) from error
        self._handles.append(handle)
        identity = _identity(handle)
        if identity in self._held:  # a folder that a bind mount shows at two places
            return True
        self._held.add(identity)
        held = _flock(handle, mode)
        if held is None and mode == fcntl.LOCK_EX and not is_remote(folder):
            return self._lock_file(folder, handle)
        return held is not False

    def _open_bucket(self, bucket: bytes) -> int:
        """Open the file that stands for a bucket."""
        self._beside.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{xxhash.xxh3_64_hexdigest(bucket)}.lock"
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(self._beside / name, flags, 0o600)

    def _lock_file(self, folder: bytes, handle: int) -> bool:
        """Lock a file in *folder* instead, whose open handle cannot be locked."""
        try:
            with suppress(FileExistsError), keeping_time(handle):
                os.mkdir(_OWN_FOLDER, 0o700, dir_fd=handle)
            inside = os.open(_OWN_FOLDER, _FOLDER | os.O_NOFOLLOW, dir_fd=handle)
            self._handles.append(inside)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            file = os.open(_LOCK_FILE, flags, 0o600, dir_fd=inside)
        except FileNotFoundError:
            return False  # the last holder is just removing them
        except OSError as error:
            raise _unreadable(folder, error.strerror) from error
        self._handles.append(file)
        if _flock(file, fcntl.LOCK_EX) is False:
            return False
        try:
            named = os.stat(_LOCK_FILE, dir_fd=inside, follow_symlinks=False)
        except FileNotFoundError:
            return False
        if named.st_ino != os.fstat(file).st_ino:
            return False
        self._made.append((handle, inside, file))
        return True


def is_locked(roots: Iterable[bytes], beside: Path) -> bool:
    """Whether another process holds one of *roots* right now."""
    locks = Locks(beside)
    try:
        locks.take(roots, 0)
    except RunBusyError:
        return True
    except StorageUnavailableError:
        return False
    finally:
        locks.close()
    return False


def lockable(root: bytes) -> bytes:
    """Return what is locked for a root: of a bucket all of it, whatever the prefix."""
    if not is_remote(root):
        return root
    scheme, _, place = root.partition(b"://")
    return b"%b://%b" % (scheme, place.partition(b"/")[0])


def _flock(handle: int, mode: int) -> bool | None:
    """Whether the lock was free; None where the file system has no such locks (NFS: on folders)."""
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in _CANNOT:
            return None
        raise
    return True


def _identity(handle: int) -> tuple[int, int]:
    found = os.fstat(handle)
    return found.st_dev, found.st_ino


def _above(folder: bytes) -> Iterator[bytes]:
    while folder != b"/" and folder:
        folder = os.path.dirname(folder)
        yield folder


def _unreadable(folder: bytes, why: str | None) -> StorageUnavailableError:
    return StorageUnavailableError(f"{text(folder)}: {why}", "check that you may read it")

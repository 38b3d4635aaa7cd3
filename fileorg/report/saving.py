"""A report in a file: whole or not at all, and nobody's file is replaced unasked."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from fileorg.errors import RefusedError, StorageUnavailableError
from fileorg.report.words import safe


@contextmanager
def saved(path: str, *, force: bool) -> Iterator[Callable[[str], object]]:
    """Give what writes text to a file that has its name when all is written, else none.

    `RefusedError` where something has the name, unless *force* and it is a file: then the report
    takes over its owner and mode.
    """
    replaced = _check(path, force=force)
    part = f"{path}.{os.getpid()}.part"
    opener = None if replaced is None else _like(replaced)
    try:
        with open(part, "x", encoding="utf-8", newline="", opener=opener) as file:
            try:
                yield file.write
                file.flush()
                os.fsync(file.fileno())
                _check(path, force=force)
                if not force:
                    open(path, "x").close()  # a name that somebody took meanwhile is not replaced
                os.replace(part, path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(part)
                raise
    except OSError as error:
        raise StorageUnavailableError(
            f"{safe(path)}: the report can't be written: {error.strerror}",
            "name another file with -o",
        ) from error


def _check(path: str, *, force: bool) -> os.stat_result | None:
    """Return the file that is to be replaced, None where there is none."""
    try:
        found = os.lstat(path)
    except OSError:  # nothing is there, or what writes will say why not
        return None
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{safe(path)}: it is no regular file", "name another file with -o")
    if not force:
        raise RefusedError(f"{safe(path)}: it is there already", "--force replaces it")
    return found


def _like(replaced: os.stat_result) -> Callable[[str, int], int]:
    """Return what makes a file that at no time can be read by more people than that one."""

    def opener(path: str, flags: int) -> int:
        handle = os.open(path, flags, 0o600)
        with suppress(PermissionError):
            os.fchown(handle, replaced.st_uid, replaced.st_gid)
        with suppress(PermissionError):
            os.fchmod(handle, stat.S_IMODE(replaced.st_mode))
        return handle

    return opener

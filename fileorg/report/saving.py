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

    `RefusedError` where something has the name, unless *force* and it is a file.
    """
    _check(path, force=force)
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "x", encoding="utf-8", newline="") as file:
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


def _check(path: str, *, force: bool) -> None:
    try:
        found = os.lstat(path)
    except OSError:  # nothing is there, or what writes will say why not
        return
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{safe(path)}: it is no regular file", "name another file with -o")
    if not force:
        raise RefusedError(f"{safe(path)}: it is there already", "--force replaces it")

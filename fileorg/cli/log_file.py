"""The file that `--log-file` names: a line for each file of each run, and older ones beside it."""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import BinaryIO

from fileorg.cli.words import safe
from fileorg.errors import StorageUnavailableError, UsageError
from fileorg.events import RunStarted
from fileorg.model.location import Location, join, lies_open, shown, text
from fileorg.storage.remote import real

_LARGEST = 10_000_000
_OLDER = 3


def check_place(path: str | None, sources: Iterable[bytes]) -> None:
    """Raise `UsageError` for a log that lies open in a source: it would be organized itself."""
    if path is None:
        return
    log = os.path.realpath(os.fsencode(path))
    for source in map(real, sources):
        if lies_open(log, source):
            raise UsageError(
                f"{text(log)}: the log file lies in {text(source)}, which is to be organized",
                "choose a --log-file outside of it, or a hidden one",
            )


class LogFile:
    """Appends lines, each with the time in UTC and the run; beyond ten megabytes it is `FILE.1`.

    A log that can't be written any more does not stop a run; *problem* says why it is not whole.
    """

    problem: OSError | None = None
    _run = "-"
    _roots: tuple[bytes, ...] = ()

    def __init__(self, path: str, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._second, self._stamp = -1, ""
        self._size = 0
        try:
            self._file = self._open()
        except OSError as error:
            raise StorageUnavailableError(
                f"{text(os.fsencode(path))}: the log file can't be written: {error.strerror}",
                "choose another --log-file",
            ) from error

    def begin(self, started: RunStarted) -> None:
        """Append a line for each root of a run, which the lines that follow are of."""
        self._run, self._roots = started.run or "-", started.roots
        parent = f" (of {started.parent})" if started.parent else ""
        preview = " (dry run)" if started.dry_run else ""
        for root in started.roots:
            self.write(f"begin: {started.kind} in {safe(shown(root))}{parent}{preview}")

    def path_of(self, location: Location) -> bytes:
        """Return a path below the root of the run, or an absolute one where it has several."""
        if len(self._roots) < 2:  # noqa: PLR2004
            return location.path
        return join(self._roots[location.root], location.path)

    def write(self, line: str) -> None:
        """Append a line."""
        content = f"{self._time()} {self._run} {line}\n".encode("utf-8", "backslashreplace")
        try:
            self._size += self._file.write(content)
            if self._size > _LARGEST:
                self._file.close()
                self._file = self._open()
        except OSError as error:
            self.problem = error

    def close(self) -> None:
        """Write out what is held back."""
        try:
            self._file.close()
        except OSError as error:
            self.problem = error

    def _time(self) -> str:
        """Return the time to the second, put into words once for all lines of it."""
        if (second := int(self._clock())) != self._second:
            self._second = second
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        return self._stamp

    def _open(self) -> BinaryIO:
        is_file = os.path.isfile(self._path)
        if is_file and os.path.getsize(self._path) > _LARGEST:
            for number in range(_OLDER, 0, -1):
                older = self._path if number == 1 else f"{self._path}.{number - 1}"
                with suppress(FileNotFoundError):
                    os.replace(older, f"{self._path}.{number}")
        file = open(self._path, "ab")  # noqa: SIM115 - open until the run ends
        self._size = os.fstat(file.fileno()).st_size
        return file

"""The file that `--log-file` names: a line for each file of each run, and older ones beside it."""

import os
from contextlib import suppress
from typing import BinaryIO

from fileorg.errors import StorageUnavailableError
from fileorg.model.location import text

_LARGEST = 10_000_000
_OLDER = 3


class LogFile:
    """Appends lines; a file that has grown beyond ten megabytes becomes `FILE.1`, that `FILE.2`.

    A log that can't be written any more does not stop a run; *problem* says why it is not whole.
    """

    problem: OSError | None = None

    def __init__(self, path: str) -> None:
        self._path = path
        self._size = 0
        try:
            self._file = self._open()
        except OSError as error:
            raise StorageUnavailableError(
                f"{text(os.fsencode(path))}: the log file can't be written: {error.strerror}",
                "choose another --log-file",
            ) from error

    def write(self, line: str) -> None:
        """Append a line."""
        content = (line + "\n").encode("utf-8", "backslashreplace")
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

"""The errors that fileorg raises, each with the exit code it ends a command with.

    FileorgError                      1
    +-- UsageError                    2   wrong words on the command line
    |   +-- ConfigError               2   a key or a value in the configuration
    |   +-- UnknownRunError           2   no run, or more than one, answers to that name
    |   +-- SourceMissingError        2   SOURCE is not there
    +-- RefusedError                  4   dangerous, and not forced
    |   +-- ConflictError             4   a taken name under the policy `fail`
    |   +-- TamperedJournalError      4   a journal that is not as fileorg wrote it
    +-- RunBusyError                 10   another run holds an overlapping root
    +-- UndecidedError               11   the disk cannot say how far a run came
    +-- StorageUnavailableError      12   unreadable, read-only, full, or gone
    +-- InterruptedRunError    130, 143   Ctrl-C, SIGTERM
    +-- StorageError                      one file's failure: ends as an Outcome, never a command

A message says what failed and names the path; `remedy` says what to do about it.
"""

from fileorg.model.reason import Reason


class FileorgError(Exception):
    """What a user, a disk or a file can cause: `message`, `remedy`, and the class's exit code."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        """Return message and remedy as one line."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


class UsageError(FileorgError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_code = 2


class ConfigError(UsageError):
    """A key or value of the configuration is wrong; the message begins with its path."""


class UnknownRunError(UsageError):
    """No run, or more than one, answers to the name given."""


class SourceMissingError(UsageError):
    """SOURCE does not exist."""


class RefusedError(FileorgError):
    """Refused because it is likely to do harm; `--force` is the remedy where there is one."""

    exit_code = 4


class ConflictError(RefusedError):
    """A target name is taken and the policy is `fail`."""


class TamperedJournalError(RefusedError):
    """A journal whose rows, owner or mode are not as fileorg wrote them."""


class RunBusyError(FileorgError):
    """Another run holds an overlapping root."""

    exit_code = 10


class UndecidedError(FileorgError):
    """An interrupted run of which the disk cannot say what happened."""

    exit_code = 11


class StorageUnavailableError(FileorgError):
    """A storage or the state folder can't be read or written at all."""

    exit_code = 12


class InterruptedRunError(FileorgError):
    """A signal ended the run after the batch at hand; `signal` is its number."""

    def __init__(self, message: str, remedy: str = "", *, signal: int) -> None:
        super().__init__(message, remedy)
        self.exit_code = 128 + signal


class StorageError(FileorgError):
    """One act on one location failed, for `reason`; the backend has translated it.

    `left` is the inode of the copy that a failed act has made and could not remove, else 0.
    """

    def __init__(self, reason: Reason, detail: str = "", left: int = 0) -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.left = left

"""What can be asked of a file to judge it by (pure); the answers are read by whoever implements it.

Each answer is read when it is first asked for, and once.
"""

from typing import Protocol

from fileorg.model.entry import FileEntry
from fileorg.model.evidence import Dated, Metadata


class Contents(Protocol):
    """What only a look into a file can tell. What can't be read or told is none, never an error."""

    def mime(self) -> str | None:
        """Return the MIME type by content."""

    def metadata(self) -> Metadata:
        """Return date and values of what is wanted of the job's files."""

    def digest(self) -> str | None:
        """Return the digest of the whole content in hexadecimal."""

    def text(self) -> str:
        """Return the beginning of the text of a document."""

    def origins(self) -> tuple[str, ...]:
        """Return the addresses that the file was downloaded from, the nearest first."""

    def problem(self) -> str:
        """Return why the file could not be read when it was asked; empty where it could."""


class Evidence(Protocol):
    """What a rule, a layout and `explain` can ask of a file."""

    @property
    def entry(self) -> FileEntry:
        """The file as the scan saw it."""

    @property
    def path(self) -> bytes:
        """The path below the source that the file is found in."""

    @property
    def named_category(self) -> str | None:
        """The category where the name alone decides about it."""

    @property
    def category(self) -> str:
        """The category by name, or by content where that decides."""

    def mime(self) -> str | None:
        """Return the MIME type by content, None where it can't be told."""

    def dated(self) -> Dated | None:
        """Return the date to believe: of the content, else of the name, else of the last change."""

    def field(self, name: str) -> str | None:
        """Return the value of a template field, such as `camera`; None where the file has none."""

    def text(self) -> str:
        """Return the beginning of the text of a document; empty where there is none."""

    def origins(self) -> tuple[str, ...]:
        """Return the addresses that the file was downloaded from."""

"""What was found in a file or its name, and where it was found."""

from datetime import datetime
from enum import StrEnum
from typing import final

import msgspec


@final
class Dated(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """When a file was made. Naive: the clock as it was written down; aware: a moment in time.

    *source* names the evidence in the user's words, such as `EXIF DateTimeOriginal`.
    """

    moment: datetime
    source: str


@final
class Metadata(msgspec.Struct, frozen=True, array_like=True):
    """What a file says of itself: its date, and values by the name of their template field."""

    date: Dated | None = None
    fields: dict[str, str] = {}


class Basis(StrEnum):
    """What a category is taken from."""

    NAME = "name"
    CONTENT = "content"
    RULE = "rule"


@final
class Facts(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=6):
    """What is known of an entry beyond its name and its stat; in a plan, of the action after it.

    *date* is one to believe, *mime* is what the content is, *fields* are the values of template
    fields, *rule* is the name of the rule that decided, and *problem* why the content could not be
    read. A folder that moves as one goes by the time of its *newest_ns* file.
    """

    basis: Basis = Basis.NAME
    mime: str | None = None
    date: Dated | None = None
    fields: dict[str, str] = {}
    rule: str = ""
    problem: str = ""
    newest_ns: int | None = None

    @property
    def is_evidence(self) -> bool:
        """Whether there is more than what name and modification time say."""
        return bool(self.mime or self.date or self.fields or self.rule)

"""What was found in a file or its name, and where it was found."""

from datetime import datetime, tzinfo
from enum import StrEnum
from typing import final

import msgspec

from fileorg.model.location import Location


@final
class Dated(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """When a file was made, by the clock that was written down, with its offset where it has one.

    What is in UTC is a moment of which no clock was written down. *source* names the evidence in
    the user's words, such as `EXIF DateTimeOriginal`.
    """

    moment: datetime
    source: str

    def clock(self, zone: tzinfo) -> datetime:
        """Return what the clock showed: as it was written, and of UTC what one of *zone* did."""
        moment = self.moment
        return moment if moment.tzinfo is None or moment.utcoffset() else moment.astimezone(zone)


@final
class Metadata(msgspec.Struct, frozen=True, array_like=True):
    """What a file says of itself: its date, and values by the name of their template field."""

    date: Dated | None = None
    fields: dict[str, str] = {}


class Trust(StrEnum):
    """What decides the category of a file: a known extension, or a content that is sure."""

    EXTENSION = "extension"
    CONTENT = "content"


class Basis(StrEnum):
    """What a category is taken from; that of a folder from what it mostly holds."""

    NAME = "name"
    CONTENT = "content"
    RULE = "rule"
    HELD = "held"


@final
class Facts(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=6):
    """What is known of an entry beyond its name and its stat; in a plan, of the action after it.

    *date* is one to believe, *mime* is what the content is, *fields* are the values of template
    fields, and *rule* is the name of the rule that decided. *doubt* is the category of a content
    that contradicts the name, *problem* why the content could not be read. A folder that moves as
    one goes by the time of its *newest_ns* file.
    """

    basis: Basis = Basis.NAME
    mime: str | None = None
    date: Dated | None = None
    fields: dict[str, str] = {}
    rule: str = ""
    doubt: str = ""
    problem: str = ""
    newest_ns: int | None = None

    @property
    def is_evidence(self) -> bool:
        """Whether something else than name and modification time decides."""
        return self.basis is not Basis.NAME or bool(self.date or self.fields or self.rule)


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """Facts as they are shown and kept for programs, without what is not known; ISO 8601."""

    basis: Basis | msgspec.UnsetType = msgspec.UNSET
    mime: str = ""
    date: str = ""
    date_source: str = ""
    fields: dict[str, str] = {}
    rule: str = ""
    doubt: str = ""
    problem: str = ""


def evidence_wire(facts: Facts) -> Told:
    """Return for a program what is known."""
    date = facts.date
    return Told(
        facts.basis,
        facts.mime or "",
        "" if date is None else date.moment.isoformat(),
        "" if date is None else date.source,
        facts.fields,
        facts.rule,
        facts.doubt,
        facts.problem,
    )


@final
class Mismatch(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=7):
    """A file whose content is surely of another category than its name says."""

    location: Location
    mime: str
    category: str

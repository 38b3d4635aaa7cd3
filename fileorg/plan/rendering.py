"""What a template comes to for one file (pure)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from fileorg.model.entry import Kind
from fileorg.model.evidence import Dated
from fileorg.model.names import key_of, split_extension
from fileorg.model.plan import Classified
from fileorg.plan import templates
from fileorg.plan.naming import component_problem
from fileorg.plan.templates import Component, Field
from fileorg.plan.values import cleaned

QUARTER_NS = 900_000_000_000
"""Within a quarter hour no zone begins a day: what is named by the day is cached by it."""

_DAY_CODES = frozenset("aAbBdjmUuVwWyYG%")

Rendered = tuple[bytes, bytes | None]
"""The folders before `{folder}` and those after it; None where there is no `{folder}`."""


class Calendar(Protocol):
    """What turns times into dates of the zone of the run."""

    def date_of(self, mtime_ns: int) -> datetime | None:
        """Return the local time of a modification time that is credible."""

    def local(self, dated: Dated) -> datetime:
        """Return what the clock showed: as it was written, and of UTC what one here did."""


class Subject(NamedTuple):
    """A file as it is, what it is called, the calendar to date it by, and its folder's name."""

    item: Classified
    name: bytes
    calendar: Calendar
    parent: bytes = b""


def render_folders(folders: tuple[Component, ...], subject: Subject) -> Rendered:
    """Return what comes before `{folder}` and, where there is one, what comes after it."""
    before: list[bytes] = []
    after: list[bytes] | None = None
    for component in folders:
        if component == (Field("folder"),):
            after = []
            continue
        parts = before if after is None else after
        part = render_name(component, subject)
        if not (parts and parts[-1] == part and _is_default(component, part)):
            parts.append(part)
    return b"/".join(before), None if after is None else b"/".join(after)


def _is_default(component: Component, part: bytes) -> bool:
    """Whether a level says only that there is no date, which is not said twice."""
    (field, *more) = component
    return (
        not more
        and isinstance(field, Field)
        and field.name == "date"
        and (part == _bytes(field.default))
    )


def render_name(component: Component, subject: Subject) -> bytes:
    """Return one component; `ValueError` if what it comes to for this file can't be a name."""
    rendered = b"".join(
        _bytes(part) if isinstance(part, str) else _value(part, subject) for part in component
    )
    problem = component_problem(rendered)
    if problem is not None:
        raise ValueError(problem)
    return rendered


def changing(components: Iterable[Component], first: Subject, second: Subject) -> list[str]:
    """Return the fields of which a file has another value the second time, in their order."""
    fields = [part for component in components for part in component if isinstance(part, Field)]
    return [
        field.name
        for field in fields
        if field.name != "folder" and _value(field, first) != _value(field, second)
    ]


def split(name: bytes, kind: Kind) -> tuple[bytes, bytes]:
    """Return stem and extension; a folder has none."""
    return (name, b"") if kind is Kind.FOLDER else split_extension(name)


def dated_by(item: Classified) -> Dated | None:
    """Return the date that was found for an entry, None where its time has to do."""
    return None if item.facts is None else item.facts.date


def time_of(item: Classified) -> int:
    """Return the time that an entry without a date goes by, in nanoseconds UTC."""
    facts = item.facts
    if facts is None or facts.newest_ns is None:
        return item.entry.fingerprint.mtime_ns
    return facts.newest_ns


def is_daily(pattern: str) -> bool:
    """Whether a date format says nothing that changes within a day."""
    return _DAY_CODES.issuperset(templates.date_codes(pattern))


def _value(field: Field, subject: Subject) -> bytes:
    own = _OWN.get(field.name)
    return _bytes(_found(field, subject)) if own is None else own(field, subject)


def _found(field: Field, subject: Subject) -> str:
    """Return what was found in the file, or the default."""
    facts = subject.item.facts
    value = "" if facts is None else cleaned(field.name, facts.fields.get(field.name, ""))
    if field.name == "digest" and field.format:
        value = value[: int(field.format)]
    return value or field.default


def _date(field: Field, subject: Subject) -> bytes:
    item, calendar = subject.item, subject.calendar
    if (dated := dated_by(item)) is not None:
        return _bytes(templates.date_text(calendar.local(dated), field))
    moment = time_of(item)
    if is_daily(field.format):
        # Clocks are set within some quarters: all files of one are dated as its beginning.
        moment -= moment % QUARTER_NS
    return _bytes(templates.date_text(calendar.date_of(moment), field))


def _extension(field: Field, subject: Subject) -> bytes:
    extension = _split(subject)[1]
    return _bytes(key_of(extension) if extension else field.default)


def _split(subject: Subject) -> tuple[bytes, bytes]:
    return split(subject.name, subject.item.entry.kind)


def _size(subject: Subject) -> int:
    return subject.item.entry.fingerprint.size


_OWN: Final[dict[str, Callable[[Field, Subject], bytes]]] = {
    "category": lambda _, subject: _bytes(subject.item.category),
    "date": _date,
    "name": lambda _, subject: subject.name,
    "stem": lambda _, subject: _split(subject)[0],
    "ext": lambda _, subject: _split(subject)[1],
    "extension": _extension,
    "size_class": lambda _, subject: templates.size_class(_size(subject)).encode(),
    "size": lambda _, subject: b"%d" % _size(subject),
    "parent": lambda field, subject: subject.parent or _bytes(field.default),
}
"""The fields that are not read from a file."""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")

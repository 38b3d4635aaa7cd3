"""Where a file belongs below its destination: a template, rendered (pure)."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import TypeVar

from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.evidence import Dated
from fileorg.model.location import Location
from fileorg.model.plan import Classified
from fileorg.plan import templates
from fileorg.plan.footprint import Footprint
from fileorg.plan.rendering import (
    QUARTER_NS,
    Calendar,
    Subject,
    changing,
    dated_by,
    is_daily,
    render_folders,
    render_name,
    split,
    time_of,
)
from fileorg.plan.templates import Component, Field

_MOST_CACHED = 1 << 16
_MOVING = {"name", "stem", "parent"}
"""What is not the same any more of a file that has moved."""

_TOLD = {"category", "date", "size_class"}
"""What a folder is known by to be a layout's own."""

_EACH_ITS_OWN = {"name", "stem", "size", "digest"}
_NOT_FOUND = frozenset({*_EACH_ITS_OWN, "category", "date", "ext", "extension", "size_class",
                        "folder", "parent"})  # fmt: skip
_SOME_DAY = datetime(2024, 5, 17, tzinfo=UTC)

_Cached = TypeVar("_Cached")
_Key = TypeVar("_Key")


class Layout:
    """A template made ready to place many files: folders and names as bytes."""

    def __init__(
        self,
        template: str,
        calendar: Calendar,
        categories: Iterable[str] = (),
        own: Collection[str] = (),
    ) -> None:
        """Parse *template*; `ValueError` says what is wrong with it.

        *categories* are all there can be; with none, any name may be one. The names in *own* are
        fields that facts may have besides those of every template.
        """
        components = templates.parse(template, own)
        self.template = template
        self._folders, self._name = components[:-1], components[-1]
        self._calendar = calendar
        self.fields = templates.fields_of(components)
        used = templates.fields_of(self._folders)
        self._keys = _Keys(self._folders, used, calendar)
        self.keeps_name = self._name == (Field("name"),)
        self.keeps_folders = "folder" in used
        self.is_by_folder = self.keeps_folders or "parent" in self.fields
        self.rests = self.keeps_name and not used & _MOVING
        self._check()
        self.footprint = Footprint(self._folders, categories)

    def tells(self, folder: bytes) -> bool:
        """Whether a folder below the destination is one that this layout makes, by its name.

        Of fields that may be anything no name tells that.
        """
        used = templates.fields_of(self._folders)
        return bool(self._folders) and used <= _TOLD and self.footprint.covers(folder)

    def key_of(self, item: Classified, name: bytes) -> object:
        """Return what files of one folder have in common; None where each has a folder its own.

        Of a layout that is by folder that holds for files that come from one folder.
        """
        if self._keys.only_category:
            return item.category
        return self._keys.of(item, name)

    def folder_of(self, subject: Subject, kept: bytes = b"") -> bytes:
        """Return the folder of a file; *kept* is the path below SOURCE that `{folder}` keeps.

        `ValueError` if what is rendered for this file can't be a name.
        """
        folder, after = render_folders(self._folders, subject)
        return folder if after is None else b"/".join(filter(None, (folder, kept, after)))

    def folder_below(
        self, subject: Subject, below: bytes, written: Callable[[bytes], bytes] = bytes
    ) -> bytes:
        """Do as `folder_of` for a file that is in the folder *below* its own destination.

        It is home if the layout's own folders are around whatever is to be kept. *written* tells
        how the file system knows a folder.
        """
        folder, after = render_folders(self._folders, subject)
        if _is_between(written(below), written(folder), written(after or b"")):
            return below
        return b"/".join(filter(None, (folder, below, after)))

    def name_of(self, subject: Subject) -> bytes:
        """Return the name of a file; `ValueError` as for its folder. A folder keeps its own."""
        keeps = self.keeps_name or subject.item.entry.kind is Kind.FOLDER
        return subject.name if keeps else render_name(self._name, subject)

    def subject(self, item: Classified, name: bytes, parent: bytes = b"") -> Subject:
        """Return what is known of a file called *name* in a folder, for the other methods."""
        return Subject(item, name, self._calendar, parent)

    def changing_field(self, first: Subject, second: Subject) -> str:
        """Return the field that gives a file another place when it is at its *first*, in braces."""
        moving = _MOVING.intersection(changing(self._folders, first, second))
        if self.keeps_name or "parent" in moving:
            return "{" + min(moving, default="name") + "}"
        used = templates.fields_of((self._name,))
        found = sorted(used - {"name", "stem", "ext"}) or sorted(used - {"ext"}) or ["ext"]
        return "{" + found[0] + "}"

    def _check(self) -> None:
        """Render an ordinary file, dated and not, so that a bad template is found at once."""
        entry = FileEntry(Location(0, b"a.b"), Kind.FILE, Fingerprint(1, 0, 0, 0))
        for date in (_SOME_DAY, None):
            subject = Subject(Classified(entry, "Other"), b"a.b", _Constant(date))
            try:
                render_folders(self._folders, subject)
                render_name(self._name, subject)
            except ValueError as error:
                raise ValueError(f"template {self.template!r}: {error}") from error


class _Keys:
    """What decides the folder of a file: keys to cache folders by."""

    def __init__(
        self, folders: tuple[Component, ...], used: frozenset[str], calendar: Calendar
    ) -> None:
        formats = [
            part.format
            for component in folders
            for part in component
            if isinstance(part, Field) and part.name == "date"
        ]
        self._each_its_own = bool(used & _EACH_ITS_OWN) or not all(map(is_daily, formats))
        self._found = tuple(sorted(used - _NOT_FOUND))
        self._date = "date" in used
        self._size = "size_class" in used
        self._extension = bool(used & {"ext", "extension"})
        self._calendar = calendar
        self._days: dict[int, int] = {}
        self.only_category = used <= {"category", "folder", "parent"}

    def of(self, item: Classified, name: bytes) -> object:
        """Return the key of a file's folder; None where it shares it with no other."""
        if self._each_its_own:
            return None
        entry = item.entry
        key = (
            item.category,
            self._day(item) if self._date else 0,
            templates.size_class(entry.fingerprint.size) if self._size else "",
            split(name, entry.kind)[1] if self._extension else b"",
        )
        if not self._found:
            return key
        fields = {} if item.facts is None else item.facts.fields
        return (*key, *map(fields.get, self._found))

    def _day(self, item: Classified) -> int:
        if (dated := dated_by(item)) is not None:
            return self._calendar.local(dated).toordinal()
        quarter = time_of(item) // QUARTER_NS
        day = self._days.get(quarter)
        if day is None:
            date = self._calendar.date_of(quarter * QUARTER_NS)
            day = 0 if date is None else date.toordinal()
            remember(self._days, quarter, day)
        return day


def _is_between(path: bytes, before: bytes, after: bytes) -> bool:
    """Whether a relative path begins and ends with these others, at whole names."""
    path, before, after = (b"/%b/" % p if p else b"/" for p in (path, before, after))
    is_long_enough = len(path) >= len(before) + len(after) - 1
    return is_long_enough and path.startswith(before) and path.endswith(after)


def remember(cache: dict[_Key, _Cached], key: _Key, value: _Cached) -> None:
    """Keep a value by its key, and not too many."""
    if len(cache) >= _MOST_CACHED:
        cache.clear()
    cache[key] = value


class _Constant:
    """A calendar of one day, or of none."""

    def __init__(self, date: datetime | None) -> None:
        self._date = date

    def date_of(self, _: int) -> datetime | None:
        return self._date

    def local(self, dated: Dated) -> datetime:
        return dated.moment

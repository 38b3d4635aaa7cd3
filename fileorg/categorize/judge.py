"""What a file is and when it was made, asking no more of it than that takes (pure)."""

import datetime as dt
from functools import cached_property
from typing import Final

from fileorg.categorize.dates import Calendar
from fileorg.categorize.evidence import Contents
from fileorg.categorize.filetypes import OTHER
from fileorg.categorize.rules import Categorizer
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.evidence import Basis, Dated, Facts, Metadata, Trust
from fileorg.model.plan import Classified

IN_NAME: Final = "file name"
LAST_CHANGE: Final = "modification time"

METADATA: Final = frozenset(
    {"date", "camera", "artist", "album", "title", "track", "width", "height"}
)
"""The template fields that a file says of itself."""

_READ: Final = (METADATA | {"mime", "digest"}) - {"date"}
"""The template fields whose values are read from a file."""


_NOTHING: Final = Metadata()


class Judge:
    """Judges files by their names, and by their contents where that is wanted or needed.

    *wanted* are the template fields that some layout or rule uses; no other one is asked for.
    """

    def __init__(
        self,
        categorizer: Categorizer,
        calendar: Calendar,
        trust: Trust = Trust.EXTENSION,
        wanted: frozenset[str] = frozenset(),
    ) -> None:
        self.categorizer: Final = categorizer
        self.calendar: Final = calendar
        self.trust: Final = trust
        self.wanted: Final = wanted
        self.metadata: Final = wanted & METADATA
        self.looks_at_all: Final = trust is Trust.CONTENT or not wanted.isdisjoint(_READ | {"date"})

    def has_to_look(self, entry: FileEntry, category: str) -> bool:
        """Whether more than its name and its stat decides about a file of a category by name."""
        return (self.looks_at_all or category == OTHER) and entry.kind is not Kind.FOLDER

    def judge(self, entry: FileEntry, contents: Contents) -> Classified:
        """Return a file with its category and all that is wanted to be known of it."""
        evidence = FileEvidence(entry, contents, self)
        category = evidence.category
        return Classified(entry, category, evidence.facts())


class FileEvidence:
    """The evidence of one file: each answer is sought when it is first asked for."""

    def __init__(self, entry: FileEntry, contents: Contents, judge: Judge) -> None:
        self.entry: Final = entry
        self._name = entry.location.name
        self._contents = contents
        self._judge = judge
        self._mime: str | None = None

    @property
    def category(self) -> str:
        """The category by name, or by content where that decides."""
        return self._judged[0]

    def mime(self) -> str | None:
        """Return the MIME type by content."""
        if self._mime is None:
            self._mime = self._contents.mime()
        return self._mime

    def dated(self) -> Dated | None:
        """Return the date to believe, None where not even the last change is credible."""
        if self._found_date is not None:
            return self._found_date
        changed = self._judge.calendar.date_of(self.entry.fingerprint.mtime_ns)
        return None if changed is None else Dated(changed, LAST_CHANGE)

    def field(self, name: str) -> str | None:
        """Return the value of a field that is read from the file."""
        if name == "mime":
            return self.mime()
        if name == "digest":
            return self._contents.digest()
        return self._metadata.fields.get(name) if name in METADATA else None

    def facts(self) -> Facts | None:
        """Return what is known beyond name and stat, None where that is nothing."""
        wanted = self._judge.wanted
        date = self._found_date if "date" in wanted else None
        asked = sorted(wanted & _READ)
        fields = {name: value for name in asked if (value := self.field(name)) is not None}
        facts = Facts(
            self._judged[1], self._mime, date, fields,
            doubt=self._doubt(), problem=self._contents.problem(),
        )  # fmt: skip
        return facts if facts.is_evidence or facts.mime or facts.problem else None

    @cached_property
    def _judged(self) -> tuple[str, Basis]:
        judge = self._judge
        by_name = judge.categorizer.category_of(self._name)
        is_known = by_name != OTHER or judge.categorizer.knows(self._name)
        if is_known and judge.trust is Trust.EXTENSION:
            return by_name, Basis.NAME
        from fileorg.categorize.kinds import category_of_content, contradicts

        mime = self.mime()
        if mime is None or (is_known and not contradicts(mime, self._name)):
            return by_name, Basis.NAME
        found = category_of_content(mime, judge.categorizer)
        return (by_name, Basis.NAME) if found is None else (found, Basis.CONTENT)

    def _doubt(self) -> str:
        if self._mime is None:
            return ""
        from fileorg.categorize.kinds import category_of_content, contradicts

        if not contradicts(self._mime, self._name):
            return ""
        return category_of_content(self._mime, self._judge.categorizer) or ""

    @cached_property
    def _metadata(self) -> Metadata:
        """What the file says of itself; nothing where no look is worth it."""
        if not self._judge.metadata:
            return _NOTHING
        from fileorg.categorize.kinds import may_say_more

        is_worth_it = self._mime is not None or may_say_more(self._name)
        if not is_worth_it or self.mime() is None:
            return _NOTHING
        return self._contents.metadata()

    @cached_property
    def _found_date(self) -> Dated | None:
        """The date of the content, else of the name; None where the last change has to do."""
        from fileorg.categorize.named_dates import dates_in

        calendar = self._judge.calendar
        written = self._metadata.date
        if written is not None and calendar.believes(written.moment):
            return written
        named = next((d for d in dates_in(self._name) if calendar.believes(d.moment)), None)
        if named is None or (not named.has_time and self._changed_on(named.moment)):
            return None
        return Dated(named.moment, IN_NAME)

    def _changed_on(self, day: dt.datetime) -> bool:
        """Whether the last change was on a day, so that it tells the time of it as well."""
        changed = self._judge.calendar.date_of(self.entry.fingerprint.mtime_ns)
        return changed is not None and changed.date() == day.date()

"""What a file is and when it was made, asking no more of it than that takes (pure)."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from fileorg.categorize.dates import Calendar
from fileorg.categorize.evidence import Contents
from fileorg.categorize.filetypes import OTHER
from fileorg.categorize.kinds import category_of_content, contradicts, may_say_more
from fileorg.categorize.rules import Categorizer
from fileorg.model.entry import FileEntry, Kind, Skip
from fileorg.model.evidence import Basis, Dated, Facts, Metadata, Trust
from fileorg.model.location import Location, is_below
from fileorg.model.once import once
from fileorg.model.plan import Classified
from fileorg.model.reason import Reason

if TYPE_CHECKING:
    from fileorg.categorize.ruling import Ruled, Ruling

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

    *wanted* are the template fields that the layout of the job uses; no other one is asked for.
    The paths that rules look at begin in the *sources*.
    """

    def __init__(
        self,
        categorizer: Categorizer,
        calendar: Calendar,
        trust: Trust = Trust.EXTENSION,
        wanted: frozenset[str] = frozenset(),
        rules: "Ruled | None" = None,
        sources: Iterable[Location] = (),
    ) -> None:
        self.categorizer: Final = categorizer
        self.calendar: Final = calendar
        self.trust: Final = trust
        self.rules: Final = rules
        self.metadata: Final = (wanted | (rules.fields if rules else frozenset())) & METADATA
        self._wanted = wanted
        self._sources = sorted(sources, key=lambda source: -len(source.path))
        self._looks_at_all = trust is Trust.CONTENT or _needs_a_look(wanted)

    def has_to_look(self, entry: FileEntry, category: str) -> bool:
        """Whether more than its name and its stat decides about a file of a category by name.

        That is without rules.
        """
        return (self._looks_at_all or category == OTHER) and entry.kind is not Kind.FOLDER

    def at_once(self, entry: FileEntry, category: str) -> Classified | Skip | None:
        """Judge a file of a category by name without a look into it, None where it needs one."""
        ruling = None
        if self.rules is not None:
            evidence = FileEvidence(entry, UNREAD, self)
            ruling = self.rules.book.at_once(evidence)
        if ruling is None:
            return None if self.has_to_look(entry, category) else Classified(entry, category)
        return None if self._needs_more(evidence, ruling) else self._ruled(evidence, ruling)

    def judge(self, entry: FileEntry, contents: Contents) -> Classified | Skip:
        """Return a file with its category and all that is wanted to be known of it.

        One that a rule leaves alone is a `Skip`.
        """
        return self.judge_by(FileEvidence(entry, contents, self))

    def judge_by(self, evidence: "FileEvidence") -> Classified | Skip:
        """Do as `judge` by the evidence of a file."""
        return self._ruled(evidence, self.rules.book.ruling(evidence) if self.rules else None)

    def path_of(self, location: Location) -> bytes:
        """Return the path below the nearest source that holds a file; its name if it is one."""
        for source in self._sources:
            if source == location:
                return location.name
            if source.root == location.root and is_below(location.path, source.path):
                return location.path[len(source.path) :].lstrip(b"/")
        return location.path

    def _needs_more(self, evidence: "FileEvidence", ruling: "Ruling") -> bool:
        """Whether a ruling, or what it leaves to be known of a file, takes a look into it."""
        if ruling.is_open:
            return True
        if ruling.rule.skip:
            return False
        is_categorized = ruling.rule.category is not None or evidence.named_category is not None
        return not is_categorized or _needs_a_look(self._wanted_by(ruling))

    def _ruled(self, evidence: "FileEvidence", ruling: "Ruling | None") -> Classified | Skip:
        entry, facts = evidence.entry, evidence.facts(self._wanted_by(ruling), ruling)
        if ruling is None or self.rules is None:
            return Classified(entry, evidence.category, facts)
        rule = ruling.rule
        if rule.skip:
            return Skip(entry.location, Reason.RULE, rule.name)
        category = evidence.category if rule.category is None else rule.category
        return Classified(entry, category, facts, self.rules.layouts[ruling.number])

    def _wanted_by(self, ruling: "Ruling | None") -> frozenset[str]:
        if self.rules is None or ruling is None:
            return self._wanted
        return self.rules.wanted[ruling.number]


def _needs_a_look(wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(_READ | {"date"})


class FileEvidence:
    """The evidence of one file: each answer is sought when it is first asked for."""

    def __init__(self, entry: FileEntry, contents: Contents, judge: Judge) -> None:
        self.entry: Final = entry
        self._name = entry.location.name
        self._contents = contents
        self._judge = judge
        self._mime: str | None = None

    @property
    def path(self) -> bytes:
        """The path below the source that the file is found in."""
        return self._judge.path_of(self.entry.location)

    @property
    def named_category(self) -> str | None:
        """The category where the name alone decides about it."""
        judge = self._judge
        if judge.trust is Trust.CONTENT:
            return None
        by_name = judge.categorizer.category_of(self._name)
        return by_name if by_name != OTHER or judge.categorizer.knows(self._name) else None

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

    def text(self) -> str:
        """Return the beginning of the text of a document."""
        return self._contents.text()

    def origins(self) -> tuple[str, ...]:
        """Return the addresses that the file was downloaded from."""
        return self._contents.origins()

    def judged(self) -> Classified | Skip:
        """Return what the file is, and what is wanted to be known of it."""
        return self._judge.judge_by(self)

    def facts(self, wanted: frozenset[str], ruling: "Ruling | None" = None) -> Facts | None:
        """Return what is known beyond name and stat of what is *wanted*, None where nothing is."""
        fields = {} if ruling is None else dict(ruling.groups)
        for name in sorted(wanted & _READ):
            value = self.field(name)
            if value is not None:
                fields[name] = value
        basis, date = self._basis(ruling), self._found_date if "date" in wanted else None
        facts = Facts(
            basis,
            self._mime,
            date,
            fields,
            rule="" if ruling is None else ruling.rule.name,
            doubt=self._doubt(),
            problem=self._contents.problem(),
        )
        return facts if facts.is_evidence or facts.mime or facts.problem else None

    def _basis(self, ruling: "Ruling | None") -> Basis:
        if ruling is not None and ruling.rule.category is not None:
            return Basis.RULE
        return self._judged[1]

    @once
    def _judged(self) -> tuple[str, Basis]:
        if (named := self.named_category) is not None:
            return named, Basis.NAME
        categorizer = self._judge.categorizer
        by_name, mime = categorizer.category_of(self._name), self.mime()
        is_known = by_name != OTHER or categorizer.knows(self._name)
        if mime is None or (is_known and not contradicts(mime, self._name)):
            return by_name, Basis.NAME
        found = category_of_content(mime, categorizer)
        return (by_name, Basis.NAME) if found is None else (found, Basis.CONTENT)

    def _doubt(self) -> str:
        if self._mime is None:
            return ""
        if not contradicts(self._mime, self._name):
            return ""
        return category_of_content(self._mime, self._judge.categorizer) or ""

    @once
    def _metadata(self) -> Metadata:
        """What the file says of itself; nothing where no look is worth it."""
        if not self._judge.metadata:
            return _NOTHING
        # Whoever has asked before: what is looked into for its category is read for more, too.
        is_worth_it = may_say_more(self._name) or self.named_category is None
        if not is_worth_it or self.mime() is None:
            return _NOTHING
        return self._contents.metadata()

    @once
    def _found_date(self) -> Dated | None:
        """The date of the content, else of the name; None where the last change has to do."""
        calendar = self._judge.calendar
        written = self._metadata.date
        if written is not None and calendar.believes(written.moment):
            return written
        from fileorg.categorize.named_dates import dates_in

        named = next((d for d in dates_in(self._name) if calendar.believes(d.moment)), None)
        if named is None or (not named.has_time and self._changed_on(named.moment)):
            return None
        return Dated(named.moment, IN_NAME)

    def _changed_on(self, day: dt.datetime) -> bool:
        """Whether the last change was on a day, so that it tells the time of it as well."""
        changed = self._judge.calendar.date_of(self.entry.fingerprint.mtime_ns)
        return changed is not None and changed.date() == day.date()


class _Unread:
    """What is in a file that nobody has opened."""

    def mime(self) -> str | None:
        return None

    def metadata(self) -> Metadata:
        return Metadata()

    def digest(self) -> str | None:
        return None

    def text(self) -> str:
        return ""

    def origins(self) -> tuple[str, ...]:
        return ()

    def problem(self) -> str:
        return ""


UNREAD: Final = _Unread()

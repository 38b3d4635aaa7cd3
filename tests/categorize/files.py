"""Files as plain values that count what is read of them, and rules made in one line."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from fileorg.categorize.combining import Condition
from fileorg.categorize.compiling import Setting, compile_when
from fileorg.categorize.conditions import TEXT
from fileorg.categorize.rules import Categorizer
from fileorg.categorize.ruling import Rulebook
from fileorg.config.convert import convert
from fileorg.config.schema import Rule, When
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.evidence import Dated
from fileorg.model.location import Location

DAY_NS = 86_400 * 10**9
NOW_NS = 20_000 * DAY_NS
CATEGORIZER = Categorizer({"Books": ("epub",)})
SETTING = Setting(CATEGORIZER.names(), NOW_NS, dt.UTC)


class File:
    """A file of which everything is known; `reads` counts the questions by their kind."""

    def __init__(
        self,
        path: bytes = b"a.txt",
        *,
        size: int = 0,
        age_ns: int = 0,
        mime: str | None = None,
        date: dt.datetime | None = None,
        fields: Mapping[str, str] | None = None,
        text: str = "",
        origins: tuple[str, ...] = (),
    ) -> None:
        self.entry = FileEntry(
            Location(0, path), Kind.FILE, Fingerprint(size, NOW_NS - age_ns, 0, 1)
        )
        self.path = path
        self.category = CATEGORIZER.category_of(self.entry.location.name)
        self.named_category: str | None = self.category
        self._mime, self._date, self._fields = mime, date, fields or {}
        self._text, self._origins = text, origins
        self.reads: Counter[str] = Counter()

    def mime(self) -> str | None:
        """Count, and answer."""
        self.reads["mime"] += 1
        return self._mime

    def dated(self) -> Dated | None:
        """Count, and answer."""
        self.reads["metadata"] += 1
        return None if self._date is None else Dated(self._date, "a test")

    def field(self, name: str) -> str | None:
        """Count, and answer."""
        self.reads["metadata"] += 1
        return self._fields.get(name)

    def text(self) -> str:
        """Count, and answer."""
        self.reads["text"] += 1
        return self._text

    def origins(self) -> tuple[str, ...]:
        """Count, and answer."""
        self.reads["origins"] += 1
        return self._origins


def when(**keys: Any) -> Condition:
    """Return the condition that is written so."""
    written = convert(When, keys, "when")
    assert isinstance(written, When)
    return compile_when(written, "when", SETTING)


def book_of(*rules: Mapping[str, Any]) -> Rulebook:
    """Return the rules of a configuration that is written so."""
    return Rulebook([rule_of(rule, f"rules[{n}]") for n, rule in enumerate(rules)], SETTING)


def rule_of(written: Mapping[str, Any], path: str = "rule") -> Rule:
    """Return the rule that is written so."""
    rule = convert(Rule, written, path)
    assert isinstance(rule, Rule)
    return rule


def holds(file: File, **keys: Any) -> bool:
    """Whether a condition that is written so holds for a file."""
    verdict = when(**keys).verdict(file, TEXT)
    assert verdict is not None
    return verdict

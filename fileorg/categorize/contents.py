"""What a rule may ask of a file that it takes reading to know (pure)."""

import datetime as dt
from typing import ClassVar

from fileorg.categorize.conditions import (
    ATTRIBUTES,
    HEAD,
    METADATA,
    TEXT,
    Groups,
    Leaf,
    Ranged,
    Wild,
    groups_in,
)
from fileorg.categorize.evidence import Evidence
from fileorg.config.regexes import Regex, searchable


class Category(Leaf, frozen=True):
    """The file is of one of some categories; where its name says nothing, its content may."""

    cost: ClassVar[int] = HEAD

    def verdict(self, file: Evidence, allowed: int) -> bool | None:
        """Return what the name says at no cost, where that decides."""
        named = file.named_category
        return super().verdict(file, allowed) if named is None else named in self.texts

    def holds(self, file: Evidence) -> bool:
        """Judge by the category that the file has without rules."""
        return file.category in self.texts

    def misses(self, other: Leaf) -> bool:
        """Compare the names."""
        return isinstance(other, Category) and set(self.texts).isdisjoint(other.texts)


class Origin(Leaf, frozen=True):
    """The file was downloaded from one of some hosts, or hosts below them, or addresses."""

    cost: ClassVar[int] = ATTRIBUTES
    hosts: Regex
    addresses: Regex

    def holds(self, file: Evidence) -> bool:
        """Judge by every address that the file has kept."""
        return any(
            self.hosts.search(_host(address)) or self.addresses.search(searchable(address))
            for address in file.origins()
        )


class Mime(Wild, frozen=True):
    """The type of the content is like one of some wildcards, such as `image/*`."""

    cost: ClassVar[int] = HEAD

    def holds(self, file: Evidence) -> bool:
        """Judge by content; what can't be told is of no type."""
        mime = file.mime()
        return mime is not None and self.holds_for(mime)


class Date(Ranged, frozen=True):
    """The day, as an ordinal, that a file was made."""

    cost: ClassVar[int] = METADATA
    zone: dt.tzinfo

    def holds(self, file: Evidence) -> bool:
        """Judge by the best evidence there is; a file without a credible date is of no day."""
        dated = file.dated()
        if dated is None:
            return False
        return self.holds_for(dated.clock(self.zone).toordinal())


class HasField(Leaf, frozen=True):
    """The file says something, or nothing, about itself under a name."""

    cost: ClassVar[int] = METADATA
    name: str
    wanted: bool

    def holds(self, file: Evidence) -> bool:
        """Judge by whether there is a value."""
        return bool(file.field(self.name)) is self.wanted

    def covers(self, other: Leaf) -> bool:
        """Know that what has a value has one."""
        if isinstance(other, HasField):
            return self == other
        return self.wanted and _asks_for(other, self.name)

    def misses(self, other: Leaf) -> bool:
        """Know that what has none has no value."""
        if isinstance(other, HasField):
            return self.name == other.name and self.wanted is not other.wanted
        return not self.wanted and _asks_for(other, self.name)


class TextField(Wild, frozen=True):
    """What the file says about itself under a name is like one of some wildcards."""

    cost: ClassVar[int] = METADATA
    name: str

    def holds(self, file: Evidence) -> bool:
        """Judge by the whole value, in any case."""
        value = file.field(self.name)
        return bool(value) and self.holds_for(value or "")

    def is_about(self, other: Wild) -> bool:
        """Whether both ask for the same field."""
        return _asks_for(other, self.name)


class NumberField(Ranged, frozen=True):
    """The number that the file has under a name is in one of some ranges."""

    cost: ClassVar[int] = METADATA
    name: str

    def holds(self, file: Evidence) -> bool:
        """Judge by the value where it is a number."""
        value = file.field(self.name) or ""
        return value.isascii() and value.isdigit() and self.holds_for(int(value))

    def is_about(self, other: Ranged) -> bool:
        """Whether both ask for the same field."""
        return _asks_for(other, self.name)


class Text(Leaf, frozen=True):
    """The text of a document holds one of some *words*, which are `flat`, over any white space."""

    cost: ClassVar[int] = TEXT
    words: tuple[str, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the text as far as it is read."""
        text = flat(file.text())
        return any(word in text for word in self.words)

    def covers(self, other: Leaf) -> bool:
        """Look for words in words."""
        return isinstance(other, Text) and all(
            any(word in longer for word in self.words) for longer in other.words
        )


class TextRegex(Leaf, frozen=True):
    """One of some expressions is found in the text of a document."""

    cost: ClassVar[int] = TEXT
    compiled: tuple[Regex, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the text as far as it is read."""
        text = searchable(file.text())
        return any(regex.search(text) for regex in self.compiled)

    def groups(self, file: Evidence) -> Groups:
        """Return what the groups of the first expression that is found have found."""
        return groups_in(file.text(), self.compiled)


def flat(text: str) -> str:
    """Return text in one case, with one space for any white space."""
    return " ".join(text.casefold().split())


def _asks_for(other: Leaf, name: str) -> bool:
    return isinstance(other, TextField | NumberField) and other.name == name


def _host(address: str) -> str:
    from urllib.parse import urlsplit

    try:
        return searchable(urlsplit(address).hostname or "")
    except ValueError:  # such as a bracket too many
        return ""

"""What a rule may ask of a file: each condition on one fact as a value that judges (pure)."""

import datetime as dt
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

import msgspec

from fileorg.categorize.evidence import Evidence
from fileorg.config.globs import as_pattern_text
from fileorg.config.ranges import Range
from fileorg.config.regexes import Regex, searchable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

STAT, ATTRIBUTES, HEAD, METADATA, TEXT = range(5)
"""What a condition costs: nothing but the scan's stat; attributes; ever more of the content."""

Groups = dict[str, str]
"""What the named groups of an expression have found."""


class Leaf(msgspec.Struct, frozen=True):
    """A condition on one fact about a file."""

    cost: ClassVar[int] = STAT

    def holds(self, file: Evidence) -> bool:
        """Whether it is true of a file, whatever has to be read for it."""
        raise NotImplementedError

    def verdict(self, file: Evidence, allowed: int) -> bool | None:
        """Return whether it holds, None if that costs more than *allowed*."""
        return self.holds(file) if self.cost <= allowed else None


class Extension(Leaf, frozen=True):
    """The name ends in one of these, in lower case and with their dots."""

    suffixes: tuple[bytes, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the end of the name; a name that is all extension has none."""
        name = file.entry.location.name.lower()
        return name.endswith(self.suffixes) and name not in self.suffixes


class Glob(Leaf, frozen=True):
    """The path matches globs in gitignore syntax."""

    lines: tuple[str, ...]
    spec: "GitIgnoreSpec | None"

    def holds(self, file: Evidence) -> bool:
        """Judge by the path as `include` and `exclude` do."""
        path = as_pattern_text(file.entry.location.path)
        return self.spec is not None and bool(self.spec.match_file(path))


class NameRegex(Leaf, frozen=True):
    """One of some expressions is found in the name."""

    patterns: tuple[str, ...]
    compiled: tuple[Regex, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the whole name, its extension included."""
        name = searchable(_name(file))
        return any(regex.search(name) for regex in self.compiled)

    def groups(self, file: Evidence) -> Groups:
        """Return the groups of the first expression that is found."""
        return _groups(self.compiled, _name(file))


class Category(Leaf, frozen=True):
    """The file is of one of some categories; where its name says nothing, its content may."""

    cost: ClassVar[int] = HEAD
    names: tuple[str, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the category that the file has without rules."""
        return file.category in self.names


class Size(Leaf, frozen=True):
    """The size in bytes is in one of some ranges."""

    ranges: tuple[Range, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by what the scan saw."""
        return _in_one(self.ranges, file.entry.fingerprint.size)


class Age(Leaf, frozen=True):
    """The time since the last change, in nanoseconds up to *now_ns*, is in one of some ranges."""

    ranges: tuple[Range, ...]
    now_ns: int

    def holds(self, file: Evidence) -> bool:
        """Judge by what the scan saw."""
        return _in_one(self.ranges, self.now_ns - file.entry.fingerprint.mtime_ns)


class Origin(Leaf, frozen=True):
    """The file was downloaded from one of some hosts, or hosts below them, or addresses."""

    cost: ClassVar[int] = ATTRIBUTES
    wanted: tuple[str, ...]
    hosts: Regex
    addresses: Regex

    def holds(self, file: Evidence) -> bool:
        """Judge by every address that the file has kept."""
        return any(
            self.hosts.search(_host(address)) or self.addresses.search(searchable(address))
            for address in file.origins()
        )


class Mime(Leaf, frozen=True):
    """The content is of one of some types, such as `image/*`."""

    cost: ClassVar[int] = HEAD
    types: tuple[str, ...]
    compiled: Regex

    def holds(self, file: Evidence) -> bool:
        """Judge by content; what can't be told is of no type."""
        mime = file.mime()
        return mime is not None and self.compiled.search(searchable(mime)) is not None


class Date(Leaf, frozen=True):
    """The day a file was made is in one of some ranges of ordinals."""

    cost: ClassVar[int] = METADATA
    ranges: tuple[Range, ...]
    zone: dt.tzinfo

    def holds(self, file: Evidence) -> bool:
        """Judge by the best evidence there is; a file without a credible date is of no day."""
        dated = file.dated()
        if dated is None:
            return False
        moment = dated.moment if dated.moment.tzinfo is None else dated.moment.astimezone(self.zone)
        return _in_one(self.ranges, moment.toordinal())


class HasField(Leaf, frozen=True):
    """The file says something, or nothing, about itself under a name."""

    cost: ClassVar[int] = METADATA
    name: str
    wanted: bool

    def holds(self, file: Evidence) -> bool:
        """Judge by whether there is a value."""
        return bool(file.field(self.name)) is self.wanted


class TextField(Leaf, frozen=True):
    """What the file says about itself under a name is like one of some wildcards."""

    cost: ClassVar[int] = METADATA
    name: str
    wanted: tuple[str, ...]
    compiled: Regex

    def holds(self, file: Evidence) -> bool:
        """Judge by the whole value, in any case."""
        value = file.field(self.name)
        return bool(value) and self.compiled.search(searchable(value or "")) is not None


class NumberField(Leaf, frozen=True):
    """The number that the file has under a name is in one of some ranges."""

    cost: ClassVar[int] = METADATA
    name: str
    ranges: tuple[Range, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the value where it is a number."""
        value = file.field(self.name) or ""
        return value.isascii() and value.isdigit() and _in_one(self.ranges, int(value))


class Text(Leaf, frozen=True):
    """The text of a document holds one of some words, which are `flat`, over any white space."""

    cost: ClassVar[int] = TEXT
    words: tuple[str, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the text as far as it is read."""
        text = flat(file.text())
        return any(word in text for word in self.words)


class TextRegex(Leaf, frozen=True):
    """One of some expressions is found in the text of a document."""

    cost: ClassVar[int] = TEXT
    patterns: tuple[str, ...]
    compiled: tuple[Regex, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the text as far as it is read."""
        text = searchable(file.text())
        return any(regex.search(text) for regex in self.compiled)

    def groups(self, file: Evidence) -> Groups:
        """Return the groups of the first expression that is found."""
        return _groups(self.compiled, file.text())


def flat(text: str) -> str:
    """Return text in one case, with one space for any white space."""
    return " ".join(text.casefold().split())


def _name(file: Evidence) -> str:
    return file.entry.location.name.decode("utf-8", "surrogateescape")


def _groups(compiled: tuple[Regex, ...], text: str) -> Groups:
    searched = searchable(text)
    match = next(filter(None, (regex.search(searched) for regex in compiled)))
    spans = {name: match.span(number) for name, number in match.re.groupindex.items()}
    return {name: text[start:end] for name, (start, end) in spans.items() if start >= 0}


def _in_one(ranges: tuple[Range, ...], value: int) -> bool:
    return any(one.holds(value) for one in ranges)


def _host(address: str) -> str:
    try:
        return searchable(urlsplit(address).hostname or "")
    except ValueError:  # such as a bracket too many
        return ""

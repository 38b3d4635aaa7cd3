"""What a rule may ask of a file without opening it, and what all conditions are made of (pure)."""

import re
from itertools import product
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec

from fileorg.categorize.evidence import Evidence
from fileorg.config.globs import as_pattern_text
from fileorg.config.ranges import Range
from fileorg.config.regexes import Regex, linear, printable, searchable, wildcards

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME, STAT, ATTRIBUTES, HEAD, METADATA, TEXT = range(6)
"""What a condition costs: the name; the scan's stat; attributes; ever more of the content."""

Groups = dict[str, str]
"""What the named groups of an expression have found."""

_LONGEST_GROUP: Final = 255
_SPECIAL: Final = re.compile(r"[*?\[\]\\/]")
_SIGNS: Final = re.compile(r"[\[\]\\#\s]")
"""What makes more of a glob than its letters, its stars and its question marks."""

_WILD: Final = re.compile(r"[*?]")


class Leaf(msgspec.Struct, frozen=True):
    """A condition on one fact about a file; *texts* are what will do, as it is written.

    What one says of another is never a wrong yes, but not every right one.
    """

    cost: ClassVar[int] = STAT
    texts: tuple[str, ...]

    def holds(self, file: Evidence) -> bool:
        """Whether it is true of a file, whatever has to be read for it."""
        raise NotImplementedError

    def verdict(self, file: Evidence, allowed: int) -> bool | None:
        """Return whether it holds, None if that costs more than *allowed*."""
        return self.holds(file) if self.cost <= allowed else None

    def covers(self, other: "Leaf") -> bool:
        """Whether this holds wherever another one does."""
        return type(self) is type(other) and set(other.texts) <= set(self.texts)

    def misses(self, other: "Leaf") -> bool:  # noqa: ARG002 (most say nothing of any other)
        """Whether this never holds where another one does."""
        return False


class Ranged(Leaf, frozen=True):
    """A condition on a whole number, which is in one of some ranges."""

    ranges: tuple[Range, ...]

    def holds_for(self, value: int) -> bool:
        """Whether a number will do."""
        return any(one.holds(value) for one in self.ranges)

    def is_about(self, other: "Ranged") -> bool:
        """Whether both ask for the same number."""
        return type(self) is type(other)

    def covers(self, other: Leaf) -> bool:
        """Compare the ranges."""
        if not (isinstance(other, Ranged) and self.is_about(other)):
            return False
        return all(any(wide.covers(narrow) for wide in self.ranges) for narrow in other.ranges)

    def misses(self, other: Leaf) -> bool:
        """Compare the ranges."""
        if not (isinstance(other, Ranged) and self.is_about(other)):
            return False
        return all(one.misses(another) for one, another in product(self.ranges, other.ranges))


class Wild(Leaf, frozen=True):
    """A condition on a text, which is like one of some wildcards."""

    compiled: Regex

    def holds_for(self, value: str) -> bool:
        """Whether a text will do as a whole, in any case."""
        return self.compiled.search(searchable(value)) is not None

    def is_about(self, other: "Wild") -> bool:
        """Whether both ask for the same text."""
        return type(self) is type(other)

    def covers(self, other: Leaf) -> bool:
        """Take wildcards for texts: a star fits only where there is one."""
        if not (isinstance(other, Wild) and self.is_about(other)) or "?" in "".join(self.texts):
            return False
        return all(map(self.holds_for, other.texts))

    def misses(self, other: Leaf) -> bool:
        """Compare what is before the first wildcard, and texts without any as texts."""
        if not (isinstance(other, Wild) and self.is_about(other)):
            return False
        return not any(_may_meet(*pair) for pair in product(self.texts, other.texts))


class Extension(Leaf, frozen=True):
    """The name ends in one of some *suffixes*, in lower case and with their dots."""

    cost: ClassVar[int] = NAME
    suffixes: tuple[bytes, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the end of the name; a name that is all extension has none."""
        name = file.entry.location.name.lower()
        return name.endswith(self.suffixes) and name not in self.suffixes

    def covers(self, other: Leaf) -> bool:
        """Look at the ends of extensions, and of globs (but not at a file called `.pdf`)."""
        if isinstance(other, Glob):
            ends = [_SPECIAL.split(line)[-1].lower().encode() for line in other.texts]
            return not other.negates and all(end.endswith(self.suffixes) for end in ends)
        if isinstance(other, Extension):
            return all(suffix.endswith(self.suffixes) for suffix in other.suffixes)
        return False

    def misses(self, other: Leaf) -> bool:
        """Look at the ends of both."""
        return isinstance(other, Extension) and not any(
            one.endswith(another) or another.endswith(one)
            for one, another in product(self.suffixes, other.suffixes)
        )


class Glob(Leaf, frozen=True):
    """The name matches globs in gitignore syntax; the path, where one of them holds a slash."""

    cost: ClassVar[int] = NAME
    spec: "GitIgnoreSpec | None"

    def holds(self, file: Evidence) -> bool:
        """Judge a path as `include` and `exclude` do."""
        judged = file.path if self.sees_folders else file.entry.location.name
        return self.spec is not None and bool(self.spec.match_file(as_pattern_text(judged)))

    def verdict(self, file: Evidence, allowed: int) -> bool | None:
        """Leave it open what a path decides where only a name may."""
        return None if allowed < STAT and self.sees_folders else self.holds(file)

    @property
    def sees_folders(self) -> bool:
        """Whether the folders that a file is in count."""
        return any("/" in line for line in self.texts)

    @property
    def negates(self) -> bool:
        """Whether a line takes back what another one has matched."""
        return any(line.startswith("!") for line in self.texts)

    @property
    def is_everything(self) -> bool:
        """Whether each file will do."""
        return not {"*", "**"}.isdisjoint(self.texts) and not self.negates

    def covers(self, other: Leaf) -> bool:
        """Compare the lines, where none of them takes back another."""
        if self.is_everything:
            return True
        if not isinstance(other, Glob) or self.sees_folders is not other.sees_folders:
            return False
        if self.negates or other.negates:
            return self.texts == other.texts
        return all(any(_is_wider(one, line) for one in self.texts) for line in other.texts)


class NameRegex(Leaf, frozen=True):
    """One of some expressions is found in the name, its extension included."""

    cost: ClassVar[int] = NAME
    compiled: tuple[Regex, ...]

    def holds(self, file: Evidence) -> bool:
        """Judge by the name alone."""
        name = searchable(_name(file))
        return any(regex.search(name) for regex in self.compiled)

    def groups(self, file: Evidence) -> Groups:
        """Return what the groups of the first expression that is found have found."""
        return groups_in(_name(file), self.compiled)


class Size(Ranged, frozen=True):
    """The size in bytes."""

    def holds(self, file: Evidence) -> bool:
        """Judge by what the scan saw."""
        return self.holds_for(file.entry.fingerprint.size)


class Age(Ranged, frozen=True):
    """The time since the last change, in nanoseconds up to *now_ns*."""

    now_ns: int

    def holds(self, file: Evidence) -> bool:
        """Judge by what the scan saw."""
        return self.holds_for(self.now_ns - file.entry.fingerprint.mtime_ns)


def groups_in(text: str, compiled: tuple[Regex, ...]) -> Groups:
    """Return what the groups of the first expression that is found in a text have found.

    What is no text, as a name may be, is replaced, and no value is longer than a name may be.
    """
    searched = searchable(text)
    match = next(filter(None, (regex.search(searched) for regex in compiled)))
    spans = {name: match.span(number) for name, number in match.re.groupindex.items()}
    found = {name: text[start:end] for name, (start, end) in spans.items() if start >= 0}
    return {name: printable(value[:_LONGEST_GROUP]) for name, value in found.items()}


def _is_wider(one: str, other: str) -> bool:
    """Whether a glob matches wherever another one does, as far as stars alone can tell."""
    if one == other:
        return True
    if _SIGNS.search(one) or _SIGNS.search(other) or other.endswith("/"):
        return False
    if one.endswith("/**"):
        return other.startswith(one[:-2])
    if "/" in one or "/" in other:
        return False
    # A star has to be met by a star: nothing else may take it for the character that it is here.
    parts = ({"*": ".*", "?": "[^*]"}.get(letter) or re.escape(letter) for letter in one)
    return linear(rf"(?s)\A{''.join(parts)}\z").search(searchable(other)) is not None


def _name(file: Evidence) -> str:
    return file.entry.location.name.decode("utf-8", "surrogateescape")


def _may_meet(one: str, other: str) -> bool:
    """Whether a text may be like both wildcards."""
    for plain, wild in ((one, other), (other, one)):
        if not _WILD.search(plain):
            return wildcards([wild]).search(searchable(plain)) is not None
    heads = sorted((_WILD.split(text, maxsplit=1)[0].lower() for text in (one, other)), key=len)
    return heads[1].startswith(heads[0])

"""The rules of the configuration made ready: the first that fits decides about a file (pure)."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from fileorg.categorize.combining import Condition, groups_of, leaves_of
from fileorg.categorize.compiling import Setting, compile_when
from fileorg.categorize.conditions import STAT, TEXT, Glob, Groups, NameRegex
from fileorg.categorize.contents import Date, HasField, NumberField, TextField, TextRegex
from fileorg.categorize.evidence import Evidence
from fileorg.categorize.rules import check_category_name
from fileorg.config.schema import Rule, When
from fileorg.errors import ConfigError

_MOST_RULES: Final = 1000
_MOST_LEAVES: Final = 200
_LONGEST_NAME: Final = 100


class Ready(msgspec.Struct, frozen=True):
    """A rule, where it stands in the configuration, and its condition made ready."""

    rule: Rule
    path: str
    condition: Condition

    @property
    def groups(self) -> frozenset[str]:
        """The names that the rule's templates may use for what its expressions find."""
        expressions = (
            regex
            for leaf in leaves_of(self.condition)
            if isinstance(leaf, NameRegex | TextRegex)
            for regex in leaf.compiled
        )
        return frozenset(name for regex in expressions for name in regex.groupindex)

    @property
    def fields(self) -> frozenset[str]:
        """The template fields whose values the condition asks for, `date` included."""
        leaves = [*leaves_of(self.condition)]
        named = (one.name for one in leaves if isinstance(one, HasField | TextField | NumberField))
        dates = ("date" for one in leaves if isinstance(one, Date))
        return frozenset((*named, *dates))

    @property
    def sees_folders(self) -> bool:
        """Whether the condition may be another one for the same file in another folder."""
        leaves = leaves_of(self.condition)
        return any(isinstance(leaf, Glob) and leaf.sees_folders for leaf in leaves)


class Ruling(msgspec.Struct, frozen=True, gc=False):
    """The rule that decides about a file, by its number, and what its groups have found."""

    number: int
    rule: Rule
    groups: Groups

    @property
    def is_open(self) -> bool:
        """Whether it takes reading more than was allowed to say which rule decides."""
        return self.number < 0


_OPEN: Final = Ruling(-1, Rule("", When()), {})


class Rulebook:
    """Rules in their order."""

    def __init__(self, rules: Sequence[Rule], setting: Setting) -> None:
        """Make all of them ready; `ConfigError` begins with the path of what is wrong."""
        if len(rules) > _MOST_RULES:
            raise ConfigError(f"rules: more than {_MOST_RULES:,}")
        _check_names(rules)
        self.rules: Final = tuple(
            _ready(rule, f"rules[{number}]", setting) for number, rule in enumerate(rules)
        )
        self.categories: Final = _with_named(rules, setting.categories)
        self.sees_folders: Final = any(ready.sees_folders for ready in self.rules)

    def ruling(self, file: Evidence) -> Ruling | None:
        """Return the first rule that fits; nothing is read that cheaper conditions settle."""
        return self._ruling(file, TEXT)

    def at_once(self, file: Evidence) -> Ruling | None:
        """Do as `ruling` without reading anything, where it need not be left open."""
        return self._ruling(file, STAT)

    def _ruling(self, file: Evidence, allowed: int) -> Ruling | None:
        for number, ready in enumerate(self.rules):
            verdict = ready.condition.verdict(file, allowed)
            if verdict:
                return Ruling(number, ready.rule, groups_of(ready.condition, file))
            if verdict is None:
                return _OPEN
        return None


class Ruled(msgspec.Struct, frozen=True):
    """The rules of a job; for each its layout by number, and the fields that this one uses."""

    book: Rulebook
    layouts: tuple[int, ...]
    wanted: tuple[frozenset[str], ...]

    @property
    def fields(self) -> frozenset[str]:
        """All fields that conditions and layouts use."""
        return frozenset().union(*self.wanted, *(ready.fields for ready in self.book.rules))


def _ready(rule: Rule, path: str, setting: Setting) -> Ready:
    does = [key for key in ("category", "template", "rename") if getattr(rule, key) is not None]
    if rule.skip and does:
        raise ConfigError(f"{path}: skips, and has a {does[0]}", "take one of them out")
    if not (rule.skip or does):
        raise ConfigError(f"{path}: says nothing to do", "add category, template, rename or skip")
    condition = compile_when(rule.when, f"{path}.when", setting)
    if sum(1 for _ in leaves_of(condition)) > _MOST_LEAVES:
        raise ConfigError(f"{path}.when: more than {_MOST_LEAVES} conditions")
    return Ready(rule, path, condition)


def _check_names(rules: Iterable[Rule]) -> None:
    taken: dict[str, int] = {}
    for number, rule in enumerate(rules):
        path, name = f"rules[{number}].name", rule.name
        if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
            raise ConfigError(f"{path}: wants up to {_LONGEST_NAME} printable characters")
        other = taken.setdefault(name.casefold(), number)
        if other != number:
            raise ConfigError(f"{path}: {name!r} is the name of rules[{other}], too", "rename one")


def _with_named(rules: Iterable[Rule], known: Sequence[str]) -> tuple[str, ...]:
    """Return the categories there are, and those that only rules name."""
    spelled = {name.casefold(): name for name in known}
    for number, rule in enumerate(rules):
        if rule.category is None:
            continue
        path = f"rules[{number}].category"
        why = check_category_name(rule.category)
        if why is not None:
            raise ConfigError(f"{path}: {rule.category!r} {why}")
        other = spelled.setdefault(rule.category.casefold(), rule.category)
        if other != rule.category:
            raise ConfigError(f"{path}: {rule.category!r} and {other!r} differ only in case")
    return tuple(spelled.values())

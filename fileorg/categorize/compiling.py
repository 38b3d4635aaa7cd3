"""The conditions of the configuration made ready to judge files (pure).

`ConfigError` begins with the path of the key that is wrong: `rules[2].when.any[0].regex`.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from fileorg.categorize import conditions as c
from fileorg.categorize import contents as inner
from fileorg.categorize.combining import All, Any, Condition, Not
from fileorg.categorize.rules import extension_of
from fileorg.config.convert import nearest
from fileorg.config.globs import patterns
from fileorg.config.ranges import Range, age_range, date_range, number_range, size_range
from fileorg.config.regexes import regex, wildcards
from fileorg.config.schema import Texts, When
from fileorg.errors import ConfigError

FIELDS: Final = ("camera", "artist", "album", "title", "track", "width", "height")
"""What a file may say of itself."""

_DEEPEST: Final = 8
_MOST_VALUES: Final = 1000
_NUMBERS: Final = frozenset({"track", "width", "height"})
_IS_RANGE: Final = re.compile(r"\s*(?:[<>]|.*\.\.)", re.DOTALL)


class Setting(msgspec.Struct, frozen=True):
    """What conditions are understood by: the categories there are, the time and its zone."""

    categories: tuple[str, ...]
    now_ns: int
    zone: dt.tzinfo


def compile_when(when: When, path: str, setting: Setting, depth: int = 1) -> Condition:
    """Return the condition that a mapping at a *path* of the configuration stands for."""
    if depth > _DEEPEST:
        raise ConfigError(f"{path}: conditions are nested deeper than {_DEEPEST} levels")
    parts: list[Condition] = []
    for key, build in _LEAVES.items():
        texts: Texts | None = getattr(when, key)
        if texts is not None:
            parts.append(_built(build, texts, setting, f"{path}.{key}"))
    for name, wanted in (when.metadata or {}).items():
        parts.append(_field(name, wanted, setting, f"{path}.metadata.{name}"))
    for key, combined in (("all", All), ("any", Any)):
        several: tuple[When, ...] | None = getattr(when, key)
        if several is not None:
            each = [
                compile_when(one, f"{path}.{key}[{number}]", setting, depth + 1)
                for number, one in enumerate(several)
            ]
            parts.append(combined(tuple(each)))
    if when.not_ is not None:
        inside = compile_when(when.not_, f"{path}.not", setting, depth + 1)
        parts.append(inside.part if isinstance(inside, Not) else Not(inside))
    if not parts:
        raise ConfigError(f"{path}: has no condition", "for every file write glob: '*'")
    return parts[0] if len(parts) == 1 else All(tuple(parts))


_Texts = tuple[str, ...]
_Build = Callable[[_Texts, Setting], c.Leaf]


def _built(build: _Build, given: Texts, setting: Setting, path: str) -> c.Leaf:
    texts = (given,) if isinstance(given, str) else given
    if len(texts) > _MOST_VALUES:
        raise ConfigError(f"{path}: more than {_MOST_VALUES:,} values")
    if not all(text.strip() for text in texts):
        raise ConfigError(f"{path}: an empty text", "leave it out")
    try:
        return build(texts, setting)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None


def _field(name: str, wanted: bool | Texts, setting: Setting, path: str) -> c.Leaf:
    if name not in FIELDS:
        near = nearest(name, [*FIELDS])
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(FIELDS)}"
        raise ConfigError(f"{path}: no such field", hint)
    if isinstance(wanted, bool):
        return inner.HasField((), name, wanted)

    def build(texts: _Texts, _: Setting) -> c.Leaf:
        if name in _NUMBERS and all(map(_IS_RANGE.match, texts)) and texts:
            return inner.NumberField(texts, _ranges(number_range, texts), name)
        return inner.TextField(texts, wildcards(texts), name)

    return _built(build, wanted, setting, path)


def _extension(texts: _Texts, _: Setting) -> c.Leaf:
    return c.Extension(texts, tuple(map(extension_of, texts)))


def _glob(texts: _Texts, _: Setting) -> c.Leaf:
    return c.Glob(texts, patterns(texts))


def _name_regex(texts: _Texts, _: Setting) -> c.Leaf:
    return c.NameRegex(texts, tuple(map(regex, texts)))


def _category(texts: _Texts, setting: Setting) -> c.Leaf:
    for name in texts:
        if name not in setting.categories:
            near = nearest(name, [*setting.categories])
            hint = f"; did you mean {near!r}?" if near else ""
            raise ValueError(f"{name!r} is no category{hint}")
    return inner.Category(texts)


def _size(texts: _Texts, _: Setting) -> c.Leaf:
    return c.Size(texts, _ranges(size_range, texts))


def _age(texts: _Texts, setting: Setting) -> c.Leaf:
    return c.Age(texts, _ranges(age_range, texts), setting.now_ns)


def _origin(texts: _Texts, _: Setting) -> c.Leaf:
    hosts = [text for text in texts if "/" not in text]
    below = [f"*.{host}" for host in hosts]
    addresses = [text for text in texts if "/" in text]
    return inner.Origin(texts, wildcards([*hosts, *below]), wildcards(addresses))


def _mime(texts: _Texts, _: Setting) -> c.Leaf:
    for text in texts:
        if text.count("/") != 1:
            raise ValueError(f"{text!r} is no type: write such as 'image/png' or 'image/*'")
    return inner.Mime(texts, wildcards(texts))


def _date(texts: _Texts, setting: Setting) -> c.Leaf:
    return inner.Date(texts, _ranges(date_range, texts), setting.zone)


def _text(texts: _Texts, _: Setting) -> c.Leaf:
    return inner.Text(texts, tuple(map(inner.flat, texts)))


def _text_regex(texts: _Texts, _: Setting) -> c.Leaf:
    return inner.TextRegex(texts, tuple(map(regex, texts)))


def _ranges(read: Callable[[str], Range], texts: Sequence[str]) -> tuple[Range, ...]:
    return tuple(map(read, texts))


_LEAVES: Final[dict[str, _Build]] = {
    "extension": _extension,
    "size": _size,
    "age": _age,
    "glob": _glob,
    "regex": _name_regex,
    "category": _category,
    "origin": _origin,
    "mime": _mime,
    "date": _date,
    "text": _text,
    "text_regex": _text_regex,
}
"""What stands together is asked in this order, the quickest first."""

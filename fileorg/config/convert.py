"""Plain data made into values of the schema, type by type (pure).

msgspec's own errors do not say which key of a mapping is meant; these begin with its path.
"""

from collections.abc import Iterator, Mapping
from enum import EnumType
from types import UnionType
from typing import Any, Final, get_args, get_origin

import msgspec

from fileorg.errors import ConfigError

AnyKind = Any
"""A type of the schema: a class, `int | None`, `tuple[str, ...]`."""

_LONGEST_SHOWN: Final = 60
_IN_QUOTES: Final = "put it in quotes"


def convert(kind: AnyKind, value: object, path: str) -> object:
    """Return a value in the type that its key has; `ConfigError` names what stands elsewhere."""
    for member in members_of(kind):
        bare = bare_of(member)
        if bare is dict and isinstance(value, Mapping):
            item = get_args(member)[1]
            return {
                (name := _key(key, path)): convert(item, held, f"{path}.{_word(name)}")
                for key, held in value.items()
            }
        if bare is tuple and isinstance(value, list):
            item = get_args(member)[0]
            return tuple(convert(item, held, f"{path}[{n}]") for n, held in enumerate(value))
        if is_struct(bare) and isinstance(value, Mapping):
            return _structure(bare, value, path)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise _wrong(kind, value, path) from None


def known_keys(data: Mapping[Any, object], known: Mapping[str, object], path: str) -> Iterator[str]:
    """Pass the keys on one by one, so that the first problem is the one that is told."""
    for key in data:
        name = _key(key, path)
        if name not in known:
            near = nearest(name, known)
            raise ConfigError(
                f"{path}: {_word(name)}: unknown key",
                f"did you mean {near!r}?" if near else f"the keys are {', '.join(known)}",
            )
        yield name


def members_of(kind: AnyKind) -> tuple[AnyKind, ...]:
    """Return the types that a union allows besides None; a type that is none by itself."""
    if isinstance(kind, UnionType):
        return tuple(member for member in get_args(kind) if member is not type(None))
    return (kind,)


def bare_of(kind: AnyKind) -> AnyKind:
    """Return `tuple` for `tuple[str, ...]`, and a plain type as it is."""
    origin: object = get_origin(kind)
    return origin or kind


def nearest(word: str, words: Mapping[str, object] | list[str], cutoff: float = 0.6) -> str | None:
    """Return the one of *words* that is most like *word* in any case, None where none is."""
    # Two milliseconds that only a mistake should cost.
    import difflib

    known = {one.lower(): one for one in words}
    return next(map(known.get, difflib.get_close_matches(word.lower(), known, 1, cutoff)), None)


def shown(value: object) -> str:
    """Name a value in a message, in one short line whatever it is."""
    if isinstance(value, str):
        return repr(_cut(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    named = (words for kinds, words in _SHOWN if isinstance(value, kinds))
    return next(named, f"a {type(value).__name__}")


def _structure(kind: type[msgspec.Struct], data: Mapping[Any, object], path: str) -> msgspec.Struct:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    values = {
        fields[key].name: convert(fields[key].type, data[key], f"{path}.{key}")
        for key in known_keys(data, fields, path)
    }
    missing = [key for key, field in fields.items() if field.required and field.name not in values]
    if missing:
        raise ConfigError(f"{path}: has no {missing[0]!r}")
    return kind(**values)


def _wrong(kind: AnyKind, value: object, path: str) -> ConfigError:
    """Say what is wanted and what there is instead."""
    choices: list[str] = [*map(str, kind)] if isinstance(kind, EnumType) else []
    if choices and isinstance(value, str):
        near = nearest(value, choices)
        return ConfigError(
            f"{path}: {shown(value)} is not one of {', '.join(choices)}",
            f"did you mean {near!r}?" if near else "",
        )
    wanted = f"one of {', '.join(choices)}" if choices else _in_words(kind)
    could_be_text = str in members_of(kind) and not isinstance(value, list | Mapping | None)
    return ConfigError(
        f"{path}: wants {wanted}, got {shown(value)}", _IN_QUOTES if could_be_text else ""
    )


def _in_words(kind: AnyKind) -> str:
    *others, last = map(_member_in_words, members_of(kind))
    return f"{', '.join(others)} or {last}" if others else last


def _member_in_words(kind: AnyKind) -> str:
    bare = bare_of(kind)
    if bare is tuple:
        return "a list of texts" if get_args(kind)[0] is str else "a list of mappings"
    if bare is dict:
        is_of_lists = bare_of(get_args(kind)[1]) is tuple
        return f"a mapping of names to {'lists' if is_of_lists else 'values'}"
    return _WANTED.get(bare, "a mapping")


def is_struct(kind: AnyKind) -> bool:
    """Whether a type is a mapping with known keys."""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _key(key: object, path: str) -> str:
    if isinstance(key, str):
        return key
    what = f"{path}: a key must be text, got {shown(key)}"
    if isinstance(key, bool):
        what += ", which is how YAML reads yes, no, on and off"
    raise ConfigError(what, _IN_QUOTES)


def _word(key: str) -> str:
    return _cut(key) if key.isprintable() else repr(_cut(key))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


_WANTED: Final[dict[object, str]] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}

# A number without its digits: one in hex may be longer than Python agrees to print.
_SHOWN: Final[tuple[tuple[Any, str], ...]] = (
    (type(None), "nothing"),
    ((int, float), "a number"),
    (list, "a list"),
    (Mapping, "a mapping"),
)

"""A mapping, or the text of one variable, made into checked settings (pure).

Every problem is a ConfigError that begins with where the value stands: origin, then key path.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import EnumType
from typing import Any, Final, get_args, get_origin

import msgspec

from fileorg.config.schema import Config
from fileorg.config.values import parse_age, parse_size
from fileorg.errors import ConfigError

_Kind = Any
"""A type of the schema: a class, `int | None`, `tuple[str, ...]`."""

KEYS: Final[dict[str, _Kind]] = {field.name: field.type for field in msgspec.structs.fields(Config)}
"""Every key of the schema, in its order, with the type of its value."""

_BOOLEANS: Final = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_HIGHEST: Final = 1_000_000_000
_LONGEST_SHOWN: Final = 60
_IN_QUOTES: Final = "put it in quotes"


def parse_config(data: object, origin: str) -> Config:
    """Return what a mapping of keys says, with defaults for the rest; None has nothing to say.

    ConfigError names the first key, in the mapping's order, that is unknown or wrong.
    """
    if data is None:
        return Config()
    if not isinstance(data, Mapping):
        raise ConfigError(
            f"{origin}: the top level is {shown(data)}, not keys with values",
            "write lines such as 'mode: category'",
        )
    values: dict[str, Any] = {
        key: _checked(key, data[key], f"{origin}: {key}") for key in _known(data, origin)
    }
    return Config(**values)


def parse_setting(key: str, text: str) -> object:
    """Return what the text of the variable of a key stands for, as `Config` holds it.

    Booleans are true, yes, on, 1 and their opposites; the items of a list end at commas.
    ConfigError begins with the name of the variable. `categories` is no text, and refused.
    """
    origin = variable_of(key)
    kind = KEYS[key]
    if _bare(kind) is dict:
        raise ConfigError(
            f"{origin}: {key} can't be set by a variable", "write it into the configuration file"
        )
    return _checked(key, _from_text(kind, text), origin)


def variable_of(key: str) -> str:
    """Return the name of the environment variable that sets a key."""
    return f"FILEORG_{key.upper()}"


def nearest(word: str, words: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the one of *words* that is most like *word*, or None where none is like it."""
    # Two milliseconds that only a mistake should cost.
    import difflib

    return next(iter(difflib.get_close_matches(word.lower(), words, n=1, cutoff=cutoff)), None)


def shown(value: object) -> str:
    """Name a value in a message, in one short line whatever it is."""
    if isinstance(value, str):
        return repr(_cut(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    named = (words for kinds, words in _SHOWN if isinstance(value, kinds))
    return next(named, f"a {type(value).__name__}")


def _known(data: Mapping[Any, object], origin: str) -> Iterable[str]:
    """Pass the keys on one by one, so that the first problem is the one that is told."""
    for key in data:
        name = _key(key, origin)
        if name not in KEYS:
            near = nearest(name, KEYS)
            raise ConfigError(
                f"{origin}: {_word(name)}: unknown key",
                f"did you mean {near!r}?" if near else f"the keys are {', '.join(KEYS)}",
            )
        yield name


def _checked(key: str, value: object, path: str) -> object:
    """Return a value in the type of its key and within its limits."""
    converted = _converted(KEYS[key], value, path)
    check = _CHECKS.get(key)
    if check is not None and converted is not None:
        try:
            check(converted)
        except ValueError as error:
            raise ConfigError(f"{path}: {error}") from None
    return converted


def _converted(kind: _Kind, value: object, path: str) -> object:
    """Convert by msgspec, item by item: its own errors do not say which key of a mapping."""
    if _bare(kind) is dict and isinstance(value, Mapping):
        item = get_args(kind)[1]
        return {
            (name := _key(key, path)): _converted(item, held, f"{path}.{_word(name)}")
            for key, held in value.items()
        }
    if _bare(kind) is tuple and isinstance(value, list):
        item = get_args(kind)[0]
        return tuple(_converted(item, held, f"{path}[{n}]") for n, held in enumerate(value))
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise _wrong(kind, value, path) from None


def _wrong(kind: _Kind, value: object, path: str) -> ConfigError:
    """Say what is wanted and what there is instead."""
    choices: list[str] = [*map(str, kind)] if isinstance(kind, EnumType) else []
    if choices and isinstance(value, str):
        near = nearest(value, choices)
        return ConfigError(
            f"{path}: {shown(value)} is not one of {', '.join(choices)}",
            f"did you mean {near!r}?" if near else "",
        )
    wanted = f"one of {', '.join(choices)}" if choices else _WANTED[_bare(kind)]
    could_be_text = wanted == _WANTED[str] and not isinstance(value, list | Mapping | None)
    return ConfigError(
        f"{path}: wants {wanted}, got {shown(value)}", _IN_QUOTES if could_be_text else ""
    )


def _key(key: object, path: str) -> str:
    if isinstance(key, str):
        return key
    what = f"{path}: a key must be text, got {shown(key)}"
    if isinstance(key, bool):
        what += ", which is how YAML reads yes, no, on and off"
    raise ConfigError(what, _IN_QUOTES)


def _from_text(kind: _Kind, text: str) -> object:
    """Return the value that the text would be in a file, or the text where it is none."""
    text = text.strip()
    bare = _bare(kind)
    if bare is tuple:
        return [item for part in text.split(",") if (item := part.strip())]
    if bare is bool:
        return _BOOLEANS.get(text.lower(), text)
    if bare in {int, float}:
        try:
            return msgspec.convert(text, bare, strict=False)
        except msgspec.ValidationError:
            return text
    return text


def _bare(kind: _Kind) -> _Kind:
    """Return `int` for `int | None` and `tuple` for `tuple[str, ...]`."""
    generic: object = get_origin(kind)
    if generic in {tuple, dict}:
        return generic
    return next((part for part in get_args(kind) if part is not type(None)), kind)


def _word(key: str) -> str:
    return _cut(key) if key.isprintable() else repr(_cut(key))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _check_count(value: float) -> None:
    if not 0 <= value <= _HIGHEST:
        raise ValueError(f"must be from 0 to {_HIGHEST}")


_WANTED: Final[dict[object, str]] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    tuple: "a list of texts",
    dict: "a mapping of names to lists",
}

# A number without its digits: one in hex may be longer than Python agrees to print.
_SHOWN: Final[tuple[tuple[Any, str], ...]] = (
    (type(None), "nothing"),
    ((int, float), "a number"),
    (list, "a list"),
    (Mapping, "a mapping"),
)

_CHECKS: Final[dict[str, Callable[[Any], object]]] = {
    "depth": _check_count,
    "min_size": parse_size,
    "max_size": parse_size,
    "older_than": parse_age,
    "newer_than": parse_age,
    "min_age": _check_count,
    "retention": parse_age,
}

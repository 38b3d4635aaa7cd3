"""A mapping, or the text of one variable, made into checked settings (pure).

Every problem is a ConfigError that begins with where the value stands: origin, then key path.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

import msgspec

from fileorg.config.convert import (
    AnyKind,
    bare_of,
    convert,
    is_struct,
    known_keys,
    members_of,
    shown,
)
from fileorg.config.schema import Config
from fileorg.config.values import parse_age, parse_size
from fileorg.errors import ConfigError
from fileorg.model.requests import KINDS, Prices

KEYS: Final[dict[str, AnyKind]] = {
    field.name: field.type for field in msgspec.structs.fields(Config)
}
"""Every key of the schema, in its order, with the type of its value."""

_BOOLEANS: Final = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_HIGHEST: Final = 1_000_000_000


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
        key: checked(key, data[key], f"{origin}: {key}") for key in known_keys(data, KEYS, origin)
    }
    return Config(**values)


def parse_setting(key: str, text: str) -> object:
    """Return what the text of the variable of a key stands for, as `Config` holds it.

    Booleans are true, yes, on, 1 and their opposites; the items of a list end at commas.
    ConfigError begins with the name of the variable. Mappings are no text, and refused.
    """
    origin = variable_of(key)
    kind = KEYS[key]
    bare = bare_of(members_of(kind)[0])
    if bare is dict or is_struct(bare) or (bare is tuple and get_args(kind)[0] is not str):
        raise ConfigError(
            f"{origin}: {key} can't be set by a variable", "write it into the configuration file"
        )
    return checked(key, _from_text(kind, text), origin)


def variable_of(key: str) -> str:
    """Return the name of the environment variable that sets a key."""
    return f"FILEORG_{key.upper()}"


def checked(key: str, value: object, path: str) -> object:
    """Return a value in the type of its key and within its limits.

    `ConfigError` begins with *path*.
    """
    converted = convert(KEYS[key], value, path)
    check = _CHECKS.get(key)
    if check is not None and converted is not None:
        try:
            check(converted)
        except ValueError as error:
            raise ConfigError(f"{path}: {error}") from None
    return converted


def _from_text(kind: AnyKind, text: str) -> object:
    """Return the value that the text would be in a file, or the text where it is none."""
    text = text.strip()
    bare = bare_of(members_of(kind)[0])
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


def _check_count(value: float) -> None:
    if not 0 <= value <= _HIGHEST:
        raise ValueError(f"must be from 0 to {_HIGHEST}")


def _check_prices(prices: Prices) -> None:
    for name in (*KINDS, "gb_out"):
        if not 0 <= getattr(prices, name) <= _HIGHEST:
            raise ValueError(f"{name} must be from 0 to {_HIGHEST}")


_CHECKS: Final[dict[str, Callable[[Any], object]]] = {
    "depth": _check_count,
    "min_size": parse_size,
    "max_size": parse_size,
    "older_than": parse_age,
    "newer_than": parse_age,
    "min_age": _check_count,
    "retention": parse_age,
    "prices": _check_prices,
}

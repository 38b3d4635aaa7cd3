"""Options and keywords over a configuration (pure)."""

from collections.abc import Callable, Mapping

import msgspec

from fileorg.config.convert import known_keys
from fileorg.config.parse import KEYS, checked
from fileorg.config.schema import Config


def override(
    config: Config, given: Mapping[str, object], named: Callable[[str], str] = str
) -> Config:
    """Return *config* with every key that was given; None and empty lists were not.

    `ConfigError` names the key that is wrong as the user knows it: *named*.
    """
    asked = {key: value for key, value in given.items() if value is not None and value != []}
    chosen = {
        key: checked(key, asked[key], named(key)) for key in known_keys(asked, KEYS, "keywords")
    }
    if "mode" in asked and "template" not in asked:
        chosen["template"] = None  # the mode asked for now beats a template in the file
    return msgspec.structs.replace(config, **chosen)

"""Options of the command line over a configuration (pure)."""

from collections.abc import Mapping

import msgspec

from fileorg.config.parse import parse_config
from fileorg.config.schema import Config


def override(config: Config, given: Mapping[str, object]) -> Config:
    """Return *config* with every option that was given; None and empty lists were not.

    `ConfigError` names the option that is wrong.
    """
    asked = {key: value for key, value in given.items() if value is not None and value != []}
    parsed = parse_config(asked, "command line")
    chosen = {key: getattr(parsed, key) for key in asked}
    if "mode" in asked and "template" not in asked:
        chosen["template"] = None  # the mode asked for now beats a template in the file
    return msgspec.structs.replace(config, **chosen)

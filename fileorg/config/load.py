"""Find and read the configuration: defaults, then the file, then `FILEORG_*`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from fileorg.config.convert import nearest
from fileorg.config.document import is_there, read_yaml
from fileorg.config.kept import Categories, kept_beside, read_kept, together
from fileorg.config.parse import KEYS, parse_config, parse_setting, variable_of
from fileorg.config.schema import Config, Setting
from fileorg.errors import ConfigError

_FILE_VARIABLE: Final = "FILEORG_CONFIG"
_PREFIX: Final = variable_of("")
_LIKE_A_KEY: Final = 0.8


class Loaded(msgspec.Struct, frozen=True):
    """The configuration in force, its file if there is one, and each key with its origin.

    *kept* is where categories are kept that commands add, whether there are any or not; None where
    this user has no folder for it.
    """

    config: Config
    path: Path | None
    settings: tuple[Setting, ...]
    kept: Path | None

    def with_categories(self, kept: Categories) -> "Loaded":
        """Return the same with more categories; `ConfigError` where both files claim the same."""
        if not kept or self.kept is None:
            return self
        written, path = self.config.categories, self.path or self.kept
        both = together(written, kept, path, self.kept)
        origin = f"{path} and {self.kept}" if written else str(self.kept)
        settings = (
            Setting(s.key, both, origin) if s.key == "categories" else s for s in self.settings
        )
        config = msgspec.structs.replace(self.config, categories=both)
        return Loaded(config, self.path, tuple(settings), self.kept)


def load(explicit: str | None, environ: Mapping[str, str]) -> Loaded:
    """Return what the files and variables say, the variables last; an empty one says nothing.

    ConfigError names the place of whatever can't be read, is unknown, or is wrong.
    """
    loaded = load_written(explicit, environ)
    return loaded if loaded.kept is None else loaded.with_categories(read_kept(loaded.kept))


def load_written(explicit: str | None, environ: Mapping[str, str]) -> Loaded:
    """Do as `load` without the categories that commands keep."""
    path = find(explicit, environ)
    data = read_yaml(path) if path else None
    config = parse_config(data, str(path))
    variables = _variables(environ)
    config = msgspec.structs.replace(config, **variables)
    origins = {
        **dict.fromkeys(data if isinstance(data, Mapping) else (), str(path)),
        **{key: variable_of(key) for key in variables},
    }
    settings = (Setting(key, getattr(config, key), origins.get(key, "default")) for key in KEYS)
    usual = path or _usual_path(environ)
    return Loaded(config, path, tuple(settings), None if usual is None else kept_beside(usual))


def find(explicit: str | None, environ: Mapping[str, str]) -> Path | None:
    """Return the file to read: *explicit*, else `FILEORG_CONFIG`, else the user's if there is one.

    ConfigError names a file that was asked for and is not there.
    """
    path = _usual_path(environ) if explicit is None else Path(explicit)
    if path is None:
        return None
    if is_there(path):
        return path
    if explicit is not None:
        raise ConfigError(f"{path}: no such configuration file")
    if environ.get(_FILE_VARIABLE):
        raise ConfigError(f"{_FILE_VARIABLE}: {path}: no such configuration file")
    return None


def default_path(environ: Mapping[str, str]) -> Path:
    """Return where the file is, or would be: `FILEORG_CONFIG`, else the user's config folder.

    `ConfigError` where this user has no folder.
    """
    path = _usual_path(environ)
    if path is None:
        raise ConfigError("this user has no home folder for a configuration", "set FILEORG_CONFIG")
    return path


def _usual_path(environ: Mapping[str, str]) -> Path | None:
    named = environ.get(_FILE_VARIABLE)
    if named:
        return Path(named)
    import platformdirs

    try:
        return platformdirs.user_config_path("fileorg", appauthor=False) / "config.yaml"
    except RuntimeError:  # no HOME, and a user that the system does not know
        return None


def _variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the keys that variables set; refuse a variable that looks like a key misspelled."""
    by_name = {variable_of(key): key for key in KEYS}
    for name in environ:
        if name.startswith(_PREFIX) and name not in by_name:
            near = nearest(name.removeprefix(_PREFIX), KEYS, _LIKE_A_KEY)
            if near:
                raise ConfigError(
                    f"{name}: unknown variable", f"did you mean {variable_of(near)!r}?"
                )
    return {
        key: parse_setting(key, text)
        for name, key in by_name.items()
        if (text := environ.get(name, "").strip())
    }

"""Find and read the configuration: defaults, then the file, then `FILEORG_*` (the place of YAML).

YAML is read as data only: bounded in size and depth, without aliases, tags or doubled keys.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from fileorg.config.parse import KEYS, nearest, parse_config, parse_setting, shown, variable_of
from fileorg.config.schema import Config, Setting
from fileorg.errors import ConfigError

_FILE_VARIABLE: Final = "FILEORG_CONFIG"
_PREFIX: Final = variable_of("")
_LIKE_A_KEY: Final = 0.8

_MOST_BYTES: Final = 1 << 20
_DEEPEST: Final = 32
_TOO_DEEP: Final = f"nested deeper than {_DEEPEST} levels"
_QUOTES: Final = "a value that begins with one of * & ! % @ ` { [ needs quotes"


class Loaded(msgspec.Struct, frozen=True):
    """The configuration in force, its file if there is one, and each key with its origin."""

    config: Config
    path: Path | None
    settings: tuple[Setting, ...]


def load(explicit: str | None, environ: Mapping[str, str]) -> Loaded:
    """Return what file and variables say, the variables last; an empty variable says nothing.

    ConfigError names the place of whatever can't be read, is unknown, or is wrong.
    """
    path = find(explicit, environ)
    data = _read(path) if path else None
    config = parse_config(data, str(path))
    variables = _variables(environ)
    config = msgspec.structs.replace(config, **variables)
    origins = {
        **dict.fromkeys(data if isinstance(data, Mapping) else (), str(path)),
        **{key: variable_of(key) for key in variables},
    }
    settings = (Setting(key, getattr(config, key), origins.get(key, "default")) for key in KEYS)
    return Loaded(config, path, tuple(settings))


def find(explicit: str | None, environ: Mapping[str, str]) -> Path | None:
    """Return the file to read: *explicit*, else `FILEORG_CONFIG`, else the user's if there is one.

    ConfigError names a file that was asked for and is not there.
    """
    path = _usual_path(environ) if explicit is None else Path(explicit)
    if path is None:
        return None
    if _is_there(path):
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


def _is_there(path: Path) -> bool:
    """Whether the name is taken: a broken link is a mistake to report, not a missing file."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return True


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


def _read(path: Path) -> object:
    """Return the data of a YAML file, None where it says nothing."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if len(content) > _MOST_BYTES:
        raise ConfigError(f"{path}: larger than {_MOST_BYTES} bytes", "is it the right file?")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _in_line(path, content.count(b"\n", 0, error.start), "not UTF-8 text") from None
    return _parse_yaml(path, text)


def _parse_yaml(path: Path, text: str) -> object:
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]  # C where it is built, Python elsewhere
        """Give the errors of int(), float() and datetime the line that they lack."""

        def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
            try:
                return super().construct_object(node, deep)
            except (ValueError, ArithmeticError) as error:
                raise _in_line(path, node.start_mark.line, str(error)) from None

    odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if odd:
        line = text.count("\n", 0, odd.start())
        raise _in_line(path, line, f"control character {odd[0]!r}")
    try:
        _check_events(path, yaml.parse(text, Loader))
        return yaml.load(text, Loader)  # noqa: S506 (it derives from a safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # What is never closed is missed behind the last line.
        line = min(mark.line if mark else 0, text.rstrip().count("\n"))
        problem = " ".join((error.problem or error.context or "not YAML").split())
        if "nesting depth" in problem:  # libyaml reads ahead, from 0.2.6 on to a limit of its own
            raise _in_line(path, line, _TOO_DEEP) from None
        raise _in_line(path, line, problem, _QUOTES) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: {' '.join(str(error).split())}") from None


def _check_events(path: Path, events: Iterable[Any]) -> None:
    """Refuse, before anything is built, what a configuration has no need of."""
    import yaml

    documents = 0
    levels: list[_Level] = []
    for event in events:
        line = event.start_mark.line
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _in_line(path, line, "a second document", "remove '---'")
        elif isinstance(event, yaml.CollectionEndEvent):
            levels.pop()
        elif isinstance(event, yaml.NodeEvent):
            _check_node(path, event)
            if levels:
                levels[-1].take(path, event)
            if isinstance(event, yaml.CollectionStartEvent):
                levels.append(_Level(is_mapping=isinstance(event, yaml.MappingStartEvent)))
                if len(levels) > _DEEPEST:
                    raise _in_line(path, line, _TOO_DEEP)


def _check_node(path: Path, event: Any) -> None:
    if event.anchor is not None:
        what = "anchors and aliases (& and *) are refused"
        raise _in_line(path, event.start_mark.line, what, _QUOTES)
    if getattr(event, "tag", None) is not None:
        raise _in_line(path, event.start_mark.line, "tags (!) are refused", _QUOTES)


class _Level:
    """A list or mapping that is open; a mapping takes keys and values in turn."""

    def __init__(self, *, is_mapping: bool) -> None:
        self._is_mapping = is_mapping
        self._is_key = is_mapping
        self._lines: dict[str, int] = {}

    def take(self, path: Path, event: Any) -> None:
        """Take the next node; refuse a key that is no scalar or was there before."""
        if self._is_key:
            line = event.start_mark.line
            key = getattr(event, "value", None)
            if key is None:
                raise _in_line(path, line, "a key must be text, not a list or mapping", _QUOTES)
            if key in self._lines:
                what = f"duplicate key {shown(key)}, set before in line {self._lines[key] + 1}"
                raise _in_line(path, line, what, "remove one of them")
            self._lines[key] = line
        self._is_key = self._is_mapping and not self._is_key


def _in_line(path: Path, line: int, problem: str, remedy: str = "") -> ConfigError:
    """Make an error of a line, counted from 0."""
    return ConfigError(f"{path}: line {line + 1}: {problem}", remedy)


def _unreadable(path: Path, error: Exception) -> ConfigError:
    return ConfigError(f"{path}: {getattr(error, 'strerror', None) or error}")

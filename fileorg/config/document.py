"""YAML files read as data only (the place of YAML).

They are bounded in size and depth, and without aliases, tags or doubled keys.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from fileorg.config.convert import shown
from fileorg.errors import ConfigError

_MOST_BYTES: Final = 1 << 20
_DEEPEST: Final = 32
_TOO_DEEP: Final = f"nested deeper than {_DEEPEST} levels"
_QUOTES: Final = "a value that begins with one of * & ! % @ ` { [ needs quotes"


def is_there(path: Path) -> bool:
    """Whether the name is taken: a broken link is a mistake to report, not a missing file."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return True


def read_yaml(path: Path) -> object:
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

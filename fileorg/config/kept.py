"""The categories that `fileorg categories` keeps, in a file of their own beside the configuration.

So that command never touches what is written by hand, comments included.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from fileorg.config.convert import convert
from fileorg.config.document import is_there, read_yaml
from fileorg.errors import ConfigError, StorageUnavailableError

Categories = dict[str, tuple[str, ...]]
"""The extensions of each category, as they are written."""

_HEAD: Final = """\
# Kept by 'fileorg categories', which writes this file anew at each change; comments are lost.
# Read together with the categories in the configuration beside it.
"""


def kept_beside(config: Path) -> Path:
    """Return where the categories are kept that belong to a configuration file."""
    return config.with_name("categories.yaml")


def read_kept(path: Path) -> Categories:
    """Return the categories in a file, none where there is no file; `ConfigError` if wrong."""
    data = read_yaml(path) if is_there(path) else None
    return {} if data is None else cast("Categories", convert(Categories, data, str(path)))


def together(written: Categories, kept: Categories, config: Path, path: Path) -> Categories:
    """Return the categories of both files; `ConfigError` names an extension that both place."""
    owners = {_bare(text): name for name, texts in written.items() for text in texts}
    for name, texts in kept.items():
        for text in texts:
            owner = owners.get(_bare(text), name)
            if owner != name:
                raise ConfigError(
                    f"extension {text!r} is in {owner!r} in {config}, and in {name!r} in {path}",
                    f"fileorg categories edit {name!r} --remove-extension {text!r}",
                )
    return {
        name: tuple(dict.fromkeys((*written.get(name, ()), *kept.get(name, ()))))
        for name in written | kept
    }


def change_kept(path: Path, change: Callable[[Categories], Categories]) -> None:
    """Replace the categories in a file by what *change* makes of them; others wait meanwhile.

    Folder and file are made where they are missing. `StorageUnavailableError` if they can't be.
    """
    import fcntl

    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            kept = read_kept(path)
            changed = change(kept)
            if changed != kept:
                _replace(target, _text(changed))
                os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        remedy = "the folder of the configuration must be writable"
        raise StorageUnavailableError(f"{path}: {error.strerror}", remedy) from error


def _replace(target: Path, text: str) -> None:
    """Write a file beside, durably and with the mode of the old one, and put it in its place."""
    beside = target.with_name(f".{target.name}.new")
    beside.unlink(missing_ok=True)
    try:
        with beside.open("x", encoding="utf-8") as file:
            if target.exists():
                os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _text(kept: Categories) -> str:
    """Return a line of YAML for each category; JSON's way to write a text is one of YAML's."""
    lines = (
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(texts, ensure_ascii=False)}\n"
        for name, texts in kept.items()
    )
    return _HEAD + "".join(lines)


def _bare(extension: str) -> str:
    return extension.removeprefix(".").lower()

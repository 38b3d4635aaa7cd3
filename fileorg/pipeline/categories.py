"""The categories there are, and changes to the user's own."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from fileorg.categorize.editing import Editor
from fileorg.categorize.filetypes import CATEGORIES, OTHER
from fileorg.categorize.rules import extension_of
from fileorg.config.convert import nearest
from fileorg.config.kept import Categories, change_kept, kept_beside
from fileorg.config.load import Loaded, default_path, load_written
from fileorg.config.schema import Config
from fileorg.errors import ConfigError, UsageError
from fileorg.pipeline.configuration import check_config
from fileorg.pipeline.job import categorizer_of


class CategoryLine(msgspec.Struct, frozen=True):
    """A category: whether fileorg comes with it, what it holds, and what of that the user added."""

    name: str
    built_in: bool
    extensions: tuple[str, ...]
    own: tuple[str, ...]


class Moved(msgspec.Struct, frozen=True):
    """An extension whose files belong to another category than before."""

    extension: str
    before: str
    after: str


class Changed(msgspec.Struct, frozen=True):
    """What a change came to, and the file that it was written to."""

    path: Path
    moved: tuple[Moved, ...]


def category_lines(config: Config) -> list[CategoryLine]:
    """Return every category in force, in the order in which they are known."""
    return [
        CategoryLine(
            name,
            name in CATEGORIES or name == OTHER,
            tuple(extensions),
            tuple(_bare(text) for text in config.categories.get(name, ())),
        )
        for name, extensions in categorizer_of(config).extensions().items()
    ]


def category_line(name: str, config: Config) -> CategoryLine:
    """Return one category; `UsageError` where there is none of that name."""
    lines = {line.name: line for line in category_lines(config)}
    if name not in lines:
        near = nearest(name, lines)
        hint = f"did you mean {near!r}?" if near else "fileorg categories list"
        raise UsageError(f"no category {name!r}", hint)
    return lines[name]


def change_categories(
    explicit: str | None, environ: Mapping[str, str], change: Callable[[Editor], None]
) -> Changed:
    """Make a change to the categories that are kept, where the whole configuration allows it.

    `UsageError` or `ConfigError` says why not; then nothing is written.
    """
    loaded = load_written(explicit, environ)
    moved: list[Moved] = []

    def changed(kept: Categories) -> Categories:
        editor = Editor(kept, loaded.config.categories, str(loaded.path))
        change(editor)
        after = loaded.with_categories(editor.kept)
        check_config(after.config)
        moved.extend(_moved(_holders(loaded, kept), _holders(after, {})))
        return editor.kept

    place = loaded.kept or kept_beside(default_path(environ))
    change_kept(place, changed)
    return Changed(place, tuple(moved))


def _holders(loaded: Loaded, kept: Categories) -> dict[str, str]:
    """Return the category of each extension; none where that was not to be told before."""
    try:
        held = categorizer_of(loaded.with_categories(kept).config).extensions()
    except ConfigError:
        return {}
    return {extension: name for name, extensions in held.items() for extension in extensions}


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> list[Moved]:
    return [
        Moved(extension, was, now)
        for extension in sorted(before.keys() | after.keys())
        if (was := before.get(extension, OTHER)) != (now := after.get(extension, OTHER))
    ]


def _bare(text: str) -> str:
    return extension_of(text)[1:].decode("utf-8", "surrogateescape")

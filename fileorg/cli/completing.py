"""What the shell completes besides options: runs, categories, modes."""

import os
from collections.abc import Callable


def one_of(values: str) -> Callable[[str], list[str]]:
    """Return what completes one of some words, given as `this|that`."""

    def completed(incomplete: str) -> list[str]:
        return [value for value in values.split("|") if value.startswith(incomplete)]

    return completed


def runs(incomplete: str) -> list[tuple[str, str]]:
    """Return the runs whose id begins so, the newest first, each with what it was."""
    from fileorg.cli.words import count, moment
    from fileorg.errors import FileorgError
    from fileorg.pipeline.state import state_folder

    try:
        records = state_folder(None, os.environ).records()
    except FileorgError:
        return []
    found = [("last", "the newest")] if records else []
    found += [
        (r.run, f"{r.kind.value}, {moment(r.started_ns)}, {count(r.done, 'file')}") for r in records
    ]
    return [(name, what) for name, what in found if name.startswith(incomplete)]


def modes(incomplete: str) -> list[str]:
    """Return the layouts whose name begins so."""
    from fileorg.plan.templates import MODES

    return [mode for mode in MODES if mode.startswith(incomplete)]


def categories(incomplete: str) -> list[str]:
    """Return the categories whose name begins so, the user's own among them."""
    from fileorg.config.load import load
    from fileorg.errors import FileorgError
    from fileorg.pipeline.job import categorizer_of

    try:
        names = categorizer_of(load(None, os.environ).config).names()
    except FileorgError:
        return []
    return [name for name in names if name.startswith(incomplete)]

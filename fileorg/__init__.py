"""Tidy a folder in one command, and take it back: the public API, imported where it is used."""

TYPE_CHECKING = False  # typing itself would cost more than all else that `--version` imports
if TYPE_CHECKING:
    from typing import Any

_HOMES = {
    "Config": "fileorg.config.schema",
    "DedupeAction": "fileorg.model.duplicates",
    "Duplicates": "fileorg.pipeline.dedupe",
    "Event": "fileorg.events",
    "FileLine": "fileorg.pipeline.viewing",
    "FileorgError": "fileorg.errors",
    "Happened": "fileorg.events",
    "Inventory": "fileorg.model.inventory",
    "Noted": "fileorg.events",
    "PhaseStarted": "fileorg.events",
    "Planned": "fileorg.events",
    "Progressed": "fileorg.events",
    "RunDetails": "fileorg.pipeline.viewing",
    "RunLine": "fileorg.pipeline.history",
    "RunStarted": "fileorg.events",
    "RunSummary": "fileorg.model.summary",
    "TakenPolicy": "fileorg.model.plan",
    "__version__": "fileorg.version",
    "duplicates": "fileorg.api",
    "files": "fileorg.api",
    "inventory": "fileorg.api",
    "load_config": "fileorg.api",
    "organize": "fileorg.api",
    "purge": "fileorg.api",
    "recover": "fileorg.api",
    "redo": "fileorg.api",
    "runs": "fileorg.api",
    "show": "fileorg.api",
    "undo": "fileorg.api",
}

__all__ = [
    "Config",
    "DedupeAction",
    "Duplicates",
    "Event",
    "FileLine",
    "FileorgError",
    "Happened",
    "Inventory",
    "Noted",
    "PhaseStarted",
    "Planned",
    "Progressed",
    "RunDetails",
    "RunLine",
    "RunStarted",
    "RunSummary",
    "TakenPolicy",
    "__version__",
    "duplicates",
    "files",
    "inventory",
    "load_config",
    "organize",
    "purge",
    "recover",
    "redo",
    "runs",
    "show",
    "undo",
]


def __getattr__(name: str) -> "Any":
    """Import a public name when it is asked for (PEP 562)."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'fileorg' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__

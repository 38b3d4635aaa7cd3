"""Tidy a folder in one command, and take it back: the public API, imported where it is used."""

TYPE_CHECKING = False  # typing itself would cost more than all else that `--version` imports
if TYPE_CHECKING:
    from typing import Any

_HOMES = {
    "Config": "fileorg.config.schema",
    "FileorgError": "fileorg.errors",
    "OrganizeRequest": "fileorg.pipeline.organize",
    "RecoverRequest": "fileorg.pipeline.recover",
    "RunSummary": "fileorg.model.summary",
    "Silent": "fileorg.events",
    "State": "fileorg.pipeline.state",
    "UndoRequest": "fileorg.pipeline.undo",
    "__version__": "fileorg.version",
    "organize": "fileorg.pipeline.organize",
    "recover": "fileorg.pipeline.recover",
    "undo": "fileorg.pipeline.undo",
}

__all__ = [
    "Config",
    "FileorgError",
    "OrganizeRequest",
    "RecoverRequest",
    "RunSummary",
    "Silent",
    "State",
    "UndoRequest",
    "__version__",
    "organize",
    "recover",
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

"""Tidy a folder in one command, and take it back: the public API, imported where it is used."""

TYPE_CHECKING = False  # typing itself would cost more than all else that `--version` imports
if TYPE_CHECKING:
    from typing import Any

_HOMES = {
    "CategoryLine": "fileorg.pipeline.categories",
    "Config": "fileorg.config.schema",
    "DedupeAction": "fileorg.model.duplicates",
    "Duplicates": "fileorg.pipeline.dedupe",
    "Event": "fileorg.events",
    "Explanation": "fileorg.pipeline.explain",
    "FileLine": "fileorg.pipeline.viewing",
    "FileorgError": "fileorg.errors",
    "Finding": "fileorg.pipeline.places",
    "Happened": "fileorg.events",
    "Inventory": "fileorg.model.inventory",
    "Noted": "fileorg.events",
    "PhaseStarted": "fileorg.events",
    "Planned": "fileorg.events",
    "Progressed": "fileorg.events",
    "PruneSummary": "fileorg.pipeline.prune",
    "PurgeSummary": "fileorg.pipeline.purge",
    "ReportFormat": "fileorg.report.formats",
    "RunDetails": "fileorg.pipeline.viewing",
    "RunLine": "fileorg.pipeline.history",
    "RunStarted": "fileorg.events",
    "RunSummary": "fileorg.model.summary",
    "Sort": "fileorg.pipeline.viewing",
    "Status": "fileorg.model.outcome",
    "TakenPolicy": "fileorg.model.plan",
    "__version__": "fileorg.version",
    "apply": "fileorg.api.acting",
    "categories": "fileorg.api.looking",
    "category": "fileorg.api.looking",
    "doctor": "fileorg.api.looking",
    "duplicates": "fileorg.api.acting",
    "explain": "fileorg.api.looking",
    "files": "fileorg.api.looking",
    "inventory": "fileorg.api.looking",
    "load_config": "fileorg.api.looking",
    "organize": "fileorg.api.acting",
    "prune": "fileorg.api.keeping",
    "purge": "fileorg.api.keeping",
    "recover": "fileorg.api.acting",
    "redo": "fileorg.api.acting",
    "runs": "fileorg.api.looking",
    "show": "fileorg.api.looking",
    "undo": "fileorg.api.acting",
    "write_report": "fileorg.api.looking",
}

__all__ = [
    "CategoryLine",
    "Config",
    "DedupeAction",
    "Duplicates",
    "Event",
    "Explanation",
    "FileLine",
    "FileorgError",
    "Finding",
    "Happened",
    "Inventory",
    "Noted",
    "PhaseStarted",
    "Planned",
    "Progressed",
    "PruneSummary",
    "PurgeSummary",
    "ReportFormat",
    "RunDetails",
    "RunLine",
    "RunStarted",
    "RunSummary",
    "Sort",
    "Status",
    "TakenPolicy",
    "__version__",
    "apply",
    "categories",
    "category",
    "doctor",
    "duplicates",
    "explain",
    "files",
    "inventory",
    "load_config",
    "organize",
    "prune",
    "purge",
    "recover",
    "redo",
    "runs",
    "show",
    "undo",
    "write_report",
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

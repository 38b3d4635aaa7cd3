"""The sums of a run by outcome and by category (pure)."""

from collections.abc import Callable, Iterable

import msgspec

from fileorg.model.plan import CARRIES
from fileorg.model.reason import CONFLICTS
from fileorg.model.summary import RunSummary, StepSum

_CARRIES = {kind.name.lower() for kind in CARRIES}
_OUTCOMES = ("done", "skipped", "failed", "pending", "copied")


class Sum(msgspec.Struct, frozen=True):
    """So many files, and their bytes, under one name."""

    name: str
    files: int
    bytes: int


def by_outcome(summary: RunSummary) -> list[Sum]:
    """Return how files ended; of those that were not even planned no bytes are known."""
    steps = {row.name: row for row in _sums(summary.steps, lambda step: step.status)}
    files = {name: row.files for name, row in steps.items()} | {"failed": summary.failed}
    left = sum(row.count for row in summary.left_alone if row.reason in CONFLICTS)
    files["skipped"] = files.get("skipped", 0) + left
    return [
        Sum(name, files[name], steps[name].bytes if name in steps else 0)
        for name in _OUTCOMES
        if files.get(name)
    ]


def by_category(steps: Iterable[StepSum]) -> list[Sum]:
    """Return what was done by category, the most files first; nothing where none has one."""
    found = _sums((step for step in steps if step.status == "done"), lambda step: step.category)
    named = [row for row in found if row.name]
    return sorted(named, key=lambda row: (-row.files, row.name))


def _sums(steps: Iterable[StepSum], name_of: Callable[[StepSum], str]) -> list[Sum]:
    sums: dict[str, Sum] = {}
    for step in steps:
        if step.kind in _CARRIES:
            name = name_of(step)
            so_far = sums.get(name, Sum(name, 0, 0))
            sums[name] = Sum(name, so_far.files + step.files, so_far.bytes + step.bytes)
    return list(sums.values())

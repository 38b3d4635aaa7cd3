"""Stopping a run dead at its n-th call of the storage or the journal, before or after it."""

import os
from collections.abc import Callable
from typing import Any

from fileorg.journal.store import Journal
from fileorg.pipeline import workspace
from fileorg.storage.local import LocalStorage

VERBS = (
    "rename", "rename_each", "copy", "link", "remove", "make_folder", "remove_folder",
    "set_folder_mtime", "sync", "refresh", "probe",
)  # fmt: skip
RECORDS = ("record", "planned", "advance", "note", "settle", "finish")
CRASHED = 99


def crash_at(number: int, *, after: bool) -> None:
    """Make this process exit at the *number*-th call; to be called in a child."""
    count = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            mine = count == number
            if mine and not after:
                os._exit(CRASHED)
            result = call(*args, **options)
            if mine:
                os._exit(CRASHED)
            return result

        return wrapper

    class Crashing(LocalStorage):
        pass

    for verb in VERBS:
        setattr(Crashing, verb, counted(getattr(LocalStorage, verb)))
    for verb in RECORDS:
        setattr(Journal, verb, counted(getattr(Journal, verb)))
    vars(workspace)["open_storage"] = Crashing

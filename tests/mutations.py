"""Breaking the product on purpose: a pytest plugin that drops one safeguard before any test runs.

FILEORG_MUTATION=barrier python -m pytest -p tests.mutations TEST
"""

import os
from collections.abc import Callable
from typing import Any

import pytest

from fileorg.journal.store import Journal
from fileorg.move import acts, departure, redundant, transfer
from fileorg.storage import local, no_replace, posix


def _put(owner: Any, name: str, value: Any) -> None:
    if not hasattr(owner, name):
        raise LookupError(f"{owner}: there is no {name} to break; mend the mutation")
    setattr(owner, name, value)


def _barrier() -> None:
    """Begin a batch without its commit."""
    _put(Journal, "advance", lambda *_: None)


def _no_replace() -> None:
    """Rename without the flag that keeps a taken name."""
    _put(posix, "_EXCLUSIVE", 0)


def _fingerprint() -> None:
    """Move a file whatever it is by now."""
    _put(local, "is_expected", lambda *_: True)


def _syncfs() -> None:
    """End a run without making it durable."""
    _put(posix, "sync_file_system", lambda _: None)


def _proof() -> None:
    """Unlink an original without comparing it with its copy."""
    _put(transfer, "same_content", lambda *_: True)


def _redundant() -> None:
    """Set a file aside without comparing it with the one that is kept."""
    _put(redundant, "same_bytes", lambda *_: True)


def _original() -> None:
    """Take back a copy without a look at its original."""
    _put(departure, "is_gone", lambda *_: False)
    _put(transfer, "_check_original", lambda *_: None)


def _answer() -> None:
    """Believe a disk that says that a rename failed."""
    _put(acts, "arrived", lambda *_: None)


def _only_name() -> None:
    """Unlink the new name of a file though the old one is gone."""
    _put(no_replace, "_names", lambda *_: True)


MUTATIONS: dict[str, Callable[[], None]] = {
    "barrier": _barrier,
    "no-replace": _no_replace,
    "fingerprint": _fingerprint,
    "syncfs": _syncfs,
    "proof": _proof,
    "redundant": _redundant,
    "original": _original,
    "answer": _answer,
    "only-name": _only_name,
}


def pytest_configure(config: pytest.Config) -> None:
    """Break what the environment names."""
    chosen = os.environ.get("FILEORG_MUTATION")
    if chosen:
        MUTATIONS[chosen]()

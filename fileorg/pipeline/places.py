"""Where fileorg writes: every place there is, and whether the state folder is fit for it."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from fileorg.config.kept import kept_beside
from fileorg.config.load import default_path
from fileorg.errors import StorageUnavailableError, TamperedJournalError
from fileorg.model.location import join, shown
from fileorg.pipeline.alike import cache_path
from fileorg.pipeline.state import OTHER_STATE, State

_LEAST_FREE = 1 << 20
_TAMPERED = TamperedJournalError.exit_code


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at; *code* is the exit code of what is wrong with it, or 0."""

    area: str
    path: bytes
    says: str
    remedy: str = ""
    code: int = 0


def state_folder_finding(path: Path) -> Finding:
    """Say whether a folder of the state is its owner's alone to write, and has room."""
    here = os.fsencode(path)
    if not path.is_dir():
        return _unusable(here, "not a folder")
    found = path.stat()
    if found.st_uid != os.geteuid():
        return Finding("state", here, "it belongs to another user", OTHER_STATE, _TAMPERED)
    if found.st_mode & 0o022:
        remedy = f"if nobody did: chmod 700 {shown(here)}"
        return Finding("state", here, "others may write to it", remedy, _TAMPERED)
    if not os.access(path, os.W_OK | os.X_OK, effective_ids=True):
        return _unusable(here, "it can't be written")
    room = os.statvfs(path)
    if room.f_bavail * room.f_frsize < _LEAST_FREE:
        return _unusable(here, "its disk is full")
    size = sum(entry.stat().st_size for entry in os.scandir(path) if entry.is_file())
    return Finding("state", here, f"yours, and writable; {size:,} bytes of files in it")


def _unusable(path: bytes, says: str) -> Finding:
    return Finding("state", path, says, OTHER_STATE, StorageUnavailableError.exit_code)


def written_places(state: State, environ: Mapping[str, str]) -> list[tuple[bytes, str]]:
    """Return every place that fileorg writes to, and what is kept there."""
    config = default_path(environ)
    places: list[tuple[bytes, str]] = [
        (
            os.fsencode(state.path / "runs"),
            "a journal of each run, and what SQLite keeps beside it",
        ),
        (os.fsencode(state.path / "index"), "the list of runs, made anew when it is missing"),
        (os.fsencode(state.path / "orders"), "the files of large runs in order, for show"),
        (os.fsencode(cache_path(state)), "digests that dedupe keeps; 'cache clear' removes them"),
        (os.fsencode(config), "the configuration, written by 'config init' alone"),
        (os.fsencode(kept_beside(config)), "categories of your own, written by 'categories'"),
    ]
    known = {root for record in state.records() for root in record.roots}
    for root in [*sorted(known), b"SOURCE", b"DEST"]:
        own = join(root, b".fileorg")
        places += [
            (root, "what a run plans, and for a moment .fileorg-RUN-... beside a target"),
            (join(own, b"quarantine"), "files set aside: replaced ones, and duplicates"),
            (join(own, b"lock"), "a lock while a run is at work, where folders take none"),
        ]
    return [*places, (b"--log-file FILE", "what happened to each file, where you ask for it")]

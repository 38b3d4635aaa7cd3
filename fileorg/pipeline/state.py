"""The state folder, and the names and journals of runs in it."""

import os
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from fileorg.errors import StorageUnavailableError, UnknownRunError
from fileorg.journal.index import RunRecord, read_index
from fileorg.journal.schema import Header, JournalRoot
from fileorg.journal.store import Journal
from fileorg.journal.viewing import JournalView
from fileorg.model.location import overlap
from fileorg.model.outcome import RunKind, RunState

OTHER_STATE = "set FILEORG_STATE_DIR or --state-dir to a folder of yours"
_LISTED = "'fileorg runs' lists them"
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another


class State:
    """Where fileorg keeps its journals."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Make the folder, for its owner alone; `StorageUnavailableError` if that can't be."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.path / "runs").mkdir(exist_ok=True, mode=0o700)
            if not os.access(self.path / "runs", os.W_OK):
                raise PermissionError(13, "Permission denied")
        except OSError as error:
            raise _unusable(self.path, "written", error) from error

    @property
    def locks(self) -> Path:
        """Where the locks of buckets are."""
        return self.path / "locks"

    def journal_path(self, run: str) -> Path:
        """Return where the journal of a run is."""
        return self.path / "runs" / f"{run}.db"

    def open(self, run: str) -> Journal:
        """Open the journal of a run."""
        return Journal.open(self.journal_path(run))

    def view(self, run: str) -> JournalView:
        """Open the journal of a run to look at it."""
        return JournalView.open(self.journal_path(run))

    def records(self) -> list[RunRecord]:
        """Return every run, the newest first."""
        try:
            return read_index(self.path)
        except OSError as error:
            raise _unusable(self.path, "read", error) from error

    def interrupted(self, roots: list[bytes]) -> list[RunRecord]:
        """Return the unsettled runs on folders that overlap with *roots*, which must be locked."""
        return [
            record
            for record in self.records()
            if record.state in {RunState.PLANNING, RunState.RUNNING}
            and not record.problem
            and overlap(roots, record.roots)
        ]

    def is_new(self) -> bool:
        """Whether no run has left a journal here."""
        return not any((self.path / "runs").glob("*.db"))

    def find(self, name: str) -> RunRecord:
        """Return the run with that id or unique beginning, or with `last` the newest.

        `UnknownRunError` if there is none, or more than one.
        """
        records = self.records()
        if name == "last":
            if not records:
                raise UnknownRunError("'last': there are no runs yet", _LISTED)
            name = records[0].run
        matches = [record for record in records if record.run.startswith(name)]
        exact = [record for record in matches if record.run == name]
        if len(exact or matches) != 1 or not name:
            why = "no such run" if not matches else f"{len(matches)} runs begin with that"
            raise UnknownRunError(f"{name!r}: {why}{_near(name, records)}", _LISTED)
        record = (exact or matches)[0]
        if record.problem:
            with closing(self.open(record.run)) as journal:
                journal.roots()  # one of these raises what is wrong with it
        return record


def _near(name: str, records: list[RunRecord]) -> str:
    """Return a question about the run whose id is most like a name, if one is."""
    from fileorg.config.convert import nearest

    near = nearest(name, ["last"]) or nearest(name, [record.run for record in records], 0.8)
    return f"; did you mean {near}?" if near else ""


def _unusable(path: Path, what: str, error: OSError) -> StorageUnavailableError:
    return StorageUnavailableError(
        f"{path}: the state folder can't be {what}: {error.strerror}", OTHER_STATE
    )


def state_folder(explicit: str | None, environ: Mapping[str, str]) -> State:
    """Return the state folder: the option, FILEORG_STATE_DIR, or the platform's own."""
    chosen = explicit or environ.get("FILEORG_STATE_DIR")
    try:
        if chosen:
            return State(Path(chosen).expanduser().absolute())
        from platformdirs import user_state_path

        return State(user_state_path("fileorg"))
    except RuntimeError:  # no HOME, and a user that the system does not know
        raise StorageUnavailableError(
            "this user has no home folder to keep journals in", OTHER_STATE
        ) from None


def new_run_id(now_ns: int) -> str:
    """Return an id that sorts by time, to 34 microseconds, and is short enough to type."""
    seconds, rest = divmod(now_ns, 10**9)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(seconds))
    base = len(_LETTERS)
    tick = rest * base**3 // 10**9
    return (
        f"{stamp}-{_LETTERS[tick // base**2]}{_LETTERS[tick // base % base]}{_LETTERS[tick % base]}"
    )


def boot_id() -> str:
    """Return what identifies this boot of the machine; empty where it can't be told."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def create_journal(
    state: State,
    run: str,
    kind: RunKind,
    roots: list[JournalRoot],
    *,
    command: tuple[str, ...],
    now_ns: int,
    zone: str = "",
    parent: str = "",
) -> Journal:
    """Begin the journal of a run."""
    from fileorg.version import __version__

    header = Header(run, kind, parent, command, now_ns, zone, __version__, boot_id(), os.geteuid())
    return Journal.create(state.journal_path(run), header, roots)

"""Running fileorg on real folders in tests, and the oracle: what was there, byte by byte."""

import os
import signal
import stat
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from fileorg.config.schema import Config
from fileorg.events import Event, PhaseStarted, Silent
from fileorg.journal.index import RunRecord
from fileorg.model.duplicates import DedupeAction
from fileorg.model.outcome import FORWARD
from fileorg.model.plan import FolderPolicy
from fileorg.model.summary import RunSummary
from fileorg.pipeline.dedupe import DedupeRequest, Duplicates, dedupe
from fileorg.pipeline.lineage import History
from fileorg.pipeline.organize import OrganizeRequest, organize
from fileorg.pipeline.recover import RecoverRequest, interrupted_runs, recover
from fileorg.pipeline.state import State
from fileorg.pipeline.undo import UndoRequest, undo
from fileorg.pipeline.viewing import FileLine, Listing, RunView

Snapshot = dict[bytes, tuple[str, int, int, bytes]]


class Desk:
    """A folder to organize and a state folder beside it."""

    def __init__(self, base: Path) -> None:
        self.root = base / "root"
        self.root.mkdir(parents=True, exist_ok=True)
        self.state = State(base / "state")

    def organize(self, *sources: Path, into: Path | None = None, **options: Any) -> RunSummary:
        """Organize the folder, or the sources given; options of the request and of the config."""
        request = {
            name: options.pop(name)
            for name in ("dry_run", "force", "jobs", "wait")
            if name in options
        }
        return organize(
            OrganizeRequest(
                tuple(os.fsencode(source) for source in sources or (self.root,)),
                self.state,
                None if into is None else os.fsencode(into),
                msgspec.convert(options, Config),
                **request,
            ),
            Silent(),
        )

    def organize_with(self, meddle: Callable[[], object], **options: Any) -> RunSummary:
        """Organize the folder, calling *meddle* when the plan is made and nothing has moved."""
        config = msgspec.convert({"folders": FolderPolicy.RECURSE, **options}, Config)
        request = OrganizeRequest((os.fsencode(self.root),), self.state, config=config)
        return organize(request, Meddler(meddle))

    def dedupe(self, action: str, meddle: Callable[[], object] = lambda: None) -> Duplicates:
        """Act on the duplicates in the folder, calling *meddle* before the first act."""
        paths, policy = (os.fsencode(self.root),), DedupeAction(action)
        return dedupe(DedupeRequest(paths, self.state, action=policy), Meddler(meddle))

    def undo(self, run: str = "last", **options: Any) -> RunSummary:
        """Take a run back."""
        return undo(UndoRequest(run, self.state, **options), Silent())

    def take_all_back(self) -> None:
        """Finish what was interrupted, and undo every run that is in force."""
        self.recover()
        for _ in range(3):
            if self.is_undone():
                return
            self.undo(self.newest().run)

    def is_undone(self) -> bool:
        """Whether there is no run left to take back."""
        records = self.state.records()
        history = History(records)
        return all(
            history.is_settled_undo(record)
            or not (record.done or record.folders or record.copies_left)
            for record in records
            if record.kind in FORWARD
        )

    def newest(self) -> RunRecord:
        """Return the newest run that is no undo."""
        return next(record for record in self.state.records() if record.kind in FORWARD)

    def redo(self, run: str = "last") -> RunSummary:
        """Do a run again."""
        return undo(UndoRequest(run, self.state, redo=True), Silent())

    def recover(self) -> list[RunSummary | None]:
        """Finish every interrupted run."""
        return [
            recover(RecoverRequest(run, self.state), Silent())
            for run in interrupted_runs(self.state)
        ]

    def lines(self, run: str) -> list[FileLine]:
        """Return the files of a run in the order in which they were planned."""
        with RunView(self.state, run) as view:
            return list(view.files(Listing()))

    def snapshot(self, *, times: bool = True) -> Snapshot:
        """Return all there is in the folder: kind, mode, mtime in ns, content."""
        return snapshot(self.root, times=times)


class Meddler(Silent):
    """A listener that does something just before the first move."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        self._meddle = meddle

    def tell(self, event: Event) -> None:
        """Meddle when the plan is made."""
        if isinstance(event, PhaseStarted) and event.phase == "execute":
            self._meddle()


def snapshot(root: Path, *, times: bool = True) -> Snapshot:
    """Return all there is at and below *root*: kind, mode, mtime in ns, content."""
    found: Snapshot = {}
    top = os.fsencode(root)
    for folder, folders, names in os.walk(top):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for path in (folder, *(os.path.join(folder, name) for name in (*names, *links))):
            seen = os.lstat(path)
            kind, content = _content(path, seen.st_mode)
            mtime = seen.st_mtime_ns if times or kind != "folder" else 0
            found[path[len(top) :]] = (kind, stat.S_IMODE(seen.st_mode), mtime, content)
    return found


def contents(*roots: Path) -> Counter[tuple[str, int, int, bytes]]:
    """Return the multiset of files below the roots, wherever they are: the oracle of no loss."""
    return Counter(
        facts for root in roots for facts in snapshot(root).values() if facts[0] != "folder"
    )


def _content(path: bytes, mode: int) -> tuple[str, bytes]:
    if stat.S_ISLNK(mode):
        return "link", os.readlink(path)
    if stat.S_ISDIR(mode):
        return "folder", b""
    if stat.S_ISREG(mode):
        return "file", Path(os.fsdecode(path)).read_bytes()
    return "special", b""


def in_child(work: Callable[[], object]) -> int:
    """Run *work* in a forked process; return its exit code, 1 for an error.

    A process that stops itself is killed.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        except BaseException as error:  # noqa: BLE001 - the parent sees the code
            print(f"in child: {error!r}", file=sys.stderr)
            if os.environ.get("FILEORG_TEST_TRACE"):
                import traceback

                traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitpid(child, os.WUNTRACED)[1]
    if os.WIFSTOPPED(status):
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status)

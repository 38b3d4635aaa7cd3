"""A tree with duplicates, on which faults strike, and what must hold then."""

import shutil
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path

from fileorg.model.summary import RunSummary
from tests.pipeline.faults import Faults, at_work
from tests.pipeline.harness import Desk, Snapshot, contents
from tests.trees import File, make_tree

TREE = {
    b"a.pdf": File(b"same", 1_600_000_000.5, 0o640),
    b"deep/a (1).pdf": File(b"same", 1_500_000_000.25),
    b"deep/er/copy of a.pdf": File(b"same", 1_400_000_000),
    b"other/b": File(b"twice", 1_300_000_000),
    b"other/b (2)": File(b"twice", 1_200_000_000),
    b"other/alone": File(b"alone", 1_100_000_000),
}
ACTIONS = ("quarantine", "hardlink", "symlink", "reflink")


class Twins:
    """A desk with duplicates on it, as often as asked, and one action on them."""

    def __init__(self, base: Path, action: str) -> None:
        self.base, self.action = base, action
        make_tree(base / "pristine", TREE)
        self.desk = Desk(base / "desk")
        self.before: Snapshot = {}

    def reset(self) -> None:
        """Put the tree back as it was, with no run behind it."""
        shutil.rmtree(self.base / "desk", ignore_errors=True)
        shutil.copytree(self.base / "pristine", self.base / "desk" / "root", symlinks=True)
        self.desk = Desk(self.base / "desk")
        self.before = self.desk.snapshot()

    def at_work(self, script: str = "") -> AbstractContextManager[Faults]:
        """Let runs in this process meet the faults of a script."""
        return at_work(Faults(script))

    def act(self) -> RunSummary:
        """Act on the duplicates."""
        return self.desk.dedupe(self.action).summary

    def run(self) -> str:
        """Return the newest run that acted."""
        return self.desk.newest().run

    def take_all_back(self) -> None:
        """Finish what was interrupted, and undo every run that is in force."""
        if self.action == "reflink":
            self.desk.recover()
        else:
            self.desk.take_all_back()

    def undo(self) -> None:
        """Take the newest run back, if there is one."""
        records = self.desk.state.records()
        if records and records[0].state != "planning" and self.action != "reflink":
            self.desk.undo(self.run())

    def lost(self) -> Counter[tuple[str, int, int, bytes]]:
        """Return the files that are nowhere any more."""
        was = Counter(facts for facts in self.before.values() if facts[0] != "folder")
        return was - contents(self.desk.root)

    def places(self) -> set[tuple[bytes, str]]:
        """Return what is where, quarantine aside."""
        found = self.desk.snapshot(times=False).items()
        return {(path, kind) for path, (kind, *_) in found if not path.startswith(b"/.fileorg")}

"""The stages on which faults strike: a tree, a way to organize it, and what must hold then."""

import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from fileorg.model.summary import RunSummary
from tests.pipeline.faults import CRASHED, Faults, at_work
from tests.pipeline.harness import Desk, Snapshot, contents, in_child, snapshot
from tests.trees import File, Link, make_tree

TREE = {
    b"a.jpg": File(b"picture", 1_600_000_000.5, 0o640),
    b"deep/er/b.jpg": File(b"another picture", 1_500_000_000.25),
    b"deep/a.jpg": File(b"a third", 1_400_000_000),
    b"deep/er/c.pdf": File(b"text", 1_300_000_000, 0o600),
    b"other/new\nline.txt": File(b"odd", 1_200_000_000),
    b"other/er/b (1).jpg": File(b"another picture", 1_150_000_000),
    b"other/link.txt": Link(b"/etc/hostname"),
    b"Images/a.jpg": File(b"was there before", 1_100_000_000),
    b"keep/empty/": None,
}
UNITED = {
    b"u.cr2": File(b"raw", 1_600_000_000.5, 0o640),
    b"u.jpg": File(b"developed", 1_500_000_000.25),
    b"u.xmp": File(b"settings", 1_450_000_000),
    b"in/u.cr2": File(b"another raw", 1_400_000_000),
    b"in/u.jpg": File(b"was there before", 1_100_000_000),
    b"in/page.html": File(b"page", 1_300_000_000),
    b"in/page_files/style.css": File(b"style", 1_250_000_000),
    b"Images/u.jpg": File(b"was there before", 1_100_000_000),
    b"plain.pdf": File(b"text", 1_200_000_000),
}
MODES: dict[str, dict[str, Any]] = {
    "rename": {"folders": "recurse"},
    "replace": {"folders": "recurse", "on_conflict": "replace"},
    "whole": {"folders": "whole"},
    "twins": {"folders": "recurse", "dedupe": "quarantine"},
    "copy": {"folders": "recurse", "copy": True},
    "across": {"folders": "recurse", "force": True},
    "units": {"folders": "recurse"},
    "units copied": {"folders": "recurse", "copy": True},
    "units across": {"folders": "recurse", "force": True},
    "ruled": {
        "folders": "recurse",
        "rules": [
            {"name": "text", "when": {"text": "odd"}, "category": "Odd"},
            {"name": "b", "when": {"regex": "^b(?P<n>.*).jpg"}, "template": "B/{n|x}/{name}"},
            {"name": "c", "when": {"extension": "pdf"}, "rename": "paper"},
            {"name": "left", "when": {"glob": "/other/link.txt"}, "skip": True},
        ],
    },
}
"""Ways to organize; `across` goes to another device, by force because `/dev` is the system's.

Those with `units` have a tree of files that belong together.
"""


class Stage:
    """A desk with the tree on it, as often as asked, and another device to sort into."""

    def __init__(self, base: Path, elsewhere: Path, mode: str) -> None:
        self.base, self.elsewhere, self.mode = base, elsewhere, mode
        self.options = MODES[mode]
        self.is_across = mode.endswith("across")
        make_tree(base / "pristine", UNITED if mode.startswith("units") else TREE)
        self.desk = Desk(base / "desk")
        self.before: Snapshot = {}

    def reset(self) -> "Stage":
        """Put the tree back as it was, with no run behind it."""
        for folder in (self.base / "desk", self.elsewhere):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        shutil.copytree(self.base / "pristine", self.base / "desk" / "root", symlinks=True)
        self.desk = Desk(self.base / "desk")
        self.before = self.snapshot()
        return self

    def organize(self) -> RunSummary:
        """Organize in the stage's way."""
        into = self.elsewhere / "sorted" if self.is_across else None
        return self.desk.organize(into=into, **self.options)

    def at_work(self, script: str = "") -> AbstractContextManager[Faults]:
        """Let runs in this process meet the faults of a script."""
        return at_work(Faults(script))

    def snapshot(self, *, times: bool = True) -> Snapshot:
        """Return all there is, here and elsewhere."""
        found, there = self.desk.snapshot(times=times), snapshot(self.elsewhere, times=times)
        return found | {b"elsewhere" + path: facts for path, facts in there.items()}

    def contents(self) -> "Counter[tuple[str, int, int, bytes]]":
        """Return the multiset of files, wherever they are."""
        return contents(self.desk.root, self.elsewhere)

    def lost(self) -> "Counter[tuple[str, int, int, bytes]]":
        """Return the files of the tree that are nowhere any more."""
        return self.expected() - self.contents()

    def expected(self) -> "Counter[tuple[str, int, int, bytes]]":
        """Return the multiset of the files that were there."""
        return Counter(facts for facts in self.before.values() if facts[0] != "folder")

    def take_all_back(self) -> None:
        """Finish what was interrupted, and undo every run that is in force."""
        self.desk.take_all_back()

    def run(self) -> str:
        """Return the newest run that organized."""
        return self.desk.newest().run


@contextmanager
def stage(base: Path, mode: str) -> Iterator[Stage]:
    """Set up a stage; skip `across` where there is no second device."""
    shm = Path("/dev/shm")
    if not mode.endswith("across"):
        (base / "elsewhere").mkdir()
        yield Stage(base, base / "elsewhere", mode)
        return
    if not shm.is_dir() or shm.stat().st_dev == base.stat().st_dev:
        pytest.skip("there is no second device at /dev/shm")
    with tempfile.TemporaryDirectory(dir=shm) as elsewhere:
        yield Stage(base, Path(elsewhere) / "disk", mode)


def crashed(work: Callable[[], object], script: str) -> bool:
    """Run *work* in a process of its own that ends as scripted; return whether it came to that.

    A process that hangs is killed.
    """

    def child() -> None:
        with at_work(Faults(script)):
            work()

    code = in_child(child)
    assert code in {0, CRASHED, -signal.SIGKILL}
    return code != 0

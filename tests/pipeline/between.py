"""A desk with a real folder and a bucket in memory: files go from one to the other and back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fileorg.model.location import Root
from fileorg.model.summary import RunSummary
from fileorg.pipeline import workspace
from fileorg.storage.base import Storage
from fileorg.storage.memory_bucket import MemoryBucket
from fileorg.storage.registry import open_storage
from fileorg.storage.routing import RoutingStorage
from tests.pipeline.bucket import PREFIX, BucketDesk, ScriptedStage
from tests.pipeline.faults import Faults, at_work, raise_crash
from tests.pipeline.harness import Snapshot
from tests.trees import File, make_tree

TREE = {
    b"a.jpg": File(b"picture", 1_600_000_000.5),
    b"deep/b.jpg": File(b"another picture", 1_500_000_000.25),
    b"deep/c.pdf": File(b"text", 1_300_000_000),
    b"u.cr2": File(b"raw", 1_400_000_000),
    b"u.xmp": File(b"settings", 1_450_000_000),
}
OBJECTS = {
    b"x.jpg": (b"stored", "1600000000.5"),
    b"in/y.pdf": (b"stored, too", "1500000000"),
    b"Images/a.jpg": (b"was there before", "1100000000"),
}


class Between(BucketDesk):
    """A folder and a prefix of a bucket."""

    def __init__(self, base: Path) -> None:
        super().__init__(base)
        self.bucket = MemoryBucket((PREFIX,), exact=True)

    @contextmanager
    def at_work(self, script: str = "") -> Iterator[Faults]:
        """Let runs in this process work with both, and meet the faults of a script."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workspace, "root_at", self.root_at)
            with at_work(Faults(script, raise_crash), self.opened) as faults:
                yield faults

    def opened(self, roots: Sequence[Root]) -> Storage:
        """Open some roots, those in the bucket in memory."""
        near = [number for number, root in enumerate(roots) if not root.reach]
        far = [number for number, root in enumerate(roots) if root.reach]
        if not near:
            return self.bucket
        local = open_storage([roots[number] for number in near])
        return RoutingStorage(roots, [(local, near), (self.bucket, far)]) if far else local


class Crossing(ScriptedStage):
    """A desk with files on one side, as often as asked, and a way to the other."""

    def __init__(self, base: Path, mode: str) -> None:
        self._base, self._count, self.mode = base, 0, mode
        self.reset()

    def reset(self) -> "Crossing":
        """Put all back as it was, with no run behind it."""
        self._count += 1
        self.desk = Between(self._base / str(self._count))
        make_tree(self.desk.root, TREE if self.is_up else {b"Documents/y.pdf": File(b"here", 1e9)})
        for path, (content, mtime) in OBJECTS.items():
            self.desk.put(path, content, mtime=mtime)
        self.before, self.files = self.all(), self.contents()
        return self

    @property
    def is_up(self) -> bool:
        """Whether files go into the bucket."""
        return self.mode.startswith("up")

    def organize(self) -> RunSummary:
        """Organize one side into the other."""
        options: dict[str, Any] = {"folders": "recurse", "copy": self.mode.endswith("copied")}
        here, there = bytes(self.desk.root), self.desk.place
        if self.is_up:
            return self.desk.organize(here, into=there, **options)
        return self.desk.organize(there, into=here, **options)

    def all(self) -> tuple[Snapshot, dict[bytes, Any]]:
        """Return all there is on both sides."""
        return self.desk.snapshot(), dict(self.desk.objects())

    def contents(self) -> Counter[bytes]:
        """Return the multiset of contents on both sides."""
        near = (facts[3] for facts in self.desk.snapshot().values() if facts[0] == "file")
        return Counter(near) + self.desk.contents()

"""A desk with a real folder and buckets in memory: files go from one to the other and back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fileorg.model.location import Location, Root
from fileorg.model.summary import RunSummary
from fileorg.pipeline import workspace
from fileorg.storage.base import Storage
from fileorg.storage.memory_bucket import MemoryBucket
from fileorg.storage.registry import open_storage
from fileorg.storage.routing import RoutingStorage
from tests.pipeline.bucket import PREFIX, BucketDesk, Objects, ScriptedStage, facts_of
from tests.pipeline.faults import Faults, at_work, raise_crash
from tests.pipeline.harness import Snapshot
from tests.trees import File, make_tree

OTHER = b"archive"
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
    """A folder, a prefix of a bucket, and one of another service, or with *beside* of the same."""

    def __init__(self, base: Path, *, beside: bool = False) -> None:
        super().__init__(base)
        self.bucket = MemoryBucket((PREFIX, OTHER) if beside else (PREFIX,), exact=True)
        self.other = MemoryBucket((OTHER,), exact=True, name="other")
        self.buckets = [self.bucket, self.other]
        self.there = self.bucket.roots[1] if beside else self.other.roots[0]

    @property
    def roots(self) -> list[Root]:
        """All in buckets that can be organized."""
        return [root for bucket in self.buckets for root in bucket.roots]

    def objects(self) -> Objects:
        """Return all there is in both."""
        return super().objects() | {
            b"other:" + key: facts_of(stored) for key, stored in self.other.objects.items()
        }

    def contents(self) -> Counter[bytes]:
        """Return the multiset of contents of both."""
        return super().contents() + Counter(one.content for one in self.other.objects.values())

    @contextmanager
    def at_work(self, script: str = "") -> Iterator[Faults]:
        """Let runs in this process work with both, and meet the faults of a script."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workspace, "root_at", self.root_at)
            patch.setattr(workspace, "is_object", self.is_object)
            with at_work(Faults(script, raise_crash), self.opened) as faults:
                yield faults

    def opened(self, roots: Sequence[Root]) -> Storage:
        """Open some roots, those in buckets in memory."""
        near = [number for number, root in enumerate(roots) if not root.reach]
        parts: list[tuple[Storage, list[int]]] = []
        for bucket in self.buckets:
            if numbers := [list(roots).index(root) for root in bucket.roots if root in roots]:
                parts.append((bucket, numbers))
        if near:
            parts.append((open_storage([roots[number] for number in near]), near))
        return parts[0][0] if len(roots) == 1 else RoutingStorage(roots, parts)


class Crossing(ScriptedStage):
    """A desk with files on one side, as often as asked, and a way to the other."""

    desk: Between

    def __init__(self, base: Path, mode: str) -> None:
        self._base, self._count, self.mode = base, 0, mode
        self.reset()

    def reset(self) -> "Crossing":
        """Put all back as it was, with no run behind it."""
        self._count += 1
        self.desk = Between(self._base / str(self._count), beside=self.mode.startswith("beside"))
        make_tree(self.desk.root, TREE if self.is_up else {b"Documents/y.pdf": File(b"here", 1e9)})
        for path, (content, mtime) in OBJECTS.items():
            self.desk.put(path, content, mtime=mtime)
        if not self.is_up:
            self.desk.other.put(Location(0, b"Documents/y.pdf"), b"here", {"mtime": "1e9"})
        self.before, self.files = self.all(), self.contents()
        return self

    @property
    def is_up(self) -> bool:
        """Whether files go into the bucket."""
        return self.mode.startswith("up")

    def organize(self) -> RunSummary:
        """Organize one side into the other."""
        options: dict[str, Any] = {"folders": "recurse", "copy": self.mode.endswith("copied")}
        near, far = bytes(self.desk.root), self.desk.place
        if self.is_up:
            return self.desk.organize(near, into=far, **options)
        into = near if self.mode.startswith("down") else self.desk.there.path
        return self.desk.organize(far, into=into, **options)

    def all(self) -> tuple[Snapshot, dict[bytes, Any]]:
        """Return all there is on all sides."""
        return self.desk.snapshot(), dict(self.desk.objects())

    def contents(self) -> Counter[bytes]:
        """Return the multiset of contents on all sides."""
        near = (facts[3] for facts in self.desk.snapshot().values() if facts[0] == "file")
        return Counter(near) + self.desk.contents()

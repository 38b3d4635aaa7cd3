"""A desk whose files are objects of a bucket in memory: the whole pipeline, with locks on disk."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fileorg.config.schema import Config
from fileorg.errors import UsageError
from fileorg.events import EventSink, Silent
from fileorg.model.location import Location, Root, is_below
from fileorg.model.summary import RunSummary
from fileorg.pipeline import doctor, known_roots, workspace
from fileorg.pipeline.organize import OrganizeRequest, organize
from fileorg.storage.asked import Asked
from fileorg.storage.memory_bucket import MemoryBucket, Stored
from tests.pipeline.faults import Crash, Faults, at_work, raise_crash
from tests.pipeline.harness import Desk

PREFIX = b"shared/files"
Objects = dict[bytes, tuple[bytes, tuple[tuple[str, str], ...]]]


class BucketDesk(Desk):
    """A prefix of a bucket to organize, which a crash of the run leaves as it was."""

    def __init__(self, base: Path, **options: Any) -> None:
        super().__init__(base)
        self.bucket = MemoryBucket((PREFIX,), **options)

    @property
    def place(self) -> bytes:
        """What a user would call it."""
        return self.bucket.roots[0].path

    def put(self, path: bytes, content: bytes, **metadata: str) -> None:
        """Write an object."""
        self.bucket.put(Location(0, path), content, metadata)

    def organize(  # type: ignore[override]
        self,
        *sources: bytes,
        into: bytes | None = None,
        sink: EventSink | None = None,
        **options: Any,
    ) -> RunSummary:
        """Organize the prefix, or the sources given; options of the request and of the config."""
        request = {n: options.pop(n) for n in ("dry_run", "jobs") if n in options}
        config = msgspec.convert(options, Config)
        places = sources or (self.place,)
        asked = OrganizeRequest(places, self.state, into, config=config, **request)
        return organize(asked, sink or Silent())

    @contextmanager
    def at_work(self, script: str = "") -> Iterator[Faults]:
        """Let runs in this process work in memory, and meet the faults of a script."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workspace, "root_at", self.root_at)
            patch.setattr(workspace, "is_object", self.is_object)
            for module in (doctor, known_roots):
                patch.setattr(module, "open_storage", lambda _: self.bucket)
            with at_work(Faults(script, raise_crash), self.bucket) as faults:
                yield faults

    def root_at(self, path: bytes, asked: Asked) -> Root:
        """Return the root of a bucket that is there."""
        for root in self.roots:
            if is_below(path, root.path):
                return root
        raise UsageError(path.decode())

    def is_object(self, path: bytes, _: Asked) -> bool:
        """Whether an object, and nothing below it, is at a place in the first bucket."""
        key = path.removeprefix(b"s3://memory").strip(b"/")
        below = any(held.startswith(key + b"/") for held in self.bucket.objects)
        return key in self.bucket.objects and not below

    @property
    def roots(self) -> list[Root]:
        """All that can be organized."""
        return self.bucket.roots

    def objects(self) -> Objects:
        """Return all there is: key, content and metadata, without what only a server tells."""
        return {key: facts_of(stored) for key, stored in self.bucket.objects.items()}

    def paths(self) -> list[bytes]:
        """Return the keys below the prefix."""
        return sorted(key[len(PREFIX) + 1 :] for key in self.bucket.objects)

    def contents(self) -> Counter[bytes]:
        """Return the multiset of contents."""
        return Counter(stored.content for stored in self.bucket.objects.values())


def facts_of(stored: Stored) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Return content and metadata."""
    return stored.content, tuple(sorted(stored.metadata.items()))


TREE = {
    b"a.jpg": b"picture",
    b"deep/er/b.jpg": b"another picture",
    b"deep/a.jpg": b"a third",
    b"deep/er/c.pdf": b"text",
    b"other/new\nline.txt": b"odd",
    b"other/er/b (1).jpg": b"another picture",
    b"Images/a.jpg": b"was there before",
    b"Documents": b"an object beside a folder of its name",
    b"a.jpg/in it.mp3": b"song",
    b"keep/empty/": b"",
    b"odd//key.txt": b"left alone",
    b"u.cr2": b"raw",
    b"u.jpg": b"developed",
    b"u.xmp": b"settings",
    b"in/u.cr2": b"another raw",
    b"Images/u.jpg": b"was there before, too",
    b"in/page.html": b"page",
    b"in/page_files/style.css": b"style",
}
TIMED = {b"timed.png": (b"timed", "1500000000.5")}
MODES: dict[str, dict[str, Any]] = {
    "rename": {"folders": "recurse"},
    "replace": {"folders": "recurse", "on_conflict": "replace"},
    "whole": {"folders": "whole"},
    "copy": {"folders": "recurse", "copy": True},
    "month": {"folders": "recurse", "mode": "month"},
    "parts": {"folders": "recurse"},
}
"""Ways to organize; what was written in `parts` has another ETag when it was copied."""


class ScriptedStage(ABC):
    """A desk that is put back as often as asked, and on which runs of this process may die."""

    desk: BucketDesk
    files: Counter[bytes]

    @abstractmethod
    def reset(self) -> "ScriptedStage":
        """Put all back as it was, with no run behind it."""

    @abstractmethod
    def contents(self) -> Counter[bytes]:
        """Return the multiset of contents."""

    def at_work(self, script: str = "") -> AbstractContextManager[Faults]:
        """Let runs in this process meet the faults of a script."""
        return self.desk.at_work(script)

    def crashed(self, work: Callable[[], object], script: str) -> bool:
        """Let *work* die as scripted; return whether it came to that."""
        try:
            with self.desk.at_work(script):
                work()
        except Crash:
            return True
        return False

    def lost(self) -> Counter[bytes]:
        """Return the contents that are nowhere any more."""
        return self.files - self.contents()

    def take_all_back(self) -> None:
        """Finish what was interrupted, and undo every run that is in force."""
        with self.desk.at_work():
            self.desk.take_all_back()

    def run(self) -> str:
        """Return the newest run that organized."""
        return self.desk.newest().run


def at_every_step(
    scene: ScriptedStage, how: str, first: Callable[[], object], work: Callable[[], object]
) -> Iterator[int]:
    """Do *first* on a fresh stage and let *work* die at its n-th step, for each n there is."""
    number = 1
    while True:
        scene.reset()
        with scene.at_work():
            first()
        going_on = scene.crashed(work, f"*:{number}:{how}")
        assert not scene.lost(), f"step {number}"
        yield number
        if not going_on:
            break
        number += 1
    assert number > 10


class BucketStage(ScriptedStage):
    """A desk with objects in it, as often as asked."""

    def __init__(self, base: Path, mode: str) -> None:
        self._base, self._count = base, 0
        self.mode, self.options = mode, MODES[mode]
        self.reset()

    def reset(self) -> "BucketStage":
        """Put all back as it was, with no run behind it."""
        self._count += 1
        is_in_parts = self.mode == "parts"
        self.desk = BucketDesk(
            self._base / str(self._count), keeps_etags=not is_in_parts, exact=self.mode == "month"
        )
        for path, content in TREE.items():
            self.desk.put(path, content)
        for path, (content, mtime) in TIMED.items():
            self.desk.put(path, content, mtime=mtime)
        self.before = self.desk.objects()
        self.files = self.desk.contents()
        return self

    def organize(self) -> RunSummary:
        """Organize in the stage's way."""
        return self.desk.organize(**self.options)

    def contents(self) -> Counter[bytes]:
        """Return the multiset of contents."""
        return self.desk.contents()

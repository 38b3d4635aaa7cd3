"""A desk whose files are in memory: the whole pipeline, with a real folder only for the locks."""

import os
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path

from fileorg.model.entry import Kind
from fileorg.model.location import Location, Root
from fileorg.storage.memory import MemoryStorage
from tests.pipeline.faults import Faults, at_work, raise_crash
from tests.pipeline.harness import Desk

Files = Counter[tuple[bytes, int]]


class MemoryDesk(Desk):
    """A folder in memory to organize, which a crash of the run leaves as it was."""

    def __init__(self, base: Path, *, case_insensitive: bool = False) -> None:
        super().__init__(base)
        there = self.root.stat()
        self.disk = MemoryStorage((there.st_dev,), case_insensitive=case_insensitive)
        self.disk.node(Location(0, b"")).inode = there.st_ino
        self.disk.roots = [Root(os.fsencode(self.root), there.st_dev, there.st_ino)]

    def at_work(self, script: str = "") -> AbstractContextManager[Faults]:
        """Let runs in this process work in memory, and meet the faults of a script."""
        return at_work(Faults(script, raise_crash), self.disk)

    def tree(self) -> dict[bytes, tuple[Kind, int, bytes]]:
        """Return all there is: kind, modification time and content."""
        found: dict[bytes, tuple[Kind, int, bytes]] = {}
        waiting = [Location(0, b"")]
        while waiting:
            folder = waiting.pop()
            for name in self.disk.names(folder):
                place = folder.below(name)
                node = self.disk.node(place)
                found[place.path] = (node.kind, node.mtime_ns, node.content)
                if node.kind is Kind.FOLDER:
                    waiting.append(place)
        return found

    def files(self) -> Files:
        """Return the multiset of files."""
        return Counter(
            (content, time) for kind, time, content in self.tree().values() if kind is Kind.FILE
        )

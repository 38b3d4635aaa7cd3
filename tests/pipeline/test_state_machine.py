"""Create, edit, delete, organize, crash, recover, undo and redo in any order: nothing is lost.

The same machine runs over the local disk and over memory; the marked set takes longer.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from fileorg.errors import FileorgError, StorageError
from fileorg.model.entry import Kind
from fileorg.model.location import Location
from fileorg.model.outcome import FORWARD
from fileorg.model.plan import TakenPolicy
from fileorg.pipeline.choosing import Choice
from tests.pipeline.bucket import BucketDesk
from tests.pipeline.faults import Crash, Faults, at_work, raise_crash
from tests.pipeline.harness import Desk, snapshot
from tests.pipeline.memory import MemoryDesk

FOLDERS, NAMES = (b"", b"in/", b"in/deep/", b"Images/"), (b"a.jpg", b"A.JPG", b"b.pdf", b"c")
UNITED = (b"a.cr2", b"a.xmp", b"a.jpg.xmp", b"p.html", b"p_files/x.css")
PLACES = st.one_of(
    st.sampled_from([folder + name for folder in FOLDERS for name in NAMES]),
    st.sampled_from([folder + name for folder in FOLDERS for name in UNITED]),
)
OPTIONS = st.fixed_dictionaries({
    "mode": st.sampled_from(("category", "category_year", "extension", "size", "date")),
    "folders": st.sampled_from(("leave", "recurse", "whole")),
    "on_conflict": st.sampled_from(("rename", "skip", "replace", "newer")),
    "copy": st.booleans(),
    "keep_folders": st.booleans(),
    "keep_empty": st.booleans(),
})  # fmt: skip
FAULTS = st.one_of(
    st.just(""),
    st.builds(
        "*:{}:{}".format,
        st.integers(1, 20),
        st.sampled_from(("crash-before", "crash-after", "EIO", "lost")),
    ),
)
CHOICES = st.sampled_from([
    Choice(only=("*.jpg",)), Choice(only=("in/",)), Choice(categories=("Documents",)),
    Choice(only=("A.JPG", "c")),
])  # fmt: skip
Tree = dict[bytes, Any]


class Machine(RuleBasedStateMachine):
    """A folder in memory that a user and fileorg work in; each content is there once."""

    folding: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="fileorg-machine-"))
        self.number = 0
        self.desk = self.make()

    def make(self) -> Desk:
        """Return an empty desk."""
        return MemoryDesk(self.base, case_insensitive=self.folding)

    def teardown(self) -> None:
        """Remove it."""
        shutil.rmtree(self.base)

    # the user

    @initialize(places=st.lists(PLACES, min_size=3, unique=True))
    def fill(self, places: list[bytes]) -> None:
        """Begin with some files."""
        for place in places:
            self.create(place)

    @rule(place=PLACES)
    def create(self, place: bytes) -> None:
        """Make a file where there is none, or write into the one that is there."""
        self.number += 1
        with suppress(StorageError, OSError):  # a file has the name of the folder
            self.write(place, b"file %d" % self.number)

    @rule(which=st.integers(0, 30))
    def edit(self, which: int) -> None:
        """Write into one of the files, wherever it is by now."""
        files = self.paths()
        self.number += 1
        if files:
            self.write(files[which % len(files)], b"edited %d" % self.number)

    @rule(which=st.integers(0, 30))
    def delete(self, which: int) -> None:
        """Delete one of the files."""
        files = self.paths()
        if files:
            self.remove(files[which % len(files)])

    # fileorg

    @rule(options=OPTIONS, script=FAULTS)
    def organize(self, options: dict[str, Any], script: str) -> None:
        """Organize, and perhaps die."""
        self.loses_nothing(lambda: self.desk.organize(**options), script)

    @rule(script=FAULTS)
    def undo(self, script: str) -> None:
        """Take the last run back, and perhaps die."""
        self.loses_nothing(self.desk.undo, script)

    @rule(choice=CHOICES, policy=st.sampled_from(TakenPolicy), script=FAULTS)
    def undo_part(self, choice: Choice, policy: TakenPolicy, script: str) -> None:
        """Take a part of the last run back, and perhaps die."""
        self.loses_nothing(lambda: self.desk.undo(choice=choice, on_conflict=policy), script)

    @rule(script=FAULTS)
    def redo(self, script: str) -> None:
        """Do the last run again, and perhaps die."""
        self.loses_nothing(self.desk.redo, script)

    @rule(script=FAULTS)
    def recover(self, script: str) -> None:
        """Recover, and perhaps die."""
        self.loses_nothing(self.desk.recover, script)

    @rule(
        runs=st.lists(st.tuples(OPTIONS, FAULTS, st.booleans()), min_size=1, max_size=3),
        parts=st.lists(st.tuples(CHOICES, FAULTS), max_size=2),
    )
    def there_and_back(
        self, runs: list[tuple[dict[str, Any], str, bool]], parts: list[tuple[Choice, str]]
    ) -> None:
        """What nobody else touches comes back exactly, in parts, too, however many runs died."""
        self.loses_nothing(self.desk.recover, "")
        known = {record.run for record in self.desk.state.records()}
        before = self.tree()
        for options, script, is_recovered in runs:
            self.loses_nothing(partial(self.desk.organize, **options), script)
            if is_recovered:
                self.loses_nothing(self.desk.recover, script)
        self.loses_nothing(self.desk.recover, "")
        for record in self.desk.state.records():
            if record.run not in known and record.kind in FORWARD:
                for choice, fault in parts:
                    self.loses_nothing(partial(self.desk.undo, record.run, choice=choice), fault)
                self.loses_nothing(partial(self.desk.undo, record.run), "")
        assert before == self.tree()

    def loses_nothing(self, work: Callable[[], object], script: str) -> None:
        """Do something that may fail or die; every file must still be somewhere."""
        before = self.contents()
        with self.at_work(script), suppress(Crash, FileorgError):
            work()
        assert before <= self.contents()

    def contents(self) -> set[Any]:
        """Return what all files are, without where they are; unfinished copies are nobody's."""
        tree = self.tree()
        return {tree[path] for path in self.paths()}

    # the disk

    def at_work(self, script: str) -> AbstractContextManager[Faults]:
        """Let fileorg work in memory."""
        assert isinstance(self.desk, MemoryDesk)
        return self.desk.at_work(script)

    def tree(self) -> Tree:
        """Return all there is."""
        assert isinstance(self.desk, MemoryDesk)
        return dict(self.desk.tree())

    def paths(self) -> list[bytes]:
        """Return where the files are."""
        files = (p for p, facts in self.tree().items() if facts[0] in {Kind.FILE, "file"})
        return sorted(path for path in files if not path.endswith(b".part"))

    def write(self, place: bytes, content: bytes) -> None:
        """Write a file."""
        assert isinstance(self.desk, MemoryDesk)
        self.desk.disk.put(Location(0, place), content)

    def remove(self, place: bytes) -> None:
        """Remove a file."""
        assert isinstance(self.desk, MemoryDesk)
        self.desk.disk.remove(Location(0, place), self.desk.disk.stat(Location(0, place)))


class FoldingMachine(Machine):
    """The same where case is folded."""

    folding = True


class LocalMachine(Machine):
    """The same on the local disk."""

    def make(self) -> Desk:
        """Return an empty desk."""
        return Desk(self.base)

    def at_work(self, script: str) -> AbstractContextManager[Faults]:
        """Let fileorg work on the disk."""
        return at_work(Faults(script, raise_crash))

    def tree(self) -> Tree:
        """Return all there is."""
        return dict(snapshot(self.desk.root))

    def write(self, place: bytes, content: bytes) -> None:
        """Write a file, which takes a time of its own."""
        path = self.desk.root / os.fsdecode(place.lstrip(b"/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(10**18, 10**18 + self.number))

    def remove(self, place: bytes) -> None:
        """Remove a file."""
        (self.desk.root / os.fsdecode(place.lstrip(b"/"))).unlink()


class BucketMachine(Machine):
    """The same in a bucket: an object edited since is another one, which no undo takes along."""

    in_parts: ClassVar[bool] = False

    def make(self) -> Desk:
        """Return an empty desk."""
        return BucketDesk(self.base, keeps_etags=not self.in_parts)

    @property
    def bucket(self) -> BucketDesk:
        """The desk, as what it is."""
        assert isinstance(self.desk, BucketDesk)
        return self.desk

    def at_work(self, script: str) -> AbstractContextManager[Faults]:
        """Let fileorg work in the bucket."""
        return self.bucket.at_work(script)

    def tree(self) -> Tree:
        """Return all there is: what metadata a run adds is not what a file is."""
        found = {path: (Kind.FILE, *facts) for path, facts in self.bucket.objects().items()}
        return dict(found)

    def contents(self) -> set[Any]:
        """Return what all files are."""
        return {facts[1] for facts in self.tree().values()}

    def paths(self) -> list[bytes]:
        """Return where the files are."""
        return self.bucket.paths()

    def write(self, place: bytes, content: bytes) -> None:
        """Write an object."""
        self.bucket.put(place, content)

    def remove(self, place: bytes) -> None:
        """Remove an object."""
        bucket = self.bucket.bucket
        bucket.remove(Location(0, place), bucket.stat(Location(0, place)))


class PartsMachine(BucketMachine):
    """The same where a copy has another ETag."""

    in_parts = True


SIZES = [
    pytest.param(25, id="quick"),
    pytest.param(2000, id="long", marks=pytest.mark.long),
]


@pytest.mark.parametrize("examples", SIZES)
@pytest.mark.parametrize(
    "machine", [Machine, FoldingMachine, LocalMachine, BucketMachine, PartsMachine]
)
def test_nothing_is_lost_in_any_order(machine: type[Machine], examples: int) -> None:
    """Whatever a user and fileorg do in turn, and wherever fileorg dies, every file is there."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

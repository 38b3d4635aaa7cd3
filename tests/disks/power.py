"""Cutting the power at a step of a run, with some of what was written on the disk by then."""

import os
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fileorg.journal.store import Journal
from fileorg.model.location import Root
from fileorg.move import executor
from fileorg.pipeline import workspace
from fileorg.storage.decorators import StorageDecorator
from fileorg.storage.registry import open_storage
from tests.disks.mounts import Disk
from tests.pipeline.harness import in_child

_VERBS = (
    "rename", "rename_one", "copy", "link", "remove", "make_folder", "dress_folder",
    "remove_folder", "set_folder_mtime", "sync",
)  # fmt: skip
_RECORDS = ("record", "planned", "advance", "note", "settle", "finish")
_BATCH = 4  # steps, so that a small run has many windows
_CUT = 99


def steps_of(work: Callable[[], object]) -> int:
    """Return how many steps *work* has: calls that change the storage or the journal."""
    reading, writing = os.pipe()

    def counted() -> None:
        _hook(lambda: None, lambda: os.write(writing, b"."))
        work()

    assert in_child(counted) == 0
    os.close(writing)
    with os.fdopen(reading, "rb") as steps:
        return len(steps.read())


def stop_at(number: int, work: Callable[[], object]) -> None:
    """Do *work* in a child that ends dead after its step *number*, if it has so many."""
    count = 0

    def after() -> None:
        nonlocal count
        count += 1
        if count == number:
            os._exit(_CUT)

    def child() -> None:
        _hook(lambda: None, after)
        work()

    assert in_child(child) in {0, _CUT}


def every_step(quick: int) -> pytest.MarkDecorator:
    """Stop at each *quick*-th step in the quick set, and at every one in the long one."""
    sets = [quick, pytest.param(1, marks=pytest.mark.long)]
    return pytest.mark.parametrize("stride", sets, ids=["quick", "long"])


class Power:
    """The power of *disks*, which goes before or after one step; *seed* chooses it.

    At up to two steps before, a disk writes what it has cached, as the kernel does at any time.
    """

    def __init__(self, disks: Sequence[Disk], seed: int) -> None:
        self._disks = disks
        self._random = random.Random(seed)

    def cut(self, work: Callable[[], object], steps: int) -> None:
        """Do *work* in a child until the power goes, and plug the disks in again."""
        number, late = self._random.randint(1, steps), self._random.random() < 0.5
        flushed = {self._random.randint(1, number) for _ in range(self._random.randint(0, 2))}
        count = 0

        def before() -> None:
            nonlocal count
            count += 1
            if count in flushed:
                self._random.choice(self._disks).sync()
            if count == number and not late:
                self._go()

        def after() -> None:
            if count == number:
                self._go()

        def child() -> None:
            _hook(before, after)
            work()
            self._go()

        assert in_child(child) == _CUT
        for disk in self._disks:
            disk.replug()

    def _go(self) -> None:
        for disk in self._disks:
            disk.cut()
        os._exit(_CUT)


def _hook(before: Callable[[], object], after: Callable[[], object]) -> None:
    """Have every step of this process call *before* and *after*; to be called in a child."""

    def hooked(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **options: Any) -> Any:
            before()
            result = call(*args, **options)
            after()
            return result

        return wrapper

    class Hooked(StorageDecorator):
        pass

    for verb in _VERBS:
        setattr(Hooked, verb, hooked(getattr(StorageDecorator, verb)))
    for record in _RECORDS:
        setattr(Journal, record, hooked(getattr(Journal, record)))

    def opened(roots: Sequence[Root], **options: Any) -> Hooked:
        return Hooked(open_storage(roots, **options))

    vars(workspace)["open_storage"] = opened
    vars(executor)["BATCH"] = _BATCH

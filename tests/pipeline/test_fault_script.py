"""The faults that tests inject are what their script says, and without one there is none."""

from collections.abc import Iterator

import pytest

from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from fileorg.storage.memory import MemoryStorage
from tests.pipeline.faults import CHANGING, READING, Crash, Faults, FaultyStorage, raise_crash
from tests.storage.conformance import StorageConformance, World, at, moving, refused
from tests.storage.test_memory import MemoryWorld


class TestFaultyStorage(StorageConformance):
    """The conformance suite, with an empty script."""

    @pytest.fixture
    def world(self) -> Iterator[World]:
        """Return memory behind a storage that never fails."""
        made = MemoryWorld()
        made.storage = FaultyStorage(made.memory, Faults())
        yield made
        made.storage.close()


def faulty(script: str) -> tuple[MemoryStorage, FaultyStorage]:
    """Return memory with one file, and the same with faults."""
    memory = MemoryStorage()
    memory.put(at(b"file"), b"content")
    return memory, FaultyStorage(memory, Faults(script, raise_crash))


def test_the_numbered_call_fails_and_does_nothing() -> None:
    """The second rename fails with the reason of its errno; the first and third do not."""
    memory, disk = faulty("rename:2:ENOSPC")
    disk.rename(at(b"file"), at(b"1"))
    with refused(Reason.DISK_FULL):
        disk.rename(at(b"1"), at(b"2"))
    assert memory.names(at(b"")) == [b"1"]
    disk.rename(at(b"1"), at(b"3"))


def test_a_plus_is_every_call_from_there() -> None:
    """With a plus the fault stays."""
    _, disk = faulty("stat:1+:EIO")
    for _turn in range(3):
        with refused(Reason.IO_ERROR):
            disk.stat(at(b"file"))


def test_a_lost_answer_and_a_lie_are_opposites() -> None:
    """A lost answer acts and fails; a lie succeeds and does not act."""
    memory, disk = faulty("rename:1:lost rename:2:lie")
    with refused(Reason.IO_ERROR):
        disk.rename(at(b"file"), at(b"moved"))
    disk.rename(at(b"moved"), at(b"again"))
    assert memory.names(at(b"")) == [b"moved"]


@pytest.mark.parametrize("what", ["short", "cut"])
def test_half_a_copy_is_left(what: str) -> None:
    """A short copy says that it failed, a cut one does not."""
    memory, disk = faulty(f"copy:1:{what}")
    file = memory.stat(at(b"file"))
    if what == "short":
        with pytest.raises(StorageError):
            disk.copy(at(b"file"), at(b"copy"), file)
    else:
        disk.copy(at(b"file"), at(b"copy"), file)
    assert memory.node(at(b"copy")).content == b"con"


@pytest.mark.parametrize(("how", "left"), [("before", b"file"), ("after", b"moved")])
def test_nothing_has_an_effect_after_a_crash(how: str, left: bytes) -> None:
    """A crash is before or after its call, and whatever is called later does nothing."""
    memory, disk = faulty(f"*:1:crash-{how}")
    with pytest.raises(Crash):
        disk.rename(at(b"file"), at(b"moved"))
    with pytest.raises(Crash):
        disk.remove(at(left), memory.stat(at(left)))
    assert memory.names(at(b"")) == [left]


@pytest.mark.parametrize("script", ["renam:1:EIO", "rename:1:ENOTHING", "rename:one:EIO"])
def test_a_script_is_checked(script: str) -> None:
    """A verb, a number or a fault that there is not is no script."""
    with pytest.raises(ValueError, match=r":|invalid"):
        Faults(script)


def test_every_verb_can_fail() -> None:
    """No verb of the protocol is passed on without the script being asked."""
    for verb in {*READING, *CHANGING} - {"rename_each", "copy_each", "remove_each"}:
        _, disk = faulty(f"{verb}:1:EIO")
        with pytest.raises(Exception, match="rror"):
            getattr(disk, verb)(*[None] * 3)
    memory, disk = faulty("rename_each:1:EIO")
    move = moving(memory.stat(at(b"file")), b"moved")
    failure = disk.rename_each([move], by_ctime=True).failure
    assert failure is not None
    assert failure.reason is Reason.IO_ERROR
    for verb, asked in (("copy_each", move), ("remove_each", memory.stat(at(b"file")))):
        _, disk = faulty(f"{verb}:1:EIO")
        (answer,) = getattr(disk, verb)([asked])
        assert answer.reason is Reason.IO_ERROR

"""A rename that changes only the spelling of a name, on a disk that folds case, dying half way."""

from contextlib import suppress
from pathlib import Path

import pytest

from fileorg.model.location import Location
from tests.pipeline.faults import Crash
from tests.pipeline.memory import MemoryDesk
from tests.pipeline.respell import respell

OLD, NEW = Location(0, b"Images/Photo.JPG"), Location(0, b"Images/photo.jpg")


@pytest.fixture
def folding(tmp_path: Path) -> MemoryDesk:
    """Return a desk on a disk that folds case."""
    desk = MemoryDesk(tmp_path, case_insensitive=True)
    desk.disk.put(OLD, b"picture")
    desk.disk.put(Location(0, b"Images/other.jpg"), b"another")
    return desk


def respelled(desk: MemoryDesk) -> None:
    """Change the spelling of the one name."""
    respell(desk.state, desk.disk.roots, OLD, NEW)


def test_it_goes_by_a_detour_and_comes_back(folding: MemoryDesk) -> None:
    """The spelling changes, the file is the same, and undo gives the old spelling back."""
    before, files = folding.tree(), folding.files()
    with folding.at_work():
        respelled(folding)
        assert NEW.path in folding.tree()
        assert files == folding.files()
        folding.undo()

    assert before == folding.tree()


@pytest.mark.parametrize("how", ["crash-before", "crash-after"])
@pytest.mark.parametrize("doing", ["run", "undo"])
def test_it_may_die_at_any_step(folding: MemoryDesk, doing: str, how: str) -> None:
    """Whichever step it dies at, the detour's name is known, the file is there, undo is exact."""
    before, files, number, struck = folding.tree(), folding.files(), 1, 1
    while struck:
        if doing == "undo":
            with folding.at_work():
                respelled(folding)
        work = folding.undo if doing == "undo" else lambda: respelled(folding)
        with folding.at_work(f"*:{number}:{how}") as faults, suppress(Crash):
            work()
        struck, number = faults.struck, number + 1
        assert files == folding.files()
        with folding.at_work():
            folding.recover()
            if NEW.path in folding.tree():
                folding.undo()
        assert before == folding.tree(), f"step {number - 1}"
    assert number > 8

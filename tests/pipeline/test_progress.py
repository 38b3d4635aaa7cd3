"""What a run tells of how far it is."""

from pathlib import Path

import pytest

from fileorg.config.schema import Config
from fileorg.events import Event, PhaseStarted, Progressed, Silent
from fileorg.pipeline.organize import OrganizeRequest, organize
from fileorg.pipeline.state import State
from fileorg.pipeline.undo import UndoRequest, undo
from tests.trees import make_tree

FILES, SIZE = 250, 10


class Told(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

    def phase(self, name: str) -> tuple[PhaseStarted, list[Progressed]]:
        """Return how a phase began, and how far it was from time to time."""
        (start,) = [e for e in self.events if isinstance(e, PhaseStarted) and e.phase == name]
        return start, [e for e in self.events if isinstance(e, Progressed) and e.phase == name]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a folder with some files."""
    root = tmp_path / "root"
    make_tree(root, {b"%03d.txt" % n: b"%010d" % n for n in range(FILES)})
    return root


def organized(tree: Path, *, copy: bool) -> Told:
    """Organize a folder; return what was told."""
    told = Told()
    config = Config(copy=copy)
    organize(OrganizeRequest((bytes(tree),), State(tree.parent / "state"), config=config), told)
    return told


@pytest.mark.parametrize("copy", [False, True])
def test_each_step_and_each_carried_byte_is_told(tree: Path, copy: bool) -> None:
    """Steps are told each hundred, and bytes where files are copied but not where they move."""
    start, told = organized(tree, copy=copy).phase("execute")
    steps = FILES + 1  # the folder
    carried = FILES * SIZE if copy else 0
    assert (start.total, start.bytes) == (steps, carried)
    assert told[-1].bytes == carried
    done = [event.done for event in told]
    assert done == sorted(done)
    assert steps - 100 < done[-1] <= steps


def test_the_plan_of_an_undo_is_told(tree: Path) -> None:
    """An undo says how far its plan is, as organize does."""
    assert organized(tree, copy=False).phase("plan")[1]
    told = Told()
    undo(UndoRequest("last", State(tree.parent / "state")), told)
    assert [event.done for event in told.phase("plan")[1]][:3] == [0, 100, 200]

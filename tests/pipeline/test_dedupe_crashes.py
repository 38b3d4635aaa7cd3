"""Stopping dead at every step of an act on duplicates, of its undo and of its recovery."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pipeline.harness import Desk, Snapshot, contents
from tests.pipeline.stages import crashed
from tests.trees import File, make_tree

TREE = {
    b"a.pdf": File(b"same", 1_600_000_000.5, 0o640),
    b"deep/a (1).pdf": File(b"same", 1_500_000_000.25),
    b"deep/er/copy of a.pdf": File(b"same", 1_400_000_000),
    b"other/b": File(b"twice", 1_300_000_000),
    b"other/b (2)": File(b"twice", 1_200_000_000),
    b"other/alone": File(b"alone", 1_100_000_000),
}
ACTIONS = ("quarantine", "hardlink", "symlink", "reflink")
BEFORE, AFTER = "crash-before", "crash-after"


class Scene:
    """A desk with duplicates on it, as often as asked, and one action on them."""

    def __init__(self, base: Path, action: str) -> None:
        self.base, self.action = base, action
        make_tree(base / "pristine", TREE)
        self.desk = Desk(base / "desk")
        self.before: Snapshot = {}

    def reset(self) -> None:
        """Put the tree back as it was, with no run behind it."""
        shutil.rmtree(self.base / "desk", ignore_errors=True)
        shutil.copytree(self.base / "pristine", self.base / "desk" / "root", symlinks=True)
        self.desk = Desk(self.base / "desk")
        self.before = self.desk.snapshot()

    def act(self) -> None:
        """Act on the duplicates."""
        self.desk.dedupe(self.action)

    def run(self) -> str:
        """Return the newest run that acted."""
        return next(r.run for r in self.desk.state.records() if r.kind == "dedupe")

    def undo(self) -> None:
        """Take the newest run back, if there is one."""
        records = self.desk.state.records()
        if records and records[0].state != "planning" and self.action != "reflink":
            self.desk.undo(self.run())

    def is_nothing_lost(self) -> bool:
        """Whether every file is still somewhere."""
        was = Counter(facts for facts in self.before.values() if facts[0] != "folder")
        return not was - contents(self.desk.root)

    def places(self) -> set[tuple[bytes, str]]:
        """Return what is where, quarantine aside."""
        found = self.desk.snapshot(times=False).items()
        return {(path, kind) for path, (kind, *_) in found if not path.startswith(b"/.fileorg")}


@pytest.fixture(params=ACTIONS)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Scene:
    """Return a scene for each action."""
    return Scene(tmp_path, request.param)


def at_every_step(
    scene: Scene, how: str, first: Callable[[], object], work: Callable[[], object]
) -> Iterator[int]:
    """Do *first* on a fresh scene and let *work* die at its n-th step, for each n there is."""
    number = 1
    while True:
        scene.reset()
        first()
        going_on = crashed(work, f"*:{number}:{how}")
        assert scene.is_nothing_lost(), f"step {number}"
        yield number
        if not going_on:
            break
        number += 1
    assert number > 5


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_an_act_that_stops_at_any_step_can_be_undone(scene: Scene, how: str) -> None:
    """Whatever step an act dies at, nothing is lost and undo brings back the very tree."""
    for number in at_every_step(scene, how, list, scene.act):
        scene.undo()

        assert scene.before == scene.desk.snapshot(), f"step {number}"


def test_an_act_that_stops_at_any_step_can_be_finished(scene: Scene) -> None:
    """Recover and another run end where the first one would have, and undo is still exact."""
    scene.reset()
    scene.act()
    wanted = scene.places()
    for number in at_every_step(scene, AFTER, list, scene.act):
        scene.desk.recover()
        scene.act()
        assert scene.places() == wanted, f"step {number}"

        for record in [r for r in scene.desk.state.records() if r.kind == "dedupe" and r.done]:
            scene.desk.undo(record.run)
        assert scene.before == scene.desk.snapshot(), f"step {number}"


@pytest.mark.parametrize("how", [BEFORE, AFTER])
@pytest.mark.parametrize("scene", ACTIONS[:3], indirect=True)
def test_an_undo_that_stops_at_any_step_can_be_done_again(scene: Scene, how: str) -> None:
    """Whatever step an undo dies at, a second undo brings back the very tree."""
    for number in at_every_step(scene, how, scene.act, lambda: scene.desk.undo(scene.run())):
        scene.desk.recover()
        scene.desk.undo(scene.run())

        assert scene.before == scene.desk.snapshot(), f"step {number}"


@pytest.mark.parametrize("scene", ACTIONS[:3], indirect=True)
def test_a_redo_that_stops_at_any_step_can_be_taken_back(scene: Scene) -> None:
    """Whatever step a redo dies at, nothing is lost and undo brings back the very tree."""

    def undone() -> None:
        scene.act()
        scene.desk.undo()

    for number in at_every_step(scene, AFTER, undone, lambda: scene.desk.redo(scene.run())):
        scene.desk.recover()
        for record in [r for r in scene.desk.state.records() if r.kind == "redo" and r.done]:
            scene.desk.undo(record.run)

        assert scene.before == scene.desk.snapshot(), f"step {number}"


@pytest.mark.parametrize("scene", ACTIONS[:3], indirect=True)
def test_crashes_may_follow_one_another(scene: Scene) -> None:
    """An act dies, its recovery dies, its undo dies: nothing is lost and the last undo is exact."""
    for number in range(2, 60, 3):
        for second in range(1, 12, 3):
            scene.reset()
            if not crashed(scene.act, f"*:{number}:{AFTER}"):
                return
            crashed(scene.desk.recover, f"*:{second}:{BEFORE}")
            assert scene.is_nothing_lost()
            records = scene.desk.state.records()
            if not records or records[0].state == "planning":
                continue
            crashed(scene.undo, f"*:{second + 3}:{AFTER}")
            assert scene.is_nothing_lost()
            scene.desk.recover()
            scene.desk.undo(scene.run())

            assert scene.before == scene.desk.snapshot(), f"steps {number}, {second}"

"""Every system call that may fail does: nothing is lost, it is said, and undo is exact."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from fileorg.errors import FileorgError
from tests.disks.mounts import Mounts, missing
from tests.disks.oracle import TREE, assert_nothing_lost, recover_and_undo, without_folder_times
from tests.disks.power import stop_at
from tests.disks.syscalls import ERRNOS, Call, calls_of, failing
from tests.pipeline.harness import Desk, snapshot
from tests.trees import make_tree

REPOSITORY = Path(__file__).parents[2]
OK, BUG = 0, 1
TIMES = {"utimensat", "openat2"}
"""Calls to give a folder its time back."""
RECURSE = "--recursive"

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(bool(missing("strace")), reason="strace is not installed"),
]


class Scene(NamedTuple):
    """A command on a desk, and what has been done there before."""

    words: Callable[[Desk, Path], list[str]]
    before: Callable[[Desk, Path], object] = lambda _desk, _into: None


def _organized(desk: Desk, into: Path | None = None) -> None:
    desk.organize(into=into, folders="recurse")


def _killed(desk: Desk, _: Path) -> None:
    stop_at(9, lambda: _organized(desk))


SCENES = {
    "organize": Scene(lambda desk, _: ["organize", str(desk.root), RECURSE]),
    "into": Scene(lambda desk, into: ["organize", str(desk.root), RECURSE, "--into", str(into)]),
    "copy": Scene(lambda desk, _: ["organize", str(desk.root), RECURSE, "--copy"]),
    "undo": Scene(lambda _, __: ["undo", "last"], lambda desk, _: _organized(desk)),
    "undo-into": Scene(lambda _, __: ["undo", "last"], _organized),
    "recover": Scene(lambda _, __: ["recover"], _killed),
}


class Stage:
    """Sets up a scene as often as asked, in folders whose names have one length."""

    def __init__(self, scene: Scene, mounts: Mounts) -> None:
        self._scene, self._mounts, self._count = scene, mounts, 0
        self._elsewhere = mounts.tmpfs("elsewhere")
        self.desk, self.into, self.was = Desk(mounts.base), mounts.base, snapshot(mounts.base)

    def set_up(self) -> list[str]:
        """Make a new desk and return the words of the command."""
        self._count += 1
        self.desk = Desk(self._mounts.base / f"desk{self._count:04}")
        self.into = self._elsewhere / f"into{self._count:04}"
        make_tree(self.desk.root, TREE)
        self.was = self.desk.snapshot()
        self._scene.before(self.desk, self.into)
        return self._scene.words(self.desk, self.into)

    @property
    def env(self) -> dict[str, str]:
        """The environment of the command."""
        return os.environ | {
            "FILEORG_STATE_DIR": str(self.desk.state.path),
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def calls(self) -> dict[str, list[Call]]:
        """Return the calls that can be made to fail, by their name."""
        words = self.set_up()
        by_name: dict[str, list[Call]] = {}
        for call in calls_of(words, self._mounts.base, self.env):
            by_name.setdefault(call.name, []).append(call)
        return by_name

    def judge(self, call: Call, error: str) -> str:
        """Let a call fail, and check what must hold whatever fails; return what does not."""
        words = self.set_up()
        ended = failing(words, call, error, self.env)
        try:
            # a run may come to its end before the call: the other one made some more
            hit = ended.injected
            assert not hit or str(self._mounts.base) in hit, "another call was hit"
            assert ended.code != BUG
            assert "Traceback" not in ended.stderr
            assert_nothing_lost(self.was, self.desk.root, self.into)
            if ended.code == OK:
                assert self.desk.recover() == []
            recover_and_undo(self.desk)
            was, now = self.was, self.desk.snapshot()
            if call.name in TIMES:  # a folder's time that can't be given back is no failure
                was, now = without_folder_times(was), without_folder_times(now)
            assert was == now
            assert not self.into.exists()
        except (AssertionError, FileorgError) as problem:
            return (
                f"{call.name} {call.number} {error}: exit {ended.code}\n{ended.injected}\n"
                f"{ended.stderr}{type(problem).__name__}: {problem}\n"
            )
        return ""


def spread(calls: list[Call], count: int) -> list[Call]:
    """Return up to *count* of the calls, from the first to the last."""
    if len(calls) <= count:
        return calls
    return [calls[place * (len(calls) - 1) // max(count - 1, 1)] for place in range(count)]


@pytest.mark.parametrize("scene", SCENES)
def test_a_call_of_each_kind_fails(mounts: Mounts, scene: str) -> None:
    """One call of each kind fails in its likeliest way: nothing is lost, and undo is exact."""
    stage = Stage(SCENES[scene], mounts)
    problems = [
        stage.judge(calls[len(calls) // 2], ERRNOS[name][0])
        for name, calls in stage.calls().items()
    ]
    assert not any(problems), "\n".join(filter(None, problems))


@pytest.mark.long
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("name", ERRNOS)
def test_calls_fail_with_every_error(mounts: Mounts, scene: str, name: str) -> None:
    """Up to five calls of a kind fail with each of their errors, with the same judgement."""
    stage = Stage(SCENES[scene], mounts)
    problems = [
        stage.judge(call, error)
        for call in spread(stage.calls().get(name, []), 5)
        for error in ERRNOS[name]
    ]
    assert not any(problems), "\n".join(filter(None, problems))

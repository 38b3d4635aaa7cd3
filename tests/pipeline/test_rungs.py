"""Dying between the system calls of the lower rungs, by which some disks rename."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fileorg.storage import no_replace, posix
from tests.pipeline.faults import CRASHED
from tests.pipeline.harness import in_child
from tests.pipeline.stages import Stage, stage

STEPS = {"link", "unlink", "rename", "open", "close", "mkdir", "rmdir"}


class Dying:
    """The calls of `os`, of which the *last* that changes something is the last of this process."""

    def __init__(self, last: int, *, links: bool) -> None:
        self._left, self._links = last, links

    def __getattr__(self, name: str) -> Any:
        """Return a call, counted."""
        real: Callable[..., Any] = getattr(os, name)
        if name == "link" and not self._links:
            return self._refuse
        if name not in STEPS:
            return real

        def step(*args: Any, **options: Any) -> Any:
            done = real(*args, **options)
            self._left -= 1
            if self._left == 0:
                os._exit(CRASHED)
            return done

        return step

    @staticmethod
    def _refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "no links here")


def on_a_poor_disk(scene: Stage, last: int, *, links: bool) -> bool:
    """Organize where there is no flag, and perhaps no links; return whether it came to dying.

    The trial that finds the rung is over by then: before it ends there is no plan.
    """

    def refuse(*_: Any) -> None:
        raise OSError(errno.EINVAL, "no such flag")

    def chosen(*_: Any) -> str:
        vars(no_replace)["os"] = Dying(last, links=links)
        return "link" if links else "placeholder"

    def child() -> None:
        vars(no_replace)["KNOWN"] = frozenset()
        vars(posix)["rename_no_replace"] = refuse
        vars(no_replace)["probe"] = chosen
        scene.organize()

    code = in_child(child)
    assert code in {0, CRASHED}
    return code == CRASHED


@pytest.mark.parametrize("mode", ["rename", "replace", "whole"])
@pytest.mark.parametrize("links", [True, False], ids=["link", "placeholder"])
def test_a_rename_may_die_between_its_calls(tmp_path: Path, mode: str, *, links: bool) -> None:
    """Both names, or a placeholder and the file: recovery knows them, and undo is exact."""
    with stage(tmp_path, mode) as scene:
        last, going_on = 1, True
        while going_on:
            going_on = on_a_poor_disk(scene.reset(), last, links=links)
            assert not scene.lost(), last
            scene.take_all_back()
            assert scene.before == scene.snapshot(), last
            last += 1
        assert last > 6

"""What comes before what: durable before it is said, and the disk before its answer."""

from collections.abc import Callable
from typing import Any

import pytest

from fileorg.storage import posix
from tests.pipeline.faults import Faults, at_work
from tests.pipeline.harness import Desk
from tests.trees import make_tree


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return a desk with two files on it."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.jpg": b"b"})
    return desk


def test_what_a_run_did_is_durable_before_it_says_so(
    filled: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last rename is followed by a syncfs, and that by the commit of `finished`."""
    sync: Callable[[int], int] = posix._libc.syncfs
    with at_work(Faults()) as faults:

        def recorded(handle: Any) -> int:
            faults.log.append("syncfs")
            return sync(handle)

        monkeypatch.setattr(posix._libc, "syncfs", recorded)
        filled.organize()

    acts = [verb for verb in faults.log if verb in {"rename_each", "syncfs", "finish"}]
    assert acts == ["rename_each", "rename_each", "syncfs", "finish"]


def test_nothing_is_touched_before_the_plan_and_the_window_are_durable(filled: Desk) -> None:
    """The plan is committed, then the window of the batch, and only then a folder is made."""
    with at_work(Faults()) as faults:
        filled.organize()

    first = [verb for verb in faults.log if verb in {"planned", "advance", "make_folder"}]
    assert first[:3] == ["planned", "advance", "make_folder"]
    assert faults.log.index("make_folder") < faults.log.index("rename_each")


def test_a_rename_whose_answer_was_lost_is_undone(filled: Desk) -> None:
    """A rename that the disk did and denied counts as done, and undo takes it back."""
    before = filled.snapshot()
    with at_work(Faults("rename_each:2:lost")):
        summary = filled.organize()

    assert (summary.done, summary.failed) == (2, 0)
    filled.undo()
    assert before == filled.snapshot()

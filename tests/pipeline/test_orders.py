"""The orders of a large run: found out beside it, the same as when somebody asks for them."""

import os
from pathlib import Path

import pytest

from fileorg.model.outcome import Status
from fileorg.pipeline import orders
from fileorg.pipeline.viewing import FileLine, Listing, RunView, Sort
from fileorg.workers import can_fork
from tests.pipeline.harness import Desk
from tests.pipeline.stages import crashed
from tests.trees import make_tree

pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no fork here")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a folder with files of many sizes, whose runs count as large ones."""
    monkeypatch.setattr(orders, "_FEWEST", 1)
    made = Desk(tmp_path)
    names = [b"%d/%s.%s" % (n % 5, name, end) for n, name in enumerate((b"z", b"a", b"b"))
             for end in (b"jpg", b"pdf", b"txt")]  # fmt: skip
    make_tree(made.root, {name: b"x" * (len(names) - n) for n, name in enumerate(names)})
    return made


def kept(desk: Desk) -> dict[str, bytes]:
    """Return what is kept of the newest run, by the order."""
    files = (desk.state.path / "orders").glob(f"{desk.newest().run}.*")
    return {file.suffix[1:]: file.read_bytes() for file in files}


def lines(desk: Desk) -> dict[Sort, list[FileLine]]:
    """Return the files of the newest run in every order."""
    with RunView(desk.state, "last") as view:
        return {sort: list(view.files(Listing(sort=sort))) for sort in Sort}


def test_a_run_leaves_the_orders_that_show_would_find_out(desk: Desk) -> None:
    """When a run ends, its orders are there, byte for byte those that a question leaves."""
    edited = desk.root / "0" / "z.jpg"
    summary = desk.organize_with(lambda: edited.write_bytes(b"other"))
    assert summary.failed
    beside = kept(desk)
    assert sorted(beside) == ["path", "plan", "size", "target"]
    expected = lines(desk)
    assert {line.status for line in expected[Sort.SIZE]} == {Status.DONE, Status.FAILED}
    for name in beside:
        (desk.state.path / "orders" / f"{desk.newest().run}.{name}").unlink()
    assert lines(desk) == expected
    assert kept(desk).items() <= beside.items()


def test_an_undo_leaves_its_orders_too(desk: Desk) -> None:
    """An undo is a run like any other."""
    desk.organize(folders="recurse")
    desk.undo()
    assert sorted(kept(desk)) == ["path", "plan", "size", "target"]


def test_nothing_is_sorted_beside_a_run_that_forks_nothing(desk: Desk) -> None:
    """With one job the orders wait until somebody asks."""
    desk.organize(folders="recurse", jobs=1)
    assert kept(desk) == {}


def test_a_run_that_died_leaves_no_order(desk: Desk) -> None:
    """The orders of a run that is killed are found out when it has been finished."""
    assert crashed(lambda: desk.organize(folders="recurse"), "rename_each:1:crash-after")
    assert kept(desk) == {}
    desk.recover()
    assert sorted(kept(desk)) == ["path", "plan", "size", "target"]


def test_a_run_goes_on_where_no_order_can_be_kept(desk: Desk) -> None:
    """A file in the way of the orders, and a sorter that is killed, change nothing of the run."""
    desk.state.prepare()
    (desk.state.path / "orders").write_bytes(b"in the way")
    assert desk.organize(folders="recurse").failed == 0
    desk.undo()
    (desk.state.path / "orders").unlink()

    def kill_itself(*_: object) -> None:
        os.kill(os.getpid(), 9)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "in_order", kill_itself)
        assert desk.organize(folders="recurse").failed == 0
    assert kept(desk) == {}

"""Journals of earlier versions are read and taken back."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.pipeline.harness import Desk
from tests.trees import make_tree


def test_a_run_of_version_1_is_undone(tmp_path: Path) -> None:
    """A journal of version 1, whose tables are the same, is verified and undone."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"a.jpg": b"1", b"b.pdf": b"2"})
    before = desk.snapshot()
    run = desk.organize().run
    with closing(sqlite3.connect(desk.state.journal_path(run))) as database:
        database.execute("PRAGMA user_version = 1")

    assert desk.undo(run).done == 2
    assert desk.snapshot() == before

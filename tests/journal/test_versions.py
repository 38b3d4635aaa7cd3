"""Journals of earlier versions are read and taken back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fileorg.journal.schema import TABLES, tables_of
from tests.pipeline.harness import Desk
from tests.trees import make_tree


@pytest.mark.parametrize("version", [1, 2])
def test_a_run_of_an_earlier_version_is_undone(tmp_path: Path, version: int) -> None:
    """A journal of an earlier version, which has fewer tables, is verified, shown and undone."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"a.jpg": b"1", b"b.pdf": b"2"})
    before = desk.snapshot()
    run = desk.organize().run
    with closing(sqlite3.connect(desk.state.journal_path(run))) as database:
        database.execute(f"PRAGMA user_version = {version}")
        for table in set(TABLES).difference(tables_of(version)):
            database.execute(f"DROP TABLE {table}")
        database.commit()

    assert len(desk.lines(run)) == 2
    assert desk.undo(run).done == 2
    assert desk.snapshot() == before

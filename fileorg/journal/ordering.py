"""The steps of a plan in some order: the only queries that need no more than the plan itself."""

import sqlite3
from array import array
from collections.abc import Sequence

from fileorg.model.location import Location
from fileorg.model.plan import NO_FILES

ON_FILES = " AND ".join(f"kind <> {kind.value}" for kind in sorted(NO_FILES))  # NOT IN takes longer
ORDERS = ("plan", "path", "target", "size")

_PLACED = {
    "path": ("source_folder", "source_name"),
    "target": ("target_folder", "coalesce(target_name, source_name)"),
}


def in_order(database: sqlite3.Connection, folders: Sequence[Location], by: str) -> "array[int]":
    """Return the numbers of all steps about a file by `plan`, `size`, `path` or `target`.

    Paths go by folder, then by name; *folders* are those of the journal.
    """
    if by in _PLACED:
        folder, name = _PLACED[by]
        _place(database, folders)
        rest = f"JOIN temp.place ON id = {folder} WHERE {ON_FILES} ORDER BY place, {name}, seq"
    else:
        rest = f"WHERE {ON_FILES} ORDER BY {'size, seq' if by == 'size' else 'seq'}"
    found = database.execute(f"SELECT seq FROM action {rest}")  # noqa: S608
    return array("I", (seq for (seq,) in found))


def categories(database: sqlite3.Connection) -> tuple["array[int]", list[str]]:
    """Return the number of each step's category, step by step, and the categories by number."""
    numbers: dict[str, int] = {}
    found = database.execute("SELECT category FROM action ORDER BY seq")
    of_steps = array("I", (numbers.setdefault(name, len(numbers)) for (name,) in found))
    return of_steps, list(numbers)


def _place(database: sqlite3.Connection, folders: Sequence[Location]) -> None:
    """Make the table that tells the place of each folder among all, by their paths."""
    numbers = sorted(range(len(folders)), key=folders.__getitem__)
    database.execute("DROP TABLE IF EXISTS temp.place")
    database.execute("CREATE TEMP TABLE place (id INTEGER PRIMARY KEY, place INTEGER)")
    database.execute("BEGIN")
    rows = ((number, place) for place, number in enumerate(numbers))
    database.executemany("INSERT INTO temp.place VALUES (?, ?)", rows)
    database.execute("COMMIT")

"""A second run looks at no file whose name says that it stays, unless more than that may matter."""

from pathlib import Path
from typing import Any

import pytest

from fileorg.model.entry import FolderSeen, Settled
from fileorg.model.location import Location
from fileorg.plan.places import Destination
from tests.pipeline.memory import MemoryDesk
from tests.plan.plans import actions_of, at, moves_of, plan_of
from tests.plan.surroundings import Disk

FILES = {
    b"Images/1.jpg": b"1", b"Images/2.png": b"2", b"Images/3.cr2": b"3", b"Images/3.xmp": b"4",
    b"Documents/4.pdf": b"5", b"Images/sub/Images/5.txt": b"6",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> MemoryDesk:
    """Return a folder in which most is in place."""
    made = MemoryDesk(tmp_path)
    for path, content in FILES.items():
        made.disk.put(Location(0, path), content)
    return made


def second_run(desk: MemoryDesk, **options: Any) -> tuple[int, int]:
    """Organize twice; return what was in place, and the folders of which only names were read."""
    options = {"folders": "recurse", **options}
    with desk.at_work():
        desk.organize(**options)
    with desk.at_work() as faults:
        again = desk.organize(**options)
    assert again.run == ""
    return again.in_place, faults.calls["kinds"]


def test_files_in_place_are_not_looked_at(desk: MemoryDesk) -> None:
    """Of a tree that is sorted by category no file is listed with a look at each."""
    in_place, by_name = second_run(desk)
    assert (in_place, by_name) == (6, 2)


@pytest.mark.parametrize(
    ("options", "in_place"),
    [
        ({"mode": "category_year"}, 6),
        ({"template": "{category}/{stem}{ext}"}, 6),
        ({"keep_folders": True}, 6),
        ({"trust": "content"}, 6),
        ({"dedupe": "quarantine"}, 6),
        ({"only_category": ["Images"]}, 4),
        ({"rules": [{"name": "r", "when": {"glob": "*.pdf"}, "category": "Books"}]}, 6),
        ({"min_size": "1"}, 6),
    ],
)
def test_where_more_matters_each_file_is_looked_at(
    desk: MemoryDesk, options: dict[str, Any], in_place: int
) -> None:
    """Dates, contents, sizes, rules and a choice of categories take a look at every file."""
    assert second_run(desk, **options) == (in_place, 0)


def test_files_that_belong_elsewhere_are_looked_at_after_all() -> None:
    """In a folder that is a source itself, pictures move to the one for pictures in it."""
    disk = Disk({b"Images/1.jpg": b"1", b"Images/2.jpg": b"2"})
    facts = disk.folder(at(b"Images"))
    assert facts is not None
    stream: list[FolderSeen | Settled] = [
        FolderSeen(at(b"Images"), facts, 2),
        Settled(at(b"Images"), (b"1.jpg", b"2.jpg")),
    ]
    destinations = [Destination(at(b""), at(b"")), Destination(at(b"Images"), at(b"Images"))]
    plan = plan_of(disk, destinations=destinations, stream=stream)
    assert moves_of(plan) == {
        b"Images/1.jpg": b"Images/Images/1.jpg", b"Images/2.jpg": b"Images/Images/2.jpg",
    }  # fmt: skip


def test_what_is_gone_by_then_is_no_failure() -> None:
    """Where the first file has vanished, the others are looked at, and stay."""
    disk = Disk({b"Images/2.jpg": b"2"})
    facts = disk.folder(at(b"Images"))
    assert facts is not None
    stream: list[FolderSeen | Settled] = [
        FolderSeen(at(b"Images"), facts, 2),
        Settled(at(b"Images"), (b"1.jpg", b"2.jpg")),
    ]
    plan = plan_of(disk, stream=stream)
    assert actions_of(plan) == []
    assert len(plan) == 1

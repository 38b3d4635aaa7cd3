"""Files that are laid out by another template than the job's, and by what was found in them."""

import datetime as dt

import msgspec
import pytest

from fileorg.errors import UsageError
from fileorg.model.entry import FileEntry, FolderFacts, FolderSeen, Skip
from fileorg.model.evidence import Dated, Facts
from fileorg.model.plan import Classified
from fileorg.model.reason import Reason
from fileorg.plan.planner import Planned
from tests.plan.plans import HERE, actions_of, moves_of, plan_of, reasons_of
from tests.plan.surroundings import Disk

TAKEN = Facts(date=Dated(dt.datetime.fromisoformat("2011-02-03T04:05:06"), "EXIF DateTimeOriginal"))
Item = Classified | FolderSeen | Skip


class Chosen(Disk):
    """A disk whose text files are laid out by number 1, and whose images are of a day in 2011."""

    @staticmethod
    def classify(entry: FileEntry, was: Classified | None = None) -> Classified:
        """Return an entry as the rule and the camera would have it."""
        item = Disk.classify(entry)
        assert isinstance(item, Classified)
        is_image = item.category == "Images"
        return msgspec.structs.replace(
            item,
            facts=TAKEN if is_image else None,
            layout=int(entry.location.name.endswith(b"txt")),
        )


def plan(disk: Disk, template: str, other: str) -> list[Planned]:
    """Return the plan for all below, text files by the *other* template."""
    return plan_of(disk, template, others=[other], recurse=True)


def test_each_file_goes_by_its_own_layout() -> None:
    """Files of two layouts whose keys are the same go each where its own wants it, and rest."""
    disk = Chosen({b"a.pdf": b"1", b"b.txt": b"2", b"c.pdf": b"3", b"d/e.txt": b"4"})
    first = plan(disk, "{category}/{name}", "Texts/{category}/{name}")
    assert moves_of(first) == {
        b"a.pdf": b"Documents/a.pdf",
        b"b.txt": b"Texts/Documents/b.txt",
        b"c.pdf": b"Documents/c.pdf",
        b"d/e.txt": b"Texts/Documents/e.txt",
    }
    disk.apply(first)
    assert actions_of(plan(disk, "{category}/{name}", "Texts/{category}/{name}")) == []


def test_folders_are_kept_by_the_layout_that_keeps_them() -> None:
    """One layout may keep the path below the source while another does not."""
    disk = Chosen({b"a/x.pdf": b"1", b"a/y.txt": b"2"})
    assert moves_of(plan(disk, "{category}/{name}", "Texts/{folder}/{name}")) == {
        b"a/x.pdf": b"Documents/x.pdf",
        b"a/y.txt": b"Texts/a/y.txt",
    }


def test_a_holder_is_judged_by_its_own_layout() -> None:
    """A file at a target stays or goes as its own layout says, whatever the one that comes."""
    disk = Chosen({b"x.txt": b"new", b"Texts/x.txt": b"old"})
    assert moves_of(plan(disk, "{category}/{name}", "Texts/{name}")) == {
        b"x.txt": b"Texts/x (1).txt"
    }


def test_a_file_in_the_way_of_any_layout_waits() -> None:
    """A file that has the name of a folder of the other layout is in its way, and is said to be."""
    disk = Chosen({b"Texts": b"1", b"a.txt": b"2"})
    found = plan(disk, "{category}/{name}", "Texts/{name}")
    assert {(place.path, reason) for place, reason, _ in reasons_of(found)} == {
        (b"Texts", Reason.BLOCKED_FOLDER),
        (b"a.txt", Reason.BLOCKED_FOLDER),
    }


def test_each_layout_has_to_come_to_rest() -> None:
    """A layout that never rests is refused for the file that it is of, with its own template."""
    disk = Chosen({b"a.pdf": b"1", b"b.txt": b"2"})
    with pytest.raises(UsageError, match=r"\{category\}/x\{name\}"):
        plan(disk, "{category}/{name}", "{category}/x{name}")


def test_a_date_that_was_found_goes_before_the_time() -> None:
    """What dates a file decides its folder, to the second, and is told before its action."""
    disk = Chosen({b"a.jpg": b"1", b"b.pdf": b"2"})
    for template, folder in [
        ("{date:%Y/%m}/{name}", b"2011/02"),
        ("{date:%H%M%S}/{name}", b"040506"),
    ]:
        found = plan_of(disk, template, stream=[FolderSeen(HERE, _facts(disk), 2), *_files(disk)])
        assert moves_of(found)[b"a.jpg"] == folder + b"/a.jpg"
        told = [item for item in found if isinstance(item, Facts) or item in actions_of(found)]
        assert told[told.index(TAKEN) + 1] in actions_of(found)
        assert told.count(TAKEN) == 1


def test_classified_files_cross_processes() -> None:
    """What a stage knows of a file is packed and comes back the same, plain or with all it has."""
    entry = Disk({b"a.jpg": b"1"}).file(HERE.below(b"a.jpg"))
    aware = Facts(date=Dated(dt.datetime(2011, 2, 3, tzinfo=dt.UTC), "x"), fields={"camera": "y"})
    items: list[Item] = [Classified(entry, "Images"), Classified(entry, "Images", TAKEN, 1),
                         Classified(entry, "Other", aware), Skip(HERE, Reason.HIDDEN)]  # fmt: skip
    packed = msgspec.msgpack.encode(items)
    assert msgspec.msgpack.decode(packed, type=list[Item]) == items


def _files(disk: Disk) -> list[Classified | Skip]:
    return [disk.classify(disk.file(location)) for location in sorted(disk.files)]


def _facts(disk: Disk) -> FolderFacts:
    found = disk.folder(HERE)
    assert found is not None
    return found

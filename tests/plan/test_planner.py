"""Plans: what moves where, in which order, and what stays for which reason."""

from fileorg.model.entry import Skip
from fileorg.model.plan import Action, ActionKind, Classified, FolderFound
from fileorg.model.reason import Reason
from fileorg.plan.planner import Destination
from tests.plan.plans import (
    ELSEWHERE,
    HERE,
    actions_of,
    at,
    made_in,
    moves_of,
    plan_of,
    reasons_of,
    removed_in,
)
from tests.plan.surroundings import MAY_17, Disk


def test_folder_is_made_before_it_is_filled() -> None:
    """How a folder was is told first, then what is made in it, then what moves."""
    plan = plan_of(Disk({b"x.jpg": b"1", b"y.jpg": b"2"}), "category_year")
    assert [type(item) for item in plan] == [FolderFound] + [Action] * 4
    assert isinstance(plan[0], FolderFound)
    assert plan[0].location == HERE
    assert made_in(plan) == [b"Images", b"Images/2024"]
    assert moves_of(plan) == {b"x.jpg": b"Images/2024/x.jpg", b"y.jpg": b"Images/2024/y.jpg"}


def test_folder_that_is_there_is_not_made() -> None:
    """An existing folder is used, and how it was is told before anything comes into it."""
    plan = plan_of(Disk({b"x.jpg": b"1", b"Images/y.jpg": b"2"}))
    assert made_in(plan) == []
    assert [item.location for item in plan if isinstance(item, FolderFound)] == [
        at(b"Images"),
        HERE,
    ]


def test_action_carries_what_was_seen() -> None:
    """A move has the fingerprint, category and kind of its file."""
    disk = Disk({b"x.jpg": b"12345"})
    (move,) = actions_of(plan_of(disk), ActionKind.MOVE)
    assert (move.fingerprint.size, move.fingerprint.mtime_ns) == (5, MAY_17)
    assert move.category == "Images"


def test_copies_leave_their_sources() -> None:
    """With copy all files are copied, and no folder is touched at the source or removed."""
    disk = Disk({b"a/x.jpg": b"1", b"y.txt": b"2"})
    plan = plan_of(disk, destinations=ELSEWHERE, recurse=True, copy=True)
    assert {a.kind for a in actions_of(plan)} == {ActionKind.MAKE_FOLDER, ActionKind.COPY}
    assert {i.location.root for i in plan if isinstance(i, FolderFound)} == {1}
    disk.apply(plan)
    assert disk.tree(1) == {b"Images/x.jpg": b"1", b"Documents/y.txt": b"2"}
    assert actions_of(plan_of(disk, destinations=ELSEWHERE, recurse=True, copy=True)) == []


def test_several_destinations() -> None:
    """Each source has its own target, and of nested sources the nearer one decides."""
    disk = Disk({b"x.jpg": b"1", b"a/x.jpg": b"2", b"a/b/y.jpg": b"3"})
    destinations = [Destination(HERE, at(b"", 1)), Destination(at(b"a"), at(b"a"))]
    stream = [*disk.scan(HERE, recurse=False), *disk.scan(at(b"a"))]
    plan = plan_of(disk, destinations=destinations, stream=stream)
    assert [(a.source.path, a.target) for a in actions_of(plan, ActionKind.MOVE)] == [
        (b"x.jpg", at(b"Images/x.jpg", 1)),
        (b"a/x.jpg", at(b"a/Images/x.jpg")),
        (b"a/b/y.jpg", at(b"a/Images/y.jpg")),
    ]


def test_sources_with_one_target_share_its_names() -> None:
    """Files of two sources that come to one name are told apart."""
    disk = Disk({b"a/x.jpg": b"1", b"b/x.jpg": b"2"})
    destinations = [Destination(at(folder), at(b"to", 1)) for folder in (b"a", b"b")]
    plan = plan_of(disk, destinations=destinations)
    assert moves_of(plan) == {
        b"a/x.jpg": b"to/Images/x.jpg",
        b"b/x.jpg": b"to/Images/x (1).jpg",
    }
    assert made_in(plan) == [b"to", b"to/Images"]


def test_nested_targets_share_their_shelves() -> None:
    """One folder reached as a part of two targets is one, and gives no name twice."""
    disk = Disk({b"a/x.jpg": b"1", b"Images/y/x.jpg": b"2"})
    destinations = [Destination(at(b"a"), HERE), Destination(at(b"Images/y"), at(b"Images"))]
    plan = plan_of(disk, "{name}", destinations)
    assert moves_of(plan) == {b"a/x.jpg": b"x.jpg", b"Images/y/x.jpg": b"Images/x.jpg"}
    disk = Disk({b"a/Images/x.jpg": b"1", b"Images/y/x.jpg": b"2"})
    plan = plan_of(disk, "{folder}/{name}", destinations, recurse=True)
    assert moves_of(plan) == {
        b"a/Images/x.jpg": b"Images/x.jpg",
        b"Images/y/x.jpg": b"Images/x (1).jpg",
    }


def test_file_as_source() -> None:
    """A source may be a single file; the folder it is in is not removed for it."""
    disk = Disk({b"a/x.jpg": b"1"})
    destinations = [Destination(at(b"a/x.jpg"), at(b"", 1))]
    stream = [disk.classify(disk.file(at(b"a/x.jpg")))]
    plan = plan_of(disk, destinations=destinations, stream=stream)
    assert [a.target for a in actions_of(plan, ActionKind.MOVE)] == [at(b"Images/x.jpg", 1)]
    assert removed_in(plan) == []


def test_name_that_can_not_be_is_that_files_failure() -> None:
    """What is rendered for one file and is no name leaves that file, and the others go on."""
    disk = Disk({b"x.jpg": b"1", b"y.txt": b"2"})
    stream = [
        Classified(item.entry, "..")
        if isinstance(item, Classified) and item.entry.location.name == b"x.jpg"
        else item
        for item in disk.scan(HERE)
    ]
    plan = plan_of(disk, stream=stream)
    assert moves_of(plan) == {b"y.txt": b"Documents/y.txt"}
    assert (at(b"x.jpg"), Reason.BAD_NAME, "'..' is not a name") in reasons_of(plan)


def test_what_the_scan_left_alone_is_passed_on() -> None:
    """Skips of the scan are in the plan as they are."""
    skip = Skip(at(b"x.part"), Reason.PARTIAL)
    assert plan_of(Disk(), stream=[skip]) == [skip]


def test_long_streams_keep_their_order() -> None:
    """A plan of many files has each once, in the order of the scan."""
    disk = Disk({b"%05d.jpg" % number: b"%d" % number for number in range(700)})
    moved = [a.source.path for a in actions_of(plan_of(disk), ActionKind.MOVE)]
    assert moved == sorted(disk.tree())


def test_folders_of_one_name_in_two_roots_are_two() -> None:
    """Files of like-named folders in different roots keep to their own destination."""
    disk = Disk()
    for root in (0, 1):
        disk.add(b"a/x.jpg", b"%d" % root, root)
    sources = [Destination(at(b"a", root), at(b"a", root)) for root in (0, 1)]
    plan = plan_of(disk, destinations=sources, recurse=True)
    assert [(a.source, a.target) for a in actions_of(plan, ActionKind.MOVE)] == [
        (at(b"a/x.jpg", root), at(b"a/Images/x.jpg", root)) for root in (0, 1)
    ]


def test_same_path_in_another_root_is_another_place() -> None:
    """A file is not in place because its path in the target would be the same."""
    plan = plan_of(Disk({b"x.jpg": b"1"}), "{name}", ELSEWHERE)
    assert [a.target for a in actions_of(plan, ActionKind.MOVE)] == [at(b"x.jpg", 1)]

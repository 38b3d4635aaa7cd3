"""Folders that move as one."""

import msgspec
import pytest

from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, FolderSeen, Kind, Skip
from fileorg.model.evidence import Mismatch
from fileorg.model.location import Location
from fileorg.model.plan import Classified
from fileorg.model.reason import Reason
from fileorg.scan.units import gather_units

Item = Classified | FolderSeen | Mismatch | Skip


def folder(path: bytes) -> FolderSeen:
    """Return a folder that the scan went through."""
    return FolderSeen(Location(0, path), FolderFacts(0o755, 0, 0, 7, 8, 9), 1)


def file(path: bytes, category: str = "Images", mtime_ns: int = 1, size: int = 1) -> Classified:
    """Return a file with its category."""
    fingerprint = Fingerprint(size, mtime_ns, 0, 1)
    return Classified(FileEntry(Location(0, path), Kind.FILE, fingerprint), category)


def skip(path: bytes, reason: Reason) -> Skip:
    """Return something left alone."""
    return Skip(Location(0, path), reason)


def gathered(*items: Item) -> list[tuple[bytes, object]]:
    """Return what comes of a stream: paths with a category, a reason, or the folder mark."""
    found: list[tuple[bytes, object]] = []
    for item in gather_units(items):
        if isinstance(item, Classified):
            found.append((item.entry.location.path, item.category))
        else:
            found.append((item.location.path, getattr(item, "reason", "folder")))
    return found


def test_folder_is_what_most_of_its_files_are() -> None:
    """All that is seen below a folder becomes that folder, with newest time and sum of sizes."""
    stream: list[Item] = [
        folder(b""), file(b"x"), folder(b"a"), file(b"a/1", mtime_ns=5), folder(b"a/b"),
        file(b"a/b/2", mtime_ns=9, size=10), file(b"a/b/3", "Audio"), folder(b"c"), file(b"c/4"),
    ]  # fmt: skip
    assert gathered(*stream) == [(b"", "folder"), (b"x", "Images"), (b"a", "Images"),
                                 (b"c", "Images")]  # fmt: skip
    unit = list(gather_units(stream))[2]
    assert isinstance(unit, Classified)
    assert unit.entry.kind is Kind.FOLDER
    assert unit.facts is not None
    assert (unit.entry.fingerprint.size, unit.facts.newest_ns) == (12, 9)
    assert (unit.entry.fingerprint.mtime_ns, unit.entry.fingerprint.inode) == (7, 8)


def test_equal_halves_are_decided_by_name() -> None:
    """Where two categories have as many files the first by name wins, in any order."""
    one, other = file(b"a/1", "Video"), file(b"a/2", "Audio")
    assert gathered(folder(b""), folder(b"a"), one, other)[1] == (b"a", "Audio")
    assert gathered(folder(b""), folder(b"a"), other, one)[1] == (b"a", "Audio")


def test_folder_without_files_is_left() -> None:
    """Nothing to judge by is a reason to stay."""
    assert gathered(folder(b""), folder(b"a"), folder(b"a/b"))[1:] == [(b"a", Reason.FOLDER_EMPTY)]


@pytest.mark.parametrize(
    "reason", [Reason.MOUNT, Reason.UNREADABLE, Reason.OWN, Reason.IO_ERROR, Reason.SEEN_BEFORE]
)
def test_folder_is_pinned_by_what_it_holds(reason: Reason) -> None:
    """A folder with a mount point, another source or something unreadable inside stays."""
    stream: list[Item] = [
        folder(b""),
        folder(b"a"),
        file(b"a/1"),
        skip(b"a/b", reason),
        file(b"a/2"),
    ]
    assert gathered(*stream)[1:] == [(b"a/b", reason), (b"a", reason)]


@pytest.mark.parametrize(
    "reason",
    [
        Reason.PROJECT, Reason.BUNDLE, Reason.LIBRARY, Reason.ENVIRONMENT, Reason.PROGRAM,
        Reason.PARTIAL, Reason.RELATIVE_LINK,
    ],
)  # fmt: skip
def test_what_is_found_by_its_path_keeps_its_folder(reason: Reason) -> None:
    """A folder with a project, a download or such in it stays for that reason, told once."""
    stream: list[Item] = [folder(b""), folder(b"a"), file(b"a/1"), skip(b"a/b", reason)]
    assert gathered(*stream)[1:] == [(b"a", reason)]


def test_links_decide_nothing() -> None:
    """A folder is what most of its files are, however many links lie beside them."""
    links = [
        Classified(msgspec.structs.replace(file(path).entry, kind=Kind.SYMLINK), "Other")
        for path in (b"a/l", b"a/m")
    ]
    assert gathered(folder(b""), folder(b"a"), file(b"a/1"), *links)[1:] == [(b"a", "Images")]


def test_other_skips_move_along() -> None:
    """Hidden things inside go with their folder and are not mentioned."""
    stream: list[Item] = [folder(b""), folder(b"a"), file(b"a/1"), skip(b"a/.b", Reason.HIDDEN)]
    assert gathered(*stream)[1:] == [(b"a", "Images")]


def test_skipped_folder_of_the_source_is_passed_on() -> None:
    """What the scan left alone directly in the source is told as it is."""
    stream: list[Item] = [folder(b""), skip(b"a", Reason.PROJECT), folder(b"ab"), file(b"ab/1")]
    assert gathered(*stream)[1:] == [(b"a", Reason.PROJECT), (b"ab", "Images")]


def test_other_root_is_another_place() -> None:
    """A path in another root is not inside a folder of this one."""
    other = Skip(Location(1, b"a/b"), Reason.HIDDEN)
    assert gathered(folder(b""), folder(b"a"), file(b"a/1"), other)[1:] == [
        (b"a", "Images"),
        (b"a/b", Reason.HIDDEN),
    ]


def test_next_source_is_no_folder_of_the_last() -> None:
    """Sources that follow each other are sources, nested or not, and in either order."""
    outer: list[Item] = [folder(b"s"), file(b"s/x"), skip(b"s/t", Reason.SEEN_BEFORE)]
    inner: list[Item] = [folder(b"s/t"), file(b"s/t/y"), folder(b"s/t/u"), file(b"s/t/u/z")]
    other: list[Item] = [folder(b"v"), folder(b"v/w"), file(b"v/w/1")]
    units = [(b"s/t/u", "Images"), (b"v/w", "Images")]
    for stream in ([*outer, *inner, *other], [*inner, *outer, *other]):
        found = gathered(*stream)
        assert [item for item in found if item in units] == units
        assert (b"s/t", "Images") not in found
        assert {(b"s/x", "Images"), (b"s/t/y", "Images")} <= set(found)


def test_what_is_not_what_its_name_says_is_told_of_a_folder_too() -> None:
    """A mismatch in a folder that moves as one is passed on, and the folder is judged as ever."""
    mismatch = Mismatch(Location(0, b"a/1"), "text/html", "Web pages")
    stream: list[Item] = [folder(b""), folder(b"a"), mismatch, file(b"a/1")]
    assert mismatch in list(gather_units(stream))
    assert gathered(*stream)[-1] == (b"a", "Images")

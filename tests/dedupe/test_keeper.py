from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.dedupe.keeper import choose, incompleteness
from fileorg.model.duplicates import Alike, KeepPolicy, KeepReason, Proof
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location


def file(path: bytes, mtime_ns: int = 5, *, inode: int = 0, links: int = 1) -> FileEntry:
    """Return a file of ten bytes."""
    mark = Fingerprint(10, mtime_ns, mtime_ns, inode or hash(path) & 0xFFFF)
    return FileEntry(Location(0, path), Kind.FILE, mark, links)


def alike(*files: FileEntry | tuple[FileEntry, ...]) -> Alike:
    """Return files that hold the same."""
    return Alike(b"d", Proof.BYTES, tuple(f if isinstance(f, tuple) else (f,) for f in files))


def in_folder(*folders: bytes) -> Callable[[Location], bool]:
    """Return what tells the files of reference folders."""
    return lambda location: location.path.split(b"/")[0] in folders


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ((b"report (1).pdf", b"report.pdf"), b"report.pdf"),
        ((b"Copy of report.pdf", b"report (1).pdf"), b"report (1).pdf"),
        ((b"x - Copy.jpg", b"x.jpg", b"x (2).jpg"), b"x.jpg"),
        ((b"photo - Copy (2).jpg", b"photo(1).jpg"), b"photo(1).jpg"),
        ((b"song copy 3.mp3", b"song.mp3"), b"song.mp3"),
        ((b"Kopie von Brief.odt", b"Brief.odt"), b"Brief.odt"),
        ((b"notes (another copy).txt", b"notes.txt"), b"notes.txt"),
        ((b"a.tar (1).gz", b"b.tar.gz"), b"b.tar.gz"),
    ],
)
def test_the_most_complete_name_is_kept(names: tuple[bytes, ...], kept: bytes) -> None:
    """By default a name that no program has added to wins, whatever the order."""
    for order in (names, names[::-1]):
        group = choose(alike(*map(file, order)), KeepPolicy.NAME, in_folder())
        assert group is not None
        assert group.keep.location.path == kept
        assert group.reason is KeepReason.NAME


@pytest.mark.parametrize(
    "name", [b"copyright.txt", b"IMG_1.jpg", b"photocopy.pdf", b"Copy.txt", b"2024-05 (May).txt"]
)
def test_an_ordinary_name_is_complete(name: bytes) -> None:
    """A word that only looks like a copy's is part of the name."""
    assert incompleteness(name) == 0


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        (KeepPolicy.NAME, b"z"), (KeepPolicy.OLDEST, b"z"), (KeepPolicy.NEWEST, b"deep/er/y"),
        (KeepPolicy.SHORTEST, b"z"), (KeepPolicy.LONGEST, b"deep/er/y"),
        (KeepPolicy.FIRST, b"in/m"),
    ],
)  # fmt: skip
def test_each_policy_keeps_its_own(policy: KeepPolicy, kept: bytes) -> None:
    """Newest, oldest, shortest and longest path, and first given are what they say."""
    group = choose(
        alike(file(b"in/m", 5), file(b"z", 1), file(b"deep/er/y", 9)), policy, in_folder()
    )
    assert group is not None
    assert group.keep.location.path == kept
    assert group.reason.name == policy.name
    assert group.files == 2
    assert group.reclaimable == 20


def test_equals_stay_in_the_order_found() -> None:
    """Of files that a policy finds equal the one found first is kept."""
    group = choose(alike(file(b"b"), file(b"a")), KeepPolicy.OLDEST, in_folder())
    assert group is not None
    assert group.keep.location.path == b"b"


def test_a_reference_is_kept_and_never_redundant() -> None:
    """Files of reference folders all stay, and the others go, whatever the policy says."""
    files = alike(file(b"ref/a", 9), file(b"b", 1), file(b"ref/c", 5))
    group = choose(files, KeepPolicy.OLDEST, in_folder(b"ref"))
    assert group is not None
    assert group.keep.location.path == b"ref/c"
    assert [entry.location.path for entry in group.redundant] == [b"b"]
    assert group.reason is KeepReason.REFERENCE

    assert choose(alike(file(b"ref/a"), file(b"ref/b")), KeepPolicy.NAME, in_folder(b"ref")) is None


def test_a_second_name_in_a_reference_folder_protects_the_file() -> None:
    """A file of which one name is in a reference folder is not redundant under another."""
    linked = (file(b"b", inode=7, links=2), file(b"ref/b", inode=7, links=2))
    group = choose(alike(linked, file(b"c")), KeepPolicy.NAME, in_folder(b"ref"))
    assert group is not None
    assert [entry.location.path for entry in group.redundant] == [b"c"]


def test_only_the_last_name_frees_bytes() -> None:
    """All names of a redundant file are listed; one with a name elsewhere frees nothing."""
    both = (file(b"b", inode=7, links=2), file(b"b2", inode=7, links=2))
    elsewhere = file(b"c", inode=8, links=3)
    group = choose(alike(file(b"a", 1), both, elsewhere), KeepPolicy.OLDEST, in_folder())
    assert group is not None
    assert [e.location.path for e in group.redundant] == [b"b", b"b2", b"c"]
    assert (group.files, group.reclaimable) == (2, 10)


@given(
    st.lists(st.tuples(st.sampled_from((b"", b"ref/")), st.integers(0, 3)), min_size=2, max_size=8),
    st.sampled_from(KeepPolicy),
)
def test_one_is_always_kept(files: list[tuple[bytes, int]], policy: KeepPolicy) -> None:
    """Whatever is given, one file is kept, none of a reference folder goes, and none is lost."""
    entries = [
        file(folder + b"%d" % number, time, inode=number + 1)
        for number, (folder, time) in enumerate(files)
    ]
    is_reference = in_folder(b"ref")
    group = choose(alike(*entries), policy, is_reference)
    references = [entry for entry in entries if is_reference(entry.location)]

    if group is None:
        assert references == entries
        return
    assert group.keep not in group.redundant
    assert not any(is_reference(entry.location) for entry in group.redundant)
    kept = references or [group.keep]
    assert sorted([*kept, *group.redundant], key=entries.index) == entries
    assert not references or group.keep in references

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from fileorg.content import digest
from fileorg.dedupe.cache import DigestCache, Known, clear
from fileorg.dedupe.catalog import Key
from fileorg.model.duplicates import Proof
from fileorg.storage.decorators import CountingStorage
from tests.dedupe.groups import brute_force, entries, find, opened, paths
from tests.pipeline.harness import in_child
from tests.trees import make_tree


def file(inode: int, size: int = 10, mtime_ns: int = 5) -> Key:
    """Return what a file is known by."""
    return inode, size, mtime_ns


def known(inode: int, mark: bytes = b"m" * 16) -> Known:
    """Return what is known of it."""
    return Known(inode, 10, 5, mark, False, {10: b"d" * 16})


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return where the cache is to be."""
    return tmp_path / "digests.db"


def test_what_was_kept_is_known(place: Path) -> None:
    """Another cache on the same file knows it, of this device and of this file as it was."""
    DigestCache(place).keep(1, [known(7), known(700), known(-3)])
    cache = DigestCache(place)

    assert cache.look_up(1, [file(700), file(7), file(8), file(-3)]) == [
        known(700), known(7), None, known(-3),
    ]  # fmt: skip
    assert cache.look_up(2, [file(7)]) == [None]
    for changed in (file(7, size=11), file(7, mtime_ns=6)):
        assert cache.look_up(1, [changed]) == [None]


def test_a_file_without_a_lasting_number_is_never_known(place: Path) -> None:
    """Where inodes do not last, two files of one size and time may differ: none is remembered."""
    cache = DigestCache(place)
    cache.keep(1, [known(0)])
    assert cache.look_up(1, [file(0)]) == [None]


def test_it_is_its_owners_alone(place: Path) -> None:
    """Names are not in it, but what somebody has is nobody else's business."""
    DigestCache(place).keep(1, [known(7)])
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_two_processes_keep_beside_each_other(place: Path) -> None:
    """What several processes write into the same pages at once is all there afterwards."""

    def write(begin: int) -> None:
        cache = DigestCache(place)
        for inode in range(begin, 600, 4):
            cache.keep(1, [known(inode)])

    children = []
    for begin in range(4):
        child = os.fork()
        if child == 0:
            os._exit(in_child(lambda: write(begin)))
        children.append(child)
    assert {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children} == {0}

    asked = [file(inode) for inode in range(1, 600)]
    assert DigestCache(place).look_up(1, asked) == [known(inode) for inode in range(1, 600)]


@pytest.mark.parametrize("content", [b"no database at all" * 99, b""])
def test_a_damaged_file_is_begun_anew(place: Path, content: bytes) -> None:
    """What is no cache is replaced without a word."""
    place.write_bytes(content)
    cache = DigestCache(place)
    cache.look_up(1, [file(7)])
    cache.keep(1, [known(7)])

    assert DigestCache(place).look_up(1, [file(7)]) == [known(7)]


def test_a_file_of_another_version_is_begun_anew(place: Path) -> None:
    """A cache of a later fileorg is not read."""
    DigestCache(place).keep(1, [known(7)])
    with closing(sqlite3.connect(place)) as database:
        database.execute("PRAGMA user_version = 99")
    cache = DigestCache(place)

    assert cache.look_up(1, [file(7)]) == [None]
    cache.keep(1, [known(8)])
    assert cache.look_up(1, [file(8)]) == [known(8)]


@pytest.mark.parametrize("every", [37, 4096])
def test_a_file_with_damage_in_it_is_begun_anew(place: Path, every: int) -> None:
    """What can't be read any more is forgotten as a whole, and from then on it is kept again."""
    files = [file(inode) for inode in range(1, 5000)]
    DigestCache(place).keep(1, [known(inode) for inode in range(1, 5000)])
    content = bytearray(place.read_bytes())
    for at in range(4096, len(content), every):
        content[at] ^= 0xFF
    place.write_bytes(content)
    cache = DigestCache(place)
    cache.look_up(1, files)
    cache.keep(1, [known(inode) for inode in range(1, 5000)])

    assert DigestCache(place).look_up(1, files) == [known(inode) for inode in range(1, 5000)]


def test_where_nothing_can_be_written_nothing_is_known(tmp_path: Path) -> None:
    """A cache that can't be opened is an empty one, and no error."""
    cache = DigestCache(tmp_path / "no folder" / "digests.db")
    cache.keep(1, [known(7)])

    assert cache.look_up(1, [file(7)]) == [None]


def test_it_is_bounded(place: Path) -> None:
    """It shrinks below the limit, and what was kept last stays."""
    cache = DigestCache(place)
    cache.keep(1, [known(inode) for inode in range(50_000)])
    most = place.stat().st_size // 2
    with closing(sqlite3.connect(place)) as database, database:
        database.execute("UPDATE page SET used = used - 9 WHERE number < 150")
    cache.shrink(most)

    assert place.stat().st_size <= most
    assert cache.look_up(1, [file(49_999)]) == [known(49_999)]
    assert cache.look_up(1, [file(140 << 8)]) == [None]


def test_looking_up_is_using(place: Path) -> None:
    """What was looked up today outlives what was written yesterday."""
    cache = DigestCache(place)
    cache.keep(1, [known(inode) for inode in range(50_000)])
    with closing(sqlite3.connect(place)) as database, database:
        database.execute("UPDATE page SET used = used - 9")
    asked = [file(inode) for inode in range(40_000, 50_000)]
    cache.look_up(1, asked)
    cache.shrink(place.stat().st_size // 2)

    assert cache.look_up(1, asked) == [known(inode) for inode in range(40_000, 50_000)]


def test_clearing_says_what_it_frees(place: Path) -> None:
    """Clear removes the file; where there is none there is nothing to do."""
    DigestCache(place).keep(1, [known(7)])
    size = place.stat().st_size

    assert clear(place) == size
    assert not place.exists()
    assert clear(place) == 0


def test_a_second_search_reads_nothing(tmp_path: Path, place: Path) -> None:
    """What a search has found out is found again without opening a file, near-duplicates too."""
    large = digest.SMALL * 9
    contents = {
        b"one": bytes(large),
        b"last": bytes(large - 1) + b"x",
        b"small": b"s",
        b"tiny": b"t",
    }
    middle = bytearray(large)
    middle[large // 2] = 1
    contents[b"middle"] = bytes(middle)
    tree = {b"%s/%s" % (f, n): c for n, c in contents.items() for f in (b"a", b"b")}
    tree[b"alone"] = bytes(large - 9) + b"123456789"
    root = make_tree(tmp_path / "tree", tree)
    first = find(opened(root), digests=DigestCache(place))
    counting = CountingStorage(opened(root))
    second = find(counting, digests=DigestCache(place))

    assert paths(first) == paths(second) == brute_force(opened(root))
    assert {group.proof for group in second} == {Proof.DIGEST}
    assert [group.digest for group in first] == [group.digest for group in second]
    assert counting.calls["read"] == 0


def test_a_new_file_is_compared_with_those_that_are_known(tmp_path: Path, place: Path) -> None:
    """Of known files only those are read whose digest a new file has; with it they are proven."""
    tree = {b"a": b"same", b"b": b"same", b"c": b"else", b"d": b"else"}
    root = make_tree(tmp_path / "tree", tree)
    find(opened(root), digests=DigestCache(place))
    make_tree(root, {b"e": b"same", b"f": b"new!"})
    found = find(opened(root), digests=DigestCache(place))

    assert paths(found) == brute_force(opened(root))
    proofs = {len(group.files): group.proof for group in found}
    assert proofs == {3: Proof.BYTES, 2: Proof.DIGEST}


def test_an_edited_file_is_read_again(tmp_path: Path, place: Path) -> None:
    """After a renaming nothing is read, after an edit the edited file counts as it is now."""
    root = make_tree(tmp_path / "tree", {b"a": b"same", b"b": b"same", b"c": b"same"})
    find(opened(root), digests=DigestCache(place))
    (root / "a").rename(root / "z")
    (root / "c").write_bytes(b"else")
    os.utime(root / "c", ns=(1, 1))

    assert paths(find(opened(root), digests=DigestCache(place))) == {frozenset((b"z", b"b"))}


def test_an_old_digest_is_no_proof(tmp_path: Path, place: Path) -> None:
    """A group that rests on digests of an earlier run says so, whatever is in the files now."""
    root = make_tree(tmp_path / "tree", {b"a": b"same", b"b": b"same"})
    storage = opened(root)
    find(storage, digests=DigestCache(place))
    seen = entries(storage)
    (root / "a").write_bytes(b"else")
    mark = seen[0].fingerprint
    os.utime(root / "a", ns=(mark.mtime_ns, mark.mtime_ns))
    (group,) = find(storage, digests=DigestCache(place))

    assert group.proof is Proof.DIGEST


@pytest.mark.parametrize("size", [4, digest.SMALL + 9])
def test_for_an_act_an_old_digest_only_finds(tmp_path: Path, place: Path, size: int) -> None:
    """Where groups are to be proven they are those of the bytes now, also beside a stale digest."""
    root = make_tree(tmp_path / "tree", {n: bytes(size) for n in (b"a", b"b", b"c")})
    storage = opened(root)
    find(storage, digests=DigestCache(place))
    mark = entries(storage)[0].fingerprint
    (root / "a").write_bytes(bytes(size - 1) + b"x")
    os.utime(root / "a", ns=(mark.mtime_ns, mark.mtime_ns))
    (group,) = find(storage, digests=DigestCache(place), proven=True)

    assert paths([group]) == {frozenset((b"b", b"c"))}
    assert group.proof is Proof.BYTES


def test_a_refuted_digest_is_forgotten(tmp_path: Path, place: Path) -> None:
    """Once a stale digest of a small file was found out, no later search rests on it."""
    root = make_tree(tmp_path / "tree", {b"a": b"same", b"b": b"same"})
    storage = opened(root)
    find(storage, digests=DigestCache(place))
    mark = entries(storage)[0].fingerprint
    (root / "a").write_bytes(b"else")
    os.utime(root / "a", ns=(mark.mtime_ns, mark.mtime_ns))

    assert find(storage, digests=DigestCache(place), proven=True) == []
    assert find(storage, digests=DigestCache(place)) == []

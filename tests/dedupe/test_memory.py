"""What a search finds out is remembered beside it, whatever way it ends."""

from pathlib import Path

import pytest

from fileorg.dedupe import finder
from fileorg.dedupe import memory as module
from fileorg.dedupe.cache import DigestCache, Known
from fileorg.dedupe.catalog import Catalog
from fileorg.dedupe.finder import Finder, FindOptions
from fileorg.dedupe.memory import Memory
from fileorg.events import Silent
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.workers import Beside
from tests.dedupe.groups import entries, opened
from tests.trees import make_tree

MARK = b"m" * 16


def files(count: int) -> Catalog:
    """Return a catalog of files on two roots by turns, each with a mark."""
    catalog = Catalog()
    for number in range(count):
        location = Location(number % 2, b"%d" % number)
        catalog.add(FileEntry(location, Kind.FILE, Fingerprint(5, number, number, number + 1)))
        catalog.set_marks([number], MARK)
    return catalog


@pytest.mark.parametrize("forks", [False, True])
@pytest.mark.parametrize("devices", [(1, 1), (1, 2)])
def test_marks_and_digests_are_remembered_by_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forks: bool, devices: tuple[int, int]
) -> None:
    """Files are known by the device that they are on, here or from another process."""
    monkeypatch.setattr(module, "_FORK_FROM", 1 if forks else 100)
    catalog, place = files(10), tmp_path / "digests.db"
    memory = Memory(DigestCache(place), catalog, devices, tail_from=100)
    memory.marked(range(10))
    memory.learned({3: {5: b"d" * 16}})
    memory.save()
    Beside.finish()

    for number in range(10):
        digests = {5: b"d" * 16} if number == 3 else {}
        (known,) = DigestCache(place).look_up(devices[number % 2], [catalog.key(number)])
        assert known == Known(number + 1, 5, number, MARK, False, digests)


def test_what_was_learned_before_stays(tmp_path: Path) -> None:
    """A new mark of a file that did not change leaves what is known of its beginnings."""
    catalog, place = files(1), tmp_path / "digests.db"
    memory = Memory(DigestCache(place), catalog, (1, 1), tail_from=100)
    memory.learned({0: {3: b"3" * 16}})
    memory.save()
    memory.learned({0: {5: b"5" * 16}})
    memory.save()

    (known,) = DigestCache(place).look_up(1, [catalog.key(0)])
    assert known is not None
    assert known.digests == {3: b"3" * 16, 5: b"5" * 16}


def test_a_search_that_is_ended_has_remembered_what_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before a search is interrupted need not be read again."""
    monkeypatch.setattr(finder, "_REQUEST_FILES", 2)
    tree = {b"%d" % n: b"x" * (n // 2 + 1) for n in range(6)}
    storage = opened(make_tree(tmp_path / "t", tree))
    seen, place = entries(storage), tmp_path / "digests.db"
    asked = iter(range(9))

    def check() -> None:
        if next(asked) == 2:  # the scan, a request, another
            raise KeyboardInterrupt

    search = Finder(storage, FindOptions(jobs=1), Silent(), DigestCache(place), check)
    with pytest.raises(KeyboardInterrupt):
        search.find(seen, lambda _: None)
    keys = [(e.fingerprint.inode, e.fingerprint.size, e.fingerprint.mtime_ns) for e in seen]
    known = DigestCache(place).look_up(storage.roots[0].device, keys)
    assert [one is not None for one in known] == [True] * 2 + [False] * 4

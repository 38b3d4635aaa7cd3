"""Several storages as one keep the contract of each, and carry files from one to another."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.reason import Reason
from fileorg.storage.memory import MemoryStorage
from fileorg.storage.memory_bucket import MemoryBucket
from fileorg.storage.routing import RoutingStorage
from tests.storage.conformance import StorageConformance, World, at, copying, moving, refused
from tests.storage.object_conformance import ObjectConformance, ObjectWorld
from tests.storage.test_memory import MemoryWorld
from tests.storage.test_memory_bucket import MemoryBucketWorld


class RoutedWorld(MemoryWorld):
    """Two devices, with a bucket behind them."""

    def __init__(self) -> None:
        super().__init__()
        bucket = MemoryBucket()
        roots = [*self.memory.roots, *bucket.roots]
        self.storage = RoutingStorage(roots, [(self.memory, [0, 1]), (bucket, [2])])


class TestFolders(StorageConformance):
    """The conformance suite, of the folders."""

    @pytest.fixture
    def world(self) -> Iterator[World]:
        """Return them."""
        made = RoutedWorld()
        made.storage.roots = made.memory.roots  # the suite looks at the first two
        yield made


class RoutedBucket(MemoryBucketWorld):
    """A bucket, with a folder behind it."""

    def __init__(self) -> None:
        super().__init__()
        memory = MemoryStorage()
        roots = [*self.bucket.roots, *memory.roots]
        self.storage = RoutingStorage(roots, [(memory, [1]), (self.bucket, [0])])


class TestBuckets(ObjectConformance):
    """The conformance suite, of the bucket."""

    @pytest.fixture
    def world(self) -> ObjectWorld:
        """Return it."""
        return RoutedBucket()


def routed() -> tuple[MemoryStorage, MemoryBucket, RoutingStorage]:
    """Return a folder and a bucket, and both as one: roots 0 and 1."""
    memory, bucket = MemoryStorage(), MemoryBucket()
    roots = [*memory.roots, *bucket.roots]
    return memory, bucket, RoutingStorage(roots, [(memory, [0]), (bucket, [1])])


def test_a_copy_goes_from_one_to_another() -> None:
    """Content and time arrive on the other side, whichever it is."""
    memory, bucket, both = routed()
    file = memory.put(at(b"file"), b"content")
    made = both.copy(file.location, at(b"up", 1), file)
    assert made == both.stat(at(b"up", 1))
    assert made.fingerprint.mtime_ns == file.fingerprint.mtime_ns
    assert bucket.objects[b"up"].content == b"content"
    back = both.copy(made.location, at(b"down"), made)
    assert memory.node(at(b"down")).content == b"content"
    assert back.fingerprint.mtime_ns == file.fingerprint.mtime_ns


def test_many_copies_and_removals_keep_their_order() -> None:
    """Whichever storages the files are in, each answer is that of its own file."""
    memory, bucket, both = routed()
    near = [memory.put(at(name), name) for name in (b"a", b"b")]
    far = [
        msgspec.structs.replace(bucket.put(at(name), name), location=at(name, 1))
        for name in (b"c", b"d")
    ]
    ends = [(near[0], 1), (far[0], 1), (far[1], 0), (near[1], 0), (near[1], 0)]
    copies = [
        msgspec.structs.replace(copying(e, b""), target=at(b"new " + e.location.path, root))
        for e, root in ends
    ]
    *made, taken = both.copy_each(copies)
    assert [entry.location for entry in made if isinstance(entry, FileEntry)] == [
        copy.target for copy in copies[:4]
    ]
    assert isinstance(taken, StorageError)
    assert taken.reason is Reason.TARGET_EXISTS
    assert list(both.remove_each([near[0], far[0], near[1], far[1]])) == [None] * 4
    assert sorted(memory.names(at(b""))) == [b"new b", b"new d"]
    assert sorted(bucket.objects) == [b"new a", b"new c"]


def test_nothing_is_renamed_or_linked_across() -> None:
    """A rename or a link from one to another is CROSSES_DEVICES, and changes nothing."""
    memory, _, both = routed()
    file = memory.put(at(b"file"), b"1")
    for act in (both.rename, both.link, both.share):
        with refused(Reason.CROSSES_DEVICES):
            act(at(b"file"), at(b"file", 1))
    move = msgspec.structs.replace(moving(file, b""), target=at(b"file", 1))
    renamed = both.rename_each([moving(file, b"new"), move], by_ctime=False)
    assert renamed.done == 1
    assert renamed.failure is not None
    assert renamed.failure.reason is Reason.CROSSES_DEVICES


def test_what_changes_on_its_way_is_taken_back() -> None:
    """A source that is not as expected, before or after, leaves no copy."""
    memory, bucket, both = routed()
    file = memory.put(at(b"file"), b"content")
    memory.put(at(b"file"), b"CONTENT")
    with refused(Reason.CHANGED):
        both.copy(file.location, at(b"up", 1), file)
    seen = both.stat(at(b"file"))

    class Meddling(MemoryBucket):
        def write(self, *words: object) -> FileEntry:
            made = super().write(*words)  # type: ignore[arg-type]
            memory.put(at(b"file"), b"else!!!")
            return made

    meddling = Meddling()
    both = RoutingStorage([*memory.roots, *meddling.roots], [(memory, [0]), (meddling, [1])])
    with refused(Reason.CHANGED):
        both.copy(seen.location, at(b"up", 1), seen)
    assert not meddling.objects
    assert not bucket.objects


def test_only_files_go_across() -> None:
    """A symlink has no place in a bucket."""
    memory, _, both = routed()
    link = memory.put(at(b"link"), b"/etc", Kind.SYMLINK)
    with refused(Reason.UNSUPPORTED):
        both.copy(link.location, at(b"link", 1), link)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A local file that can't be written whole is removed, and a taken name is left."""
    from io import BytesIO, UnsupportedOperation

    from fileorg.storage.local import LocalStorage
    from tests.storage.local_world import root_of

    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise UnsupportedOperation(5, "Input/output error")

    local = LocalStorage([root_of(tmp_path)])
    with refused({Reason.IO_ERROR}):
        local.write(at(b"new"), Broken(), 5)
    assert list(tmp_path.iterdir()) == []
    made = local.write(at(b"new"), BytesIO(b"1"), 1_500_000_000_000_000_001)
    assert made.fingerprint.mtime_ns == 1_500_000_000_000_000_001
    with refused(Reason.TARGET_EXISTS):
        local.write(at(b"new"), BytesIO(b"2"), 5)
    with refused(Reason.FOLDER_GONE):
        local.write(at(b"no/new"), BytesIO(b"2"), 5)
    assert (tmp_path / "new").read_bytes() == b"1"
    local.close()

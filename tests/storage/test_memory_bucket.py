"""The bucket in memory keeps the contract of every bucket."""

from collections.abc import Mapping

import pytest

from fileorg.model.entry import FileEntry
from fileorg.storage.decorators import CountingStorage
from fileorg.storage.memory_bucket import MemoryBucket
from tests.storage.conformance import at, copying
from tests.storage.object_conformance import ObjectConformance, ObjectWorld


class MemoryBucketWorld(ObjectWorld):
    """A prefix of a bucket in memory."""

    def __init__(self) -> None:
        self.bucket = MemoryBucket((b"some/prefix",))
        self.storage = self.bucket

    def put_with(self, path: bytes, content: bytes, metadata: Mapping[str, str]) -> FileEntry:
        """Write into memory."""
        return self.bucket.put(at(path), content, dict(metadata))

    def metadata(self, path: bytes) -> Mapping[str, str]:
        """Look into memory."""
        return self.bucket.objects[self.bucket.key(at(path))].metadata


class TestMemoryBucket(ObjectConformance):
    """The conformance suite."""

    @pytest.fixture
    def world(self) -> MemoryBucketWorld:
        """Return a root in memory."""
        return MemoryBucketWorld()


class DecoratedWorld(MemoryBucketWorld):
    """The same behind a decorator."""

    def __init__(self) -> None:
        super().__init__()
        self.storage = CountingStorage(self.bucket)


class TestDecorated(ObjectConformance):
    """The conformance suite, of what passes every verb on."""

    @pytest.fixture
    def world(self) -> DecoratedWorld:
        """Return a root behind a decorator."""
        return DecoratedWorld()


def test_only_exact_times_are_in_a_listing() -> None:
    """A listing knows when an object was written; the time in its metadata costs a look at it."""
    for exact in (False, True):
        bucket = MemoryBucket(exact=exact)
        made = bucket.put(at(b"a"), b"1", {"mtime": "5"})
        (listed,) = bucket.listing(at(b"")).entries
        mark = listed.fingerprint
        assert mark.ctime_ns == made.fingerprint.ctime_ns
        assert mark.mtime_ns == (5 * 10**9 if exact else mark.ctime_ns)


def test_a_copy_may_have_another_etag() -> None:
    """As of an object that was written in parts, a copy is known by another number."""
    bucket = MemoryBucket(keeps_etags=False)
    made = bucket.put(at(b"a"), b"1")
    (copy,) = bucket.copy_each([copying(made, b"b")])
    assert isinstance(copy, FileEntry)
    assert copy.fingerprint.inode != made.fingerprint.inode

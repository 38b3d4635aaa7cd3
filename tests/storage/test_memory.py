"""The storage in memory keeps the contract, and offers what a test disk needs."""

from collections.abc import Iterator

import pytest

from fileorg.model.entry import FileEntry, Kind
from fileorg.model.reason import Reason
from fileorg.storage.memory import MemoryStorage
from tests.storage.conformance import StorageConformance, World, at, refused


class MemoryWorld(World):
    """Memory of two devices."""

    def __init__(self) -> None:
        self.memory = MemoryStorage(devices=(1, 2))
        self.storage = self.memory

    def put(self, path: bytes, content: bytes, kind: Kind = Kind.FILE) -> FileEntry:
        """Write into memory."""
        return self.memory.put(at(path), content, kind)


class TestMemoryStorage(StorageConformance):
    """The conformance suite."""

    @pytest.fixture
    def world(self) -> Iterator[World]:
        """Return two roots in memory."""
        made = MemoryWorld()
        yield made
        made.storage.close()


def test_case_can_be_folded() -> None:
    """Where case is folded, another spelling finds the same file and is a taken name."""
    storage = MemoryStorage(case_insensitive=True)
    made = storage.put(at(b"Folder/File.TXT"), b"1")
    found = storage.stat(at(b"fOLDER/file.txt"))
    assert found.fingerprint == made.fingerprint
    assert storage.names(at(b"folder")) == [b"File.TXT"]
    with refused(Reason.TARGET_EXISTS):
        storage.rename(at(b"Folder/File.TXT"), at(b"Folder/file.txt"))
    assert storage.capabilities(0).case_insensitive


def test_roots_can_share_a_device() -> None:
    """Between roots of one device a file is renamed and stays the same file."""
    storage = MemoryStorage(devices=(7, 7))
    made = storage.put(at(b"file"), b"1")
    storage.rename(at(b"file"), at(b"file", 1))
    assert storage.stat(at(b"file", 1)).fingerprint.is_unedited(made.fingerprint)

"""The byte proof says yes only to the same bytes."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.content import compare
from fileorg.content.compare import same_content
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.storage.local import LocalStorage
from fileorg.storage.memory import MemoryStorage
from tests.storage.local_world import root_of


def _two(one: bytes, other: bytes, kind: Kind = Kind.FILE) -> bool:
    storage = MemoryStorage()
    entries = [
        storage.put(Location(0, name), content, kind)
        for name, content in ((b"one", one), (b"other", other))
    ]
    return same_content(storage, *entries)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_same_is_same(one: bytes, other: bytes) -> None:
    """Files are the same exactly if their bytes are, and so are symlinks by what they point to."""
    assert _two(one, other) is (one == other)
    assert _two(one, one)
    assert _two(one, other, Kind.SYMLINK) is (one == other)


@pytest.mark.parametrize("place", [0, compare._BLOCK - 1, compare._BLOCK, 3 * compare._BLOCK])
def test_one_byte_makes_the_difference(place: int) -> None:
    """A single byte that differs is found wherever it is, at the edges of the blocks too."""
    content = bytearray(3 * compare._BLOCK + 1)
    other = bytearray(content)
    other[place] = 1
    assert not _two(bytes(content), bytes(other))
    assert _two(bytes(content), bytes(content))


def test_kinds_are_not_mixed() -> None:
    """A symlink is not the same as a file that holds its target; special files are never same."""
    storage = MemoryStorage()
    file = storage.put(Location(0, b"file"), b"x")
    link = storage.put(Location(0, b"link"), b"x", Kind.SYMLINK)
    fifo = storage.put(Location(0, b"fifo"), b"", Kind.SPECIAL)
    other = storage.put(Location(0, b"other"), b"", Kind.SPECIAL)
    assert not same_content(storage, file, link)
    assert not same_content(storage, fifo, other)


def test_what_is_there_counts_and_not_what_was_seen(tmp_path: Path) -> None:
    """A file that has grown since it was seen is compared as it is now, to its end."""
    storage = LocalStorage([root_of(tmp_path)])
    for name in ("one", "other"):
        (tmp_path / name).write_bytes(bytes(compare._BLOCK))  # so that the rest is another block
    seen = [storage.stat(Location(0, name)) for name in (b"one", b"other")]
    with (tmp_path / "other").open("ab") as file:
        file.write(b"!")
    assert not same_content(storage, *seen)
    assert not same_content(storage, *reversed(seen))
    storage.close()


@pytest.mark.parametrize("place", [0, 1])
def test_what_cannot_be_read_is_an_error(tmp_path: Path, place: int) -> None:
    """A file that is gone, or that fails while it is read, is an error and never a no or a yes."""
    storage = MemoryStorage()
    seen = [storage.put(Location(0, name), b"same") for name in (b"one", b"other")]
    storage.remove(seen[place].location, seen[place])
    with pytest.raises(StorageError) as raised:
        same_content(storage, *seen)
    assert raised.value.reason is Reason.VANISHED


def test_a_failing_read_is_translated(tmp_path: Path) -> None:
    """An input/output error in the middle of a file ends as a `StorageError`, handles closed."""
    memory = Path("/proc/self/mem")
    if not memory.exists():
        pytest.skip("there is no file here that fails to be read")
    proc = LocalStorage([root_of(Path(f"/proc/{os.getpid()}"))])
    entry = proc.stat(Location(0, b"mem"))
    before = sorted(os.listdir("/proc/self/fd"))
    with pytest.raises(StorageError) as raised:
        same_content(proc, entry, entry)
    assert raised.value.reason is Reason.IO_ERROR
    assert sorted(os.listdir("/proc/self/fd")) == before
    proc.close()


def test_entries_of_one_file_are_same(tmp_path: Path) -> None:
    """Two names of one file hold the same."""
    storage = LocalStorage([root_of(tmp_path)])
    (tmp_path / "one").write_bytes(b"same")
    os.link(tmp_path / "one", tmp_path / "two")
    entries: list[FileEntry] = storage.listing(Location(0, b"")).entries
    assert same_content(storage, *entries)
    storage.close()

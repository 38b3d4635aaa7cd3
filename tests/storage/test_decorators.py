"""Decorators keep the contract of what they wrap, and see every verb that is called."""

from collections.abc import Iterator
from io import BytesIO

import pytest

from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from fileorg.storage.base import Storage
from fileorg.storage.decorators import CountingStorage, StorageDecorator
from fileorg.storage.memory import MemoryStorage
from tests.storage.conformance import StorageConformance, World, at, copying, moving, refused
from tests.storage.test_memory import MemoryWorld


class TestStorageDecorator(StorageConformance):
    """The conformance suite."""

    @pytest.fixture
    def world(self) -> Iterator[World]:
        """Return memory behind a decorator."""
        made = MemoryWorld()
        made.storage = StorageDecorator(made.memory)
        yield made
        made.storage.close()


def test_every_verb_of_the_protocol_is_passed_on() -> None:
    """There is no verb of `Storage` that a decorator lets through uncounted or lacks."""
    verbs = {name for base in Storage.__mro__ for name in vars(base) if not name.startswith("_")}
    counting = CountingStorage(MemoryStorage(devices=(1, 1)))
    made = counting.inner
    assert isinstance(made, MemoryStorage)
    file = made.put(at(b"file"), b"1")
    link = made.put(at(b"link"), b"file")
    counting.capabilities(0)
    counting.listing(at(b""))
    counting.names(at(b""))
    counting.kinds(at(b""))
    counting.stat(at(b"file"))
    counting.folder_facts(at(b""))
    counting.open(at(b"file")).close()
    counting.parcel(at(b"file")).content.close()
    assert counting.read(at(b"file"), 0, 9) == b"1"
    assert list(counting.read_each([(at(b"file"), 9)])) == [b"1"]
    (refused,) = counting.alike_each([(file, [file])])
    assert isinstance(refused, StorageError)
    with pytest.raises(StorageError):
        counting.link_target(at(b"link"))
    assert counting.attribute(at(b"file"), "user.x") is None
    counting.refresh()
    counting.probe(0, b"scratch")
    counting.rename(at(b"link"), at(b"link", 1))
    counting.copy(at(b"file"), at(b"copy"), file)
    counting.link(at(b"file"), at(b"second"))
    counting.remove(at(b"link", 1), link)
    second = made.stat(at(b"second"))
    counting.rename_each([moving(second, b"third")], by_ctime=True)
    counting.make_folder(at(b"folder"), None)
    counting.dress_folder(at(b"folder"), None)
    counting.set_folder_mtime(at(b"folder"), 5)
    counting.remove_folder(at(b"folder"), 0)
    third = made.stat(at(b"third"))
    list(counting.copy_each([copying(third, b"fourth")]))
    list(counting.remove_each([third]))
    counting.write(at(b"written"), BytesIO(b"1"), 5)
    counting.symlink(b"/elsewhere", at(b"points"))
    with pytest.raises(StorageError):
        counting.share(at(b"points"), at(b"points"))
    counting.sync([0])
    counting.close()
    assert counting.roots == made.roots
    assert counting.requests() == made.requests()
    assert counting.calls == dict.fromkeys(verbs - {"roots", "requests"}, 1)


def test_a_fault_comes_instead_of_the_verb() -> None:
    """What `before` raises is what the caller gets, and the wrapped storage sees nothing."""

    class Failing(StorageDecorator):
        def before(self, verb: str) -> None:
            if verb == "rename":
                raise StorageError(Reason.IO_ERROR)

    memory = MemoryStorage()
    memory.put(at(b"file"), b"1")
    with refused(Reason.IO_ERROR):
        Failing(memory).rename(at(b"file"), at(b"new"))
    assert memory.names(at(b"")) == [b"file"]

"""What every bucket does, whichever server keeps it: one class, a subclass for each.

A subclass gives a `world` whose storage has one root, a prefix of the bucket.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping

import msgspec
import pytest

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.plan import NO_FINGERPRINT
from fileorg.model.reason import Reason
from tests.storage.conformance import EveryStorage, World, at, copying, moving, refused

KEYS = [
    b"a b+c%20&=?#.txt", "Zo\u00eb \U0001f600".encode(), "Zoe\u0308".encode(), b"tab\there",
    b".hidden",
    b"x" * 900, b"-", b"~$draft", b"back\\slash",
]  # fmt: skip
_SECOND = 10**9


class ObjectWorld(World):
    """A bucket, and the ways other programs have to it."""

    @abstractmethod
    def metadata(self, path: bytes) -> Mapping[str, str]:
        """Return the user metadata of an object."""

    @abstractmethod
    def put_with(self, path: bytes, content: bytes, metadata: Mapping[str, str]) -> FileEntry:
        """Write an object with user metadata."""

    def put(self, path: bytes, content: bytes, kind: Kind = Kind.FILE) -> FileEntry:
        """Write an object; there is nothing else."""
        assert kind is Kind.FILE
        return self.put_with(path, content, {})


class ObjectConformance(EveryStorage):
    """The contract of `fileorg.storage.base` where there are only keys."""

    @pytest.fixture
    @abstractmethod
    def world(self) -> ObjectWorld:
        """Return a world whose storage is closed by the fixture."""

    def test_it_says_what_it_is(self, world: ObjectWorld) -> None:
        """There are no folders and no renames, and a whole key has a limit, not a name."""
        does = world.storage.capabilities(0)
        assert not does.real_directories
        assert not does.atomic_rename
        assert not does.case_insensitive
        assert 900 < does.longest_path <= 1024
        assert world.storage.roots[0].reach

    def test_prefixes_are_folders(self, world: ObjectWorld) -> None:
        """A listing has the objects and the common prefixes of a folder, sorted by name."""
        world.put(b"b", b"1")
        world.put(b"c/deep/er", b"2")
        world.put(b"a/x", b"3")
        found = world.storage.listing(at(b""))
        assert [(entry.location.path, entry.kind) for entry in found.entries] == [
            (b"a", Kind.FOLDER), (b"b", Kind.FILE), (b"c", Kind.FOLDER),
        ]  # fmt: skip
        assert found.entries == [world.storage.stat(e.location) for e in found.entries]
        assert found.facts == world.storage.folder_facts(at(b""))
        assert sorted(world.storage.names(at(b"c"))) == [b"deep"]

    def test_an_object_may_lie_beside_a_folder_of_its_name(self, world: ObjectWorld) -> None:
        """Both are listed; the object is what stands there, and the folder is one all the same."""
        world.put(b"a", b"1")
        world.put(b"a/b", b"2")
        kinds = [(e.location.path, e.kind) for e in world.storage.listing(at(b"")).entries]
        assert sorted(kinds) == [(b"a", Kind.FILE), (b"a", Kind.FOLDER)]
        assert world.storage.stat(at(b"a")).kind is Kind.FILE
        assert world.storage.folder_facts(at(b"a")).inode
        assert world.storage.names(at(b"a")) == [b"b"]
        seen = world.storage.stat(at(b"a"))
        world.storage.remove(at(b"a"), seen)
        assert world.storage.stat(at(b"a")).kind is Kind.FOLDER

    def test_a_marker_is_a_folder_and_no_file(self, world: ObjectWorld) -> None:
        """The empty object that stands for a folder is not listed in it."""
        world.put(b"made/", b"")
        assert world.storage.listing(at(b"made")).entries == []
        assert world.storage.names(at(b"made")) == []
        assert [e.kind for e in world.storage.listing(at(b"")).entries] == [Kind.FOLDER]

    def test_a_key_that_is_no_path_is_seen(self, world: ObjectWorld) -> None:
        """What has an empty part or dots is listed as special, which nothing takes."""
        for key in (b"a//b", b"c/./d", b"e/../f", b"g/.."):
            world.put(key, key)
        for folder in (b"a", b"c", b"e", b"g"):
            (entry,) = world.storage.listing(at(folder)).entries
            shown = {b"a": b"a//", b"c": b"c/./", b"e": b"e/../", b"g": b"g/.."}[folder]
            assert (entry.kind, entry.location.path) == (Kind.SPECIAL, shown)

    def test_what_is_missing_says_so(self, world: ObjectWorld) -> None:
        """A key that is not there is VANISHED, and a prefix that holds nothing is no folder."""
        storage = world.storage
        looks: tuple[Callable[..., object], ...] = (storage.stat, storage.open)
        for path in (b"missing", b"no/such/key"):
            for look in looks:
                with refused({Reason.VANISHED, Reason.FOLDER_GONE}):
                    look(at(path))
        for look in (storage.folder_facts, storage.listing):
            with refused({Reason.VANISHED, Reason.FOLDER_GONE}):
                look(at(b"missing"))
        assert storage.names(at(b"missing")) == []

    @pytest.mark.parametrize("key", KEYS, ids=ascii)
    def test_any_key_is_kept_byte_for_byte(self, world: ObjectWorld, key: bytes) -> None:
        """Whatever a key is, it is listed, copied and read back as exactly those bytes."""
        made = world.put(b"in/" + key, b"content")
        assert world.storage.names(at(b"in")) == [key]
        assert [e.location for e in world.storage.listing(at(b"in")).entries] == [made.location]
        world.storage.copy(made.location, at(b"to/" + key), made)
        assert world.read(at(b"to/" + key)) == b"content"

    def test_a_key_can_be_too_long(self, world: ObjectWorld) -> None:
        """More than 1,024 bytes with the prefix are NAME_TOO_LONG."""
        seen = world.put(b"file", b"1")
        with refused(Reason.NAME_TOO_LONG):
            world.storage.copy(at(b"file"), at(b"x" * 1025), seen)

    def test_a_copy_is_given_a_time(self, world: ObjectWorld) -> None:
        """A copy holds the same, keeps its metadata, and has the time of its original with it."""
        source = world.put_with(b"file", b"content", {"owner": "me"})
        made = world.storage.copy(source.location, at(b"copy"), source)
        assert made == world.storage.stat(at(b"copy"))
        assert made.fingerprint.size == source.fingerprint.size
        assert made.fingerprint.mtime_ns == source.fingerprint.ctime_ns
        assert world.read(at(b"copy")) == b"content"
        assert world.metadata(b"copy")["owner"] == "me"

    def test_a_time_of_its_own_is_kept(self, world: ObjectWorld) -> None:
        """A copy of an object that has a time has the same, and nothing is added."""
        given = {"mtime": "1500000000.123456789"}
        source = world.put_with(b"file", b"1", given)
        assert source.fingerprint.mtime_ns == 1_500_000_000_123_456_789
        made = world.storage.copy(source.location, at(b"copy"), source)
        assert made.fingerprint.mtime_ns == source.fingerprint.mtime_ns
        assert dict(world.metadata(b"copy")) == given

    def test_what_a_copy_added_is_taken_away_again(self, world: ObjectWorld) -> None:
        """Copied on and back any number of times, an object has the metadata that it had."""
        source = world.put_with(b"a", b"1", {"owner": "me"})
        first = world.storage.copy(source.location, at(b"b"), source)
        second = world.storage.copy(first.location, at(b"c"), first)
        (third,) = world.storage.copy_each([copying(second, b"d")], restore=True)
        assert isinstance(third, FileEntry)
        assert dict(world.metadata(b"d")) == dict(world.metadata(b"b"))
        (fourth,) = world.storage.copy_each([copying(third, b"e")], restore=True)
        assert isinstance(fourth, FileEntry)
        assert dict(world.metadata(b"e")) == dict(world.metadata(b"a"))

    def test_a_parcel_is_an_object_with_what_lies_beside_it(self, world: ObjectWorld) -> None:
        """Written anew from its parcel it has its metadata, and a time; to restore, it has none."""
        source = world.put_with(b"a", b"content", {"owner": "me"})
        entry, content, beside = world.storage.parcel(source.location)
        with content:
            made = world.storage.write(at(b"b"), content, 5, beside)
        assert entry == source
        assert world.read(at(b"b")) == b"content"
        assert made.fingerprint.mtime_ns == source.fingerprint.ctime_ns
        assert world.metadata(b"b")["owner"] == "me"
        _, content, beside = world.storage.parcel(made.location, restore=True)
        content.close()
        assert beside is not None
        assert {"x-amz-meta-owner": "me"}.items() <= beside.items()
        if "fileorg-mtime" in world.metadata(b"b"):
            assert "x-amz-meta-mtime" not in beside

    def test_a_restoring_copy_goes_by_content(self, world: ObjectWorld) -> None:
        """To restore, an object may have been written again, as long as it holds the same."""
        seen = world.put(b"a", b"1")
        older = msgspec.structs.replace(
            seen.fingerprint, ctime_ns=seen.fingerprint.ctime_ns - _SECOND
        )
        known = msgspec.structs.replace(seen, fingerprint=older)
        (restored,) = world.storage.copy_each([copying(known, b"b")], restore=True)
        assert isinstance(restored, FileEntry)
        other = msgspec.structs.replace(seen, fingerprint=NO_FINGERPRINT)
        (changed,) = world.storage.copy_each([copying(other, b"c")], restore=True)
        assert isinstance(changed, StorageError)
        assert changed.reason is Reason.CHANGED

    def test_what_holds_the_same_is_told_by_its_bytes(self, world: ObjectWorld) -> None:
        """Of each group it is told which others hold the same, all as they were seen."""
        large = bytes(range(256)) * 20_000
        a, b = world.put(b"a", large), world.put(b"b", large)
        tail, head = world.put(b"tail", large[:-1] + b"x"), world.put(b"head", b"x" + large[1:])
        short, empty, nothing = world.put(b"s", b"1"), world.put(b"e", b""), world.put(b"n", b"")
        groups = [(a, [b, tail, head, short, a]), (empty, [nothing, short])]
        assert [*world.storage.alike_each(groups)] == [
            [True, False, False, False, True],
            [True, False],
        ]
        edited = world.put(b"b", large[:-1] + b"y")
        world.storage.remove(at(b"head"), head)
        (answers,) = world.storage.alike_each([(a, [b, edited, head, tail])])
        assert not isinstance(answers, StorageError)
        reasons = [one.reason if isinstance(one, StorageError) else one for one in answers]
        assert reasons == [Reason.CHANGED, False, Reason.VANISHED, False]
        (lost,) = world.storage.alike_each([(b, [a])])
        assert isinstance(lost, StorageError) and lost.reason is Reason.CHANGED

    def test_another_object_is_not_removed(self, world: ObjectWorld) -> None:
        """What was written anew is not the object that was seen, and stays."""
        seen = world.put(b"file", b"content")
        world.edit(b"file", b"edited!")
        with refused({Reason.CHANGED, Reason.NOT_OURS}):
            world.storage.remove(at(b"file"), seen)
        assert world.read(at(b"file")) == b"edited!"

    def test_what_a_bucket_has_not_is_refused(self, world: ObjectWorld) -> None:
        """Folders, links and symlinks are UNSUPPORTED, and nothing is renamed at once."""
        seen, storage = world.put(b"file", b"1"), world.storage
        acts: list[Callable[[], object]] = [
            lambda: storage.make_folder(at(b"f"), None),
            lambda: storage.dress_folder(at(b"f"), None),
            lambda: storage.remove_folder(at(b"f"), 0),
            lambda: storage.set_folder_mtime(at(b""), 5),
            lambda: storage.link(at(b"file"), at(b"second")),
            lambda: storage.symlink(b"/x", at(b"link")),
            lambda: storage.share(at(b"file"), at(b"file")),
        ]
        for act in acts:
            with refused(Reason.UNSUPPORTED):
                act()
        renamed = storage.rename_each([moving(seen, b"new")], by_ctime=True)
        assert renamed.done == 0 and renamed.failure is not None
        assert storage.names(at(b"")) == [b"file"]

    def test_a_root_is_a_folder_even_where_nothing_is(self, world: ObjectWorld) -> None:
        """The prefix that files are to go to need not hold any yet."""
        root, facts = world.storage.roots[0], world.storage.folder_facts(at(b""))
        assert (facts.device, facts.inode) == (root.device, root.inode)
        assert world.storage.listing(at(b"")).entries == []
        assert world.storage.stat(at(b"")).kind is Kind.FOLDER

    def test_a_probe_leaves_no_trace(self, world: ObjectWorld) -> None:
        """Finding out how nothing is overwritten leaves nothing behind."""
        assert world.storage.probe(0, b".scratch") in {"if-none-match", "r2", "multipart", "head"}
        world.storage.sync([0])
        world.storage.refresh()
        assert world.storage.names(at(b"")) == []

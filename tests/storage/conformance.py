"""What every storage does, whatever it is made of: one class, a subclass for each backend.

A subclass gives a `world` with two roots: the second lies on another device.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

import msgspec
import pytest

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, FolderFacts, Kind
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.storage.base import Renamed, Storage
from tests.trees import HOSTILE_NAMES

NAMES = [*HOSTILE_NAMES, b"x" * 255, b".hidden", b"\xff\xfe\x80", b"a\nb\n"]


def at(path: bytes, root: int = 0) -> Location:
    """Return a location."""
    return Location(root, path)


def moving(entry: FileEntry, path: bytes, *, source: Location | None = None) -> Action:
    """Return the move of an entry, or of what is at *source*, to a place on the first device."""
    source = source or entry.location
    return Action(ActionKind.MOVE, source, at(path), entry.fingerprint, "", entry.kind)


def copying(entry: FileEntry, path: bytes) -> Action:
    """Return the copy of an entry to a place on the first device."""
    return Action(ActionKind.COPY, entry.location, at(path), entry.fingerprint, "", entry.kind)


class World(ABC):
    """A storage, and the ways other processes have to its content."""

    storage: Storage

    @abstractmethod
    def put(self, path: bytes, content: bytes, kind: Kind = Kind.FILE) -> FileEntry:
        """Write a file, a symlink to *content*, or a FIFO, with the folders it needs."""

    def edit(self, path: bytes, content: bytes) -> None:
        """Write into a file that is there, which gets a new modification time."""
        self.put(path, content)

    def read(self, location: Location) -> bytes:
        """Return what a file holds."""
        with self.storage.open(location) as file:
            return file.read()

    def folder(self, path: bytes) -> FolderFacts:
        """Make a folder."""
        return self.storage.make_folder(at(path), None)


def refused(reason: Reason | set[Reason]) -> "pytest.RaisesExc[StorageError]":
    """Expect a `StorageError` for one of these reasons."""
    reasons = {reason} if isinstance(reason, Reason) else reason
    return pytest.raises(StorageError, check=lambda error: error.reason in reasons)


class EveryStorage(ABC):
    """The part of the contract of `fileorg.storage.base` that needs nothing but files."""

    @pytest.fixture
    @abstractmethod
    def world(self) -> World:
        """Return a world whose storage is closed by the fixture."""

    def test_any_part_of_a_file_can_be_read(self, world: World) -> None:
        """A read gives the bytes asked for, fewer at the end of the file, none behind it."""
        world.put(b"file", b"0123456789")
        parts = [(0, 4), (4, 3), (8, 5), (0, 99), (10, 5), (50, 5)]
        found = [world.storage.read(at(b"file"), start, length) for start, length in parts]
        assert found == [b"0123", b"456", b"89", b"0123456789", b"", b""]
        with refused(Reason.VANISHED):
            world.storage.read(at(b"nothing"), 0, 1)

    def test_a_file_is_removed_if_it_is_the_one(self, world: World) -> None:
        """The file as it was seen is removed, and nothing else."""
        seen = world.put(b"file", b"content")
        world.put(b"other", b"")
        world.storage.remove(at(b"file"), seen)
        assert world.storage.names(at(b"")) == [b"other"]

    def test_many_files_are_copied_in_order(self, world: World) -> None:
        """copy_each copies what is as it was seen to what is absent, and tells of each in order."""
        first, taken = world.put(b"first", b"1"), world.put(b"taken", b"theirs")
        edited, gone = world.put(b"edited", b"old"), world.put(b"gone", b"gone")
        world.edit(b"edited", b"new!")
        world.storage.remove(gone.location, gone)
        pairs = [(first, b"one"), (edited, b"two"), (first, b"taken"), (gone, b"three")]
        copies = [copying(entry, path) for entry, path in (*pairs, (taken, b"four"))]
        made = list(world.storage.copy_each(copies))
        assert [answer.reason for answer in made if isinstance(answer, StorageError)] == [
            Reason.CHANGED, Reason.TARGET_EXISTS, Reason.VANISHED,
        ]  # fmt: skip
        assert [made[0], made[4]] == [
            world.storage.stat(at(b"one")),
            world.storage.stat(at(b"four")),
        ]
        assert world.read(at(b"one")) == b"1"
        assert world.read(at(b"taken")) == b"theirs"
        names = [b"edited", b"first", b"four", b"one", b"taken"]
        assert sorted(world.storage.names(at(b""))) == names

    def test_many_files_are_removed_in_order(self, world: World) -> None:
        """remove_each removes what is still the file given, and tells of each in order."""
        files = [world.put(name, name) for name in (b"first", b"edited", b"gone", b"last")]
        world.edit(b"edited", b"new!!!")
        world.storage.remove(files[2].location, files[2])
        answers = list(world.storage.remove_each(files))
        assert [None if answer is None else answer.reason for answer in answers][::3] == [None] * 2
        assert answers[1] is not None and answers[1].reason in {Reason.CHANGED, Reason.NOT_OURS}
        assert answers[2] is not None and answers[2].reason is Reason.VANISHED
        assert world.read(at(b"edited")) == b"new!!!"
        assert world.storage.names(at(b"")) == [b"edited"]

    def test_nothing_to_copy_or_remove_is_nothing(self, world: World) -> None:
        """Of no files there are no answers."""
        assert [*world.storage.copy_each([]), *world.storage.remove_each([])] == []


class StorageConformance(EveryStorage):
    """The contract of `fileorg.storage.base` where files lie in folders."""

    # reading

    def test_an_attribute_that_is_not_there_is_none(self, world: World) -> None:
        """A file without an extended attribute has none; what is no file has no answer."""
        world.put(b"file", b"")
        assert world.storage.attribute(at(b"file"), "user.xdg.origin.url") is None
        with refused(Reason.VANISHED):
            world.storage.attribute(at(b"nothing"), "user.xdg.origin.url")

    def test_a_listing_is_sorted_and_sees_each_kind(self, world: World) -> None:
        """A listing has every entry of a folder once, sorted by name, each with its kind."""
        world.put(b"b", b"1")
        world.put(b"a", b"b", Kind.SYMLINK)
        world.put(b"d", b"", Kind.SPECIAL)
        world.folder(b"c")
        found = world.storage.listing(at(b"")).entries
        assert [(entry.location.path, entry.kind) for entry in found] == [
            (b"a", Kind.SYMLINK), (b"b", Kind.FILE), (b"c", Kind.FOLDER), (b"d", Kind.SPECIAL),
        ]  # fmt: skip

    def test_a_listing_agrees_with_stat(self, world: World) -> None:
        """What a listing says of entries and folder is what stat and folder_facts say."""
        world.put(b"in/deep/file", b"123")
        world.put(b"in/deep/link", b"file", Kind.SYMLINK)
        listing = world.storage.listing(at(b"in/deep"))
        assert listing.entries == [world.storage.stat(e.location) for e in listing.entries]
        assert listing.facts == world.storage.folder_facts(at(b"in/deep"))
        assert sorted(world.storage.names(at(b"in/deep"))) == [b"file", b"link"]

    def test_kinds_are_those_of_a_listing(self, world: World) -> None:
        """Names come with the kinds of a listing, in its order; of no folder it is an error."""
        world.put(b"b", b"1")
        world.put(b"a", b"b", Kind.SYMLINK)
        world.put(b"d", b"", Kind.SPECIAL)
        world.put(b"B", b"2")
        world.folder(b"c")
        listed = world.storage.listing(at(b"")).entries
        assert world.storage.kinds(at(b"")) == [(e.location.name, e.kind) for e in listed]
        with refused(Reason.VANISHED):
            world.storage.kinds(at(b"missing"))

    def test_names_of_no_folder_are_none(self, world: World) -> None:
        """A missing folder has no names, and neither has a file."""
        world.put(b"file", b"")
        assert world.storage.names(at(b"missing")) == []
        assert world.storage.names(at(b"file")) == []

    def test_what_is_missing_says_so(self, world: World) -> None:
        """A missing name is VANISHED for every verb that looks at it, in a missing folder too."""
        storage = world.storage
        for path in (b"missing", b"no/such/file"):
            for look in (storage.stat, storage.open, storage.link_target):
                with refused(Reason.VANISHED):
                    look(at(path))
        with refused({Reason.VANISHED, Reason.FOLDER_GONE}):
            storage.folder_facts(at(b"missing"))
        with refused({Reason.VANISHED, Reason.FOLDER_GONE}):
            storage.listing(at(b"missing"))

    def test_a_file_is_no_folder(self, world: World) -> None:
        """Below a file, and where a folder is needed, a file is FOLDER_GONE."""
        world.put(b"file", b"")
        with refused(Reason.FOLDER_GONE):
            world.storage.stat(at(b"file/below"))
        with refused(Reason.FOLDER_GONE):
            world.storage.folder_facts(at(b"file"))
        with refused(Reason.FOLDER_GONE):
            world.storage.listing(at(b"file"))
        with refused(Reason.FOLDER_GONE):
            world.storage.set_folder_mtime(at(b"file"), 5)

    def test_only_files_open(self, world: World) -> None:
        """A file opens with its content; folder, symlink and FIFO are SPECIAL, without waiting."""
        world.put(b"file", b"content")
        world.put(b"link", b"file", Kind.SYMLINK)
        world.put(b"fifo", b"", Kind.SPECIAL)
        world.folder(b"folder")
        assert world.read(at(b"file")) == b"content"
        for name in (b"link", b"fifo", b"folder"):
            with refused(Reason.SPECIAL):
                world.storage.open(at(name))
            with refused(Reason.SPECIAL):
                world.storage.read(at(name), 0, 10)

    def test_many_files_are_read_one_after_the_other(self, world: World) -> None:
        """Each file gives its first bytes, or what went wrong with it, in the order asked."""
        world.put(b"in/file", b"0123456789")
        world.put(b"link", b"in/file", Kind.SYMLINK)
        world.put(b"fifo", b"", Kind.SPECIAL)
        asked = [(b"in/file", 4), (b"gone", 4), (b"link", 4), (b"fifo", 4), (b"in/file", 99)]
        asked += [(b"in", 4), (b"in/file/x", 4)]
        found = list(world.storage.read_each((at(path), length) for path, length in asked))
        assert [f.reason if isinstance(f, StorageError) else f for f in found] == [
            b"0123", Reason.VANISHED, Reason.SPECIAL, Reason.SPECIAL, b"0123456789",
            Reason.SPECIAL, Reason.FOLDER_GONE,
        ]  # fmt: skip

    def test_a_symlink_is_itself(self, world: World) -> None:
        """Stat of a symlink is the link, with the length of what it points to, dangling or not."""
        world.put(b"link", b"nowhere/at\xffall", Kind.SYMLINK)
        assert world.storage.stat(at(b"link")).kind is Kind.SYMLINK
        assert world.storage.link_target(at(b"link")) == b"nowhere/at\xffall"

    def test_no_symlink_is_followed_below_a_root(self, world: World) -> None:
        """A symlink on the way to a place makes every verb fail, and nothing gets to its target."""
        world.put(b"real/file", b"kept")
        world.put(b"real/sub/file", b"kept")
        seen = world.put(b"file", b"other")
        world.put(b"link", b"real", Kind.SYMLINK)
        inside, storage = at(b"link/file"), world.storage
        acts: list[Callable[[], object]] = [
            lambda: storage.stat(inside),
            lambda: storage.stat(at(b"link/sub/file")),
            lambda: storage.listing(at(b"link/sub")),
            lambda: storage.open(inside),
            lambda: storage.read(inside, 0, 1),
            lambda: storage.listing(at(b"link")),
            lambda: storage.folder_facts(at(b"link")),
            lambda: storage.set_folder_mtime(at(b"link"), 5),
            lambda: storage.rename(inside, at(b"out")),
            lambda: storage.rename(at(b"file"), at(b"link/new")),
            lambda: storage.copy(at(b"file"), at(b"link/new"), seen),
            lambda: storage.link(at(b"file"), at(b"link/new")),
            lambda: storage.make_folder(at(b"link/new"), None),
            lambda: storage.dress_folder(at(b"link"), None),
            lambda: storage.remove(inside, seen),
            lambda: storage.remove_folder(at(b"link"), 0),
        ]
        for act in acts:
            with refused(Reason.FOLDER_GONE):
                act()
        assert storage.names(at(b"link")) == []
        assert sorted(storage.names(at(b"real"))) == [b"file", b"sub"]

    @pytest.mark.parametrize("path", [b"..", b"a/..", b"a/../b", b"a/.", b".", b"a\0b", b"../x"])
    def test_paths_that_leave_or_lie_are_refused(self, world: World, path: bytes) -> None:
        """Dots and NUL are no names: no verb takes them, so nothing outside a root is reached."""
        world.folder(b"a")
        seen = world.put(b"file", b"")
        with refused(Reason.BAD_NAME):
            world.storage.stat(at(path))
        with refused(Reason.BAD_NAME):
            world.storage.rename(at(b"file"), at(path))
        with refused(Reason.BAD_NAME):
            world.storage.copy(at(b"file"), at(path), seen)
        with refused(Reason.BAD_NAME):
            world.storage.make_folder(at(path), None)

    # names

    @pytest.mark.parametrize("name", NAMES, ids=ascii)
    def test_any_name_is_kept_byte_for_byte(self, world: World, name: bytes) -> None:
        """Whatever bytes a name has, it is listed, moved and read back as exactly those."""
        world.put(b"plain", b"content")
        world.folder(b"into")
        world.storage.rename(at(b"plain"), at(b"into/" + name))
        assert world.storage.names(at(b"into")) == [name]
        assert [e.location.name for e in world.storage.listing(at(b"into")).entries] == [name]
        world.storage.make_folder(at(name), None)
        world.storage.rename(at(b"into/" + name), at(name + b"/" + name))
        assert world.read(at(name + b"/" + name)) == b"content"

    def test_a_name_can_be_too_long(self, world: World) -> None:
        """A name of 256 bytes is NAME_TOO_LONG, and the file stays."""
        world.put(b"file", b"")
        with refused(Reason.NAME_TOO_LONG):
            world.storage.rename(at(b"file"), at(b"n" * 256))
        with refused(Reason.NAME_TOO_LONG):
            world.storage.make_folder(at(b"n" * 256), None)
        assert world.storage.names(at(b"")) == [b"file"]

    # renaming

    @pytest.mark.parametrize("kind", [Kind.FILE, Kind.SYMLINK, Kind.SPECIAL, Kind.FOLDER])
    def test_a_rename_keeps_everything(self, world: World, kind: Kind) -> None:
        """A rename keeps inode, size and modification time of whatever it moves."""
        if kind is Kind.FOLDER:
            world.put(b"old/inside", b"x")
        else:
            world.put(b"old", b"content", kind)
        world.folder(b"to")
        before = world.storage.stat(at(b"old"))
        world.storage.rename(at(b"old"), at(b"to/new"))
        after = world.storage.stat(at(b"to/new"))
        assert after.fingerprint.is_unedited(before.fingerprint)
        assert after.kind is kind
        assert world.storage.names(at(b"")) == [b"to"]

    @pytest.mark.parametrize("kind", [Kind.FILE, Kind.SYMLINK, Kind.SPECIAL, Kind.FOLDER])
    def test_nothing_is_ever_replaced(self, world: World, kind: Kind) -> None:
        """Rename, copy, link and make_folder leave a taken name and the source as they were."""
        if kind is Kind.FOLDER:
            world.folder(b"taken")
        else:
            world.put(b"taken", b"theirs", kind)
        source = world.put(b"source", b"ours")
        taken, storage = world.storage.stat(at(b"taken")), world.storage
        acts: list[Callable[[], object]] = [
            lambda: storage.rename(at(b"source"), at(b"taken")),
            lambda: storage.copy(at(b"source"), at(b"taken"), source),
            lambda: storage.link(at(b"source"), at(b"taken")),
            lambda: storage.make_folder(at(b"taken"), None),
        ]
        for act in acts:
            with refused(Reason.TARGET_EXISTS):
                act()
        now = storage.stat(at(b"taken"))
        assert (now.kind, now.fingerprint, now.links) == (
            taken.kind, taken.fingerprint, taken.links,
        )  # fmt: skip
        assert world.read(at(b"source")) == b"ours"

    def test_a_folder_is_not_renamed_onto_an_empty_one(self, world: World) -> None:
        """An empty folder in the way is a taken name, though the system call would replace it."""
        world.put(b"old/file", b"")
        world.folder(b"empty")
        with refused(Reason.TARGET_EXISTS):
            world.storage.rename(at(b"old"), at(b"empty"))

    def test_a_folder_does_not_go_into_itself(self, world: World) -> None:
        """A folder moved below itself is BAD_NAME and stays with all it holds."""
        world.put(b"folder/file", b"kept")
        with refused(Reason.BAD_NAME):
            world.storage.rename(at(b"folder"), at(b"folder/inside"))
        assert world.storage.names(at(b"folder")) == [b"file"]

    def test_renames_on_a_condition(self, world: World) -> None:
        """rename_each moves files and symlinks that are as they were seen, in order."""
        link = world.put(b"c", b"/nowhere", Kind.SYMLINK)
        files = [world.put(b"a", b"1"), world.put(b"b", b"2"), link]
        moves = [moving(file, b"new " + file.location.path) for file in files]
        assert world.storage.rename_each(moves, by_ctime=True) == Renamed(3)
        assert sorted(world.storage.names(at(b""))) == [b"new a", b"new b", b"new c"]

    def test_renames_end_at_a_condition_that_fails(self, world: World) -> None:
        """rename_each ends before what was edited, is another file, is missing or can't be."""
        world.put(b"first", b"1")
        seen = world.put(b"file", b"content")
        other = world.put(b"other", b"content")
        world.folder(b"folder")
        folder = world.storage.stat(at(b"folder"))
        world.edit(b"file", b"contenT")
        bad = [
            moving(seen, b"new"),
            moving(other, b"new", source=at(b"file")),
            moving(other, b"file"),
            moving(other, b"new", source=at(b"missing")),
            moving(other, b"no/folder"),
            Action(ActionKind.MOVE, other.location, at(b"other", 1), other.fingerprint),
            moving(folder, b"elsewhere"),
        ]
        for number, move in enumerate(bad):
            name = b"first" if number % 2 else b"again"
            first = world.storage.stat(at(b"again" if number % 2 else b"first"))
            renamed = world.storage.rename_each([moving(first, name), move], by_ctime=False)
            assert (renamed.done, renamed.strayed) == (1, False), move
        names = [b"again", b"file", b"folder", b"other"]
        assert sorted(world.storage.names(at(b""))) == names

    def test_change_time_counts_where_a_file_has_one_name(self, world: World) -> None:
        """By change time a change of nothing else ends it, unless the file has more names."""
        world.put(b"file", b"content")
        seen = world.storage.stat(at(b"file"))
        world.storage.link(at(b"file"), at(b"second"))
        assert world.storage.rename_each([moving(seen, b"new")], by_ctime=True).done
        world.storage.remove(at(b"second"), world.storage.stat(at(b"second")))
        back = moving(seen, b"newer", source=at(b"new"))
        assert not world.storage.rename_each([back], by_ctime=True).done
        assert world.storage.rename_each([back], by_ctime=False).done

    def test_a_rename_says_what_is_missing(self, world: World) -> None:
        """A missing source is VANISHED; a missing folder for the target is FOLDER_GONE."""
        source = world.put(b"file", b"")
        with refused(Reason.VANISHED):
            world.storage.rename(at(b"missing"), at(b"new"))
        with refused(Reason.FOLDER_GONE):
            world.storage.rename(at(b"file"), at(b"no/folder"))
        with refused(Reason.FOLDER_GONE):
            world.storage.copy(at(b"file"), at(b"no/folder"), source)
        with refused(Reason.FOLDER_GONE):
            world.storage.link(at(b"file"), at(b"no/folder"))

    def test_renames_and_links_stay_on_a_device(self, world: World) -> None:
        """A rename or a link to another device is CROSSES_DEVICES and changes nothing."""
        world.put(b"file", b"kept")
        for act in (world.storage.rename, world.storage.link):
            with refused(Reason.CROSSES_DEVICES):
                act(at(b"file"), at(b"file", 1))
        assert world.read(at(b"file")) == b"kept"
        assert world.storage.names(at(b"", 1)) == []

    def test_a_place_made_anew_is_the_new_one(self, world: World) -> None:
        """After a folder moved away, its old name made again is another folder for every verb."""
        world.put(b"folder/sub/first", b"1")
        world.put(b"second", b"2")
        world.storage.stat(at(b"folder/sub/first"))
        world.storage.rename(at(b"folder"), at(b"moved"))
        world.put(b"folder/sub/theirs", b"3")
        world.storage.rename(at(b"second"), at(b"folder/sub/second"))
        assert sorted(world.storage.names(at(b"folder/sub"))) == [b"second", b"theirs"]
        assert world.storage.names(at(b"moved/sub")) == [b"first"]

    def test_many_folders_at_once(self, world: World) -> None:
        """Renames between more folders than can be held open put every file where it belongs."""
        for number in range(600):
            world.put(b"from-%d/file" % number, b"%d" % number)
            world.folder(b"to-%d" % number)
        world.put(b"odd/file", b"")  # so that source and target take turns at being one too many
        for number in range(600):
            if number == 300:
                world.storage.stat(at(b"odd/file"))
            world.storage.rename(at(b"from-%d/file" % number), at(b"to-%d/file" % number))
        for number in range(600):
            assert world.read(at(b"to-%d/file" % number)) == b"%d" % number

    # copying

    def test_a_copy_is_the_same_and_another_file(self, world: World) -> None:
        """A copy has content, size and mtime of its original, and is not edited with it."""
        source = world.put(b"file", b"content")
        made = world.storage.copy(at(b"file"), at(b"copy", 1), source)
        assert made == world.storage.stat(at(b"copy", 1))
        assert (made.fingerprint.size, made.fingerprint.mtime_ns) == (
            source.fingerprint.size, source.fingerprint.mtime_ns,
        )  # fmt: skip
        assert world.read(at(b"copy", 1)) == b"content"
        world.edit(b"file", b"edited!")
        assert world.read(at(b"copy", 1)) == b"content"

    def test_a_symlink_is_copied_as_one(self, world: World) -> None:
        """A copied symlink points to the same and has the same mtime."""
        source = world.put(b"link", b"../\xff", Kind.SYMLINK)
        made = world.storage.copy(at(b"link"), at(b"copy", 1), source)
        assert world.storage.link_target(at(b"copy", 1)) == b"../\xff"
        assert made.fingerprint.mtime_ns == source.fingerprint.mtime_ns

    def test_a_changed_source_is_not_copied(self, world: World) -> None:
        """A source that was edited, or is another file or kind by now, is CHANGED, with no copy."""
        source = world.put(b"file", b"content")
        world.edit(b"file", b"edited")
        with refused(Reason.CHANGED):
            world.storage.copy(at(b"file"), at(b"copy", 1), source)
        link = world.put(b"link", b"file", Kind.SYMLINK)
        with refused(Reason.CHANGED):
            world.storage.copy(at(b"link"), at(b"copy", 1), source)
        with refused({Reason.CHANGED, Reason.BAD_NAME}):
            world.storage.copy(at(b"file"), at(b"copy", 1), link)
        assert world.storage.names(at(b"", 1)) == []

    def test_only_files_and_links_are_copied(self, world: World) -> None:
        """Folders and special files are SPECIAL and leave no copy."""
        fifo = world.put(b"fifo", b"", Kind.SPECIAL)
        world.folder(b"folder")
        for source in (fifo, world.storage.stat(at(b"folder"))):
            with refused(Reason.SPECIAL):
                world.storage.copy(source.location, at(b"copy", 1), source)
        assert world.storage.names(at(b"", 1)) == []

    def test_a_link_is_a_second_name(self, world: World) -> None:
        """A linked file has one inode under both names, and both say that there are two."""
        world.put(b"file", b"content")
        world.storage.link(at(b"file"), at(b"other"))
        one, two = world.storage.stat(at(b"file")), world.storage.stat(at(b"other"))
        assert one.fingerprint == two.fingerprint
        assert one.links == two.links == 2

    # removing

    def test_a_symlink_is_made_where_nothing_is(self, world: World) -> None:
        """A symlink points to the path given, and takes no name that is taken."""
        world.put(b"taken", b"1")
        made = world.storage.symlink(b"/some/where\xff", at(b"link"))
        assert made.kind is Kind.SYMLINK
        assert made == world.storage.stat(at(b"link"))
        assert world.storage.link_target(at(b"link")) == b"/some/where\xff"
        for name, reason in ((b"taken", Reason.TARGET_EXISTS), (b"no/x", Reason.FOLDER_GONE)):
            with refused(reason):
                world.storage.symlink(b"/x", at(name))
        assert world.read(at(b"taken")) == b"1"

    def test_sharing_changes_nothing_that_can_be_seen(self, world: World) -> None:
        """Files that are made to share blocks are as they were, and so are those that can't be."""
        one, same = world.put(b"one", b"1" * 5000), world.put(b"same", b"1" * 5000)
        other = world.put(b"other", b"2" * 5000)
        for target in (at(b"same"), at(b"other")):
            try:
                world.storage.share(at(b"one"), target)
            except StorageError as error:
                assert error.reason in {Reason.UNSUPPORTED, Reason.MISMATCH}
        assert world.read(at(b"other")) == b"2" * 5000
        for entry in (one, same, other):
            now = world.storage.stat(entry.location)
            assert now.fingerprint.is_unedited(entry.fingerprint)

    def test_an_edited_file_is_not_removed(self, world: World) -> None:
        """A file that was edited since is CHANGED and stays."""
        seen = world.put(b"file", b"content")
        world.edit(b"file", b"edited")
        with refused(Reason.CHANGED):
            world.storage.remove(at(b"file"), seen)
        assert world.read(at(b"file")) == b"edited"

    def test_another_file_is_not_removed(self, world: World) -> None:
        """Another file, symlink or folder under the name is NOT_OURS and stays."""
        seen = world.put(b"file", b"content")
        world.put(b"other", b"content")
        world.put(b"link", b"file", Kind.SYMLINK)
        folder = world.folder(b"folder")
        for name in (b"other", b"link", b"folder"):
            with refused(Reason.NOT_OURS):
                world.storage.remove(at(name), seen)
        with refused(Reason.NOT_OURS):
            world.storage.remove(at(b"folder"), world.storage.stat(at(b"folder")))
        assert world.storage.folder_facts(at(b"folder")).inode == folder.inode
        with refused(Reason.VANISHED):
            world.storage.remove(at(b"missing"), seen)

    # folders

    def test_a_folder_is_made_and_removed(self, world: World) -> None:
        """A made folder is empty and says who it is, and goes again under its inode or under 0."""
        for inode_of in (lambda facts: facts.inode, lambda _: 0):
            made = world.folder(b"folder")
            assert made == world.storage.folder_facts(at(b"folder"))
            assert world.storage.names(at(b"folder")) == []
            world.storage.remove_folder(at(b"folder"), inode_of(made))
            assert world.storage.names(at(b"")) == []

    def test_a_folder_is_made_as_it_was(self, world: World) -> None:
        """A folder made with facts has their mode, even one that its owner can't read."""
        for mode in (0o750, 0o300, 0o1777):
            facts = FolderFacts(mode, 0, 0, 1, 0, 0)
            assert world.storage.make_folder(at(b"folder-%o" % mode), facts).mode == mode

    def test_a_folder_needs_its_own(self, world: World) -> None:
        """A folder is not made below a missing one, a file, or a symlink."""
        world.put(b"file", b"")
        world.put(b"link", b"file", Kind.SYMLINK)
        for above in (b"file", b"link"):
            with refused(Reason.FOLDER_GONE):
                world.storage.make_folder(at(above + b"/new"), None)
        with refused({Reason.VANISHED, Reason.FOLDER_GONE}):
            world.storage.make_folder(at(b"missing/new"), None)

    def test_only_the_known_empty_folder_is_removed(self, world: World) -> None:
        """A folder with something in it is NOT_EMPTY, another is NOT_OURS, a file is neither."""
        made = world.folder(b"folder")
        other = world.folder(b"other")
        seen = world.put(b"folder/file", b"")
        with refused(Reason.NOT_EMPTY):
            world.storage.remove_folder(at(b"folder"), made.inode)
        with refused(Reason.NOT_OURS):
            world.storage.remove_folder(at(b"other"), made.inode)
        with refused(Reason.FOLDER_GONE):
            world.storage.remove_folder(at(b"folder/file"), 0)
        with refused(Reason.NOT_OURS):
            world.storage.remove_folder(at(b"folder/file"), other.inode)
        with refused(Reason.VANISHED):
            world.storage.remove_folder(at(b"missing"), 0)
        assert world.storage.stat(at(b"folder/file")).fingerprint == seen.fingerprint

    def test_a_folder_gets_its_time_back(self, world: World) -> None:
        """set_folder_mtime sets just that time, to the nanosecond, on a root as on a folder."""
        world.put(b"folder/file", b"")
        for path in (b"folder", b""):
            world.storage.set_folder_mtime(at(path), 1_234_567_890_123_456_789)
            assert world.storage.folder_facts(at(path)).mtime_ns == 1_234_567_890_123_456_789
        inside = world.storage.stat(at(b"folder/file"))
        assert inside.fingerprint.mtime_ns != 1_234_567_890_123_456_789

    def test_a_folder_is_dressed_as_one_that_is_made(self, world: World) -> None:
        """dress_folder gives a folder that is there the mode that make_folder would give it."""
        wanted = msgspec.structs.replace(world.folder(b"made"), mode=0o710)
        world.folder(b"plain")
        world.storage.dress_folder(at(b"plain"), wanted)
        assert world.storage.folder_facts(at(b"plain")).mode == 0o710
        world.storage.dress_folder(at(b"plain"), None)
        assert world.storage.folder_facts(at(b"plain")).mode == 0o710
        with refused(Reason.VANISHED):
            world.storage.dress_folder(at(b"missing"), wanted)

    # the rest

    def test_a_root_is_a_folder_as_any(self, world: World) -> None:
        """The empty path is the root: its facts are those it was opened with."""
        for number, root in enumerate(world.storage.roots):
            facts = world.storage.folder_facts(at(b"", number))
            assert (facts.device, facts.inode) == (root.device, root.inode)
            assert world.storage.stat(at(b"", number)).kind is Kind.FOLDER

    def test_refresh_sync_and_probe_leave_no_trace(self, world: World) -> None:
        """Looking again, syncing and probing change nothing that can be seen."""
        world.put(b"file", b"content")
        assert world.storage.probe(0, b".scratch") == "rename"
        world.storage.sync([0, 1])
        world.storage.refresh()
        world.storage.capabilities(0)
        assert world.storage.names(at(b"")) == [b"file"]
        assert world.read(at(b"file")) == b"content"

"""Local disks keep the contract, by every rung of the ladder and with every way to open."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fileorg.errors import StorageUnavailableError
from fileorg.model.entry import FolderFacts
from fileorg.model.reason import Reason
from fileorg.storage import posix
from fileorg.storage.facts import entry_of
from fileorg.storage.handles import MOST
from tests.storage.conformance import StorageConformance, World, at, refused
from tests.storage.local_world import LocalWorld, root_of, two_devices


class TestLocalStorage(StorageConformance):
    """The conformance suite."""

    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[World]:
        """Return two folders on two devices."""
        with two_devices(tmp_path) as made:
            yield made


class TestWithoutOpenat2(TestLocalStorage):
    """The conformance suite where the kernel has no openat2: folders are walked one by one."""

    @pytest.fixture(autouse=True)
    def no_openat2(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take openat2 away."""
        monkeypatch.setattr(posix, "_openat2_works", False)


class TestLinkRung(StorageConformance):
    """The conformance suite where renames go by link and unlink."""

    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[World]:
        """Return two folders whose file systems have no renameat2."""
        with two_devices(tmp_path) as made:
            made.local._ways = ["link", "link"]
            yield made

    def test_refresh_sync_and_probe_leave_no_trace(self, world: World) -> None:
        """Not for a rung that is forced."""


class TestPlaceholderRung(StorageConformance):
    """The conformance suite where renames go over a placeholder."""

    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[World]:
        """Return two folders whose file systems have neither renameat2 nor links."""
        with two_devices(tmp_path) as made:
            made.local._ways = ["placeholder", "placeholder"]
            yield made

    def test_refresh_sync_and_probe_leave_no_trace(self, world: World) -> None:
        """Not for a rung that is forced."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[LocalWorld]:
    """Return two folders on two devices."""
    with two_devices(tmp_path) as made:
        yield made


def test_paths_may_be_longer_than_path_max(world: LocalWorld) -> None:
    """Files are listed, renamed and removed below folders nested deeper than PATH_MAX."""
    part = b"d" * 200
    path = b""
    for _ in range(30):
        path = path + b"/" + part if path else part
        world.storage.make_folder(at(path), None)
    assert len(path) > os.pathconf("/", "PC_PATH_MAX")
    world.put(b"file", b"deep")
    world.storage.rename(at(b"file"), at(path + b"/file"))
    assert world.read(at(path + b"/file")) == b"deep"
    assert [e.location.path for e in world.storage.listing(at(path)).entries] == [path + b"/file"]
    world.storage.set_folder_mtime(at(path), 5)
    world.storage.rename(at(path + b"/file"), at(b"back"))
    while path:
        world.storage.remove_folder(at(path), 0)
        path = at(path).folder.path
    assert world.storage.names(at(b"")) == [b"back"]


def test_no_handle_is_left_open(world: LocalWorld) -> None:
    """However many folders are visited, at most `MOST` stay open, and none after close."""
    open_before = len(os.listdir("/proc/self/fd"))
    for number in range(2 * MOST):
        world.put(b"%d/file" % number, b"")
    assert len(os.listdir("/proc/self/fd")) <= open_before + MOST
    world.storage.refresh()
    assert len(os.listdir("/proc/self/fd")) <= open_before
    world.storage.close()
    assert len(os.listdir("/proc/self/fd")) == open_before - 2


def test_failing_verbs_leak_no_handle(world: LocalWorld) -> None:
    """Every refusal closes what it opened."""
    seen = world.put(b"file", b"content")
    world.edit(b"file", b"changed")
    world.put(b"taken", b"")
    world.storage.stat(at(b"taken"))
    before = sorted(os.listdir("/proc/self/fd"))
    for _ in range(3):
        for act in (
            lambda: world.storage.copy(at(b"file"), at(b"new"), seen),
            lambda: world.storage.remove(at(b"file"), seen),
            lambda: world.storage.open(at(b"")),
        ):
            with refused({Reason.CHANGED, Reason.SPECIAL}):
                act()
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_a_root_that_is_replaced_stops_the_run(tmp_path: Path) -> None:
    """When another folder, or none, stands where a root was, refresh says so."""
    folder = tmp_path / "root"
    folder.mkdir()
    world = LocalWorld(folder)
    folder.rename(tmp_path / "moved")
    with pytest.raises(StorageUnavailableError, match="No such file"):
        world.storage.refresh()
    folder.mkdir()
    with pytest.raises(StorageUnavailableError, match="another folder"):
        world.storage.refresh()
    world.storage.close()


def test_a_root_that_is_another_does_not_open(tmp_path: Path) -> None:
    """A root that is not the folder it was leaves no handle behind and is refused."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    root = root_of(other)
    other.rmdir()
    (tmp_path / "fresh").mkdir()
    (tmp_path / "fresh2").mkdir()
    (tmp_path / "fresh2").rename(other)
    before = sorted(os.listdir("/proc/self/fd"))
    from fileorg.storage.local import LocalStorage

    with pytest.raises(StorageUnavailableError):
        LocalStorage([root_of(one), root])
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_a_copy_keeps_metadata_and_holes(world: LocalWorld) -> None:
    """Mode, times, extended attributes and holes of a file arrive on the other device."""
    path = world.path(b"file")
    size = 64 << 20
    with path.open("wb") as file:
        file.write(b"begin")
        file.seek(32 << 20)
        file.write(b"middle")
        file.truncate(size)
    path.chmod(0o640)
    os.utime(path, ns=(1_000_000_000_000_000_001, 1_111_111_111_111_111_111))
    for name in ("user.one", "user.two"):
        try:
            os.setxattr(path, name, b"value of " + name.encode())
        except OSError:
            pytest.skip("there are no extended attributes here")
    world.storage.copy(at(b"file"), at(b"copy", 1), world.storage.stat(at(b"file")))
    copy = world.path(b"copy", 1)
    found = copy.stat()
    assert stat.S_IMODE(found.st_mode) == 0o640
    assert found.st_mtime_ns == 1_111_111_111_111_111_111
    assert found.st_size == size
    assert found.st_blocks * 512 < 1 << 20
    assert {n: os.getxattr(copy, n) for n in os.listxattr(copy)} == {
        n: os.getxattr(path, n) for n in os.listxattr(path)
    }
    assert copy.read_bytes() == path.read_bytes()


def test_attributes_are_read(world: LocalWorld) -> None:
    """An extended attribute is given byte by byte, and a link has those of no other file."""
    path = world.path(b"file")
    path.write_bytes(b"x")
    try:
        os.setxattr(path, "user.one", b"value\xff")
    except OSError:
        pytest.skip("there are no extended attributes here")
    world.path(b"link").symlink_to("file")
    assert world.storage.attribute(at(b"file"), "user.one") == b"value\xff"
    assert world.storage.attribute(at(b"file"), "user.two") is None
    with refused(Reason.SPECIAL):
        world.storage.attribute(at(b"link"), "user.one")


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_keeps_owners(world: LocalWorld) -> None:
    """As root, copies keep owner, group and setuid bit, and new folders are owned like the root."""
    path = world.path(b"file")
    path.write_bytes(b"x")
    os.chown(path, 1234, 4321)
    path.chmod(0o4755)
    os.symlink("x", world.path(b"link"))
    os.chown(world.path(b"link"), 1234, 4321, follow_symlinks=False)
    for name in (b"file", b"link"):
        world.storage.copy(at(name), at(name, 1), world.storage.stat(at(name)))
        found = world.path(name, 1).lstat()
        assert (found.st_uid, found.st_gid) == (1234, 4321)
    assert stat.S_IMODE(world.path(b"file", 1).stat().st_mode) == 0o4755
    os.chown(world.folders[0], 77, 88)
    world.folders[0].chmod(0o2755)
    world.path(b"plain").mkdir()
    world.path(b"plain").chmod(0o755)
    for new in (b"new", b"plain/new"):
        world.storage.make_folder(at(new), None)
        made = world.path(new).stat()
        assert (made.st_uid, made.st_gid) == (77, 88)
        assert made.st_mode & stat.S_ISGID
    again = world.storage.make_folder(at(b"again"), FolderFacts(0o710, 5, 6, 0, 0, 0))
    assert (again.uid, again.gid, again.mode) == (5, 6, 0o710)


def test_a_failing_copy_leaves_nothing(world: LocalWorld) -> None:
    """A copy that runs into the file size limit is refused and leaves no part of itself."""
    import resource
    import signal

    world.put(b"big", b"x" * 100_000)
    source = world.storage.stat(at(b"big"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with refused(Reason.UNSUPPORTED):
            world.storage.copy(at(b"big"), at(b"copy", 1), source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert world.storage.names(at(b"", 1)) == []


@pytest.mark.parametrize("time_ns", [2**63, 2**80, -(2**63) - 1, -(2**90)])
def test_times_and_inodes_fit_into_64_bits(time_ns: int) -> None:
    """A time beyond 2262 or before 1677 is held at the edge, and a huge inode stays told apart."""
    huge = 2**64 - 5

    class Found:
        st_ino, st_mtime_ns, st_ctime_ns = huge, time_ns, 0
        st_mode, st_size, st_nlink = stat.S_IFREG, 0, 1

    mark = entry_of(at(b""), Found()).fingerprint  # type: ignore[arg-type]
    assert mark.inode == -5
    assert abs(mark.mtime_ns) == 2**63 - 1
    assert (mark.mtime_ns > 0) is (time_ns > 0)


def test_a_far_future_time_is_listed(world: LocalWorld) -> None:
    """A file dated past the year 2262 is listed with a time that every other part can hold."""
    world.put(b"file", b"")
    os.utime(world.path(b"file"), ns=(2**63 + 10**18, 2**63 + 10**18))
    assert abs(world.storage.stat(at(b"file")).fingerprint.mtime_ns) < 2**63

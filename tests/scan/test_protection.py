"""What is never torn apart, told from names."""

import pytest
from hypothesis import given

from fileorg.model.reason import Reason
from fileorg.scan.protection import (
    checkout_reason,
    content_reason,
    danger,
    file_reason,
    folder_reason,
)
from tests.strategies import names

ORDINARY_FOLDERS = [
    "env", "projects", "build", "keys", "Pages", "data", "src", "lib", "target", "vendor",
    "dist", "out", "docs", "test", "Music", "Pictures", "Downloads", "Documents", "old",
    "backup", "Backup", "new", "tmp", "cur", "archive", "Archives", "bin", "app", "apps",
    "Numbers", "key", "library", "Library", "photos", "Carthage", "Pods", "recycle", "trash",
    "snapshots", "Snapshot", "config", "objects", "refs", "2024", "2024.05.17", "v1.0", "Vol.1",
    "album.live", "jpg", "zip.old", "node", "modules", "app.old", "Git", "svn", "hg", "CVS",
    "CVs",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b".fileorg", Reason.OWN),
        (b".fileorg-20261122-probe", Reason.OWN),
        (b"node_modules", Reason.ENVIRONMENT),
        (b"__pycache__", Reason.ENVIRONMENT),
        (b"venv", Reason.ENVIRONMENT),
        (b".venv", Reason.ENVIRONMENT),
        (b".tox", Reason.ENVIRONMENT),
        (b"Safari.app", Reason.BUNDLE),
        (b"Photos Library.photoslibrary", Reason.BUNDLE),
        (b"letter.rtfd", Reason.BUNDLE),
        (b"song.logicx", Reason.BUNDLE),
        (b"film.FCPBUNDLE", Reason.BUNDLE),
        (b"Catalog Previews.lrdata", Reason.BUNDLE),
        (b"disk.sparsebundle", Reason.BUNDLE),
        (b"win.vmwarevm", Reason.BUNDLE),
        (b"file.download", Reason.BUNDLE),
        (b"@eaDir", Reason.LITTER),
        (b"#recycle", Reason.LITTER),
        (b"#snapshot", Reason.LITTER),
        (b"$RECYCLE.BIN", Reason.LITTER),
        (b"System Volume Information", Reason.LITTER),
        (b"lost+found", Reason.LITTER),
        (b".Trash-1000", Reason.LITTER),
        (b".Trash-501", Reason.LITTER),
        (b".Spotlight-V100", Reason.LITTER),
        (b"__MACOSX", Reason.LITTER),
    ],
)
def test_folder_is_known_by_its_name(name: bytes, reason: Reason) -> None:
    """A folder of such a name is left alone before anybody looks inside."""
    assert folder_reason(name) is reason


@pytest.mark.parametrize("name", ORDINARY_FOLDERS)
def test_ordinary_folder_is_not_protected(name: str) -> None:
    """Words that people use for folders mean nothing, as names of folders and inside of them."""
    assert folder_reason(name.encode()) is None
    assert name == "CVS" or content_reason([name.encode()]) is None


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (".git", Reason.PROJECT),
        (".hg", Reason.PROJECT),
        (".svn", Reason.PROJECT),
        (".jj", Reason.PROJECT),
        ("CVS a.c", Reason.PROJECT),
        ("package.json", Reason.PROJECT),
        ("pyproject.toml", Reason.PROJECT),
        ("Cargo.toml", Reason.PROJECT),
        ("go.mod", Reason.PROJECT),
        ("pom.xml", Reason.PROJECT),
        ("Makefile", Reason.PROJECT),
        ("Dockerfile", Reason.PROJECT),
        ("App.sln", Reason.PROJECT),
        ("App.csproj", Reason.PROJECT),
        ("sketch.ino", Reason.PROJECT),
        ("App.xcodeproj", Reason.PROJECT),
        ("HEAD objects refs config hooks", Reason.PROJECT),
        ("pyvenv.cfg bin lib", Reason.ENVIRONMENT),
        ("conda-meta", Reason.ENVIRONMENT),
        ("Catalog.lrcat", Reason.LIBRARY),
        ("metadata.db a-book", Reason.LIBRARY),
        ("digikam4.db", Reason.LIBRARY),
        ("steamapps", Reason.LIBRARY),
        ("cur new tmp", Reason.LIBRARY),
        ("Win.vmx Win.vmdk", Reason.LIBRARY),
        ("box.vbox box.vdi", Reason.LIBRARY),
        ("pool.qcow2", Reason.LIBRARY),
        ("config data index keys snapshots locks", Reason.LIBRARY),
        ("README config data hints.5 index.5 integrity.5", Reason.LIBRARY),
        (".stfolder", Reason.LIBRARY),
        (".obsidian", Reason.LIBRARY),
        ("gocryptfs.conf", Reason.LIBRARY),
    ],
)
def test_folder_is_known_by_what_it_holds(inside: str, reason: Reason) -> None:
    """A name that only a tool would write, or a set of ordinary ones, makes a folder one piece."""
    listed = [name.encode() for name in inside.split()]
    assert content_reason([b"a.txt", *listed, b"z.jpg"]) is reason
    if len(listed) > 2:
        assert content_reason(listed[:2]) in {None, reason}


@pytest.mark.parametrize(
    "inside",
    [
        [],
        [b"a.txt", b"b.jpg"],
        [b"config", b"data", b"README"],
        [b"config", b"data", b"index", b"keys"],
        [b"cur", b"new"],
        [b"HEAD", b"objects", b"config"],
        [b"CVs", b"letters"],
        [b"cvs"],
        [b"sln", b"lrcat", b"git"],
        [b"\xff", b"new\nline", b"a/b"],
    ],
)
def test_folder_with_ordinary_names_is_not_one_piece(inside: list[bytes]) -> None:
    """Parts of a set, words without their dot, and no names at all mean nothing."""
    assert content_reason(inside) is None


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (b".git", Reason.PROJECT),
        (b"pyvenv.cfg", Reason.ENVIRONMENT),
        (b"Catalog.lrcat", Reason.LIBRARY),
        (b".stfolder", Reason.LIBRARY),
        (b"package.json", None),
        (b"Dockerfile", None),
        (b"disk.qcow2", None),
        (b"App.sln", None),
    ],
)
def test_source_is_refused_for_what_is_no_accident(inside: bytes, reason: Reason | None) -> None:
    """A checkout or library as SOURCE is refused; a stray file that was downloaded is not."""
    assert checkout_reason([b"a.txt", inside]) is reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"film.mkv.part", Reason.PARTIAL),
        (b"x.crdownload", Reason.PARTIAL),
        (b"x.DOWNLOAD", Reason.PARTIAL),
        (b"x.partial", Reason.PARTIAL),
        (b"x.tmp", Reason.PARTIAL),
        (b"x.!qB", Reason.PARTIAL),
        (b"~$letter.docx", Reason.PARTIAL),
        (b".~lock.sheet.ods#", Reason.PARTIAL),
        (b"Thumbs.db", Reason.LITTER),
        (b"desktop.ini", Reason.LITTER),
        (b".DS_Store", Reason.LITTER),
        (b"._photo.jpg", Reason.LITTER),
        (b"Icon\r", Reason.LITTER),
        (b".fileorg-20261122-0001", Reason.OWN),
        (b".fileorgignore", Reason.OWN),
        (b".fileorg", Reason.OWN),
    ],
)
def test_file_is_known_by_its_name(name: bytes, reason: Reason) -> None:
    """Partial downloads, litter and files of our own are left alone, whatever the options say."""
    assert file_reason(name) is reason


@pytest.mark.parametrize(
    "name",
    [b"part", b"tmp", b"a.part1.rar", b"~notes", b"my.download.txt", b".hidden", b"temp.txt"],
)
def test_ordinary_file_is_not_protected(name: bytes) -> None:
    """A word of the table that is not the extension means nothing."""
    assert file_reason(name) is None


@given(names())
def test_any_name_is_judged(name: bytes) -> None:
    """No name makes a judgement fail, and a file in a folder of that name changes nothing."""
    folder_reason(name)
    file_reason(name)
    assert content_reason([name, b"a.txt"]) is content_reason([name])


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/etc",
        "/usr",
        "/usr/bin",
        "/usr/share/doc",
        "/home",
        "/var",
        "/var/lib/docker",
        "/proc/1",
        "/nix/store",
        "/boot/efi",
        "/System/Library",
        "/Applications",
    ],
)
def test_system_folder_is_dangerous(path: str) -> None:
    """Folders of the system are refused, with recursion and without."""
    assert danger(path.encode(), b"/home/me", recursive=False)


@pytest.mark.parametrize("path", [b"/home/me", b"/home", b"/data"])
def test_home_is_dangerous_with_recursion(path: bytes) -> None:
    """A home folder, or what holds it, is refused with `-r`."""
    assert danger(path, b"/data/me" if path == b"/data" else b"/home/me", recursive=True)


@pytest.mark.parametrize(
    "path", ["/home/me", "/home/me/Downloads", "/data", "/tmp/x", "/var/tmp/x", "/run/media/me/usb",
             "/etcetera", "/srv", "/mnt/nas", "/media/me/stick"]
)  # fmt: skip
def test_folders_of_people_are_not_dangerous(path: str) -> None:
    """What people organize is not refused, and a home folder without recursion is fine."""
    assert danger(path.encode(), b"/home/me", recursive=False) is None
    assert path == "/home/me" or danger(path.encode(), b"/home/me", recursive=True) is None

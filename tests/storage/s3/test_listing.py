"""What lies in a bucket, as folders: pages, odd keys, and what must not be touched."""

import os
from typing import Any

import pytest

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.entry import Kind
from fileorg.model.reason import Reason
from fileorg.storage.s3.documents import Listed, Page
from fileorg.storage.s3.listing import pages
from tests.servers.started import Control
from tests.servers.witness import Witness
from tests.storage.conformance import refused
from tests.storage.s3.conftest import Opens
from tests.storage.s3.moves import at

ODD = (
    "a b", "a+b", "100%", "a%2Bb", "é", "e\u0301", "日本", "🎉", "tab\there", "line\nbreak", "\x01",
    "<&>\"'", "back\\slash", "~tilde", "x" * 255, ".hidden", "trailing ", " leading", "a;b=c?d#e",
)  # fmt: skip


def test_every_key_is_found_under_its_own_name(aws: Witness, opens: Opens) -> None:
    """Whatever its characters, an object is listed, looked at and read by its key's bytes."""
    for name in ODD:
        aws.put(f"in/{name}", name.encode())
    storage = opens(aws, "in")

    listed = storage.listing(at("")).entries

    assert sorted(entry.location.path for entry in listed) == sorted(n.encode() for n in ODD)
    assert [e.location.path for e in listed] == sorted(
        (e.location.path for e in listed), key=os.fsdecode
    )
    for name in ODD:
        entry = storage.stat(at(name))
        assert entry in listed
        assert storage.read(at(name), 0, 2000) == name.encode()


def test_more_than_a_page_is_listed(bucket: Witness, opens: Opens) -> None:
    """Objects and folders of several pages, each once, on every server."""
    for number in range(25):
        bucket.put(f"f{number:02}/x")
        bucket.put(f"o{number:02}")
    storage = opens(bucket)
    found: list[Page] = []
    for page in pages(storage._bucket(at("")), b"", folders=True, most=10):
        found.append(page)

    assert len(found) > 3
    assert [one.key for page in found for one in page.objects] == [b"o%02d" % n for n in range(25)]
    assert [one for page in found for one in page.prefixes] == [b"f%02d/" % n for n in range(25)]
    assert len(storage.listing(at("")).entries) == 50


def test_a_folder_is_what_keys_have_in_common(bucket: Witness, opens: Opens) -> None:
    """Its entries are the objects in it and the folders below; the rest of the bucket is not."""
    for key in ("in/a", "in/sub/b", "in/sub/deep/c", "inner", "other/d"):
        bucket.put(key, b"12")
    storage = opens(bucket, "in")

    listed = {e.location.path: e.kind for e in storage.listing(at("")).entries}
    assert listed == {b"a": Kind.FILE, b"sub": Kind.FOLDER}
    assert sorted(storage.names(at(""))) == [b"a", b"sub"]
    assert storage.stat(at("sub")).kind is Kind.FOLDER
    assert storage.stat(at("sub")).fingerprint.inode == storage.folder_facts(at("sub")).inode
    assert storage.folder_facts(at("sub")) == storage.listing(at("sub")).facts
    assert storage.folder_facts(at("sub")).inode != storage.folder_facts(at("sub/deep")).inode
    assert storage.folder_facts(at("")).inode == storage.roots[0].inode
    assert storage.folder_facts(at("")).device == storage.roots[0].device
    assert storage.stat(at("a")).fingerprint.size == 2


def test_what_is_not_there_is_said_to_be_gone(bucket: Witness, opens: Opens) -> None:
    """An object is VANISHED, a folder FOLDER_GONE and without names; an empty root is a folder."""
    storage = opens(bucket, "in")

    with refused(Reason.VANISHED):
        storage.stat(at("x"))
    with refused(Reason.VANISHED):
        storage.open(at("x"))
    with refused(Reason.VANISHED):
        storage.read(at("x"), 0, 1)
    for ask in (storage.listing, storage.folder_facts):
        with refused(Reason.FOLDER_GONE):
            ask(at("x"))
    assert storage.names(at("x")) == []
    assert storage.listing(at("")).entries == []
    assert storage.stat(at("")).kind is Kind.FOLDER


def test_a_marker_is_no_file_and_an_object_in_its_place_is_seen(aws: Witness, opens: Opens) -> None:
    """The empty object that stands for a folder is left out; one that holds something is told."""
    aws.put("in/", b"")
    aws.put("in/sub/", b"")
    aws.put("in/full/", b"content")
    storage = opens(aws, "in")

    listed = {e.location.path: e.kind for e in storage.listing(at("")).entries}
    assert listed == {b"sub": Kind.FOLDER, b"full": Kind.FOLDER}
    assert storage.listing(at("sub")).entries == []
    (full,) = storage.listing(at("full")).entries
    assert (full.kind, full.fingerprint.size) == (Kind.SPECIAL, 7)


def test_parts_that_are_no_names_are_seen_and_special(aws: Witness, opens: Opens) -> None:
    """Keys with an empty part, `.` or `..` are no paths: not to be touched."""
    for key in ("in//x", "in/./x", "in/../x", "in/sub/..", "in/ok"):
        aws.put(key)
    storage = opens(aws, "in")

    listed = {e.location.path: e.kind for e in storage.listing(at("")).entries}
    assert listed == {
        b"/": Kind.SPECIAL, b"./": Kind.SPECIAL, b"../": Kind.SPECIAL, b"sub": Kind.FOLDER,
        b"ok": Kind.FILE,
    }  # fmt: skip
    assert [e.kind for e in storage.listing(at("sub")).entries] == [Kind.SPECIAL]


def test_an_object_and_a_folder_of_one_name_are_two(aws: Witness, opens: Opens) -> None:
    """Both are listed; the name alone is the object."""
    aws.put("a", b"1")
    aws.put("a/b", b"2")
    storage = opens(aws)

    assert [(e.location.path, e.kind) for e in storage.listing(at("")).entries] == [
        (b"a", Kind.FILE), (b"a", Kind.FOLDER),
    ]  # fmt: skip
    assert storage.names(at("")) == [b"a"]
    assert storage.stat(at("a")).kind is Kind.FILE
    assert storage.read(at("a"), 0, 9) == b"1"


def test_an_object_has_the_time_that_its_metadata_gives_it(bucket: Witness, opens: Opens) -> None:
    """A look at it tells; a listing knows only when it was written, unless it is to be exact."""
    bucket.put("a", metadata={"mtime": "1234567890.123456789"})
    bucket.put("b")
    written = bucket.head("b")["LastModified"].timestamp()

    plain, exact = opens(bucket), opens(bucket, exact_times=True)

    assert plain.stat(at("a")).fingerprint.mtime_ns == 1_234_567_890_123_456_789
    assert plain.stat(at("b")).fingerprint.mtime_ns == int(written) * 10**9
    looked = [plain.stat(at(name)) for name in "ab"]
    assert exact.listing(at("")).entries == looked
    listed = plain.listing(at("")).entries
    assert listed[1] == looked[1]
    assert listed[0].fingerprint.inode == looked[0].fingerprint.inode


def test_objects_are_read_from_anywhere(bucket: Witness, opens: Opens) -> None:
    """Ranges, ends and nothing, by one read, by many, and as a file to go back and forth in."""
    content = os.urandom(300_000)
    bucket.put("a", content)
    bucket.put("empty", b"")
    bucket.put("folder/x", b"")
    storage = opens(bucket)

    assert storage.read(at("a"), 10, 20) == content[10:30]
    assert storage.read(at("a"), 299_990, 20) == content[-10:]
    assert storage.read(at("a"), 400_000, 20) == b""
    assert storage.read(at("empty"), 0, 20) == b""
    assert storage.read(at("a"), 0, 0) == b""
    read = list(storage.read_each([(at("a"), 5), (at("none"), 5), (at("empty"), 5)]))
    assert (read[0], read[2]) == (content[:5], b"")
    assert isinstance(read[1], StorageError)
    assert read[1].reason is Reason.VANISHED
    with storage.open(at("a")) as file:
        assert file.read() == content
        file.seek(-7, os.SEEK_END)
        assert file.read(3) == content[-7:-4]
        assert file.tell() == 299_996
        file.seek(100)
        assert file.read(50) == content[100:150]
    with refused(Reason.SPECIAL):
        storage.open(at("folder"))
    with refused(Reason.SPECIAL):
        storage.open(at(""))


def test_a_file_that_is_read_is_one_version(aws: Witness, opens: Opens) -> None:
    """What is written over an object while it is read is not mixed into it."""
    aws.put("a", b"old")
    storage = opens(aws)
    with storage.open(at("a")) as file:
        aws.put("a", b"new")
        with refused(Reason.CHANGED):
            file.read()


def test_a_listing_of_something_else_is_not_believed(
    aws: Witness, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that answers with other keys than were asked for ends it: a move could hit them."""
    storage = opens(aws, "in")

    for page, words in (
        (Page([Listed(b"elsewhere", 1, 1, "e")], [], ""), "other keys"),
        (Page([], [b"elsewhere/"], ""), "other folders"),
    ):
        monkeypatch.setattr("fileorg.storage.s3.listing.page", lambda _, page=page: page)
        with pytest.raises(StorageUnavailableError, match=words):
            storage.listing(at(""))


def test_a_listing_that_goes_in_circles_ends(
    aws: Witness, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same token twice would go on for ever."""
    storage = opens(aws)
    monkeypatch.setattr("fileorg.storage.s3.listing.page", lambda _: Page([], [], "same"))
    with pytest.raises(StorageUnavailableError, match="circles"):
        storage.listing(at(""))


def test_requests_and_bytes_are_counted(aws: Witness, opens: Opens, control: Control) -> None:
    """What a run asked for is what the server was asked for: the counts are what is billed."""
    aws.put("a", b"12345")
    storage = opens(aws)
    control.fault("GetObject", "slowdown")
    control_before = control.counts().get("HeadObject", 0)
    storage.read(at("a"), 0, 9)
    storage.stat(at("a"))
    usage = storage.usage

    assert usage.requests == {"ListObjectsV2": 1, "GetObject": 2, "HeadObject": 1}
    assert control.counts()["HeadObject"] - control_before == 1
    assert usage.retries == 1
    assert usage.received > 5


def test_nothing_else_is_in_a_bucket(aws: Witness, opens: Opens) -> None:
    """Links, attributes and folders: said to be none, or refused."""
    aws.put("a")
    storage = opens(aws)
    entry = storage.stat(at("a"))
    acts: tuple[Any, ...] = (
        lambda: storage.link(at("a"), at("b")),
        lambda: storage.symlink(b"/x", at("b")),
        lambda: storage.share(at("a"), at("b")),
        lambda: storage.make_folder(at("b"), None),
        lambda: storage.dress_folder(at("b"), None),
        lambda: storage.remove_folder(at("b"), 0),
        lambda: storage.set_folder_mtime(at("b"), 0),
    )
    for act in acts:
        with refused(Reason.UNSUPPORTED):
            act()
    with refused(Reason.BAD_NAME):
        storage.link_target(at("a"))
    assert storage.attribute(at("a"), "user.x") is None
    assert not storage.capabilities(0).real_directories
    assert storage.rename_each([], by_ctime=True).done == 0
    assert storage.stat(at("a")) == entry

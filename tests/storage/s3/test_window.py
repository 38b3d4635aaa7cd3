"""Folders listed ahead: the same as each by itself, with far fewer requests."""

import bisect
from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location, Root
from fileorg.model.reason import Reason
from fileorg.storage.s3 import folders, window
from fileorg.storage.s3.client import Reply
from fileorg.storage.s3.folders import Folders
from fileorg.storage.s3.places import Place
from tests.servers.witness import Witness
from tests.storage.s3.conftest import Opens
from tests.storage.s3.moves import at, copied


class Keys:
    """Stands for a bucket: answers listings of its keys, in pages of *most*, and counts them."""

    where = "keys"

    def __init__(self, keys: set[str], most: int, *, ordered: bool = True) -> None:
        self.keys = sorted(key.encode() for key in keys)
        if not ordered:
            self.keys.sort(key=lambda key: key[::-1])
        self.most = most
        self.ordered = ordered
        self.asked: Counter[str] = Counter()

    def done(self, kind: str, method: str, *, query: dict[str, str]) -> Reply:
        """Answer one listing."""
        self.asked["flat" if "delimiter" not in query else "folder"] += 1
        prefix = query["prefix"].encode()
        start = (query.get("continuation-token") or query.get("start-after", "")).encode()
        if not self.ordered:  # which knows no place to begin at
            start = b""
        found: dict[bytes, bool] = {}
        keys = self.keys[bisect.bisect_right(self.keys, start) :] if self.ordered else self.keys
        for key in keys:
            if not key.startswith(prefix):
                continue
            cut = key.find(b"/", len(prefix)) if "delimiter" in query else -1
            name = key[: cut + 1] if cut >= 0 else key
            if cut >= 0 and start.startswith(name) and "continuation-token" in query:
                continue
            found.setdefault(name, cut >= 0)
            if len(found) > self.most and (self.ordered or "delimiter" not in query):
                break
        names = list(found)
        page = names if "delimiter" in query and not self.ordered else names[: self.most]
        more = "<IsTruncated>false</IsTruncated>"
        if len(names) > len(page):
            more = (
                "<IsTruncated>true</IsTruncated><NextContinuationToken>"
                f"{page[-1].decode()}</NextContinuationToken>"
            )
        body = "".join(
            f"<CommonPrefixes><Prefix>{quote_plus(name)}</Prefix></CommonPrefixes>"
            if found[name]
            else f"<Contents><Key>{quote_plus(name)}</Key><Size>1</Size><ETag>e</ETag>"
            "<LastModified>2026-11-22T10:00:00Z</LastModified></Contents>"
            for name in page
        )
        whole = f"<ListBucketResult><EncodingType>url</EncodingType>{more}{body}</ListBucketResult>"
        return Reply(200, {}, whole.encode(), None, unsure=False)


def walked(keys: Keys, prefix: bytes, *, ahead: bool) -> dict[bytes, list[FileEntry]]:
    """Go through all folders as a scan does; return what each holds."""
    place, root = Place("s3", "bucket", prefix), Root(b"s3://bucket", 1, 2)
    bucket: Any = keys
    them = Folders(bucket, [root], [place])
    found, pending = {}, [Location(0, b"")]
    while pending:
        here = pending.pop()
        if not ahead:
            them.forget()
        found[here.path] = them.listing(here).entries
        inside = [entry.location for entry in found[here.path] if entry.kind is Kind.FOLDER]
        pending.extend(reversed(inside))
    return found


NAMES = st.sampled_from(["a", "a.b", "a0", "b", "é", "a-", "", ".", "z\U0010ffff"])
KEYS = st.sets(
    st.lists(NAMES, min_size=1, max_size=4).map("/".join).filter(bool), min_size=1, max_size=40
)


@given(KEYS, st.integers(1, 9), st.integers(1, 3), st.sampled_from([b"", b"a"]))
def test_what_is_listed_ahead_is_what_is_there(
    keys: set[str], most: int, wide: int, prefix: bytes
) -> None:
    """Whatever the names, the pages and the depth: each folder holds what it holds by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "_MOST_PAGES", wide)
        one, other = Keys(keys, most), Keys(keys, most)

        assert walked(one, prefix, ahead=True) == walked(other, prefix, ahead=False)


def test_a_server_without_order_is_asked_for_each() -> None:
    """Where keys do not come in order, nothing is taken from a window, and nothing is missed."""
    keys = {f"{a}/{b}/{c}" for a in "abcd" for b in range(5) for c in range(20)}
    one, other = Keys(keys, 40, ordered=False), Keys(keys, 40)

    assert walked(one, b"", ahead=True) == walked(other, b"", ahead=False)
    assert one.asked["folder"] == 25
    assert one.asked["flat"] == 1


def test_many_small_folders_cost_few_requests() -> None:
    """A thousand keys a request, however many folders they are in."""
    keys = {f"{a:02}/{b:02}/{c}" for a in range(20) for b in range(50) for c in range(10)}
    bucket = Keys(keys, 1000)

    found = walked(bucket, b"", ahead=True)

    assert len(found) == 1 + 20 + 1000
    assert bucket.asked == {"folder": 1, "flat": 10}


def test_a_wide_folder_is_listed_by_itself() -> None:
    """And what is below it ahead again: neither is all of it held, nor is each asked for."""
    keys = {f"top/{a:04}/{b}" for a in range(1000) for b in range(30)}
    bucket = Keys(keys, 1000)

    assert len(walked(bucket, b"", ahead=True)) == 1002
    assert bucket.asked["folder"] <= 4
    assert bucket.asked["flat"] <= 32


def test_one_level_costs_no_more_than_it_has() -> None:
    """Where nobody looks deeper, nothing is listed ahead."""
    bucket = Keys({f"{a}/{b}" for a in range(9) for b in range(500)} | {"x"}, 1000)
    place, root = Place("s3", "bucket", b""), Root(b"s3://bucket", 1, 2)
    asked: Any = bucket

    Folders(asked, [root], [place]).listing(Location(0, b""))

    assert bucket.asked == {"folder": 1}


def test_what_was_listed_ahead_is_told_once() -> None:
    """Who asks again is told what is there now; who has changed something, too."""
    bucket = Keys({"a/1", "b/1", "c/1"}, 1000)
    place, root = Place("s3", "bucket", b""), Root(b"s3://bucket", 1, 2)
    asked: Any = bucket
    them = Folders(asked, [root], [place])
    for path in (b"", b"a"):
        them.listing(Location(0, path))
    bucket.keys = [b"a/1", b"a/2", b"b/1", b"b/2", b"c/2"]

    assert len(them.listing(Location(0, b"a")).entries) == 2
    assert len(them.listing(Location(0, b"b")).entries) == 1  # as it was a moment ago
    them.forget()
    assert [e.location.path for e in them.listing(Location(0, b"c")).entries] == [b"c/2"]
    with pytest.raises(StorageError) as error:
        them.listing(Location(0, b"d"))
    assert error.value.reason is Reason.FOLDER_GONE


def test_a_server_lists_ahead_as_it_lists(
    bucket: Witness, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On each server: folders with names around the slash, in pages of three."""
    keys = ["a/1", "a.b/2", "a/c/3", "a-b/4", "a0/5", "z/é/6", "a/c/7", "日/8", "x"]
    for key in keys:
        bucket.put(f"in/{key}")
    monkeypatch.setattr(folders, "Window", partial(window.Window, page_size=3))
    storage = opens(bucket, "in")
    found, pending = [], [at("")]
    while pending:
        for entry in storage.listing(pending.pop()).entries:
            if entry.kind is Kind.FOLDER:
                pending.append(entry.location)
            else:
                found.append(entry.location.path.decode())

    assert sorted(found) == sorted(keys)
    assert storage.usage.requests["ListObjectsV2"] < 9


def test_a_change_is_seen_by_the_next_look(aws: Witness, opens: Opens) -> None:
    """What this storage copies or removes is in the listing after it, whatever was listed ahead."""
    for key in ("a/1", "b/2", "c/3"):
        aws.put(key)
    storage = opens(aws)
    for path in ("", "a"):
        storage.listing(at(path))
    copied(storage, "a/1", "b/1")
    assert storage.names(at("b")) == [b"1", b"2"]
    assert len(storage.listing(at("b")).entries) == 2
    for path in ("", "a"):
        storage.listing(at(path))
    aws.put("c/4")
    storage.refresh()
    assert len(storage.listing(at("c")).entries) == 2

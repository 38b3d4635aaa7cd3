"""Copies by the server: all that an object is, never onto anything, and settled when in doubt."""

import os
from itertools import pairwise
from typing import Any

import pytest

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.reason import Reason
from fileorg.storage.s3 import copying, metadata, objects, parts
from fileorg.storage.s3.copying import Conditions, Copy, Way
from fileorg.storage.s3.storage import S3Storage
from tests.servers.started import Control
from tests.servers.witness import Seen, Witness
from tests.storage.conformance import refused
from tests.storage.s3.conftest import Opens
from tests.storage.s3.moves import action, at, copied, reasons

PROVIDERS = ("aws", "r2", "poor")
WAYS = {"aws": "if-none-match", "r2": "r2", "poor": "head"}
DRESS: dict[str, Any] = {
    "ContentType": "text/x-test",
    "CacheControl": "max-age=60",
    "ContentDisposition": "inline",
    "ContentEncoding": "identity",
    "ContentLanguage": "de",
}


def opened_by(storage: S3Storage, way: Way) -> S3Storage:
    """Have a storage copy in one way, as if its endpoint had been found to mind that."""
    storage._entered[0]._conditions = Conditions(way, conditional_delete=True)
    return storage


def without_added(seen: Seen) -> Seen:
    """Return an object without what a first copy adds."""
    import msgspec

    kept = tuple(pair for pair in seen.metadata if pair[0] not in {"mtime", "fileorg-mtime"})
    return msgspec.structs.replace(seen, metadata=kept)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_an_endpoint_does_is_tried(
    aws: Witness, opens: Opens, control: Control, provider: str
) -> None:
    """AWS, R2 and one that minds nothing are told apart by what they do, and nothing is left."""
    control.order(provider=provider)
    storage = opens(aws, "in")

    assert storage.probe(0, b".fileorg-1-probe") == WAYS[provider]
    assert storage.probe(0, b".fileorg-1-probe") == WAYS[provider]
    assert storage._entered[0]._conditions is not None
    assert storage._entered[0]._conditions.conditional_delete == (provider == "aws")
    assert storage._entered[0]._conditions.conditional_deletes == (provider == "aws")
    assert aws.listed() == []


def test_a_server_that_minds_no_condition_is_found_out(bucket: Witness, opens: Opens) -> None:
    """On the second server, too, the probe ends with the truth and leaves nothing."""
    way = opens(bucket).probe(0, b".fileorg-1-probe")

    assert way == {"ministack": "if-none-match", "rclone": "head"}[bucket.server.name]
    assert bucket.listed() == []


@pytest.mark.parametrize("way", Way)
def test_a_copy_is_all_that_its_original_is(aws: Witness, opens: Opens, way: Way) -> None:
    """Content, headers, metadata, tags and class are kept in every way; the time is added."""
    for name, content in (("full", b"content"), ("empty", b"")):
        aws.put(
            name, content, {"who": "me"}, tags="kind=raw&a%20b=1%2B2",
            StorageClass="STANDARD_IA", **DRESS,
        )  # fmt: skip
        if way is Way.R2:
            continue
        storage = opened_by(opens(aws), way)
        seen = storage.stat(at(name))

        made = copied(storage, name, f"to/{name}")

        before, after = aws.seen()[name], aws.seen()[f"to/{name}"]
        if way is Way.MULTIPART and content:  # an ETag of parts
            after = without_added(after)
            assert (after.content, after.metadata, after.headers, after.tags) == (
                before.content, before.metadata, before.headers, before.tags,
            )  # fmt: skip
        else:
            assert without_added(after) == before
        assert dict(aws.seen()[f"to/{name}"].metadata)["fileorg-mtime"] == "1"
        assert made == storage.stat(at(f"to/{name}"))
        assert made.fingerprint.mtime_ns == seen.fingerprint.ctime_ns


def test_what_is_taken_back_is_exactly_what_was_there(bucket: Witness, opens: Opens) -> None:
    """There and back again, twice over, on each server: bytes, headers and metadata as before."""
    bucket.put("a", b"1", {"who": "me"}, ContentType="text/x")
    bucket.put("b", b"2", {"mtime": "1234567890.5"})
    storage = opens(bucket)
    before = bucket.seen()
    hops = {"a": ["x/a", "y/a"], "b": ["x/b", "y/b"]}
    for name, (one, two) in hops.items():
        for source, target, restore in (
            (name, one, False), (one, two, False), (two, one, True), (one, name, True),
        ):  # fmt: skip
            seen = storage.stat(at(source))
            copied(storage, source, target, restore=restore)
            assert reasons(list(storage.remove_each([seen]))) == [None]

    after = bucket.seen()
    if bucket.server.name == "rclone":  # which keeps all metadata there ever was
        after = {key: without_added(found) for key, found in after.items()}
        before = {key: without_added(found) for key, found in before.items()}
    assert after == before


def test_a_time_of_its_own_is_kept(bucket: Witness, opens: Opens) -> None:
    """What rclone or another program wrote is the time of the copy, too, to the nanosecond."""
    bucket.put("a", metadata={"mtime": "1234567890.123456789"})

    made = copied(opens(bucket), "a", "b")

    assert made.fingerprint.mtime_ns == 1_234_567_890_123_456_789
    assert "fileorg-mtime" not in dict(bucket.seen()["b"].metadata)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_nothing_is_ever_overwritten(
    aws: Witness, opens: Opens, control: Control, provider: str
) -> None:
    """A taken key is TARGET_EXISTS on every kind of endpoint, and holds what it held."""
    control.order(provider=provider)
    aws.put("a", b"new")
    aws.put("b", b"taken")
    aws.put("empty", b"")
    storage = opens(aws)
    entries = [storage.stat(at("a")), storage.stat(at("empty"))]

    outcomes = list(storage.copy_each([action(entry, "b") for entry in entries]))

    assert reasons(outcomes) == [Reason.TARGET_EXISTS] * 2
    assert aws.get("b") == b"taken"
    assert aws.get("a") == b"new"


def test_nothing_is_overwritten_where_nothing_is_minded(bucket: Witness, opens: Opens) -> None:
    """Nor on either of the two servers."""
    bucket.put("a", b"new")
    bucket.put("b", b"taken")
    with refused(Reason.TARGET_EXISTS):
        copied(opens(bucket), "a", "b")
    assert bucket.get("b") == b"taken"


@pytest.mark.parametrize("way", [Way.IF_NONE_MATCH, Way.R2, Way.MULTIPART])
def test_of_many_that_want_a_key_one_gets_it(
    aws: Witness, opens: Opens, control: Control, way: Way
) -> None:
    """At the same moment, too: the server decides, and the others are told."""
    control.order(provider="r2" if way is Way.R2 else "aws")
    for number in range(12):
        aws.put(f"in/{number}", b"%d" % number)
    storage = opened_by(opens(aws), way)
    entries = [storage.stat(at(f"in/{number}")) for number in range(12)]

    outcomes = list(storage.copy_each([action(entry, "one") for entry in entries]))

    assert sorted(map(str, reasons(outcomes))) == sorted(
        ["None"] + [str(Reason.TARGET_EXISTS)] * 11
    )
    (winner,) = [n for n, reason in enumerate(reasons(outcomes)) if reason is None]
    assert aws.get("one") == b"%d" % winner


def test_what_changed_since_it_was_seen_is_not_copied(bucket: Witness, opens: Opens) -> None:
    """Other content, or nothing at all: said, and no copy is left."""
    for name in ("edited", "gone"):
        bucket.put(name, b"one")
    storage = opens(bucket)
    entries = [storage.stat(at(name)) for name in ("edited", "gone")]
    bucket.put("edited", b"two")
    bucket.delete("gone")

    outcomes = list(
        storage.copy_each([action(entry, f"to-{n}") for n, entry in enumerate(entries)])
    )

    assert reasons(outcomes) == [Reason.CHANGED, Reason.VANISHED]
    assert bucket.listed() == ["edited"]


def test_what_changes_while_it_is_copied_is_not_copied(
    aws: Witness, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the copy it is the server that looks."""
    aws.put("a", b"one")
    storage = opened_by(opens(aws), Way.IF_NONE_MATCH)
    at_once = copying._at_once

    def late(*words: Any) -> Any:
        aws.put("a", b"two")
        return at_once(*words)

    monkeypatch.setattr(copying, "_at_once", late)
    with refused(Reason.CHANGED):
        copied(storage, "a", "b")
    assert aws.listed() == ["a"]


def test_large_objects_are_copied_in_parts(
    aws: Witness, opens: Opens, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal parts but the last, with everything that belongs to it; and no upload is left open."""
    monkeypatch.setattr(copying, "LARGEST_COPY", 10 << 20)
    monkeypatch.setattr(parts, "_PART", 5 << 20)
    content = os.urandom((12 << 20) + 1)
    aws.put("a", content, {"who": "me"}, tags="x=1", **DRESS)
    before = aws.seen()["a"]

    made = copied(opens(aws), "a", "b")

    after = without_added(aws.seen()["b"])
    assert (after.content, after.metadata, after.headers, after.tags) == (
        content, before.metadata, before.headers, before.tags,
    )  # fmt: skip
    assert made.fingerprint.size == len(content)
    assert control.counts()["UploadPartCopy"] == 3
    assert "Uploads" not in aws.client.list_multipart_uploads(Bucket=aws.bucket)


@pytest.mark.parametrize(
    ("size", "count", "last"),
    [
        (1, 1, "bytes=0-0"),
        (512 << 20, 1, "bytes=0-536870911"),
        ((512 << 20) + 1, 2, "bytes=536870912-536870912"),
        (50 << 40, 10_000, None),
    ],
)
def test_parts_are_equal_and_no_more_than_there_may_be(
    size: int, count: int, last: str | None
) -> None:
    """All of the object, each byte once, in at most ten thousand parts of one size but the last."""
    found = list(parts.ranges(size))
    spans = [[int(end) for end in part.removeprefix("bytes=").split("-")] for part in found]
    lengths = {end - start + 1 for start, end in spans[:-1]}

    assert len(found) <= count
    assert len(lengths) <= 1
    assert spans[0][0] == 0
    assert spans[-1][1] == size - 1
    assert all(one[1] + 1 == two[0] for one, two in pairwise(spans))
    assert last is None or found[-1] == last


def test_a_copy_in_parts_that_fails_leaves_no_upload(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """Parts that nobody sees would be paid for."""
    aws.put("a", b"content")
    storage = opened_by(opens(aws), Way.MULTIPART)
    control.fault("UploadPartCopy", "denied")

    with refused(Reason.PERMISSION):
        copied(storage, "a", "b")

    assert "Uploads" not in aws.client.list_multipart_uploads(Bucket=aws.bucket)
    assert aws.listed() == ["a"]


@pytest.mark.parametrize(
    ("way", "kind"),
    [
        (Way.IF_NONE_MATCH, "CopyObject"),
        (Way.MULTIPART, "CompleteMultipartUpload"),
        (Way.HEAD, "CopyObject"),
    ],
)
@pytest.mark.parametrize("name", ["full", "empty"])
def test_a_copy_whose_answer_was_lost_is_ours(
    aws: Witness, opens: Opens, control: Control, way: Way, kind: str, name: str
) -> None:
    """The server did it and did not say so: the second try finds it done, and it counts."""
    aws.put(name, b"content" if name == "full" else b"")
    storage = opened_by(opens(aws), way)
    empty = way is Way.MULTIPART and name == "empty"
    control.fault("PutObject" if empty else kind, "reset", after=True)

    made = copied(storage, name, "b")

    assert made == storage.stat(at("b"))
    assert aws.get("b") == aws.get(name)
    assert storage.usage.retries >= 1


def test_a_key_taken_while_an_answer_was_lost_is_theirs(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """What is at the target is taken for ours only if it is what we would have written."""
    aws.put("a", b"content")
    aws.put("b", b"content")
    storage = opened_by(opens(aws), Way.IF_NONE_MATCH)
    control.fault("CopyObject", "reset")

    with refused(Reason.TARGET_EXISTS):
        copied(storage, "a", "b")


@pytest.mark.parametrize("act", ["embedded", "internal", "conflict", "slowdown"])
def test_what_goes_wrong_for_a_moment_is_tried_again(
    aws: Witness, opens: Opens, control: Control, act: str
) -> None:
    """Errors of the server, conflicts, and errors that say 200, with and without an effect."""
    aws.put("a", b"content")
    storage = opens(aws)
    storage.probe(0, b".probe")
    control.fault("CopyObject", act, times=2)

    assert copied(storage, "a", "b").fingerprint.size == 7
    assert aws.get("b") == b"content"


def test_an_error_that_says_200_is_one(aws: Witness, opens: Opens, control: Control) -> None:
    """And does not go on for ever: the object is not moved, and why is said."""
    aws.put("a", b"content")
    storage = opens(aws)
    storage.probe(0, b".probe")
    control.fault("CopyObject", "embedded", times=None)

    with pytest.raises(StorageError, match="CopyObject failed: InternalError"):
        copied(storage, "a", "b")
    assert aws.listed() == ["a"]


def test_a_server_that_is_overrun_is_asked_less(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """After SlowDown half as many go out at once, and everything is done in the end."""
    for number in range(60):
        aws.put(f"in/{number}")
    storage = opens(aws)
    storage.probe(0, b".probe")
    entries = [storage.stat(at(f"in/{number}")) for number in range(60)]
    control.fault("CopyObject", "slowdown", times=8)

    outcomes = list(storage.copy_each([action(e, f"to/{n}") for n, e in enumerate(entries)]))

    assert reasons(outcomes) == [None] * 60
    assert storage._bucket(at("")).pace.limit < 32
    assert len(aws.listed("to/")) == 60


def test_copies_are_made_side_by_side_and_told_in_order(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """As many as go out at once, whatever order they end in."""
    for number in range(20):
        aws.put(f"in/{number}", b"%d" % number)
    storage = opens(aws, at_once=8)
    storage.probe(0, b".probe")
    entries = [storage.stat(at(f"in/{number}")) for number in range(20)]
    control.fault("CopyObject", "latency", seconds=0.2, times=20)

    made = list(storage.copy_each([action(e, f"to/{n}") for n, e in enumerate(entries)]))

    assert [entry.location for entry in made if not isinstance(entry, StorageError)] == [
        at(f"to/{number}") for number in range(20)
    ]
    assert control.peaks()["CopyObject"] == 8


def test_a_key_that_is_too_long_is_not_sent(aws: Witness, opens: Opens) -> None:
    """Not every server knows the limit."""
    aws.put("a")
    storage = opens(aws, "")
    with refused(Reason.NAME_TOO_LONG):
        copied(storage, "a", "x" * 1025)
    copied(storage, "a", "x" * 1024)


def test_a_copy_that_is_wrong_is_taken_away(
    aws: Witness, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the server made is looked at; if it is not what it should be, the source stays alone."""
    aws.put("a", b"content", {"who": "me"})
    storage = opens(aws)
    storage.probe(0, b".probe")
    plain = metadata.directed

    def forgets(*words: Any, **more: Any) -> dict[str, str]:
        return {k: v for k, v in plain(*words, **more).items() if k != "x-amz-meta-who"}

    monkeypatch.setattr(copying, "directed", forgets)
    with refused(Reason.MISMATCH):
        copied(storage, "a", "b")
    assert aws.listed() == ["a"]


def test_where_nothing_can_be_written_or_removed_nothing_is_begun(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """Who may not remove would be left with two of everything: said before the first copy."""
    aws.put("a")
    storage = opens(aws)
    control.fault("PutObject", "denied")
    with pytest.raises(StorageUnavailableError, match="s3:PutObject"):
        storage.probe(0, b".probe")
    control.fault("DeleteObject", "denied")
    with pytest.raises(
        StorageUnavailableError, match=r"removed.*DeleteObject.*\.probe was written"
    ):
        storage.probe(0, b".probe")
    assert aws.listed() == [".probe", "a"]


def test_one_file_is_renamed_as_many_are(aws: Witness, opens: Opens) -> None:
    """The plain verbs do the same with one object."""
    aws.put("a", b"content", {"who": "me"})
    storage = opens(aws)
    seen = storage.stat(at("a"))

    storage.rename(at("a"), at("b"))
    assert aws.listed() == ["b"]
    made = storage.copy(at("b"), at("c"), storage.stat(at("b")))
    assert made.fingerprint.inode == seen.fingerprint.inode
    with refused(Reason.UNSUPPORTED):
        storage.rename(at(""), at("x"))


def test_the_way_is_found_for_each_storage(aws: Witness, opens: Opens) -> None:
    """The way that was found for one bucket is not taken on trust for another storage."""
    aws.put("a")
    one, two = opens(aws), opens(aws)
    one.probe(0, b".probe")
    assert two._entered[0]._conditions is None
    own = one._bucket(at(""))
    conditions = Conditions(Way.IF_NONE_MATCH, conditional_delete=True)
    copying.copy(own, Copy(own, b"a", b"b"), one.stat(at("a")).fingerprint, conditions)
    copied(two, "a", "c")
    assert two._entered[0]._conditions is not None
    assert two._entered[0]._conditions.way is Way.IF_NONE_MATCH


def test_what_is_written_is_checked_by_its_sum(aws: Witness, opens: Opens) -> None:
    """A server that is sent something else than was meant refuses it."""
    storage = opens(aws)
    objects.put(storage._bucket(at("")), b"a", b"content", {})
    assert aws.get("a") == b"content"
    wrong = objects.sum_of(b"other")
    reply = storage._bucket(at("")).ask("PutObject", "PUT", b"b", headers=wrong, body=b"content")
    assert reply.code == "BadDigest"
    assert aws.listed() == ["a"]


def test_parts_of_two_versions_are_never_one_copy(
    aws: Witness, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is written over an object while its parts are copied, and even written back."""
    storage = opens(aws)
    part = parts.Upload._part

    def meanwhile(*words: Any) -> str:
        aws.put("a", b"another")
        try:
            return part(*words)
        finally:
            if way is Way.MULTIPART:
                aws.put("a", b"content")

    monkeypatch.setattr(parts.Upload, "_part", meanwhile)
    monkeypatch.setattr(copying, "LARGEST_COPY", 3)
    for way in (Way.MULTIPART, Way.R2):  # by which each part is pinned, or only looked at after
        aws.put("a", b"content")
        with refused(Reason.CHANGED):
            copied(opened_by(storage, way), "a", "b")
        assert aws.listed() == ["a"]

"""What a user reads when a bucket can't be used: what is wrong, where, and what to do."""

import socket
import traceback
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from fileorg.errors import FileorgError, StorageError, StorageUnavailableError, UsageError
from fileorg.model.location import Root
from fileorg.model.reason import Reason
from fileorg.storage.s3 import failures
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.documents import Fault
from fileorg.storage.s3.roots import root_of
from fileorg.storage.s3.storage import S3Storage
from tests.servers.fixtures import new_bucket
from tests.servers.started import Control, Server
from tests.servers.witness import Witness
from tests.storage.conformance import refused
from tests.storage.s3.conftest import Opens
from tests.storage.s3.moves import action, at, reasons


def told(open_: Callable[..., Any], *words: Any) -> FileorgError:
    """Return the error that opening ends with; it is no traceback and holds no secret."""
    with pytest.raises(FileorgError) as caught:
        open_(*words)
    shown = "".join(traceback.format_exception(caught.value))
    assert "secret-that-must-not-be-told" not in shown
    return caught.value


def test_a_bucket_that_is_not_there(server: Server, opens: Opens) -> None:
    """Is named, with the endpoint that was asked."""
    error = told(opens, Witness(server, "no-such-bucket"))

    assert isinstance(error, StorageUnavailableError)
    host = server.endpoint.removeprefix("http://")
    assert error.message == f"no-such-bucket at {host}: there is no such bucket"
    assert "AWS_PROFILE" in error.remedy


def test_a_wrong_secret(rclone: Server, opens: Opens) -> None:
    """Says that the secret does not fit, and repeats neither the right nor the wrong one."""
    bucket = new_bucket(rclone)
    wrong = msgspec.structs.replace(rclone, secret_key="secret-that-must-not-be-told-2")

    error = told(opens, Witness(wrong, bucket.bucket))

    assert "the secret does not fit" in error.message
    assert isinstance(error, StorageUnavailableError)


def test_an_unknown_key(aws: Witness, opens: Opens, control: Control) -> None:
    """Says that the key is not known there."""
    control.order(keys=["another"])
    assert "access key is not known" in told(opens, aws).message


@pytest.mark.parametrize(
    ("act", "words", "remedy"),
    [
        ("denied", "s3:ListObjectsV2 is denied", "s3:ListBucket"),
        ("expired", "have expired", "aws sso login"),
    ],
)
def test_a_bucket_that_may_not_be_listed(
    aws: Witness, opens: Opens, control: Control, act: str, words: str, remedy: str
) -> None:
    """Whose keys lack a right, or have expired, is told which and what to do."""
    control.fault("ListObjectsV2", act)
    error = told(opens, aws)
    assert isinstance(error, StorageUnavailableError)
    assert words in error.message
    assert remedy in error.remedy


def test_keys_that_expire_in_the_middle(aws: Witness, opens: Opens, control: Control) -> None:
    """End the run at once, in words, when nothing is under way any more."""
    for number in range(9):
        aws.put(f"in/{number}")
    storage = opens(aws, at_once=2)
    storage.probe(0, b".probe")
    entries = [storage.stat(at(f"in/{number}")) for number in range(9)]
    control.fault("CopyObject", "expired", skip=3, times=None)

    copies = storage.copy_each([action(e, f"to/{n}") for n, e in enumerate(entries)])
    with pytest.raises(StorageUnavailableError, match="have expired"):
        list(copies)

    control.reset()
    assert len(aws.listed("in/")) == 9
    before = len(aws.listed("to/"))
    assert before == 3


def test_a_head_that_only_says_no_is_explained(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """HEAD has no words for it: the error is asked for, and one that is expired is not denied."""
    aws.put("a")
    storage = opens(aws)
    control.fault("HeadObject|GetObject", "expired", times=2)
    with pytest.raises(StorageUnavailableError, match="have expired"):
        storage.stat(at("a"))
    control.fault("HeadObject|GetObject", "denied", times=2)
    with refused(Reason.PERMISSION):
        storage.stat(at("a"))
    control.fault("HeadObject", "denied")
    with refused(Reason.PERMISSION):
        storage.stat(at("a"))


def test_a_bucket_in_another_region_is_followed(
    ministack: Server, opens: Opens, control: Control
) -> None:
    """The server says where it is; it is asked there, and a journal keeps that."""
    bucket = new_bucket(ministack, "eu-west-1")
    bucket.put("a", b"1")
    control.order(region="eu-west-1")

    storage = opens(bucket)

    assert '"eu-west-1"' in storage.kept
    assert storage.read(at("a"), 0, 9) == b"1"
    again = S3Storage(storage.roots, storage.kept)
    assert again.read(at("a"), 0, 9) == b"1"
    again.close()


def test_nobody_there(env: Callable[[Server], None], server: Server) -> None:
    """A server that does not answer is not waited for long at first, and is named."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gone = msgspec.structs.replace(server, endpoint=f"http://127.0.0.1:{port}")
    env(gone)

    error = told(S3Storage, [root_of(b"s3://bucket")])

    assert error.message == f"bucket at 127.0.0.1:{port}: no answer (Connection refused)"
    assert error.exit_code == 12


def test_plain_http_is_for_this_computer(
    monkeypatch: pytest.MonkeyPatch, env: Callable[[Server], None], server: Server
) -> None:
    """Nothing is sent anywhere else in the clear."""
    env(msgspec.structs.replace(server, endpoint="http://192.0.2.1:9000"))
    error = told(S3Storage, [root_of(b"s3://bucket")])
    assert isinstance(error, UsageError)
    assert "not encrypted" in error.message


def test_a_certificate_is_always_verified(rclone_tls: Server, opens: Opens) -> None:
    """With the file of its authority all goes well; without, nothing is sent."""
    bucket = new_bucket(rclone_tls)
    bucket.put("a", b"content")
    storage = opens(bucket)
    seen = storage.stat(at("a"))
    assert reasons(list(storage.copy_each([action(seen, "b")]))) == [None]
    assert reasons(list(storage.remove_each([seen]))) == [None]
    assert bucket.get("b") == b"content"

    bare = msgspec.structs.replace(rclone_tls, certificate=None)
    error = told(opens, Witness(rclone_tls, bucket.bucket).__class__(bare, bucket.bucket))
    assert "certificate can't be trusted" in error.message
    assert "AWS_CA_BUNDLE" in error.remedy


def test_a_bundle_that_is_none_is_named(
    rclone_tls: Server, env: Callable[[Server], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is not there, or holds no certificates."""
    env(rclone_tls)
    for path in ("/no/such/file", "/etc/passwd"):
        monkeypatch.setenv("AWS_CA_BUNDLE", path)
        error = told(S3Storage, [root_of(b"s3://bucket")])
        assert error.message.startswith(f"AWS_CA_BUNDLE: {path}")


def test_the_bucket_of_a_journal_is_the_one_it_was(aws: Witness, opens: Opens) -> None:
    """Another endpoint under the same name is another bucket: nothing is taken back there."""
    storage = opens(aws)
    (root,) = storage.roots
    stranger = Root(root.path, root.device + 1, root.inode)
    error = told(S3Storage, [stranger])
    assert "another bucket" in error.message


def test_a_server_that_is_no_s3_is_named(
    aws: Witness, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that answers 200 with a page is no empty bucket."""
    storage = opens(aws)
    plain = storage._bucket(at(""))._connections.ask

    def portal(*words: Any) -> Any:
        return plain(*words)._replace(body=b"<html><body>Sign in</body></html>")

    monkeypatch.setattr(storage._bucket(at(""))._connections, "ask", portal)
    with pytest.raises(StorageUnavailableError, match="no listing"):
        storage.listing(at(""))


def test_a_secret_that_a_server_repeats_is_not_shown(aws: Witness, opens: Opens) -> None:
    """Nor is a key or a token."""
    storage = opens(aws)
    bucket: Bucket = storage._bucket(at(""))
    reply = bucket.ask("GetObject", "GET", b"missing")
    said = reply._replace(fault=Fault("Odd", "you said test, and \x1b[1mtest"))

    error = bucket.error("GetObject", said)

    assert isinstance(error, StorageError)
    assert str(error) == "GetObject failed: Odd: you said ..., and ?[1m... (HTTP 404)"
    assert failures.cleaned("a", ("a",)) == "..."

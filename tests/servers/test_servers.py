"""The servers themselves: what tests on buckets rely on must be so."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.servers.fixtures import new_bucket
from tests.servers.started import Control, Server
from tests.servers.witness import Witness, client, listed_by_rclone


def refused(call: Callable[..., Any], **words: Any) -> str:
    """Return the code of the error that a call ends with."""
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError) as error:
        call(**words)
    code: str = error.value.response["Error"]["Code"]
    return code


def copy(bucket: Witness, **more: Any) -> None:
    """Copy `a` to `b`."""
    source = {"Bucket": bucket.bucket, "Key": "a"}
    bucket.client.copy_object(Bucket=bucket.bucket, Key="b", CopySource=source, **more)


def test_a_server_keeps_what_it_is_given(bucket: Witness) -> None:
    """Content, metadata and headers come back from both servers as they were written."""
    bucket.put("folder/a.txt", b"one", {"camera": "x100"}, ContentType="text/plain")

    seen = bucket.seen()["folder/a.txt"]

    assert seen.content == b"one"
    assert seen.metadata == (("camera", "x100"),)
    assert ("ContentType", "text/plain") in seen.headers


def test_two_clients_see_the_same(bucket: Witness) -> None:
    """What boto3 wrote rclone lists, on both servers, with odd names as they are."""
    odd = {"a": 1, "b/c d.txt": 2, "b/é%2F+.txt": 3, "b/\u65e5.txt": 4}
    for key, size in odd.items():
        bucket.put(key, b"x" * size)

    assert listed_by_rclone(bucket.server, bucket.bucket) == odd


def test_tags_are_kept(aws: Witness) -> None:
    """The server that does as AWS does has tags."""
    aws.put("a", tags="kind=raw&year=2024")

    assert aws.tags("a") == {"kind": "raw", "year": "2024"}


@pytest.mark.parametrize("condition", [{"IfNoneMatch": "*"}, {"IfMatch": '"0"'}])
def test_aws_minds_the_target_of_a_copy(aws: Witness, condition: dict[str, str]) -> None:
    """A copy onto what must be absent, or another, is refused and leaves it as it was."""
    aws.put("a", b"new")
    aws.put("b", b"old")

    assert refused(copy, bucket=aws, **condition) == "PreconditionFailed"
    assert aws.get("b") == b"old"


def test_of_many_copies_to_one_absent_target_one_is_made(aws: Witness) -> None:
    """The condition on the target and the copy are one act."""
    for number in range(16):
        aws.put(f"a{number}", b"%d" % number)

    def race(number: int) -> bool:
        source = {"Bucket": aws.bucket, "Key": f"a{number}"}
        try:
            aws.client.copy_object(Bucket=aws.bucket, Key="b", CopySource=source, IfNoneMatch="*")
        except aws.client.exceptions.ClientError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(race, range(16))) == 1


def test_r2_minds_only_its_own_condition(aws: Witness, control: Control) -> None:
    """As R2 the server takes no notice of AWS's condition, and knows no tags."""
    control.order(provider="r2")
    aws.put("a", b"new")
    aws.put("b", b"old")

    def own(params: Any, **_: Any) -> None:
        params["headers"]["cf-copy-destination-if-none-match"] = "*"

    other = client(aws.server, "auto")
    other.meta.events.register("before-call.s3.CopyObject", own)
    source = {"Bucket": aws.bucket, "Key": "a"}
    words = {"Bucket": aws.bucket, "Key": "b", "CopySource": source}
    assert refused(other.copy_object, **words) == "PreconditionFailed"
    assert refused(aws.client.get_object_tagging, Bucket=aws.bucket, Key="a") == "NotImplemented"
    copy(aws, IfNoneMatch="*")
    assert aws.get("b") == b"new"


def test_a_poor_provider_minds_no_condition(aws: Witness, control: Control) -> None:
    """As a poor provider the server overwrites and deletes whatever is asked for."""
    control.order(provider="poor")
    aws.put("a", b"new")
    aws.put("b", b"old")

    copy(aws, IfNoneMatch="*", CopySourceIfMatch='"0"')
    aws.client.delete_object(Bucket=aws.bucket, Key="a", IfMatch='"0"')
    keyed = {"Objects": [{"Key": "b", "ETag": '"0"'}]}
    aws.client.delete_objects(Bucket=aws.bucket, Delete=keyed)

    assert aws.listed() == []


def test_rclone_minds_no_condition(rclone: Server) -> None:
    """The second server is a poor provider by nature."""
    bucket = new_bucket(rclone)
    bucket.put("a", b"new")
    bucket.put("b", b"old")

    copy(bucket, IfNoneMatch="*")

    assert bucket.get("b") == b"new"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("slowdown", "SlowDown"),
        ("internal", "InternalError"),
        ("conflict", "ConditionalRequestConflict"),
        ("denied", "AccessDenied"),
        ("expired", "ExpiredToken"),
        ("embedded", "InternalError"),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_fault_is_answered_before_or_after_the_effect(
    aws: Witness, control: Control, act: str, code: str, after: bool
) -> None:
    """A copy that is answered with an error is made or not, as ordered, and the next one works."""
    aws.put("a")
    control.fault("CopyObject", act, key="^b$", after=after)

    assert refused(copy, bucket=aws) == code
    assert aws.listed() == (["a", "b"] if after else ["a"])
    copy(aws)
    assert aws.listed() == ["a", "b"]


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_is_reset_before_or_after_the_effect(
    aws: Witness, control: Control, after: bool
) -> None:
    """The answer is lost, and the client cannot know whether the copy was made."""
    from botocore.exceptions import HTTPClientError

    aws.put("a")
    control.fault("CopyObject", "reset", after=after)

    with pytest.raises(HTTPClientError):
        copy(aws)

    assert aws.listed() == (["a", "b"] if after else ["a"])


def test_faults_are_skipped_counted_and_forgotten(aws: Witness, control: Control) -> None:
    """A fault meets as many requests as ordered after those it lets pass; a reset ends it."""
    control.fault("PutObject", "slowdown", skip=1, times=2)

    aws.put("a")
    for _ in range(2):
        assert refused(aws.put, key="b") == "SlowDown"
    aws.put("b")
    assert control.counts()["PutObject"] == 4

    control.fault("PutObject", "slowdown", times=None)
    control.reset()
    aws.put("c")
    assert control.counts() == {"PutObject": 1}


def test_what_is_held_waits_until_it_is_let_go(aws: Witness, control: Control) -> None:
    """A test can stop the world at one request, and look."""
    aws.put("a")
    control.fault("CopyObject", "hold", after=True)
    with ThreadPoolExecutor(1) as pool:
        copying = pool.submit(copy, aws)
        control.wait_held()
        assert aws.listed() == ["a", "b"]
        assert not copying.done()
        control.reset()
        assert copying.exception() is not None


def test_latency_and_the_peak_of_what_is_under_way(aws: Witness, control: Control) -> None:
    """Requests that wait run side by side, and the most at one time is told."""
    control.fault("PutObject", "latency", seconds=0.2, times=None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(aws.put, "abcd"))

    assert control.peaks()["PutObject"] == 4


def test_a_denied_delete_of_many_is_denied_key_by_key(aws: Witness, control: Control) -> None:
    """DeleteObjects answers 200 and an error for each key, as AWS does."""
    aws.put("a")
    control.fault("DeleteObjects?", "denied", times=None)

    answer = aws.client.delete_objects(Bucket=aws.bucket, Delete={"Objects": [{"Key": "a"}]})

    assert [error["Code"] for error in answer["Errors"]] == ["AccessDenied"]
    assert refused(aws.client.delete_object, Bucket=aws.bucket, Key="a") == "AccessDenied"
    assert aws.listed() == ["a"]


def test_what_is_lost_is_told(aws: Witness, control: Control) -> None:
    """A delete or an overwrite of the last object with a content is told, a moved one is not."""
    source = {"Bucket": aws.bucket, "Key": "a"}
    held = {key: key.encode() for key in "abcd"}
    for key, content in held.items():
        aws.put(key, content)
    control.guard(aws.bucket, held)

    aws.client.copy_object(Bucket=aws.bucket, Key="moved é", CopySource=source)
    aws.delete("a")
    aws.client.delete_objects(Bucket=aws.bucket, Delete={"Objects": [{"Key": "moved é"}]})
    aws.put("b", b"another")
    copy_source = {"Bucket": aws.bucket, "Key": "d"}
    aws.client.copy_object(Bucket=aws.bucket, Key="c", CopySource=copy_source)

    assert control.lost() == ["DeleteObjects moved é", "PutObject b", "CopyObject c"]
    control.order(guard={})


def test_a_bucket_is_in_one_region(ministack: Server, control: Control) -> None:
    """What is signed for another is sent there, and boto3 follows."""
    bucket = new_bucket(ministack, "eu-west-1")
    control.reset()

    client(ministack).list_objects_v2(Bucket=bucket.bucket)

    assert control.counts()["ListObjectsV2"] > 1
    control.reset()
    assert bucket.listed() == []
    assert control.counts() == {"ListObjectsV2": 1}


def test_an_unknown_key_is_refused(aws: Witness, control: Control) -> None:
    """A provider knows only its keys."""
    control.order(keys=["another"])

    assert refused(aws.client.list_objects_v2, Bucket=aws.bucket) == "InvalidAccessKeyId"


def test_a_wrong_secret_is_refused(rclone: Server) -> None:
    """The second server checks every signature."""
    import msgspec

    wrong = client(msgspec.structs.replace(rclone, secret_key="wrong"))

    assert refused(wrong.list_buckets) == "SignatureDoesNotMatch"


def test_tls_is_trusted_only_by_its_certificate(rclone_tls: Server) -> None:
    """The certificate of the tests is needed and enough."""
    import msgspec
    from botocore.exceptions import SSLError

    bucket = new_bucket(rclone_tls)
    bucket.put("a")
    assert bucket.listed() == ["a"]

    with pytest.raises(SSLError):
        client(msgspec.structs.replace(rclone_tls, certificate=None)).list_buckets()


def test_a_server_ends_with_the_process_that_started_it(_programs: Path) -> None:
    """Even where that is killed and can do nothing more."""
    program = (
        "import signal\n"
        "from tests.servers.started import ministack\n"
        "with ministack() as server:\n"
        "    print(server.endpoint, flush=True)\n"
        "    signal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.connect()
        process.send_signal(signal.SIGKILL)
        process.wait()
        with contextlib.suppress(ConnectionResetError):
            assert connection.sock.recv(1) == b""  # its end ends the connection, and this read
        connection.close()

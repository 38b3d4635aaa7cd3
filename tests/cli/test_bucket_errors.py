"""What can be wrong with buckets and credentials: one line each, with the remedy, and no secret."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.cli.bucket_world import at, fill
from tests.cli.conftest import Cli
from tests.servers.fixtures import new_bucket
from tests.servers.started import Control, Server
from tests.servers.witness import Witness

SECRET = "secret-that-must-not-be-told"


def fails(cli: Cli, *words: str, **env: str) -> str:
    """Run what must end with 12 and one line on stderr; return that."""
    done = cli(*words, **env)
    assert done.returncode == 12, (done.returncode, done.stdout, done.stderr)
    lines = [line for line in done.stderr.splitlines() if "first run" not in line]
    assert len(lines) == 1, done.stderr
    assert "; " in lines[0], "no remedy"
    assert SECRET not in done.stdout + done.stderr
    return lines[0]


def test_a_bucket_that_is_not_there(cli: Cli, server: Server) -> None:
    """The bucket is named, and that it is not there."""
    at(cli, server)

    said = fails(cli, "organize", "s3://no-such-bucket-here", "-r")

    assert "no-such-bucket-here" in said
    assert "no such bucket" in said or "does not exist" in said


def test_a_prefix_that_holds_nothing(cli: Cli, bucket: Witness) -> None:
    """It is an empty folder: an inbox of which a run has moved all is not there any more."""
    at(cli, bucket.server)
    bucket.put("inbox/a.txt")
    words = ("organize", f"{bucket.url}/inbox", "--into", f"{bucket.url}/sorted")
    cli.good(*words)

    assert bucket.listed() == ["sorted/Documents/a.txt"]
    assert "Nothing to organize" in cli.good(*words)


def test_a_key_that_is_not_known(cli: Cli, rclone: Server) -> None:
    """The server's words, and what to look at."""
    bucket = new_bucket(rclone)
    at(cli, msgspec.structs.replace(rclone, access_key="AKUNKNOWN"))

    assert re.search("credentials|key", fails(cli, "organize", bucket.url))


def test_a_wrong_secret(cli: Cli, rclone: Server) -> None:
    """A signature that does not match is told as what it means."""
    bucket = new_bucket(rclone)
    at(cli, msgspec.structs.replace(rclone, secret_key="another" + SECRET))

    assert re.search("secret|credentials", fails(cli, "organize", bucket.url))


@pytest.mark.parametrize("act", ["expired", "denied"])
@pytest.mark.parametrize("command", ["organize", "scan"])
def test_no_right_to_list(cli: Cli, aws: Witness, control: Control, act: str, command: str) -> None:
    """Expired and missing rights are told apart."""
    at(cli, aws.server)
    aws.put("a.txt")
    control.fault(".*", act, times=None)

    said = fails(cli, command, aws.url)

    assert ("expired" if act == "expired" else "denied") in said.lower()


def test_no_right_to_write(cli: Cli, aws: Witness, control: Control) -> None:
    """Nothing is moved where nothing can be written."""
    at(cli, aws.server)
    before = fill(aws, 4)
    control.fault("PutObject|CopyObject|CreateMultipartUpload", "denied", times=None)

    done = cli("organize", aws.url, "-r")

    assert done.returncode in {3, 12}
    assert "denied" in (done.stdout + done.stderr).lower()
    assert aws.seen() == before


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("aws", "copies only where nothing is, as S3 does"),
        ("r2", "copies only where nothing is, as R2 does"),
        ("poor", "looks before it copies"),
    ],
)
def test_a_bucket_can_be_tried_before_the_first_run(
    cli: Cli, aws: Witness, control: Control, provider: str, words: str
) -> None:
    """`doctor s3://...` says what keeps from overwriting there, and leaves nothing behind."""
    control.order(provider=provider)
    environment = aws.server.environment()
    url = environment.pop("AWS_ENDPOINT_URL_S3")
    cli.env |= environment

    said = cli.good("doctor", f"{aws.url}/in", "--endpoint-url", url)

    assert f"{aws.url}/in: {words}" in said
    assert aws.listed() == []


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        ("ListObjectsV2", "s3:ListBucket"),
        ("HeadObject|GetObject", "s3:GetObject"),
        ("PutObject", "s3:PutObject"),
        ("DeleteObject", "s3:DeleteObject"),
    ],
)
def test_a_right_that_is_missing_is_told_before_the_first_run(
    cli: Cli, aws: Witness, control: Control, kind: str, right: str
) -> None:
    """`doctor s3://...` names the right that the credentials lack, and ends with 12."""
    at(cli, aws.server)
    control.fault(kind, "denied", times=None)

    done = cli("doctor", aws.url)

    assert done.returncode == 12, done.stderr
    assert right in done.stdout


def test_another_region(cli: Cli, ministack: Server) -> None:
    """A bucket in another region than configured is reached there, or the region is named."""
    bucket = new_bucket(ministack, "eu-west-1")
    bucket.put("a.txt")
    at(cli, ministack)

    done = cli("organize", bucket.url)

    if done.returncode:
        assert (done.returncode, "eu-west-1" in done.stderr) == (12, True), done.stderr
    else:
        assert bucket.listed() == ["Documents/a.txt"]


def test_no_network(cli: Cli, ministack: Server) -> None:
    """A server that is not there is named."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    at(cli, msgspec.structs.replace(ministack, endpoint=f"http://127.0.0.1:{port}"))

    assert f"127.0.0.1:{port}" in fails(cli, "organize", "s3://bucket-of-nobody")


def test_no_credentials(cli: Cli, aws: Witness) -> None:
    """Without any credentials it is said where they come from."""
    at(cli, aws.server)
    del cli.env["AWS_ACCESS_KEY_ID"], cli.env["AWS_SECRET_ACCESS_KEY"]

    assert "credentials" in fails(cli, "organize", aws.url)


def test_a_certificate_that_nobody_vouches_for(cli: Cli, rclone_tls: Server) -> None:
    """TLS is always verified."""
    at(cli, msgspec.structs.replace(rclone_tls, certificate=None))

    assert "certificate" in fails(cli, "organize", "s3://some-bucket").lower()


def test_plain_http_to_another_machine(cli: Cli, ministack: Server) -> None:
    """Without TLS nothing is sent beyond this machine."""
    at(cli, msgspec.structs.replace(ministack, endpoint="http://192.0.2.1:9000"))

    done = cli("organize", "s3://some-bucket")

    assert done.returncode in {2, 12}
    assert "https" in done.stderr


def texts(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield each file that a run left."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def test_no_secret_is_told(cli: Cli, rclone: Server) -> None:
    """Neither journals, logs and reports nor any output have the secret; the key is no secret."""
    bucket = new_bucket(rclone)
    assert rclone.secret_key == SECRET
    at(cli, rclone)
    fill(bucket, 8)
    told = []
    for words in (
        ("organize", bucket.url, "-r", "--output", "jsonl", "-v", "--log-file", "log"),
        ("show", "last", "--files", "--output", "json"),
        ("doctor",),
        ("config", "show"),
        ("report", "last", "-o", "report.html"),
        ("report", "last", "-o", "report.json"),
        ("undo", "last", "--log-file", "log"),
        ("organize", "s3://no-such-bucket-here"),
    ):
        done = cli(*words)
        told.append(done.stdout + done.stderr)

    assert SECRET not in "".join(told)
    assert [path for path, held in texts(cli.base) if SECRET.encode() in held] == []
    assert any(path.suffix == ".db" for path, _ in texts(cli.base))

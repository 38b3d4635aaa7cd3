"""The whole life of a bucket through the command line, on two servers: seen by another client."""

import json

import pytest

from tests.cli.bucket_world import at, contents, fill
from tests.cli.conftest import Cli
from tests.servers.fixtures import new_bucket
from tests.servers.started import Control, Server
from tests.servers.witness import Witness, listed_by_rclone

CHANGING = {
    "PutObject", "CopyObject", "DeleteObject", "DeleteObjects", "CreateMultipartUpload",
    "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "PutObjectTagging",
}  # fmt: skip


@pytest.mark.smoke
def test_a_whole_life(cli: Cli, bucket: Witness) -> None:
    """Preview, run, second run, history and undo: keys, bytes, metadata and tags are exact."""
    at(cli, bucket.server)
    before = fill(bucket, 60)

    preview = cli.good("organize", bucket.url, "-r", "--dry-run")
    assert bucket.seen() == before
    assert "60 files" in preview

    done = cli.good("organize", bucket.url, "-r")
    after = bucket.seen()
    assert contents(after) == contents(before)
    assert {key.split("/")[0] for key in after} == {"Documents", "Images", "Audio", "Archives"}
    assert "fileorg undo" in done
    assert listed_by_rclone(bucket.server, bucket.bucket) == {
        key: len(seen.content) for key, seen in after.items()
    }

    assert "Nothing to organize" in cli.good("organize", bucket.url, "-r")
    assert bucket.seen() == after
    assert bucket.bucket in cli.good("runs")
    assert len(cli.good("show", "last", "--files", "--page-size", "100").splitlines()) == 60

    cli.good("undo", "last")
    assert bucket.seen() == before
    cli.good("redo", "last")
    assert {key: seen.content for key, seen in bucket.seen().items()} == {
        key: seen.content for key, seen in after.items()
    }
    cli.good("undo", "last")
    assert bucket.seen() == before


def test_the_preview_is_the_run(cli: Cli, bucket: Witness) -> None:
    """A dry run names each object's new key as the run then gives it."""
    at(cli, bucket.server)
    before = {seen.content: key for key, seen in fill(bucket, 40).items()}
    told = cli.good("organize", bucket.url, "-r", "-n", "--output", "jsonl")
    planned = {}
    for line in told.splitlines():
        event = json.loads(line)
        if event["event"] == "action_planned" and event["action"] == "move":
            planned[event["source"]["path"]] = event["target"]["path"]
    cli.good("organize", bucket.url, "-r")
    moved = {seen.content: key for key, seen in bucket.seen().items()}

    assert planned == {
        f"{bucket.url}/{before[content]}": f"{bucket.url}/{key}" for content, key in moved.items()
    }


def test_a_dry_run_only_reads(cli: Cli, aws: Witness, control: Control) -> None:
    """Not a single request of a dry run could change anything."""
    at(cli, aws.server)
    fill(aws, 20)
    control.reset()

    cli.good("organize", aws.url, "-r", "-n")

    assert control.counts()
    assert not CHANGING & control.counts().keys()


def test_a_second_run_costs_a_listing(cli: Cli, aws: Witness, control: Control) -> None:
    """A run with nothing to do asks nothing of single objects, and leaves no journal."""
    at(cli, aws.server)
    fill(aws, 20)
    cli.good("organize", aws.url, "-r")
    journals = cli.journals()
    control.reset()

    cli.good("organize", aws.url, "-r")

    assert not CHANGING & control.counts().keys()
    assert "HeadObject" not in control.counts()
    assert cli.journals() == journals


def test_a_prefix_is_organized_alone(cli: Cli, bucket: Witness) -> None:
    """What lies beside the prefix stays as it is, also where its name begins alike."""
    at(cli, bucket.server)
    for key in ("in/a.txt", "in/b.jpg", "inside/c.txt", "d.txt"):
        bucket.put(key, key.encode())

    cli.good("organize", f"{bucket.url}/in")

    assert sorted(bucket.listed()) == [
        "d.txt",
        "in/Documents/a.txt",
        "in/Images/b.jpg",
        "inside/c.txt",
    ]


def test_more_than_a_page(cli: Cli, aws: Witness) -> None:
    """A bucket of more than a thousand objects is organized and brought back whole."""
    at(cli, aws.server)
    for number in range(1100):
        aws.put(f"{number:05}.txt", b"%d" % number)
    before = aws.etags()

    cli.good("organize", aws.url)
    assert aws.etags() == {f"Documents/{key}": etag for key, etag in before.items()}
    cli.good("undo", "last")

    assert aws.etags() == before


def test_odd_keys_are_kept_as_they_are(cli: Cli, aws: Witness) -> None:
    """Names with slashes, dots, spaces and signs are moved byte for byte, or left and counted."""
    at(cli, aws.server)
    odd = [
        "a.txt", "a.txt/b.txt", "x/y z+%2F&=?#.txt", "é.txt", "e\u0301.txt", "😀.txt",
        "new\nline.txt", "tab\t.txt", "quote\"'<>.txt", "k" * 250 + ".txt", "~tilde*.txt",
        "folder/", "two//slashes.txt", "./dot.txt", "up/../over.txt", "/first.txt",
    ]  # fmt: skip
    for key in odd:
        aws.put(key, b"" if key.endswith("/") else key.encode())
    before = aws.seen()

    done = cli("organize", aws.url, "-r")
    assert done.returncode in {0, 3}, done.stderr
    assert "Traceback" not in done.stderr
    after = aws.seen()
    assert contents(after) == contents(before)
    for key in ("two//slashes.txt", "./dot.txt", "up/../over.txt", "/first.txt", "folder/"):
        assert after[key] == before[key]
    cli.good("undo", "last")

    assert aws.seen() == before


def test_a_taken_name_is_not_overwritten(cli: Cli, bucket: Witness) -> None:
    """Where the target's key is taken by other content both stay."""
    at(cli, bucket.server)
    bucket.put("a.txt", b"new")
    bucket.put("Documents/a.txt", b"old")

    cli.good("organize", bucket.url)

    found = {key: seen.content for key, seen in bucket.seen().items()}
    assert found == {"Documents/a.txt": b"old", "Documents/a (1).txt": b"new"}


def test_dates_are_those_of_the_objects(cli: Cli, bucket: Witness) -> None:
    """The time in the metadata decides, and after the move it still does: nothing moves again."""
    at(cli, bucket.server)
    bucket.put("a.txt", b"a", {"mtime": "1715940000.5"})

    cli.good("organize", bucket.url, "-m", "category_month")
    assert bucket.listed() == ["Documents/2024/2024-05/a.txt"]
    again = cli.good("organize", bucket.url, "-r", "-m", "category_month")

    assert "Nothing to organize" in again


def test_a_versioned_bucket(cli: Cli, aws: Witness) -> None:
    """Where versions are kept organize and undo bring back what there was, too."""
    at(cli, aws.server)
    aws.client.put_bucket_versioning(
        Bucket=aws.bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    before = fill(aws, 12)

    cli.good("organize", aws.url, "-r")
    assert contents(aws.seen()) == contents(before)
    cli.good("undo", "last")

    assert aws.seen() == before


@pytest.mark.parametrize("provider", ["r2", "poor"])
def test_a_life_at_other_providers(cli: Cli, aws: Witness, control: Control, provider: str) -> None:
    """Where conditions are spelled otherwise, or not minded at all, nothing else changes."""
    at(cli, aws.server)
    before = fill(aws, 24)
    control.order(provider=provider)

    cli.good("organize", aws.url, "-r")
    control.order(provider="aws")  # the witness asks for tags
    assert contents(aws.seen()) == contents(before)
    control.order(provider=provider)
    assert "Nothing to organize" in cli.good("organize", aws.url, "-r")
    cli.good("undo", "last")
    control.order(provider="aws")

    assert aws.seen() == before


def test_an_r2_location(cli: Cli, aws: Witness, control: Control) -> None:
    """`r2://` is R2's way: its region, its condition."""
    at(cli, aws.server, "auto")
    for number in range(8):
        aws.put(f"{number}.txt", b"%d" % number)
    before = aws.etags()
    control.order(provider="r2")

    cli.good("organize", f"r2://{aws.bucket}")
    assert set(aws.etags()) == {f"Documents/{key}" for key in before}
    cli.good("undo", "last")

    assert aws.etags() == before


@pytest.mark.smoke
def test_over_tls(cli: Cli, rclone_tls: Server) -> None:
    """TLS with a certificate that AWS_CA_BUNDLE vouches for."""
    bucket = new_bucket(rclone_tls)
    at(cli, rclone_tls)
    before = fill(bucket, 12)

    cli.good("organize", bucket.url, "-r")
    assert contents(bucket.seen()) == contents(before)
    cli.good("undo", "last")

    assert bucket.seen() == before

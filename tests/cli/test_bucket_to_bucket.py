"""From one bucket to another, of the same service and of another, by command on real servers."""

import pytest

from tests.cli.bucket_world import NOT_TRIED, at, contents, fill
from tests.cli.conftest import Cli
from tests.cli.test_bucket_kills import kill
from tests.servers.fixtures import new_bucket
from tests.servers.started import Control, Server
from tests.servers.witness import Seen, Witness


@pytest.fixture
def other(server: Server) -> Witness:
    """A second bucket on the server of the first."""
    return new_bucket(server)


def filled(bucket: Witness, objects: int) -> dict[str, Seen]:
    """Put objects into a bucket, which may leave it."""
    seen = fill(bucket, objects)
    if bucket.server.control is not None:
        bucket.server.control.order(guard={})
    return seen


def test_a_whole_life_in_two_buckets(cli: Cli, bucket: Witness, other: Witness) -> None:
    """Preview, run, second run and undo: keys, bytes, metadata and tags of both are exact."""
    at(cli, bucket.server)
    before = filled(bucket, 40)
    other.put("sorted/Images/00000.jpg", b"was there before")
    there = other.seen()
    words = ("organize", bucket.url, "-r", "--into", f"{other.url}/sorted")

    cli.good(*words, "--dry-run")
    assert (bucket.seen(), other.seen()) == (before, there)

    cli.good(*words)
    assert bucket.seen() == {}
    moved = other.seen()
    assert there.items() <= moved.items()
    assert contents(moved) == contents(before) + contents(there)
    assert "Nothing to organize" in cli.good(*words)

    cli.good("undo", "last")
    assert (bucket.seen(), other.seen()) == (before, there)
    cli.good("redo", "last")
    assert other.seen().keys() == moved.keys()
    cli.good("undo", "last")
    assert (bucket.seen(), other.seen()) == (before, there)


@pytest.mark.parametrize("provider", ["aws", "r2", "poor"])
def test_the_other_bucket_is_written_as_its_server_lets(
    cli: Cli, aws: Witness, control: Control, provider: str
) -> None:
    """On each kind of server the copies are the server's, with metadata, headers and tags."""
    at(cli, aws.server)
    other = new_bucket(aws.server)
    before = filled(aws, 12)
    control.reset()
    control.order(provider=provider)

    cli.good("organize", aws.url, "-r", "--into", other.url)

    asked = control.counts()
    assert asked.get("GetObject", 0) < len(before)  # but to find out what the server does
    control.order(provider="aws")
    assert {seen.content: (seen.headers, seen.tags) for seen in other.seen().values()} == {
        seen.content: (seen.headers, seen.tags) for seen in before.values()
    }
    control.order(provider=provider)
    cli.good("undo", "last")
    control.order(provider="aws")
    assert (aws.seen(), other.seen()) == (before, {})


def test_another_service_gets_content_and_time(cli: Cli, bucket: Witness, other: Witness) -> None:
    """From `s3://` to `r2://` each object goes through this machine, and comes back."""
    at(cli, bucket.server)
    bucket.put("a.jpg", b"picture", {"mtime": "1600000000.5"})
    bucket.put("b.pdf", b"text")
    there = f"r2://{other.bucket}/sorted"

    cli.good("organize", bucket.url, "--into", there)
    assert bucket.listed() == []
    assert sorted(other.listed()) == ["sorted/Documents/b.pdf", "sorted/Images/a.jpg"]
    found = other.head("sorted/Images/a.jpg")["Metadata"]
    assert {name.lower(): held for name, held in found.items()} == {"mtime": "1600000000.5"}
    assert "Nothing to organize" in cli.good("organize", bucket.url, "--into", there)

    cli.good("undo", "last")
    assert {key: bucket.get(key) for key in bucket.listed()} == {
        "a.jpg": b"picture", "b.pdf": b"text",
    }  # fmt: skip
    assert [key for key in other.listed() if ".fileorg-" not in key] == []


@pytest.mark.parametrize("kind", ["CopyObject", "DeleteObjects"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("way", ["recover", "rollback"])
def test_killed_between_two_buckets(
    cli: Cli, aws: Witness, control: Control, kind: str, after: bool, way: str
) -> None:
    """Killed while a copy or a delete is under way, done or not, a run goes on or goes back."""
    at(cli, aws.server)
    other = new_bucket(aws.server)
    before = filled(aws, 12)
    control.fault(kind, "hold", after=after, key=NOT_TRIED)
    with cli.start("organize", aws.url, "-r", "--into", other.url) as run:
        control.wait_held()
        kill(run)
    control.reset()
    assert (contents(aws.seen()) | contents(other.seen())).keys() == contents(before).keys()

    if way == "recover":
        cli.good("recover")
        assert aws.seen() == {}
        assert contents(other.seen()) == contents(before)
        cli.good("undo", "last")
    else:
        cli.good("recover", "--rollback")
    assert (aws.seen(), other.seen()) == (before, {})

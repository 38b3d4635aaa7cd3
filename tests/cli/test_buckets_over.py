"""From a bucket of one service to that of another, on real servers; and what both ways share."""

import pytest

from tests.cli.bucket_world import at, contents
from tests.cli.conftest import Cli
from tests.cli.test_bucket_kills import kill
from tests.servers.fixtures import new_bucket
from tests.servers.started import Control, Server
from tests.servers.witness import Seen, Witness

MOVED = {
    "in/a.jpg": "archive/Images/a.jpg",
    "in/deep/b.pdf": "archive/Documents/b.pdf",
    "in/empty.txt": "archive/Documents/empty.txt",
    "in/c.mp3": "archive/Audio/c.mp3",
}

NOT_TRIED = r"^(?!.*\.fileorg-)"
COLD = {"StorageClass": "STANDARD_IA"}


def fill(bucket: Witness) -> dict[str, Seen]:
    """Put objects with all that may lie beside content; return what there is then."""
    is_rich = bucket.server.name == "ministack"
    bucket.put("in/a.jpg", b"picture", {"mtime": "1600000000.5", "who": "me"})
    bucket.put("in/deep/b.pdf", b"text", tags="kind=raw&of=b" if is_rich else "")
    bucket.put("in/empty.txt", b"", CacheControl="max-age=60", ContentType="text/x-test")
    bucket.put("in/c.mp3", b"song", {"who": "you"}, **(COLD if is_rich else {}))
    return bucket.seen()


@pytest.fixture
def pair(cli: Cli, server: Server) -> tuple[Witness, Witness]:
    """Return two buckets of each of the servers."""
    at(cli, server)
    return new_bucket(server), new_bucket(server)


@pytest.fixture
def apart(cli: Cli, aws: Witness, rclone: Server) -> tuple[Witness, Witness]:
    """Return a bucket that is reached as usual, and one of another service."""
    _reach(cli, aws.server, rclone)
    return aws, new_bucket(rclone)


def _reach(cli: Cli, near: Server, far: Server) -> None:
    """Let the command line reach two servers, the other by the keys of a profile."""
    at(cli, near)
    config = cli.base / "aws-config"
    config.write_text(
        f"[profile far]\naws_access_key_id = {far.access_key}\n"
        f"aws_secret_access_key = {far.secret_key}\nregion = us-east-1\n"
    )
    cli.env["AWS_CONFIG_FILE"] = str(config)


def words(one: Witness, other: Witness, *more: str) -> tuple[str, ...]:
    """Return the command that sorts one bucket into another."""
    into: tuple[str, ...] = ("--into", f"{other.url}/archive")
    if other.server is not one.server:
        into += ("--into-endpoint-url", other.server.endpoint, "--into-profile", "far")
    return ("organize", f"{one.url}/in", "-r", *into, *more)


def test_from_one_service_to_another_and_back(cli: Cli, apart: tuple[Witness, Witness]) -> None:
    """Content, headers, metadata and times arrive at another service; undo brings them back."""
    one, other = apart
    before = fill(one)
    cli.good(*words(*apart))
    assert one.listed() == []
    there = other.seen()
    assert {key: there[target].content for key, target in MOVED.items()} == {
        key: found.content for key, found in before.items()
    }
    empty = other.head("archive/Documents/empty.txt")
    assert (empty["CacheControl"], empty["ContentType"]) == ("max-age=60", "text/x-test")
    picture = other.head("archive/Images/a.jpg")["Metadata"]
    assert {name.lower(): held for name, held in picture.items()} == {
        "mtime": "1600000000.5", "who": "me",
    }  # fmt: skip
    assert "Nothing to organize" in cli.good(*words(*apart))

    cli.good("undo", "last")
    assert other.listed() == []
    back = one.seen()
    assert contents(back) == contents(before)
    for key, found in before.items():
        assert set(found.metadata) <= set(back[key].metadata)


def test_tags_come_from_one_service_to_another(cli: Cli, ministack: Server) -> None:
    """The same server by another name is another service: all but the storage class goes along."""
    at(cli, ministack)
    one, other = new_bucket(ministack), new_bucket(ministack)
    before = fill(one)
    by_name = ministack.endpoint.replace("127.0.0.1", "localhost")
    cli.good(*words(one, other), "--into-endpoint-url", by_name)
    assert other.tags("archive/Documents/b.pdf") == {"kind": "raw", "of": "b"}
    cli.good("undo", "last")
    for key, found in one.seen().items():
        kept = {name: held for name, held in before[key].headers if name != "StorageClass"}
        assert kept == {name: held for name, held in found.headers if name != "StorageClass"}
        assert (found.content, found.tags, found.metadata) == (
            before[key].content, before[key].tags, before[key].metadata,
        )  # fmt: skip


def test_copies_stay_beside_their_originals(cli: Cli, pair: tuple[Witness, Witness]) -> None:
    """With --copy the objects of the first bucket stay, and undo removes the copies."""
    one, other = pair
    before = fill(one)
    cli.good(*words(*pair, "--copy"))
    assert one.seen() == before
    assert sorted(other.listed()) == sorted(MOVED.values())
    cli.good("undo", "last")
    assert (one.seen(), other.seen()) == (before, {})


def test_a_saved_plan_goes_over(cli: Cli, ministack: Server) -> None:
    """A plan keeps both buckets, and is applied to them."""
    at(cli, ministack)
    one, other = new_bucket(ministack), new_bucket(ministack)
    before = fill(one)
    cli.good(*words(one, other), "--dry-run", "--save-plan", "plan")
    cli.good("apply", "plan")
    assert sorted(other.listed()) == sorted(MOVED.values())
    cli.good("undo", "last")
    assert (one.seen(), other.seen()) == (before, {})


def test_buckets_of_two_services_may_have_one_name(cli: Cli, aws: Witness, rclone: Server) -> None:
    """What is told apart is the bucket and its service, not the name alone."""
    _reach(cli, aws.server, rclone)
    other = new_bucket(rclone, name=aws.bucket)
    before = fill(aws)
    cli.good(*words(aws, other))
    assert aws.listed() == []
    assert sorted(other.listed()) == sorted(MOVED.values())
    cli.good("undo", "last")
    assert contents(aws.seen()) == contents(before)
    assert other.listed() == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("kind", "key"), [("PutObject", NOT_TRIED), ("DeleteObjects?", NOT_TRIED)])
@pytest.mark.parametrize("way", ["recover", "rollback", "run"])
def test_killed_on_the_way_to_another_service(
    cli: Cli, ministack: Server, control: Control, kind: str, key: str, after: bool, way: str
) -> None:
    """The same between two services, where each object comes through this machine."""
    at(cli, ministack)
    one, other = new_bucket(ministack), new_bucket(ministack)
    before = fill(one)
    by_name = ministack.endpoint.replace("127.0.0.1", "localhost")
    more = ("--into-endpoint-url", by_name)
    control.fault(kind, "hold", after=after, key=key)
    with cli.start(*words(one, other), *more) as run:
        control.wait_held()
        kill(run)
    control.reset()
    _ends_well(cli, one, other, before, way, *more)


def _ends_well(
    cli: Cli, one: Witness, other: Witness, before: dict[str, Seen], way: str, *more: str
) -> None:
    assert contents(before).keys() <= (contents(one.seen()) + contents(other.seen())).keys()
    if way == "rollback":
        cli.good("recover", "--rollback")
    else:
        cli.good(*(("recover",) if way == "recover" else (*words(one, other), *more)))
        assert one.listed() == []
        assert contents(other.seen()) == contents(before)
        while "no run to undo" not in (done := cli("undo", "last")).stderr:
            assert done.returncode == 0, done.stderr
    kept = {key: (s.content, s.metadata, s.tags) for key, s in one.seen().items()}
    assert kept == {key: (s.content, s.metadata, s.tags) for key, s in before.items()}
    assert other.listed() == []

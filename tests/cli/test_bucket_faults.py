"""What servers do to a run: it ends in a named state, and another one converges."""

import json

import pytest

from tests.cli.bucket_world import NOT_TRIED, at, contents, fill
from tests.cli.conftest import Cli
from tests.servers.started import Control
from tests.servers.witness import Seen, Witness

OBJECTS = 24


@pytest.fixture
def filled(cli: Cli, aws: Witness) -> dict[str, Seen]:
    """What there is before anything happens."""
    at(cli, aws.server)
    return fill(aws, OBJECTS)


def organized(bucket: Witness) -> set[bytes]:
    """Return each content that is there, but for what fileorg could not remove after trying it."""
    return {seen.content for key, seen in bucket.seen().items() if ".fileorg-" not in key}


def is_undone(cli: Cli, bucket: Witness, before: dict[str, Seen]) -> bool:
    """Take the last run back, and tell whether all is as it was."""
    cli.good("undo", "last")
    return bucket.seen() == before


@pytest.mark.parametrize(
    ("kind", "act", "more"),
    [
        (".*", "slowdown", {"times": 5, "skip": 3}),
        ("CopyObject", "slowdown", {"times": 30, "key": "^[A-Z]"}),
        ("DeleteObjects?", "slowdown", {"times": 5}),
        ("CopyObject", "internal", {"times": 3, "after": True}),
        ("CopyObject", "embedded", {"times": 3}),
        ("CopyObject", "conflict", {"times": 3}),
        ("CopyObject", "reset", {"times": 3}),
        ("CopyObject", "reset", {"times": 3, "after": True}),
        ("DeleteObjects?", "reset", {"times": 2}),
        ("DeleteObjects?", "reset", {"times": 2, "after": True}),
        ("ListObjectsV2", "reset", {"times": 1}),
        ("HeadObject", "reset", {"times": 3}),
        (".*", "latency", {"times": 200, "seconds": 0.02}),
    ],
)
def test_what_passes_is_outlasted(
    cli: Cli,
    aws: Witness,
    control: Control,
    filled: dict[str, Seen],
    kind: str,
    act: str,
    more: dict[str, object],
) -> None:
    """Busy servers, lost answers and conflicts that pass cost time and nothing else."""
    control.fault(kind, act, **more)

    cli.good("organize", aws.url, "-r")

    assert contents(aws.seen()) == contents(filled)
    assert {key.split("/")[0] for key in aws.listed()} == {
        "Documents",
        "Images",
        "Audio",
        "Archives",
    }
    assert is_undone(cli, aws, filled)


@pytest.mark.parametrize("act", ["slowdown", "reset"])
def test_a_storm_that_does_not_end(
    cli: Cli, aws: Witness, control: Control, filled: dict[str, Seen], act: str
) -> None:
    """A server that never answers ends the run in bounded time, and nothing is lost."""
    control.fault("CopyObject", act, times=None)

    done = cli("organize", aws.url, "-r")
    assert done.returncode in {3, 12}, done.stderr
    assert "Traceback" not in done.stderr
    assert aws.seen() == filled

    control.reset()
    cli("recover")
    cli.good("organize", aws.url, "-r")
    assert contents(aws.seen()) == contents(filled)


def test_a_delete_that_is_denied(
    cli: Cli, aws: Witness, control: Control, filled: dict[str, Seen]
) -> None:
    """Without the right to delete nothing moves, the run says so, and one with it converges."""
    control.fault("DeleteObjects?", "denied", times=None, key=NOT_TRIED)

    done = cli("organize", aws.url, "-r")
    assert done.returncode in {3, 12}, done.stderr
    assert "Access" in done.stdout + done.stderr
    assert contents(aws.seen()).keys() == contents(filled).keys()
    assert filled.items() <= aws.seen().items()

    control.reset()
    assert cli("organize", aws.url, "-r").returncode == 0
    assert contents(aws.seen()).keys() == contents(filled).keys()


@pytest.mark.parametrize("provider", ["aws", "poor"])
def test_copies_of_what_may_not_be_deleted_are_undone(
    cli: Cli, aws: Witness, control: Control, filled: dict[str, Seen], provider: str
) -> None:
    """Copies that could not be taken back are named, in text and JSON, and undo removes each."""
    control.order(provider=provider)
    control.fault("DeleteObjects?", "denied", times=None, key=NOT_TRIED)
    done = cli("organize", aws.url, "-r", "--output", "json")
    assert done.returncode == 3, done.stderr
    failures = json.loads(done.stdout)["failures"]
    copies = sorted(aws.seen().keys() - filled.keys())
    assert len(copies) == len(failures) == OBJECTS
    for key in copies:
        (named,) = [one["detail"] for one in failures if f"{aws.url}/{key} " in one["detail"]]
        assert named.count("AccessDenied") == 1
    assert "permission denied: s3:DeleteObject is denied (AccessDenied); its" in cli.good(
        "show", "last", "--status", "failed"
    )
    assert copies[0] in cli.good("show", "last", "--status", "failed")

    control.reset()
    assert is_undone(cli, aws, filled)


@pytest.mark.parametrize("provider", ["aws", "r2"])
def test_copies_that_may_not_be_looked_at(
    cli: Cli, aws: Witness, control: Control, filled: dict[str, Seen], provider: str
) -> None:
    """A copy that can't be proven is removed where that is safe, else named and undone."""
    control.order(provider=provider)
    for kind in ("HeadObject", "GetObject"):
        control.fault(kind, "denied", times=None, key="^(Documents|Images|Audio|Archives)/")

    done = cli("organize", aws.url, "-r", "--output", "json")
    assert done.returncode == 3, done.stderr
    details = [one["detail"] for one in json.loads(done.stdout)["failures"]]
    assert len(details) == OBJECTS
    assert all("s3:GetObject" in detail for detail in details)
    copies = aws.etags().keys() - filled.keys()
    assert len(copies) == (OBJECTS if provider == "r2" else 0)
    assert all(any(f"{aws.url}/{key} " in detail for detail in details) for key in copies)

    control.reset()
    if copies:
        cli.good("undo", "last")
    assert aws.seen() == filled


def test_a_dry_run_tells_what_it_could_not_read(cli: Cli, aws: Witness, control: Control) -> None:
    """Where content may not be read, a dry run says of how many, and that the run leaves them."""
    at(cli, aws.server)
    for key in ("photo", "b.weird", "c.txt"):
        aws.put(key, b"x")
    for kind in ("HeadObject", "GetObject"):
        control.fault(kind, "denied", times=None, key="^(photo|b.weird)$")

    preview = cli("organize", aws.url, "--dry-run")
    assert preview.returncode == 0
    assert "2 files could not be looked into" in preview.stderr
    assert "s3:GetObject" in preview.stderr
    assert "the run leaves what it can't read" in preview.stderr
    assert cli("organize", aws.url).returncode == 3
    assert sorted(aws.listed()) == ["Documents/c.txt", "b.weird", "photo"]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("CopyObject", {"skip": 5}),
        ("DeleteObjects?", {"skip": 1}),
        ("DeleteObjects?", {"key": NOT_TRIED}),
    ],
)
@pytest.mark.parametrize("act", ["expired", "denied"])
def test_rights_that_end_in_the_middle(
    cli: Cli,
    aws: Witness,
    control: Control,
    filled: dict[str, Seen],
    kind: str,
    more: dict[str, object],
    act: str,
) -> None:
    """Credentials that expire leave each object whole, and the next run does the rest."""
    control.fault(kind, act, times=None, **more)

    done = cli("organize", aws.url, "-r")
    assert done.returncode in {3, 12}, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert organized(aws) == contents(filled).keys()

    control.reset()
    cli.good("organize", aws.url, "-r")
    assert organized(aws) == contents(filled).keys()
    while "no run to undo" not in (done := cli("undo", "last")).stderr:
        assert done.returncode in {0, 3}, done.stderr


@pytest.mark.parametrize("provider", ["aws", "r2"])
def test_a_target_that_comes_meanwhile(
    cli: Cli, aws: Witness, control: Control, provider: str
) -> None:
    """Where another program writes the target just before the copy, its object stays."""
    at(cli, aws.server)
    aws.put("a.txt", b"ours")
    control.order(provider=provider)
    control.fault("CopyObject", "hold", key="^Documents/a.txt$")
    with cli.start("organize", aws.url) as run:
        control.wait_held()
        aws.put("Documents/a.txt", b"theirs")
        control.calm()  # the connection breaks, and the copy is tried again
        run.communicate(timeout=60)
    assert run.returncode == 3

    assert {key: aws.get(key) for key in aws.listed()} == {
        "a.txt": b"ours",
        "Documents/a.txt": b"theirs",
    }


def test_a_source_that_changes_meanwhile(cli: Cli, aws: Witness, control: Control) -> None:
    """What another program writes between the copy and the delete is not deleted."""
    at(cli, aws.server)
    aws.put("a.txt", b"old")
    control.fault("DeleteObjects?", "hold", key="^a.txt$")
    with cli.start("organize", aws.url) as run:
        control.wait_held()
        aws.put("a.txt", b"new")
        control.calm()
        run.communicate(timeout=60)

    assert aws.get("a.txt") == b"new"

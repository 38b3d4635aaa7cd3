"""SIGKILL of runs on buckets: at chosen requests, and at random moments. Nothing is ever lost.

The quick set is a handful; the long one, 30 rounds with 20,000 objects, is marked.
"""

import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.bucket_world import KINDS, NOT_TRIED, at, contents, etags, fill
from tests.cli.conftest import Cli
from tests.cli.test_signals import no_process_of
from tests.servers.fixtures import new_bucket
from tests.servers.started import Control, Server
from tests.servers.witness import Witness

AMOUNTS = [
    pytest.param(4, 300, 1, id="quick"),
    pytest.param(30, 20_000, 10, id="long", marks=pytest.mark.long),
]
LONGEST_RUN = 12
"""Seconds after which a run is killed at the latest, so that many are killed before all is done."""


def kill(run: "subprocess.Popen[bytes]") -> None:
    """Kill a run, and return when its workers are gone, too."""
    run.kill()
    run.wait()
    while not no_process_of(run.pid):
        pass


@pytest.mark.parametrize(
    ("kind", "provider", "skip"),
    [("CopyObject", "aws", 5), ("DeleteObjects", "aws", 0), ("DeleteObject", "r2", 5)],
)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("way", ["recover", "rollback", "run"])
def test_killed_at_a_request(
    cli: Cli,
    aws: Witness,
    control: Control,
    kind: str,
    provider: str,
    skip: int,
    after: bool,
    way: str,
) -> None:
    """Killed while a copy or a delete is under way, done or not, a run goes on or goes back."""
    at(cli, aws.server)
    before = fill(aws, 12)
    control.order(provider=provider)
    control.fault(kind, "hold", after=after, skip=skip, key=NOT_TRIED)
    with cli.start("organize", aws.url, "-r") as run:
        control.wait_held()
        kill(run)
    control.reset()
    assert contents(aws.seen()).keys() == contents(before).keys()

    if way == "rollback":
        cli.good("recover", "--rollback")
        assert aws.seen() == before
        return
    cli.good(*(("recover",) if way == "recover" else ("organize", aws.url, "-r")))
    assert contents(aws.seen()) == contents(before)
    assert {key.split("/")[0] for key in aws.listed()} == {
        "Documents",
        "Images",
        "Audio",
        "Archives",
    }
    while "no run to undo" not in (done := cli("undo", "last")).stderr:
        assert done.returncode == 0, done.stderr
    assert aws.seen() == before


@pytest.mark.parametrize("kind", ["PutObject", "CopyObject", "DeleteObject"])
def test_killed_while_it_is_tried_what_the_server_does(
    cli: Cli, aws: Witness, control: Control, kind: str
) -> None:
    """Nothing was moved, and the next run moves all."""
    at(cli, aws.server)
    before = fill(aws, 8)
    control.fault(kind, "hold", after=True)
    with cli.start("organize", aws.url, "-r") as run:
        control.wait_held()
        kill(run)
    control.reset()
    assert before.items() <= aws.seen().items()

    cli.good("organize", aws.url, "-r")

    assert contents(before).keys() <= contents(aws.seen()).keys()
    assert not aws.seen().keys() & before.keys()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", ["CopyObject", "DeleteObjects?"])
def test_an_undo_is_killed_at_a_request(
    cli: Cli, aws: Witness, control: Control, kind: str, after: bool
) -> None:
    """An undo that is killed is finished by `recover`, exactly."""
    at(cli, aws.server)
    before = fill(aws, 16)
    cli.good("organize", aws.url, "-r")
    control.fault(kind, "hold", after=after, key=NOT_TRIED)
    with cli.start("undo", "last") as run:
        control.wait_held()
        kill(run)
    control.reset()

    cli.good("recover")

    assert aws.seen() == before


def fill_quickly(bucket: Witness, objects: int) -> None:
    """Put many objects of different content."""

    def put(number: int) -> None:
        bucket.put(f"in{number % 7}/{number:05}.{KINDS[number % 4]}", b"%d" % number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(objects)))


@pytest.mark.parametrize(("rounds", "objects", "every"), AMOUNTS)
def test_killed_at_any_moment(
    cli: Cli, server: Server, rounds: int, objects: int, every: int
) -> None:
    """However often runs and undos are killed, no content is lost and the last undo is exact."""
    bucket = new_bucket(server)
    at(cli, server)
    fill_quickly(bucket, objects)
    before = etags(bucket)
    each = sorted(before.values())
    chance, kills = random.Random(20261126), 0
    started = time.monotonic()
    cli.good("organize", bucket.url, "-r")
    whole = min(time.monotonic() - started, LONGEST_RUN)
    cli.good("undo", "last")
    assert etags(bucket) == before

    for turn in range(rounds):
        for words in (("organize", bucket.url, "-r"), ("undo", "last"))[: 1 + turn % 2]:
            with cli.start(*words, stderr=subprocess.DEVNULL) as run:
                try:
                    run.wait(chance.uniform(0.3, 1.0) * whole)
                except subprocess.TimeoutExpired:
                    kills += 1
                kill(run)
            assert set(etags(bucket).values()) == set(each), turn
        if (turn + 1) % every == 0:
            done = cli("recover")
            assert done.returncode == 0, (turn, done.stderr)
            assert sorted(etags(bucket).values()) == each, turn
            while "no run to undo" not in (done := cli("undo", "last")).stderr:
                assert done.returncode == 0, (turn, done.stderr)
            assert etags(bucket) == before, turn
    print(f"{rounds} rounds with {objects} objects, {kills} kills, 0 lost")
    assert kills

"""Buckets: moves and listings against rclone and boto3, on the same server of this machine."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measure import BenchError, Runner
from tests.bench.workspace import remove
from tests.servers import started
from tests.servers.environment import NoServersError, programs
from tests.servers.fixtures import new_bucket

if TYPE_CHECKING:
    from tests.bench.rounds import Bench
    from tests.bench.table import Row
    from tests.servers.started import Server

MOVED, BY_BOTO3, LISTED, HELD = 10_000, 1_000, 100_000, 1_000_000
_AT_ONCE = "32"


def rows() -> tuple[Row, Row, Row, Row, Row]:
    """Return the rows of this part, with their bars."""
    from tests.bench.table import Row

    return (
        Row("bucket: organize (vs rclone move)", 1, MOVED),
        Row("bucket: undo (vs rclone move)", 1, MOVED),
        Row("bucket: processor time of a move (vs boto3)", 0.5, BY_BOTO3),
        Row("bucket: list (vs rclone lsf -R)", 1, LISTED),
        Row(f"bucket: memory, dry run of {HELD:,} keys", 400),
    )


def measure(bench: Bench, added: list[Row], *, pairs: int) -> None:
    """Add the rows of this part; `BenchError` where there are no servers."""
    moves, undos, work, lists, memory = rows()
    added += [moves, undos, work, lists, memory]
    try:
        rclone = str(programs() / "rclone")
    except NoServersError as error:
        raise BenchError(f"no S3 servers: {error}") from error
    with started.ministack() as server:
        runner = _runner(bench, server)
        for pair in range(pairs):
            bench.say(f"buckets, moves, {pair + 1} of {pairs}")
            theirs = runner.timed(_rclone_move(rclone, server, _filled(server, MOVED)))
            _moves(bench, runner, server, moves, undos, theirs.wall)
            bench.say(f"buckets, boto3, {pair + 1} of {pairs}")
            _work(bench, runner, server, work)
    with _pages(LISTED // 1000) as server:
        runner = _runner(bench, server)
        for pair in range(pairs):
            bench.say(f"buckets, listings, {pair + 1} of {pairs}")
            theirs = runner.timed([rclone, "lsf", "-R", ":s3:bench/in"])
            ours = runner.timed([*bench.python, "-m", "tests.bench.walk", "s3://bench/in"])
            lists.add(ours.wall, theirs.wall)
    with _pages(HELD // 1000) as server:
        bench.say("buckets, memory")
        words = ("organize", "s3://bench/in", "-r", "--dry-run", "-q", "--dedupe", "off")
        memory.peak = _runner(bench, server).peak([*bench.fileorg, *words])


def _moves(
    bench: Bench, runner: Runner, server: Server, moves: Row, undos: Row, theirs: float
) -> None:
    bucket = _filled(server, MOVED)
    for place in ("state", "cache"):
        remove(bench.folder / place)
    moves.add(runner.timed(_organize(bench, bucket)).wall, theirs)
    undos.add(runner.timed(bench.undo()).wall, theirs)


def _work(bench: Bench, runner: Runner, server: Server, row: Row) -> None:
    bucket = _filled(server, BY_BOTO3)
    theirs = runner.timed([*bench.python, "-m", "tests.bench.boto3_moves", bucket]).cpu
    start = runner.timed([*bench.python, "-c", "import boto3; boto3.client('s3')"]).cpu
    bucket = _filled(server, BY_BOTO3)
    ours = runner.timed(_organize(bench, bucket)).cpu
    first = runner.timed([*bench.fileorg, "--version"]).cpu
    row.add(ours - first, theirs - start)


def _organize(bench: Bench, bucket: str) -> list[str]:
    words = ("--no-progress", "-q", "--dedupe", "off")
    return [*bench.fileorg, "organize", f"s3://{bucket}/in", *words]


def _rclone_move(rclone: str, server: Server, bucket: str) -> list[str]:
    places = (f":s3:{bucket}/in", f":s3:{bucket}/out")
    return [rclone, "move", *places, "--transfers", _AT_ONCE, "--checkers", _AT_ONCE]


def _filled(server: Server, count: int) -> str:
    """Make a bucket of objects, and return its name."""
    bucket = new_bucket(server).bucket
    connection = http.client.HTTPConnection(server.endpoint.removeprefix("http://"))
    # The server of the tests looks at who signs, not at the signature.
    who = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request"}
    for number in range(count):
        connection.request("PUT", f"/{bucket}/in/{number:06}.jpg", b"%d" % number, who)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise BenchError(f"an object can't be written: {answer.status}")
    connection.close()
    return bucket


def _runner(bench: Bench, server: Server) -> Runner:
    told = {
        "RCLONE_CONFIG": "/dev/null",
        "RCLONE_S3_PROVIDER": "Other",
        "RCLONE_S3_ENDPOINT": server.endpoint,
        "RCLONE_S3_ACCESS_KEY_ID": server.access_key,
        "RCLONE_S3_SECRET_ACCESS_KEY": server.secret_key,
        "RCLONE_S3_REGION": "us-east-1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return Runner({**bench.runner.env, **server.environment(), **told}, bench.runner.log)


@contextmanager
def _pages(folders: int) -> Iterator[Server]:
    """Serve ready-made listings of so many thousand keys."""
    words = [sys.executable, "-m", "tests.bench.pages", str(folders)]
    house = Path(__file__).parents[2]
    with subprocess.Popen(words, cwd=house, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            yield started.Server("pages", f"http://127.0.0.1:{port}", "test", "test")
        finally:
            process.kill()

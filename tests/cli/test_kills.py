"""SIGKILL of real runs and undos at random moments: nothing is lost, and undo is exact to the byte.

The quick set takes some twenty seconds; the long one, 1,000 rounds, is marked.
"""

import os
import random
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_signals import no_process_of
from tests.pipeline.harness import Snapshot, contents, snapshot

FILES = 400
ROUNDS = [pytest.param(24, id="quick"), pytest.param(1000, id="long", marks=pytest.mark.long)]
ATTRIBUTE = "user.fileorg.test"
WAYS = (
    ("organize", "root", "-r"),
    ("organize", "root", "-r", "-m", "category_month"),
    ("organize", "root", "-r", "--on-conflict", "replace"),
    ("organize", "root", "--folders", "whole"),
    ("organize", "root", "-r", "--copy"),
    ("organize", "root", "-r", "--dedupe", "quarantine"),
    ("dedupe", "root", "--action", "quarantine"),
    ("dedupe", "root", "--action", "hardlink"),
)


def fill(root: Path) -> None:
    """Make files of many modes and times in nested folders, some with an attribute of their own.

    Every third holds the same as the one before it.
    """
    for number in range(FILES):
        folder = root / f"in{number % 7}" / f"deep{number % 3}"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{number % 90:05}.{('txt', 'jpg', 'mp3', 'zip')[number % 4]}"
        file = file if not file.exists() else folder / f"other {number}.bin"
        like = number - 1 if number % 3 == 0 else number
        file.write_bytes(b"%d" % like * (like % 50))
        file.chmod((0o644, 0o600, 0o440, 0o755)[number % 4])
        if number % 5 == 0:
            with suppress(OSError):  # not every file system keeps them
                os.setxattr(file, ATTRIBUTE, b"%d" % number)
        os.utime(file, ns=(10**18 + number, 10**18 + 977 * number))


def attributes(root: Path) -> dict[bytes, bytes]:
    """Return the extended attributes of all there is, by the file's content and time."""
    found = {}
    for folder, _, names in os.walk(os.fsencode(root)):
        for name in names:
            path = os.path.join(folder, name)
            with suppress(OSError):
                found[path] = os.getxattr(path, ATTRIBUTE)
    return found


def killed(cli: Cli, words: tuple[str, ...], seconds: float) -> bool:
    """Run a command and kill it after that time; return whether it was still at work."""
    with cli.start(*words, stderr=subprocess.DEVNULL) as run:
        try:
            run.wait(seconds)
        except subprocess.TimeoutExpired:
            run.kill()
    while not no_process_of(run.pid):  # workers see that their parent is gone
        pass
    return run.returncode != 0


def lost(root: Path, before: Snapshot) -> int:
    """Return how many files are nowhere any more."""
    expected = [facts for facts in before.values() if facts[0] != "folder"]
    there = contents(root)
    return sum(there[facts] < expected.count(facts) for facts in set(expected))


def take_all_back(cli: Cli) -> None:
    """Undo the last run, and the one before, until there is none."""
    while "no run to undo" not in (done := cli("undo", "last")).stderr:
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("rounds", ROUNDS)
def test_killed_at_any_moment(cli: Cli, rounds: int) -> None:
    """However often runs and undos are killed, nothing is lost and the last undo is exact."""
    fill(cli.root)
    before, kept = snapshot(cli.root), attributes(cli.root)
    chance, kills = random.Random(20261122), 0
    started = time.monotonic()
    cli.good("organize", "root", "-r")
    whole = time.monotonic() - started
    cli.good("undo", "last")
    assert before == snapshot(cli.root)

    for turn in range(rounds):
        words = WAYS[turn % len(WAYS)]
        was_at_work = killed(cli, words, chance.uniform(0.4, 1.0) * whole)
        kills += was_at_work
        whole *= 1.1 if was_at_work else 0.8  # the machine is not as busy as it was at first
        assert not lost(cli.root, before), turn
        if turn % 3 == 1:
            kills += killed(cli, ("undo", "last"), chance.uniform(0.4, 1.0) * whole)
            assert not lost(cli.root, before), turn
        if turn % 4 == 2:
            # another run goes on from there, and perhaps dies too
            kills += killed(cli, WAYS[turn * 5 % len(WAYS)], chance.uniform(0.4, 1.4) * whole)
            assert cli("recover").returncode == 0, turn
            assert not lost(cli.root, before), turn
        take_all_back(cli)
        assert before == snapshot(cli.root), (turn, words)
        assert kept == attributes(cli.root), turn
    print(f"{rounds} rounds, {kills} kills, 0 lost")
    assert kills > rounds // 5

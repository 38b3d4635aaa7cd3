"""Signals at any moment: the right exit code, and a tree that undo brings back exactly."""

import os
import random
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.pipeline.harness import Snapshot, snapshot


def fill(root: Path, files: int) -> Snapshot:
    """Make many small files in some folders; return how they are."""
    for number in range(files):
        folder = root / f"in{number % 7}"
        folder.mkdir(exist_ok=True)
        kind = ("txt", "jpg", "mp3", "zip")[number % 4]
        (folder / f"{number:05}.{kind}").write_bytes(b"%d" % number)
    return snapshot(root)


def moved(root: Path) -> int:
    """Return how many files have arrived."""
    count = 0
    for folder in ("Documents", "Images", "Audio", "Archives"):
        with suppress(FileNotFoundError):
            count += len(os.listdir(root / folder))
    return count


def wait_for(run: "subprocess.Popen[bytes]", root: Path, files: int) -> None:
    """Return when that many files have arrived, or the run has ended."""
    while run.poll() is None and moved(root) < files:
        pass


def no_process_of(session: int) -> bool:
    """Whether no process of a session is left, but for zombies."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session and fields[0] not in "ZX":
                    return False
    return True


@pytest.mark.smoke
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_in_the_middle(cli: Cli, number: signal.Signals) -> None:
    """A signal to the whole group ends a run with 128 + n; undo brings everything back."""
    before = fill(cli.root, 20_000)
    with cli.start("organize", "root", "-r") as run:
        wait_for(run, cli.root, 500)
        assert run.poll() is None
        os.killpg(run.pid, number)
        errors = run.communicate(timeout=60)[1].decode()
    assert run.returncode == 128 + number, errors
    assert "fileorg recover" in errors
    assert "fileorg undo" in errors
    assert "Traceback" not in errors
    assert 0 < moved(cli.root) < 20_000
    assert no_process_of(run.pid)
    cli.good("undo", "last")
    assert snapshot(cli.root) == before


def test_signal_before_the_plan_is_durable(cli: Cli) -> None:
    """A signal while the plan is made leaves no journal and touches nothing."""
    before = fill(cli.root, 8_000)
    with cli.start("organize", "root", "-r", "--output", "jsonl", stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        wait_for_plan(run.pid, cli.root)
        os.killpg(run.pid, signal.SIGINT)
        errors = run.communicate(timeout=60)[1].decode()
    assert run.returncode == 130, errors
    assert "Traceback" not in errors
    assert len(errors.splitlines()) == 1
    assert not cli.journals()
    assert snapshot(cli.root) == before


def wait_for_plan(pid: int, root: Path) -> None:
    """Return when a process holds its root open: it is about to make the plan."""
    while True:
        with suppress(OSError):
            handles = os.listdir(f"/proc/{pid}/fd")
            if str(root) in [os.readlink(f"/proc/{pid}/fd/{handle}") for handle in handles]:
                return


def test_kill_and_undo_twelve_times(cli: Cli) -> None:
    """However often a run is killed, and wherever, undo brings the tree back exactly."""
    files, rounds = 8_000, 12
    before = fill(cli.root, files)
    chance = random.Random(20261122)
    reached = set()
    for turn in range(rounds):
        with cli.start("organize", "root", "-r", stderr=subprocess.DEVNULL) as run:
            if turn % 4:
                wait_for(run, cli.root, chance.randrange(1, files - 1000))
            else:
                known = len(cli.journals())
                while run.poll() is None and len(cli.journals()) == known:
                    pass
            run.kill()
        reached.add(moved(cli.root) > 0)
        while not no_process_of(run.pid):  # workers see that their parent is gone
            pass
        done = cli("undo", "last")
        assert done.returncode == 0 or "no run to undo" in done.stderr, (turn, done.stderr)
        assert snapshot(cli.root) == before, turn
    assert True in reached


def test_a_run_that_has_ended_is_not_recovered(cli: Cli) -> None:
    """Named to recover, finished or to be rolled back, it is left as it is, and the way is told."""
    (cli.root / "a.jpg").write_bytes(b"a")
    cli.good("organize", str(cli.root))
    (journal,) = (cli.base / "state" / "runs").glob("*.db")
    before = journal.read_bytes()
    for words in (("recover", "last"), ("recover", "last", "--rollback")):
        done = cli(*words)
        assert done.returncode == 2
        assert "was not interrupted" in done.stderr
        assert "fileorg undo" in done.stderr
    assert journal.read_bytes() == before

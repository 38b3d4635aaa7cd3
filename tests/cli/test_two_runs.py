"""Two real runs at once on folders that overlap: one works, the other waits or is sent away."""

import os
import subprocess

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_bad_input import has_open
from tests.pipeline.harness import snapshot
from tests.trees import make_tree

FILES = 3000
"""Their names do not fit into a pipe, so that a run whose log is one stands still."""


class Stuck:
    """A run in the midst of its moves, which goes on when nobody has its log open any more."""

    def __init__(self, cli: Cli) -> None:
        os.mkfifo(cli.base / "log")
        self._log = os.open(cli.base / "log", os.O_RDWR)
        words = ("organize", cli.root / "sub", "--jobs", "1", "--log-file", cli.base / "log")
        self._run = cli.start(*words)
        os.read(self._log, 1)  # it has moved something, and logs what

    def poll(self) -> int | None:
        """Return its exit code; None while it is at work."""
        return self._run.poll()

    def finish(self) -> None:
        """Let it come to its end, which must be a good one."""
        os.close(self._log)
        _, errors = self._run.communicate(timeout=60)
        assert self._run.returncode == 0, errors


@pytest.fixture
def stuck(cli: Cli) -> Stuck:
    """Return a run that stands still until it is told to finish."""
    make_tree(cli.root, {b"sub/%04d%s.txt" % (n, b"x" * 60): b"%d" % n for n in range(FILES)})
    return Stuck(cli)


@pytest.mark.parametrize("where", ["root/sub", "root", "root/sub/Documents"])
@pytest.mark.parametrize("verb", ["organize", "undo"])
def test_the_second_is_sent_away_while_the_first_works(
    cli: Cli, stuck: Stuck, where: str, verb: str
) -> None:
    """A run on the folder of another, around it or in it, ends with 10 and changes nothing."""
    before, journals = _still(cli), cli.journals()
    words = ("undo", journals[0].stem) if verb == "undo" else ("organize", where, "-r")
    second = cli(*words)
    assert stuck.poll() is None
    assert (second.returncode, second.stdout) == (10, ""), second.stderr
    assert "another run is at work there" in second.stderr.splitlines()[-1]
    assert "--wait" in second.stderr
    assert (_still(cli), cli.journals()) == (before, journals)
    stuck.finish()
    assert len(list((cli.root / "sub" / "Documents").iterdir())) == FILES


def test_with_wait_the_second_goes_when_the_first_has_ended(cli: Cli, stuck: Stuck) -> None:
    """A run that waits begins when the other has ended, and finds its work done."""
    with cli.start("organize", "root/sub", "--wait", "60", stdout=subprocess.PIPE) as second:
        while not has_open(second.pid, cli.root / "sub"):
            assert second.poll() is None
        assert stuck.poll() is None
        stuck.finish()
        out, errors = second.communicate(timeout=60)
    assert second.returncode == 0, errors
    assert b"Nothing to organize" in out
    assert len(cli.journals()) == 1


def test_a_preview_need_not_wait(cli: Cli, stuck: Stuck) -> None:
    """A dry run takes no lock: it only looks, also while another run works."""
    assert cli("organize", "root/sub", "-n").returncode == 0
    stuck.finish()


def _still(cli: Cli) -> dict[bytes, tuple[str, int, int, bytes]]:
    """Return the tree when it has stopped to change: the pipe is full."""
    one: dict[bytes, tuple[str, int, int, bytes]] = {}
    other = snapshot(cli.root)
    while one != other:
        one, other = other, snapshot(cli.root)
    return other

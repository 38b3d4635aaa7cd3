"""Two real runs at once on folders that overlap: one works, the other waits or is sent away."""

import os
import subprocess

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_bad_input import has_open
from tests.pipeline.harness import snapshot
from tests.trees import make_tree

FILES = 3000
"""With -v their names do not fit into a pipe, so that a run nobody reads stands still."""


@pytest.fixture
def stuck(cli: Cli) -> "subprocess.Popen[bytes]":
    """Return a run in the midst of its moves, which goes on when its stdout is read."""
    make_tree(cli.root, {b"sub/%04d%s.txt" % (n, b"x" * 60): b"%d" % n for n in range(FILES)})
    run = cli.start("organize", cli.root / "sub", "-v", "--jobs", "1", stdout=subprocess.PIPE)
    assert run.stdout is not None
    os.read(run.stdout.fileno(), 1)  # it has moved something, and prints what
    return run


@pytest.mark.parametrize("where", ["root/sub", "root", "root/sub/Documents"])
@pytest.mark.parametrize("verb", ["organize", "undo"])
def test_the_second_is_sent_away_while_the_first_works(
    cli: Cli, stuck: "subprocess.Popen[bytes]", where: str, verb: str
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
    _finish(stuck)
    assert len(list((cli.root / "sub" / "Documents").iterdir())) == FILES


def test_with_wait_the_second_goes_when_the_first_has_ended(
    cli: Cli, stuck: "subprocess.Popen[bytes]"
) -> None:
    """A run that waits begins when the other has ended, and finds its work done."""
    with cli.start("organize", "root/sub", "--wait", "60", stdout=subprocess.PIPE) as second:
        while not has_open(second.pid, cli.root / "sub"):
            assert second.poll() is None
        assert stuck.poll() is None
        _finish(stuck)
        out, errors = second.communicate(timeout=60)
    assert second.returncode == 0, errors
    assert b"Nothing to organize" in out
    assert len(cli.journals()) == 1


def test_a_preview_need_not_wait(cli: Cli, stuck: "subprocess.Popen[bytes]") -> None:
    """A dry run takes no lock: it only looks, also while another run works."""
    assert cli("organize", "root/sub", "-n").returncode == 0
    _finish(stuck)


def _still(cli: Cli) -> dict[bytes, tuple[str, int, int, bytes]]:
    """Return the tree when it has stopped to change: the pipe is full."""
    one: dict[bytes, tuple[str, int, int, bytes]] = {}
    other = snapshot(cli.root)
    while one != other:
        one, other = other, snapshot(cli.root)
    return other


def _finish(run: "subprocess.Popen[bytes]") -> None:
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors

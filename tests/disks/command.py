"""fileorg as a process of its own, which can be held before a step while a disk changes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.disks.mounts import Word, die_with_parent
from tests.pipeline.harness import Desk

REPOSITORY = Path(__file__).parents[2]
DONE, FAILED, UNAVAILABLE, BUSY = 0, 3, 12, 10

_SCRIPTED = """
import sys
from fileorg.cli.app import run
from tests.pipeline.faults import Faults, at_work
with at_work(Faults(sys.argv.pop(1))):
    run()
"""


class Ended(NamedTuple):
    """How a command ended, and what it said about it."""

    code: int
    says: str


class Running:
    """A command that has begun."""

    def __init__(self, words: Sequence[Word], env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, preexec_fn=die_with_parent,  # noqa: PLW1509 - as for daemons
        )  # fmt: skip
        self.pid = self._process.pid

    def is_held(self) -> bool:
        """Wait until it stands still or has ended; return which of them."""
        found = os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        return found is not None and found.si_code == os.CLD_STOPPED

    def ended(self) -> Ended:
        """Let it go on to its end, which a command that hangs does not reach."""
        self._process.send_signal(signal.SIGCONT)
        says = self._process.communicate(timeout=60)[1]
        assert b"Traceback" not in says, says.decode()
        return Ended(self._process.returncode, says.decode())

    def kill(self) -> None:
        """End it, if it has not ended."""
        self._process.kill()
        self._process.communicate()


class Command:
    """Runs commands with the state folder of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __call__(self, *words: Word) -> Ended:
        """Run a command to its end."""
        return self.started(*words).ended()

    def started(self, *words: Word, under: Sequence[Word] = ()) -> Running:
        """Start a command, *under* another program such as strace."""
        return Running([*under, sys.executable, "-m", "fileorg", *words], self._env)

    @contextmanager
    def held(self, script: str, *words: Word) -> Iterator[Running]:
        """Start a command that a script of faults stops before a step; it is held in the block."""
        running = Running([sys.executable, "-c", _SCRIPTED, script, *words], self._env)
        try:
            assert running.is_held(), running.ended()
            yield running
        finally:
            running.kill()

    @property
    def _env(self) -> dict[str, str]:
        state = str(self._desk.state.path)
        return os.environ | {"FILEORG_STATE_DIR": state, "PYTHONPATH": str(REPOSITORY)}


def message(ended: Ended) -> str:
    """Return the one line in which a command says why it ended as it did."""
    lines = [line for line in ended.says.splitlines() if line.startswith("fileorg: ")]
    assert len(lines) == 1, ended
    return lines[0]

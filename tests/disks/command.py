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
from tests.product import FILEORG

REPOSITORY = Path(__file__).parents[2]
DONE, NO_SOURCE, FAILED, BUSY, UNAVAILABLE = 0, 2, 3, 10, 12

_SCRIPTED = """
import sys
from fileorg.cli.app import run
from tests.pipeline.faults import Faults, at_work
with at_work(Faults(sys.argv.pop(1))):
    run()
"""


class Ended(NamedTuple):
    """How a command ended, what it said about it, and what it printed."""

    code: int
    says: str
    prints: str = ""


class Running:
    """A command that has begun."""

    def __init__(self, words: Sequence[Word], env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, preexec_fn=die_with_parent,  # noqa: PLW1509 - as for daemons
        )  # fmt: skip
        self.pid = self._process.pid

    def is_held(self) -> bool:
        """Wait until it stands still or has ended; return which of them."""
        found = os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        return found is not None and found.si_code == os.CLD_STOPPED

    def go_on(self) -> None:
        """Let it go on, and what it has started, such as the command under strace."""
        started = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for pid in (self.pid, *map(int, started)):
            os.kill(pid, signal.SIGCONT)

    def is_waiting_for_a_server(self) -> bool:
        """Whether it stands in a call of a file system that a process serves."""
        return Path(f"/proc/{self.pid}/wchan").read_text() == "request_wait_answer"

    def ended(self) -> Ended:
        """Let it go on to its end, which a command that hangs does not reach."""
        self.go_on()
        prints, says = self._process.communicate(timeout=60)
        assert b"Traceback" not in says, says.decode()
        return Ended(self._process.returncode, says.decode(), prints.decode())

    def kill(self) -> None:
        """End it, if it has not ended."""
        self._process.kill()
        self._process.communicate()


def strace(*rules: str, path: Path | None = None) -> list[Word]:
    """Return words that let system calls of a command fail, or those alone that touch a *path*."""
    words: list[Word] = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "signal=none"]
    words += ["-e", f"trace={','.join(rule.split(':')[0] for rule in rules)}"]
    words += [word for rule in rules for word in ("-e", f"inject={rule}")]
    return words if path is None else [*words, "-P", path]


class Command:
    """Runs commands with the state folder of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __call__(self, *words: Word) -> Ended:
        """Run a command to its end."""
        return self.started(*words).ended()

    def started(self, *words: Word, under: Sequence[Word] = ()) -> Running:
        """Start a command, *under* another program such as strace."""
        return Running([*under, *FILEORG, *words], self._env)

    def killed(self, call: str, number: int, *words: Word) -> None:
        """Run a command that is killed just before its *number*-th system call of that name."""
        under = strace(f"{call}:signal=KILL:when={number}")
        assert self.started(*words, under=under).ended().code == -signal.SIGKILL

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
    lines = [
        line
        for line in ended.says.splitlines()
        if line.startswith("fileorg: ") and not line.startswith("fileorg: first run: ")
    ]
    assert len(lines) == 1, ended
    return lines[0]

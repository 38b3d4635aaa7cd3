"""The command line as a user has it: a process of its own, with folders of its own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.product import FILEORG

REPOSITORY = Path(__file__).parents[2]
Word = str | bytes | Path


class Cli:
    """Runs fileorg in *base*; `root` is a folder to organize."""

    def __init__(self, base: Path) -> None:
        self.base, self.root = base, base / "root"
        self.state, self.config = base / "state", base / "config" / "fileorg" / "config.yaml"
        for folder in (self.root, base / "home", self.config.parent):
            folder.mkdir(parents=True)
        self.command = FILEORG
        kept = ("PATH", "PYTHONPATH", "TMPDIR", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START")
        self.env = {name: os.environ[name] for name in kept if name in os.environ}
        self.env |= {
            "FILEORG_STATE_DIR": str(self.state),
            "XDG_CONFIG_HOME": str(base / "config"),
            "HOME": str(base / "home"),
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]),
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLUMNS": "100",
        }

    def __call__(self, *words: Word, **env: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end; *env* is set for it too."""
        done = subprocess.run(
            [*self.command, *words], cwd=self.base, env=self.env | env,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        return subprocess.CompletedProcess(
            done.args, done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr)
        )

    def good(self, *words: Word, **env: str) -> str:
        """Run a command that must end with 0; return its stdout."""
        done = self(*words, **env)
        assert done.returncode == 0, (done.stdout, done.stderr)
        return done.stdout

    def start(
        self,
        *words: Word,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        stderr: int = subprocess.PIPE,
    ) -> "subprocess.Popen[bytes]":
        """Start a command in a session of its own, as a terminal would."""
        return subprocess.Popen(
            [*self.command, *words], cwd=self.base, env=self.env, stdin=subprocess.DEVNULL,
            stdout=stdout, stderr=stderr, start_new_session=True,
        )  # fmt: skip

    def journals(self) -> list[Path]:
        """Return the journals there are."""
        return sorted((self.state / "runs").glob("*.db"))


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    """Return a command line of its own."""
    yield Cli(tmp_path)

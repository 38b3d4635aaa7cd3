"""The command line as a user has it: a process of its own, with folders of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.product import FILEORG
from tests.trees import make_tree

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

    def past_the_first_run(self) -> None:
        """Let there be a run already: the first one says more."""
        first = self.base / "first"
        first.mkdir()
        (first / "a.jpg").write_bytes(b"a")
        self.good("organize", "first")

    def journals(self) -> list[Path]:
        """Return the journals there are."""
        return sorted((self.state / "runs").glob("*.db"))


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    """Return a command line of its own."""
    yield Cli(tmp_path)


@pytest.fixture
def short_cli() -> Iterator[Cli]:
    """Return a command line of its own, in a folder whose path always has the same length."""
    base = Path(tempfile.mkdtemp(prefix="fo-", dir="/tmp"))
    yield Cli(base)
    shutil.rmtree(base)


@pytest.fixture
def ran(short_cli: Cli) -> Cli:
    """Return a command line whose last run did, failed and set aside something."""
    cli = short_cli
    cli.env["TZ"] = "UTC"
    make_tree(
        cli.root,
        {
            b"a.txt": b"a" * 1500,
            b"b.txt": b"b" * 20,
            b"copy of b.txt": b"b" * 20,
            b"deep/er/new\nline\x1b[31m.txt": b"c" * 300,
            "deep/\u0444\u0430\u0439\u043b \u00e9.txt".encode(): b"d" * 4,
            b"deep/broken\xff.txt": b"e" * 5,
            b"song.mp3": b"m" * 70_000,
            b"Images": b"a file in the way",
            b"x.jpg": b"x",
        },
    )
    for number, path in enumerate(sorted(cli.root.rglob("*"))):
        os.utime(path, (10**9 + number * 40_000_000,) * 2)
    assert cli("organize", "root", "-r", "--dedupe", "quarantine").returncode == 3
    return cli

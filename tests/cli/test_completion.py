"""Completion in real shells, each on a terminal: what it puts in is one word to that shell."""

import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from fileorg.cli.completion import bash_word, split_line
from tests.cli.conftest import Cli

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(fileorg completion bash)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'autoload -Uz compinit; compinit -u; eval "$(fileorg completion zsh)"',
    ),
    "fish": (["fish", "--no-config", "-i"], "fileorg completion fish | source"),
}
PATIENCE = 60


class Shell:
    """A shell on a terminal of its own, to type into."""

    def __init__(self, words: list[str], cli: Cli) -> None:
        program = cli.base / "bin" / "fileorg"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {shlex.join(cli.command)} "$@"\n')
        program.chmod(0o755)
        env = cli.env | {"PATH": f"{program.parent}:{cli.env['PATH']}", "PS1": "% "}
        self.pid, self._handle = pty.fork()
        if self.pid == 0:
            os.chdir(cli.base)
            os.execvpe(words[0], words, env)

    def type(self, keys: str, until: str) -> str:
        """Type keys; return what is shown up to the text that comes of them."""
        os.write(self._handle, keys.encode())
        shown, end = b"", time.monotonic() + PATIENCE
        while not re.search(until.encode(), shown):
            left = end - time.monotonic()
            assert left > 0, shown
            if select.select([self._handle], [], [], left)[0]:
                shown += os.read(self._handle, 65536)
        return shown.decode()

    def close(self) -> None:
        """End the shell."""
        os.close(self._handle)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@pytest.fixture(params=SHELLS)
def shell(cli: Cli, request: pytest.FixtureRequest) -> Iterator[Shell]:
    """Return a shell that completes fileorg, where categories of the user's have spaces."""
    words, setup = SHELLS[request.param]
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    cli.config.write_text("categories: {My Cats: [zzq], My Cows: [zzr]}\n")
    shell = Shell(words, cli)
    try:
        shell.type(f'{setup}; echo RE""ADY\n', "READY")
        yield shell
    finally:
        shell.close()


@pytest.mark.parametrize("typed", ["My\\ Ca", '"My Ca', "'My Ca"])
def test_a_name_with_a_space_is_one_word(shell: Shell, typed: str) -> None:
    """A category with a space is completed, in quotes or not, so that the command finds it."""
    shell.type(f"fileorg categories show {typed}\t", "ts")
    assert "zzq" in shell.type('; echo DO""NE\n', "DONE")


def test_what_names_have_in_common_is_put_in_first(shell: Shell) -> None:
    """Of two categories that begin alike the beginning is put in as one word, and goes on so."""
    shell.type("fileorg categories show My\t", r"C")
    shell.type("o\t", "ws")
    assert "zzr" in shell.type('; echo DO""NE\n', "DONE")


@pytest.mark.parametrize(
    ("word", "quote", "read"),
    [
        ("My Cats", "", r"My\ Cats"),
        ("My Cats", '"', "My Cats"),
        ("Plain-1,2_é", "", "Plain-1,2_é"),
        ("it's $x", "", r"it\'s\ \$x"),
        ("it's $x", '"', r"it's \$x"),
        ("it's $x", "'", r"it'\''s $x"),
    ],
)
def test_words_are_escaped_as_bash_reads_them(word: str, quote: str, read: str) -> None:
    """What bash is given, after an open quote or none, it reads as the word that is meant."""
    assert bash_word(word, quote) == read
    said = subprocess.run(
        ["bash", "-c", f"printf %s {quote}{read}{quote}"],
        env={"LC_ALL": "C.UTF-8"}, capture_output=True, check=True,
    )  # fmt: skip
    assert said.stdout.decode() == word


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("fileorg show ", (["show"], "")),
        ("fileorg show My\\ ", (["show"], "My ")),
        ('fileorg show "My ', (["show"], "My ")),
        ("fileorg sho", ([], "sho")),
        ("fileorg", ([], "fileorg")),
    ],
)
def test_a_space_in_a_word_does_not_end_it(line: str, parts: tuple[list[str], str]) -> None:
    """The line up to the cursor is split as the shell splits it, the last word begun or not."""
    assert split_line(line) == parts

"""Every command on terminals and pipes of every kind, as files that are compared."""

import re

import pytest

from tests.cli.conftest import Cli
from tests.cli.golden import WAYS, assert_golden, printed
from tests.docs.test_docs import COMMANDS

LIFE = (
    ("config", "init"), ("config", "show"), ("config", "check"), ("config", "path"),
    ("categories", "list"), ("categories", "add", "Drafts", "draft", "wip"),
    ("categories", "edit", "Drafts", "--add-extension", "tmpl"), ("categories", "show", "Drafts"),
    ("categories", "remove", "Drafts"),
    ("scan", "root", "--no-progress"), ("explain", "root/Documents/a.txt"),
    ("organize", "root", "-r", "--mode", "year", "-n", "--no-progress"),
    ("organize", "root", "-r", "--mode", "year", "-n", "--save-plan", "plan", "-q"),
    ("apply", "plan", "-v", "--no-progress"), ("runs",),
    ("undo", "last", "--only", "*.txt", "--no-progress"), ("undo", "last", "--no-progress"),
    ("redo", "last", "--no-progress"), ("recover", "--no-progress"),
    ("dedupe", "root", "--no-progress"), ("purge", "last"), ("prune", "--keep", "20"),
    ("doctor",), ("cache", "clear"), ("completion", "bash"),
    ("undo", "nothing"), ("organise", "root"), ("organize", "no-such-folder"),
)  # fmt: skip
"""A session with each command in it, and with what users get wrong."""

DIFFERS = (
    (r"[\d,]+ bytes of files", "SIZE of files"),
    (r"BASE/root: \w+, writable.*(\n +.*)*", "BASE/root: FILE SYSTEM"),
    (r"(?<=cache clear\n--- stdout\n)Freed .*", "Freed SIZE"),
)
"""What hangs on the machine: a pattern, and what stands for it."""

ELSEWHERE = {"show", "report", "man"}
"""Commands whose output has tests of its own in each of the ways, or is a page of its own."""


@pytest.mark.parametrize("way", WAYS)
def test_what_every_command_prints(ran: Cli, way: str) -> None:
    """Each command prints what its file says, be it on a wide or narrow terminal or a pipe."""
    text = printed(ran, way, *LIFE)
    for pattern, name in DIFFERS:
        text = re.sub(pattern, name, text)
    assert_golden(text, f"life-{way}.txt")


def test_every_command_is_looked_at() -> None:
    """No command is left out of the session."""
    asked = {" ".join(words[:count]) for words in LIFE for count in (1, 2)}
    assert set(COMMANDS) <= asked | ELSEWHERE

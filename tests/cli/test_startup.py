"""What a command imports: start-up is a feature."""

import sys

import pytest

from tests.cli.conftest import Cli
from tests.trees import make_tree

PROBE = (
    "import atexit, sys\n"
    "sys.argv = ['fileorg', *sys.argv[1:]]\n"
    "atexit.register(lambda: print('MODULES', *sys.modules, file=sys.stderr))\n"
    "from fileorg.__main__ import main\n"
    "main()\n"
)


@pytest.mark.parametrize(
    ("words", "never"),
    [
        (("--version",), {"typer", "rich", "yaml", "msgspec", "sqlite3"}),
        (("runs",), {"rich", "yaml", "pathspec", "multiprocessing"}),
        (
            ("organize", "root"),
            {
                "rich",
                "yaml",
                "pathspec",
                "multiprocessing",
                "asyncio",
                "re2",
                "fileorg.categorize.ruling",
            },
        ),
    ],
)
def test_imports_of_a_command(cli: Cli, words: tuple[str, ...], never: set[str]) -> None:
    """A small job into a pipe loads no library that it has no use for."""
    make_tree(cli.root, {b"%d.txt" % number: b"x" for number in range(10)})
    cli.command = [sys.executable, "-c", PROBE]
    done = cli(*words)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.partition("MODULES ")[2].split())
    assert "fileorg.version" in loaded or words != ("--version",)
    assert not loaded & never

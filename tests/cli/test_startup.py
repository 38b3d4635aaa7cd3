"""What a command imports: start-up is a feature, and this is the list that it stays at."""

import sys

import pytest

from tests.cli.conftest import Cli
from tests.product import needs_package
from tests.trees import make_tree

pytestmark = needs_package
PROBE = (
    "import sys\n"
    "before = set(sys.modules)\n"
    "import atexit\n"
    "atexit.register(lambda: print('MODULES', *{*sys.modules} - before, file=sys.stderr))\n"
    "sys.argv[0] = 'fileorg'\n"
    "from fileorg.__main__ import main\n"
    "main()\n"
)
OURS_OF_ALL = {
    "cli",
    "errors",
    "events",
    "journal",
    "model",
    "move",
    "pipeline",
    "report",
    "storage",
}
TYPER = {"typer", "annotated_doc", "shellingham"}
OPTIONAL = {"typing_extensions"}  # taken by msgspec where something else has brought it
COMMANDS = [
    (("--version",), {"provenance", "version"}, set()),
    (("man",), {"cli", "errors", "model", "provenance", "report", "version"}, {*TYPER, "msgspec"}),
    (
        ("runs",),
        OURS_OF_ALL | {"content", "plan", "scan", "workers"},
        {*TYPER, "msgspec", "xxhash"},
    ),
    (
        ("organize", "root"),
        OURS_OF_ALL | {"categorize", "config", "content", "dedupe", "plan", "scan", "version"}
        | {"workers"},
        {*TYPER, "msgspec", "platformdirs", "xxhash"},
    ),
]  # fmt: skip
SLOW = {
    "asyncio", "concurrent", "email", "html", "http", "logging", "multiprocessing", "ssl",
    "unittest", "xml", "zipfile",
}  # fmt: skip
"""Modules of Python itself that would cost more than they could give."""


def loaded(cli: Cli, *words: str) -> set[str]:
    """Return the modules that a command has loaded beside those of an empty program."""
    make_tree(cli.root, {b"%d.txt" % number: b"x" for number in range(10)})
    cli.command = [sys.executable, "-c", PROBE]
    done = cli(*words)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.partition("MODULES ")[2].split())


@pytest.mark.parametrize(("words", "ours", "others"), COMMANDS)
def test_a_command_loads_what_it_needs_and_no_more(
    cli: Cli, words: tuple[str, ...], ours: set[str], others: set[str]
) -> None:
    """Parts of fileorg, libraries and slow parts of Python that a command loads are on a list."""
    names = [name.split(".") for name in loaded(cli, *words)]
    tops = {name[0] for name in names}
    assert {name[1] for name in names if name[0] == "fileorg" and name[1:]} - {"__main__"} <= ours
    libraries = {top for top in tops - sys.stdlib_module_names if not top.startswith("_sysconfig")}
    assert libraries - {"fileorg"} - OPTIONAL <= others
    assert not tops & SLOW


def test_the_version_is_told_by_an_empty_program(cli: Cli) -> None:
    """--version loads fileorg's own few lines, and nothing that Python has not loaded anyway."""
    names = loaded(cli, "--version")
    assert names == {
        "atexit", "fileorg", "fileorg.__main__", "fileorg.provenance", "fileorg.version",
    }  # fmt: skip

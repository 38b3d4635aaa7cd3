"""The man page: complete, and roff that its readers take without a word."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

import fileorg
import fileorg.errors as errors_module
from fileorg.cli.app import app
from fileorg.cli.man import page
from fileorg.cli.manual import ENVIRONMENT, EXIT_STATUS
from fileorg.errors import FileorgError
from tests.cli.conftest import Cli
from tests.docs.test_docs import COMMANDS, OPTIONS

PAGE = page(app, "0.1.0", "2026-11-25")
NOT_FOR_USERS = {"_FILEORG_COMPLETE", "_TYPER_COMPLETE_ARGS"}


def shown(text: str) -> str:
    """Return a page as a reader sees it, in one line."""
    plain = re.sub(r"\x1b\[[\d;]*m|.\x08", "", text)
    return re.sub(r"\s+", " ", plain.replace("\u2010", "-").replace("-\n", "-"))


@pytest.mark.parametrize(
    "reader",
    [["mandoc", "-T", "lint", "-W", "style"], ["groff", "-ww", "-man", "-T", "utf8", "-z"]],
)
def test_readers_have_nothing_to_say_about_it(reader: list[str]) -> None:
    """No reader of man pages that is installed warns of anything in it."""
    if shutil.which(reader[0]) is None:
        pytest.skip(f"not installed: {reader[0]}")
    done = subprocess.run(
        reader, input=PAGE.encode() + b"\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.decode()) == (0, "")


def test_man_shows_it(cli: Cli, tmp_path: Path) -> None:
    """What `fileorg man` prints is what man shows, name and heading included."""
    if shutil.which("man") is None or shutil.which("groff") is None:
        pytest.skip("not installed: man or groff")
    file = tmp_path / "fileorg.1"
    file.write_text(cli.good("man"))
    done = subprocess.run(
        ["man", "--warnings", "-l", file], env=cli.env | {"MANWIDTH": "200"}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    text = shown(done.stdout)
    assert done.stderr == ""
    assert text.startswith("FILEORG(1) ")
    assert "NAME fileorg - tidy a folder in one command, and take it back SYNOPSIS" in text
    assert r"'{category}/{date:%Y}/{name}'" in text
    assert "~/.config/fileorg/config.yaml" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section(command: str) -> None:
    """Each command that does something has a section of its own."""
    assert re.search(rf"^\.SS fileorg {command}( |$)", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("command", "option"), [pair for pair in OPTIONS if pair[1] != "--help"])
def test_every_option_is_in_the_section_of_its_command(command: str, option: str) -> None:
    """Each long option stands in the section of its command."""
    heading = rf"\.SS fileorg {command}\b" if command else r"\.SH OPTIONS"
    section = re.split(r"^\.S[SH] ", re.split(heading, PAGE, maxsplit=1)[1], flags=re.MULTILINE)[0]
    escaped = option.replace("-", r"\-")
    assert re.search(rf"^\\fB.*{re.escape(escaped)}\b", section, re.MULTILINE)


def test_every_exit_code_is_told() -> None:
    """Each exit code of an error is in the page's table."""
    codes = {int(code) for row in EXIT_STATUS for code in row.split(",")}
    classes = [
        item
        for item in vars(errors_module).values()
        if isinstance(item, type) and issubclass(item, FileorgError)
    ]
    assert codes >= {0, 130, 143, *(item.exit_code for item in classes)}
    assert all(rf"\fB{row}\fR" in PAGE for row in EXIT_STATUS)


def test_every_variable_is_told() -> None:
    """Each environment variable that the code names is in the page's table."""
    told = {name for row in ENVIRONMENT for name in row.split(", ")}
    assert named_variables() - NOT_FOR_USERS <= told
    assert all(name in PAGE for name in told)


def named_variables() -> set[str]:
    """Return what the code looks up in an environment by name."""
    found = set()
    for path in Path(fileorg.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(value=place), args=[ast.Constant(str(name)), *_]):
                    pass
                case ast.Subscript(value=place, slice=ast.Constant(str(name))):
                    pass
                case ast.Compare(left=ast.Constant(str(name)), comparators=[place]):
                    pass
                case _:
                    continue
            if ast.unparse(place).endswith("environ"):
                found.add(name)
    return found


def test_text_that_roff_would_take_for_its_own_is_shown_as_it_is(tmp_path: Path) -> None:
    """Backslashes, quotes, dots and dashes in a help text reach the reader."""
    if shutil.which("groff") is None:
        pytest.skip("not installed: groff")
    strange = typer.Typer(help="Try it.")
    hostile = r".so 'x' `y` \fB ~ ^ --no-thing "
    strange.command(name="one", help=hostile)(lambda: None)
    strange.command(name="two", help="Second.")(lambda: None)
    roff = page(strange, "1", "2026-11-25")
    done = subprocess.run(
        ["groff", "-ww", "-man", "-T", "utf8", "-P", "-c"], input=roff, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert hostile in shown(done.stdout)
    assert done.stderr == ""

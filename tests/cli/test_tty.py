"""On a terminal: a bar that comes and goes, a tree in colour; on one that can't, plain words."""

import os
import pty
import re
import select
import subprocess
from collections.abc import Iterable

import pytest

from tests.cli.conftest import Cli
from tests.product import needs_package
from tests.trees import make_tree

FILES = 6000


@pytest.fixture
def big(cli: Cli) -> Cli:
    """Return a command line whose folder takes longer than a moment."""
    make_tree(cli.root, {b"%05d.%s" % (n, (b"txt", b"jpg")[n % 2]): b"x" for n in range(FILES)})
    return cli


def on_terminal(cli: Cli, *words: str, **env: str) -> tuple[str, str]:
    """Run a command that must end with 0; return what its terminals have shown."""
    code, out, err = terminals(cli, words, env)
    assert code == 0, (out, err)
    return out, err


def terminals(cli: Cli, words: Iterable[str], env: dict[str, str]) -> tuple[int, str, str]:
    """Run a command with a terminal of its own for each stream; return its code and what is shown.

    What is no UTF-8 comes as escapes of Python's own.
    """
    out, err = pty.openpty(), pty.openpty()
    run = subprocess.Popen(
        [*cli.command, *words], cwd=cli.base, env=cli.env | env,
        stdin=subprocess.DEVNULL, stdout=out[1], stderr=err[1],
    )  # fmt: skip
    os.close(out[1])
    os.close(err[1])
    shown = {out[0]: b"", err[0]: b""}
    waiting = set(shown)
    while waiting:
        for handle in select.select(list(waiting), [], [], 60)[0]:
            try:
                data = os.read(handle, 65536)
            except OSError:  # EIO: the other end is closed
                data = b""
            shown[handle] += data
            if not data:
                waiting.discard(handle)
                os.close(handle)
    return run.wait(60), os.fsdecode(shown[out[0]]), os.fsdecode(shown[err[0]])


@pytest.mark.smoke
def test_bar_appears_and_is_cleared(big: Cli) -> None:
    """A job of some length shows a bar with its count on stderr, and wipes it off at the end."""
    out, err = on_terminal(big, "organize", "root")
    assert "Moving" in err
    assert re.search(r"\d of 6,0\d\d\b", err)  # the folders made are steps too
    assert "\x1b[2K" in err.rpartition("Moving")[2]  # the line is erased after the last drawing
    assert "Moving" not in out


@pytest.mark.parametrize(
    ("words", "env"), [(("--no-progress",), {}), (("-q",), {}), ((), {"TERM": "dumb"})]
)
def test_no_bar_where_it_is_not_wanted(
    big: Cli, words: tuple[str, ...], env: dict[str, str]
) -> None:
    """--no-progress, -q and a dumb terminal leave stderr to what is said."""
    said = on_terminal(big, "organize", "root", *words, **env)[1]
    assert all(line.startswith("fileorg: first run") for line in said.splitlines())


def test_results_never_go_through_the_bar(big: Cli) -> None:
    """While a bar is on the terminal, -v into a file has every line."""
    out, err = pty.openpty()
    target = big.base / "lines"
    with target.open("wb") as file:
        run = subprocess.Popen(
            [*big.command, "organize", "root", "-v"], cwd=big.base, env=big.env,
            stdin=subprocess.DEVNULL, stdout=file, stderr=err,
        )  # fmt: skip
        os.close(err)
        seen = b""
        while True:
            try:
                data = os.read(out, 65536)
            except OSError:
                break
            seen += data
        assert run.wait(60) == 0
    os.close(out)
    assert target.read_text().count("move: ") == FILES
    assert b"move: " not in seen


TERMINALS = [
    ({}, "├── ", True),
    ({"NO_COLOR": "1"}, "├── ", False),
    ({"TERM": "dumb"}, "  Documents/", False),
    ({"LC_ALL": "C"}, "+-- ", True),
    ({"LC_ALL": "", "LANG": "C"}, "+-- ", True),
    ({"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"}, "├── ", True),
    ({"LC_ALL": "", "LANG": ""}, "├── ", True),
    ({"LC_ALL": "C", "PYTHONUTF8": "1"}, "├── ", True),
    pytest.param(
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "+-- ", True,
        marks=needs_package,
    ),
]  # fmt: skip


@pytest.mark.smoke
@pytest.mark.parametrize(("env", "branch", "colour"), TERMINALS)
def test_tree_of_what_went_where(cli: Cli, env: dict[str, str], branch: str, colour: bool) -> None:
    """A terminal gets a tree in colour, in ASCII or plain where it can do no more; same words."""
    name = b"[red]x[bold]:smile:\x1b[31m.txt"
    make_tree(cli.root, {name: b"a", b"b.jpg": b"b"})
    out, _ = on_terminal(cli, "organize", "root", **env)
    assert branch in out
    assert ("\x1b[" in out) is colour
    assert "[red]x[bold]:smile:\\x1b[31m.txt" in out
    assert out.isascii() is (branch != "├── ")
    assert "1 file" in out
    assert "Take it back: fileorg undo " in out


@needs_package
def test_a_long_name_leaves_the_columns_beside_it(cli: Cli) -> None:
    """In tree and tables a name that is too long has an ellipsis in it; sums and dates stay."""
    make_tree(cli.root, {b"in/" + b"x" * 200 + b".txt": b"a", b"x" * 200 + b"/b.txt": b"12345"})

    scanned, _ = on_terminal(cli, "scan", "root", NO_COLOR="1")
    long = [line for line in scanned.splitlines() if "xxx" in line]
    assert long
    for line in long:
        assert re.search(r"x\u2026x.* +(1 B +20..-..-.. ..:..:..|5 B +20|1 file +\d B)", line), line
    words = ("organize", "root", "-r", "-n", "--template", "{category}/{parent}/{name}")
    organized, _ = on_terminal(cli, *words, NO_COLOR="1")
    assert re.search(r"x\u2026x+/  1 file  \d B", organized), organized


def test_a_line_that_is_too_long_is_cut_in_ascii_too(cli: Cli) -> None:
    """Where the terminal takes ASCII only, a line of the tree is cut without an ellipsis."""
    make_tree(cli.root, {b"%d" % n + b"long" * 20 + b".txt": b"%d" % n for n in range(3)})
    out, _ = on_terminal(
        cli, "organize", "root", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert "`-- " in out
    assert out.isascii()
    assert "long.txt" not in out

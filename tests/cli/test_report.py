"""`fileorg report` as users and programs see it: the same document wherever it is written to."""

import os
import re
import shlex
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.golden import WAYS, assert_golden, printed, same_always

FORMATS = ("html", "json", "csv")


@pytest.mark.parametrize("way", WAYS)
def test_what_report_prints(ran: Cli, way: str) -> None:
    """A report is one and the same in every locale, with and without a terminal or colour."""
    for form in FORMATS:
        text = printed(ran, way, ("report", "last", "--format", form))
        text = re.sub(r"(<style>|<script>).*?(?=</)", r"\1...", text, flags=re.DOTALL)
        assert_golden(text, f"report-{form}.txt")


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_has_what_stdout_would(ran: Cli, form: str) -> None:
    """With -o nothing is on stdout, one line on stderr names the file, which is the same report."""
    done = ran("report", "last", "--format", form, "-o", "my report", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "fileorg: wrote my report\n"
    saved = (ran.base / "my report").read_bytes()
    asked = subprocess.run(
        [*ran.command, "report", "last", "--format", form], cwd=ran.base, env=ran.env,
        capture_output=True, check=True,
    )  # fmt: skip
    assert saved == asked.stdout
    assert saved.decode()
    assert not list(ran.base.glob("*.part"))


def test_a_file_that_is_there_stays(ran: Cli) -> None:
    """Without --force a file of that name is refused with 4 and stays; with it, it is replaced."""
    target = ran.base / "r.csv"
    target.write_text("mine")
    done = ran("report", "last", "--format", "csv", "-o", "r.csv")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "fileorg: r.csv: it is there already; --force replaces it\n"
    assert target.read_text() == "mine"
    ran.good("report", "last", "--format", "csv", "-o", "r.csv", "--force")
    assert target.read_text().startswith("status,")


def test_a_file_that_is_replaced_keeps_its_mode(ran: Cli) -> None:
    """With --force the report may be read by those who might read the file before it."""
    for mode in (0o600, 0o640):
        target = ran.base / "r.html"
        target.write_text("mine")
        target.chmod(mode)
        ran.good("report", "last", "-o", "r.html", "--force")
        assert target.read_text() != "mine"
        assert stat.S_IMODE(target.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_that_is_replaced_keeps_its_owner(ran: Cli) -> None:
    """With --force root leaves a file to the one it belongs to."""
    target = ran.base / "r.csv"
    target.touch(0o600)
    os.chown(target, 1234, 1235)
    ran.good("report", "last", "--format", "csv", "-o", "r.csv", "--force")
    assert (target.stat().st_uid, target.stat().st_gid) == (1234, 1235)


def test_a_dash_is_stdout(ran: Cli) -> None:
    """-o - writes to stdout, as no -o does, and makes no file; there is nothing to --force."""
    found = ran("report", "last", "--format", "csv", "-o", "-")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == ran.good("report", "last", "--format", "csv")
    assert not (ran.base / "-").exists()
    assert ran("report", "last", "-o", "-", "--force").returncode == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("nonsense",), 2, "no such run"),
        (("last", "--format", "xml"), 2, "--format"),
        (("last", "--force"), 2, "name it with -o"),
        (("last", "-o", "no/such/folder"), 12, "No such file or directory; name another file"),
        (("last", "-o", "root"), 4, "it is no regular file"),
        (("last", "-o", ""), 2, "an empty path"),
    ],
)
def test_what_can_not_be_written(ran: Cli, words: tuple[str, ...], code: int, says: str) -> None:
    """What is asked for wrongly, or can't be written, is one line with its exit code."""
    done = ran("report", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_a_reader_that_leaves_and_a_full_disk(ran: Cli, form: str) -> None:
    """A closed pipe ends a report well; where stdout is full, one line and exit 12 say so."""
    line = shlex.join([*ran.command, "report", "last", "--format", form])
    script = f"set -o pipefail; {line} | head -c 1 >/dev/null"
    piped = subprocess.run(
        ["bash", "-c", script], cwd=ran.base, env=ran.env, capture_output=True, check=False
    )
    assert (piped.returncode, piped.stderr) == (0, b"")
    if Path("/dev/full").exists():
        full = subprocess.run(
            ["bash", "-c", f"{line} >/dev/full"],
            cwd=ran.base, env=ran.env, capture_output=True, check=False,
        )  # fmt: skip
        assert full.returncode == 12
        assert b"No space left" in full.stderr
        assert full.stderr.count(b"\n") == 1


def test_the_same_run_gives_the_same_report(ran: Cli) -> None:
    """Two reports of a run are equal, so that they can be compared and kept in version control."""
    for form in FORMATS:
        first = ran.good("report", "last", "--format", form)
        assert first == ran.good("report", "last", "--format", form)
        assert same_always(first, ran) != first

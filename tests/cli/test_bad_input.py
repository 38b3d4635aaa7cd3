"""Bad input: the exit code, one line that says what and what to do about it, nothing changed."""

import errno
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from fileorg.errors import StorageUnavailableError
from tests.cli.conftest import Cli
from tests.pipeline.harness import Desk, in_child, snapshot


class Bad(NamedTuple):
    """Words (`{root}` and `{base}` filled in), exit code, what the line must hold, preparation."""

    words: tuple[str, ...]
    code: int
    says: tuple[str, ...]
    prepare: Callable[[Cli], object] = lambda cli: None


def config(text: str) -> Callable[[Cli], object]:
    """Write a configuration file."""
    return lambda cli: cli.config.write_text(text)


def folder(path: str) -> Callable[[Cli], object]:
    """Make a folder below the base."""
    return lambda cli: (cli.base / path).mkdir(parents=True)


def taken(cli: Cli) -> None:
    """Take the name that a.txt wants."""
    (cli.root / "Documents").mkdir()
    (cli.root / "Documents" / "a.txt").write_text("another")


TABLE = {
    "missing source": Bad(("organize", "{base}/none"), 2, ("/none", "check the path")),
    "one of two sources missing": Bad(
        ("organize", "{root}", "{base}/none"), 2, ("/none", "check the path")
    ),
    "file as source": Bad(("organize", "{root}/a.txt"), 2, ("a.txt", "--into")),
    "no source": Bad(("organize",), 2, ("SOURCE", "--help")),
    "into a checkout": Bad(
        ("organize", "{root}", "--into", "{base}/repo/new"), 4, ("/repo", "--into"),
        folder("repo/.git"),
    ),
    "into a bundle": Bad(
        ("organize", "{root}", "--into", "{base}/Mail.app/new"), 4, ("Mail.app", "--into"),
        folder("Mail.app"),
    ),
    "into a file": Bad(("organize", "{root}", "--into", "{root}/a.txt"), 2, ("a.txt", "--into")),
    "whole file system": Bad(("organize", "/"), 4, ("/", "--force")),
    "system folder": Bad(("organize", "/usr/lib", "-n"), 4, ("/usr/lib", "--force")),
    "home, recursive": Bad(("organize", "{base}/home", "-r"), 4, ("/home", "--force")),
    "checkout as source": Bad(
        ("organize", "{base}/repo"), 4, ("/repo", "--force"), folder("repo/.git")
    ),
    "unknown mode": Bad(
        ("organize", "{root}", "-m", "categry"), 2, ("categry", "did you mean 'category'?")
    ),
    "template that leaves": Bad(
        ("organize", "{root}", "--template", "../{name}"), 2, ("template", "..")
    ),
    "unknown field": Bad(
        ("organize", "{root}", "--template", "{categry}/{name}"), 2,
        ("{categry}", "did you mean {category}?"),
    ),
    "lone brace": Bad(("organize", "{root}", "--template", "{category/{name}"), 2, ("template",)),
    "template without rest": Bad(
        ("organize", "{root}", "--template", "{category}/x-{name}"), 2, ("template", "name")
    ),
    "key of config": Bad(
        ("organize", "{root}"), 2, ("on_conflit", "on_conflict"), config("on_conflit: skip\n")
    ),
    "value of config": Bad(
        ("organize", "{root}"), 2, ("on_conflict", "did you mean 'rename'?"),
        config("on_conflict: renam\n"),
    ),
    "nested key of config": Bad(
        ("organize", "{root}"), 2, ("config.yaml", "categories.Plans"),
        config("categories:\n  Plans: 7\n"),
    ),
    "no YAML": Bad(("organize", "{root}"), 2, ("config.yaml", "line 1"), config("mode: [date\n")),
    "missing config": Bad(
        ("organize", "{root}", "--config", "{base}/none.yaml"), 2, ("none.yaml", "configuration")
    ),
    "config is checked": Bad(
        ("config", "check"), 2, ("mode", "'category'"), config("mode: categry\n")
    ),
    "unknown run": Bad(("undo", "20200101"), 2, ("20200101", "fileorg runs")),
    "nothing to undo": Bad(("undo", "last"), 2, ("undo", "fileorg runs")),
    "nothing to redo": Bad(("redo", "last"), 2, ("redo", "fileorg runs")),
    "bad policy of undo": Bad(
        ("undo", "last", "--on-conflict", "renam"), 2, ("skip", "did you mean 'rename'?")
    ),
    "unknown run to show": Bad(("show", "20200101"), 2, ("20200101", "fileorg runs")),
    "unknown run to recover": Bad(("recover", "2020"), 2, ("2020", "fileorg runs")),
    "unknown option": Bad(("organize", "{root}", "--recursiv"), 2, ("--recursiv", "--recursive")),
    "unknown command": Bad(("organise", "{root}"), 2, ("organise", "--help")),
    "unknown output": Bad(("runs", "--output", "xml"), 2, ("xml", "json", "--help")),
    "output misspelled": Bad(
        ("runs", "--output", "jsn"), 2, ("'jsn' is not one of", "did you mean 'json'?")
    ),
    "format misspelled": Bad(("report", "last", "--format", "htm"), 2, ("did you mean 'html'?",)),
    "action misspelled": Bad(
        ("dedupe", "{root}", "--action", "qarantine"), 2, ("did you mean 'quarantine'?",)
    ),
    "last misspelled": Bad(("show", "lsat"), 2, ("'lsat'", "did you mean last?")),
    "shell misspelled": Bad(("completion", "bsh"), 2, ("'bsh'", "did you mean 'bash'?")),
    "unknown shell": Bad(("completion", "tcsh"), 2, ("tcsh", "bash")),
    "unknown policy": Bad(
        ("organize", "{root}", "--on-conflict", "rplace"), 2,
        ("--on-conflict: ", "did you mean 'replace'?"),
    ),
    "unknown category": Bad(
        ("organize", "{root}", "--only-category", "Image"), 2, ("Image", "'Images'")
    ),
    "bad size": Bad(("organize", "{root}", "--min-size", "ten"), 2, ("--min-size: ", "ten")),
    "bad age": Bad(("organize", "{root}", "--older-than", "old"), 2, ("--older-than: ", "old")),
    "state folder": Bad(
        ("organize", "{root}"), 12, ("state", "--state-dir"),
        lambda cli: cli.state.write_text("a file in the way"),
    ),
    "log file": Bad(
        ("organize", "{root}", "--log-file", "{base}/none/log"), 12, ("none/log", "--log-file")
    ),
    "conflict": Bad(
        ("organize", "{root}", "--on-conflict", "fail"), 4, ("a.txt", "--on-conflict"), taken
    ),
    "configuration is there": Bad(("config", "init"), 4, ("config.yaml", "remove"), config("")),
    "hostile source": Bad(
        ("organize", "{base}/no\x1b[31m\nne\u202e"), 2, ("no\\x1b[31m\\nne\\u202e", "check")
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE.keys())
def test_bad_input_is_one_line_and_an_exit_code(cli: Cli, case: Bad) -> None:
    """Bad input ends with its exit code and one line with the cure, and changes nothing."""
    (cli.root / "a.txt").write_text("a")
    (cli.root / "b.jpg").write_text("b")
    case.prepare(cli)
    before = snapshot(cli.base)
    places = {"{root}": str(cli.root), "{base}": str(cli.base)}
    words = [re.sub("{root}|{base}", lambda m: places[m[0]], word) for word in case.words]
    done = cli(*words)
    assert (done.returncode, done.stdout) == (case.code, ""), done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for part in case.says:
        assert part in done.stderr
    assert done.stderr.startswith("fileorg: ")
    assert not cli.journals()
    if cli.state.is_dir():
        shutil.rmtree(cli.state)
    after = snapshot(cli.base)
    assert {p: f for p, f in after.items() if p} == {p: f for p, f in before.items() if p}


def test_a_file_is_a_source_with_into(cli: Cli) -> None:
    """A single file can be organized when DEST says where to."""
    source = cli.base / "a.txt"
    source.write_text("a")
    cli.good("organize", source, "--into", cli.root)
    assert (cli.root / "Documents" / "a.txt").read_text() == "a"
    assert not source.exists()


def test_force_organizes_a_checkout(cli: Cli) -> None:
    """--force organizes a checkout, and undo puts it back."""
    (cli.root / ".git").mkdir()
    (cli.root / "a.txt").write_text("a")
    before = snapshot(cli.root)
    cli.good("organize", cli.root, "--force")
    assert (cli.root / "Documents" / "a.txt").read_text() == "a"
    cli.good("undo", "last")
    assert snapshot(cli.root) == before


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become nobody")
def test_unreadable_source() -> None:
    """A SOURCE that its user may not read is no empty folder: it ends with 12 and its path."""
    with tempfile.TemporaryDirectory() as base:  # tmp_path lies in a folder of root's alone
        Path(base).chmod(0o777)
        desk = Desk(Path(base))
        (desk.root / "a.txt").write_text("a")
        desk.root.chmod(0o700)
        before = desk.snapshot()

        def as_nobody() -> None:
            os.setgroups([])
            os.setegid(65534)
            os.seteuid(65534)
            try:
                desk.organize()
            except StorageUnavailableError as error:
                assert str(desk.root) in error.message
                assert error.remedy
                raise SystemExit(error.exit_code) from None

        assert in_child(as_nobody) == 12
        assert desk.snapshot() == before


@pytest.mark.parametrize("held", ["root", ".", "root/sub"])
def test_a_run_on_an_overlapping_root_is_refused(cli: Cli, held: str) -> None:
    """While another run holds the root, one around it or one inside it, a run ends with 10."""
    (cli.root / "sub").mkdir()
    (cli.root / "a.txt").write_text("a")
    before = snapshot(cli.root)
    handles = [os.open(cli.base / held, os.O_RDONLY)]
    fcntl.flock(handles[0], fcntl.LOCK_EX)
    if held == "root/sub":
        handles.append(os.open(cli.root, os.O_RDONLY))
        fcntl.flock(handles[1], fcntl.LOCK_SH)
    done = cli("organize", cli.root)
    for handle in handles:
        os.close(handle)
    assert done.returncode == 10, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "--wait" in done.stderr
    assert snapshot(cli.root) == before
    assert not cli.journals()


def test_wait_gets_the_lock(cli: Cli) -> None:
    """--wait begins as soon as the other run has ended."""
    (cli.root / "a.txt").write_text("a")
    handle = os.open(cli.root, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with cli.start("organize", cli.root, "--wait", "60", "-v", stdout=subprocess.PIPE) as run:
        while not has_open(run.pid, cli.root):
            assert run.poll() is None
        assert not (cli.root / "Documents").exists()
        os.close(handle)
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert (cli.root / "Documents" / "a.txt").exists()


def has_open(pid: int, folder: Path) -> bool:
    """Whether a process has a folder open: it has come as far as the lock."""
    try:
        links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    except OSError as error:
        assert error.errno in {errno.ENOENT, errno.EACCES, errno.ESRCH}
        return False
    return os.fspath(folder) in links


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become nobody known")
def test_a_user_without_any_home() -> None:
    """A user whom the system does not know needs no HOME, but a place for journals."""
    with tempfile.TemporaryDirectory() as base:  # tmp_path lies in a folder of root's alone
        Path(base).chmod(0o755)
        cli = Cli(Path(base) / "theirs")
        (cli.root / "a.txt").write_text("a")
        for path in (cli.base, cli.root, cli.root / "a.txt"):
            os.chown(path, 54321, 54321)
        caps = "+dac_override,+dac_read_search"  # the interpreter may lie in root's home
        stranger = ["setpriv", "--reuid=54321", f"--inh-caps={caps}", f"--ambient-caps={caps}"]
        bare = ["env", "-i", f"PATH={cli.env['PATH']}", f"PYTHONPATH={cli.env['PYTHONPATH']}"]
        cli.command = [*stranger, *bare, *cli.command]
        for words, code, remedy in (
            (("organize", "root"), 12, "set FILEORG_STATE_DIR or --state-dir"),
            (("config", "path"), 2, "set FILEORG_CONFIG"),
        ):
            done = cli(*words)
            assert (done.returncode, done.stdout) == (code, "")
            assert "home folder" in done.stderr
            assert f"; {remedy}" in done.stderr
            assert len(done.stderr.splitlines()) == 1
        cli.good("organize", "root", "--state-dir", cli.state)
        assert (cli.root / "Documents" / "a.txt").exists()

"""What is printed: for people, for programs, for a closed pipe, and never a raw hostile name."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fileorg.version import __version__
from tests.cli.conftest import Cli
from tests.pipeline.harness import snapshot
from tests.product import needs_package
from tests.trees import HOSTILE_NAMES, make_tree

RUN_ID = re.compile(r"\d{8}-\d{6}-[0-9a-z]{3}")
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\udc80-\udcff]")
COMMANDS = (
    "organize", "explain", "apply", "undo", "redo", "recover", "dedupe", "purge", "prune", "runs",
    "show", "report", "scan", "doctor", "man",
    "completion", "config init", "config show", "config check", "config path", "cache clear",
    "categories list", "categories show", "categories add", "categories edit", "categories remove",
)  # fmt: skip


@pytest.fixture
def some(cli: Cli) -> Cli:
    """Return a command line whose folder has something of most kinds."""
    make_tree(
        cli.root,
        {
            b"a.txt": b"a" * 1500,
            b"b.txt": b"b",
            b"c.jpg": b"c",
            b".hidden": b"h",
            b"half.part": b"p",
            b"sub/d.txt": b"d",
            b"project/.git/": None,
        },
    )
    return cli


def only_run(cli: Cli) -> str:
    """Return the id of the oldest run."""
    return str(json.loads(cli.good("runs", "--output", "json"))[-1]["run"])


def test_version(cli: Cli) -> None:
    """--version prints version, Python and form in one line, before typer is there and after."""
    said = cli.good("--version")
    assert re.fullmatch(
        rf"fileorg {__version__} \((commit [0-9a-f]{{12}}(\+changes)?, )?Python 3\.\d+\.\d+, "
        r"(source checkout|wheel|sdist|binary)\)\n",
        said,
    )
    assert said == cli.good("-V") == cli.good("-V", "runs")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_states_the_exit_status(cli: Cli, command: str) -> None:
    """The help of every command says how it may end."""
    assert "Exit status: " in cli.good(*command.split(), "--help")


def test_help_names_every_command(cli: Cli) -> None:
    """The front page lists every command."""
    text = cli.good("--help")
    for command in COMMANDS:
        assert re.search(rf"^  {command.split()[0]} ", text, re.MULTILINE)


def test_no_words_at_all_is_answered_with_help(cli: Cli) -> None:
    """Without a command the help is shown on stderr, and the exit code is 2."""
    done = cli()
    assert (done.returncode, done.stdout) == (2, "")
    assert "organize" in done.stderr


@pytest.mark.smoke
def test_dry_run_tells_all_and_changes_nothing(some: Cli) -> None:
    """A dry run tells folders, counts, sizes, examples, what is left and why, and what to run."""
    before = snapshot(some.root)
    text = some.good("organize", "root", "-n")
    assert re.search(r"^Would organize 3 files, 1\.5 kB in .*/root$", text, re.MULTILINE)
    assert re.search(r"^ +Documents/ +2 files +1\.5 kB +[ab]\.txt, [ab]\.txt$", text, re.MULTILINE)
    assert re.search(r"^ +Images/ +1 file +1 B +c\.jpg$", text, re.MULTILINE)
    assert re.search(r"^ +1  hidden: \.hidden \(--hidden", text, re.MULTILINE)
    assert re.search(r"^ +1  partial download: half\.part$", text, re.MULTILINE)
    assert re.search(r"^ +2  folder left as it is: .*--folders recurse", text, re.MULTILINE)
    assert text.endswith("Nothing was changed. To do it: fileorg organize root\n")
    assert snapshot(some.root) == before
    assert not some.journals()


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (("organize", "-rn", "my dir"), "organize -r 'my dir'"),
        (("organize", "-nm", "month", "my dir"), "organize -m month 'my dir'"),
        (("organize", "-mmonth", "my dir", "--dry-run"), "organize -mmonth 'my dir'"),
        (("organize", "-n", "--", "my dir"), "organize -- 'my dir'"),
    ],
)
def test_command_to_run_next_is_this_one_without_dry_run(
    cli: Cli, words: tuple[str, ...], again: str
) -> None:
    """The command that a dry run names does what was shown, its words quoted for a shell."""
    make_tree(cli.base / "my dir", {b"a.txt": b"a"})
    assert cli.good(*words).endswith(f" To do it: fileorg {again}\n")


def test_command_to_run_next_works_for_a_hostile_name(cli: Cli) -> None:
    """A SOURCE that can't be printed as it is is named so that a shell still finds it."""
    name = b"new\nline \x1b[31m'\xff\\"
    make_tree(cli.base / os.fsdecode(name), {b"a.txt": b"a"})
    text = cli.good("organize", name, "-n")
    command = text.rpartition("To do it: fileorg ")[2].strip()
    assert not RAW.search(text)
    words = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True, check=True
    ).stdout
    assert words.split(b"\0") == [b"organize", name, b""]


def test_end_of_run_tells_how_to_take_it_back(some: Cli) -> None:
    """The last line of a run is the command that undoes it, and that command does."""
    before = snapshot(some.root)
    last = some.good("organize", "root").splitlines()[-1]
    assert last == f"Take it back: fileorg undo {only_run(some)}"
    text = some.good(*last.split()[4:])
    assert text.splitlines()[0].startswith("Put back 3 files, 1.5 kB in ")
    assert text.splitlines()[-1] == f"Do it again: fileorg redo {only_run(some)}"
    assert snapshot(some.root) == before


def test_undo_command_names_a_state_folder_of_its_own(some: Cli) -> None:
    """With --state-dir the undo command holds it too, and works anywhere."""
    last = some.good("organize", "root", "--state-dir", "my state").splitlines()[-1]
    assert last.endswith(f"--state-dir '{some.base}/my state'")
    some.good("undo", last.split()[5], "--state-dir", some.base / "my state")
    assert (some.root / "a.txt").exists()


def test_second_run_has_nothing_to_do(some: Cli) -> None:
    """A second run says that there is nothing to do, and leaves no journal."""
    some.good("organize", "root")
    text = some.good("organize", "root")
    assert text.startswith("Nothing to organize in ")
    assert "undo" not in text
    assert len(some.journals()) == 1


@pytest.mark.parametrize("words", [("organize", "root", "-n"), ("organize", "root")])
def test_json_is_one_document(some: Cli, words: tuple[str, ...]) -> None:
    """--output json prints one document with the sums and nothing else."""
    found = json.loads(some.good(*words, "--output", "json"))
    assert (found["done"], found["failed"], found["dry_run"]) == (3, 0, "-n" in words)
    assert {folder["path"].rpartition("/")[2] for folder in found["folders"]} == {
        "Documents",
        "Images",
    }


def test_json_of_recover_is_one_document(cli: Cli) -> None:
    """`recover --output json` is one list of runs, also where there is none."""
    assert json.loads(cli.good("recover", "--output", "json")) == []


@pytest.mark.parametrize("words", [("organize", "root", "-n"), ("organize", "root")])
def test_jsonl_is_one_typed_event_a_line(some: Cli, words: tuple[str, ...]) -> None:
    """--output jsonl prints events with a type each: every file, the end last."""
    lines = some.good(*words, "--output", "jsonl").splitlines()
    events: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert all(isinstance(event["event"], str) for event in events)
    assert events[-1]["event"] == "run_finished"
    assert events[-1]["summary"]["done"] == 3
    moved = {
        event["source"]["path"]: event["target"]["path"]
        for event in events
        if event["event"] in {"action_done", "action_planned"} and event["action"] == "move"
    }
    assert moved == {
        f"{some.root}/{name}": f"{some.root}/{folder}/{name}"
        for name, folder in (("a.txt", "Documents"), ("b.txt", "Documents"), ("c.jpg", "Images"))
    }


def test_quiet_prints_nothing_on_success(some: Cli) -> None:
    """-q is silent on both streams, for organize, undo, redo and recover."""
    for words in (("organize", "root"), ("undo", "last"), ("redo", "last"), ("recover",)):
        done = some(*words, "-q")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_verbose_and_log_file_name_each_file_once(cli: Cli) -> None:
    """-v prints each file once and --log-file keeps the same lines, each behind time and run."""
    make_tree(cli.root, {b"%05d.txt" % number: b"x" for number in range(5000)})
    text = cli.good("organize", "root", "-v", "--log-file", "log")
    moves = [line for line in text.splitlines() if line.startswith("move: ")]
    assert sorted(moves) == [f"move: {n:05}.txt -> Documents/{n:05}.txt" for n in range(5000)]
    logged = [line.split(" ", 2)[2] for line in (cli.base / "log").read_text().splitlines()]
    assert [line for line in logged if line.startswith("move: ")] == moves


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"NO_COLOR": "1"},
        {"TERM": "dumb", "FORCE_COLOR": "1"},
        {"FORCE_COLOR": "1", "NO_COLOR": "1"},
    ],
)
def test_no_escape_sequences_without_a_terminal(some: Cli, env: dict[str, str]) -> None:
    """Into a pipe, with NO_COLOR and on a dumb terminal not one escape sequence is written."""
    done = some("organize", "root", **env)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert ("├" in done.stdout) is (env == {"FORCE_COLOR": "1", "NO_COLOR": "1"})


def test_force_color_colours_a_pipe(some: Cli) -> None:
    """FORCE_COLOR gives the tree and its colours also into a pipe."""
    text = some.good("organize", "root", FORCE_COLOR="1")
    assert "├── " in text
    assert "\x1b[1" in text


LOCALES = {
    "utf-8": {"LC_ALL": "C.UTF-8"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "tree": {"FORCE_COLOR": "1", "NO_COLOR": "1"},
}


@pytest.mark.parametrize(
    "locale",
    [pytest.param(name, marks=needs_package if name == "ascii" else ()) for name in LOCALES],
)
def test_hostile_names_are_never_printed_raw(cli: Cli, locale: str) -> None:
    """No control, bidi or broken character of a name reaches a stream, in any form of output."""
    env = LOCALES[locale]
    make_tree(cli.root, {name: b"%d" % number for number, name in enumerate(HOSTILE_NAMES)})
    before = snapshot(cli.root)
    seen = [name for name in HOSTILE_NAMES if not name.startswith(b".")]
    printed = ""
    for words in (
        ("organize", "root", "-n", "-v"),
        ("organize", "root", "-n", "-m", "extension"),
        ("organize", "root", "-v", "--log-file", "log"),
        ("runs",),
        ("undo", "last", "-v"),
        ("redo", "last", "--output", "jsonl"),
        ("undo", "last", "--output", "json"),
    ):
        done = cli(*words, **env)
        assert done.returncode == 0, done.stderr
        printed += done.stdout + done.stderr
        if words[-1] == "jsonl":
            assert all(json.loads(line) for line in done.stdout.splitlines())
        if words[-1] == "json":
            assert json.loads(done.stdout)["done"] == len(seen)
    for show in (("show", only_run(cli)), ("show", only_run(cli), "--files")):
        printed += cli.good(*show, **env)
        printed += cli.good(*show, "--output", "json", **env)
    for form in ("html", "json", "csv"):
        text = cli.good("report", only_run(cli), "--format", form, **env)
        assert not RAW.search(text.replace("\r\n", "\n"))
    assert printed.isascii() is (locale == "ascii")
    printed += (cli.base / "log").read_text()
    assert not RAW.search(printed), RAW.findall(printed)
    assert "new\\nline.txt" in printed
    assert snapshot(cli.root) == before


@pytest.mark.smoke
def test_closed_pipe_ends_well_and_the_run_completes(cli: Cli) -> None:
    """A reader that leaves after a line changes neither the exit code nor the run."""
    cli.past_the_first_run()
    make_tree(cli.root, {b"%05d.txt" % number: b"x" for number in range(3000)})
    reading, writing = os.pipe()
    with cli.start("organize", "root", "-v", stdout=writing) as run:
        os.close(writing)
        os.read(reading, 1)
        os.close(reading)
        _, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (0, b"")
    assert len(list((cli.root / "Documents").iterdir())) == 3000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_full_stdout_is_told_and_the_run_completes(some: Cli) -> None:
    """Where stdout can't be written the run is completed, and one line and exit 12 say so."""
    some.past_the_first_run()
    with Path("/dev/full").open("wb") as full, some.start("organize", "root", stdout=full) as run:
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 12
    assert errors.count(b"\n") == 1
    assert b"No space left" in errors
    assert (some.root / "Documents" / "a.txt").exists()


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["organize", "--help"]])
def test_what_is_told_of_itself_meets_every_stdout(cli: Cli, words: list[str]) -> None:
    """Version and help end with 0 where nobody reads, and with one line and 12 on a full disk."""
    reading, writing = os.pipe()
    os.close(reading)
    for stdout, code, lines in ((writing, 0, 0), (os.open("/dev/full", os.O_WRONLY), 12, 1)):
        with os.fdopen(stdout, "wb") as out, cli.start(*words, stdout=out) as run:
            _, errors = run.communicate(timeout=60)
        assert (run.returncode, errors.count(b"\n")) == (code, lines)


@pytest.mark.parametrize("files", [0, 3000])
def test_closed_streams_do_not_crash(some: Cli, files: int) -> None:
    """A run whose stdout and stderr are closed, as some cron has it, does its work."""
    make_tree(some.root, {b"%05d.txt" % number: b"x" for number in range(files)})
    line = f"exec {shlex.join(some.command)} organize root >&- 2>&-"
    subprocess.run(["bash", "-c", line], cwd=some.base, env=some.env, check=True)
    assert (some.root / "Documents" / "a.txt").exists()


def test_config_commands(cli: Cli) -> None:
    """Config init writes the file that path names, check finds it good, show tells origins."""
    assert cli.good("config", "path") == f"{cli.config}\n"
    assert "defaults" in cli.good("config", "check")
    assert cli.good("config", "init") == f"{cli.config}\n"
    assert cli.good("config", "check") == f"{cli.config}: good\n"
    cli.config.write_text("mode: month\n")
    text = cli.good("config", "show", FILEORG_ON_CONFLICT="skip")
    assert re.search(rf'^mode +"month" +{re.escape(str(cli.config))}$', text, re.MULTILINE)
    assert re.search(r'^on_conflict +"skip" +FILEORG_ON_CONFLICT$', text, re.MULTILINE)
    assert re.search(r"^copy +false +default$", text, re.MULTILINE)
    rows = json.loads(cli.good("config", "show", "--output", "json"))
    assert {"key": "mode", "value": "month", "origin": str(cli.config)} in rows


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_scripts(cli: Cli, shell: str) -> None:
    """Completion prints a script that asks fileorg itself."""
    assert "_FILEORG_COMPLETE" in cli.good("completion", shell)


def test_completion_answers(cli: Cli) -> None:
    """What the bash script asks is answered with options and commands."""
    asked = {"_FILEORG_COMPLETE": "complete_bash", "COMP_CWORD": "2"}
    text = cli.good(COMP_WORDS="fileorg organize --dry", **asked)
    assert "--dry-run" in text.split()


@pytest.mark.smoke
def test_runs_and_show(some: Cli) -> None:
    """Runs lists the newest first with its status; show tells a run and filters its files."""
    assert some("runs").stderr == "fileorg: there are no runs yet\n"
    some.good("organize", "root")
    some.good("undo", "last")
    text = some.good("runs").splitlines()
    assert [(line.split()[3], line.split()[4]) for line in text] == [
        ("undo", "done"), ("organize", "undone"),
    ]  # fmt: skip
    lines = [json.loads(line) for line in some.good("runs", "--output", "jsonl").splitlines()]
    assert [line["kind"] for line in lines] == ["undo", "organize"]
    assert lines == json.loads(some.good("runs", "--output", "json"))
    run = only_run(some)
    shown = some.good("show", run[:-1])
    assert shown.startswith(f"Run {run}: organize, undone\n")
    assert "Command: fileorg organize root\n" in shown
    assert shown.endswith(f"Do it again: fileorg redo {run}\n")
    assert json.loads(some.good("show", run, "--output", "json"))["summary"]["done"] == 3
    files = some.good("show", run, "--files").splitlines()
    assert re.fullmatch(r"done +1 B +\S+/root/c\.jpg -> \S+/Images/c\.jpg", files[-1])
    assert len(files) == 3
    assert len(some.good("show", run, "--category", "Documents").splitlines()) == 2
    assert some.good("show", run, "--status", "failed") == ""
    found = json.loads(some.good("show", run, "--category", "Images", "--output", "json"))
    rows = found["files"]
    assert (found["run"], found["total"], len(rows)) == (run, 1, 1)
    assert (rows[0]["size"], rows[0]["status"], rows[0]["category"]) == (1, "done", "Images")


@pytest.mark.smoke
def test_undo_and_redo_last(some: Cli) -> None:
    """Undo last and redo last go back and forth; what is undone is named with root and time."""
    before = snapshot(some.root)
    some.good("organize", "root")
    after = snapshot(some.root, times=False)
    for _ in range(2):
        done = some("undo", "last")
        assert re.search(rf"run {RUN_ID.pattern} of \d{{4}}-.* in {some.root}", done.stderr)
        assert snapshot(some.root) == before
        some.good("redo", "last")
        assert snapshot(some.root, times=False) == after


def test_undo_last_twice_goes_two_runs_back(some: Cli) -> None:
    """Undo last takes back the newest run that is not undone; --root narrows it."""
    other = make_tree(some.base / "other", {b"o.txt": b"o"})
    some.good("organize", "root")
    some.good("organize", "other")
    some.good("undo", "last", "--root", some.root)
    assert (some.root / "a.txt").exists()
    assert not (other / "o.txt").exists()
    some.good("undo", "last")
    assert (other / "o.txt").exists()
    assert some("undo", "last").returncode == 2


def test_second_undo_does_nothing(some: Cli) -> None:
    """To undo a run that is undone is no error: it says so and changes nothing."""
    some.good("organize", "root")
    run = only_run(some)
    some.good("undo", run)
    before = snapshot(some.root)
    done = some("undo", run)
    assert (done.returncode, done.stdout) == (0, "Nothing to undo\n")
    assert "already" in done.stderr
    assert snapshot(some.root) == before
    assert len(some.journals()) == 2


def test_undo_dry_run_names_the_run(some: Cli) -> None:
    """The preview of `undo last` changes nothing and names the run by its id."""
    some.good("organize", "root")
    before = snapshot(some.root)
    text = some.good("undo", "last", "-n")
    assert text.endswith(f"Nothing was changed. To do it: fileorg undo {only_run(some)}\n")
    assert snapshot(some.root) == before


def test_failures_are_named_also_when_quiet(cli: Cli) -> None:
    """A run in which a file failed ends with 3 and names it, its name escaped, even with -q."""
    make_tree(cli.root, {b"a\x1b.txt": b"a", b"Documents": b"a file in the way"})
    done = cli("organize", "root", "-q")
    assert (done.returncode, done.stdout) == (3, "")
    assert "a\\x1b.txt" in done.stderr
    assert sys.executable not in done.stderr

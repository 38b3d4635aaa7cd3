"""README, docs and changelog against the program: nothing missing, and the session runs."""

import os
import pty
import re
import secrets
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import typer
from msgspec.structs import fields

import fileorg.errors as errors_module
from fileorg.cli.app import app
from fileorg.cli.running import SOME_FAILED
from fileorg.config.schema import Config, Rule, When
from fileorg.errors import FileorgError, InterruptedRunError
from fileorg.journal.schema import DDL, VERSION
from fileorg.model.outcome import Status
from fileorg.model.plan import ActionKind, ConflictPolicy
from fileorg.plan.templates import FIELDS, MODES
from tests.product import FILEORG

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text()
USAGE = (TOP / "docs" / "usage.md").read_text()
JOURNAL = (TOP / "docs" / "journal-format.md").read_text()
EXAMPLE = (TOP / "config.example.yaml").read_text()
PAGES = [TOP / "README.md", TOP / "CHANGELOG.md", *sorted((TOP / "docs").glob("*.md"))]
PLACE = "/tmp/mess"
BAR = re.compile(r"\x1b\[\?25l.*?\x1b\[\?25h(?:\r?\x1b\[1A\x1b\[2K)?", re.DOTALL)
"""A progress bar: between a cursor that goes and one that comes back."""


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, with its words."""
    below = getattr(command, "commands", {})
    if path and not below:
        yield " ".join(path), command
    for name, child in below.items():
        yield from commands(child, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))
OPTIONS = sorted({
    (name, option)
    for name, command in [*COMMANDS.items(), ("", typer.main.get_command(app))]
    for parameter in command.params
    for option in (*parameter.opts, *parameter.secondary_opts)
    if option.startswith("--")
})  # fmt: skip


def words(text: str) -> set[str]:
    """Return what stands in backticks, and its words."""
    quoted = re.findall(r"`([^`\n]+)`", text)
    return {word.strip(",") for part in quoted for word in [part, *re.split(r"[ |\\]+", part)]}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    """Each command is named in the README."""
    assert f"`{name}`" in README


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_is_documented(name: str, option: str) -> None:
    """Each long option of each command is on the usage page."""
    assert option in words(USAGE), f"{name} {option}"


def test_no_option_is_documented_that_does_not_exist() -> None:
    """The pages for users name no long option that no command has."""
    known = {option for _, option in OPTIONS} | {"--help"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README + USAGE))
    assert named <= known


@pytest.mark.parametrize("key", Config.__struct_fields__)
def test_every_key_is_documented(key: str) -> None:
    """Each key of the configuration is explained to users and in the example."""
    assert re.search(rf"^{key}:", EXAMPLE, re.MULTILINE)
    assert not {key, "--" + key.replace("_", "-")}.isdisjoint(words(README + USAGE))


def test_every_exit_code_is_documented() -> None:
    """Each exit code of an error, of success and of failed files is in the README's table."""
    table = README.partition("## Exit codes")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
    documented = {int(code) for row in rows for code in row.split(",")}
    classes = [
        item
        for item in vars(errors_module).values()
        if isinstance(item, type) and issubclass(item, FileorgError)
    ]
    signals = {InterruptedRunError("", signal=number).exit_code for number in (2, 15)}
    assert documented == {0, SOME_FAILED, *signals, *(item.exit_code for item in classes)}


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_documented(mode: str) -> None:
    """Each layout has a row in the README, whose example is what its template gives."""
    row = re.search(rf"^\| `{mode}`.*? \| `([^`]+)`", README, re.MULTILINE)
    assert row is not None
    values = {"category": "Images", "name": "x.jpg", "extension": "jpg", "size_class": "Tiny"}
    dates = {"%Y": "2024", "%Y-%m": "2024-05", "%m": "05", "%d": "17"}
    place = re.sub(r"\{date:([^}]*)\}", lambda found: dates[found[1]], MODES[mode])
    assert row[1] == place.format(**values)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_documented(field: str) -> None:
    """Each field of templates is named in the README and explained on the usage page."""
    assert f"{{{field}}}" in words(README)
    assert re.search(rf"^\| `\{{{field}[}}:]", USAGE, re.MULTILINE)


@pytest.mark.parametrize("policy", ConflictPolicy)
def test_every_policy_is_documented(policy: ConflictPolicy) -> None:
    """Each conflict policy has a row on the usage page."""
    assert re.search(rf"^\| `{policy}` \|", USAGE, re.MULTILINE)


def test_every_table_and_column_is_documented() -> None:
    """The page on the journal has each table of the schema, with exactly its columns."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(DDL)
        tables = [
            name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE sql NOTNULL")
        ]
        real = {
            table: {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            for table in tables
        }
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##)", JOURNAL, re.MULTILINE | re.DOTALL))
    cells = {
        table: re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
        for table, section in sections.items()
    }
    assert {table: words(" ".join(found)) for table, found in cells.items()} == real


@pytest.mark.parametrize("numbered", [*ActionKind, *Status])
def test_every_number_in_a_journal_is_documented(numbered: ActionKind | Status) -> None:
    """Each kind of action and each status stands with its number and its own first word."""
    word = numbered.name.lower().split("_")[0]
    assert re.search(rf"\b{numbered.value} {word}", JOURNAL)


def test_journal_version_is_documented() -> None:
    """The page on the journal names the version that is written."""
    assert f"`PRAGMA user_version` is {VERSION}." in JOURNAL


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Each relative link is to a file that exists, and to a heading that it has."""
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if target.startswith("https://"):
            continue
        path, _, heading = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.is_file(), target
        headings = re.findall(r"^#+ (.*)", linked.read_text(), re.MULTILINE)
        assert not heading or heading in {h.lower().replace(" ", "-") for h in headings}, target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_is_named_exists(page: Path) -> None:
    """Where a page says which test holds a promise, there is that test."""
    for name in re.findall(r"`(tests/[\w/.]+)`", page.read_text()):
        assert (TOP / name).exists(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_this_machine(page: Path) -> None:
    """No page holds a path of the machine that it was written on."""
    text = page.read_text()
    for place in (str(TOP) + "/", sys.prefix + "/", "/tmp/venv", "/work/"):
        assert place not in text


def test_test_command_is_the_one_of_ci() -> None:
    """The README's test command ends with what the last step of .ci/run calls."""
    command = "python -m pytest -q"
    last = (TOP / ".ci" / "run").read_text().rstrip().splitlines()[-1]
    assert last.startswith(command)
    assert f"/bin/{command}\n" in README


def test_session_runs_as_written(tmp_path: Path) -> None:
    """The commands of the README's session print what stands below them."""
    assert_runs_as_written(README, tmp_path, session_on_pipe, tmp_path / "mess")


def test_the_whole_life_runs_as_written(tmp_path: Path) -> None:
    """On a terminal of 80 columns each command of the life of a mess prints what stands there."""
    life = (TOP / "docs" / "session.md").read_text()
    place = Path(PLACE[:-4] + secrets.token_hex(2))  # as long as the page's, for lines are cut
    place.mkdir()
    try:
        assert_runs_as_written(life, tmp_path, session_on_terminal, place)
    finally:
        shutil.rmtree(place)


def assert_runs_as_written(
    page: str, tmp_path: Path, run: Callable[[str, dict[str, str], Path], str], folder: Path
) -> None:
    """Run the commands of a page's session in a folder, and compare what each prints."""
    written = "".join(re.findall(r"```console\n(.*?)```", page, re.DOTALL))
    steps = [step.partition("\n") for step in re.split(r"^\$ ", written, flags=re.MULTILINE)[1:]]
    assert len(steps) > 5
    marker = "--- next"
    place = str(folder)
    script = "".join(f"{line.replace(PLACE, place)}\necho '{marker}'\n" for line, _, _ in steps)
    printed = run(script, environment(tmp_path), tmp_path).split(f"{marker}\n")[:-1]
    assert [normal(text, place) for text in printed] == [
        normal(said, PLACE) for _, _, said in steps
    ]


def session_on_pipe(script: str, env: dict[str, str], folder: Path) -> str:
    """Return what a shell script prints to a pipe."""
    return subprocess.run(
        ["bash", "-c", "exec 2>&1\n" + script], env=env, cwd=folder, stdout=subprocess.PIPE,
        text=True, check=True, timeout=120,
    ).stdout  # fmt: skip


def session_on_terminal(script: str, env: dict[str, str], folder: Path) -> str:
    """Return what a shell script leaves on a terminal of 80 columns, without its colours."""
    ours, theirs = pty.openpty()
    on_terminal = env | {"TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(
        ["bash", "-c", script], env=on_terminal, cwd=folder, stdin=subprocess.DEVNULL,
        stdout=theirs, stderr=theirs,
    ):  # fmt: skip
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # EIO: the other end is closed
            while data := os.read(ours, 65536):
                shown += data
        os.close(ours)
    text = BAR.sub("", shown.decode().replace("\r\n", "\n"))
    return re.sub(r"[ \t]+$", "", re.sub(r"\x1b\[[0-9;]*m", "", text), flags=re.MULTILINE)


def test_rules_do_as_the_usage_page_says(tmp_path: Path) -> None:
    """The example of rules is a configuration, and its commands print what stands below them."""
    section = USAGE.partition("\n## Rules\n")[2].partition("\n## ")[0]
    (written,) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    (block,) = re.findall(r"```console\n(.*?)```", section, re.DOTALL)
    place = tmp_path / "mess"
    place.mkdir()
    files = {"letter.txt": "Your invoice no. 12\n", "notes.txt": "notes\n", "draft.txt": ""}
    for name, text in {**files, "Screenshot 2024-05-17 at 9.png": "picture"}.items():
        (place / name).write_text(text)
    config = tmp_path / "config.yaml"
    config.write_text(written)
    for command, _, said in (step.partition("\n") for step in block.split("$ ")[1:]):
        printed = subprocess.run(
            ["bash", "-c", command],
            env=environment(tmp_path) | {"FILEORG_CONFIG": str(config)},
            cwd=place, stdout=subprocess.PIPE, text=True, check=True, timeout=60,
        ).stdout  # fmt: skip
        printed = printed.replace(f"{config}:", "config.yaml:").replace(f"{place}/", "")
        assert normal(printed.replace(f" {place}", " ."), "PLACE") == normal(said, "PLACE")


@pytest.mark.parametrize("key", [f.encode_name for k in (When, Rule) for f in fields(k)])
def test_every_key_of_a_rule_is_documented(key: str) -> None:
    """Each condition and all that a rule can do is in the section on rules."""
    section = USAGE.partition("\n## Rules\n")[2].partition("\n## ")[0]
    assert f"`{key}`" in section


def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which `fileorg` is the program of this checkout."""
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / "fileorg"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(FILEORG)} "$@"\n')
    program.chmod(0o755)
    return {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": str(TOP),
        "HOME": str(tmp_path / "home"),
        "FILEORG_STATE_DIR": str(tmp_path / "state"),
        "LC_ALL": "C.UTF-8",
    }


def normal(text: str, place: str) -> str:
    """Return text with its place, run ids, times and durations replaced."""
    text = text.replace(place, "PLACE")
    text = re.sub(r"\d{8}-\d{6}-[2-9a-z]{3}", "RUN", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", "WHEN", text)
    return re.sub(r"(in|took) \d+\.\d s", r"\1 DURATION", text)

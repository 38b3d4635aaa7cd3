"""Saving a plan, reading it, and applying it, as a user does."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.pipeline.harness import snapshot
from tests.trees import HOSTILE_NAMES, make_tree


@pytest.fixture
def planned(cli: Cli) -> Cli:
    """Return a command line after a plan was saved as plan.jsonl."""
    make_tree(cli.root, {b"a.jpg": b"1", b"b.jpg": b"22", b"in/c.pdf": b"3"})
    cli.good("organize", "root", "-r", "-n", "--save-plan", "plan.jsonl")
    return cli


def lines(cli: Cli) -> list[dict[str, object]]:
    """Return the lines of the plan."""
    return [json.loads(line) for line in (cli.base / "plan.jsonl").read_text().splitlines()]


def test_a_saved_plan_is_for_people(planned: Cli) -> None:
    """The first line says what it is of, and each other one what happens to which file."""
    head, *rest = lines(planned)
    assert (head["plan"], head["options"]) == (1, {"folders": "recurse"})
    assert head["command"] == [
        "fileorg", "organize", "root", "-r", "-n", "--save-plan", "plan.jsonl",
    ]  # fmt: skip
    assert [(line["do"], line["source"], line.get("target")) for line in rest] == [
        ("move", "a.jpg", "Images/a.jpg"), ("move", "b.jpg", "Images/b.jpg"),
        ("move", "in/c.pdf", "Documents/c.pdf"), ("remove_folder", "in", None),
    ]  # fmt: skip
    assert sorted(path.name for path in planned.base.iterdir()) == [
        "config", "home", "plan.jsonl", "root",
    ]  # fmt: skip


def test_the_preview_names_apply(cli: Cli) -> None:
    """A dry run that saves its plan ends with the command that does it."""
    make_tree(cli.root, {b"a.jpg": b"1"})
    text = cli.good("organize", "root", "-n", "--save-plan=my plan")
    assert text.endswith("Nothing was changed. To do it: fileorg apply 'my plan'\n")


def test_a_plan_is_applied_taken_back_and_listed(planned: Cli) -> None:
    """Apply moves what the plan says, is a run like any other, and undo brings all back."""
    before = snapshot(planned.root)
    assert planned.good("apply", "plan.jsonl", "-n").startswith("Would apply 3 files, 4 B in ")
    assert snapshot(planned.root) == before
    text = planned.good("apply", "plan.jsonl")
    assert text.startswith("Applied 3 files, 4 B in ")
    assert "  1 folder left empty, removed\n" in text
    run = planned.journals()[0].stem
    assert text.endswith(f"Take it back: fileorg undo {run}\n")
    assert "  apply  done " in planned.good("runs")
    assert planned.good("show", run).splitlines()[2] == "Command: fileorg apply plan.jsonl"
    planned.good("undo", "last")
    assert snapshot(planned.root) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_plan_that_finds_no_room_on_stdout_is_told(planned: Cli) -> None:
    """A plan that stdout can't take ends with 12 and the warning not to apply it."""
    with (
        Path("/dev/full").open("wb") as full,
        planned.start("organize", "root", "-n", "--save-plan", "-", stdout=full) as run,
    ):
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 12
    assert b"Traceback" not in errors
    assert b"do not apply it" in errors


def test_a_plan_of_which_nothing_is_left_ends_with_4_everywhere(planned: Cli) -> None:
    """The last event has the exit code of the process."""
    for path in planned.root.rglob("*"):
        if path.is_file():
            path.unlink()
    done = planned("apply", "plan.jsonl", "--output", "jsonl")
    assert done.returncode == 4
    assert json.loads(done.stdout.splitlines()[-1])["exit_code"] == 4


def test_a_run_of_a_plan_has_a_report(planned: Cli) -> None:
    """Whatever a report is written as, one of an applied plan says so."""
    planned.good("apply", "plan.jsonl")
    assert "Applied 3 files" in planned.good("report", "last", "--format", "html")
    assert (
        json.loads(planned.good("report", "last", "--format", "json"))["summary"]["kind"] == "apply"
    )
    assert "a.jpg" in planned.good("report", "last", "--format", "csv")


def test_a_plan_goes_through_a_pipe(planned: Cli) -> None:
    """A plan can be made, filtered and applied in one line of a shell."""
    planned.past_the_first_run()
    program = shlex.join(planned.command)
    done = subprocess.run(
        f"{program} organize root -r -n --save-plan - | grep -v b.jpg | {program} apply -",
        shell=True, cwd=planned.base, env=planned.env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("Applied 2 files, 2 B")
    assert done.stderr == ""
    assert (planned.root / "b.jpg").exists()


def test_part_of_a_plan_that_drifted_is_3_and_all_of_it_4(planned: Cli) -> None:
    """What has changed is named with its path and reason: 3 if the rest was done, 4 if none was."""
    (planned.root / "a.jpg").write_text("changed")
    done = planned("apply", "plan.jsonl")
    assert done.returncode == 3
    assert f"  {planned.root}/a.jpg: changed since it was seen\n" in done.stdout
    again = planned("apply", "plan.jsonl", "--output", "json")
    assert again.returncode == 4
    document = json.loads(again.stdout)
    assert (document["done"], document["failed"], document["kind"]) == (0, 3, "apply")
    assert len(planned.journals()) == 1


def test_what_lists_all_that_drifted_is_told(cli: Cli) -> None:
    """Of many files that have changed 20 are named, and what names all of them does so."""
    make_tree(cli.root, {b"%02d.txt" % number: b"x" for number in range(30)})
    cli.good("organize", "root", "-n", "--save-plan", "plan")
    for number in range(1, 30):
        (cli.root / f"{number:02}.txt").write_text("changed")
    preview = cli("apply", "plan", "--dry-run").stdout
    assert "  and 9 more: --output json has all\n" in preview
    assert len(json.loads(cli("apply", "plan", "-n", "--output", "json").stdout)["failures"]) == 29
    done = cli("apply", "plan").stdout
    [words] = re.findall(r"^  and 9 more: fileorg (show .*)$", done, re.MULTILINE)
    assert cli.good(*words.split()).count("changed since it was seen") == 29
    assert words in cli.good("show", "last")


def test_a_plan_without_files_is_nothing_to_do(planned: Cli) -> None:
    """A plan whose lines were all deleted does nothing and is no error."""
    path = planned.base / "plan.jsonl"
    path.write_text(path.read_text().splitlines()[0])
    assert planned.good("apply", "plan.jsonl").startswith("Nothing to apply in ")
    assert not planned.journals()


def test_a_file_that_is_there_is_not_replaced(planned: Cli) -> None:
    """--save-plan never writes over a file, and leaves nothing beside it."""
    before = (planned.base / "plan.jsonl").read_bytes()
    done = planned("organize", "root", "-n", "--save-plan", "plan.jsonl")
    assert (done.returncode, done.stdout) == (4, "")
    assert "plan.jsonl: is there already; " in done.stderr
    assert (planned.base / "plan.jsonl").read_bytes() == before
    assert not list(planned.base.glob(".*"))


def test_a_dry_run_that_fails_leaves_no_plan(cli: Cli) -> None:
    """A plan gets its name only when it is whole."""
    make_tree(cli.root, {b"a.txt": b"1", b"Documents/a.txt": b"2"})
    words = ("organize", "root", "-n", "--on-conflict", "fail", "--save-plan", "plan")
    assert cli(*words).returncode == 4
    assert sorted(path.name for path in cli.base.iterdir()) == ["config", "home", "root"]


def test_hostile_names_survive_a_plan(cli: Cli) -> None:
    """Whatever bytes names have, the plan can be printed as it is, and moves those very files."""
    names = [name for name in HOSTILE_NAMES if len(name) < 200]
    make_tree(cli.root, {name: b"%d" % number for number, name in enumerate(names)})
    before = snapshot(cli.root)
    cli.good("organize", "root", "-n", "--save-plan", "plan")
    text = (cli.base / "plan").read_text("utf-8")
    assert not {char for char in text if char < " " and char != "\n"} | set("\u202e\x7f") & set(
        text
    )
    cli.good("apply", "plan")
    moved = {os.path.basename(path) for path in snapshot(cli.root) if path}
    assert set(names) <= moved
    cli.good("undo", "last")
    assert snapshot(cli.root) == before


def test_a_plan_tells_its_files_as_events(planned: Cli) -> None:
    """With -v each file is named, and --save-plan - leaves stdout to the plan."""
    assert "move: a.jpg -> Images/a.jpg\n" in planned.good("apply", "plan.jsonl", "-v")
    planned.good("undo", "last")
    plan = planned.good("organize", "root", "-r", "-n", "--save-plan", "-")
    assert all(json.loads(line) for line in plan.splitlines())


BAD = {
    "no dry run": (("organize", "root", "--save-plan", "p"), 2, ("--dry-run", "apply")),
    "two on stdout": (
        ("organize", "root", "-n", "--save-plan", "-", "--output", "json"), 2, ("stdout", "file"),
    ),
    "no folder for it": (("organize", "root", "-n", "--save-plan", "none/p"), 12, ("none/p",)),
    "no plan there": (("apply", "none"), 2, ("none", "No such file")),
    "a folder": (("apply", "root"), 2, ("root", "directory")),
    "no plan": (("apply", "root/a.jpg"), 2, ("root/a.jpg: line 1: not a plan", "--save-plan")),
    "an empty plan": (("apply", "empty"), 2, ("empty: line 1: not a plan: it is empty", "made by")),
    "another document": (("apply", "other"), 2, ("not a plan: it has no version", "--save-plan")),
    "a bad line": (("apply", "bad"), 2, ("bad: line 2: '../x' is no path below the root",)),
}  # fmt: skip


@pytest.mark.parametrize(("words", "code", "says"), BAD.values(), ids=BAD.keys())
def test_bad_plans_are_one_line(
    planned: Cli, words: tuple[str, ...], code: int, says: tuple[str, ...]
) -> None:
    """What can't be saved or applied ends with its code and one line, and nothing is changed."""
    head = (planned.base / "plan.jsonl").read_text().splitlines()[0]
    Path(planned.base / "bad").write_text(head + '\n{"do":"move","source":"a.jpg","target":"../x"}')
    (planned.base / "empty").touch()
    (planned.base / "other").write_text("{}")
    before = snapshot(planned.base)
    done = planned(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert len(done.stderr.splitlines()) == 1
    for part in says:
        assert part in done.stderr
    after = snapshot(planned.base)
    assert {p for p in after if b"/state" not in p} == set(before)
    assert not planned.journals()

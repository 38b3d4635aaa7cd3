"""`fileorg show` as users and programs see it."""

import json
import re

import pytest

from fileorg.cli.running import next_line
from tests.cli.conftest import Cli
from tests.cli.golden import WAYS, assert_golden, printed
from tests.pipeline.harness import Desk
from tests.pipeline.stages import crashed
from tests.trees import make_tree


@pytest.mark.parametrize("way", WAYS)
def test_what_show_prints(ran: Cli, way: str) -> None:
    """Sums, files and groups are printed the same on every kind of terminal and pipe."""
    text = printed(
        ran,
        way,
        ("show", "last"),
        ("show", "last", "--files", "--sort", "path"),
        ("show", "last", "--sort", "size", "-r", "--page", "2", "--page-size", "3"),
        ("show", "last", "--duplicates"),
        ("show", "last", "--status", "failed"),
    )
    assert_golden(text, f"show-{way}.txt")


def test_pages_are_told_where_they_are(ran: Cli) -> None:
    """A page says on stderr which of how many it is, and which option gives the next one."""
    first = ran("show", "last", "--page-size", "4")
    assert len(first.stdout.splitlines()) == 4
    assert re.fullmatch(r"fileorg: 1 to 4 of 9 files; more: --page 2\n", first.stderr)
    last = ran("show", "last", "--page-size", "4", "--page", "3")
    assert last.stderr == "fileorg: 9 to 9 of 9 files\n"
    beyond = ran("show", "last", "--page", "9")
    assert (beyond.returncode, beyond.stdout) == (0, "")
    assert beyond.stderr == "fileorg: there are 9 files\n"
    none = ran("show", "last", "--status", "skipped")
    assert (none.returncode, none.stdout, none.stderr) == (0, "", "fileorg: there are no files\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--status", "fail"), "did you mean 'failed'"),
        (("--status", "x"), "there are done, skipped, failed"),
        (("--category", "documents"), "did you mean 'Documents'"),
        (("--category", "Nonsense"), "there are Audio, "),
        (("--sort", "sizes"), "did you mean 'size'"),
        (("--page", "0"), "--page"),
        (("--page-size", "1001"), "--page-size"),
        (("--duplicates", "--sort", "size"), "neither filtered nor sorted"),
    ],
)
def test_what_does_not_exist_is_an_error(ran: Cli, words: tuple[str, ...], says: str) -> None:
    """A status, category, order or page that can't be ends with 2, and the nearest name is told."""
    done = ran("show", "last", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


def test_programs_get_documents_and_lines(ran: Cli) -> None:
    """JSON is one document with the number on all pages, jsonl a line each, with the same items."""
    words = ("show", "last", "--sort", "path", "--page", "2", "--page-size", "3")
    found = json.loads(ran.good(*words, "--output", "json"))
    assert (found["total"], found["page"], found["page_size"]) == (9, 2, 3)
    lines = [json.loads(line) for line in ran.good(*words, "--output", "jsonl").splitlines()]
    assert lines == found["files"]
    assert len(lines) == 3
    groups = json.loads(ran.good("show", "last", "--duplicates", "--output", "json"))
    assert groups["total"] == 1
    assert groups["groups"][0]["keep"]["path"].endswith("/b.txt")
    assert [line["kind"] for line in groups["groups"][0]["redundant"]] == ["set_aside"]
    broken = json.loads(ran.good("show", "last", "--files", "--output", "json"))["files"]
    assert sum("path_b64" in line["source"] for line in broken) == 1
    steps = json.loads(ran.good("show", "last", "--output", "json"))["summary"]["steps"]
    assert sum(step["files"] for step in steps) == 7


def test_a_run_without_duplicates_says_so(cli: Cli) -> None:
    """Where nothing was set aside, stdout is empty, and what is only likely is told as such."""
    make_tree(cli.root, {b"a.txt": b"same", b"b.txt": b"same"})
    cli.good("organize", "root", "--dedupe", "off")
    none = cli("show", "last", "--duplicates")
    assert (none.returncode, none.stdout) == (0, "")
    assert none.stderr == "fileorg: there are no groups\n"
    cli.good("undo", "last")
    cli.good("organize", "root")
    assert "Probably redundant: 1 file in 1 group" in cli.good("show", "last", "--duplicates")


def change(cli: Cli) -> None:
    """Make another file of a.jpg."""
    make_tree(cli.root, {b"a.jpg": b"another"})


def test_a_run_that_changed_nothing_is_not_to_be_taken_back(cli: Cli) -> None:
    """Where each step failed neither `show` nor the end of the run hints at undo."""
    make_tree(cli.root, {b"a.jpg": b"x", b"Images": None})
    summary = Desk(cli.base).organize_with(lambda: change(cli))
    assert (summary.failed, summary.folders_made) == (1, 0)
    assert next_line(summary) == ""
    text = cli.good("show", "last")
    assert "Failed: 1" in text
    assert "fileorg undo" not in text


def test_a_run_that_made_a_folder_only_can_be_taken_back(cli: Cli) -> None:
    """Where each file failed and a folder was made for them, undo removes that, and is named."""
    make_tree(cli.root, {b"a.jpg": b"x"})
    Desk(cli.base).organize_with(lambda: change(cli))
    assert "Take it back: fileorg undo " in cli.good("show", "last")
    cli.good("undo", "last")
    assert [path.name for path in cli.root.iterdir()] == ["a.jpg"]


def test_a_run_that_did_not_end_says_so(cli: Cli) -> None:
    """Of an interrupted run no duration is told, but what of it was done and how to finish it."""
    make_tree(cli.root, {b"%d.txt" % number: b"x" for number in range(5)})
    assert crashed(Desk(cli.base).organize, "rename_each:1:crash-before")
    text = cli.good("show", "last")
    begun = r"Begun [-0-9]+ [:0-9]+, interrupted; when is not known\n"
    assert re.match(rf"Run \S+: organize, interrupted\n{begun}", text)
    assert "0.0 s" not in text
    listed = cli("runs")
    assert "interrupted  not counted  " in listed.stdout
    assert listed.stderr == "fileorg: finish what was interrupted: fileorg recover\n"
    assert re.search(r"^Finish it: fileorg recover ", text, re.MULTILINE)
    assert len(cli.good("show", "last", "--files").splitlines()) == 5
    report = json.loads(cli.good("report", "last", "--format", "json"))
    assert report["run"]["status"] == "interrupted"


def test_there_is_no_last_run_before_the_first(cli: Cli) -> None:
    """Asked for the last run where there is none, it says so, and guesses at no other name."""
    done = cli("show", "last")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "fileorg: 'last': there are no runs yet; 'fileorg runs' lists them\n"

"""`fileorg dedupe`: what it prints, for people and for programs."""

import base64
import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.pipeline.harness import snapshot
from tests.trees import make_tree

TREE = {b"a/report.pdf": b"same", b"b/report (1).pdf": b"same", b"c.txt": b"other"}


@pytest.fixture
def twins(cli: Cli) -> Cli:
    """Return a command line whose folder holds a pair of duplicates."""
    make_tree(cli.root, TREE)
    return cli


def test_groups_are_lines(twins: Cli) -> None:
    """A group is the file that is kept with the reason, and the others below it."""
    assert twins.good("dedupe", twins.root).splitlines() == [
        f"1 redundant file in 1 group, 4 B reclaimable, in {twins.root}",
        "  a/report.pdf  4 B, kept: most complete name",
        "    b/report (1).pdf",
        "Compared byte by byte. Nothing was changed.",
    ]


def test_nothing_found_is_said(cli: Cli) -> None:
    """Where there are no duplicates, one line says among how many files."""
    make_tree(cli.root, {b"a": b"1", b"b": b"2"})
    assert cli.good("dedupe", cli.root) == f"No duplicates among 2 files in {cli.root}\n"


def test_a_second_look_says_what_it_rests_on(twins: Cli) -> None:
    """Groups that rest on earlier digests are not said to be compared."""
    twins.good("dedupe", twins.root)
    again = twins.good("dedupe", twins.root)
    assert "by digests of an earlier run; --no-cache" in again
    assert "Compared" not in again
    assert "Compared" in twins.good("dedupe", "--no-cache", twins.root)
    assert twins.good("cache", "clear").startswith("Freed ")
    assert "Compared" in twins.good("dedupe", twins.root)


def test_json_is_one_document(twins: Cli) -> None:
    """JSON has groups with digests and absolute paths, and the sums."""
    found = json.loads(twins.good("dedupe", twins.root, "--output", "json"))
    assert found["groups"] == [
        {
            "digest": found["groups"][0]["digest"], "proof": "bytes", "size": 4,
            "keep": {"path": f"{twins.root}/a/report.pdf"}, "reason": "most complete name",
            "redundant": [{"path": f"{twins.root}/b/report (1).pdf"}], "reclaimable": 4,
        }
    ]  # fmt: skip
    assert (found["seen"], found["redundant"], found["reclaimable"]) == (3, 1, 4)
    events = [
        json.loads(line)
        for line in twins.good("dedupe", twins.root, "--output", "jsonl").splitlines()
    ]
    assert [e["event"] for e in events if e["event"] != "progress"] == [
        "run_started", "phase_started", "phase_started", "duplicates", "duplicates_counted",
        "run_finished",
    ]  # fmt: skip


def test_csv_is_a_table_without_formulas(cli: Cli) -> None:
    """CSV has a row for each file, and no cell that a spreadsheet would calculate."""
    names = [b"=1+1", b"a,b\n", b"line\nbreak", b"return\rbreak", b"bad \xff"]
    make_tree(cli.root, dict.fromkeys(names, b"same"))
    printed = cli.good("dedupe", "--output", "csv", "--keep", "first", cli.root)
    rows = list(csv.DictReader(io.StringIO(printed, newline="")))
    assert [row["role"] for row in rows] == ["keep", *["redundant"] * 4]
    found = [
        base64.b64decode(row["path_b64"]) if row["path_b64"] else row["path"].encode()
        for row in rows
    ]
    assert sorted(found) == sorted(bytes(cli.root) + b"/" + name for name in names)


def test_a_terminal_gets_a_tree(twins: Cli) -> None:
    """On a terminal groups are a tree, without colour where that is not wanted."""
    printed = twins.good("dedupe", twins.root, FORCE_COLOR="1", NO_COLOR="1")
    assert "└── a/report.pdf  4 B, kept: most complete name" in printed
    assert "    └── b/report (1).pdf" in printed


def test_wrong_words_are_refused(twins: Cli, tmp_path: Path) -> None:
    """A policy that does not exist and a missing folder end with 2 and one line."""
    for words in (("--keep", "best"), (str(tmp_path / "missing"),)):
        done = twins("dedupe", twins.root, *words)
        assert done.returncode == 2
        assert done.stderr.startswith("fileorg: ")
        assert done.stderr.count("\n") == 1


def test_the_policy_may_be_configured(twins: Cli) -> None:
    """Keep and reference are keys of the configuration, over which options win."""
    twins.config.write_text(f"keep: longest\nreference: ['{twins.root}/b']\n")
    assert "b/report (1).pdf  4 B, kept: in a reference folder" in twins.good("dedupe", twins.root)
    printed = twins.good("dedupe", twins.root, "--reference", twins.root / "a")
    assert "a/report.pdf  4 B, kept: in a reference folder" in printed


@pytest.mark.smoke
def test_an_act_names_what_takes_it_back(twins: Cli) -> None:
    """Quarantine says what was done, how to take it back, and how to free the space; both work."""
    printed = twins.good("dedupe", twins.root, "--action", "quarantine")
    *_, done, back, free = printed.splitlines()
    assert done.startswith(f"Deduplicated 1 file, 4 B in {twins.root}")
    run = back.removeprefix("Take it back: fileorg undo ")
    assert free == f"Free the space: fileorg purge {run}"
    assert not (twins.root / "b" / "report (1).pdf").exists()

    assert "Put back 1 file" in twins.good("undo", "last")
    assert "Did again 1 file" in twins.good("redo", "last")
    assert twins.good("purge", run, "--dry-run") == f"Would free 4 B, 1 file of run {run}\n"
    assert twins.good("purge", run) == f"Freed 4 B, 1 file of run {run}\n"
    assert "purged, so not put back: b/report (1).pdf" in twins.good("undo", run)


def test_a_preview_names_the_command(twins: Cli) -> None:
    """A dry run changes nothing and says what would."""
    before = snapshot(twins.root)
    printed = twins.good("dedupe", twins.root, "--action", "hardlink", "-n")
    assert f"Would deduplicate 1 file, 4 B in {twins.root}" in printed
    assert printed.endswith(f"To do it: fileorg dedupe {twins.root} --action hardlink\n")
    assert snapshot(twins.root) == before


def test_what_stays_in_quarantine_is_named(twins: Cli) -> None:
    """A purge that can't prove all ends with 3 and names what stays."""
    twins.good("dedupe", twins.root, "--action", "quarantine")
    run = json.loads(twins.good("runs", "--output", "json"))[0]["run"]
    (twins.root / "a" / "report.pdf").unlink()
    done = twins("purge", run)
    assert done.returncode == 3
    assert "it stays: the file that was kept is not there any more" in done.stderr


def test_a_folder_that_is_refused(twins: Cli) -> None:
    """Acting in a checkout ends with 4 unless forced."""
    (twins.root / ".git").mkdir()
    done = twins("dedupe", twins.root, "--action", "quarantine")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    twins.good("dedupe", twins.root, "--action", "quarantine", "--force")


def test_organize_says_what_is_probably_redundant(twins: Cli) -> None:
    """A preview names probable duplicates in words that promise no more than was looked at."""
    said = twins.good("organize", twins.root, "-r", "--dry-run")
    assert "Probably redundant: 1 file in 1 group, 4 B: b/report (1).pdf\n" in said
    assert "same size, first and last 4 KiB as another (fileorg dedupe compares all bytes)" in said
    assert "redundant" not in twins.good("organize", twins.root, "-rn", "--dedupe", "off")
    found = json.loads(twins.good("organize", twins.root, "-rn", "--output", "json"))
    assert (found["likely"]["files"], found["likely"]["whole"]) == (1, True)


@pytest.mark.smoke
def test_organize_sets_aside_what_is_proven(twins: Cli) -> None:
    """A run that sets duplicates aside says how their space is freed; purge frees it."""
    said = twins.good("organize", twins.root, "-r", "--dedupe", "quarantine")
    run = next(line for line in said.splitlines() if "undo" in line).split()[-1]
    assert f"1 redundant file in 1 group set aside (fileorg purge {run} frees the space)" in said
    assert twins.good("purge", run) == f"Freed 4 B, 1 file of run {run}\n"


def test_a_source_in_a_reference_folder_is_refused(twins: Cli) -> None:
    """What is never to be touched can't be organized: exit code 2, with the remedy."""
    refused = twins("organize", twins.root, "-r", "--reference", str(twins.root.parent))
    assert refused.returncode == 2
    assert "lies in the reference folder" in refused.stderr


def test_paths_may_be_files(twins: Cli) -> None:
    """Two files that hold the same are found and acted on, whatever is beside them."""
    paths = twins.root / "a" / "report.pdf", twins.root / "b" / "report (1).pdf"
    assert "1 redundant file" in twins.good("dedupe", *paths)
    twins.good("dedupe", *paths, "--action", "quarantine")
    assert not paths[1].exists()
    twins.good("undo", "last")
    assert paths[1].exists()

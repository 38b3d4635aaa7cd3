"""`fileorg doctor` as a user has it."""

import base64
import json
import os

import pytest

from tests.cli.conftest import Cli
from tests.trees import make_tree


@pytest.fixture
def organized(cli: Cli) -> Cli:
    """Return a command line with one run."""
    make_tree(cli.root, {b"a.txt": b"a", b"b.jpg": b"b"})
    cli.good("organize", "root")
    cli.good("runs")
    return cli


@pytest.mark.smoke
def test_healthy_is_said_and_is_exit_0(organized: Cli) -> None:
    """Where all is well each line begins with `good`, the last says so, and the exit code is 0."""
    *lines, last = organized.good("doctor").splitlines()
    assert [line.split()[1] for line in lines] == ["state", "state", "journals", "index", "root"]
    assert all(line.startswith("good  ") for line in lines)
    assert last == "Healthy"


def test_troubles_are_counted_and_the_highest_code_wins(organized: Cli) -> None:
    """Two troubles are two lines that begin with `bad`; the exit code is that of the worse."""
    run = organized.journals()[0]
    run.chmod(0o644)
    make_tree(organized.base / "other", {b"a.txt": b"a"})
    organized.good("organize", "other")
    (organized.base / "other").rename(organized.base / "away")
    done = organized("doctor")
    assert done.returncode == 12
    bad = [line for line in done.stdout.splitlines() if line.startswith("bad ")]
    assert len(bad) == 2
    assert f"{run}: others may read or write it; if nobody did: chmod 600 {run}" in bad[0]
    assert done.stdout.endswith("2 problems found\n")


def test_output_for_programs(organized: Cli) -> None:
    """JSON is one document with a verdict, JSON lines a finding each; the exit code is the same."""
    name = b"left \xff\n"
    (organized.root / "Images" / os.fsdecode(b".fileorg-20200101-000000-abc-" + name)).touch()
    done = organized("doctor", "--output", "json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["healthy"]) == (3, False)
    last = found["findings"][-1]
    assert (last["area"], last["code"]) == ("leftover", 3)
    assert base64.b64decode(last["path_b64"]).endswith(name)
    lines = organized("doctor", "--output", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == found["findings"]


def test_of_many_alike_the_first_are_told(organized: Cli) -> None:
    """Of many differences in text the first twenty are named and the rest counted."""
    make_tree(organized.root, {b"%d.txt" % number: b"x" for number in range(30)})
    organized.good("organize", "root")
    for path in (organized.root / "Documents").iterdir():
        path.unlink()
    done = organized("doctor", "last")
    assert done.returncode == 3
    assert done.stdout.count("\nbad   file ") == 20
    assert "and 10 more of 'file'; --output json has all" in done.stdout
    assert done.stdout.endswith("30 problems found\n")


def test_paths_are_listed(organized: Cli) -> None:
    """--paths names state, configuration and every root, for people and for programs."""
    text = organized.good("doctor", "--paths")
    for place in (organized.state / "runs", organized.config, organized.root / ".fileorg"):
        assert str(place) in text
    rows = json.loads(organized.good("doctor", "--paths", "--output", "json"))
    assert [f"{row['path']}: {row['holds']}" for row in rows] == text.splitlines()
    done = organized("doctor", "last", "--paths")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_doctor_of_a_damaged_run(organized: Cli) -> None:
    """`doctor RUN` of a journal that is none is refused in one line with 4; of no run, with 2."""
    organized.journals()[0].write_bytes(b"garbage" * 999)
    done = organized("doctor", organized.journals()[0].stem)
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)
    assert organized("doctor", "2020").returncode == 2

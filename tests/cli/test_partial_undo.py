"""Taking back a part of a run, as a user sees it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.pipeline.harness import snapshot
from tests.trees import make_tree


@pytest.fixture
def organized(cli: Cli) -> Cli:
    """Return a command line after a run over five files."""
    make_tree(cli.root, {b"a.jpg": b"1", b"b.jpg": b"22", b"c.pdf": b"3", b"d.txt": b"4"})
    make_tree(cli.root, {b"new\nline \xff.txt": b"5"})
    cli.good("organize", "root")
    return cli


def test_a_part_is_put_back_and_the_rest_is_counted(organized: Cli) -> None:
    """The sums say what was put back and how much of the run was not asked for."""
    text = organized.good("undo", "last", "--only", "*.jpg", "--only", "*.pdf")
    assert text.startswith("Put back 3 files, 4 B in ")
    assert "  2 files of the run not asked for, not touched\n" in text
    assert "partly undone" in organized.good("runs")
    assert organized.good("undo", "last").startswith("Put back 2 files")
    assert "partly" not in organized.good("runs")


def test_paths_are_as_the_shell_gives_them(organized: Cli) -> None:
    """--file is relative to the working folder, may lead through a symlink, and hold any byte."""
    (organized.base / "way").symlink_to(organized.root)
    organized.good("undo", "last", "--file", "way/Images/a.jpg")
    organized.good("undo", "last", "--file", b"root/new\nline \xff.txt")
    assert (organized.root / "a.jpg").exists()
    assert len(list(organized.root.glob("new*"))) == 1


def test_the_preview_of_a_part_names_what_it_does(organized: Cli) -> None:
    """A dry run of a part changes nothing, and ends with the command that does it."""
    before = snapshot(organized.root)
    text = organized.good("undo", "last", "-n", "--category", "Images", "-v")
    assert "would_move: Images/a.jpg -> a.jpg\n" in text
    assert text.startswith("would_move")
    assert "Would undo 2 files, 3 B" in text
    assert text.rstrip().endswith("--category Images -v")
    assert snapshot(organized.root) == before
    assert len(organized.journals()) == 1


@pytest.mark.parametrize("dry", [(), ("-n",)])
def test_what_stays_is_listed_with_both_paths(organized: Cli, dry: tuple[str, ...]) -> None:
    """What can't be put back is named with where it is, where it was, and why: text and JSON."""
    (organized.root / "d.txt").write_text("taken")
    (organized.root / "Images" / "a.jpg").unlink()
    done = organized("undo", "last", *dry)
    root = organized.root
    assert done.returncode == 3
    assert f"  {root}/Documents/d.txt -> {root}/d.txt: name was taken meanwhile" in done.stdout
    assert f"  {root}/Images/a.jpg -> {root}/a.jpg: gone since it was seen" in done.stdout
    again = organized("undo", "last" if dry else organized.journals()[0].stem, "--output", "json")
    assert again.returncode == 3
    failures = json.loads(again.stdout)["failures"]
    assert {(f["path"], f["target"]) for f in failures} == {
        (f"{root}/Documents/d.txt", f"{root}/d.txt"), (f"{root}/Images/a.jpg", f"{root}/a.jpg"),
    }  # fmt: skip


def test_all_that_stays_is_listed(cli: Cli) -> None:
    """However many files can't be put back, each is named."""
    make_tree(cli.root, {b"%d.txt" % n: b"%d" % n for n in range(60)})
    cli.good("organize", "root")
    make_tree(cli.root, {b"%d.txt" % n: b"taken" for n in range(60)})
    done = cli("undo", "last")
    assert done.returncode == 3
    assert done.stdout.count("name was taken meanwhile") == 60


def test_renamed_ones_go_beside(organized: Cli) -> None:
    """--on-conflict rename puts a file back under a number and fails nothing."""
    (organized.root / "d.txt").write_text("taken")
    organized.good("undo", "last", "--on-conflict", "rename")
    assert (organized.root / "d (1).txt").read_text() == "4"
    assert (organized.root / "d.txt").read_text() == "taken"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--file", "root/none.txt"), "root/none.txt: not a file of this run"),
        (("--category", "Imags"), "no file of 'Imags'; did you mean 'Images'?"),
        (("--category", "Nonsense"), "no file of 'Nonsense'; there is Documents, Images"),
        (("--only", "[[:alpha:]]*"), "classes are not known"),
        (("--file", ""), "an empty path"),
    ],
)
def test_what_the_run_does_not_know_is_refused(
    organized: Cli, words: tuple[str, ...], says: str
) -> None:
    """A part that can't be meant ends with 2 and one line, and nothing is moved."""
    before = snapshot(organized.root)
    done = organized("undo", "last", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr.splitlines()[-1]
    assert snapshot(organized.root) == before


def test_hostile_names_are_safe_among_the_failures(organized: Cli) -> None:
    """A name with a newline and bytes that are no text is escaped where it can't be put back."""
    [moved] = (organized.root / "Documents").glob("new*")
    Path(organized.root / moved.name).write_text("taken")
    done = organized("undo", "last", "--only", "new*")
    assert done.returncode == 3
    assert "/Documents/new\\nline \\xff.txt -> " in done.stdout

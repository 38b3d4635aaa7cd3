"""`fileorg prune` as a user, or cron, runs it."""

import json

import pytest

from tests.cli.conftest import Cli
from tests.trees import make_tree


@pytest.fixture
def organized(cli: Cli) -> Cli:
    """Return a command line after two runs."""
    for name in (b"a.jpg", b"b.pdf"):
        make_tree(cli.root, {name: b"1"})
        cli.good("organize", "root")
    return cli


def test_by_default_the_young_and_the_newest_stay(organized: Cli) -> None:
    """Without options nothing younger than 90 days goes, and not the newest twenty runs."""
    assert organized.good("prune") == "Dropped 0 journals of 0 runs, 0 B\n"
    assert organized.good("prune", "--older-than", "0h") == "Dropped 0 journals of 0 runs, 0 B\n"
    assert organized.good("prune", "--keep", "0") == "Dropped 0 journals of 0 runs, 0 B\n"
    assert len(organized.journals()) == 2


def test_what_is_asked_goes(organized: Cli) -> None:
    """--older-than and --keep say what goes; a dry run only says so; JSON has the sums."""
    words = ("prune", "--older-than", "0h", "--keep", "1")
    assert organized.good(*words, "-n").startswith("Would drop 1 journal of 1 run, ")
    assert len(organized.journals()) == 2
    found = json.loads(organized.good(*words, "--output", "json"))
    assert (found["runs"], found["journals"], found["kept"]) == (1, 1, [])
    assert len(organized.journals()) == 1
    assert len(organized.good("runs").splitlines()) == 1


def test_the_age_is_a_key_of_the_configuration(organized: Cli) -> None:
    """`retention` in the file and FILEORG_RETENTION take the place of the option."""
    organized.config.write_text("retention: 0h\n")
    assert organized.good("prune", "--keep", "1").startswith("Dropped 1 journal")
    organized.config.write_text("")
    assert organized.good("prune", "--keep", "0", FILEORG_RETENTION="0h").startswith("Dropped 1 ")
    done = organized("prune", "--older-than", "soon")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fileorg: 'soon' is no age")


def test_what_stays_although_it_is_old_is_named(cli: Cli) -> None:
    """A run that something depends on is named on stderr with the reason, but not with -q."""
    make_tree(cli.root, {b"a.txt": b"same", b"b.txt": b"same"})
    cli.good("dedupe", "root", "--action", "quarantine")
    words = ("prune", "--older-than", "0h", "--keep", "0")
    done = cli(*words)
    assert done.returncode == 0
    assert done.stderr == (
        f"fileorg: kept {cli.journals()[0].stem}: files of it are in quarantine in {cli.root}\n"
    )
    assert cli(*words, "-q").stderr == ""


def test_doctor_tells_how_much_room_journals_take(organized: Cli) -> None:
    """The finding on the folder of journals has the bytes of all of them."""
    size = sum(path.stat().st_size for path in organized.journals())
    assert f"{size:,} bytes of files in it" in organized.good("doctor")

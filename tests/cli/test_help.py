"""The help: every command and option in its group, with examples that work."""

import shlex

import pytest
import typer

from fileorg.cli.app import app
from fileorg.cli.help import COMMANDS
from tests.cli.conftest import Cli
from tests.docs.test_docs import COMMANDS as EXISTING

WIDTH = 80
EXAMPLES = [
    (name, words) for name, known in COMMANDS.items() for words, _ in known.examples
]  # fmt: skip


def test_help_is_there_for_exactly_the_commands_there_are() -> None:
    """Each command has its group, its words and an example, and nothing else has."""
    groups = {"config", "cache", "categories"} & set(COMMANDS)
    assert set(COMMANDS) - groups == set(EXISTING)
    assert all(COMMANDS[name].examples for name in EXISTING)


@pytest.mark.parametrize("name", EXISTING)
def test_help_ends_with_the_examples(cli: Cli, name: str) -> None:
    """The help of each command ends with its examples."""
    shown = cli.good(*name.split(), "--help").partition("\nExamples:\n")[2]
    assert all(f"  fileorg {words}\n" in shown for words, _ in COMMANDS[name].examples)


@pytest.mark.parametrize(("name", "words"), EXAMPLES)
def test_examples_are_good_command_lines(name: str, words: str) -> None:
    """Each example is a line for its command that is understood as it stands."""
    words = words.partition(" | ")[0].partition(" || ")[0].partition(" > ")[0]
    command, given = typer.main.get_command(app), shlex.split(words)
    for word in name.split():
        assert given.pop(0) == word
        command = command.commands[word]  # type: ignore[attr-defined]
    with command.make_context(name, given) as context:
        assert context.command is command


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_a_terminal(cli: Cli, name: str) -> None:
    """No line of help is wider than a terminal but an example, and no sentence is cut short."""
    text = cli.good(*name.split(), "--help", COLUMNS=str(WIDTH))
    _usage, *lines = text.partition("Examples:")[0].splitlines()
    for line in lines:
        assert len(line) <= WIDTH, line
        assert not line.endswith("..."), line


def test_commands_stand_in_groups(cli: Cli) -> None:
    """The commands are grouped by what they are for, the options by what they are about."""
    lines = cli.good("--help").splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")][2:]
    assert heads == ["Tidy:", "Take back:", "Look:", "Keep house:", "Set up:"]
    lines = cli.good("organize", "--help").splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")][1:]
    assert heads == [
        "Arguments:",
        "Options:",
        "Layout:",
        "Care:",
        "Which files:",
        "Buckets:",
        "Examples:",
    ]


def asked(cli: Cli, *words: str) -> list[str]:
    """Return what the shell is told when it asks how to go on."""
    line = " ".join(("fileorg", *words))
    return cli.good(
        _FILEORG_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words))
    ).splitlines()  # fmt: skip


def test_the_shell_completes_runs_categories_and_modes(cli: Cli) -> None:
    """Ids of runs, categories with the user's own, and modes are completed from what there is."""
    (cli.root / "a.jpg").write_bytes(b"a")
    cli.good("organize", "root")
    (run,) = [path.stem for path in cli.journals()]
    for command in (("undo",), ("redo",), ("show",), ("recover",), ("purge",), ("doctor",)):
        assert asked(cli, *command, run[:4]) == [run]
    assert asked(cli, "undo", "la") == ["last"]
    assert asked(cli, "organize", "--mode", "category_") == ["category_year", "category_month"]
    cli.config.write_text("categories: {Imagery: [img2]}\n")
    assert asked(cli, "organize", "--only-category", "Imag") == ["Images", "Imagery"]
    for verb in ("show", "edit", "remove"):
        assert asked(cli, "categories", verb, "Imag") == ["Images", "Imagery"]
    cli.config.write_text("nonsense: 1\n")
    assert asked(cli, "organize", "--only-category", "Imag") == [""]


def test_a_run_that_is_misspelled_is_guessed(cli: Cli) -> None:
    """An id with a wrong letter is answered with the one that was probably meant."""
    (cli.root / "a.jpg").write_bytes(b"a")
    cli.good("organize", "root")
    (run,) = [path.stem for path in cli.journals()]
    wrong = run[:-1] + ("a" if run[-1] != "a" else "b")
    done = cli("undo", wrong)
    assert done.returncode == 2
    assert f"did you mean {run}?" in done.stderr


def test_the_first_run_says_what_stays_and_what_takes_it_back(cli: Cli) -> None:
    """Until there is a run, one line names what is left alone, and undo; --quiet does without."""
    (cli.root / "a.jpg").write_bytes(b"a")
    line = cli("organize", "root", "-n").stderr
    assert line.startswith("fileorg: first run: hidden files, ")
    assert "undo last" in line
    assert line.count("\n") == 1
    assert cli("organize", "root", "-n", "-q").stderr == ""
    assert cli("organize", "root").stderr == line
    assert "first run" not in cli("organize", "root").stderr

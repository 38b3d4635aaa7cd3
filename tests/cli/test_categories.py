"""`fileorg categories` as a user has it."""

import json

import pytest

from tests.cli.conftest import Cli
from tests.trees import make_tree


def rows(text: str) -> dict[str, str]:
    """Return the lines of the list by the names of the categories."""
    return {line[:24].rstrip(): line[24:].strip() for line in text.splitlines()}


def test_list_has_all_and_says_which_are_yours(cli: Cli) -> None:
    """The list has each category with its number of extensions and what of it the user added."""
    cli.config.write_text("categories: {Images: [raw9]}\n")
    cli.good("categories", "add", "Comics", "cbz", "cbr")
    found = rows(cli.good("categories", "list"))
    assert found["Comics"] == "2 extensions  yours"
    assert found["Images"].endswith("extensions  1 of them yours")
    assert found["Other"] == "0 extensions"
    listed = json.loads(cli.good("categories", "list", "--output", "json"))
    lines = cli.good("categories", "list", "--output", "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == listed
    (comics,) = (row for row in listed if row["name"] == "Comics")
    assert comics == {
        "name": "Comics", "built_in": False, "extensions": ["cbr", "cbz"], "own": ["cbz", "cbr"]
    }  # fmt: skip


def test_a_category_of_ones_own_is_kept_shown_and_used(cli: Cli) -> None:
    """What is added is kept beside the configuration, which stays as it is, and files go there."""
    cli.config.write_text("# mine\nmode: category\n")
    text = cli.good("categories", "add", "Comics", "CBZ", ".cbr")
    kept = cli.config.parent / "categories.yaml"
    assert text == f".cbr: Books -> Comics\n.cbz: Books -> Comics\nKept in {kept}\n"
    assert cli.good("categories", "show", "Comics") == "cbr cbz\nyours: cbz cbr\n"
    assert cli.config.read_text() == "# mine\nmode: category\n"
    assert cli.good("config", "path", "--categories") == f"{kept}\n"
    assert str(kept) in cli.good("config", "show")
    assert str(kept) in cli.good("doctor", "--paths")
    make_tree(cli.root, {b"a.cbz": b"a"})
    cli.good("organize", "root")
    assert (cli.root / "Comics" / "a.cbz").exists()


def test_edit_and_remove(cli: Cli) -> None:
    """Extensions move in and out, a category gets another name, and goes again."""
    cli.good("categories", "add", "Comics", "cbz")
    done = cli.good(
        "categories", "edit", "Comics", "--add-extension", "x1", "--remove-extension", "cbz",
        "--rename", "Strips", "--output", "json",
    )  # fmt: skip
    assert json.loads(done)["moved"] == [
        {"extension": "cbz", "before": "Comics", "after": "Books"},
        {"extension": "x1", "before": "Other", "after": "Strips"},
    ]
    assert ".psd: Design -> Other" in cli.good(
        "categories", "edit", "Design", "--remove-extension", "psd"
    )
    cli.good("categories", "remove", "Strips")
    assert "Strips" not in rows(cli.good("categories", "list"))


def test_a_clash_of_both_files_can_be_mended_by_the_command_it_names(cli: Cli) -> None:
    """Where the two files disagree everything says so, and the remedy in the message works."""
    cli.good("categories", "add", "Comics", "cbz")
    cli.config.write_text("categories: {Books: [cbz]}\n")
    done = cli("organize", "root", "-n")
    assert done.returncode == 2
    remedy = done.stderr.strip().rpartition("; ")[2]
    assert remedy == "fileorg categories edit 'Comics' --remove-extension 'cbz'"
    cli.good("categories", "edit", "Comics", "--remove-extension", "cbz")
    cli.good("organize", "root", "-n")


def test_what_the_configuration_needs_is_not_removed(cli: Cli) -> None:
    """A category that the configuration names stays, and the file with it."""
    cli.good("categories", "add", "Comics", "cbz")
    cli.config.write_text("only_category: [Comics]\n")
    for change in (("remove", "Comics"), ("edit", "Comics", "--rename", "Strips")):
        done = cli("categories", *change)
        assert (done.returncode, done.stdout) == (2, "")
        assert "only_category: 'Comics' is no category" in done.stderr
    assert "Comics" in (cli.config.parent / "categories.yaml").read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("show", "Imags"), 2, "no category 'Imags'; did you mean 'Images'?"),
        (("edit", "Images"), 2, "nothing to change; add --add-extension, --remove-extension or"),
        (("add", "a/b", "x"), 2, "category name 'a/b' holds a slash or backslash"),
        (("add", "X", "."), 2, "'.' can be no file extension; write such as 'epub' or 'tar.gz'"),
        (("add", "X", "x,y"), 2, "'x,y' can be no file extension; write each by itself"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    cli: Cli, words: tuple[str, ...], code: int, message: str
) -> None:
    """A change that can't be made is one line on stderr with what to do."""
    done = cli("categories", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(f"fileorg: {message}")
    assert done.stderr.count("\n") == 1
    assert not (cli.config.parent / "categories.yaml").exists()


def test_a_folder_that_can_not_be_written_is_exit_12(cli: Cli) -> None:
    """Where the folder of the configuration can't be, the file is named with what to do."""
    (cli.base / "file").write_text("")
    done = cli("categories", "add", "X", "x1", XDG_CONFIG_HOME=str(cli.base / "file"))
    assert (done.returncode, done.stdout) == (12, "")
    assert "categories.yaml: Not a directory; the folder of the configuration must" in done.stderr

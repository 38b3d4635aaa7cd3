"""`fileorg scan`: what is in a folder, for people and for programs."""

import base64
import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_tty import TERMINALS, on_terminal
from tests.pipeline.harness import snapshot
from tests.trees import File, make_tree

MAY = 1_715_900_000.0  # 2024-05-16
TREE = {
    b"photo.jpg": File(b"x" * 3000, MAY),
    b"trip/photo.jpg": File(b"y" * 3000, MAY - 86400 * 365),
    b"trip/notes.txt": File(b"n" * 10, MAY),
    b"odd.qqq": File(b"", MAY),
    b"invoice.pdf.exe": File(b"MZ", 1.0),
    b".hidden": File(b"h", MAY),
    b"project/.git/": None,
}
LINES = """\
5 files, 6.0 kB, in 2 folders of {root}
By category
  Images          2 files        6.0 kB   99.8 %
  Documents        1 file          10 B    0.2 %
  Programs         1 file           2 B    0.0 %
  Other            1 file           0 B    0.0 %
By size
  Tiny       5 files        6.0 kB  100.0 %
By year of the last change
  2023           1 file        3.0 kB   49.9 %
  2024          3 files        3.0 kB   50.1 %
  Undated        1 file           2 B    0.0 %
Largest files
  photo.jpg             3.0 kB  2024-05-16 22:53:20
  trip/photo.jpg        3.0 kB  2023-05-17 22:53:20
Largest folders
  trip/       2 files        3.0 kB   50.1 %
Oldest files
  invoice.pdf.exe           2 B  1970-01-01 00:00:01
  trip/photo.jpg         3.0 kB  2023-05-17 22:53:20
Newest files
  odd.qqq             0 B  2024-05-16 22:53:20
  photo.jpg        3.0 kB  2024-05-16 22:53:20
Extensions without a category
  .qqq        1 file           0 B    0.0 %
Suspicious names
  invoice.pdf.exe  a program named like a document
Of the same size as another, and so perhaps redundant: 1 file in 1 group,
  3.0 kB at most (fileorg dedupe compares their bytes)
Left alone:
        1  hidden: .hidden (--hidden organizes them too)
        1  project or repository: project
"""


@pytest.fixture
def mess(cli: Cli) -> Cli:
    """Return a command line whose folder holds a bit of everything."""
    make_tree(cli.root, TREE)
    cli.env["TZ"] = "UTC"
    return cli


def test_lines_say_what_is_there(mess: Cli) -> None:
    """Without a terminal each table is plain lines; names are relative to the only source."""
    before = snapshot(mess.root)
    assert mess.good("scan", "--top", "2", mess.root) == LINES.format(root=mess.root)
    assert snapshot(mess.root) == before
    assert not mess.state.exists()


@pytest.mark.parametrize(("env", "branch", "colour"), TERMINALS)
@pytest.mark.parametrize("columns", ["80", "200"])
def test_terminals_get_tables(
    mess: Cli, env: dict[str, str], branch: str, colour: bool, columns: str
) -> None:
    """A terminal gets tables with bars, in colour and in ASCII as it can."""
    out, _ = on_terminal(mess, "scan", "root", COLUMNS=columns, **env)
    assert ("\x1b[" in out) is colour
    assert "Largest folders" in out
    bar = {"├── ": "\u2588", "+-- ": "#"}.get(branch)
    assert bar is None or bar * 10 in out
    assert out.isascii() is (branch != "├── ")


@pytest.mark.parametrize(("env", "mark"), [({}, "\u2026"), ({"LC_ALL": "C"}, "...")])
def test_long_names_are_cut_and_numbers_never(cli: Cli, env: dict[str, str], mark: str) -> None:
    """On a narrow terminal a long path keeps both its ends, and each number stands whole."""
    folder = "a folder with a long name " * 4
    make_tree(cli.root, {f"{folder}/{'x' * 100} end.txt".encode(): File(b"y" * 3000, MAY)})
    narrow = {"COLUMNS": "80", "TZ": "UTC", "NO_COLOR": "1", "PYTHONUTF8": "0", **env}
    out, _ = on_terminal(cli, "scan", "root", **narrow, PYTHONCOERCECLOCALE="0")
    lines = [line.rstrip() for line in out.splitlines()]
    assert all(len(line) <= 80 for line in lines[1:])
    (largest,) = lines[lines.index("Largest files") + 1 :][:1]
    assert largest.startswith("  a folder with")
    assert largest.endswith("xx end.txt  3.0 kB  2024-05-16 22:53:20")
    assert mark in largest
    assert any(
        line.endswith("1 file  3.0 kB  100.0 %  " + bar * 20) for line in lines for bar in "\u2588#"
    )
    (folders,) = lines[lines.index("Largest folders") + 1 :][:1]
    assert "  1 file  3.0 kB" in folders


def test_json_has_everything(mess: Cli) -> None:
    """JSON is one document with the sums and absolute paths; jsonl ends with the same."""
    found = json.loads(mess.good("scan", mess.root, "--output", "json"))
    assert (found["files"], found["bytes"], found["folders"]) == (5, 6012, 2)
    assert found["largest"][0]["path"] == f"{mess.root}/photo.jpg"
    assert found["same_size"] == {"groups": 1, "files": 1, "bytes": 3000}
    assert found["suspects"][0]["path"] == f"{mess.root}/invoice.pdf.exe"
    assert found["left_alone"][0]["reason"] == "hidden"
    last = mess.good("scan", mess.root, "--output", "jsonl").splitlines()[-2]
    assert json.loads(last) == {"event": "scanned", "schema": 1, "inventory": found}


def test_hostile_names_are_harmless(cli: Cli) -> None:
    """Names with control characters are escaped for people, and exact for programs."""
    make_tree(cli.root, {b"\x1b[31m\xff.qqq\n": b"1", "\u202egpj.exe".encode(): b"12"})
    shown = cli.good("scan", cli.root)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\u202egpj.exe" in shown
    found = json.loads(cli.good("scan", cli.root, "--output", "json"))
    paths = {base64.b64decode(one["path_b64"]) for one in found["largest"] if "path_b64" in one}
    assert paths == {os.fsencode(cli.root) + b"/\x1b[31m\xff.qqq\n"}


def test_what_is_selected_is_counted(mess: Cli) -> None:
    """Globs, depth, categories of the user and hidden files decide what is counted."""

    def counted(*words: str) -> dict[str, int]:
        found = json.loads(mess.good("scan", mess.root, "--output", "json", *words))
        return {share["name"]: share["files"] for share in found["categories"]}

    assert counted("--include", "*.jpg") == {"Images": 2}
    assert counted("--depth", "0", "--include", "*.jpg") == {"Images": 1}
    assert counted("--min-size", "3kB") == {"Images": 2}
    assert counted("--hidden")["Other"] == 2
    mess.config.write_text("categories: {Odd: [qqq]}\n")
    assert counted("--include", "*.qqq") == {"Odd": 1}


def test_nothing_there_is_said(cli: Cli) -> None:
    """An empty folder is one line, a file is a source like any other."""
    assert cli.good("scan", cli.root) == f"No files in {cli.root}\n"
    make_tree(cli.root, {b"a.txt": b"1234"})
    assert "1 file, 4 B" in cli.good("scan", cli.root / "a.txt")


def test_what_can_not_be_read_is_a_failure(cli: Cli) -> None:
    """A folder that vanishes from view is exit 3 and named; a missing source is exit 2."""
    make_tree(cli.root, {b"good.txt": b"1", b"bad/.fileorgignore/": None})
    done = cli("scan", cli.root)
    assert done.returncode == 3
    assert "bad/.fileorgignore" in done.stdout
    assert "1 file, 1 B" in done.stdout
    gone = cli("scan", cli.root / "missing")
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "missing" in gone.stderr


def test_a_full_stdout_is_told(mess: Cli) -> None:
    """Where stdout takes no more, the exit code says so, in one line."""
    with Path("/dev/full").open("wb") as full, mess.start("scan", "root", stdout=full) as run:
        assert run.wait(60) == 12
        assert run.stderr is not None
        assert run.stderr.read().startswith(b"fileorg: stdout: No space left on device")

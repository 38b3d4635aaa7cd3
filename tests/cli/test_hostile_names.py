"""Hundreds of hostile names at the command line: nothing raises, and nothing raw is printed."""

import base64
import json
import os
import re
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_tty import terminals
from tests.hostile import NAMES, make_hostile
from tests.pipeline.harness import snapshot
from tests.product import needs_package

ROOT = b"r\x1b]0;t\x07\n\xe2\x80\xae\xff\xc2\x9b31m $(id)"
ENVIRONMENTS = {
    "utf-8": {"LC_ALL": "C.UTF-8"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "strict": {"PYTHONIOENCODING": "ascii:strict"},
    "koi8-r": {"PYTHONIOENCODING": "koi8-r"},
}
ENCODINGS = [
    pytest.param(name, marks=pytest.mark.smoke if name == "utf-8" else needs_package)
    for name in ENVIRONMENTS
]
RAW = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
    "|[\ud800-\udfff]"
)
OURS = re.compile(r"\x1b\[(?:[0-9;]*m|2K|1A|\?25[lh])|\r(?=\n)|\r(?=\x1b\[(?:2K|1A))|\r\Z")
"""What a terminal is sent on purpose: colours, and what draws and wipes a bar."""

CODES: dict[tuple[str | bytes, ...], int] = {("doctor",): 3}
"""Files named like a temporary file of fileorg's make it ask for a look."""


@pytest.fixture
def hostile(cli: Cli) -> Cli:
    """Return a command line whose folder has a hostile name and holds all the others."""
    cli.root.rmdir()
    cli.root = cli.base / os.fsdecode(ROOT)
    make_hostile(cli.root)
    return cli


def encoding_of(env: dict[str, str]) -> str:
    """Return the encoding in which a command of that environment prints."""
    return env.get("PYTHONIOENCODING", "utf-8").partition(":")[0]


def session(run: str = "last") -> list[tuple[str | bytes, ...]]:
    """Return commands that preview, do, show, take back and do again, and end as it began."""
    return [
        ("organize", ROOT, "--hidden", "-n", "-v"),
        ("organize", ROOT, "--hidden", "-n"),
        ("organize", ROOT, "--hidden", "-v", "--log-file", "log"),
        ("runs",),
        ("show", run),
        ("show", run, "--files"),
        ("doctor",),
        ("doctor", run),
        ("undo", run, "-n"),
        ("undo", run, "-v"),
        ("redo", run, "-v"),
        ("undo", run, "-q"),
    ]


@pytest.mark.parametrize("name", ENCODINGS)
def test_nothing_raw_goes_into_a_pipe(hostile: Cli, name: str) -> None:
    """Whatever the encoding, each command does its work and prints each name escaped."""
    before, env = snapshot(hostile.root), ENVIRONMENTS[name]
    for words in session():
        done = hostile(*words, **env)
        assert done.returncode == CODES.get(words, 0), (words, done.stderr)
        printed = os.fsencode(done.stdout + done.stderr).decode(encoding_of(env))
        assert not RAW.search(printed), (words, RAW.findall(printed))
        assert "Traceback" not in printed
    assert not RAW.search((hostile.base / "log").read_text())
    assert snapshot(hostile.root) == before


@pytest.mark.parametrize(
    "env",
    [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, *(ENVIRONMENTS[name] for name in ("C", "cp437"))],
    ids=str,
)
def test_nothing_raw_reaches_a_terminal(hostile: Cli, env: dict[str, str]) -> None:
    """On a terminal only fileorg's own colours and bar are sent, and none of a name's bytes."""
    for words in session():
        code, out, err = terminals(hostile, map(os.fsdecode, words), env)
        assert code == CODES.get(words, 0), (words, out, err)
        left = os.fsencode(OURS.sub("", out) + OURS.sub("", err)).decode(encoding_of(env))
        assert "Traceback" not in left
        assert not RAW.search(left), (words, RAW.findall(left))
        if env.get("NO_COLOR"):
            assert not re.search(r"\x1b\[[0-9;]*[1-9][0-9;]*m", out), words


def exact(place: dict[str, Any]) -> bytes:
    """Return the bytes of a path as a program would have them."""
    if "path_b64" in place:
        return base64.b64decode(place["path_b64"])
    return str(place["path"]).encode()


@pytest.mark.parametrize("name", ENCODINGS[:3])
def test_json_gives_every_name_back_byte_for_byte(hostile: Cli, name: str) -> None:
    """Events, files and runs in JSON carry the exact bytes of each path, in any encoding."""
    env = ENVIRONMENTS[name]
    text = hostile.good("organize", ROOT, "--hidden", "--output", "jsonl", **env)
    assert text.isascii() or name == "utf-8"
    assert not RAW.search(text)
    events = [json.loads(line) for line in text.splitlines()]
    top = _root(hostile) + b"/"
    moves = [event for event in events if event.get("action") == "move"]
    moved = {exact(event["source"]).removeprefix(top) for event in moves}
    planned = json.loads(hostile.good("show", "last", "--output", "json", **env))["summary"]["done"]
    assert len(moved) == planned > len(NAMES) - 20
    assert moved <= set(NAMES)

    rows = json.loads(hostile.good("show", "last", "--files", "--output", "json", **env))["files"]
    assert {exact(row["source"]) for row in rows} == {
        os.path.join(b"", _root(hostile), n) for n in moved
    }
    assert all(os.path.lexists(exact(row["target"])) for row in rows)
    (run,) = json.loads(hostile.good("runs", "--output", "json", **env))
    assert [base64.b64decode(root) for root in run["roots_b64"]] == [_root(hostile)]

    document = json.loads(hostile.good("undo", "last", "--output", "json", **env))
    assert exact(document["folders"][0]) == _root(hostile)
    assert [base64.b64decode(root) for root in document["roots_b64"]] == [_root(hostile)]


def _root(cli: Cli) -> bytes:
    return os.fsencode(cli.root)


def test_json_names_failures_byte_for_byte(cli: Cli) -> None:
    """A file that failed is named in JSON such that a program finds it."""
    cli.root.rmdir()
    cli.root = cli.base / os.fsdecode(ROOT)
    cli.root.mkdir()
    for name in (b"a\xff\n.jpg", b"Images"):
        (cli.root / os.fsdecode(name)).write_bytes(name)
    done = cli("organize", ROOT, "--output", "json")
    assert done.returncode == 3
    failed = {exact(failure) for failure in json.loads(done.stdout)["failures"]}
    assert os.path.join(_root(cli), b"a\xff\n.jpg") in failed

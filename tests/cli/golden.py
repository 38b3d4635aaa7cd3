"""What commands print, kept as files: on terminals and pipes, with and without colour or UTF-8."""

import os
import re
from pathlib import Path

from tests.cli.conftest import Cli
from tests.cli.test_tty import terminals

FOLDER = Path(__file__).with_name("golden")
_C = {"LC_ALL": "C"}
WAYS: dict[str, tuple[bool, dict[str, str]]] = {
    "tty-80": (True, {"COLUMNS": "80"}),
    "tty-200": (True, {"COLUMNS": "200"}),
    "tty-no-color": (True, {"COLUMNS": "80", "NO_COLOR": "1"}),
    "tty-dumb": (True, {"COLUMNS": "80", "TERM": "dumb"}),
    "tty-c-locale": (True, {"COLUMNS": "80", **_C}),
    "pipe": (False, {}),
    "pipe-c-locale": (False, _C),
    "pipe-latin-1": (False, {"PYTHONIOENCODING": "iso-8859-1"}),
}
"""Whether on a terminal, and in what environment."""


def printed(cli: Cli, way: str, *commands: tuple[str, ...]) -> str:
    """Return what commands print in a way, with their exit codes; what differs by run is named."""
    on_terminal, env = WAYS[way]
    parts = []
    for words in commands:
        if on_terminal:
            code, out, err = terminals(cli, words, env)
        else:
            done = cli(*words, **env)
            code, out, err = done.returncode, done.stdout, done.stderr
        shown = "".join(
            f"--- {name}\n{text}" for name, text in (("stdout", out), ("stderr", err)) if text
        )
        parts.append(f"$ fileorg {' '.join(words)}\n{shown}--- exit {code}\n")
    return same_always(re.sub("\r+\n", "\n", "\n".join(parts)), cli)


def assert_golden(text: str, name: str) -> None:
    """Compare with the file of that name; with UPDATE_GOLDEN=1 write it anew."""
    path = FOLDER / name
    content = text.encode("utf-8", "surrogateescape")
    if os.environ.get("UPDATE_GOLDEN"):
        FOLDER.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert content == path.read_bytes()


def same_always(text: str, cli: Cli) -> str:
    """Return what is printed with names in the place of paths, ids, times and base64."""
    text = text.replace(str(cli.base), "BASE")
    for pattern, name in (
        (r"\d{8}-\d{6}-[2-9a-z]{3}", "RUN"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", "WHEN"),
        (r"\b\d{19}\b", "NANOSECONDS"),
        (r"\b\d+\.\d s\b", "DURATION"),
        (r"[A-Za-z0-9+/]{43,}={0,2}", "BASE64"),
    ):
        text = re.sub(pattern, name, text)
    return text

"""`fileorg explain` as it is printed."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.pipeline.photos import photo
from tests.trees import File, make_tree


@pytest.fixture
def photos(cli: Cli) -> Cli:
    """Return a command line whose folder has photos."""
    make_tree(cli.root, {
        b"a.jpg": File(photo(1, "2011:02:03 04:05:06", "EOS"), 1_600_000_000),
        b"page.pdf": File(b"<!DOCTYPE html><html><body>404</body></html>", 1_600_000_000),
        b"\xff\x1b.txt": File(b"x", 1_600_000_000),
        b".hidden": b"",
    })  # fmt: skip
    return cli


def test_people_read_lines(photos: Cli) -> None:
    """Each path is followed by what becomes of it and what says so."""
    root = photos.root
    paths = [root / "a.jpg", root / "page.pdf", root / ".hidden"]
    printed = photos.good("explain", *paths, "-m", "category_year", TZ="UTC")
    assert printed.splitlines() == [
        f"{root}/a.jpg",
        f"  goes to   {root}/Images/2011/a.jpg",
        "  category  Images, by its name (high)",
        "  content   image/jpeg",
        "  date      2011-02-03 04:05:06, EXIF DateTimeOriginal (high)",
        f"{root}/page.pdf",
        f"  goes to   {root}/Documents/2020/page.pdf",
        "  category  Documents, by its name (low)",
        "  content   text/html, which is Web pages: not what the name says",
        "  date      2020-09-13 12:26:40+00:00, modification time (low)",
        f"{root}/.hidden",
        "  stays     hidden",
        *printed.splitlines()[12:],
    ]


def test_programs_read_json(photos: Cli) -> None:
    """JSON has paths exactly, and dates in ISO 8601; lines of JSON hold the same."""
    root = os.fsencode(photos.root)
    words = ("explain", root + b"/a.jpg", root + b"/\xff\x1b.txt", "--trust", "content")
    first, second = json.loads(photos.good(*words, "--output", "json"))
    assert first == {
        "path": f"{photos.root}/a.jpg",
        "action": "move",
        "target": {"path": f"{photos.root}/Images/a.jpg"},
        "category": {"name": "Images", "basis": "name", "confidence": "high"},
        "evidence": {
            "basis": "name",
            "mime": "image/jpeg",
            "date": "2011-02-03T04:05:06",
            "date_source": "EXIF DateTimeOriginal",
        },
        "date": {
            "moment": "2011-02-03T04:05:06",
            "source": "EXIF DateTimeOriginal",
            "confidence": "high",
        },
    }
    assert second["path"].endswith("\\xff\x1b.txt")
    assert second["path_b64"]
    lines = photos.good(*words, "--output", "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == [first, second]


def test_names_do_no_harm(photos: Cli) -> None:
    """A name with control characters is printed with escapes."""
    printed = photos.good("explain", os.fsencode(photos.root) + b"/\xff\x1b.txt")
    assert printed.splitlines()[0].endswith("\\xff\\x1b.txt")


def test_errors_have_their_exit_codes(photos: Cli) -> None:
    """What is not there is 2 in one line, and so is a template that can't be."""
    wrong: list[list[str | Path]] = [[photos.root / "no"], [photos.root / "a.jpg", "-m", "no"]]
    for words in wrong:
        done = photos("explain", *words)
        assert done.returncode == 2
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1

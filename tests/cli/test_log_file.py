"""The log file, and the older ones beside it."""

import json
import os
import re
import time
from pathlib import Path

import pytest

from fileorg.cli.log_file import LogFile
from fileorg.errors import StorageUnavailableError
from tests.cli.conftest import Cli
from tests.trees import make_tree

LINE = "x" * 999


def test_runs_append_to_one_file(cli: Cli) -> None:
    """Each run adds a line for each file to what is there, what failed among them."""
    make_tree(cli.root, {b"a.jpg": b"1", b"b.txt": b"2", b"Documents": b"in the way"})
    cli("organize", "root", "-q", "--log-file", "log")
    cli("undo", "last", "-q", "--log-file", "log")
    lines = [line.split(" ", 2)[2] for line in (cli.base / "log").read_text().splitlines()]
    assert "move: a.jpg -> Images/a.jpg" in lines
    assert "failed: b.txt (a file has the name of the folder)" in lines
    assert "move: Images/a.jpg -> a.jpg" in lines


def test_each_line_begins_with_the_time(cli: Cli) -> None:
    """Whatever the time zone, a line has the moment in UTC, in ISO 8601 to the second."""
    make_tree(cli.root, {b"a.jpg": b"1", b"b.txt": b"2"})
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    cli("organize", "root", "-q", "--log-file", "log", TZ="Asia/Tokyo")
    after = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    stamps = [line.split(" ")[0] for line in (cli.base / "log").read_text().splitlines()]
    assert len(stamps) > 1
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp) for stamp in stamps)
    assert before <= min(stamps) <= max(stamps) <= after


def test_each_line_names_its_run(cli: Cli) -> None:
    """After the time comes the run, which begins with its roots: in one the paths are below it."""
    make_tree(cli.root, {b"a.jpg": b"1"})
    cli("organize", "root", "-q", "--log-file", "log")
    cli("undo", "last", "-q", "--dry-run", "--log-file", "log")
    done = json.loads(cli.good("runs", "--output", "json"))[0]["run"]
    lines = [line.split(" ", 2)[1:] for line in (cli.base / "log").read_text().splitlines()]
    [preview] = {run for run, _ in lines} - {done}
    assert [said for run, said in lines if run == done] == [
        f"begin: organize in {cli.root}", "make_folder: Images", "move: a.jpg -> Images/a.jpg",
    ]  # fmt: skip
    assert [said for run, said in lines if run == preview] == [
        f"begin: undo in {cli.root} (of {done}) (dry run)",
        "would_move: Images/a.jpg -> a.jpg",
        "would_remove_folder: Images",
    ]


def test_paths_in_several_roots_are_whole(cli: Cli) -> None:
    """Of a run in several roots each has a line at the beginning, and every path is absolute."""
    make_tree(cli.root, {b"one/a.jpg": b"1", b"t\nwo/b.jpg": b"1"})
    cli("organize", "root/one", "root/t\nwo", "-q", "--log-file", "log")
    lines = [line.split(" ", 2)[2] for line in (cli.base / "log").read_text().splitlines()]
    one, two = f"{cli.root}/one", f"{cli.root}/t\\nwo"
    assert lines[:2] == [f"begin: organize in {one}", f"begin: organize in {two}"]
    assert f"move: {one}/a.jpg -> {one}/Images/a.jpg" in lines
    assert f"move: {two}/b.jpg -> {two}/Images/b.jpg" in lines


def test_the_time_goes_on(tmp_path: Path) -> None:
    """Each line has the second in which it was written."""
    moments = iter((0.2, 0.9, 1.0))
    log = LogFile(os.fspath(tmp_path / "log"), clock=lambda: next(moments))
    for line in ("a", "b", "c"):
        log.write(line)
    log.close()
    assert (tmp_path / "log").read_text() == (
        "1970-01-01T00:00:00Z - a\n1970-01-01T00:00:00Z - b\n1970-01-01T00:00:01Z - c\n"
    )


def test_a_large_log_makes_room(tmp_path: Path) -> None:
    """Beyond ten megabytes the log begins anew, in a run and between runs; three are kept."""
    path, stamp = tmp_path / "log", "1970-01-01T00:00:00Z - "
    for turn in range(6):
        log = LogFile(os.fspath(path), clock=lambda: 0)
        for _ in range(10_002):
            log.write(f"{turn}{LINE[len(stamp) :]}")
        log.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["log", "log.1", "log.2", "log.3"]
    assert all(file.stat().st_size <= 10_002_000 for file in tmp_path.iterdir())
    begins = [(tmp_path / f"log.{number}").read_text()[len(stamp)] for number in (3, 2, 1)]
    assert begins == ["2", "3", "4"]


def test_a_device_is_no_file_to_rename(tmp_path: Path) -> None:
    """A log that leads to a device or pipe is only written to."""
    log = LogFile("/dev/null")
    for _ in range(20_000):
        log.write(LINE)
    log.close()
    assert Path("/dev/null").is_char_device()


def test_a_log_that_is_not_whole_is_told(cli: Cli) -> None:
    """A log that can't be written any more stops no run, and one line says so."""
    make_tree(cli.root, {b"a.jpg": b"1"})
    cli.past_the_first_run()
    done = cli("organize", "root", "-q", "--log-file", "/dev/full")
    assert done.returncode == 0
    assert done.stderr == "fileorg: the log file is not whole: No space left on device\n"
    assert (cli.root / "Images" / "a.jpg").exists()


def test_a_log_that_can_not_be_opened_is_refused(tmp_path: Path) -> None:
    """Where the log can't be written from the beginning nothing is begun."""
    with pytest.raises(StorageUnavailableError, match="--log-file"):
        LogFile(os.fspath(tmp_path))


@pytest.mark.parametrize("name", ["fileorg.log", "deep/fileorg.log"])
def test_a_log_in_what_is_organized_is_refused(cli: Cli, name: str) -> None:
    """It would be sorted away itself, in each run; a hidden one stays."""
    (cli.root / "deep").mkdir()
    (cli.root / "a.txt").write_bytes(b"a")
    done = cli("organize", str(cli.root), "--log-file", str(cli.root / name))
    assert done.returncode == 2
    assert "log file lies in" in done.stderr
    assert (cli.root / "a.txt").exists()
    cli.good("organize", str(cli.root), "--log-file", str(cli.root / ".fileorg.log"))
    assert (cli.root / "Documents" / "a.txt").exists()

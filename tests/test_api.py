"""The Python API: the documented examples, and that it does what the commands do."""

import os
import re
import threading
from pathlib import Path
from typing import Any

import pytest

import fileorg
from tests.pipeline.harness import snapshot
from tests.trees import make_tree

PAGE = (Path(__file__).parents[1] / "docs" / "python.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with some files, below the working folder, with a state of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FILEORG_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    tree = {b"a.jpg": b"same", b"in/b.jpg": b"same", b"c.pdf": b"c", b"d.txt": b"d"}
    return make_tree(tmp_path / "Downloads", tree)


def test_the_documented_examples_run(downloads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every example of docs/python.md runs as it stands, one after the other."""
    names: dict[str, Any] = {}
    for example in EXAMPLES:
        exec(compile(example, "docs/python.md", "exec"), names)
    assert len(EXAMPLES) >= 6
    printed = capsys.readouterr().out
    assert "b'c.pdf'" in printed
    assert names["summary"].done == 4
    assert (downloads / "Images" / "a.jpg").exists()


def test_every_public_name_is_documented() -> None:
    """Each verb of the API stands on its page."""
    verbs = [name for name, home in fileorg._HOMES.items() if home == "fileorg.api"]
    assert all(f"{verb}(" in PAGE for verb in verbs)


def test_verbs_do_what_commands_do(downloads: Path) -> None:
    """A run, its undo in part and in whole, and what is told of it, by values alone."""
    before = snapshot(downloads)
    events: list[fileorg.Event] = []
    summary = fileorg.organize(downloads, folders="recurse", on_event=events.append, jobs=1)
    assert (summary.done, summary.failed) == (4, 0)
    moved = [e.action.target.name for e in events if isinstance(e, fileorg.Happened)]
    assert {b"a.jpg", b"b.jpg", b"c.pdf", b"d.txt"} <= set(moved)
    part = fileorg.undo(only=("*.pdf",))
    assert part.done == 1
    assert (downloads / "c.pdf").exists()
    fileorg.undo(os.fsencode(summary.run).decode(), state_dir=Path("state"))
    assert before == snapshot(downloads)
    assert [line.record.kind.value for line in fileorg.runs()] == ["undo", "undo", "organize"]


def test_a_preview_tells_its_plan(downloads: Path) -> None:
    """A dry run tells each item of the plan and changes nothing."""
    before, planned = snapshot(downloads), []

    def tell(event: fileorg.Event) -> None:
        if isinstance(event, fileorg.Planned):
            planned.append(event.item)

    fileorg.organize(str(downloads), dry_run=True, on_event=tell)
    assert planned
    assert before == snapshot(downloads)


def test_duplicates_are_set_aside_and_purged(downloads: Path) -> None:
    """Duplicates are found, set aside and purged as by the commands."""
    found = fileorg.duplicates(downloads, action=fileorg.DedupeAction.QUARANTINE)
    assert found.summary.set_aside == 1
    assert fileorg.purge(found.summary.run).files == 1
    assert fileorg.recover() == []


def test_a_verb_works_in_any_thread(downloads: Path) -> None:
    """In another thread than the main one signals are left alone, and the job is done."""
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(fileorg.organize(downloads, jobs=1).done))
    thread.start()
    thread.join(60)
    assert done == [3]


def test_a_wrong_key_is_named(downloads: Path) -> None:
    """A key that does not exist is a `FileorgError` with the nearest name."""
    with pytest.raises(fileorg.FileorgError, match="mode") as caught:
        fileorg.organize(downloads, mod="category")
    assert caught.value.exit_code == 2


def test_a_pattern_alone_is_one_pattern(downloads: Path) -> None:
    """A text is taken as it is, not letter by letter, and an unknown policy is refused."""
    run = fileorg.organize(downloads, folders="recurse").run
    assert fileorg.undo(run, only="*.pdf").done == 1
    assert (downloads / "Images" / "a.jpg").exists()
    with pytest.raises(ValueError, match="renam"):
        fileorg.undo(run, on_conflict="renam")

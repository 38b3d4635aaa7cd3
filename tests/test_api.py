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
    assert (downloads.parent / "run.html").read_text().startswith("<!doctype html>")
    assert "".join(names["pieces"]).startswith("status,kind,")
    assert "b'" + str(downloads) in printed
    assert "b'c.pdf'" in printed
    assert names["summary"].done == 4
    assert (downloads / "Images" / "a.jpg").exists()


def test_every_public_name_is_documented() -> None:
    """Each verb of the API stands on its page."""
    verbs = [name for name, home in fileorg._HOMES.items() if home.startswith("fileorg.api.")]
    assert len(verbs) > 15
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
    """A key that does not exist is a `FileorgError` with the nearest name, as is a wrong value."""
    with pytest.raises(fileorg.FileorgError, match=r"keywords: mod: .*'mode'") as caught:
        fileorg.organize(downloads, mod="category")
    assert caught.value.exit_code == 2
    with pytest.raises(fileorg.FileorgError, match=r"^min_size: 'ten' is no size"):
        fileorg.organize(downloads, min_size="ten")


def test_a_pattern_alone_is_one_pattern(downloads: Path) -> None:
    """A text is taken as it is, not letter by letter, and an unknown policy is refused."""
    run = fileorg.organize(downloads, folders="recurse").run
    assert fileorg.undo(run, only="*.pdf").done == 1
    assert (downloads / "Images" / "a.jpg").exists()
    with pytest.raises(ValueError, match="renam"):
        fileorg.undo(run, on_conflict="renam")


def test_a_saved_plan_is_applied(downloads: Path) -> None:
    """The plan of a dry run is done later, but for a file that has changed, which failed."""
    before = snapshot(downloads)
    fileorg.organize(downloads, dry_run=True, save_plan="plan.jsonl")
    assert before == snapshot(downloads)
    (downloads / "c.pdf").write_text("changed")
    summary = fileorg.apply(Path("plan.jsonl"))
    assert (summary.kind.value, summary.done, summary.failed) == ("apply", 2, 1)
    assert (downloads / "Images" / "a.jpg").exists()
    with pytest.raises(fileorg.FileorgError, match="no plan there") as caught:
        fileorg.apply("no plan there")
    assert caught.value.exit_code == 2


def test_only_a_dry_run_saves_its_plan(downloads: Path) -> None:
    """A run that moves files saves no plan, and moves none where that is asked."""
    with pytest.raises(fileorg.FileorgError, match="dry_run"):
        fileorg.organize(downloads, save_plan="plan.jsonl")
    assert (downloads / "a.jpg").exists()
    assert not Path("plan.jsonl").exists()


def test_a_path_is_explained(downloads: Path) -> None:
    """What would become of each path is told in their order, by the keys that are given."""
    image, folder = fileorg.explain(downloads / "a.jpg", b"Downloads/in", into="there")
    assert image.target == os.fsencode(downloads.parent / "there" / "Images" / "a.jpg")
    assert image.judged is not None
    assert image.judged.category == "Images"
    assert folder.target is None
    with pytest.raises(fileorg.FileorgError, match="no such file"):
        fileorg.explain("nothing")


def test_files_are_chosen_sorted_and_paged(downloads: Path) -> None:
    """The files of a run by status, category, order and page; what is not there is an error."""
    (downloads / "d.txt").write_text("longer")
    run = fileorg.organize(downloads, folders="recurse").run
    fileorg.undo(run, only="*.pdf")

    def names(**asked: Any) -> list[bytes]:
        return [os.path.basename(line.source) for line in fileorg.files(run, **asked)]

    assert names(sort=fileorg.Sort.SIZE, reverse=True)[0] == b"d.txt"
    assert names(category="Images", sort="path") == [b"a.jpg", b"b.jpg"]
    assert names(status=fileorg.Status.FAILED) == []
    assert len(names(status=fileorg.Status.DONE)) == 4
    pages = [names(sort="path", page=page, page_size=3) for page in (1, 2, 3)]
    assert pages == [[b"a.jpg", b"c.pdf", b"d.txt"], [b"b.jpg"], []]
    for wrong in ({"category": "Image"}, {"page": 0}, {"page_size": 0}):
        with pytest.raises(fileorg.FileorgError, match=r"Images|count from 1"):
            names(**wrong)


@pytest.mark.parametrize("format_", fileorg.ReportFormat)
def test_a_report_is_written(downloads: Path, format_: fileorg.ReportFormat) -> None:
    """A report goes to a file that is not there yet, or to what takes text: the same report."""
    run = fileorg.organize(downloads).run
    pieces: list[str] = []
    fileorg.write_report(run, to=pieces.append, format=format_)
    fileorg.write_report(run, to="report", format=format_)
    assert Path("report").read_bytes() == "".join(pieces).encode()
    assert "a.jpg" in "".join(pieces)
    with pytest.raises(fileorg.FileorgError, match="there already"):
        fileorg.write_report(run, to="report", format=format_)
    fileorg.write_report(run, to="report", format=format_, force=True)


def test_one_run_is_recovered_or_taken_back(downloads: Path) -> None:
    """A run that a callback broke off is taken back whole; one that has ended is refused."""
    before = snapshot(downloads)

    def stop(event: fileorg.Event) -> None:
        match event:
            case fileorg.Happened():
                raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        fileorg.organize(downloads, jobs=1, on_event=stop)
    (run,) = (line.record.run for line in fileorg.runs())
    assert any(finding.code == 3 for finding in fileorg.doctor())
    (summary,) = fileorg.recover(run, rollback=True)
    assert (summary.kind.value, summary.failed) == ("undo", 0)
    assert before == snapshot(downloads)
    ended = fileorg.organize(downloads).run
    with pytest.raises(fileorg.FileorgError, match="was not interrupted"):
        fileorg.recover(ended)


def test_doctor_compares_a_run_with_the_disk(downloads: Path) -> None:
    """All is well at first; of a run a file that is gone is found, with the code of the command."""
    run = fileorg.organize(downloads).run
    assert not any(finding.code for finding in fileorg.doctor(deep=True))
    (downloads / "Images" / "a.jpg").unlink()
    (found,) = (finding for finding in fileorg.doctor(run) if finding.code)
    assert found.path.endswith(b"/a.jpg")
    assert found.code == 3


def test_categories_are_those_of_a_configuration(downloads: Path) -> None:
    """Categories are the built-in ones, or those of a configuration; a mistake is told."""
    config = fileorg.Config(categories={"Comics": ("cbz",)})
    assert "Comics" not in [line.name for line in fileorg.categories()]
    assert fileorg.categories(config=config)[-1].built_in
    assert fileorg.category("Comics", config=config).own == ("cbz",)
    with pytest.raises(fileorg.FileorgError, match="did you mean 'Images'"):
        fileorg.category("Imags")


def test_old_journals_are_pruned(downloads: Path) -> None:
    """Journals older than is said go, but for the newest; nonsense is refused."""
    fileorg.organize(downloads)
    fileorg.undo()
    assert fileorg.prune(older_than="0s").journals == 0
    assert fileorg.prune(older_than="0s", keep=0, dry_run=True).journals == 2
    assert fileorg.prune(older_than="1d", keep=0).journals == 0
    assert fileorg.prune(older_than="0s", keep=0).journals == 2
    assert fileorg.runs() == []
    for wrong in ({"older_than": "5"}, {"keep": -1}):
        with pytest.raises(fileorg.FileorgError, match=r"no age|keep"):
            fileorg.prune(**wrong)

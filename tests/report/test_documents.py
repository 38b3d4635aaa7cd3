"""JSON and CSV of a run: everything is in them, and every name comes back."""

import base64
import csv as reader
import io
import json as decoder
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.model.display import UNSAFE
from fileorg.model.location import shown
from fileorg.model.outcome import Status
from fileorg.pipeline.viewing import Listing, RunView
from fileorg.report.csv import HEAD, cell_of, exact_of, write_csv
from fileorg.report.json import write_json
from fileorg.report.rows import Report
from fileorg.report.schema import schema
from tests.pipeline.harness import Desk
from tests.pipeline.photos import photo
from tests.report.runs import hostile_run
from tests.trees import make_tree

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"


def written(view: RunView, writer: Any) -> str:
    """Return what a writer writes."""
    parts: list[str] = []
    writer(view, parts.append)
    return "".join(parts)


def path_of(place: dict[str, str]) -> bytes:
    """Return the path that a program reads."""
    return base64.b64decode(place["path_b64"]) if "path_b64" in place else place["path"].encode()


def cells(text: str) -> list[dict[str, str]]:
    """Return the rows of a table, as the docs say they are read."""
    rows = list(reader.DictReader(io.StringIO(text, newline=""), strict=True))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows]


@pytest.fixture
def view(tmp_path: Path) -> Iterator[RunView]:
    """Return a run with hostile names."""
    desk, run = hostile_run(tmp_path)
    with RunView(desk.state, run) as opened:
        yield opened


def every_kind(base: Path) -> Iterator[RunView]:
    """Yield runs of every kind, and one that was interrupted and one in which nothing was done."""
    desk = Desk(base)
    make_tree(desk.root, {b"a.txt": b"a", b"b.txt": b"same", b"c.txt": b"same"})
    runs = [desk.organize().run, desk.undo().run, desk.redo().run]
    runs += [desk.dedupe("hardlink").summary.run, desk.undo().run]
    make_tree(base / "failing", {b"Documents": b"in the way", b"d.txt": b"d", b"e.jpg": b"e"})
    runs.append(desk.organize(base / "failing").run)
    for run in runs:
        with RunView(desk.state, run) as opened:
            yield opened
    journal = desk.state.open(runs[0])
    journal.settle([], 1)
    journal.close()
    (desk.state.path / "index").unlink()
    with RunView(desk.state, runs[0]) as opened:
        yield opened


def test_json_is_as_published(tmp_path: Path) -> None:
    """Reports of every kind of run fit the schema in docs/, and the types it was made of."""
    published = decoder.loads(SCHEMA.read_text())
    validator = jsonschema.Draft202012Validator(published)
    validator.check_schema(published)
    kinds = set()
    for view in every_kind(tmp_path):
        text = written(view, write_json)
        document = decoder.loads(text)
        validator.validate(document)
        report = msgspec.json.decode(text, type=Report)
        kinds.add(report.summary.kind)
        assert len(report.files) == view.count(Listing())
        for part in document:
            broken = {name: value for name, value in document.items() if name != part}
            assert not validator.is_valid(broken), part
    assert len(kinds) == 4


def test_the_published_schema_is_that_of_the_types() -> None:
    """docs/report.schema.json is what `python -m fileorg.report.schema` prints."""
    assert SCHEMA.read_text() == schema()


def test_json_has_every_file_and_group(view: RunView) -> None:
    """Each file of the run is there with its exact path, nothing in the text is raw."""
    text = written(view, write_json)
    assert not UNSAFE.search(text.replace("\n", ""))
    document = decoder.loads(text)
    lines = list(view.files(Listing()))
    assert [path_of(file["source"]) for file in document["files"]] == [x.source for x in lines]
    assert [path_of(file["target"]) for file in document["files"]] == [x.target for x in lines]
    assert [path_of(group["keep"]) for group in document["duplicates"]] == [
        group.keep.target for group in view.groups()
    ]
    assert sum(year["files"] for year in document["by_year"]) == document["summary"]["done"]
    assert any(file["status"] == "failed" and file["reason"] for file in document["files"])


def test_csv_gives_every_name_back(view: RunView) -> None:
    """Every path of a run comes back from the table, byte by byte, and no cell is a formula."""
    text = written(view, write_csv)
    assert not UNSAFE.search(text.replace("\r\n", ""))
    assert text.startswith(",".join(HEAD) + "\r\n")
    rows = cells(text)
    lines = list(view.files(Listing()))
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        for name, path in (("source", line.source), ("target", line.target)):
            in_base64 = row[f"{name}_b64"]
            assert (base64.b64decode(in_base64) if in_base64 else row[name].encode()) == path
        size = "" if line.kind is None else str(line.size)
        assert (row["size"], row["status"]) == (size, line.status.name.lower())
    assert {bool(row["source_b64"]) for row in rows} == {True, False}


def test_a_folder_that_failed_is_in_both(tmp_path: Path) -> None:
    """A folder that could not be made is in table and document with its reason, after the files."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"a.jpg": b"a", b"b.txt": b"b"})
    run = desk.organize_with(lambda: (desk.root / "Images").write_text("in the way")).run
    with RunView(desk.state, run) as view:
        assert view.count(Listing()) == 3
        *_, row = cells(written(view, write_csv))
        document = decoder.loads(written(view, write_json))
        assert view.details.summary.failed == view.count(Listing(Status.FAILED)) == 2
    assert (row["status"], row["kind"], row["size"]) == ("failed", "make_folder", "")
    assert row["source"] == str(desk.root / "Images")
    assert row["reason"] == "a file has the name of the folder"
    file = document["files"][-1]
    assert (file["kind"], file["reason"]) == (row["kind"], row["reason"])


def test_what_a_file_went_with_is_in_both(tmp_path: Path) -> None:
    """A companion says where its main file was; others say nothing."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"u\xff.cr2": b"1", b"u\xff.jpg": b"2", b"a.txt": b"a"})
    with RunView(desk.state, desk.organize().run) as view:
        document, rows = decoder.loads(written(view, write_json)), cells(written(view, write_csv))
    main = bytes(desk.root) + b"/u\xff.cr2"
    mains = {path_of(f["source"])[-4:]: f["with"] for f in document["files"] if "with" in f}
    assert {end: path_of(place) for end, place in mains.items()} == {b".jpg": main}
    found = [base64.b64decode(row["with_b64"]) for row in rows if row["with"]]
    assert found == [main]


def test_evidence_is_in_both(tmp_path: Path) -> None:
    """A file that was dated by its content or its name says so; others say nothing."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"a.jpg": photo(1, "2011:02:03 04:05:06"), b"b.txt": b"b"})
    with RunView(desk.state, desk.organize(mode="year").run) as view:
        document, rows = decoder.loads(written(view, write_json)), cells(written(view, write_csv))
    dated, plain = sorted(document["files"], key=lambda file: str(file["source"]["path"]))
    assert dated["evidence"] == {
        "basis": "name",
        "mime": "image/jpeg",
        "date": "2011-02-03T04:05:06",
        "date_source": "EXIF DateTimeOriginal",
    }
    assert "evidence" not in plain
    rows.sort(key=lambda row: row["source"])
    assert [row["date"] for row in rows] == ["2011-02-03T04:05:06", ""]
    assert [row["date_source"] for row in rows] == ["EXIF DateTimeOriginal", ""]


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_any_name_survives_a_cell(path: bytes) -> None:
    """Any bytes come back from their cell, or from the one beside it in base64."""
    line = io.StringIO()
    reader.writer(line).writerow([cell_of(shown(path)), exact_of(path)])
    ((text, in_base64),) = reader.reader(io.StringIO(line.getvalue(), newline=""), strict=True)
    assert not text.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    back = base64.b64decode(in_base64) if in_base64 else text.removeprefix("'").encode()
    assert back == path


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "'x", "\uff1d1", "\uff20x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """What a spreadsheet would take for a formula, or an apostrophe, gets one apostrophe more."""
    assert cell_of(cell) == "'" + cell
    assert cell_of("a" + cell) == "a" + cell

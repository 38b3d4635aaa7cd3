"""Saving a plan and executing it: the same as the run, and only what is as it was."""

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fileorg.config.schema import Config
from fileorg.errors import RefusedError, UsageError
from fileorg.events import Silent
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.pipeline.apply import ApplyRequest, apply
from fileorg.pipeline.organize import OrganizeRequest, organize
from tests.pipeline.harness import Desk, Snapshot
from tests.pipeline.stages import MODES, Stage, crashed, stage
from tests.trees import Link, make_tree


def saved(desk: Desk, *, into: Path | None = None, force: bool = False, **options: Any) -> bytes:
    """Return the plan of a dry run."""
    lines: list[bytes] = []
    config = msgspec.convert(options, Config)
    request = OrganizeRequest(
        (os.fsencode(desk.root),), desk.state, None if into is None else os.fsencode(into),
        config, dry_run=True, force=force, save_plan=lines.append,
    )  # fmt: skip
    organize(request, Silent())
    return b"".join(lines)


def applied(desk: Desk, plan: bytes, **options: Any) -> RunSummary:
    """Execute a plan."""
    return apply(ApplyRequest(io.BytesIO(plan), "plan", desk.state, **options), Silent())


def plan_of(scene: Stage) -> bytes:
    """Return the plan of a stage."""
    options = {key: value for key, value in scene.options.items() if key != "force"}
    into = scene.elsewhere / "sorted" if scene.is_across else None
    return saved(scene.desk, into=into, force=True, **options)


def without_runs(seen: Snapshot) -> Snapshot:
    """Return a snapshot without the ids of runs and the times of folders."""
    return {
        re.sub(rb"/202\d+-\d+-\w+", b"/RUN", path): (kind, mode, at * (kind != "folder"), content)
        for path, (kind, mode, at, content) in seen.items()
    }


@pytest.fixture
def planned(desk: Desk) -> tuple[Desk, bytes]:
    """Return a desk with three files, and the plan for them."""
    make_tree(desk.root, {b"a.jpg": b"a", b"b.jpg": b"b", b"in/c.pdf": b"c"})
    from fileorg.model.plan import FolderPolicy

    return desk, saved(desk, folders=FolderPolicy.RECURSE)


@pytest.mark.parametrize("mode", MODES)
def test_a_plan_that_is_applied_is_the_run(tmp_path: Path, mode: str) -> None:
    """Save and apply leave the very tree that the run leaves, and undo brings all back."""
    with stage(tmp_path, mode) as scene:
        scene.reset().organize()
        organized = without_runs(scene.snapshot())
        scene.reset()
        plan = plan_of(scene)
        assert scene.before == scene.snapshot()
        preview = applied(scene.desk, plan, force=True, dry_run=True)
        assert scene.before == scene.snapshot()
        run = applied(scene.desk, plan, force=True)
        assert without_runs(scene.snapshot()) == organized
        assert (preview.done, preview.bytes, preview.folders_removed, preview.folders_made) == (
            run.done, run.bytes, run.folders_removed, run.folders_made,
        )  # fmt: skip
        assert not run.failed
        scene.desk.undo()
        assert scene.before == scene.snapshot()


def test_what_a_unit_replaces_is_named_with_each_of_its_files(desk: Desk) -> None:
    """Each line of a unit names the file that makes room for it, and apply sets those aside."""
    make_tree(desk.root, {b"u.cr2": b"1", b"u.jpg": b"2"})
    make_tree(desk.root, {b"Images/u.cr2": b"old", b"Images/u.jpg": b"older"})
    before = desk.snapshot()
    plan = saved(desk, on_conflict="replace")
    moves = [json.loads(line) for line in plan.splitlines()[1:]]
    assert {(move["source"], move["replaces"]["path"]) for move in moves} == {
        ("u.cr2", "Images/u.cr2"), ("u.jpg", "Images/u.jpg"),
    }  # fmt: skip
    assert applied(desk, plan).done == 2
    assert (desk.root / "Images/u.jpg").read_bytes() == b"2"
    desk.undo()
    assert desk.snapshot() == before


@pytest.mark.parametrize("drift", ["edited", "gone", "target taken"])
def test_what_drifted_holds_back_what_it_belongs_to(desk: Desk, drift: str) -> None:
    """Where one file of a unit is not as it was, all of it stays, and only that one has failed."""
    make_tree(desk.root, {b"u.cr2": b"1", b"u.jpg": b"2", b"u.xmp": b"3", b"other.jpg": b"4"})
    plan = saved(desk)
    if drift == "target taken":
        make_tree(desk.root, {b"Images/u.jpg": b"new"})
    elif drift == "gone":
        (desk.root / "u.jpg").unlink()
    else:
        (desk.root / "u.jpg").write_bytes(b"edited")
    summary = applied(desk, plan)
    assert (summary.done, summary.failed) == (1, 1)
    assert [(left.reason, left.count) for left in summary.left_alone] == [(Reason.UNIT.value, 2)]
    assert (desk.root / "u.cr2").exists()
    assert (desk.root / "u.xmp").exists()


def test_lines_that_are_left_of_a_unit_move_as_one(desk: Desk) -> None:
    """Of a unit whose main file's line was deleted, the rest still moves together or stays."""
    make_tree(desk.root, {b"u.cr2": b"1", b"u.jpg": b"2", b"u.xmp": b"3"})
    lines = saved(desk).splitlines(keepends=True)
    plan = b"".join(line for line in lines if b'"source":"u.cr2"' not in line)
    assert len(plan.splitlines()) == len(lines) - 1
    (desk.root / "u.xmp").write_bytes(b"edited")
    assert applied(desk, plan).done == 0
    assert applied(desk, saved(desk)).companions == 2


@pytest.mark.parametrize("mode", MODES)
@settings(
    max_examples=8, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(data=st.data())
def test_any_line_may_be_deleted(
    mode: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever lines are left, they are done, nothing fails or is lost, and undo is exact."""
    with stage(tmp_path_factory.mktemp("stage"), mode) as scene:
        scene.reset()
        head, *lines = plan_of(scene).splitlines(keepends=True)
        kept = [line for line in lines if data.draw(st.booleans())]
        summary = applied(scene.desk, head + b"".join(kept), force=True)
        deeds = [json.loads(line)["do"] for line in kept]
        assert summary.done == sum(deed in {"move", "copy", "set_aside"} for deed in deeds)
        assert not summary.failed
        assert not scene.lost()
        if summary.run:
            scene.desk.undo()
        assert scene.before == scene.snapshot()


@pytest.mark.parametrize("how", ["crash-before", "crash-after"])
def test_an_apply_that_stops_at_any_step_can_be_finished(tmp_path: Path, how: str) -> None:
    """Whatever step an apply dies at, nothing is lost, recover finishes it and undo is exact."""
    with stage(tmp_path, "replace") as scene:
        for number in range(1, 100):
            scene.reset()
            plan = plan_of(scene)
            going_on = crashed(lambda: applied(scene.desk, plan), f"*:{number}:{how}")
            assert not scene.lost(), f"step {number}"
            scene.take_all_back()
            assert scene.before == scene.snapshot(), f"step {number}"
            if not going_on:
                break
        assert number > 20


def _edit(path: Path) -> None:
    path.write_bytes(b"edited")


def _replace(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.write_bytes(b"a")


def _become_a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


DRIFTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "vanished": (lambda root: (root / "a.jpg").unlink(), "gone since it was seen"),
    "edited": (lambda root: _edit(root / "a.jpg"), "changed since it was seen"),
    "replaced": (lambda root: _replace(root / "a.jpg"), "changed since it was seen"),
    "mode": (lambda root: (root / "a.jpg").chmod(0o600), "changed since it was seen"),
    "a link now": (lambda root: _become_a_link(root / "a.jpg"), "changed since it was seen"),
    "target taken": (
        lambda root: make_tree(root, {b"Images/a.jpg": b"mine"}), "name was taken meanwhile",
    ),
    "a file for the folder": (
        lambda root: make_tree(root, {b"Images": b"a file"}), "no longer a folder",
    ),
    "a link for the folder": (
        lambda root: make_tree(root, {b"Images": Link(b"/tmp")}), "no longer a folder",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("drift", "says"), DRIFTS.values(), ids=DRIFTS.keys())
def test_what_drifted_is_left_with_its_reason(
    planned: tuple[Desk, bytes], drift: Callable[[Path], object], says: str
) -> None:
    """A file that is not as it was planned stays, is named with why, and the rest is done."""
    desk, plan = planned
    drift(desk.root)
    before = desk.snapshot()
    preview = applied(desk, plan, dry_run=True)
    assert desk.snapshot() == before
    summary = applied(desk, plan)
    assert says in summary.failures[0].reason
    assert summary.failures[0].path == str(desk.root / "a.jpg")
    assert (desk.root / "Documents/c.pdf").exists()
    assert (preview.done, preview.failed) == (summary.done, summary.failed)
    assert summary.done + summary.failed == 3
    desk.undo()
    after = {p: f for p, f in desk.snapshot().items() if p}
    assert after == {p: f for p, f in before.items() if p}


def test_all_of_another_folder_at_the_root_is_refused(planned: tuple[Desk, bytes]) -> None:
    """Where another folder stands at the root by now nothing is touched, and each file says so."""
    desk, plan = planned
    desk.root.rename(desk.root.with_name("old"))
    make_tree(desk.root, {b"a.jpg": b"a", b"b.jpg": b"b", b"in/c.pdf": b"c"})
    before = desk.snapshot()
    summary = applied(desk, plan)
    assert (summary.done, summary.failed, summary.run) == (0, 3, "")
    assert {failure.reason for failure in summary.failures} == {
        "another folder stands at the root now"
    }
    assert desk.snapshot() == before


def test_a_link_on_the_way_leads_nowhere(planned: tuple[Desk, bytes], tmp_path: Path) -> None:
    """A plan whose source or target leads through a symlink moves nothing in or out."""
    desk, plan = planned
    outside = make_tree(tmp_path / "outside", {b"secret.jpg": b"s"})
    (desk.root / "way").symlink_to(outside)
    head, first, *_ = plan.splitlines(keepends=True)
    fields = json.loads(first)
    out = json.dumps(fields | {"target": "way/a.jpg"}).encode() + b"\n"
    seen = (outside / "secret.jpg").stat()
    into = json.dumps(
        fields | {
            "source": "way/secret.jpg", "size": 1, "mtime_ns": seen.st_mtime_ns,
            "ctime_ns": seen.st_ctime_ns, "inode": seen.st_ino,
        }
    ).encode()  # fmt: skip
    summary = applied(desk, head + out + into)
    assert (summary.done, summary.failed) == (0, 2)
    assert [path.name for path in outside.iterdir()] == ["secret.jpg"]
    assert (desk.root / "a.jpg").exists()


def test_nothing_is_overwritten_by_a_plan(planned: tuple[Desk, bytes]) -> None:
    """A plan whose target is another file's place leaves both, also if it claims to replace it."""
    desk, plan = planned
    head, first, *_ = plan.splitlines(keepends=True)
    fields = json.loads(first) | {"target": "b.jpg"}
    lie = fields | {"replaces": {"path": "b.jpg", "size": 7, "inode": 7}}
    for asked in (fields, lie):
        summary = applied(desk, head + json.dumps(asked).encode())
        assert (summary.done, summary.failed) == (0, 1)
        assert (desk.root / "b.jpg").read_bytes() == b"b"


def test_a_bad_line_ends_before_anything_is_moved(planned: tuple[Desk, bytes]) -> None:
    """However late the bad line is, its number is told and nothing has happened."""
    desk, plan = planned
    before = desk.snapshot()
    count = plan.count(b"\n")
    with pytest.raises(UsageError, match=rf"plan: line {count + 2}: 'x' is the target of"):
        twice = b'{"do":"move","source":"y","target":"x"}\n'
        applied(desk, plan + twice + twice)
    with pytest.raises(UsageError, match=rf"plan: line {count + 1}: "):
        applied(desk, plan + b'{"do":"mo')
    assert desk.snapshot() == before
    assert not desk.state.records()


def test_the_root_of_another_machine_is_refused(planned: tuple[Desk, bytes]) -> None:
    """A root that is not here, or leads elsewhere, makes the plan a bad one, in line 1."""
    desk, plan = planned
    link = desk.root.with_name("link")
    link.symlink_to(desk.root)
    for place in ("/nowhere/at/all", str(link), "/etc/hostname"):
        other = plan.replace(str(desk.root).encode(), place.encode(), 1)
        with pytest.raises(UsageError, match="plan: line 1: "):
            applied(desk, other)


def test_a_dangerous_root_needs_force(planned: tuple[Desk, bytes]) -> None:
    """A plan in a system folder, or in a checkout, is refused like a run there."""
    desk, plan = planned
    with pytest.raises(RefusedError, match="system folder"):
        applied(desk, plan.replace(str(desk.root).encode(), b"/etc", 1))
    (desk.root / ".git").mkdir()
    with pytest.raises(RefusedError, match="--force"):
        applied(desk, plan)
    assert applied(desk, plan, force=True).done == 3


def test_the_state_folder_is_no_place_for_a_plan(planned: tuple[Desk, bytes]) -> None:
    """A plan can't move what fileorg keeps, though it lies below a root."""
    desk, plan = planned
    above = os.fsencode(desk.root.parent)
    head = plan.splitlines()[0].replace(os.fsencode(desk.root), above)
    with pytest.raises(UsageError, match="line 2: 'state/index' belongs to fileorg"):
        applied(desk, head + b'\n{"do":"move","source":"a.jpg","target":"state/index"}')


def test_blank_lines_and_marks_of_editors_are_no_harm(planned: tuple[Desk, bytes]) -> None:
    """A plan may have blank lines, CRLF, a mark at its beginning, and no newline at its end."""
    desk, plan = planned
    text = b"\xef\xbb\xbf" + plan.replace(b"\n", b"\r\n\r\n").rstrip()
    assert applied(desk, text).done == 3


def test_a_folder_that_was_filled_meanwhile_stays(planned: tuple[Desk, bytes]) -> None:
    """A folder is only removed if the lines that are left empty it; the preview says the same."""
    desk, plan = planned
    (desk.root / "in" / "new").touch()
    assert applied(desk, plan, dry_run=True).folders_removed == 0
    summary = applied(desk, plan)
    assert (summary.folders_removed, summary.failed) == (0, 0)
    assert (desk.root / "in" / "new").exists()

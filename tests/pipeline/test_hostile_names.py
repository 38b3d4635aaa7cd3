"""Hundreds of hostile names through every layout, policy and undo: all arrive, all return."""

import os
from typing import Any

import pytest

from fileorg.model.plan import ConflictPolicy
from fileorg.model.summary import RunSummary
from fileorg.plan.templates import MODES
from tests.hostile import NAMES, make_hostile
from tests.pipeline.harness import Desk, contents

LAYOUTS: list[dict[str, Any]] = [
    *({"mode": mode} for mode in MODES),
    {"template": "{size_class}/{date:%Y/%m}/{stem}{ext}"},
    {"template": "{folder}/{extension}/{name}"},
    {"copy": True},
]


def account(summary: RunSummary, files: int) -> None:
    """Check that each file was counted once: done, in place, left alone or failed."""
    assert summary.done + summary.in_place + summary.skipped + summary.failed == files
    assert summary.planned == summary.done + summary.failed + (
        summary.skipped - sum(left.count for left in summary.left_alone)
    )


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: "-".join(map(str, layout.values())))
def test_every_layout_takes_every_name(desk: Desk, layout: dict[str, Any]) -> None:
    """With hidden ones asked for, each name is moved or left for a reason, and undo is exact."""
    names = make_hostile(desk.root)
    before, files = desk.snapshot(), contents(desk.root)

    summary = desk.organize(hidden=True, **layout)
    account(summary, len(names))
    assert summary.failed == 0
    assert summary.done > len(names) - 20
    if not layout.get("copy"):
        assert contents(desk.root) == files

    undone = desk.undo()
    assert undone.failed == 0
    assert desk.snapshot() == before


def test_a_second_run_has_nothing_to_do(desk: Desk) -> None:
    """What was organized by its hostile names is in place to the next run."""
    make_hostile(desk.root)
    first = desk.organize(mode="extension", hidden=True)
    second = desk.organize(mode="extension", hidden=True, folders="recurse")
    assert first.failed == 0
    assert (second.done, second.run) == (0, "")


@pytest.mark.parametrize("folders", ["recurse", "whole"])
def test_folders_of_every_name(desk: Desk, folders: str) -> None:
    """Folders with hostile names are entered or moved as one, emptied, removed and made again."""
    names = make_hostile(desk.root, folders=True)
    before, files = desk.snapshot(), contents(desk.root)
    keep = folders == "recurse"

    summary = desk.organize(folders=folders, hidden=True, keep_folders=keep)
    assert summary.failed == 0
    assert summary.done > len(names) - 20
    assert contents(desk.root) == files

    desk.undo()
    assert desk.snapshot() == before


@pytest.mark.parametrize("policy", [p for p in ConflictPolicy if p is not ConflictPolicy.FAIL])
def test_every_name_is_taken(desk: Desk, policy: ConflictPolicy) -> None:
    """Where each name is taken by another file both stay, by each policy, and undo is exact."""
    make_hostile(desk.root / "one")
    make_hostile(desk.root / "two")
    for path in os.scandir(os.fsencode(desk.root / "two")):
        with open(path.path, "ab") as file:
            file.write(b" of the second")
    before, files = desk.snapshot(), contents(desk.root)

    summary = desk.organize(folders="recurse", hidden=True, on_conflict=policy, mode="size")
    assert summary.failed == 0
    assert contents(desk.root) == files
    if policy is ConflictPolicy.RENAME:
        assert summary.done > 2 * (len(NAMES) - 20)

    assert desk.undo().failed == 0
    assert desk.snapshot() == before


def test_sources_and_destinations_of_every_name(desk: Desk) -> None:
    """A folder of any name can be SOURCE and DEST, and its journal names it byte for byte."""
    for number, name in enumerate(NAMES[::9]):
        if name.startswith(b".fileorg"):
            continue
        base = desk.root / str(number)
        source = base / os.fsdecode(name)
        source.mkdir(parents=True)
        (source / "a.jpg").write_bytes(name)
        into = base / os.fsdecode(b"x" + name[:200])
        into.mkdir()
        assert desk.organize(source, into=into).done == 1, name
        assert (into / "Images" / "a.jpg").read_bytes() == name
        roots = desk.state.records()[0].roots
        assert set(roots) == {os.fsencode(source), os.fsencode(into)}
        desk.undo()
        assert (source / "a.jpg").read_bytes() == name
        assert os.listdir(into) == []

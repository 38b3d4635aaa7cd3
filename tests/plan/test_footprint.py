"""Footprints of layouts that are made to keep a backtracking engine busy."""

import pytest

from fileorg.plan.footprint import Footprint
from fileorg.plan.templates import parse
from tests.patience import within

KILLERS = (
    "{extension}" * 30, "{stem}" * 30, "{stem}-" * 60, "{stem}{ext}" * 20, "{category}" * 40,
    "{date:%A%B%p}" * 20, "{stem}-{stem}/" * 9 + "x", "{date}/" * 100 + "x", "{stem}/" * 200 + "x",
    "{folder}/" + "{stem}-{stem}/" * 8 + "x", "{date:%Y}/" * 30 + "{stem}-{stem}",
)  # fmt: skip
PATHS = (
    b"a" * 255, b"-" * 255, b".a" * 127, b"Undated" * 36, b"/".join([b"a-" * 120] * 9) + b"/y",
    b"/".join([b"Undated"] * 40) + b"/y", b"/".join([b"2024"] * 29) + b"/y", b"aa" * 100 + b"\n",
)  # fmt: skip


@pytest.mark.parametrize("killer", KILLERS, ids=lambda killer: killer[:16])
def test_no_layout_backtracks(killer: str) -> None:
    """Templates that share a name among many fields or levels are answered all the same."""
    footprint = Footprint(parse(f"{killer}/{{name}}")[:-1], ["a", "aa", "aaa"])
    with within(60):
        for path in PATHS:
            footprint.covers(path)
            footprint.owns(path, folds=True)


def test_a_newline_in_a_kept_folder_is_covered() -> None:
    """Kept folders may have any name, one with a newline too."""
    footprint = Footprint(parse("{category}/{folder}/{name}")[:-1], ["Images"])
    assert footprint.covers(b"Images/new\nline/x")

"""Any rules on a real folder: refused before anything moves, or exact, and then at rest."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fileorg.errors import UsageError
from tests.pipeline.harness import Desk, contents
from tests.trees import File, make_tree

TREE = {
    path: File(content, 1_600_000_000)
    for path, content in {
        b"a.txt": b"invoice 1",
        b"a (1).txt": b"other",
        b"b/a.txt": b"invoice 2",
        b"b/c/a.txt": b"text",
        b"b/IMG_1.jpg": b"\xff\xd8\xff\xe0",
        b"Docs/a.txt": b"there",
        b"Docs/b.pdf": b"%PDF-1.4",
        b"Images/x.jpg": b"\xff\xd8\xff\xe1",
        b"noext": b"invoice 3",
    }.items()
}
CONDITIONS = [
    {"glob": "a.txt"}, {"glob": "*"}, {"glob": "b/**"}, {"glob": "/*"}, {"glob": "Docs/"},
    {"regex": r"^(?P<stem_>\w)\.txt"}, {"regex": r"\((?P<no>\d)\)"}, {"extension": "txt"},
    {"category": "Images"}, {"category": "Documents"}, {"text": "invoice"}, {"mime": "image/*"},
    {"size": ">5"}, {"text_regex": r"invoice (?P<no>\d)"},
]  # fmt: skip
conditions = st.recursive(
    st.sampled_from(CONDITIONS),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=3,
)
does = st.sampled_from([
    {"skip": True}, {"category": "Docs"}, {"category": "Images"}, {"category": "b"},
    {"template": "Docs/{extension}/{name}"}, {"template": "{parent}/{name}"},
    {"template": "T/{folder}/{name}"}, {"rename": "new"}, {"rename": "{stem}{ext}"},
    {"category": "Docs", "rename": "x {size_class}"}, {"template": "{mime}/{name}"},
])  # fmt: skip
rules = st.lists(
    st.builds(lambda when, does: {"when": when, **does}, conditions, does), min_size=1, max_size=3
).map(lambda some: [{"name": f"rule {n}", **one} for n, one in enumerate(some)])


@settings(deadline=None, max_examples=40)
@given(
    rules,
    st.sampled_from(["recurse", "leave", "whole"]),
    st.sampled_from(["category", "extension"]),
    st.sampled_from(["rename", "replace"]),
)
def test_any_rules_are_refused_or_rest(
    some: list[dict[str, Any]], folders: str, mode: str, policy: str
) -> None:
    """A preview is the run, nothing is lost, a second run plans nothing, and undo is exact."""
    with TemporaryDirectory() as base:
        desk = Desk(Path(base))
        make_tree(desk.root, TREE)
        before, files = desk.snapshot(), contents(desk.root)
        options: dict[str, Any] = {
            "rules": some, "folders": folders, "mode": mode, "on_conflict": policy
        }  # fmt: skip
        try:
            preview = desk.organize(dry_run=True, **options)
        except UsageError:
            assert before == desk.snapshot()
            return
        run = desk.organize(**options)
        assert (preview.done, preview.folders) == (run.done, run.folders)
        assert files == contents(desk.root)
        organized = desk.snapshot()
        assert not desk.organize(**options).run
        assert organized == desk.snapshot()
        if run.run:
            desk.undo()
        assert before == desk.snapshot()

"""Changes to the user's own categories, and why some can't be."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.editing import Categories, Editor
from fileorg.categorize.rules import Categorizer
from fileorg.errors import UsageError

KEPT: Categories = {"Comics": ("cbz", "cbr"), "Images": ("raw9",)}
WRITTEN = {"Plans": (".DWG", "x1")}
SLASH = "category name 'a/b' holds a slash or backslash; choose another"
NONE = " can be no file extension; write such as 'epub' or 'tar.gz'"
PATTERN = (
    " can be no file extension; patterns are for 'glob' in a rule: write such as 'epub' or 'tar.gz'"
)
THERE = "category 'Plans' is there already; fileorg categories edit 'Plans' --add-extension ..."
BUILT_IN = "category 'Audio' is built in; add one of your own"
STRIPS = {"Strips": KEPT["Comics"], "Images": KEPT["Images"]}
Change = Callable[[Editor], None]


def after(change: Change, kept: Categories = KEPT) -> Categories:
    """Return what is kept after a change."""
    editor = Editor(kept, WRITTEN, "config.yaml")
    change(editor)
    return editor.kept


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda e: e.add("Scans", [".SCN", "scn", "s.gz"]), {**KEPT, "Scans": ("scn", "s.gz")}),
        (lambda e: e.add("Empty", []), {**KEPT, "Empty": ()}),
        (lambda e: e.edit("Comics", add=["CB7"]), {**KEPT, "Comics": ("cbz", "cbr", "cb7")}),
        (lambda e: e.edit("Comics", add=["cbz"]), KEPT),
        (lambda e: e.edit("Images", add=["jpg"]), KEPT),
        (lambda e: e.edit("Audio", add=["x9"]), {**KEPT, "Audio": ("x9",)}),
        (lambda e: e.edit("Comics", remove=["cbz"]), {**KEPT, "Comics": ("cbr",)}),
        (lambda e: e.edit("Comics", remove=["cbz", "cbr"]), {**KEPT, "Comics": ()}),
        (lambda e: e.edit("Images", remove=["raw9"]), {"Comics": KEPT["Comics"]}),
        (lambda e: e.edit("Design", remove=["psd"]), {**KEPT, "Other": ("psd",)}),
        (lambda e: e.edit("Comics", rename="Strips"), STRIPS),
        (lambda e: e.edit("Plans", add=["x2"]), {**KEPT, "Plans": ("x2",)}),
        (lambda e: e.remove("Comics"), {"Images": ("raw9",)}),
    ],
)  # fmt: skip
def test_change(change: Change, expected: Categories) -> None:
    """A change comes to what is kept from then on, each extension once and in lower case."""
    assert after(change) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda e: e.add("images", ["x"]),
            (
                "category 'Images' is there already; "
                "fileorg categories edit 'Images' --add-extension ..."
            ),
        ),
        (lambda e: e.add("a/b", ["x"]), SLASH),
        (lambda e: e.add("X", ["a/b"]), "'a/b'" + NONE),
        (lambda e: e.add("X", ["a\n"]), r"'a\n' can be no file extension; write 'a'"),
        (lambda e: e.add("X", ["*.a"]), "'*.a' can be no file extension; write 'a'"),
        (lambda e: e.edit("Images", add=["[ab]"]), "'[ab]'" + PATTERN),
        (
            lambda e: e.add("X", ["cbr"]),
            (
                "extension 'cbr' is in category 'Comics'; "
                "fileorg categories edit 'Comics' --remove-extension cbr"
            ),
        ),
        (
            lambda e: e.edit("Images", add=["dwg"]),
            "extension 'dwg' is in category 'Plans' in config.yaml; take it out there",
        ),
        (
            lambda e: e.edit("Plans", remove=["dwg"]),
            "extension 'dwg' is in 'Plans' in config.yaml; take it out there",
        ),
        (
            lambda e: e.edit("Audio", remove=["cbr"]),
            "'Audio' has no extension 'cbr' of its own; it is in 'Comics'",
        ),
        (
            lambda e: e.edit("Other", remove=["unheard"]),
            "'Other' has no extension 'unheard' of its own; it is in 'Other'",
        ),
        (lambda e: e.edit("Comix", add=["x"]), "no category 'Comix'; did you mean 'Comics'?"),
        (lambda e: e.edit("Audio", rename="Sound"), BUILT_IN),
        (
            lambda e: e.edit("Comics", rename="Plans"),
            THERE,
        ),
        (lambda e: e.remove("Plans"), "category 'Plans' is in config.yaml; change it there"),
        (
            lambda e: e.remove("Other"),
            "category 'Other' is built in; take extensions out of it: 'edit --remove-extension'",
        ),
        (lambda e: e.remove("zzz"), "no category 'zzz'; fileorg categories list"),
    ],
)  # fmt: skip
def test_what_can_not_be_says_what_to_do(change: Change, message: str) -> None:
    """A change that would clash, or is about nothing, is refused with the remedy."""
    with pytest.raises(UsageError) as caught:
        after(change)
    assert str(caught.value) == message


@given(st.sampled_from(["jpg", "tar.gz", "cbz", "2024", "min.map", "new1"]), st.sampled_from(
    ["Images", "Audio", "Comics", "Plans", "Other"]))  # fmt: skip
def test_what_is_put_in_is_in_and_what_is_taken_out_is_not(text: str, name: str) -> None:
    """An extension is in the category it was put into, and is back where it was without that."""
    before = Categorizer({**KEPT, **WRITTEN}).category_of(b"x." + text.encode())
    if text == "cbz" and name != "Comics":
        return
    put_in = after(lambda editor: editor.edit(name, add=[text]))
    merged = {n: (*put_in.get(n, ()), *WRITTEN.get(n, ())) for n in put_in.keys() | WRITTEN}
    assert Categorizer(merged).category_of(b"x." + text.encode()) == name
    if before != name:
        assert after(lambda editor: editor.edit(name, remove=[text]), put_in) == KEPT

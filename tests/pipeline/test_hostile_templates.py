"""Templates, categories and globs made to do harm: refused in a line, or harmless."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fileorg.errors import FileorgError
from tests.pipeline.harness import Desk, snapshot
from tests.trees import File, make_tree

FILES = {
    b"a.txt": File(b"a", 1.7e9), b"..b.": File(b"b", -1e9), b"\xff\n.jpg": File(b"c", 4e9),
    b"c": File(b"d", 0), b"x" * 251 + b".png": File(b"e", 1e10), b"...": File(b"f", 1.7e9),
    b"\xed\xa0\x80.mp3": File(b"g", 1.6e9),
}  # fmt: skip
TOKENS = (
    "{category}", "{date}", "{date:%Y}", "{date:%Y/%m}", "{date:..}", "{date:/}", "{date:%}",
    "{date:%%}",
    "{date:%Y/../..}", "{date:%A%B%c}", "{date:%z%Z}", "{date:\udcff}", "{date:\0}", "{date:%-d}",
    "{date:%9999999999Y}", "{date:%EY}", "{date:%n%t}", "{name}", "{stem}", "{ext}",
    "{extension}",
    "{size_class}", "{folder}", "{name.__class__}", "{name!r}", "{name:>999999999}", "{name[0]}",
    "{0}",
    "{}", "{{", "}}", "{", "}", "/", "//", "..", ".", "\0", "\n", "\udcff", "\u202e", "~", "\\",
    "C:",
    " ", "%s", "$HOME", ".fileorg", "-", "x" * 300, "\u00e9", "{{{{{{", "{name:{name}}",
)  # fmt: skip
TEMPLATES = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=6).map("".join)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk that is as it was after every example."""
    base = tmp_path_factory.mktemp("desk")
    desk = Desk(base / "inner")
    make_tree(desk.root, FILES)
    return desk


def harmless(desk: Desk, **options: Any) -> bool:
    """Organize and take back; whether it was done. What is refused is refused in one line."""
    base = desk.root.parent
    before, around = desk.snapshot(), set(os.listdir(base))
    try:
        summary = desk.organize(hidden=True, jobs=1, **options)
    except FileorgError as error:
        assert error.exit_code == 2, error
        assert snapshot(desk.root) == before
        return False
    files = {facts[3] for facts in desk.snapshot().values() if facts[0] == "file"}
    assert files == {b"a", b"b", b"c", b"d", b"e", b"f", b"g"}
    assert set(os.listdir(base)) <= around | {"state"}
    if summary.run:
        desk.undo(summary.run)
    assert desk.snapshot() == before
    return True


@given(TEMPLATES, st.sampled_from(["leave", "recurse", "whole"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("{date:%Y/../..}/{name}", "leave")
@example("{date:..}/{name}", "leave")
@example("{category}/{date:\udcff}/{name}", "leave")
@example("{date:%9999999999Y}/{name}", "leave")
@example(".fileorg/{name}", "leave")
@example("{extension}" * 30 + "/{name}", "recurse")
@example("{stem}/" * 12 + "{name}", "leave")
@example("{stem}-{stem}/" * 9 + "x{date}/{name}", "recurse")
@example("{name}" * 500, "leave")
@example("x" * 1_000_000 + "/{name}", "leave")
@example("{date:" + "%A" * 1000 + "}/{name}", "leave")
def test_no_template_does_harm(shared: Desk, template: str, folders: str) -> None:
    """Any template is a usage error, or a run inside of the root that undo takes back exactly."""
    harmless(shared, template=template, folders=folders)


@pytest.mark.parametrize(
    "name",
    ["..", ".", "", "a/b", "/", "/etc", "../../x", "\0", "a\0b", "x" * 300, "\u202e", "\x1b[2J",
    "\n", ".fileorg",
     "{name}", "{0.__class__}", "\udcff", "a\\b", "CON", " ", "\ud800"],
)  # fmt: skip
def test_no_category_does_harm(shared: Desk, name: str) -> None:
    """A category of any name is refused, or a folder of just that name inside of the root."""
    harmless(shared, categories={name: ("txt", "jpg")})


@pytest.mark.parametrize(
    "extension",
    ["..", "", "/", "a/b", "\0", "*", "\udcff", "\n", "x" * 300, ".", "tar.gz", "\ud800"],
)
def test_no_extension_does_harm(shared: Desk, extension: str) -> None:
    """A category with any text as an extension is refused, or harmless."""
    harmless(shared, categories={"Mine": (extension,)})


@pytest.mark.parametrize("key", ["include", "exclude"])
@pytest.mark.parametrize(
    "globs",
    [("[",), ("!",), ("*a" * 400,), ("[[:alpha:]]",), ("\0",), ("\udcff",), ("\ud800",), ("..",),
    ("/",), ("**",)],
    ids=str,
)  # fmt: skip
def test_no_glob_does_harm(shared: Desk, key: str, globs: tuple[str, ...]) -> None:
    """A glob of any text is refused, or harmless."""
    harmless(shared, **{key: globs})

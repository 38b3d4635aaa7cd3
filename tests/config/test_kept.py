"""The file of categories beside the configuration."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.rules import check_category_name
from fileorg.config.document import read_yaml
from fileorg.config.kept import Categories, _text, change_kept, read_kept, together
from fileorg.config.load import load
from fileorg.errors import ConfigError, StorageUnavailableError, UsageError


@given(st.dictionaries(st.text(), st.lists(st.text().map(lambda t: t.strip("\0")))))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[str, list[str]]
) -> None:
    """Whatever names and extensions there can be, the file says them exactly."""
    kept = {
        name: [text for text in texts if text.isprintable()]
        for name, texts in kept.items()
        if check_category_name(name) is None and name.isprintable()
    }
    path = tmp_path_factory.getbasetemp() / "categories.yaml"
    path.write_text(_text({name: tuple(texts) for name, texts in kept.items()}))
    assert (read_yaml(path) or {}) == kept


def test_folder_and_file_are_made_where_they_are_missing(tmp_path: Path) -> None:
    """The first change makes the folder of the configuration, and nothing else in it."""
    path = tmp_path / "new" / "fileorg" / "categories.yaml"
    change_kept(path, lambda _: {"Books": ("epub",)})
    assert read_kept(path) == {"Books": ("epub",)}
    assert os.listdir(path.parent) == [path.name]


def test_no_change_writes_nothing(tmp_path: Path) -> None:
    """Where nothing is different the file stays the very file it was, and none is made."""
    path = tmp_path / "categories.yaml"
    change_kept(path, lambda kept: kept)
    assert not path.exists()
    path.write_text("# by hand\nBooks: [epub]\n")
    change_kept(path, dict)
    assert path.read_text().startswith("# by hand")


def test_mode_and_link_stay(tmp_path: Path) -> None:
    """A file that is replaced keeps its mode, and a link to it stays a link."""
    real = tmp_path / "dotfiles" / "categories.yaml"
    real.parent.mkdir()
    real.write_text("Books: [epub]\n")
    real.chmod(0o640)
    path = tmp_path / "categories.yaml"
    path.symlink_to(real)
    change_kept(path, lambda kept: {**kept, "More": ("x",)})
    assert path.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert list(read_kept(path)) == ["Books", "More"]


def test_a_change_that_fails_leaves_the_file(tmp_path: Path) -> None:
    """What a change refuses is not written, and nothing is left beside."""
    path = tmp_path / "categories.yaml"
    path.write_text("Books: [epub]\n")

    def refuse(_: Categories) -> Categories:
        raise UsageError("no")

    with pytest.raises(UsageError):
        change_kept(path, refuse)
    assert path.read_text() == "Books: [epub]\n"
    assert os.listdir(tmp_path) == [path.name]


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    """Where the folder can't be, the error names the file and what to do."""
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "categories.yaml"
    with pytest.raises(StorageUnavailableError, match=r"categories\.yaml: .*; the folder of the"):
        change_kept(path, lambda _: {"X": ()})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Books: epub\n", "categories.yaml.Books: wants a list of texts, got 'epub'"),
        ("- a\n", "categories.yaml: wants a mapping of names to lists, got a list"),
        ("Books: [1]\n", "categories.yaml.Books[0]: wants text, got a number; put it in quotes"),
        ("Books: [a\n", "categories.yaml: line 1: "),
    ],
)
def test_a_file_that_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    """What can't be categories is refused with the file and the place in it."""
    path = tmp_path / "categories.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_kept(path)
    assert message in str(caught.value)


def test_both_files_count(tmp_path: Path) -> None:
    """Categories written by hand and kept ones are in force together, and both are the origin."""
    config = tmp_path / "config.yaml"
    config.write_text("categories: {Books: [epub], Plans: [dwg]}\n")
    (tmp_path / "categories.yaml").write_text("Books: [fb2]\nScans: [scn]\n")
    loaded = load(str(config), {})
    assert loaded.config.categories == {
        "Books": ("epub", "fb2"), "Plans": ("dwg",), "Scans": ("scn",)
    }  # fmt: skip
    (origin,) = (s.origin for s in loaded.settings if s.key == "categories")
    assert origin == f"{config} and {tmp_path / 'categories.yaml'}"


def test_a_clash_names_both_files_and_the_remedy() -> None:
    """An extension that the two files place differently is refused, spelled as it may be."""
    with pytest.raises(ConfigError) as caught:
        together({"Books": (".EPUB",)}, {"Texts": ("epub",)}, Path("a.yaml"), Path("b.yaml"))
    assert str(caught.value) == (
        "extension 'epub' is in 'Books' in a.yaml, and in 'Texts' in b.yaml; "
        "fileorg categories edit 'Texts' --remove-extension 'epub'"
    )

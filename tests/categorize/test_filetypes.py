"""The built-in table of file types."""

from collections import Counter

from fileorg.categorize.filetypes import CATEGORIES, OTHER, WHOLE_NAMES
from fileorg.categorize.rules import check_category_name
from fileorg.model.names import base_of, split_extension

EXTENSIONS = [extension for words in CATEGORIES.values() for extension in words]


def test_extension_is_in_one_category() -> None:
    """No extension is listed twice, neither in two categories nor in one."""
    assert [word for word, count in Counter(EXTENSIONS).items() if count > 1] == []


def test_extensions_are_bare_and_lower_case() -> None:
    """Every extension is lower-case ASCII that begins and ends without a dot."""
    wrong = [e for e in EXTENSIONS if e != e.lower() or e != e.strip(".") or not e.isascii()]
    assert wrong == []


def test_every_extension_can_be_met() -> None:
    """No entry is dead: each is what `split_extension` answers for a file that has it."""
    dotted = [f".{extension}".encode() for extension in EXTENSIONS]
    dead = [e for e in dotted if split_extension(b"x" + e)[1] != e or base_of(e) != e]
    assert dead == []


def test_table_covers_the_field() -> None:
    """The table holds well over the extensions and categories that users expect."""
    assert len(EXTENSIONS) > 3000
    assert len(CATEGORIES) >= 30


def test_categories_can_be_folders() -> None:
    """Every built-in category, and the one for the rest, is a proper and distinct folder name."""
    names = [*CATEGORIES, OTHER]
    assert [name for name in names if check_category_name(name)] == []
    assert len({name.casefold() for name in names}) == len(names)


def test_whole_names_are_lower_case_and_known() -> None:
    """Every whole name is lower-case and belongs to a category of the table."""
    assert [name for name in WHOLE_NAMES if name != name.lower()] == []
    assert set(WHOLE_NAMES.values()) <= set(CATEGORIES)


def test_whole_names_say_something() -> None:
    """No whole name repeats what its extension says already."""
    table = {extension: category for category, words in CATEGORIES.items() for extension in words}
    idle = [
        name
        for name, category in WHOLE_NAMES.items()
        if table.get(split_extension(name)[1][1:].decode()) == category
    ]
    assert idle == []

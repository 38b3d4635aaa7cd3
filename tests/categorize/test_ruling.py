"""Rules: the first that fits decides, and what can't be one is refused by its path."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.conditions import TEXT
from fileorg.errors import ConfigError
from tests.categorize.files import File, book_of
from tests.categorize.test_combining import files, mappings, plain

PDF = {"extension": "pdf"}


def deeper(levels: int) -> dict[str, Any]:
    """Return conditions in one another."""
    keys: dict[str, Any] = {"glob": "*"}
    for _ in range(levels):
        keys = {"not": keys}
    return keys


@given(st.lists(mappings(), max_size=4), files)
def test_the_first_rule_that_fits_decides(conditions: list[dict[str, Any]], file: File) -> None:
    """The ruling is by the first rule whose condition holds, and there is none without one."""
    book = book_of(
        *({"name": f"rule {n}", "when": keys, "skip": True} for n, keys in enumerate(conditions))
    )
    expected = [n for n, ready in enumerate(book.rules) if plain(ready.condition, file)]
    ruling = book.ruling(file)
    assert ([] if ruling is None else [ruling.number]) == expected[:1]


def test_later_rules_are_not_looked_at() -> None:
    """What a later rule asks for is not read where an earlier one fits."""
    file = File(b"a.pdf")
    book = book_of(
        {"name": "cheap", "when": PDF, "category": "Papers"},
        {"name": "dear", "when": {"text": "x"}, "skip": True},
    )
    ruling = book.ruling(file)
    assert ruling is not None and ruling.rule.category == "Papers"
    assert not file.reads


def test_groups_of_a_rule_are_known_before_any_file() -> None:
    """A rule names every group of its expressions, wherever they stand."""
    keys = {"any": [{"regex": "(?P<a>x)"}, {"all": [{"text_regex": "(?P<b>y)(z)"}]}]}
    (ready,) = book_of({"name": "one", "when": keys, "skip": True}).rules
    assert ready.groups == {"a", "b"}


def test_a_category_that_only_a_rule_names_is_one() -> None:
    """The categories are those there are, and each that a rule names."""
    book = book_of(
        {"name": "one", "when": PDF, "category": "Papers"},
        {"name": "two", "when": PDF, "category": "Books"},
    )
    assert book.categories[-1] == "Papers"
    assert book.categories.count("Books") == 1


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"when": {}}, "rules[0].when: has no condition; for every file write glob: '*'"),
        (
            {"when": {"not": {"any": [PDF, {}]}}},
            "rules[0].when.not.any[1]: has no condition; for every file write glob: '*'",
        ),
        (
            {"when": deeper(8)},
            "rules[0].when" + ".not" * 8 + ": conditions are nested deeper than 8 levels",
        ),
        (
            {"when": {"extension": "*.b"}},
            "rules[0].when.extension: '*.b' can be no file extension; write 'b'",
        ),
        ({"when": {"extension": " "}}, "rules[0].when.extension: an empty text; leave it out"),
        ({"when": {"glob": ["a"] * 1001}}, "rules[0].when.glob: more than 1,000 values"),
        (
            {"when": {"glob": "[[:alpha:]]"}},
            (
                "rules[0].when.glob: '[[:alpha:]]': classes are not known here; "
                "write [a-z] for [[:lower:]]"
            ),
        ),
        (
            {"when": {"any": [{"regex": "(a"}]}},
            "rules[0].when.any[0].regex: '(a': missing ): (a",
        ),
        ({"when": {"regex": "(?=a)"}}, "rules[0].when.regex: '(?=a)': invalid perl operator: (?="),
        (
            {"when": {"regex": "(?P<x>a)|(?P<x>b)"}},
            "rules[0].when.regex: '(?P<x>a)|(?P<x>b)': two groups are named 'x'",
        ),
        (
            {"when": {"text_regex": "(?P<9>a)"}},
            "rules[0].when.text_regex: '(?P<9>a)': '9' can't name a group; use letters and digits",
        ),
        (
            {"when": {"category": "Image"}},
            "rules[0].when.category: 'Image' is no category; did you mean 'Images'?",
        ),
        (
            {"when": {"mime": "image"}},
            "rules[0].when.mime: 'image' is no type: write such as 'image/png' or 'image/*'",
        ),
        (
            {"when": {"metadata": {"artst": "x"}}},
            "rules[0].when.metadata.artst: no such field; did you mean 'artist'?",
        ),
        ({"when": {"size": "5MB..1MB"}}, "rules[0].when.size: '5MB..1MB' ends before it begins"),
        (
            {"when": {"age": "90d"}},
            "rules[0].when.age: '90d' is an age to the second: write '>90d' or '<90d'",
        ),
        ({"skip": False}, "rules[0]: says nothing to do; add category, template, rename or skip"),
        ({"category": "X"}, "rules[0]: skips, and has a category; take one of them out"),
        ({"skip": False, "category": "a/b"}, "rules[0].category: 'a/b' holds a slash or backslash"),
        (
            {"skip": False, "category": "images"},
            "rules[0].category: 'images' and 'Images' differ only in case",
        ),
        ({"name": "a\nb"}, "rules[0].name: wants up to 100 printable characters"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(rule: dict[str, Any], message: str) -> None:
    """A rule that can't be used is refused with the path of what is wrong, and the remedy."""
    with pytest.raises(ConfigError) as caught:
        book_of({"name": "one", "when": PDF, "skip": True} | rule)
    assert str(caught.value) == message


def test_two_rules_of_one_name_are_refused() -> None:
    """The name of a rule is recorded with what it does, so that each has its own."""
    with pytest.raises(ConfigError, match=r"rules\[1\].name: 'ONE' is the name of rules\[0\], too"):
        book_of(*({"name": name, "when": PDF, "skip": True} for name in ("one", "ONE")))


def test_so_many_rules_are_refused() -> None:
    """A thousand rules are enough."""
    with pytest.raises(ConfigError, match="rules: more than 1,000"):
        book_of(*({"name": str(n), "when": PDF, "skip": True} for n in range(1001)))


@pytest.mark.parametrize(
    "hostile", ["(x+x+)+y", "(.*.*.*.*)+z", "(a|aa)+$", "(.{0,99})*z", r"(\pL+\s*)+\d"]
)
def test_no_expression_backtracks(hostile: str) -> None:
    """An expression that keeps other engines busy for years is answered for a long text."""
    file = File(b"x" * 255, text="xy a" * 50_000)
    book = book_of({"name": "one", "when": {"regex": hostile, "text_regex": hostile}, "skip": True})
    assert book.rules[0].condition.verdict(file, TEXT) is not None

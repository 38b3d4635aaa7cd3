"""What a rule is in words, what is likely a mistake in it, and why it takes a file."""

from typing import Any

import pytest
from hypothesis import given

from fileorg.categorize.checking import Checker
from fileorg.categorize.tracing import Trace, trace, tries
from fileorg.categorize.wording import in_words, sentence
from tests.categorize.files import CATEGORIZER, File, book_of, when
from tests.categorize.test_combining import files, mappings

TYPES = ("image/png", "image/jpeg", "application/pdf")


def warned(*conditions: dict[str, Any], category: str = "Books") -> list[list[str]]:
    """Return the warnings of rules with these conditions."""
    book = book_of(
        *(
            {"name": f"rule {n}", "when": keys, "category": category}
            for n, keys in enumerate(conditions)
        )
    )
    checker = Checker(book.rules, CATEGORIZER, TYPES)
    return [list(checker.warnings(n)) for n in range(len(conditions))]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"extension": ["pdf", ".docx"]}, "its name ends in .pdf or .docx"),
        ({"glob": "a*", "size": ">1k"}, "its size is '>1k' and its name matches 'a*'"),
        (
            {"any": [{"mime": "image/*"}, {"not": {"age": [">1d", "<1h"]}}]},
            "its content is 'image/*' or not its age is '>1d' or '<1h'",
        ),
        (
            {"not": {"text": "a", "metadata": {"camera": True, "artist": False, "width": ">1"}}},
            (
                "not (its text holds 'a' and it has a camera and it has no artist and its width is "
                "'>1')"
            ),
        ),
        (
            {"all": [{"any": [{"regex": "x"}, {"text_regex": "y"}]}, {"origin": ["a", "b", "c"]}]},
            (
                "(its name matches the expression 'x' or its text matches the expression 'y') and "
                "it was downloaded from 'a', 'b' or 'c'"
            ),
        ),
        ({"glob": "a/*"}, "its path matches 'a/*'"),
        ({"regex": r"\d"}, r"its name matches the expression '\d'"),
        ({"any": []}, "one of no conditions holds"),
        ({"metadata": {"camera": "X"}, "date": "2019"},
         "its date is '2019' and its camera is 'X'"),
        ({"category": "Books"}, "its category is 'Books'"),
    ],
)  # fmt: skip
def test_conditions_in_words(keys: dict[str, Any], words: str) -> None:
    """A condition is told as a clause, in the words in which it is written."""
    assert in_words(when(**keys)) == words


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ({"skip": True}, "Files stay where they are, where its name ends in .pdf"),
        (
            {"category": "Papers", "template": "P/{name}"},
            "Files count as Papers and go to 'P/{name}', where its name ends in .pdf",
        ),
        ({"rename": "x {stem}"}, "Files are called 'x {stem}', where its name ends in .pdf"),
    ],
)
def test_a_rule_in_a_sentence(does: dict[str, Any], words: str) -> None:
    """A rule says what happens to which files."""
    (ready,) = book_of({"name": "one", "when": {"extension": "pdf"}, **does}).rules
    assert sentence(ready.rule, ready.condition) == words


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (
            [{"extension": "pdf"}, {"extension": "pdf", "size": ">1k"}],
            [[], ["it never has its turn: 'rule 0' takes all that it would take"]],
        ),
        (
            [{"glob": "*"}, {"mime": "image/png"}],
            [[], ["it never has its turn: 'rule 0' takes all that it would take"]],
        ),
        ([{"extension": "pdf", "size": ">1k"}, {"extension": "pdf"}], [[], []]),
        (
            [{"size": ">1GB", "not": {"size": ">1MB"}}],
            [["it can never apply: its size is '>1GB', and not its size is '>1MB'"]],
        ),
        ([{"extension": []}], [["it can never apply: its name ends in one of nothing"]]),
        ([{"any": []}], [["it can never apply: one of no conditions holds"]]),
        (
            [{"extension": "jpgg"}],
            [["no known type of file ends in '.jpgg'; did you mean '.jpg'?"]],
        ),
        (
            [{"mime": "image/pngg"}],
            [["no content is known to be 'image/pngg'; did you mean 'image/png'?"]],
        ),
        ([{"mime": ["audio/*", "image/*"]}], [["no content is known to be 'audio/*'"]]),
    ],
)  # fmt: skip
def test_warnings(conditions: list[dict[str, Any]], expected: list[list[str]]) -> None:
    """Rules that never apply, and words that nobody knows, are named with what is meant."""
    assert warned(*conditions) == expected


def test_a_category_that_is_like_another_is_named() -> None:
    """A rule may name a new category, but one letter beside an old one is a mistake."""
    assert warned({"extension": "pdf"}, category="Image") == [
        ["'Image' is a category of its own; did you mean 'Images'?"]
    ]
    assert warned({"extension": "pdf"}, category="Invoices") == [[]]


def test_a_trace_shows_every_condition() -> None:
    """Of a condition each part is shown with what came of it, read or not by a run."""
    keys = {"extension": "pdf", "not": {"any": [{"text": "x"}, {"size": ">1k"}]}}
    assert trace(when(**keys), File(b"a.pdf", size=2000)) == Trace(
        "all of these hold", False, (
            Trace("its name ends in .pdf", True),
            Trace("this does not hold", False, (
                Trace("one of these holds", True, (
                    Trace("its text holds 'x'", False),
                    Trace("its size is '>1k'", True),
                )),
            )),
        ),
    )  # fmt: skip


@given(mappings(), files)
def test_a_trace_agrees_with_the_verdict(keys: dict[str, Any], file: File) -> None:
    """What is shown at the top of a trace is what a run goes by."""
    book = book_of({"name": "one", "when": keys, "skip": True})
    ruling, (tried,) = tries(book, file)
    assert tried.takes is tried.why.holds is (ruling is not None)


def test_rules_are_tried_up_to_the_one_that_takes_the_file() -> None:
    """Later rules are not asked, and where none takes it all of them were."""
    book = book_of(
        *({"name": ext, "when": {"extension": ext}, "skip": True} for ext in ("a", "b", "c"))
    )
    assert [(t.rule, t.takes) for t in tries(book, File(b"x.b"))[1]] == [("a", False), ("b", True)]
    assert [(t.rule, t.takes) for t in tries(book, File(b"x.d"))[1]] == [
        ("a", False), ("b", False), ("c", False),
    ]  # fmt: skip

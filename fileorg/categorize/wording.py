"""Rules and conditions in words (pure)."""

from collections.abc import Sequence

from fileorg.categorize import conditions as c
from fileorg.categorize import contents as inner
from fileorg.categorize.combining import All, Any, Condition, Not
from fileorg.config.schema import Rule


def sentence(rule: Rule, condition: Condition) -> str:
    """Say what happens to which files."""
    does = [
        f"count as {rule.category}" if rule.category is not None else "",
        f"go to {_quoted(rule.template)}" if rule.template is not None else "",
        f"are called {_quoted(rule.rename)}" if rule.rename is not None else "",
        "stay where they are" if rule.skip else "",
    ]
    return f"Files {_listed([*filter(None, does)], 'and')}, where {in_words(condition)}"


def in_words(condition: Condition) -> str:
    """Say what a condition asks, as a clause."""
    match condition:
        case All(parts):
            return " and ".join(map(_enclosed, parts)) or "anything"
        case Any(parts):
            return " or ".join(map(_enclosed, parts)) or "one of no conditions holds"
        case Not(part):
            return f"not {_enclosed(part)}"
        case c.Glob() if not condition.sees_folders:
            return f"its name matches {_values(condition)}"
        case inner.HasField():
            return f"it has {'a' if condition.wanted else 'no'} {condition.name}"
        case inner.TextField() | inner.NumberField():
            return f"its {condition.name} is {_values(condition)}"
        case c.Leaf():
            return f"{_ASKS[type(condition)]} {_values(condition)}"


def _enclosed(condition: Condition) -> str:
    words = in_words(condition)
    return f"({words})" if isinstance(condition, All | Any) and condition.parts else words


def _values(leaf: c.Leaf) -> str:
    if isinstance(leaf, c.Extension):
        texts = [f".{text.removeprefix('.')}" for text in leaf.texts]
    else:
        texts = [*map(_quoted, leaf.texts)]
    return _listed(texts, "or") or "one of nothing"


def _quoted(text: str) -> str:
    """Return text as it is, in quotes: an expression is full of backslashes."""
    return f"'{text}'"


def _listed(words: Sequence[str], conjunction: str) -> str:
    *first, last = words or [""]
    return f"{', '.join(first)} {conjunction} {last}" if first else last


_ASKS: dict[type[c.Leaf], str] = {
    c.Extension: "its name ends in",
    c.Glob: "its path matches",
    c.NameRegex: "its name matches the expression",
    c.Size: "its size is",
    c.Age: "its age is",
    inner.Category: "its category is",
    inner.Origin: "it was downloaded from",
    inner.Mime: "its content is",
    inner.Date: "its date is",
    inner.Text: "its text holds",
    inner.TextRegex: "its text matches the expression",
}

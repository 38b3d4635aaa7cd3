"""What is likely a mistake in rules that can be used (pure)."""

from collections.abc import Iterator, Sequence
from itertools import islice

from fileorg.categorize.combining import Condition, leaves_of
from fileorg.categorize.conditions import Extension
from fileorg.categorize.contents import Mime
from fileorg.categorize.filetypes import OTHER
from fileorg.categorize.implication import clash, implies, is_always
from fileorg.categorize.rules import Categorizer
from fileorg.categorize.ruling import Ready
from fileorg.categorize.wording import in_words
from fileorg.config.convert import nearest
from fileorg.config.regexes import wildcards


class Checker:
    """Looks for rules that can never apply, and for words that nobody knows."""

    def __init__(
        self, rules: Sequence[Ready], categorizer: Categorizer, types: Sequence[str]
    ) -> None:
        """Take the rules in their order, what extensions mean, and the *types* that are told."""
        self._rules = rules
        self._categorizer = categorizer
        self._types = types

    def warnings(self, number: int) -> Iterator[str]:
        """Yield what is likely wrong with a rule, each as a sentence."""
        ready = self._rules[number]
        why = clash(ready.condition)
        if why:
            yield f"it can never apply: {_reason(why)}"
            return
        for earlier in islice(self._rules, number):
            if is_always(earlier.condition) or implies(ready.condition, earlier.condition):
                yield f"it never has its turn: {earlier.rule.name!r} takes all that it would take"
                break
        for leaf in leaves_of(ready.condition):
            if isinstance(leaf, Extension):
                yield from self._unknown_extensions(leaf)
            elif isinstance(leaf, Mime):
                yield from self._unknown_types(leaf)
        yield from self._new_category(ready)

    def _unknown_extensions(self, leaf: Extension) -> Iterator[str]:
        known = [f".{one}" for held in self._categorizer.extensions().values() for one in held]
        for suffix in leaf.suffixes:
            if self._categorizer.category_of(b"x" + suffix) == OTHER:
                text = suffix.decode("utf-8", "surrogateescape")
                yield f"no known type of file ends in {text!r}{_hint(text, known)}"

    def _unknown_types(self, leaf: Mime) -> Iterator[str]:
        for text in leaf.texts:
            alike = wildcards([text])
            if not any(alike.search(known) for known in self._types):
                yield f"no content is known to be {text!r}{_hint(text, self._types)}"

    def _new_category(self, ready: Ready) -> Iterator[str]:
        name = ready.rule.category
        if name is not None and name not in self._categorizer.names():
            near = nearest(name, [*self._categorizer.names()], 0.8)
            if near is not None:
                yield f"{name!r} is a category of its own; did you mean {near!r}?"


def _reason(why: Sequence[Condition]) -> str:
    return ", and ".join(map(in_words, why))


def _hint(text: str, known: Sequence[str]) -> str:
    near = nearest(text, [*known], 0.8)
    return "" if near is None else f"; did you mean {near!r}?"

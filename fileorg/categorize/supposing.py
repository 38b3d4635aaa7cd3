"""What rules make of a name if all else that they ask for is so: what can be told without files."""

import re
from collections.abc import Iterator
from typing import Final

from fileorg.categorize.combining import Condition, groups_of, leaves_of
from fileorg.categorize.conditions import NAME, Extension, Glob, Groups, NameRegex
from fileorg.categorize.evidence import Evidence
from fileorg.categorize.ruling import Rulebook

_EXTENSIONS: Final = (b".jpg", b".pdf", b"")
_COMMON: Final = (
    b"sample.jpg", b"sample.pdf", b"sample.txt", b"IMG_20190704_120001.jpg", b"IMG_0001.JPG",
    b"2019-07-04 Scan.pdf", b"Screenshot 2019-07-04 at 12.00.01.png", b"song.mp3", b"film.mp4",
)  # fmt: skip
_LETTERS: Final = re.compile(r"\^?([\w ,#-]+)")
_FILLED: Final = {"*": "sample", "?": "x"}


class Supposed:
    """The rules, if what one of them asks for beside the name holds, and of no other rule."""

    def __init__(self, book: Rulebook, number: int) -> None:
        self._book = book
        self._number = number

    def taker(self, file: Evidence) -> int | None:
        """Return the number of the rule that takes a file, None if none does.

        `LookupError` where an earlier rule might.
        """
        might = False
        for number, ready in enumerate(self._book.rules):
            verdict = ready.condition.verdict(file, NAME)
            if verdict or (verdict is None and number == self._number):
                if might and number != self._number:
                    raise LookupError(number)
                return number
            might |= verdict is None and number > self._number
        if might:
            raise LookupError(self._number)
        return None

    def groups(self, file: Evidence) -> Groups:
        """Return what expressions about the name alone have found in a file that the rule takes."""
        condition = self._book.rules[self._number].condition
        is_of_name = all(leaf.cost == NAME for leaf in leaves_of(condition))
        is_taken = condition.verdict(file, NAME)
        return groups_of(condition, file) if is_of_name and is_taken else {}


def sample_names(condition: Condition) -> Iterator[bytes]:
    """Yield names that a condition may be meant for, and some that are common."""
    for leaf in leaves_of(condition):
        if isinstance(leaf, Extension):
            yield from (b"sample" + suffix for suffix in leaf.suffixes)
        elif isinstance(leaf, Glob) and not leaf.sees_folders:
            yield from (_fill(text) for text in leaf.texts)
        elif isinstance(leaf, NameRegex):
            begun = filter(None, map(_LETTERS.match, leaf.texts))
            yield from (found[1].encode() + b"1" + end for found in begun for end in _EXTENSIONS)
    yield from _COMMON


def _fill(glob: str) -> bytes:
    return "".join(_FILLED.get(letter, letter) for letter in glob).encode("utf-8", "replace")

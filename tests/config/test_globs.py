"""Globs: what hostile ones cost, and what both engines say of the same name."""

import re
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from fileorg.config.globs import LONGEST, as_pattern_text, glob, patterns
from fileorg.scan.selection import Ignore, ignore_lines
from tests.patience import within

NAMES = (b"a" * 255, b"a/" * 2047 + b"a", b"/".join([b"a" * 255] * 15), b"ab" * 2000, b"\xff" * 255)
KILLERS = (
    "*a" * 8 + "b", "*?" * 10 + "b", "[ab]*" * 8 + "c", "**/a/" * 8 + "b", "a/**/" * 8 + "b",
    "**/*a*/**/*a*/**/*a*/b", "*a" * (LONGEST // 2 - 1) + "b", "**/a/" * (LONGEST // 5 - 1) + "b",
    "*[!a]?" * (LONGEST // 6 - 1) + "b", "*a" + "?" * (LONGEST - 3) + "b", "*a/" * 8, "!*a*a*a*a*b",
)  # fmt: skip


@pytest.mark.parametrize("killer", KILLERS, ids=lambda killer: killer[:12])
def test_no_glob_backtracks(killer: str) -> None:
    """Globs that keep a backtracking engine busy for years are answered for the longest names."""
    rules = patterns([killer])
    assert rules is not None
    with within(60):
        for name in NAMES:
            rules.match_file(as_pattern_text(name))


PIECES = st.sampled_from(
    ["*", "**", "/", "?", "a", "b", "[ab]", "[!a]", "[]a]", "[[]", "[a&&b]", ".", "$", "^", "(",
     "{2}", "\\*", "\\[", "+", "|", "\udcff", "\u00e9", " ", "\v", "!", "#", "\x1b", "\U0010ff80"]
)  # fmt: skip
PATHS = st.lists(
    st.sampled_from([b"a", b"b", b"/", b".", b"\n", b"\xff", b"*", b"[", "\u00e9".encode(), b" "]),
    min_size=1,
    max_size=12,
).map(b"".join)


# `re` takes years for a longer one: what it may share out grows with stars times characters.
@given(st.lists(PIECES, min_size=1, max_size=10).map("".join), PATHS)
@example("*a*", b"x/\xffa\n")
@example("a*b*", b"a/b")
def test_both_engines_say_the_same(line: str, path: bytes) -> None:
    """A glob with many stars matches what `re` says it matches, whatever bytes are in the name."""
    text = as_pattern_text(line.encode("utf-8", "surrogateescape"))
    name = as_pattern_text(path)
    try:
        with warnings.catch_warnings(action="ignore"):
            plain = GitIgnoreSpec.from_lines([text], backend="simple")
    except (ValueError, re.error):
        with pytest.raises(ValueError, match=r"."):
            glob(text)
        return
    found = GitIgnoreSpec.from_lines([text], glob, backend="simple")
    assert found.match_file(name) == plain.match_file(name)


@pytest.mark.parametrize(
    ("line", "path", "matches"),
    [
        ("*\udcff*", b"a\xffb", True),
        ("*\udcff*", b"a\xfeb", False),
        ("*new\nline*", b"a new\nline b", True),
        ("[[]draft] *", b"[draft] x.txt", True),
    ],
)
def test_odd_bytes_match_themselves(line: str, path: bytes, *, matches: bool) -> None:
    """Bytes that are no UTF-8, newlines and brackets in a glob stand for those in a name."""
    rules = patterns([line])
    assert rules is not None
    assert rules.match_file(as_pattern_text(path)) is matches
    assert Ignore(b"", rules, None).ignores(path) is matches


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["x" * (LONGEST + 1)], "longer than 1,000 characters"),
        (["*.a", "[[:alpha:]]*"], r"\[\[:alpha:\]\].*\[a-z\]"),
        (["a"] * 10_001, "more than 10,000 globs"),
        (["a\ud800*"], "surrogates not allowed"),
    ],
)
def test_what_cannot_be_judged_is_refused(lines: list[str], says: str) -> None:
    """What is too long, too many, no text, or would match something else is a `ValueError`."""
    with pytest.raises(ValueError, match=says):
        patterns(lines)


def test_a_bracket_in_a_bracket_warns_nobody(recwarn: pytest.WarningsRecorder) -> None:
    """`[[]` is a bracket, and Python's opinion of it reaches no user."""
    patterns(ignore_lines(b"[[]a*\n[a&&b]\n"))
    assert not recwarn.list

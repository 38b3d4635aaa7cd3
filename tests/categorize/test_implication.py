"""What follows from a condition: nothing that is wrong, and what a user would see at once."""

from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from fileorg.categorize.conditions import TEXT
from fileorg.categorize.implication import clash, excludes, implies, is_always
from fileorg.errors import ConfigError
from tests.categorize.files import File, when
from tests.categorize.test_combining import files, mappings

PDF, JPG = {"extension": "pdf"}, {"extension": "jpg"}


@given(mappings(), mappings(), st.lists(files, min_size=5, max_size=20))
def test_nothing_wrong_is_said(one: dict[str, Any], other: dict[str, Any], some: Any) -> None:
    """What is said to follow, or never to meet, or always to hold, is so for any file."""
    first, second = when(**one), when(**other)
    pairs = {(bool(first.verdict(f, TEXT)), bool(second.verdict(f, TEXT))) for f in some}
    assert not implies(first, second) or (True, False) not in pairs
    assert not excludes(first, second) or (True, True) not in pairs
    assert not clash(first) or pairs <= {(False, True), (False, False)}
    assert not is_always(first) or pairs <= {(True, True), (True, False)}


GLOBS = st.lists(st.text("ab*?/.", min_size=1, max_size=6), min_size=1, max_size=2)
PATHS = st.lists(st.sampled_from((b"a", b"b", b"ab", b"a.b", b"ba")), min_size=1, max_size=3)


@given(GLOBS, GLOBS, st.lists(PATHS.map(b"/".join), min_size=10, max_size=30))
def test_nothing_wrong_is_said_of_globs(one: list[str], other: list[str], paths: Any) -> None:
    """Whatever stars and slashes are in them: a glob that takes all of another one does so."""
    try:
        narrow, wide = when(glob=one), when(glob=other)
    except ConfigError:
        reject()
    if implies(narrow, wide):
        some = [File(path) for path in paths]
        assert all(wide.verdict(f, TEXT) for f in some if narrow.verdict(f, TEXT))


@given(mappings())
def test_a_condition_implies_itself_and_excludes_its_opposite(keys: dict[str, Any]) -> None:
    """However it is built, a condition follows from itself and never meets its opposite."""
    condition = when(**keys)
    assert implies(condition, condition)
    assert excludes(condition, when(**{"not": keys}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PDF, {"extension": ["docx", "PDF"]}),
        ({"extension": "tar.gz"}, {"extension": "gz"}),
        (PDF, {"glob": "*"}),
        ({"glob": "invoice*.PDF"}, PDF),
        ({"glob": ["a.pdf", "b/*.pdf"]}, PDF),
        ({"glob": "a*"}, {"glob": ["b*", "a*"]}),
        ({"glob": "draft-20??*.txt"}, {"glob": "draft*"}),
        ({"glob": ["invoice*.pdf", "a.pdf"]}, {"glob": ["*.pdf", "x"]}),
        ({"glob": "a?c*"}, {"glob": "??*"}),
        ({"glob": "Camera/*.jpg"}, {"glob": "Camera/**"}),
        ({"glob": "/in/a/x.jpg"}, {"glob": ["/in/**", "/on/**"]}),
        ({"regex": "a"}, {"regex": ["a", "b"]}),
        ({"size": ">10MB"}, {"size": ">=10MB"}),
        ({"size": "1k..2k"}, {"size": ["<1k", "1k..3k"]}),
        ({"date": "2019-07"}, {"date": "2019"}),
        ({"mime": "image/png"}, {"mime": "image/*"}),
        ({"mime": "image/*"}, {"mime": "*/*"}),
        ({"metadata": {"camera": "Canon*"}}, {"metadata": {"camera": True}}),
        ({"metadata": {"camera": "Canon EOS*"}}, {"metadata": {"camera": "canon*"}}),
        ({"metadata": {"width": ">2000"}}, {"metadata": {"width": ">1000"}}),
        ({"text": "invoice no"}, {"text": "INVOICE"}),
        (PDF | {"size": ">1k"}, PDF),
        ({"any": [PDF, JPG]}, {"extension": ["pdf", "jpg"]}),
        (PDF, {"not": JPG}),
        (PDF, {"any": [JPG, {"not": {"size": ">1k", "extension": "txt"}}]}),
    ],
)
def test_what_follows(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The first condition is the narrower one, and that is seen."""
    assert implies(when(**one), when(**other))
    assert not implies(when(**other), when(**one)) or one == other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PDF, JPG),
        ({"category": "Images"}, {"category": ["Audio", "Video"]}),
        ({"size": ">10MB"}, {"size": ["<1k", "2k..10MB"]}),
        ({"age": ">1y"}, {"age": "<30d"}),
        ({"date": "2019"}, {"date": ">2019"}),
        ({"mime": "image/*"}, {"mime": ["text/*", "application/pdf"]}),
        ({"metadata": {"camera": False}}, {"metadata": {"camera": "X"}}),
        ({"metadata": {"camera": False}}, {"metadata": {"camera": True}}),
        ({"metadata": {"artist": "A*"}}, {"metadata": {"artist": ["B*", "x"]}}),
        ({"metadata": {"width": "<9"}}, {"metadata": {"width": ">9"}}),
        (PDF, {"any": [JPG, {"not": {"extension": ["pdf", "txt"]}}]}),
    ],
)
def test_what_never_meets(one: dict[str, Any], other: dict[str, Any]) -> None:
    """No file meets both, and that is seen whichever comes first."""
    assert excludes(when(**one), when(**other))
    assert excludes(when(**other), when(**one))


@pytest.mark.parametrize(
    "keys",
    [
        PDF | {"glob": "*.x", "not": PDF},
        {"size": ">10MB", "all": [{"size": "<1MB"}]},
        {"extension": []},
        {"any": []},
        {"any": [{"glob": []}, {"mime": "image/*", "all": [{"mime": "text/plain"}]}]},
        {"not": {"glob": "*"}},
        {"not": {"all": []}},
    ],
)
def test_what_can_never_hold(keys: dict[str, Any]) -> None:
    """A condition that contradicts itself, or wants one of nothing, is known for it."""
    assert clash(when(**keys))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"glob": "*.pdf"}, {"glob": ["*.pdf", "!a*"]}),
        ({"glob": "a*"}, {"glob": "a?"}),
        ({"glob": "a[bc]"}, {"glob": "a[b]"}),
        ({"glob": "a[*]c"}, {"glob": "a\\*c"}),
        ({"glob": "on/*.jpg"}, {"glob": "in/**"}),
        ({"glob": "draft*"}, {"extension": "txt"}),
        ({"glob": ["!a*", "*.pdf"]}, {"glob": "*.pdf"}),
        ({"metadata": {"camera": "X"}}, {"metadata": {"artist": "X"}}),
        ({"mime": "image/*"}, {"mime": "image/?"}),
        ({"text": "a"}, {"text_regex": "a"}),
    ],
)
def test_what_does_not_follow(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Likeness is no implication."""
    assert not implies(when(**one), when(**other))
    assert not excludes(when(**one), when(**other))

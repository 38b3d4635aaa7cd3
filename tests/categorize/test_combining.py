"""Conditions combined: what they read, and that no order of theirs changes a verdict."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.combining import All, Condition, Not, groups_of
from fileorg.categorize.combining import Any as AnyOf
from fileorg.categorize.conditions import ATTRIBUTES, HEAD, METADATA, STAT, TEXT, Leaf
from tests.categorize.files import File, when

READS = {"origins": ATTRIBUTES, "mime": HEAD, "metadata": METADATA, "text": TEXT}
LEAVES: list[dict[str, Any]] = [
    {"extension": "pdf"},
    {"size": ">1k"},
    {"origin": "example.com"},
    {"mime": "image/*"},
    {"metadata": {"camera": True}},
    {"date": "2019"},
    {"text": "invoice"},
    {"text_regex": "N(?P<number>o)"},
]


def mappings() -> st.SearchStrategy[dict[str, Any]]:
    """Return conditions of any shape as they are written."""
    leaf = st.sampled_from(LEAVES)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
            st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
            st.fixed_dictionaries({"not": inner}),
            st.tuples(leaf, leaf).map(lambda two: two[0] | two[1]),
        ),
        max_leaves=8,
    )


files = st.builds(
    lambda pdf, large, origin, mime, camera, text: File(
        b"a.pdf" if pdf else b"a.jpg",
        size=2000 if large else 0,
        origins=("http://example.com/",) * origin,
        mime="image/png" if mime else None,
        fields={"camera": "X"} if camera else {},
        text=text,
    ),
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(),
    st.sampled_from(["", "Invoice No"]),
)  # fmt: skip


def plain(condition: Condition, file: File) -> bool:
    """Judge as the words say, reading whatever there is."""
    match condition:
        case All(parts):
            return all(plain(part, file) for part in parts)
        case AnyOf(parts):
            return any(plain(part, file) for part in parts)
        case Not(part):
            return not plain(part, file)
    assert isinstance(condition, Leaf)
    return condition.holds(file)


def settled(condition: Condition, file: File, level: int) -> bool | None:
    """Judge by what costs no more than *level*, in the logic of three values."""
    match condition:
        case All(parts):
            found = [settled(part, file, level) for part in parts]
            return False if False in found else None if None in found else True
        case AnyOf(parts):
            found = [settled(part, file, level) for part in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            inner = settled(part, file, level)
            return None if inner is None else not inner
    assert isinstance(condition, Leaf)
    return condition.holds(file) if condition.cost <= level else None


def shuffled(condition: Condition, draw: Any) -> Condition:
    """Return the same with all parts in another order."""
    match condition:
        case All(parts) | AnyOf(parts):
            inner = [shuffled(part, draw) for part in parts]
            return type(condition)(tuple(draw(st.permutations(inner))))
        case Not(part):
            return Not(shuffled(part, draw))
    return condition


@given(mappings(), files)
def test_a_verdict_is_what_the_words_say(keys: dict[str, Any], file: File) -> None:
    """However little is read, the verdict is that of reading everything."""
    condition = when(**keys)
    assert condition.verdict(file, TEXT) is plain(condition, file)


@given(mappings(), files, st.data())
def test_no_order_changes_a_verdict(keys: dict[str, Any], file: File, data: Any) -> None:
    """The parts of a condition in another order come to the same."""
    condition = when(**keys)
    other = shuffled(condition, data.draw)
    assert other.verdict(file, TEXT) is condition.verdict(file, TEXT)


@given(mappings(), files)
def test_nothing_is_read_that_cheaper_conditions_settle(keys: dict[str, Any], file: File) -> None:
    """What costs more than what settles the verdict is never asked for."""
    condition = when(**keys)
    needed = next(level for level in range(TEXT + 1) if settled(condition, file, level) is not None)
    file.reads.clear()
    if condition.verdict(file, TEXT):
        groups_of(condition, file)
    assert all(READS[read] <= needed for read in file.reads)


@given(mappings(), files)
def test_a_part_is_left_alone_that_is_settled(keys: dict[str, Any], file: File) -> None:
    """Within a condition that stays open, nothing is read for a part that is not."""
    condition = when(any=[{"any": [keys, {"glob": "*"}]}, {"extension": "none"}], text="zzz")
    assert condition.verdict(file, TEXT) is False
    assert file.reads["mime"] == file.reads["metadata"] == file.reads["origins"] == 0


@given(mappings(), files)
def test_groups_are_found_wherever_a_condition_holds(keys: dict[str, Any], file: File) -> None:
    """A condition that holds has groups or none, and a number only where the text has one."""
    condition = when(**keys)
    if condition.verdict(file, TEXT):
        assert groups_of(condition, file) in ({}, {"number": "o"})


def test_what_a_group_finds_is_text_that_can_be_kept() -> None:
    """What is no UTF-8 is replaced in what a group finds, and no value is longer than a name."""
    file = File(b"a-\xff\n\xc3\xa4-b.pdf", text="No " + "x" * 1000)
    condition = when(regex="(?s)^a-(?P<middle>.*)-b", text_regex="No (?P<long>x+)")
    assert groups_of(condition, file) == {"middle": "\ufffd\n\u00e4", "long": "x" * 255}


def test_a_group_that_took_no_part_is_missing() -> None:
    """A group on the way that was not taken has no value."""
    condition = when(regex="(?P<a>x)?(?P<b>y)")
    assert groups_of(condition, File(b"y")) == {"b": "y"}


def test_the_alternative_that_needs_the_least_reading_gives_the_groups() -> None:
    """Of alternatives that hold, the first of the cheapest is taken, and the others stay unread."""
    either = {"any": [{"text_regex": r"No (?P<n>\d)"}, {"regex": r"no (?P<n>\d)"}]}
    for keys in (either, {"any": [either, {"extension": "txt"}]}):
        file = File(b"no 7.pdf", text="No 8")
        condition = when(**keys)
        assert condition.verdict(file, TEXT)
        assert groups_of(condition, file) == {"n": "7"}
        assert not file.reads


def test_a_category_costs_nothing_where_the_name_says_it() -> None:
    """Only a file whose name says nothing has to be looked into for its category."""
    condition, file = when(category="Images"), File(b"a.jpg")
    assert condition.verdict(file, STAT) is True
    file.named_category = None
    assert condition.verdict(file, STAT) is None
    assert condition.verdict(file, TEXT) is True

"""Mappings and variables made into settings."""

import datetime as dt
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.config.convert import nearest
from fileorg.config.parse import KEYS, parse_config, parse_setting, variable_of
from fileorg.config.schema import Config, Rule, When
from fileorg.errors import ConfigError
from fileorg.model.duplicates import DedupePolicy, KeepPolicy
from fileorg.model.evidence import Trust
from fileorg.model.plan import ConflictPolicy, FolderPolicy
from fileorg.model.requests import Prices

ORIGIN = "config.yaml"

FULL: dict[str, Any] = {
    "mode": "month",
    "template": "{category}/{name}",
    "trust": "content",
    "folders": "whole",
    "depth": 3,
    "keep_folders": True,
    "copy": True,
    "on_conflict": "newer",
    "include": ["*.jpg"],
    "exclude": ["*.iso", "tmp/"],
    "min_size": "4KiB",
    "max_size": "1G",
    "older_than": "1y",
    "newer_than": "30d",
    "min_age": 1.5,
    "hidden": True,
    "only_category": ["3D"],
    "keep_empty": True,
    "dedupe": "quarantine",
    "keep": "newest",
    "reference": ["~/Photos"],
    "retention": "1y",
    "endpoint_url": "https://host",
    "region": "auto",
    "profile": "work",
    "r2_account": "0123",
    "into_endpoint_url": "https://other",
    "into_profile": "there",
    "prices": {"list": 0.005, "copy": 5, "currency": "EUR"},
    "timezone": "UTC",
    "categories": {"Books": ["epub"], "3D": []},
    "rules": [
        {"name": "a", "when": {"not": {"extension": ["pdf", "txt"]}, "metadata": {"camera": True}},
         "category": "X", "template": "T/{name}", "rename": "r", "skip": False},
    ],
}  # fmt: skip


def problem_of(data: object) -> str:
    """Return what is said against a configuration."""
    with pytest.raises(ConfigError) as caught:
        parse_config(data, ORIGIN)
    return str(caught.value)


@pytest.mark.parametrize("data", [None, {}])
def test_nothing_said_is_all_defaults(data: object) -> None:
    """An empty file and an empty mapping leave every key at its default."""
    assert parse_config(data, ORIGIN) == Config()


def test_every_key_is_taken() -> None:
    """A mapping that sets every key comes back as the frozen value, lists as tuples."""
    config = parse_config(FULL, ORIGIN)
    lists = {"include": ("*.jpg",), "exclude": ("*.iso", "tmp/"), "only_category": ("3D",)}
    others = {
        "trust": Trust.CONTENT,
        "folders": FolderPolicy.WHOLE,
        "on_conflict": ConflictPolicy.NEWER,
        "dedupe": DedupePolicy.QUARANTINE,
        "keep": KeepPolicy.NEWEST,
        "reference": ("~/Photos",),
        "prices": Prices(list=0.005, copy=5, currency="EUR"),
        "categories": {"Books": ("epub",), "3D": ()},
        "rules": (
            Rule(
                "a",
                When(not_=When(extension=("pdf", "txt")), metadata={"camera": True}),
                "X", "T/{name}", "r", skip=False,
            ),
        ),
    }  # fmt: skip
    assert tuple(FULL) == tuple(KEYS)
    assert msgspec.structs.asdict(config) == {**FULL, **lists, **others}
    assert isinstance(config.folders, FolderPolicy)


@pytest.mark.parametrize("key", ["template", "depth", "min_size", "max_size", "older_than"])
def test_null_is_the_default_of_keys_that_may_be_unset(key: str) -> None:
    """Null says `no template` and `no limit`."""
    assert parse_config({key: None}, ORIGIN) == Config()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {"on_conflict": "renam"},
            (
                "config.yaml: on_conflict: 'renam' is not one of rename, skip, replace, newer, "
                "fail; did you mean 'rename'?"
            ),
        ),
        ({"folders": "x"}, "config.yaml: folders: 'x' is not one of leave, recurse, whole"),
        ({"folders": False}, "config.yaml: folders: wants one of leave, recurse, whole, got false"),
        ({"modee": "x"}, "config.yaml: modee: unknown key; did you mean 'mode'?"),
        (
            {"Keep-Folders": 1},
            "config.yaml: Keep-Folders: unknown key; did you mean 'keep_folders'?",
        ),
        ({"depth": "3"}, "config.yaml: depth: wants a whole number, got '3'"),
        ({"depth": 1.5}, "config.yaml: depth: wants a whole number, got a number"),
        ({"depth": True}, "config.yaml: depth: wants a whole number, got true"),
        ({"depth": -1}, "config.yaml: depth: must be from 0 to 1000000000"),
        ({"depth": 16**5000}, "config.yaml: depth: must be from 0 to 1000000000"),
        ({"min_age": "5"}, "config.yaml: min_age: wants a number, got '5'"),
        ({"min_age": -0.1}, "config.yaml: min_age: must be from 0 to 1000000000"),
        ({"min_age": math.nan}, "config.yaml: min_age: must be from 0 to 1000000000"),
        ({"min_age": math.inf}, "config.yaml: min_age: must be from 0 to 1000000000"),
        ({"min_age": 16**5000}, "config.yaml: min_age: wants a number, got a number"),
        ({"hidden": 1}, "config.yaml: hidden: wants true or false, got a number"),
        ({"hidden": "yes"}, "config.yaml: hidden: wants true or false, got 'yes'"),
        ({"rules": {"a": 1}}, "config.yaml: rules: wants a list of mappings, got a mapping"),
        ({"rules": ["x"]}, "config.yaml: rules[0]: wants a mapping, got 'x'"),
        ({"rules": [{"when": {}}]}, "config.yaml: rules[0]: has no 'name'"),
        (
            {"rules": [{"name": "a", "when": {"all": {"size": "1"}}}]},
            "config.yaml: rules[0].when.all: wants a list of mappings, got a mapping",
        ),
        (
            {"rules": [{"name": "a", "when": {"metadata": ["camera"]}}]},
            "config.yaml: rules[0].when.metadata: wants a mapping of names to values, got a list",
        ),
        (
            {"rules": [{"name": "a", "when": {"metadata": {"width": 3}}}]},
            (
                "config.yaml: rules[0].when.metadata.width: wants true or false, text or a list of "
                "texts, got a number; put it in quotes"
            ),
        ),
        ({"mode": None}, "config.yaml: mode: wants text, got nothing"),
        ({"mode": ["a"]}, "config.yaml: mode: wants text, got a list"),
        ({"mode": {}}, "config.yaml: mode: wants text, got a mapping"),
        ({"mode": False}, "config.yaml: mode: wants text, got false; put it in quotes"),
        (
            {"template": dt.date(2024, 5, 17)},
            "config.yaml: template: wants text, got a date; put it in quotes",
        ),
        ({"min_size": 500}, "config.yaml: min_size: wants text, got a number; put it in quotes"),
        ({"include": "*.jpg"}, "config.yaml: include: wants a list of texts, got '*.jpg'"),
        ({"include": None}, "config.yaml: include: wants a list of texts, got nothing"),
        (
            {"exclude": ["a", 1]},
            "config.yaml: exclude[1]: wants text, got a number; put it in quotes",
        ),
        (
            {"categories": {"Books": ["epub", "mobi", 3]}},
            "config.yaml: categories.Books[2]: wants text, got a number; put it in quotes",
        ),
        (
            {"categories": {"Books": "epub"}},
            "config.yaml: categories.Books: wants a list of texts, got 'epub'",
        ),
        (
            {"categories": ["Books"]},
            "config.yaml: categories: wants a mapping of names to lists, got a list",
        ),
        (
            {"categories": {2024: []}},
            "config.yaml: categories: a key must be text, got a number; put it in quotes",
        ),
        (
            {True: 1},
            (
                "config.yaml: a key must be text, got true, which is how YAML reads yes, no, on "
                "and off; put it in quotes"
            ),
        ),
        (
            ["mode"],
            (
                "config.yaml: the top level is a list, not keys with values; "
                "write lines such as 'mode: category'"
            ),
        ),
        (
            "mode",
            (
                "config.yaml: the top level is 'mode', not keys with values; "
                "write lines such as 'mode: category'"
            ),
        ),
    ],
)
def test_problem_is_named_with_its_path(data: object, message: str) -> None:
    """What is wrong is said with origin, key path, what is wanted and what there is."""
    assert problem_of(data) == message


def test_unknown_key_like_no_other_lists_the_keys() -> None:
    """Where no key is near, all of them are named."""
    assert problem_of({"zzz": 1}).endswith(f"unknown key; the keys are {', '.join(KEYS)}")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("min_size", "big", "'big' is no size: "),
        ("max_size", "10PB", "'10PB' is no size: "),
        ("older_than", "30", "'30' is no age: "),
        ("newer_than", "30D", "'30D' is no age: "),
    ],
)
def test_sizes_and_ages_are_read(key: str, value: str, message: str) -> None:
    """A size or age that can't be read is refused under its key."""
    assert problem_of({key: value}).startswith(f"config.yaml: {key}: {message}")


def test_first_problem_in_order_of_the_file_is_told() -> None:
    """Of several problems, the one that comes first in the mapping is named."""
    assert problem_of({"hidden": 3, "modee": 1}).startswith("config.yaml: hidden: ")
    assert problem_of({"modee": 1, "hidden": 3}).startswith("config.yaml: modee: ")


@pytest.mark.parametrize(
    ("prices", "wrong"),
    [
        ({"lists": 1}, "config.yaml: prices: lists: unknown key"),
        ({"list": -1}, "config.yaml: prices: list must be from 0 to"),
        ({"gb_out": float("nan")}, "config.yaml: prices: gb_out must be from 0 to"),
        ({"get": "much"}, "config.yaml: prices.get: wants a number, got 'much'"),
        (5, "config.yaml: prices: wants a mapping, got a number"),
    ],
)
def test_prices_are_numbers_by_kind(prices: object, wrong: str) -> None:
    """A price of no kind there is, and one that is none, are named with their place."""
    assert problem_of({"prices": prices}).startswith(wrong)


def test_message_stays_short_and_in_one_line() -> None:
    """Text of a megabyte with line ends and escape codes is cut and escaped."""
    wild = "a\n\x1b[31m\u202e" + "b" * 1_000_000
    longest = 450
    for data in ({wild: 1}, {"on_conflict": wild}, {"min_size": wild}, {"categories": {wild: 1}}):
        message = problem_of(data)
        assert message.isprintable()
        assert len(message) < longest


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
anything = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.booleans(), inner)
)


@given(anything | st.dictionaries(st.sampled_from(list(KEYS)), anything, max_size=3))
def test_any_data_is_a_config_or_refused(data: object) -> None:
    """Whatever the data, the answer is a Config or a ConfigError in one line with the origin."""
    try:
        assert isinstance(parse_config(data, ORIGIN), Config)
    except ConfigError as error:
        message = str(error)
        assert message.startswith("config.yaml: ")
        assert message.isprintable()


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("mode", "year", "year"),
        ("mode", " year ", "year"),
        ("template", "null", "null"),
        ("folders", "recurse", FolderPolicy.RECURSE),
        ("on_conflict", "fail", ConflictPolicy.FAIL),
        ("depth", "0", 0),
        ("min_age", "2.5", 2.5),
        ("min_age", "3", 3.0),
        ("include", "*.jpg, *.png ,,", ("*.jpg", "*.png")),
        ("exclude", "one", ("one",)),
        ("only_category", "", ()),
        ("min_size", "500", "500"),
        *(("hidden", text, True) for text in ("true", "YES", "on", "1")),
        *(("hidden", text, False) for text in ("false", "No", "off", "0")),
    ],
)
def test_variable_is_read_as_its_key_wants(key: str, text: str, value: object) -> None:
    """The text of a variable becomes what the schema holds, lists at commas, booleans by word."""
    assert parse_setting(key, text) == value
    assert type(parse_setting(key, text)) is type(value)


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("hidden", "maybe", "FILEORG_HIDDEN: wants true or false, got 'maybe'"),
        ("depth", "deep", "FILEORG_DEPTH: wants a whole number, got 'deep'"),
        ("depth", "null", "FILEORG_DEPTH: wants a whole number, got 'null'"),
        ("depth", "-1", "FILEORG_DEPTH: must be from 0 to 1000000000"),
        ("min_age", "nan", "FILEORG_MIN_AGE: must be from 0 to 1000000000"),
        (
            "folders",
            "recursive",
            (
                "FILEORG_FOLDERS: 'recursive' is not one of leave, recurse, whole; "
                "did you mean 'recurse'?"
            ),
        ),
        (
            "categories",
            "Books=epub",
            (
                "FILEORG_CATEGORIES: categories can't be set by a variable; "
                "write it into the configuration file"
            ),
        ),
    ],
)
def test_problem_of_a_variable_begins_with_its_name(key: str, text: str, message: str) -> None:
    """A variable that can't be read is refused under its own name."""
    with pytest.raises(ConfigError) as caught:
        parse_setting(key, text)
    assert str(caught.value) == message


def test_size_of_a_variable_is_checked() -> None:
    """The limits of a key hold for its variable too."""
    with pytest.raises(ConfigError, match=r"^FILEORG_MIN_SIZE: 'big' is no size"):
        parse_setting("min_size", "big")


@given(st.sampled_from(list(KEYS)), st.text())
def test_any_text_is_a_value_or_refused(key: str, text: str) -> None:
    """Whatever the text of a variable, the answer is a value of the schema or a ConfigError."""
    try:
        value = parse_setting(key, text)
    except ConfigError as error:
        message = str(error)
        assert message.startswith(variable_of(key))
    else:
        assert msgspec.convert(value, KEYS[key]) == value


def test_nearest_needs_likeness() -> None:
    """The nearest word is found in any case, and none where none is like it."""
    assert nearest("MODEE", KEYS) == "mode"
    assert nearest("state_dir", KEYS, 0.8) is None

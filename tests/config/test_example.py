"""The example configuration at the top of the checkout."""

import re
from pathlib import Path

import msgspec
import pytest

from fileorg.config.load import load
from fileorg.config.parse import KEYS
from fileorg.config.schema import Config, Rule, When
from fileorg.model.plan import ConflictPolicy, FolderPolicy
from fileorg.pipeline.configuration import check_config

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
LINES = EXAMPLE.read_text().splitlines()


def comment_above(key: str) -> str:
    """Return the comment lines that stand directly above a key."""
    comment: list[str] = []
    end = next(n for n, line in enumerate(LINES) if line.startswith(f"{key}:"))
    while (line := LINES[end - 1]).startswith("#") and not line.startswith("# ---"):
        comment.insert(0, line)
        end -= 1
    return "\n".join(comment)


def test_example_is_the_defaults() -> None:
    """The example loads as it is, and changes nothing."""
    answer = load(str(EXAMPLE), {})
    assert answer.config == Config()
    assert {setting.origin for setting in answer.settings} == {str(EXAMPLE)}


def test_example_has_every_key_once_in_one_order() -> None:
    """The keys of the example are those of the schema."""
    keys = [match[1] for line in LINES if (match := re.match(r"(\w+):", line))]
    assert sorted(keys) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_explained(key: str) -> None:
    """A comment stands right above each key."""
    assert comment_above(key)


@pytest.mark.parametrize(
    ("key", "choices"), [("folders", FolderPolicy), ("on_conflict", ConflictPolicy)]
)
def test_every_choice_is_explained(key: str, choices: type[FolderPolicy | ConflictPolicy]) -> None:
    """Each value that a key may have is described on a line of its own."""
    described = re.findall(r"^#   (\w+)  ", comment_above(key), re.MULTILINE)
    assert described == [str(choice) for choice in choices]


def test_every_mode_is_explained() -> None:
    """Each built-in layout is described on a line of its own."""
    from fileorg.plan.templates import MODES

    assert re.findall(r"^#   (\w+)  ", comment_above("mode"), re.MULTILINE) == list(MODES)


def test_written_example_of_categories_loads(tmp_path: Path) -> None:
    """The example in the comment of `categories` is itself right."""
    path = tmp_path / "config.yaml"
    written = comment_above("categories").partition("place of {}:\n")[2]
    path.write_text(re.sub(r"^#   ", "", written, flags=re.MULTILINE))
    assert load(str(path), {}).config.categories["3D"] == ("stl", "obj", "001")


def test_written_example_of_rules_can_be_used(tmp_path: Path) -> None:
    """The example in the comment of `rules` is itself right."""
    path = tmp_path / "config.yaml"
    written = comment_above("rules").partition("place of []:\n")[2]
    path.write_text(re.sub(r"^#   ", "", written, flags=re.MULTILINE))
    config = load(str(path), {}).config
    assert [rule.name for rule in config.rules] == ["scanned invoices", "drafts"]
    check_config(config)


@pytest.mark.parametrize("kind", [When, Rule])
def test_every_key_of_a_rule_is_explained(kind: type[When | Rule]) -> None:
    """Each condition, and all that a rule can do, has its word in the comment of `rules`."""
    described = set(re.findall(r"[a-z_]+", comment_above("rules")))
    assert {field.encode_name for field in msgspec.structs.fields(kind)} <= described


def test_variables_are_mentioned_first() -> None:
    """The head of the example says how the environment sets a key."""
    assert "FILEORG_" in "\n".join(LINES[: LINES.index("mode: category")])

"""The lock: all that development and the build need, by version and hash."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
WANTED = [*PROJECT["dependencies"], *EXTRAS["test"], *EXTRAS["dev"]]
LOCKED = {
    canonicalize_name(name): (version, hashes)
    for name, version, hashes in re.findall(
        r"^([\w.-]+)==([^ \\]+)[^\\]*\\\n((?:    --hash=.*\n)+)",
        (TOP / "packaging" / "requirements.lock").read_text(),
        re.MULTILINE,
    )
}


@pytest.mark.parametrize("line", [line for line in WANTED if not line.startswith("fileorg")])
def test_what_is_wanted_is_locked(line: str) -> None:
    """Each dependency is locked at a version that it allows: `packaging/lock` sees to that."""
    wanted = Requirement(line)
    version, _ = LOCKED[canonicalize_name(wanted.name)]
    assert wanted.specifier.contains(version, prereleases=True)


def test_whatever_is_locked_has_hashes() -> None:
    """No package can be another one than that which was locked."""
    text = (TOP / "packaging" / "requirements.lock").read_text()
    assert len(LOCKED) == len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)) > 20
    assert all(
        re.fullmatch(r"(    --hash=sha256:[0-9a-f]{64}.*\n)+", h) for _, h in LOCKED.values()
    )

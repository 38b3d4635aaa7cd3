"""What the tests of the pipeline share."""

from pathlib import Path

import pytest

from tests.pipeline.harness import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a folder to organize, empty, with a state folder beside it."""
    return Desk(tmp_path / "desk")

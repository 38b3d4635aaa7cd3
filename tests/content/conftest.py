"""The corpus, made once for all tests of a process."""

from pathlib import Path

import pytest

from tests.content import corpus


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of media and documents."""
    folder = tmp_path_factory.mktemp("media")
    corpus.make(folder)
    return folder

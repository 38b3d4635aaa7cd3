"""The program that the tests run: what FILEORG_BIN names, else the package that is imported."""

import os
import sys
from pathlib import Path

import pytest

_BINARY = os.environ.get("FILEORG_BIN")

FILEORG: list[str] = [str(Path(_BINARY).absolute())] if _BINARY else [sys.executable, "-m", "fileorg"]
"""The words that start it; it may be called from any folder."""

needs_package = pytest.mark.skipif(
    _BINARY is not None, reason="looks into the process, which the package alone allows"
)

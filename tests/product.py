"""The program that the tests run: what FILEORG_BIN names, else the package that is imported."""

import os
import sys
from pathlib import Path

import pytest

_NAMED = os.environ.get("FILEORG_BIN")

FILEORG: list[str] = [str(Path(_NAMED).absolute())] if _NAMED else [sys.executable, "-m", "fileorg"]
"""The words that start it, from any folder."""

BINARY = Path(FILEORG[0])

needs_package = pytest.mark.skipif(
    _NAMED is not None, reason="steers the interpreter, which the package alone allows"
)
needs_binary = pytest.mark.skipif(
    _NAMED is None, reason="needs the binary: packaging/build, then FILEORG_BIN=dist/fileorg"
)

"""The house: what may be imported from outside, and what the pure modules must not call."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import fileorg

PACKAGE = Path(fileorg.__file__).parent
IMPURE_CONFIG = {"load", "document", "kept"}
PURE = [
    *sorted((PACKAGE / "plan").glob("*.py")),
    *sorted((PACKAGE / "categorize").glob("*.py")),
    *(
        path
        for path in sorted((PACKAGE / "scan").glob("*.py"))
        if path.stem not in {"scanner", "spool"}
    ),
    *(
        PACKAGE / "config" / f"{name}.py"
        for name in (
            "schema",
            "parse",
            "convert",
            "values",
            "ranges",
            "regexes",
            "overrides",
            "globs",
        )
    ),
    *(PACKAGE / "journal" / f"{name}.py" for name in ("recovery", "rollback", "standing")),
    *(PACKAGE / "dedupe" / f"{name}.py" for name in ("grouping", "keeper")),
    *(PACKAGE / "report" / f"{name}.py" for name in ("rows", "sums", "chart", "words")),
    *sorted((PACKAGE / "model").glob("*.py")),
]
ALLOWED_OF_OS = {"fsencode", "fsdecode"}
FORBIDDEN_MODULES = {
    "io", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "tempfile",
    "time", "uuid",
}  # fmt: skip
FORBIDDEN_NAMES = {"open", "print", "input", "breakpoint"}
CLOCKS = {"now", "today", "utcnow"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


@pytest.mark.parametrize("path", PURE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_pure_module_does_no_io_and_reads_no_clock(path: Path) -> None:
    """What decides calls nothing that reads a disk, a clock or a random number."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] if node.module.split(".")[0] in FORBIDDEN_MODULES else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found += [node.func.id] if node.func.id in FORBIDDEN_NAMES else []
        elif isinstance(node, ast.Attribute):
            is_os = isinstance(node.value, ast.Name) and node.value.id == "os"
            found += [node.attr] if is_os and node.attr not in ALLOWED_OF_OS else []
            found += [node.attr] if node.attr in CLOCKS else []

    assert not found


def test_every_public_name_can_be_imported() -> None:
    """`fileorg` gives what its sorted `__all__` says, and nothing for another name."""
    assert sorted(fileorg.__all__) == fileorg.__all__
    for name in fileorg.__all__:
        assert getattr(fileorg, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        importlib.import_module("fileorg").no_such_name  # noqa: B018


def test_importing_the_package_imports_none_of_its_parts() -> None:
    """The public names are lazy, so that `import fileorg` costs nothing."""
    program = "import sys, fileorg; print([m for m in sys.modules if m.startswith('fileorg.')])"
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout

    assert printed.strip() == "[]"


def test_nothing_is_a_giant() -> None:
    """No file of the package is longer than 400 lines, and no function than 60."""
    giants = []
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text()
        if text.count("\n") > LONGEST_FILE:
            giants.append(str(path.relative_to(PACKAGE)))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and path.parent.name != "cli":
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                giants += [f"{path.name}:{node.name}"] if length > LONGEST_FUNCTION else []

    assert not giants

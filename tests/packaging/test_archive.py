"""What is in the binary's folder: all that the code imports, nothing besides, for which glibc."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import fileorg
from tests.cli.conftest import Cli
from tests.packaging.test_binary import do_and_undo
from tests.product import BINARY, needs_binary

pytestmark = [pytest.mark.binary, pytest.mark.smoke, needs_binary]
TOP = Path(__file__).parents[2]
PACKAGE = Path(fileorg.__file__).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the binary in the form of a folder, unpacked from the archive beside it."""
    (packed,) = BINARY.parent.glob("fileorg-*-linux-*.tar.gz")
    base = tmp_path_factory.mktemp("folder")
    subprocess.run(["tar", "-xzf", packed, "-C", base], check=True)
    (found,) = base.iterdir()
    assert packed.name == f"{found.name}.tar.gz"
    return found


@pytest.fixture(scope="module")
def modules(folder: Path) -> set[str]:
    """Return the names of all modules in it: frozen, of the base library, and compiled."""
    readers = pytest.importorskip(
        "PyInstaller.archive.readers", reason="not installed: PyInstaller"
    )
    archive = readers.CArchiveReader(str(folder / "fileorg"))
    found = {*archive.toc, *archive.open_embedded_archive("PYZ.pyz").toc}
    with zipfile.ZipFile(folder / "_internal" / "base_library.zip") as library:
        names = [name.removesuffix(".pyc").replace("/", ".") for name in library.namelist()]
        found |= {name.removesuffix(".__init__") for name in names}
    for path in folder.rglob("*.so"):
        name = path.relative_to(folder / "_internal").with_suffix("").with_suffix("").as_posix()
        found.add(re.sub(r"^python3\.\d+/lib-dynload/", "", name).replace("/", "."))
    return found


def imported() -> set[str]:
    """Return every module that fileorg imports anywhere, also in functions, for Linux or any."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        typing = {id(node) for found in ast.walk(tree) for node in for_types_alone(found)}
        for node in ast.walk(tree):
            if id(node) in typing:
                continue
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return found


def for_types_alone(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is below a node that is never run, because only type checkers read it."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        for line in node.body:
            yield from ast.walk(line)


def test_whatever_the_code_imports_is_in_the_binary(modules: set[str]) -> None:
    """No import, however late it comes, can fail in the binary alone."""
    assert imported() - modules - set(sys.builtin_module_names) == set()


def test_every_module_of_the_package_is_in_the_binary(modules: set[str]) -> None:
    """Also a module that is imported by a name made at run time is there."""
    inside = {path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py")}
    names = {path.as_posix().replace("/", ".").removesuffix(".__init__") for path in inside}
    assert names - modules - {"fileorg.__main__"} == set()


def test_nothing_else_is_in_the_binary(modules: set[str]) -> None:
    """It holds Python, fileorg and what that depends on; nothing that lay beside them."""
    needed: set[str] = set()
    todo = list(tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["dependencies"])
    while todo:
        wanted = Requirement(todo.pop())
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        if wanted.name not in needed:
            needed.add(wanted.name)
            todo += distribution(wanted.name).requires or []
    plain = {name.lower().replace("_", "-") for name in needed}
    owners = packages_distributions()
    tops = {name.partition(".")[0] for name in modules}
    strangers = {
        top
        for top in tops - sys.stdlib_module_names
        if not plain & {owner.lower().replace("_", "-") for owner in owners.get(top, [])}
    }
    own = ("fileorg", "PYZ", "pyi", "_sysconfigdata", "__main__")
    assert {name for name in strangers if not name.startswith(own)} == set()


def test_the_oldest_glibc_is_the_one_that_is_documented(folder: Path) -> None:
    """No file in it asks for a glibc newer than the one in docs/install.md."""
    if shutil.which("objdump") is None:
        pytest.skip("not installed: binutils")
    stated = re.search(r"glibc (\d+)\.(\d+)", (TOP / "docs" / "install.md").read_text())
    assert stated is not None
    versions = set()
    for path in [folder / "fileorg", *folder.rglob("*.so*")]:
        table = subprocess.run(["objdump", "-T", path], capture_output=True, text=True, check=True)
        versions |= {
            tuple(map(int, found)) for found in re.findall(r"GLIBC_(\d+)\.(\d+)", table.stdout)
        }
    assert max(versions) <= tuple(map(int, stated.groups()))


def test_the_folder_does_the_main_job_too(folder: Path, cli: Cli) -> None:
    """Unpacked, it organizes and undoes, and says that it is a binary."""
    cli.command = [str(folder / "fileorg")]
    assert cli.good("--version").endswith(", binary)\n")
    do_and_undo(cli)


def test_the_sums_beside_it_are_right() -> None:
    """`sha256sum -c` finds every file as it was built."""
    subprocess.run(
        ["sha256sum", "--strict", "--check", "SHA256SUMS"], cwd=BINARY.parent, check=True,
        capture_output=True,
    )  # fmt: skip

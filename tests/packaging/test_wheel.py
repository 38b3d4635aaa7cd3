"""Wheel and sdist: built from the checkout, installed in an environment of their own, and run."""

import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.pipeline.harness import snapshot
from tests.trees import make_tree

pytest.importorskip("hatchling", reason="not installed: hatchling, of the extra dev")

TOP = Path(__file__).parents[2]


def python(*words: object) -> str:
    """Run this Python with words; return what it prints."""
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with wheel and sdist of this checkout."""
    folder = tmp_path_factory.mktemp("built")
    python("-m", "hatchling", "build", "-d", folder)
    return folder


def only(folder: Path, pattern: str) -> Path:
    """Return the one file of that pattern."""
    (found,) = folder.glob(pattern)
    return found


def installed(package: Path, folder: Path) -> Path:
    """Install a package in a new environment, whose libraries are this one's; return its programs.

    The libraries come by a path, so that no network is needed.
    """
    python("-m", "venv", "--without-pip", folder)
    own = folder / "bin" / "python"
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--python", own)
    python(*pip, "install", "--no-index", "--no-deps", "--no-build-isolation", package)
    site = only(folder, "lib/python3*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def test_wheel_does_the_main_job(built: Path, cli: Cli, tmp_path: Path) -> None:
    """An installed wheel organizes and undoes, as program and as module, and says what it is."""
    programs = installed(only(built, "*.whl"), tmp_path / "venv")
    del cli.env["PYTHONPATH"]
    make_tree(cli.root, {b"a.txt": b"a", b"b.jpg": b"b"})
    before = snapshot(cli.root)
    for command in ([programs / "fileorg"], [programs / "python", "-m", "fileorg"]):
        cli.command = [str(word) for word in command]
        assert cli.good("--version").endswith(", wheel)\n")
        cli.good("organize", "root")
        assert (cli.root / "Documents" / "a.txt").exists()
        cli.good("undo", "last")
        assert snapshot(cli.root) == before


def test_wheel_has_the_example_of_the_configuration(built: Path, cli: Cli, tmp_path: Path) -> None:
    """`config init` of an installed wheel writes the example, which no checkout is near to give."""
    programs = installed(only(built, "*.whl"), tmp_path / "venv")
    del cli.env["PYTHONPATH"]
    cli.command = [str(programs / "fileorg")]
    cli.good("config", "init")
    assert cli.config.read_text() == (TOP / "config.example.yaml").read_text()


def test_wheel_of_the_sdist_is_the_same(built: Path, tmp_path: Path) -> None:
    """A wheel that is built from the sdist has the very files of the one from the checkout."""
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    sdist = only(built, "*.tar.gz")
    python(*pip, "wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", tmp_path, sdist)
    with (
        zipfile.ZipFile(only(tmp_path, "*.whl")) as ours,
        zipfile.ZipFile(only(built, "*.whl")) as theirs,
    ):
        assert set(ours.namelist()) == set(theirs.namelist())
        for name in ours.namelist():
            assert ours.read(name) == theirs.read(name), name


def test_sdist_has_what_a_packager_needs(built: Path) -> None:
    """The sdist has tests, docs, changelog, example and the means of the build, and no litter."""
    with tarfile.open(only(built, "*.tar.gz")) as sdist:
        inside = {name.partition("/")[2] for name in sdist.getnames()}
    assert {
        "pyproject.toml", "README.md", "CHANGELOG.md", "config.example.yaml", "docs/usage.md",
        "packaging/build", "packaging/requirements.lock", "tests/cli/test_man.py",
        "fileorg/_built.py",
    } <= inside  # fmt: skip
    assert not [
        name for name in inside if "__pycache__" in name or name.startswith((".git/", "dist"))
    ]

"""The proof that nothing is needed: an empty root with no file but glibc's and the binary."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pipeline.harness import snapshot
from tests.product import BINARY, needs_binary
from tests.trees import make_tree

pytestmark = [
    pytest.mark.binary,
    pytest.mark.smoke,
    pytest.mark.root,
    needs_binary,
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root for chroot"),
]
LOADER = Path("/lib64/ld-linux-x86-64.so.2")
GLIBC = [
    f"lib{name}" for name in ("c.so.6", "m.so.6", "dl.so.2", "pthread.so.0", "rt.so.1", "util.so.1")
]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Return a root that holds glibc, the binary, and an empty folder for temporary files."""
    root = tmp_path / "empty"
    for place in (LOADER, *(LOADER.resolve().parent / name for name in GLIBC)):
        inside = root / place.relative_to("/")
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(place, inside)
    (root / "tmp").mkdir()
    shutil.copy(BINARY, root / "fileorg")
    return root


def test_it_does_the_main_job_and_takes_it_back(empty: Path) -> None:
    """Without Python, libraries, /proc, /dev, /etc, zones or a user, it organizes and undoes."""
    mess = empty / "mess"
    make_tree(mess, {b"a.txt": b"a", b"sub/b.jpg": b"b", "Füße \xff.pdf".encode(): b"c"})
    before = snapshot(mess)

    def in_it(*words: str) -> str:
        command = ["/usr/sbin/chroot", str(empty), "/fileorg", *words, "--state-dir", "/state"]
        done = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Would organize 3 files" in in_it("organize", "/mess", "-r", "-n")
    assert snapshot(mess) == before
    assert "Organized 3 files" in in_it("organize", "/mess", "-r", "-m", "category_year")
    assert (mess / "Images").is_dir()
    assert "Put back 3 files" in in_it("undo", "last")
    assert snapshot(mess) == before

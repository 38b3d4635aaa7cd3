"""From a folder into a bucket on a real server, and from a bucket into a folder, by command."""

import hashlib
import os
from pathlib import Path

import pytest

from tests.cli.bucket_world import at
from tests.cli.conftest import Cli
from tests.servers.witness import Witness
from tests.trees import File, make_tree

TREE = {
    b"a.jpg": File(b"picture", 1_600_000_000.5),
    b"deep/b.pdf": File(b"text", 1_500_000_000),
    b"empty.txt": File(b"", 1_400_000_000),
}


def test_up_and_back(cli: Cli, bucket: Witness, tmp_path: Path) -> None:
    """Files of a folder become objects with their times, and files again."""
    at(cli, bucket.server)
    here = tmp_path / "here"
    make_tree(here, TREE)
    words = ("organize", str(here), "-r", "--into", f"{bucket.url}/sorted")
    cli.good(*words, "--dry-run")
    assert bucket.listed() == []

    cli.good(*words)
    assert sorted(bucket.listed()) == [
        "sorted/Documents/b.pdf", "sorted/Documents/empty.txt", "sorted/Images/a.jpg",
    ]  # fmt: skip
    assert bucket.get("sorted/Images/a.jpg") == b"picture"
    assert _lower(bucket.head("sorted/Images/a.jpg")["Metadata"]) == {"mtime": "1600000000.5"}
    assert bucket.head("sorted/Images/a.jpg")["ContentType"] == "image/jpeg"
    assert not [path for path in here.rglob("*") if path.is_file()]

    cli.good("undo", "last")
    assert [name for name in bucket.listed() if not name.startswith(".fileorg")] == []
    for path, file in TREE.items():
        found = here / os.fsdecode(path)
        assert found.read_bytes() == file.content
        assert found.stat().st_mtime_ns == int((file.mtime or 0) * 10**9)


def test_down_and_back(cli: Cli, bucket: Witness, tmp_path: Path) -> None:
    """Objects become files of a folder with the times they have, and objects again."""
    at(cli, bucket.server)
    bucket.put("in/a.jpg", b"picture", {"mtime": "1600000000.5"})
    here = tmp_path / "here"
    here.mkdir()
    cli.good("organize", bucket.url, "-r", "--into", str(here))
    made = here / "Images" / "a.jpg"
    assert made.read_bytes() == b"picture"
    assert made.stat().st_mtime_ns == 1_600_000_000_500_000_000
    assert bucket.listed() == []

    cli.good("undo", "last")
    assert bucket.get("in/a.jpg") == b"picture"
    assert _lower(bucket.head("in/a.jpg")["Metadata"]) == {"mtime": "1600000000.5"}
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("size", [64 << 20, (64 << 20) + 1])
def test_a_large_file_goes_in_parts(cli: Cli, bucket: Witness, tmp_path: Path, size: int) -> None:
    """What one request does not carry arrives whole, and comes back whole."""
    at(cli, bucket.server)
    here = tmp_path / "here"
    here.mkdir()
    content = hashlib.shake_128(b"fileorg").digest(size)
    (here / "film.mkv").write_bytes(content)
    cli.good("organize", str(here), "--into", bucket.url)
    assert bucket.get("Video/film.mkv") == content
    cli.good("undo", "last")
    assert (here / "film.mkv").read_bytes() == content


def _lower(metadata: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in metadata.items()}

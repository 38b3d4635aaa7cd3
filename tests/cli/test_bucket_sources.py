"""One object as SOURCE, on real servers: as a single file is on a disk."""

from pathlib import Path

from tests.cli.bucket_world import at
from tests.cli.conftest import Cli
from tests.servers.witness import Witness


def test_an_object_is_sorted_alone(cli: Cli, bucket: Witness, tmp_path: Path) -> None:
    """With --into it moves within its bucket or into a folder, the others stay, undo is exact."""
    at(cli, bucket.server)
    for key in ("in/a.pdf", "in/b.pdf", "c.jpg"):
        bucket.put(key, key.encode())
    before = bucket.seen()

    cli.good(
        "organize", f"{bucket.url}/in/a.pdf", f"{bucket.url}/c.jpg", "--into", f"{bucket.url}/x"
    )
    assert sorted(bucket.listed()) == ["in/b.pdf", "x/Documents/a.pdf", "x/Images/c.jpg"]
    cli.good("undo", "last")
    assert bucket.seen() == before

    cli.good("organize", f"{bucket.url}/in/a.pdf", "--into", str(tmp_path))
    assert (tmp_path / "Documents" / "a.pdf").read_bytes() == b"in/a.pdf"
    assert sorted(bucket.listed()) == ["c.jpg", "in/b.pdf"]


def test_an_object_needs_to_be_told_where_to(cli: Cli, bucket: Witness) -> None:
    """Without --into it is not organized, and the remedy is said."""
    at(cli, bucket.server)
    bucket.put("in/a.pdf", b"text")

    done = cli("organize", f"{bucket.url}/in/a.pdf")

    assert done.returncode == 2
    assert "--into" in done.stderr
    assert bucket.listed() == ["in/a.pdf"]


def test_a_folder_comes_before_an_object_of_its_name(cli: Cli, aws: Witness) -> None:
    """Where an object and a prefix have one name, the prefix is meant, and the object stays."""
    at(cli, aws.server)
    for key in ("in", "in/a.pdf"):
        aws.put(key, key.encode())

    cli.good("organize", f"{aws.url}/in")

    assert sorted(aws.listed()) == ["in", "in/Documents/a.pdf"]


def test_one_object_is_scanned(cli: Cli, bucket: Witness) -> None:
    """`scan` and `dedupe` look at an object alone, too."""
    at(cli, bucket.server)
    for key in ("in/a.pdf", "in/b.pdf"):
        bucket.put(key, b"text")

    assert "1 file, 4 B" in cli.good("scan", f"{bucket.url}/in/a.pdf")
    assert "1 redundant file" in cli.good(
        "dedupe", f"{bucket.url}/in/a.pdf", f"{bucket.url}/in/b.pdf"
    )

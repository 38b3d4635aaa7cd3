"""One object as SOURCE, on real servers: as a single file is on a disk."""

from pathlib import Path

from tests.cli.bucket_world import at
from tests.cli.conftest import Cli
from tests.servers.witness import Witness


def test_an_object_is_a_source(cli: Cli, bucket: Witness) -> None:
    """It needs --into, goes there alone, is explained, and comes back."""
    at(cli, bucket.server)
    bucket.put("in/a.jpg", b"picture")
    bucket.put("in/b.jpg", b"another")
    bucket.put("top.pdf", b"text")
    before = bucket.seen()
    done = cli("organize", f"{bucket.url}/in/a.jpg")
    assert done.returncode == 2
    assert "--into DEST" in done.stderr
    assert bucket.seen() == before

    into = ("--into", f"{bucket.url}/archive")
    cli.good("organize", f"{bucket.url}/in/a.jpg", f"{bucket.url}/top.pdf", *into)
    assert bucket.listed() == ["archive/Documents/top.pdf", "archive/Images/a.jpg", "in/b.jpg"]
    assert "archive/Images/b.jpg" in cli.good("explain", f"{bucket.url}/in/b.jpg", *into)
    cli.good("undo", "last")
    assert bucket.seen() == before
    assert f"{bucket.url}/Documents/top.pdf" in cli.good("explain", f"{bucket.url}/top.pdf")


def test_an_object_goes_into_a_folder_alone(cli: Cli, bucket: Witness, tmp_path: Path) -> None:
    """With --into DIR it is fetched, and what lies beside it stays."""
    at(cli, bucket.server)
    for key in ("in/a.pdf", "in/b.pdf", "c.jpg"):
        bucket.put(key, key.encode())

    cli.good("organize", f"{bucket.url}/in/a.pdf", "--into", str(tmp_path))

    assert (tmp_path / "Documents" / "a.pdf").read_bytes() == b"in/a.pdf"
    assert sorted(bucket.listed()) == ["c.jpg", "in/b.pdf"]


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

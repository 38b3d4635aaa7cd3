"""One object as SOURCE on real servers, by command."""

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

    into = ("--into", f"{bucket.url}/archive")
    cli.good("organize", f"{bucket.url}/in/a.jpg", f"{bucket.url}/top.pdf", *into)
    assert bucket.listed() == ["archive/Documents/top.pdf", "archive/Images/a.jpg", "in/b.jpg"]
    assert "archive/Images/b.jpg" in cli.good("explain", f"{bucket.url}/in/b.jpg", *into)
    cli.good("undo", "last")
    assert bucket.seen() == before
    assert f"{bucket.url}/Documents/top.pdf" in cli.good("explain", f"{bucket.url}/top.pdf")

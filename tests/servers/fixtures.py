"""The servers as fixtures; `tests/conftest.py` gives them to every test that asks.

Each worker starts its own, once, when a test first asks. A bucket is the test's own.
"""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import started
from tests.servers.environment import NoServersError, programs
from tests.servers.started import Control, Server
from tests.servers.witness import Witness

_number = itertools.count(1)


@pytest.fixture(scope="session")
def _programs() -> Path:
    try:
        return programs()
    except NoServersError as error:
        pytest.skip(f"no S3 servers: {error}")


@pytest.fixture(scope="session")
def _ministack(_programs: Path) -> Iterator[Server]:
    with started.ministack() as server:
        yield server


@pytest.fixture
def ministack(_ministack: Server) -> Iterator[Server]:
    """A server that does as AWS does, without the faults of the test before.

    What a test has it watch must not have been lost by its end.
    """
    control = _ministack.control
    assert control is not None
    control.reset()
    control.order(guard={})
    yield _ministack
    control.reset()
    assert control.lost() == []


@pytest.fixture
def control(ministack: Server) -> Control:
    """The orders to `ministack`: faults, counts, the provider that it is."""
    assert ministack.control is not None
    return ministack.control


@pytest.fixture(scope="session")
def rclone(_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that checks signatures and minds no condition."""
    with started.rclone(tmp_path_factory.mktemp("rclone")) as server:
        yield server


@pytest.fixture(scope="session")
def rclone_tls(_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same behind TLS, with a certificate that only its own file vouches for."""
    from tests.servers.certificate import write_certificate

    folder = tmp_path_factory.mktemp("rclone-tls")
    (folder / "data").mkdir()
    certificate, key = write_certificate(folder)
    with started.rclone(folder / "data", certificate, key) as server:
        yield server


@pytest.fixture(params=["ministack", "rclone"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each of the two servers."""
    found: Server = request.getfixturevalue(request.param)
    return found


def new_bucket(server: Server, region: str = "us-east-1", name: str = "") -> Witness:
    """Make a bucket, by default of a name that no test had before."""
    witness = Witness(server, name or f"bucket-{os.getpid()}-{next(_number)}", region)
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    witness.client.create_bucket(Bucket=witness.bucket, **(place if region != "us-east-1" else {}))
    return witness


@pytest.fixture
def bucket(server: Server) -> Witness:
    """An empty bucket, on each of the two servers."""
    return new_bucket(server)


@pytest.fixture
def aws(ministack: Server) -> Witness:
    """An empty bucket on the server that does as AWS does."""
    return new_bucket(ministack)

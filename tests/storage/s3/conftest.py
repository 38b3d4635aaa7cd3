"""Buckets of the test servers, opened as fileorg opens them."""

from collections.abc import Callable, Iterator

import pytest

from fileorg.storage.s3 import client
from fileorg.storage.s3.roots import root_of
from fileorg.storage.s3.storage import S3Storage
from tests.servers.started import Server
from tests.servers.witness import Witness

Opens = Callable[..., S3Storage]


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], None]:
    """Let this process reach a server as any program does: by its environment alone."""

    def reach(server: Server) -> None:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "HTTPS_PROXY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)

    return reach


@pytest.fixture
def opens(env: Callable[[Server], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Open a bucket, or a prefix in it; waits between tries are short."""
    made: list[S3Storage] = []
    monkeypatch.setattr(client, "_FIRST_WAIT", 0.001)

    def open_(bucket: Witness, prefix: str = "", **words: object) -> S3Storage:
        env(bucket.server)
        root = root_of(f"{bucket.url}/{prefix}".encode())
        storage = S3Storage([root], **words)  # type: ignore[arg-type]
        made.append(storage)
        return storage

    yield open_
    for storage in made:
        storage.close()

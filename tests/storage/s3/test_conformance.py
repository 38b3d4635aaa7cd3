"""Both servers, and each kind of provider, keep the contract of every bucket."""

from collections.abc import Mapping
from urllib.parse import unquote

import pytest

from fileorg.model.entry import FileEntry, Kind
from fileorg.model.plan import NO_FINGERPRINT
from fileorg.storage.s3.places import is_plain
from tests.servers.providers import PROVIDERS
from tests.servers.started import Control
from tests.servers.witness import Witness
from tests.storage.conformance import at
from tests.storage.object_conformance import ObjectConformance, ObjectWorld
from tests.storage.s3.conftest import Opens

NOT_OF_RCLONE = {
    "test_an_object_may_lie_beside_a_folder_of_its_name": "it keeps objects as files",
    "test_a_marker_is_a_folder_and_no_file": "it keeps objects as files",
    "test_a_key_that_is_no_path_is_seen_and_not_touched": "it refuses such keys itself",
    "test_any_key_is_kept_byte_for_byte[" + ascii(b"x" * 900) + "]": "its disk has shorter names",
    "test_what_a_copy_added_is_taken_away_again": "it keeps all metadata there ever was",
}


class S3World(ObjectWorld):
    """A prefix of a bucket that a real server keeps."""

    def __init__(self, bucket: Witness, opens: Opens) -> None:
        self.bucket = bucket
        self.storage = opens(bucket, "some/prefix")

    def put_with(self, path: bytes, content: bytes, metadata: Mapping[str, str]) -> FileEntry:
        """Write as another program does."""
        self.bucket.put(f"some/prefix/{path.decode()}", content, metadata)
        if not is_plain(path):
            return FileEntry(at(path), Kind.SPECIAL, NO_FINGERPRINT)
        return self.storage.stat(at(path))

    def metadata(self, path: bytes) -> Mapping[str, str]:
        """Look as another program does."""
        found: Mapping[str, str] = self.bucket.head(f"some/prefix/{path.decode()}")["Metadata"]
        return {name.lower(): unquote(value) for name, value in found.items()}


class TestMinistack(ObjectConformance):
    """The conformance suite, against what does as AWS, R2 and nobody does."""

    @pytest.fixture(params=PROVIDERS)
    def world(
        self, request: pytest.FixtureRequest, aws: Witness, control: Control, opens: Opens
    ) -> S3World:
        """Return a root on the server."""
        control.order(provider=request.param)
        return S3World(aws, opens)


class TestRclone(ObjectConformance):
    """The conformance suite, against a server that minds signatures and no conditions."""

    @pytest.fixture
    def world(
        self, request: pytest.FixtureRequest, rclone_bucket: Witness, opens: Opens
    ) -> S3World:
        """Return a root on the server."""
        if request.node.name in NOT_OF_RCLONE:
            pytest.skip(f"rclone: {NOT_OF_RCLONE[request.node.name]}")
        return S3World(rclone_bucket, opens)

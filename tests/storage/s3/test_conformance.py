"""What every bucket does, on real servers: one with all conditions, one with none."""

from collections.abc import Mapping

import pytest

from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.plan import NO_FINGERPRINT
from tests.servers.witness import Witness
from tests.storage.conformance import at
from tests.storage.object_conformance import ObjectConformance, ObjectWorld
from tests.storage.s3.conftest import Opens

PREFIX = "some/prefix"
REFUSED_BY_RCLONE = {
    "test_an_object_may_lie_beside_a_folder_of_its_name": "it keeps objects as files of a disk",
    "test_a_key_that_is_no_path_is_seen": "it keeps objects as files of a disk",
    "test_a_marker_is_a_folder_and_no_file": "it keeps no marker",
    "test_what_a_copy_added_is_taken_away_again": "it tells a time of its own as metadata",
    "test_any_key_is_kept_byte_for_byte": "it keeps objects as files of a disk",
}


class ServerWorld(ObjectWorld):
    """A prefix of a bucket on a server; the witness is another program."""

    def __init__(self, bucket: Witness, opens: Opens) -> None:
        self._bucket = bucket
        self.storage = opens(bucket, PREFIX)

    def put_with(self, path: bytes, content: bytes, metadata: Mapping[str, str]) -> FileEntry:
        """Write by another client."""
        self._bucket.put(_key(path), content, metadata)
        try:
            return self.storage.stat(at(path))
        except StorageError:  # a key that is no path has no answer
            return FileEntry(at(path), Kind.SPECIAL, NO_FINGERPRINT)

    def metadata(self, path: bytes) -> Mapping[str, str]:
        """Look by another client; rclone spells names its own way."""
        found = self._bucket.head(_key(path))["Metadata"]
        return {name.lower(): value for name, value in found.items()}


class TestServers(ObjectConformance):
    """The conformance suite."""

    @pytest.fixture
    def world(self, bucket: Witness, opens: Opens, request: pytest.FixtureRequest) -> ServerWorld:
        """Return a prefix on each of the servers."""
        name = request.node.originalname
        if bucket.server.name == "rclone" and name in REFUSED_BY_RCLONE:
            pytest.skip(f"rclone: {REFUSED_BY_RCLONE[name]}")
        return ServerWorld(bucket, opens)


def _key(path: bytes) -> str:
    return f"{PREFIX}/{path.decode()}"

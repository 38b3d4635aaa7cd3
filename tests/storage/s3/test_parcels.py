"""Objects on their way to another service: what lies beside the content goes along, if it may."""

from io import BytesIO

import pytest

from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from tests.servers.fixtures import new_bucket
from tests.servers.started import Control, Server
from tests.servers.witness import Witness
from tests.storage.conformance import refused
from tests.storage.s3.conftest import Opens
from tests.storage.s3.moves import at

BESIDE = {
    "content-type": "text/x-test", "cache-control": "max-age=60",
    "x-amz-meta-who": "me", "x-amz-tagging": "kind=raw&a%20b=%C3%A9",
}  # fmt: skip


def test_all_that_lies_beside_is_written(aws: Witness, opens: Opens) -> None:
    """Content headers, metadata and tags are those that were given, and nothing is added."""
    opens(aws).write(at("a"), BytesIO(b"1"), 5, BESIDE)
    assert aws.tags("a") == {"kind": "raw", "a b": "é"}
    assert aws.head("a")["CacheControl"] == "max-age=60"
    assert aws.head("a")["Metadata"] == {"who": "me"}


@pytest.mark.parametrize("size", [1, 64 << 20])
def test_a_server_without_tags_gets_none(
    aws: Witness, opens: Opens, control: Control, size: int
) -> None:
    """Where tags are refused the object is written without them, in one request or in parts."""
    control.order(provider="r2")
    storage = opens(aws)
    made = storage.write(at("a"), BytesIO(b"x" * size), 5, BESIDE)
    assert made.fingerprint.size == size
    assert aws.head("a")["Metadata"] == {"who": "me"}
    _, content, beside = storage.parcel(at("a"))
    content.close()
    assert "x-amz-tagging" not in (beside or {})


def test_a_parcel_to_a_taken_key_is_refused(aws: Witness, opens: Opens) -> None:
    """What stands at the target stays."""
    aws.put("a", b"theirs")
    with refused(Reason.TARGET_EXISTS):
        opens(aws).write(at("a"), BytesIO(b"mine"), 5, BESIDE)
    assert aws.get("a") == b"theirs"


def test_a_server_that_answers_with_the_object_has_no_tags(rclone: Server, opens: Opens) -> None:
    """Rclone does not know what is asked: the object itself is no tags, however large it is."""
    rclone_bucket = new_bucket(rclone)
    rclone_bucket.put("a", b"x" * (1 << 20))
    rclone_bucket.put("b", b"")
    storage = opens(rclone_bucket)
    for name in "ab":
        try:
            _, content, beside = storage.parcel(at(name))
        except StorageError as error:
            pytest.fail(str(error))
        content.close()
        assert "x-amz-tagging" not in (beside or {})

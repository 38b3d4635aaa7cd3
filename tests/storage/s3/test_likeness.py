"""Objects compared on real servers: nothing is read twice, and what changes is not proven."""

from typing import Any

import pytest

from fileorg.errors import StorageError
from fileorg.model.reason import Reason
from fileorg.storage.s3 import objects
from fileorg.storage.s3.likeness import BLOCK
from fileorg.storage.s3.storage import S3Storage
from tests.servers.witness import Witness
from tests.storage.s3.conftest import Opens
from tests.storage.s3.moves import at

LARGE = bytes(range(251)) * (3 * BLOCK // 251)


def told(storage: S3Storage, *names: str) -> object:
    """Return what is told of some objects beside the first, errors as their reasons."""
    first, *others = [storage.stat(at(name)) for name in names]
    (answers,) = storage.alike_each([(first, others)])
    if isinstance(answers, StorageError):
        return answers.reason
    return [one.reason if isinstance(one, StorageError) else one for one in answers]


def test_each_block_is_read_once(opens: Opens, bucket: Witness) -> None:
    """Three objects are read side by side, and one that differs no further than that."""
    for name in ("a", "b", "c"):
        bucket.put(name, LARGE)
    bucket.put("early", b"x" + LARGE[1:])
    bucket.put("short", b"x")
    storage = opens(bucket)
    stats = 5

    assert told(storage, "a", "b", "c", "early", "short") == [True, True, False, False]

    assert storage.usage.requests["GetObject"] == 3 * 3 + 1
    assert storage.usage.requests["HeadObject"] == stats + 5 + 3
    assert storage.usage.received == pytest.approx(3 * len(LARGE) + BLOCK, abs=5000)


@pytest.mark.parametrize("changed", ["a", "b"])
@pytest.mark.parametrize("size", [5, 2 * BLOCK])
def test_what_changes_meanwhile_is_told(
    opens: Opens, bucket: Witness, monkeypatch: pytest.MonkeyPatch, changed: str, size: int
) -> None:
    """An object that is written while it is compared is proven nothing, on any server."""
    for name in ("a", "b"):
        bucket.put(name, b"1" * size)
    storage = opens(bucket)
    reads: list[bytes] = []
    got = objects.got

    def meddling(*args: Any) -> bytes:
        found = got(*args)
        reads.append(found)
        if len(reads) == 2:
            bucket.put(changed, b"2" * size)
        return found

    monkeypatch.setattr(objects, "got", meddling)

    answer = told(storage, "a", "b")

    assert answer in (Reason.CHANGED, [Reason.CHANGED], [False])
    assert len(reads) >= 2


def test_many_groups_are_compared_at_once(opens: Opens, bucket: Witness) -> None:
    """The answers come in the order of the groups, the empty ones without a read."""
    for number in range(40):
        bucket.put(f"a{number}", b"%d" % number * (number % 3))
        bucket.put(f"b{number}", b"%d" % (number - number % 2) * (number % 3))
    storage = opens(bucket)
    pairs = [
        (storage.stat(at(f"a{number}")), [storage.stat(at(f"b{number}"))]) for number in range(40)
    ]
    wanted = [
        [left.fingerprint.size == right.fingerprint.size and (number % 2 == 0 or not number % 3)]
        for number, (left, (right,)) in enumerate(pairs)
    ]
    assert [*storage.alike_each(pairs)] == wanted

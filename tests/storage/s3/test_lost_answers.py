"""Copies and removals at providers that fail: what was done counts, whatever was answered."""

from collections.abc import Iterator
from typing import Any

import pytest

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind
from fileorg.storage.s3.roots import root_of
from fileorg.storage.s3.storage import S3Storage
from tests.servers.providers import PROVIDERS
from tests.servers.started import Control
from tests.servers.witness import Seen, Witness

OBJECTS = 20
FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    ("CopyObject", "slowdown", {"times": 30}),
    ("CopyObject", "internal", {}),
    ("CopyObject", "internal", {"after": True}),
    ("CopyObject", "embedded", {}),
    ("CopyObject", "embedded", {"after": True}),
    ("CopyObject", "conflict", {}),
    ("CopyObject", "reset", {}),
    ("CopyObject", "reset", {"after": True}),
    ("DeleteObjects?", "slowdown", {}),
    ("DeleteObjects?", "internal", {"after": True}),
    ("DeleteObjects?", "reset", {}),
    ("DeleteObjects?", "reset", {"after": True}),
    ("HeadObject", "reset", {}),
    ("HeadObject", "internal", {}),
]


@pytest.fixture
def before(aws: Witness, control: Control, monkeypatch: pytest.MonkeyPatch) -> dict[str, Seen]:
    """What is in the bucket, which the server watches from now on."""
    for name, value in aws.server.environment().items():
        monkeypatch.setenv(name, value)
    for number in range(OBJECTS):
        metadata = {"who": "me"} if number % 2 else {"mtime": "1600000000.5"}
        aws.put(f"in/{number}", b"%d" % number, metadata, CacheControl="max-age=3")
    seen = aws.seen()
    control.guard(aws.bucket, {key: found.content for key, found in seen.items()})
    return seen


@pytest.fixture
def storage(before: dict[str, Seen], aws: Witness) -> Iterator[S3Storage]:
    """The bucket as fileorg has it."""
    opened = S3Storage([root_of(aws.url.encode())], at_once=8)
    yield opened
    opened.close()


def move(storage: S3Storage, source: bytes, into: bytes, *, restore: bool = False) -> None:
    """Copy and remove all that is in a folder; each must be done."""
    there = storage.listing(Location(0, source)).entries
    actions = [
        Action(
            ActionKind.MOVE,
            found.location,
            Location(0, into + found.location.path.removeprefix(source)),
            found.fingerprint,
            "",
            found.kind,
        )
        for found in there
    ]
    copies = [*storage.copy_each(actions, restore=restore)]
    assert [one for one in copies if isinstance(one, StorageError)] == []
    assert [*storage.remove_each(there)] == [None] * len(there)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(("kind", "act", "more"), FAULTS)
def test_faults_that_pass_leave_no_trace(
    storage: S3Storage,
    aws: Witness,
    control: Control,
    before: dict[str, Seen],
    provider: str,
    kind: str,
    act: str,
    more: dict[str, Any],
) -> None:
    """At every provider each object is moved and brought back exactly, as if nothing had been."""
    control.order(provider=provider)
    storage.probe(0, b".fileorg-probe")
    control.fault(kind, act, **{"times": 3, "skip": 2} | more)

    move(storage, b"in", b"out")
    move(storage, b"out", b"in", restore=True)

    control.reset()
    assert aws.seen() == before


@pytest.mark.parametrize(
    ("kind", "skip"), [("PutObject", 1), ("CopyObject", 0), ("DeleteObject", 1)]
)
def test_a_server_that_is_too_busy_to_be_probed(
    storage: S3Storage,
    aws: Witness,
    control: Control,
    before: dict[str, Seen],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    skip: int,
) -> None:
    """A probe that can't be made ends the run before anything is moved."""
    monkeypatch.setattr("fileorg.storage.s3.client._LONGEST_WAIT", 0.1)
    control.fault(kind, "slowdown", times=None, skip=skip)

    with pytest.raises(StorageUnavailableError):
        storage.probe(0, b".fileorg-probe")

    assert before.items() <= aws.seen().items()

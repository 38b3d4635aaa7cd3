"""Removal: of the object that was seen, and of no other that may have come to its key."""

import pytest

from fileorg.model.reason import Reason
from tests.servers.started import Control
from tests.servers.witness import Witness
from tests.storage.conformance import refused
from tests.storage.s3.conftest import Opens
from tests.storage.s3.moves import action, at, copied, reasons

PROVIDERS = ("aws", "r2", "poor")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_only_what_was_seen_is_removed(
    aws: Witness, opens: Opens, control: Control, provider: str
) -> None:
    """What is there is removed; another is NOT_OURS and stays; what is gone is VANISHED."""
    control.order(provider=provider)
    for name in ("same", "other", "gone"):
        aws.put(name, b"one")
    storage = opens(aws)
    entries = [storage.stat(at(name)) for name in ("same", "other", "gone")]
    aws.put("other", b"two")
    aws.delete("gone")

    outcomes = list(storage.remove_each(entries))

    assert reasons(outcomes) == [None, Reason.NOT_OURS, Reason.VANISHED]
    assert aws.listed() == ["other"]


def test_only_what_was_seen_is_removed_anywhere(bucket: Witness, opens: Opens) -> None:
    """So on either server, with one object."""
    bucket.put("a", b"one")
    storage = opens(bucket)
    seen = storage.stat(at("a"))
    bucket.put("a", b"two")
    with refused(Reason.NOT_OURS):
        storage.remove(at("a"), seen)
    storage.remove(at("a"), storage.stat(at("a")))
    assert bucket.listed() == []
    with refused(Reason.VANISHED):
        storage.remove(at("a"), seen)


def test_after_a_copy_the_server_looks_itself(aws: Witness, opens: Opens, control: Control) -> None:
    """One request removes the source of a copy, on the condition that it is still that one."""
    for name in ("same", "other"):
        aws.put(name, b"one")
    storage = opens(aws)
    entries = [storage.stat(at(name)) for name in ("same", "other")]
    list(storage.copy_each([action(entry, f"to/{n}") for n, entry in enumerate(entries)]))
    aws.put("other", b"two")
    heads = control.counts()["HeadObject"]

    outcomes = list(storage.remove_each(entries))

    assert reasons(outcomes) == [None, Reason.NOT_OURS]
    assert control.counts()["HeadObject"] == heads
    assert aws.listed() == ["other", "to/0", "to/1"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_removal_whose_answer_was_lost_is_done(
    aws: Witness, opens: Opens, control: Control, provider: str
) -> None:
    """Gone is what was wanted, whoever asks."""
    control.order(provider=provider)
    aws.put("a")
    storage = opens(aws)
    seen = storage.stat(at("a"))
    copied(storage, "a", "b")
    control.fault("DeleteObject", "reset", after=True)

    assert reasons(list(storage.remove_each([seen]))) == [None]
    assert aws.listed() == ["b"]


def test_a_removal_whose_answer_was_lost_spares_what_came_after(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """What somebody wrote there meanwhile is not removed by the second try."""
    aws.put("a", b"one")
    storage = opens(aws)
    seen = storage.stat(at("a"))
    copied(storage, "a", "b")
    aws.put("a", b"two")
    control.fault("DeleteObject", "reset")

    assert reasons(list(storage.remove_each([seen]))) == [Reason.NOT_OURS]
    assert aws.get("a") == b"two"


def test_a_removal_that_is_denied_is_told_and_loses_nothing(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """The right that is missing is named."""
    aws.put("a")
    storage = opens(aws)
    seen = storage.stat(at("a"))
    copied(storage, "a", "b")
    control.fault("DeleteObject", "denied", times=None)

    (outcome,) = storage.remove_each([seen])

    assert outcome is not None
    assert outcome.reason is Reason.PERMISSION
    assert "s3:DeleteObject" in str(outcome)
    control.reset()
    assert aws.listed() == ["a", "b"]

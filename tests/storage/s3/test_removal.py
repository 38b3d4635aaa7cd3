"""Removal: of the object that was seen, and of no other that may have come to its key."""

import pytest

from fileorg.model.entry import FileEntry
from fileorg.model.reason import Reason
from fileorg.storage.s3.removal import Unwanted, grouped
from fileorg.storage.s3.storage import S3Storage
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


def moved(aws: Witness, storage: S3Storage, names: list[str]) -> list[FileEntry]:
    """Copy objects, so that their removal is next; return them."""
    entries = []
    for name in names:
        aws.put(name, name.encode())
        entries.append(storage.stat(at(name)))
    copies = [action(entry, b"to/" + entry.location.path) for entry in entries]
    assert reasons(list(storage.copy_each(copies))) == [None] * len(names)
    return entries


ODD = ["a b", "é", "<&>\"'", "tab\t", "cr\r", "nl\n", "\x01", "\x7f", "100%+"]


def test_many_are_removed_by_one_request(aws: Witness, opens: Opens, control: Control) -> None:
    """Each on its condition; another stays, and keys that XML can't hold go, too."""
    storage = opens(aws)
    names = [*ODD, *(f"in/{number:03}" for number in range(230))]
    entries = moved(aws, storage, names)
    aws.put("in/100", b"another")
    aws.delete("in/101")
    control.reset()

    outcomes = list(storage.remove_each(entries))

    found = dict(zip(names, reasons(outcomes), strict=True))
    assert found.pop("in/100") is Reason.NOT_OURS
    assert found.pop("in/101") in {None, Reason.VANISHED}
    assert set(found.values()) == {None}
    assert [key for key in aws.listed() if not key.startswith("to/")] == ["in/100"]
    assert control.counts()["DeleteObjects"] <= 6
    assert control.counts()["DeleteObject"] <= 8
    assert "HeadObject" not in control.counts()


@pytest.mark.parametrize(
    ("act", "after"),
    [("reset", False), ("reset", True), ("internal", False), ("internal", True), ("denied", False)],
)
def test_many_whose_removal_was_not_answered_are_removed(
    aws: Witness, opens: Opens, control: Control, act: str, after: bool
) -> None:
    """Whatever came of the first try, in the end all are gone, and all are said to be."""
    storage = opens(aws)
    entries = moved(aws, storage, [f"in/{number}" for number in range(12)])
    control.fault("DeleteObjects", act, after=after)

    assert reasons(list(storage.remove_each(entries))) == [None] * 12
    assert aws.listed("in/") == []


def test_many_whose_removal_is_denied_all_stay(
    aws: Witness, opens: Opens, control: Control
) -> None:
    """And each says so."""
    storage = opens(aws)
    entries = moved(aws, storage, [f"in/{number}" for number in range(12)])
    control.fault("DeleteObjects?", "denied", times=None)

    assert reasons(list(storage.remove_each(entries))) == [Reason.PERMISSION] * 12
    control.reset()
    assert len(aws.listed("in/")) == 12


def test_files_are_grouped_in_their_order() -> None:
    """What can go together does, a hundred at most; what can't goes alone, between the groups."""
    files = [Unwanted(b"%d" % n, 1, 1, "" if n in {3, 250} else "e") for n in range(260)]

    groups = list(grouped(files, together=True))

    assert [file for group in groups for file in group] == files
    assert [len(group) for group in groups] == [3, 1, 100, 100, 46, 1, 9]
    assert all(len(group) == 1 for group in grouped(files, together=False))

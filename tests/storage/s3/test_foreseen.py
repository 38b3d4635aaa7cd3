"""Requests of steps that are still to come, by the rules that docs/s3.md tells."""

import pytest

from fileorg.model.entry import Fingerprint
from fileorg.model.location import Location, Root
from fileorg.model.plan import Action, ActionKind
from fileorg.model.requests import NO_REQUESTS, Requests
from fileorg.storage.s3.copying import Way
from fileorg.storage.s3.endpoints import Endpoint
from fileorg.storage.s3.foreseen import PROBING, Forecast, copied, usual_way, written

GIB = 1 << 30
BUCKET, OTHER = Root(b"s3://a", 1, 1, "kept"), Root(b"s3://a/b", 1, 2, "kept")
FOLDER = Root(b"/folder", 9, 3)


def step(kind: ActionKind, size: int = 1, source: int = 0, target: int = 0) -> Action:
    """Return one step from root to root."""
    print_ = Fingerprint(size, 0, 0, 1)
    return Action(kind, Location(source, b"x"), Location(target, b"y"), print_)


def forecast(way: Way, *steps: Action, roots: tuple[Root, ...] = (BUCKET,)) -> Requests:
    """Return what some steps take, without what it takes to find out the way."""
    made = Forecast(roots, {1: way})
    for one in steps:
        made.see(one)
    return made.requests() + PROBING[way] * -1


@pytest.mark.parametrize(
    ("way", "taken"),
    [
        (Way.IF_NONE_MATCH, Requests(head=2000, copy=1000, delete=10)),
        (Way.R2, Requests(head=3000, copy=1000, delete=1000)),
        (Way.HEAD, Requests(head=4000, copy=1000, delete=1000)),
        (Way.MULTIPART, Requests(head=5000, get=1000, put=2000, copy=1000, delete=1000)),
    ],
)
def test_a_thousand_moves(way: Way, taken: Requests) -> None:
    """Moves within a bucket take what the table of the page says."""
    assert forecast(way, *[step(ActionKind.MOVE)] * 1000) == taken


def test_a_large_object_is_copied_in_parts() -> None:
    """What one request can't carry takes one for each 512 MiB, whatever the way."""
    large = Requests(head=4, get=1, put=2, copy=12)
    assert copied(Way.IF_NONE_MATCH, 6 * GIB) == large
    assert copied(Way.MULTIPART, 6 * GIB) == large
    assert copied(Way.IF_NONE_MATCH, 5 * GIB).copy == 1
    assert copied(Way.MULTIPART, 0) == Requests(head=3, get=1, put=1)


def test_what_is_sent_goes_in_parts_of_64_mib() -> None:
    """A file up to that is one request, a larger one has a beginning and an end as well."""
    assert written((64 << 20) - 1).put == 1
    assert written(64 << 20).put == 3
    assert written(200 << 20) == Requests(head=2, put=6, sent=200 << 20)


def test_two_prefixes_are_one_bucket() -> None:
    """Between two roots in one bucket the server copies; it is asked once what it does."""
    moved = forecast(
        Way.R2, step(ActionKind.MOVE, source=0, target=1), roots=(BUCKET, OTHER, FOLDER)
    )
    assert moved == Requests(head=3, copy=1, delete=1)


def test_from_one_service_to_another_an_object_is_read_and_written() -> None:
    """Looked at, asked for its tags, read, looked at again, written as a file is, and removed."""
    roots = (BUCKET, Root(b"r2://a", 1, 4, "other"))
    steps = [step(kind, 5, 0, 1) for kind in (ActionKind.MOVE, ActionKind.COPY)]
    moved, copied = (forecast(Way.HEAD, one, roots=roots) for one in steps)
    assert copied == Requests(head=4, get=2, put=1, sent=5, received=5)
    assert moved == copied + Requests(head=1, delete=1)


def test_steps_on_a_disk_ask_nothing() -> None:
    """What moves within a folder beside a bucket takes no request; nor does an empty plan."""
    roots = (BUCKET, FOLDER)
    near = [step(kind, 5, 1, 1) for kind in (ActionKind.MOVE, ActionKind.COPY)]
    assert forecast(Way.R2, *near, roots=roots) == NO_REQUESTS
    assert Forecast(roots, {1: Way.R2}).requests() == NO_REQUESTS


@pytest.mark.parametrize(
    ("service", "way"), [("aws", Way.IF_NONE_MATCH), ("r2", Way.R2), ("s3", Way.HEAD)]
)
def test_an_unknown_bucket(service: str, way: Way) -> None:
    """AWS and R2 are taken for what they say they are, others for what asks the most."""
    assert usual_way(Endpoint(service, "https://host", "auto").kept) is way

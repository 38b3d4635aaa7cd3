"""Duplicates in a bucket are set aside, each compared before, and come back; whenever it stops."""

from collections import Counter
from pathlib import Path

import pytest

from fileorg.config.schema import Config
from fileorg.errors import UsageError
from fileorg.events import Silent
from fileorg.model.duplicates import DedupeAction
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.model.summary import RunSummary
from fileorg.pipeline.dedupe import DedupeRequest, Duplicates, dedupe
from fileorg.pipeline.purge import PurgeRequest, purge
from fileorg.storage.memory_bucket import Stored
from tests.pipeline.bucket import PREFIX, BucketDesk, ScriptedStage, at_every_step
from tests.pipeline.failing import failing
from tests.pipeline.harness import Meddler

BEFORE, AFTER = "crash-before", "crash-after"
LEFT_OUT = frozenset({"*", "capabilities", "refresh", "sync", "read"})
TREE = {
    b"a.pdf": b"same",
    b"deep/a (1).pdf": b"same",
    b"deep/er/copy of a.pdf": b"same",
    b"other/b": b"twice",
    b"other/b (2)": b"twice",
    b"other/alone": b"alone",
}
REDUNDANT = [b"deep/a (1).pdf", b"deep/er/copy of a.pdf", b"other/b (2)"]
MODES = ("etags", "parts", "organize")
"""Copies have the ETag of their original, or another one; or it is a part of organizing."""


class TwinStage(ScriptedStage):
    """A bucket with duplicates in it, as often as asked."""

    def __init__(self, base: Path, mode: str) -> None:
        self._base, self._count, self.mode = base, 0, mode
        self.reset()

    def reset(self) -> "TwinStage":
        """Put all back as it was, with no run behind it."""
        self._count += 1
        self.desk = BucketDesk(self._base / str(self._count), keeps_etags=self.mode != "parts")
        for path, content in TREE.items():
            self.desk.put(path, content, owner=path.decode())
        self.before, self.files = self.desk.objects(), self.desk.contents()
        return self

    def act(self) -> RunSummary:
        """Set the duplicates aside."""
        if self.mode == "organize":
            return self.desk.organize(folders="recurse", dedupe="quarantine")
        return acted(self.desk).summary

    def contents(self) -> Counter[bytes]:
        """Return the multiset of contents."""
        return self.desk.contents()

    def names(self) -> set[bytes]:
        """Return what is where, whatever the run is called."""
        return {path.split(b"/quarantine/")[0] for path in self.desk.paths()}


def acted(desk: BucketDesk, sink: Silent | None = None, *, dry_run: bool = False) -> Duplicates:
    """Set aside what is redundant on a desk."""
    quarantine = DedupeAction.QUARANTINE
    request = DedupeRequest((desk.place,), desk.state, action=quarantine, dry_run=dry_run)
    return dedupe(request, sink or Silent())


@pytest.fixture(params=MODES)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> TwinStage:
    """Return a scene for each way."""
    return TwinStage(tmp_path, request.param)


@pytest.fixture
def twins(tmp_path: Path) -> TwinStage:
    """Return a scene with plain copies."""
    return TwinStage(tmp_path, "etags")


@pytest.mark.parametrize("mode", ["etags", "parts"])
def test_the_whole_cycle(tmp_path: Path, mode: str) -> None:
    """A preview changes nothing; what is set aside comes back, goes again, and is freed."""
    scene = TwinStage(tmp_path, mode)
    desk = scene.desk
    with desk.at_work():
        preview = acted(desk, dry_run=True).summary
        assert scene.before == desk.objects()

        done = acted(desk).summary
        aside = [b".fileorg/quarantine/%b/%b" % (done.run.encode(), path) for path in REDUNDANT]
        assert desk.paths() == sorted([*aside, b"a.pdf", b"other/alone", b"other/b"])
        assert (done.done, done.set_aside, done.groups, done.failed) == (3, 3, 2, 0)
        assert (preview.done, preview.bytes) == (done.done, done.bytes)
        assert not acted(desk).summary.done

        desk.undo()
        assert scene.before == desk.objects()
        desk.redo()
        assert scene.contents() == scene.files
        assert desk.paths()[3:] == [b"a.pdf", b"other/alone", b"other/b"]

        freed = purge(PurgeRequest(done.run, desk.state))
        assert (freed.files, freed.bytes, freed.failed) == (3, 13, 0)
        assert desk.paths() == [b"a.pdf", b"other/alone", b"other/b"]


def test_a_redo_knows_a_kept_object_by_what_it_holds(tmp_path: Path) -> None:
    """Moved and back, what was kept has another ETag, and is compared all the same."""
    desk = BucketDesk(tmp_path, keeps_etags=False)
    for path, content in TREE.items():
        desk.put(path, content)
    before = desk.objects()
    with desk.at_work():
        done = desk.organize(folders="recurse", dedupe="quarantine")
        assert (done.set_aside, done.failed) == (3, 0)
        desk.undo()
        again = desk.redo()
        assert (again.set_aside, again.failed) == (3, 0)
        desk.undo(done.run)
    assert before == desk.objects()


def test_what_only_looks_alike_stays(twins: TwinStage) -> None:
    """An object of the same ETag and size that holds something else is compared, named and left."""
    key = PREFIX + b"/other/b (2)"
    held = twins.desk.bucket.objects[key]
    twins.desk.bucket.objects[key] = Stored(b"TWICE", held.etag, held.modified_ns, held.metadata)
    with twins.at_work():
        summary = acted(twins.desk).summary
    assert (summary.done, summary.failed) == (2, 1)
    assert summary.failures[0].reason == Reason.NOT_REDUNDANT
    assert b"other/b (2)" in twins.desk.paths()


@pytest.mark.parametrize(
    ("written", "reason"),
    [(b"deep/a (1).pdf", Reason.CHANGED), (b"a.pdf", Reason.KEPT_CHANGED)],
)
def test_what_changed_since_is_left(twins: TwinStage, written: bytes, reason: Reason) -> None:
    """What is written after the search stays, and what was redundant beside it alone as well."""
    with twins.at_work():
        summary = acted(twins.desk, Meddler(lambda: twins.desk.put(written, b"new"))).summary
    failed = {failure.reason for failure in summary.failures}
    assert failed == {reason}
    assert twins.desk.contents()[b"same"] >= 2
    assert twins.desk.contents()[b"new"] == 1
    assert written in twins.desk.paths()


def test_a_purge_proves_again(twins: TwinStage) -> None:
    """What was kept has changed since: what was set aside beside it stays where it is."""
    with twins.at_work():
        run = acted(twins.desk).summary.run
        twins.desk.put(b"a.pdf", b"SAME")
        freed = purge(PurgeRequest(run, twins.desk.state))
        assert (freed.files, freed.failed) == (1, 2)
        kept = Location(0, b"a.pdf")
        twins.desk.bucket.remove(kept, twins.desk.bucket.stat(kept))
        assert purge(PurgeRequest(run, twins.desk.state)).failed == 2
    assert twins.desk.contents()[b"same"] == 2


@pytest.mark.parametrize("action", ["hardlink", "symlink", "reflink"])
def test_there_are_no_links_in_a_bucket(twins: TwinStage, action: str) -> None:
    """Links are refused before anything is looked at, with what can be done instead."""
    request = DedupeRequest((twins.desk.place,), twins.desk.state, action=DedupeAction(action))
    with twins.at_work() as faults, pytest.raises(UsageError) as refused:
        dedupe(request, Silent())
    assert "--action quarantine" in refused.value.remedy
    assert not faults.log


def test_nothing_is_set_aside_between_a_bucket_and_a_disk(twins: TwinStage, tmp_path: Path) -> None:
    """Beside a file elsewhere nothing is set aside: all places are of one bucket."""
    elsewhere, quarantine = str(tmp_path).encode(), DedupeAction.QUARANTINE
    beside = Config(reference=(str(tmp_path),))
    with twins.at_work() as faults:
        for places, keys in (
            ((twins.desk.place, elsewhere), Config()),
            ((twins.desk.place,), beside),
        ):
            request = DedupeRequest(places, twins.desk.state, keys, action=quarantine)
            with pytest.raises(UsageError):
                dedupe(request, Silent())
        with pytest.raises(UsageError):
            twins.desk.organize(elsewhere, into=twins.desk.place, dedupe="quarantine")
    assert not faults.log


def test_a_copying_run_leaves_out_what_is_proven(tmp_path: Path) -> None:
    """With --copy what is the same is not copied, if its bytes say so and not its ETag alone."""
    desk = BucketDesk(tmp_path)
    for path in (b"a.jpg", b"b.jpg", b"c.jpg"):
        desk.put(path, b"same")
    key = PREFIX + b"/c.jpg"
    held = desk.bucket.objects[key]
    desk.bucket.objects[key] = Stored(b"SAME", held.etag, held.modified_ns, held.metadata)
    with desk.at_work():
        summary = desk.organize(dedupe="quarantine", copy=True)
    assert desk.paths() == [b"Images/a.jpg", b"Images/c.jpg", b"a.jpg", b"b.jpg", b"c.jpg"]
    assert [one.count for one in summary.left_alone if one.reason == Reason.REDUNDANT] == [1]


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_an_act_that_stops_at_any_step_can_be_undone(scene: TwinStage, how: str) -> None:
    """Whatever step an act dies at, nothing is lost and undo gives each object back as it was."""
    for number in at_every_step(scene, how, list, scene.act):
        scene.take_all_back()

        assert scene.before == scene.desk.objects(), f"step {number}"


def test_an_act_that_stops_at_any_step_can_be_finished(scene: TwinStage) -> None:
    """Recover and another run end where the first one would have, and undo still is exact."""
    with scene.at_work():
        scene.act()
    wanted = scene.names()
    for number in at_every_step(scene, AFTER, list, scene.act):
        with scene.at_work():
            scene.desk.recover()
            scene.act()
        assert scene.names() == wanted, f"step {number}"

        scene.take_all_back()
        assert scene.before == scene.desk.objects(), f"step {number}"


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_an_undo_that_stops_at_any_step_can_be_done_again(scene: TwinStage, how: str) -> None:
    """Whatever step an undo dies at, a second undo gives each object back as it was."""
    for number in at_every_step(scene, how, scene.act, lambda: scene.desk.undo(scene.run())):
        scene.take_all_back()

        assert scene.before == scene.desk.objects(), f"step {number}"


def test_a_redo_that_stops_at_any_step_can_be_taken_back(scene: TwinStage) -> None:
    """Whatever step a redo dies at, nothing is lost and undo is exact."""

    def undone() -> None:
        scene.act()
        scene.desk.undo()

    for number in at_every_step(scene, AFTER, undone, lambda: scene.desk.redo(scene.run())):
        scene.take_all_back()

        assert scene.before == scene.desk.objects(), f"step {number}"


def test_a_purge_may_stop_at_any_step(twins: TwinStage) -> None:
    """Of each content there is one at least, wherever a purge dies; another one ends it."""

    def work() -> None:
        purge(PurgeRequest(twins.run(), twins.desk.state))

    number, going_on = 1, True
    while going_on:
        twins.reset()
        with twins.at_work():
            twins.act()
        going_on = twins.crashed(work, f"*:{number}:{AFTER}")
        assert set(twins.desk.contents()) == set(twins.files), f"step {number}"
        with twins.at_work():
            work()
        assert twins.desk.paths() == [b"a.pdf", b"other/alone", b"other/b"], f"step {number}"
        number += 1
    assert number > 5


def test_an_act_survives_any_one_fault(scene: TwinStage) -> None:
    """Whichever call of an act fails, nothing is lost, and undo is exact."""
    for script, _ in failing(scene, list, scene.act, but=LEFT_OUT):
        scene.take_all_back()
        assert not scene.lost(), script
        if not script.endswith(":lie"):
            assert scene.before == scene.desk.objects(), script


def test_an_undo_survives_any_one_fault(twins: TwinStage) -> None:
    """Whichever call of an undo fails, nothing is lost and the next undo is exact."""

    def first() -> None:
        with twins.at_work():
            twins.act()

    for script, _ in failing(twins, first, lambda: twins.desk.undo(twins.run()), but=LEFT_OUT):
        twins.take_all_back()
        assert not twins.lost(), script
        if not script.endswith(":lie"):
            assert twins.before == twins.desk.objects(), script

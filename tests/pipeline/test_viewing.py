"""Looking at a run: any page of its files is what sorting all of them by hand gives."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fileorg.journal import reading, store
from fileorg.journal.store import Journal
from fileorg.model.entry import Fingerprint, Skip
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, RunKind, RunState, Status
from fileorg.model.plan import NO_FINGERPRINT, Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.pipeline import execute, orders, viewing
from fileorg.pipeline.execute import recount
from fileorg.pipeline.state import State
from fileorg.pipeline.viewing import FileLine, Listing, RunView, Sort
from fileorg.report.sums import by_outcome
from tests.journal.making import RUN, create
from tests.pipeline.harness import Desk
from tests.pipeline.stages import crashed
from tests.trees import make_tree

STEPS = 230
URGENCY = [Status.FAILED, Status.PENDING, Status.COPIED, Status.SKIPPED, Status.DONE]


def messy(path: Path, *, high: int = STEPS, finish: bool = True) -> Journal:
    """Return a journal with steps of many kinds and outcomes, in no order of anything."""
    chance = random.Random(7)
    journal = create(path)
    places = [Location(0, folder) for folder in (b"b", b"a-c", b"a", b"a/b", b"", b"z\xff")]
    kinds = [ActionKind.MOVE] * 6 + [ActionKind.QUARANTINE, ActionKind.MAKE_FOLDER]
    for number in range(STEPS):
        source, target = (
            chance.choice(places).below(b"%03d" % chance.randrange(999)) for _ in "ab"
        )
        size, category = chance.choice([1, 5, 5, 10**12]), chance.choice(["Images", "Audio", ""])
        mark = Fingerprint(size, number, number, number)
        kind = chance.choice(kinds)
        known = (mark, category) if kind is not ActionKind.MAKE_FOLDER else (NO_FINGERPRINT, "")
        journal.record([Action(kind, source, target, *known)])
    journal.planned()
    ends = [*([None] * 3), Status.SKIPPED, Status.FAILED, Status.PENDING, Status.DONE]
    chosen = [(seq, chance.choice(ends)) for seq in range(high)]
    outcomes = [Outcome(seq, end, Reason.CHANGED, "why") for seq, end in chosen if end is not None]
    journal.advance(0, high, outcomes)
    if finish:
        tally = recount(journal, [held.root for held in journal.roots()])
        summary = tally.summary(RUN, RunKind.ORGANIZE, RunState.FINISHED, (5, 9))
        journal.finish(RunState.FINISHED, [], high, summary)
    return journal


@pytest.fixture
def state(tmp_path: Path) -> State:
    """Return a state folder with nothing in it."""
    made = State(tmp_path / "state")
    made.prepare()
    return made


@pytest.fixture(params=["kept", "anew"])
def run(state: State, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> State:
    """Return a state folder with a messy run, whose orders are kept, or found out each time."""
    monkeypatch.setattr(viewing, "BATCH", 7)
    monkeypatch.setattr(orders, "_FEWEST", 0 if request.param == "kept" else STEPS + 1)
    messy(state.journal_path(RUN)).close()
    return state


def by_hand(lines: list[FileLine], listing: Listing) -> list[FileLine]:
    """Return what a listing should give, from all files as planned; failed folders last."""
    keys = {
        None: lambda line: 0,
        Sort.PATH: lambda line: line.source.rpartition(b"/")[::2],
        Sort.TARGET: lambda line: line.target.rpartition(b"/")[::2],
        Sort.SIZE: lambda line: line.size,
        Sort.CATEGORY: lambda line: (line.category, URGENCY.index(line.status)),
        Sort.STATUS: lambda line: (URGENCY.index(line.status), line.category),
    }
    meant = [
        line
        for line in lines
        if listing.status in {None, line.status} and listing.category in {None, line.category}
    ]
    files = (line for line in meant if line.is_measured)
    found = sorted(files, key=keys[listing.sort])
    found += (line for line in meant if not line.is_measured)
    return found[::-1] if listing.reverse else found


def listings(*, sorts: tuple[Sort | None, ...] = (None, *Sort)) -> Iterator[Listing]:
    """Yield every combination of filters and orders."""
    for sort in sorts:
        for status in (None, *Status):
            for category in (None, "Images", ""):
                for reverse in (False, True):
                    yield Listing(status, category, sort, reverse)


def test_every_page_is_what_sorting_by_hand_gives(run: State) -> None:
    """All files, and any page, under each filter, order and direction; ends and counts agree."""
    with RunView(run, RUN) as view:
        lines = list(view.files(Listing()))
        assert len(lines) == view.count(Listing()) > 150
        for listing in listings():
            expected = by_hand(lines, listing)
            assert list(view.files(listing)) == expected, listing
            assert view.count(listing) == len(expected)
            for start in (0, 3, 8, len(expected) // 2, len(expected) - 4, len(expected), 999):
                if start >= 0:
                    page = list(view.files(listing, start, 5))
                    assert page == expected[start : start + 5], (listing, start)


def test_an_order_is_kept_until_its_journal_or_its_run_is_another(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kept order answers again, is made anew after a purge or damage, and goes with its run."""
    monkeypatch.setattr(orders, "_FEWEST", 0)
    messy(state.journal_path(RUN)).close()
    by_size = Listing(sort=Sort.SIZE)
    kept = state.path / "orders" / f"{RUN}.size"
    with RunView(state, RUN) as view:
        expected = list(view.files(by_size))
    first = kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600

    with RunView(state, RUN) as view:
        monkeypatch.setattr(orders, "_found_out", None)  # a kept order asks nobody
        assert list(view.files(by_size)) == expected
        monkeypatch.undo()
        monkeypatch.setattr(orders, "_FEWEST", 0)
    kept.write_bytes(first[:-1] + b"?")
    with RunView(state, RUN) as view:
        assert list(view.files(by_size)) == expected
    assert kept.read_bytes() == first

    journal = state.open(RUN)
    journal.purging([0])
    journal.close()
    with RunView(state, RUN) as view:
        assert len(list(view.files(by_size))) == len(expected)
    assert kept.read_bytes() != first

    (kept.parent / "20200101-000000-abc.size").write_bytes(b"of a run that is gone")
    kept.unlink()
    with RunView(state, RUN) as view:
        list(view.files(by_size))
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]


def test_a_state_folder_that_takes_no_order_answers_too(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an order can't be written, it is found out anew each time."""
    monkeypatch.setattr(orders, "_FEWEST", 0)
    messy(state.journal_path(RUN)).close()
    (state.path / "orders").write_bytes(b"in the way")
    for _ in range(2):
        with RunView(state, RUN) as view:
            lines = view.files(Listing(sort=Sort.SIZE))
            sizes = [line.size for line in lines if line.is_measured]
        assert sizes == sorted(sizes)


@pytest.mark.parametrize("finish", [True, False])
def test_a_run_without_kept_sums_is_counted(state: State, finish: bool) -> None:
    """A run that did not end, or whose journal is from before there were sums, is counted."""
    journal = messy(state.journal_path(RUN), high=100, finish=False)
    if finish:
        tally = recount(journal, [held.root for held in journal.roots()])
        old = tally.summary(RUN, RunKind.ORGANIZE, RunState.FINISHED, (5, 9))
        steps = old.steps
        journal.finish(RunState.FINISHED, [], 100, msgspec.structs.replace(old, steps=()))
    journal.close()
    with RunView(state, RUN) as view:
        lines = list(view.files(Listing()))
        assert view.count(Listing()) == len(lines)
        late = [line for line in lines if line.mtime_ns >= 100]
        assert {line.status for line in late} == {Status.PENDING}
        assert view.count(Listing(status=Status.PENDING)) == sum(
            line.status is Status.PENDING for line in lines
        )
        if finish:
            assert view.details.summary.steps == steps


def test_groups_are_what_was_set_aside_beside_what_was_kept(tmp_path: Path) -> None:
    """Each group has its kept file and those set aside, in a run, its undo, and page by page."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"%d-%d" % (n, copy): b"%d" % n for n in range(5) for copy in range(3)})
    desk.dedupe("quarantine")
    with RunView(desk.state, desk.newest().run) as view:
        groups = list(view.groups())
        assert [[g.keep.source[-3:], *(r.source[-3:] for r in g.redundant)] for g in groups] == [
            [b"%d-%d" % (n, copy) for copy in range(3)] for n in range(5)
        ]
        assert {line.kind for group in groups for line in group.redundant} == {ActionKind.SET_ASIDE}
        assert [list(view.groups(start, 2)) for start in (0, 2, 4, 6)] == [
            groups[:2], groups[2:4], groups[4:], [],
        ]  # fmt: skip
    desk.undo()
    with RunView(desk.state, "last") as view:
        back = list(view.groups())
    assert sorted(line.target for group in back for line in group.redundant) == sorted(
        line.source for group in groups for line in group.redundant
    )


@pytest.mark.parametrize("fewest", [0, 1000])
def test_a_kept_file_is_named_where_the_run_left_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fewest: int
) -> None:
    """Of a file that was kept and moved in one run the new place is told; what failed to, stays."""
    monkeypatch.setattr(orders, "_FEWEST", fewest)
    desk = Desk(tmp_path)
    names = [b"%s%s.txt" % (stem, end) for stem in (b"a", b"b", b"c/a") for end in (b"", b" (1)")]
    make_tree(desk.root, {name: name[:-4].removesuffix(b" (1)") for name in names})
    edited = desk.root / "b.txt"
    desk.organize_with(lambda: edited.write_bytes(b"!"), dedupe="quarantine")
    with RunView(desk.state, "last") as view:
        groups = list(view.groups())
        found = {group.keep.source: group.keep.target for group in groups}
        pages = [next(iter(view.groups(start, 1))) for start in range(3)]
    root = bytes(desk.root)
    assert found == {
        root + b"/a.txt": root + b"/Documents/a.txt",
        root + b"/b.txt": root + b"/b.txt",
        root + b"/c/a.txt": root + b"/Documents/a (1).txt",
    }
    assert pages == groups
    desk.undo()
    with RunView(desk.state, "last") as view:
        assert all(group.keep.target == group.keep.source for group in view.groups())


def test_what_was_not_planned_comes_last(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be read, then what was left alone, are behind the others in every order."""
    monkeypatch.setattr(reading, "BATCH", 2)  # so that a page takes more than one of them
    journal = create(state.journal_path(RUN))
    step = Action(ActionKind.MOVE, Location(1, b"z"), Location(1, b"b"), NO_FINGERPRINT)
    failed = [Skip(Location(1, name), Reason.UNREADABLE, "no") for name in (b"x", b"y")]
    left = [Skip(Location(1, name), Reason.TAKEN, "d/a") for name in (b"s", b"r", b"t")]
    journal.record([left[0], failed[0], left[1], step, failed[1], left[2]])
    journal.planned()
    journal.close()
    expected = [b"/tmp/b/" + name for name in (b"z", b"x", b"y", b"s", b"r", b"t")]
    with RunView(state, RUN) as view:
        for status, part in (
            (None, slice(6)),
            (Status.FAILED, slice(1, 3)),
            (Status.SKIPPED, slice(3, 6)),
        ):
            for sort in (None, Sort.PATH, Sort.STATUS):
                listing = Listing(status, sort=sort)
                assert view.count(listing) == len(expected[part])
                for reverse in (False, True):
                    turned = msgspec.structs.replace(listing, reverse=reverse)
                    wanted = expected[part][:: -1 if reverse else 1]
                    assert [line.source for line in view.files(turned)] == wanted
                    for start in range(7):
                        page = [line.source for line in view.files(turned, start, 2)]
                        assert page == wanted[start : start + 2]
        assert [(line.kind, line.reason) for line in view.files(Listing(Status.SKIPPED))] == [
            (None, Reason.TAKEN)
        ] * 3
        assert view.count(Listing(Status.PENDING)) == 1
        assert view.count(Listing(Status.SKIPPED, "Images")) == 0


def conflicts(desk: Desk) -> None:
    """Have a name taken by another content, another by the same, and a file that just moves."""
    make_tree(desk.root, {b"a.txt": b"1", b"b.txt": b"2", b"c.txt": b"3", b".hidden": b"4"})
    make_tree(desk.root, {b"Documents/a.txt": b"other", b"Documents/b.txt": b"2"})


def test_what_a_conflict_left_is_listed_with_its_reason(tmp_path: Path) -> None:
    """Each file that a conflict left where it was is shown and counted, no other that was left."""
    desk = Desk(tmp_path)
    conflicts(desk)
    before = desk.snapshot()
    preview = desk.organize(on_conflict="skip", dry_run=True)
    summary = desk.organize(on_conflict="skip")
    assert preview.left_alone == summary.left_alone
    root = os.fsencode(desk.root)
    skipped = Listing(Status.SKIPPED)
    with RunView(desk.state, summary.run) as view:
        assert {(line.source, line.reason, line.detail) for line in view.files(skipped)} == {
            (root + b"/a.txt", Reason.TAKEN, "Documents/a.txt"),
            (root + b"/b.txt", Reason.SAME_CONTENT, "Documents/b.txt"),
        }
        assert view.count(skipped) == 2
        outcomes = {row.name: row.files for row in by_outcome(view.details.summary)}
    assert outcomes == {"done": 1, "skipped": 2}
    desk.undo()
    assert desk.snapshot() == before
    assert [line.status for line in desk.lines("last")] == [Status.DONE]


def test_the_sums_of_a_run_count_what_a_conflict_left_after_a_kill_too(tmp_path: Path) -> None:
    """A run that was killed and finished by recover says of what was left what others say."""
    desk = Desk(tmp_path)
    conflicts(desk)
    assert crashed(lambda: desk.organize(on_conflict="skip"), "rename_each:1:crash-after")
    (summary,) = desk.recover()
    assert summary is not None
    assert {row.reason: row.count for row in summary.left_alone} == {
        Reason.TAKEN: 1, Reason.SAME_CONTENT: 1,
    }  # fmt: skip


def test_a_run_that_only_leaves_files_alone_leaves_no_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many files a conflict left: where nothing is moved there is nothing to show."""
    monkeypatch.setattr(execute, "PLAN_CHUNK", 1)
    monkeypatch.setattr(store, "PLAN_CHUNK", 1)
    desk = Desk(tmp_path)
    conflicts(desk)
    (desk.root / "c.txt").unlink()
    summary = desk.organize(on_conflict="skip")
    assert (summary.run, summary.skipped) == ("", 4)
    assert desk.state.records() == []
    assert not list((desk.state.path / "runs").iterdir())


def test_the_sums_of_a_run_that_was_finished_later_are_those_of_its_rows(tmp_path: Path) -> None:
    """What was pending when a run died, and was done by recover, is counted once, as done."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"a.jpg": b"a", b"b.pdf": b"bb", b"c.txt": b"ccc"})
    assert crashed(desk.organize, "rename_each:1:crash-after")
    desk.recover()
    with RunView(desk.state, "last") as view:
        steps = view.details.summary.steps
        assert {step.status for step in steps} == {"done"}
        assert sum(step.files for step in steps) == len(list(view.files(Listing()))) == 3
        assert sum(step.bytes for step in steps) == 6

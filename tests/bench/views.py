"""`show` on the journal of a large run: what it asks of it, against the 50 ms it may take."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from fileorg.journal.schema import PLAN_CHUNK, Header, JournalRoot
from fileorg.journal.store import Journal
from fileorg.model.entry import Fingerprint
from fileorg.model.location import Location, Root
from fileorg.model.outcome import Outcome, RunKind, RunState, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason
from fileorg.pipeline.execute import recount
from fileorg.pipeline.orders import OrdersBeside
from fileorg.pipeline.state import State
from fileorg.pipeline.viewing import Listing, RunView, Sort
from tests.bench.rounds import Bench
from tests.bench.table import Row

ALLOWED = 0.05
_RUN = "20260101-000000-aaa"
_PAGE = 100
_CATEGORIES = ("Images", "Documents", "Audio", "Videos", "Archives", "Code", "Other", "Fonts")
_FAILED = 50_000  # one of so many


def measure(bench: Bench, rows: list[Row], *, pairs: int) -> None:
    """Add a row for each kind of question, and one for each order that is asked for first."""
    state = State(bench.folder / "shown")
    bench.say(f"making a journal of {bench.files:,} steps")
    _make(state, bench.files)
    middle = bench.files // 2
    questions: dict[str, Callable[[RunView], object]] = {
        "sums": lambda view: view.details,
        "first page": _page(Listing(), 0),
        "page in the middle": _page(Listing(), middle),
        "failed": _page(Listing(Status.FAILED), 0),
        "rarest category": _page(Listing(category="Fonts"), 0),
        "done, in the middle": _page(Listing(Status.DONE), middle),
        "duplicates": lambda view: list(view.groups(0, _PAGE)),
    }
    for sort in Sort:
        questions[f"by {sort}, in the middle"] = _page(Listing(sort=sort), middle)
        images = Listing(category="Images", sort=sort, reverse=True)
        questions[f"by {sort}, images, in the middle"] = _page(images, middle // 2)
    for sort in (Sort.PATH, Sort.TARGET, Sort.SIZE):
        first = Row(f"show, {bench.files:,}: by {sort}, asked first (vs 50 ms)", 1)
        rows.append(first)
        first.add(_seconds(state, _page(Listing(sort=sort), 0)), ALLOWED)
    for name, question in questions.items():
        row = Row(f"show, {bench.files:,}: {name} (vs 50 ms)", 1)
        rows.append(row)
        _seconds(state, question)  # what is kept is kept from here on
        for _ in range(pairs):
            row.add(_seconds(state, question), ALLOWED)


def _page(listing: Listing, start: int) -> Callable[[RunView], object]:
    return lambda view: list(view.files(listing, start, _PAGE))


def _seconds(state: State, question: Callable[[RunView], object]) -> float:
    """Return what opening a journal and one question take."""
    start = time.perf_counter()
    with RunView(state, _RUN) as view:
        question(view)
    return time.perf_counter() - start


def _make(state: State, count: int) -> None:
    state.prepare()
    header = Header(_RUN, RunKind.ORGANIZE, "", ("fileorg", "organize"), 0, "UTC", "", "", 0)
    path: Path = state.journal_path(_RUN)
    journal = Journal.create(path, header, [JournalRoot(Root(b"/srv", 1, 2), "", "rename")])
    actions = _actions(count)
    for _ in range(0, count, PLAN_CHUNK):
        journal.record(list(islice(actions, PLAN_CHUNK)))
    journal.planned()
    with closing(journal), OrdersBeside(journal, fork=True) as orders:
        failed = (Outcome(n, Status.FAILED, Reason.CHANGED) for n in range(0, count, _FAILED))
        journal.advance(0, count, failed)
        tally = recount(journal, [held.root for held in journal.roots()])
        summary = tally.summary(_RUN, RunKind.ORGANIZE, RunState.FINISHED, (0, 1))
        journal.finish(RunState.FINISHED, [], count, summary)
        orders.keep()


def _actions(count: int) -> Iterator[Action]:
    chance = random.Random(1)
    for number in range(count):
        category = _CATEGORIES[min(int(chance.expovariate(0.7)), len(_CATEGORIES) - 1)]
        name = b"%06x-%d.jpg" % (chance.getrandbits(24), number)
        yield Action(
            ActionKind.MOVE,
            Location(0, b"old/folder-%d/" % (number // 50) + name),
            Location(0, category.encode() + b"/" + name),
            Fingerprint(int(chance.lognormvariate(11, 3)), number, number, number + 1),
            category,
        )

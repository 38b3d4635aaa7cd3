"""Writing a run's journal. One file a run, one connection, rows with digests, names as bytes.

Nothing here decides: the executor says what to write when, as docs/journal-format.md orders it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from fileorg.journal.files import (
    UNBEGUN,
    connect,
    give_name,
    make_file,
    remove_file,
    sound,
)
from fileorg.journal.reading import Step
from fileorg.journal.schema import (
    APPLICATION_ID,
    DDL,
    NOT_CHOSEN_KEY,
    PLAN_CHUNK,
    SEALED_KEY,
    VERSION,
    Header,
    JournalRoot,
)
from fileorg.journal.writing import INSERT_ACTION, INSERT_EVIDENCE, JournalWriter
from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts
from fileorg.model.location import Location, shown
from fileorg.model.outcome import Outcome, RunState, Status
from fileorg.model.plan import Action, FolderFound, FolderTime, Joint, NotChosen
from fileorg.model.reason import Reason, is_failure

__all__ = ["Journal", "Row", "Step", "chunks"]

Row = Action | Facts | FolderFound | FolderTime | Joint | NotChosen | Skip
"""What of a plan the journal keeps."""

_Item = TypeVar("_Item")
_PENDING = Status.PENDING.value
_BEGIN_AGAIN = "nothing was moved; make room, then run it again"


class Journal(JournalWriter):
    """One run's journal, open for reading and writing. A write that fails is its last one."""

    @classmethod
    def create(cls, path: Path, header: Header, roots: Iterable[JournalRoot]) -> "Journal":
        """Make a new journal, readable by its owner alone; the run is `planning`.

        It gets its name when there is something in it: a run killed before that leaves no journal
        that looks damaged.
        """
        new = path.with_suffix(UNBEGUN)
        make_file(new)
        try:
            journal = cls(new, connect(new))
        except BaseException:
            remove_file(new)
            raise
        try:
            with journal._commit(_BEGIN_AGAIN):
                journal._begin(header, roots)
            journal.close()
            journal.path = give_name(new, path)
            journal._db = connect(path)
        except BaseException:
            journal.discard()
            raise
        return journal

    def discard(self) -> None:
        """Remove a journal of which nothing has been acted on."""
        self.close()
        remove_file(self.path)

    # planning

    def record(self, items: Iterable[Row]) -> int:
        """Write a chunk of the plan in one transaction; return the number of actions so far.

        Facts are those of the action that follows, in this chunk or the next one.

        It need not be durable yet: the commit of `planned` syncs the whole file at once.
        """
        self._sync("OFF")
        with self._commit(_BEGIN_AGAIN):
            evidence: list[tuple[object, ...]] = []
            self._db.executemany(INSERT_ACTION, self._plan_rows(items, evidence))
            self._db.executemany(INSERT_EVIDENCE, evidence)
            self._set_progress(RunState.PLANNING, 0, 0)
        return self._actions

    def planned(self) -> None:
        """Make the whole plan durable: from here on the run may act."""
        self._sync("FULL")
        with self._commit(_BEGIN_AGAIN):
            self._set_progress(RunState.RUNNING, 0, 0)

    # executing

    def steps(self, batch: int) -> Iterator[list[Step]]:
        """Yield what is still to be done in batches, in order: pending first, then the rest.

        What belongs to a unit is in one batch.
        The `advance` that follows a batch of pending ones takes their old outcomes away.
        """
        progress = self.progress()
        query = "SELECT seq FROM outcome WHERE status = ? ORDER BY seq"
        with sound(self.path):
            waiting = [seq for (seq,) in self._db.execute(query, (_PENDING,))]
        while waiting:
            cut = bisect_left(waiting, self.unit_end(waiting[:batch][-1] + 1))
            wanted, waiting = waiting[:cut], waiting[cut:]
            self._retried = wanted
            yield self._among(wanted)
        self._retried = []
        low = progress.high
        while low < progress.actions:
            high = self.unit_end(low + batch)
            yield self.between(low, high)
            low = high

    def advance(self, low: int, high: int, outcomes: Iterable[Outcome]) -> None:
        """Make durable, in one commit, what came of the last steps and what is tried next.

        When it returns, [low, high) is what recovery has to look at.
        """
        with self._commit():
            self._db.executemany(
                f"DELETE FROM outcome WHERE seq = ? AND status = {_PENDING}",  # noqa: S608
                ((seq,) for seq in self._retried),
            )
            self._retried = []
            self._put_outcomes(outcomes)
            self._set_progress(RunState.RUNNING, low, high)

    def note(self, outcomes: Iterable[Outcome]) -> None:
        """Make outcomes durable while the window stays as it is."""
        with self._commit():
            self._put_outcomes(outcomes)

    def settle(self, outcomes: Iterable[Outcome], high: int) -> None:
        """Close the window of an interrupted run: all below *high* has its outcome.

        Until `finish` has written its sums, it is to be settled by whoever comes by.
        """
        with self._commit():
            self._put_outcomes(outcomes)
            self._set_progress(RunState.RUNNING, high, high)

    def purging(self, steps: Iterable[int]) -> None:
        """Write down that what these steps have set aside is about to be removed for good."""
        known, progress = self.outcomes(), self.progress()
        with self._commit():
            for seq in steps:
                inode = known[seq].inode if seq in known else 0
                self._put_outcomes([Outcome(seq, Status.DONE, Reason.PURGED, "", inode)])
            self._set_progress(progress.state, progress.low, progress.high, self._seal())

    def finish(
        self,
        state: RunState,
        outcomes: Iterable[Outcome],
        high: int,
        summary: msgspec.Struct,
        left_at: Iterable[tuple[Location, int]] = (),
    ) -> None:
        """Write the end of a run, with the times its folders were left at, in nanoseconds UTC."""
        with self._commit():
            self._put_outcomes(outcomes)
            self._put("meta", (SEALED_KEY, msgspec.json.encode(summary)))
            for folder, mtime_ns in left_at:
                self._put("left_at", (self._folder_id(folder.root, folder.path), mtime_ns))
            self._set_progress(state, high, high, self._seal())

    def _begin(self, header: Header, roots: Iterable[JournalRoot]) -> None:
        for statement in DDL.split(";"):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._db.execute(f"PRAGMA user_version = {VERSION}")
        self._put("meta", ("header", msgspec.json.encode(header)))
        for number, held in enumerate(roots):
            root = held.root
            place = (root.path, _signed(root.device), _signed(root.inode))
            self._put("root", (number, *place, held.mount, held.way))
        self._set_progress(RunState.PLANNING, 0, 0)

    def _plan_rows(
        self, items: Iterable[Row], evidence: list[tuple[object, ...]]
    ) -> Iterator[tuple[object, ...]]:
        """Yield the rows of the actions, and put those of the rest where they belong."""
        for item in items:
            if type(item) is Action:
                yield self._action_row(item)
            elif type(item) is Joint:
                first = self._actions
                for action in item.actions:
                    self._put("unit", (self._actions, first))
                    yield self._action_row(action)
            elif isinstance(item, Facts):
                evidence.append(self._evidence_row(item))
            elif isinstance(item, FolderFound):
                self._put_once("found", item.location, msgspec.msgpack.encode(item.facts))
            elif isinstance(item, FolderTime):
                self._put_once("restore", item.location, item.mtime_ns)
            elif isinstance(item, NotChosen):
                self._put("meta", (NOT_CHOSEN_KEY, msgspec.json.encode(item.count)))
            else:
                place = (item.location.root, item.location.path)
                detail = shown(item.detail.encode("utf-8", "surrogateescape"))  # any bytes
                self._put("note", (self._note_id(item), *place, item.reason.value, detail))

    def _note_id(self, note: Skip) -> int:
        if is_failure(note.reason):
            self._failures += 1
            return self._failures - 1
        self._left_alone += 1
        return -self._left_alone

    def _among(self, wanted: list[int]) -> list[Step]:
        chosen = set(wanted)
        steps = self.between(wanted[0], wanted[-1] + 1)
        return [step for step in steps if step[0] in chosen]


def chunks(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Yield *items* in lists of the size of a plan transaction."""
    chunk: list[_Item] = []
    for item in items:
        chunk.append(item)
        if len(chunk) >= PLAN_CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _signed(number: int) -> int:
    """Return a number of 64 bits as SQLite keeps it; `roots` turns it back."""
    return number - (1 << 64) if number >= 1 << 63 else number

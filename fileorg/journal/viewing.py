"""What `show` and `report` ask of a journal: some of its steps, each row checked that is shown."""

from array import array
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from fileorg.journal.files import sound, tampered
from fileorg.journal.ordering import ON_FILES, categories, in_order
from fileorg.journal.reading import JournalReader, Step
from fileorg.journal.schema import UNITS_SINCE
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason

_BESIDE = f"kind BETWEEN {ActionKind.SET_ASIDE.value} AND {ActionKind.LEAVE_CLONE.value}"


class Choice(msgspec.Struct, frozen=True):
    """Which steps are meant: of one status, of one category, or all that are about a file."""

    status: Status | None = None
    category: str | None = None

    def has(self, status: Status, category: str) -> bool:
        """Whether a step is among them."""
        return self.status in {None, status} and self.category in {None, category}


class JournalView(JournalReader):
    """A journal from which some rows are shown: these are checked, the others not looked at."""

    def steps(
        self, choice: Choice, count: int, span: tuple[int, int], skip: int, *, backwards: bool
    ) -> list[Step]:
        """Return at most *count* steps with numbers in *span*, its end left out, after *skip*."""
        conditions, values = self._conditions(choice)
        clause = (
            f"WHERE seq >= ? AND seq < ? AND {ON_FILES}{conditions}"
            f" ORDER BY seq {'DESC' if backwards else 'ASC'} LIMIT ? OFFSET ?"
        )
        return self._shown(clause, *span, *values, count, skip)

    def steps_at(self, numbers: Iterable[int]) -> list[Step]:
        """Return the steps of these numbers, in their order."""
        wanted = tuple(numbers)
        marks = ",".join("?" * len(wanted))
        by_number = dict(self._shown(f"WHERE seq IN ({marks})", *wanted))
        if len(by_number) != len(set(wanted)):
            raise tampered(self.path, "a row of 'action' is missing")
        return [(seq, by_number[seq]) for seq in wanted]

    def failed_beside_files(self) -> list[Step]:
        """Return the steps that failed and are not about a file: folders not made or removed."""
        clause = f"WHERE NOT ({ON_FILES}) AND seq IN (SELECT seq FROM outcome WHERE status = ?)"
        return self._shown(f"{clause} ORDER BY seq", Status.FAILED.value)

    def mains(self, numbers: Sequence[int]) -> dict[int, Action]:
        """Return the step of the main file for each of these steps that is of a companion."""
        if self._version() < UNITS_SINCE:
            return {}
        marks = ",".join("?" * len(numbers))
        with sound(self.path):
            rows = self._rows("unit", f"WHERE seq IN ({marks}) AND seq <> first", *numbers)
            first_of = dict(rows)
        steps = dict(self.steps_at(sorted(set(first_of.values()))) if first_of else ())
        return {seq: steps[first] for seq, first in first_of.items()}

    def keeps(self, count: int, skip: int = 0) -> list[Step]:
        """Return the files that were kept beside redundant ones, at most *count* after *skip*."""
        clause = "WHERE kind = ? ORDER BY seq LIMIT ? OFFSET ?"
        return self._shown(clause, ActionKind.KEEP.value, count, skip)

    def beside(self, keep: int) -> list[Step]:
        """Return the steps about what is redundant beside the file that step *keep* names."""
        with sound(self.path):
            query = "SELECT min(seq) FROM action WHERE kind = ? AND seq > ?"
            (end,) = self._db.execute(query, (ActionKind.KEEP.value, keep)).fetchone()
        clause = f"WHERE seq > ? AND seq < ? AND {_BESIDE} ORDER BY seq"
        return self._shown(clause, keep, self.progress().actions if end is None else end)

    def ended(self, steps: Iterable[Step]) -> list[Outcome]:
        """Return how each of these steps ended."""
        numbers = [seq for seq, _ in steps]
        marks = ",".join("?" * len(numbers))
        high = self.progress().high
        with sound(self.path):
            rows = self._rows("outcome", f"WHERE seq IN ({marks})", *numbers)
            known = {
                seq: Outcome(seq, Status(status), Reason(reason) if reason else None, detail, inode)
                for seq, status, reason, detail, inode in rows
            }
        return [
            known.get(seq) or Outcome(seq, Status.DONE if seq < high else Status.PENDING)
            for seq in numbers
        ]

    def in_order(self, by: str) -> "array[int]":
        """Return every step about a file by `plan`, `path`, `target` or `size`."""
        with sound(self.path):
            return in_order(self._db, self.folders(), by)

    def categories(self) -> tuple["array[int]", list[str]]:
        """Return the number of each step's category, and the categories by number."""
        with sound(self.path):
            return categories(self._db)

    def source_of(self, seq: int) -> tuple[Location, bytes]:
        """Return the folder and the name that a step begins with, unchecked, to search by."""
        with sound(self.path):
            query = "SELECT source_folder, source_name FROM action WHERE seq = ?"
            folder, name = self._db.execute(query, (seq,)).fetchone()
            return self._folder(folder), name

    def statuses(self) -> Iterator[tuple[int, Status]]:
        """Yield every step that has an outcome, and how it ended."""
        with sound(self.path):
            for seq, status in self._db.execute("SELECT seq, status FROM outcome"):
                yield seq, Status(status)

    def _conditions(self, choice: Choice) -> tuple[str, list[object]]:
        conditions, values = "", list[object]()
        if choice.category is not None:
            conditions += " AND category = ?"
            values.append(choice.category)
        ended, high = "SELECT seq FROM outcome", self.progress().high
        match choice.status:
            case None:
                pass
            case Status.DONE:
                conditions += f" AND seq < ? AND seq NOT IN ({ended} WHERE status <> ?)"
                values += [high, Status.DONE.value]
            case Status.PENDING:
                conditions += f" AND (seq IN ({ended} WHERE status = ?)"
                conditions += f" OR (seq >= ? AND seq NOT IN ({ended})))"
                values += [Status.PENDING.value, high]
            case status:
                conditions += f" AND seq IN ({ended} WHERE status = ?)"
                values.append(status.value)
        return conditions, values

    def _shown(self, clause: str, *values: object) -> list[Step]:
        with sound(self.path):
            return [self._step(row) for row in self._rows("action", clause, *values)]

"""The files of a run in an order: found out beside a large run, or when it is first asked for."""

import os
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import chain, compress, islice
from pathlib import Path
from typing import Self

import msgspec
import xxhash

from fileorg.errors import FileorgError
from fileorg.journal.files import connect_beside, sound
from fileorg.journal.ordering import ORDERS, categories, in_order
from fileorg.journal.store import Journal
from fileorg.journal.viewing import Choice, JournalView
from fileorg.model.location import Location
from fileorg.model.outcome import RunState, Status
from fileorg.pipeline.state import State
from fileorg.workers import ForkedCrew, can_fork

_FEWEST = 20_000
"""Steps from which on an order is kept: fewer are sorted sooner than anybody has seen it."""
_DIGEST = 8
_NICE = 10
_SETTLED = {RunState.FINISHED, RunState.INTERRUPTED}

_Cell = tuple[Status, str]
_Key = tuple[Location, bytes]


class Order(msgspec.Struct, frozen=True, array_like=True):
    """The numbers of all steps about files in one order, and of each the number of its cell.

    A cell is a status and a category. *source* tells what journal, as it then was, this is of.
    """

    source: bytes
    cells: list[_Cell]
    steps: bytes
    cell_numbers: bytes

    def search(self, key: _Key, of_step: Callable[[int], _Key]) -> Iterator[int]:
        """Yield the steps that have a *key*, which the order must go by."""
        steps = _numbers(self.steps)
        for place in range(bisect_left(steps, key, key=of_step), len(steps)):
            if of_step(steps[place]) != key:
                return
            yield steps[place]

    def chosen(
        self, choice: Choice, start: int, stop: int, total: int, *, reverse: bool
    ) -> list[int]:
        """Return the steps from *start* to *stop* of the *total* that are meant."""
        is_meant = [choice.has(*cell) for cell in self.cells]
        steps, numbers = _numbers(self.steps), _numbers(self.cell_numbers)
        from_end = start > total // 2
        if from_end:
            start, stop = total - stop, total - start
        if reverse is not from_end:
            steps, numbers = steps[::-1], numbers[::-1]
        if all(is_meant):
            found = list(steps[start:stop])
        else:
            meant = compress(steps, map(is_meant.__getitem__, numbers))
            found = list(islice(meant, start, stop))
        return found[::-1] if from_end else found


def order_of(state: State, journal: JournalView, by: str) -> Order:
    """Return the files of a run by `plan`, `path`, `target` or `size`."""
    path, source = _path(state, journal, by), _source(journal)
    kept = _read(path)
    if kept is not None and kept.source == source:
        return kept
    order = _found_out(journal, by)
    progress = journal.progress()
    if progress.actions >= _FEWEST and progress.state in _SETTLED:
        _keep(path, order, state)
    return order


class OrdersBeside:
    """Finds out the orders of a large run while it goes on, in a process that gives way to it.

    A context manager. Nothing is kept of a run that does not come to `keep`.
    """

    def __init__(self, journal: Journal, *, fork: bool) -> None:
        """Begin, if the run is large and may *fork*."""
        self._crew: ForkedCrew[bool, bool] | None = None
        if fork and can_fork() and journal.progress().actions >= _FEWEST:
            sorter = _Sorter(journal.path, journal.folders())
            self._crew = ForkedCrew(sorter.work, bool, bool, 1)
            self._crew.submit(False)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is doing."""
        if self._crew is not None:
            self._crew.abandon()

    def keep(self) -> None:
        """Write the orders of the run, which has ended; where that fails, `show` finds them out."""
        if self._crew is not None:
            with suppress(FileorgError):
                self._crew.submit(True)
                self._crew.collect()
                self._crew.collect()


class _Sorter:
    """The process beside a run: at first it sorts, and when the run has ended it writes."""

    def __init__(self, path: Path, folders: list[Location]) -> None:
        self._path, self._folders = path, folders
        self._orders: dict[str, array[int]] = {}
        self._categories: tuple[array[int], list[str]] = array("I"), []

    def work(self, has_ended: bool) -> bool:
        if has_ended:
            self._write()
        else:
            self._sort()
        return True

    def _sort(self) -> None:
        os.nice(_NICE)
        with sound(self._path), closing(connect_beside(self._path)) as database:
            self._categories = categories(database)
            for by in ORDERS:
                self._orders[by] = in_order(database, self._folders, by)

    def _write(self) -> None:
        state = State(self._path.parents[1])
        with closing(state.view(self._path.stem)) as journal:
            cells, numbers = _cells(journal, *self._categories)
            for by, steps in self._orders.items():
                order = _order(_source(journal), steps, cells, numbers)
                _keep(_path(state, journal, by), order, state)


def _found_out(journal: JournalView, by: str) -> Order:
    cells, numbers = _cells(journal, *journal.categories())
    return _order(_source(journal), journal.in_order(by), cells, numbers)


def _cells(
    journal: JournalView, category_numbers: "array[int]", names: list[str]
) -> tuple[list[_Cell], "array[int]"]:
    """Return the cells of a run, and for each of its steps the number of the cell it is in."""
    numbers = category_numbers[:]  # those of the steps that were done
    known = {(Status.DONE, name): number for number, name in enumerate(names)}
    never_begun = range(journal.progress().high, len(numbers))
    for step, status in chain(((step, Status.PENDING) for step in never_begun), journal.statuses()):
        cell = status, names[category_numbers[step]]
        numbers[step] = known.setdefault(cell, len(known))
    return list(known), numbers


def _order(source: bytes, steps: "array[int]", cells: list[_Cell], numbers: "array[int]") -> Order:
    in_order = array("I", map(numbers.__getitem__, steps))
    return Order(source, cells, steps.tobytes(), in_order.tobytes())


def _source(journal: JournalView) -> bytes:
    """Return what changes with the journal, so that an order can tell which one it is of."""
    return msgspec.msgpack.encode((sys.byteorder, journal.progress()))


def _path(state: State, journal: JournalView, by: str) -> Path:
    return state.path / "orders" / f"{journal.path.stem}.{by}"


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(packed)
    return numbers


def _read(path: Path) -> Order | None:
    """Return a kept order; None where there is none, or not as it was written."""
    with suppress(OSError, msgspec.MsgspecError):
        content = memoryview(path.read_bytes())
        if xxhash.xxh3_64_digest(content[_DIGEST:]) == content[:_DIGEST]:
            return msgspec.msgpack.decode(content[_DIGEST:], type=Order)
    return None


def _keep(path: Path, order: Order, state: State) -> None:
    """Write an order, and drop those of runs that are gone; where it can't be, it is not kept."""
    content = msgspec.msgpack.encode(order)
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_bytes(xxhash.xxh3_64_digest(content) + content)
        part.replace(path)
        for other in _of_no_run(path.parent, state):
            other.unlink(missing_ok=True)


def _of_no_run(folder: Path, state: State) -> Iterator[Path]:
    return (file for file in folder.iterdir() if not state.journal_path(file.stem).exists())

"""The files of a run in an order: found out when it is first asked for, and kept."""

import os
import sys
from array import array
from collections.abc import Iterator
from contextlib import suppress
from itertools import compress, islice
from pathlib import Path

import msgspec
import xxhash

from fileorg.journal.viewing import Choice, JournalView
from fileorg.model.outcome import RunState, Status
from fileorg.pipeline.state import State

_FEWEST = 20_000
"""Steps from which on an order is kept: fewer are sorted sooner than anybody has seen it."""
_DIGEST = 8
_SETTLED = {RunState.FINISHED, RunState.INTERRUPTED}


class Order(msgspec.Struct, frozen=True, array_like=True):
    """The numbers of all steps about files in one order, and of each the number of its cell.

    A cell is a status and a category. *source* tells what journal, as it then was, this is of.
    """

    source: bytes
    cells: list[tuple[Status, str]]
    steps: bytes
    cell_numbers: bytes

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
    progress = journal.progress()
    source = msgspec.msgpack.encode((sys.byteorder, progress))
    path = state.path / "orders" / f"{journal.path.stem}.{by}"
    kept = _read(path)
    if kept is not None and kept.source == source:
        return kept
    order = _sorted(journal, by, source)
    if progress.actions >= _FEWEST and progress.state in _SETTLED:
        _keep(path, order, state)
    return order


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(packed)
    return numbers


def _sorted(journal: JournalView, by: str, source: bytes) -> Order:
    steps, cell_numbers = array("I"), array("I")
    cells: dict[tuple[Status, str], int] = {}
    for seq, status, category in journal.in_order(by):
        steps.append(seq)
        cell_numbers.append(cells.setdefault((status, category), len(cells)))
    return Order(source, list(cells), steps.tobytes(), cell_numbers.tobytes())


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

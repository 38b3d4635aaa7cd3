"""Reading a saved plan: what is wrong with a line is told with its number."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

from fileorg.errors import UsageError
from fileorg.model.location import Location, Root, is_below, shown, text
from fileorg.pipeline.state import State
from fileorg.plan.saved import PlanHead, PlanRoot
from fileorg.plan.saved_reader import (
    LONGEST_LINE,
    BadPlanError,
    Planned,
    Reader,
    read_head,
    root_path,
)
from fileorg.storage.local_probe import numbers_anew


@contextmanager
def opened(path: bytes) -> Iterator[BinaryIO]:
    """Give a file to read a plan from; `UsageError` where it can't be opened."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(path, "rb"))
        except OSError as error:
            raise UsageError(f"{text(path)}: {error.strerror}", "where is the plan?") from error
        yield file


class PlanFile:
    """A plan, line by line; what is wrong with one is a `UsageError` with its number."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._number = 0
        try:
            self.head: PlanHead = read_head(self._line())
        except BadPlanError as error:
            raise self._bad(error) from error

    def roots(self) -> tuple[list[Root], set[int]]:
        """Return the roots as they are now, and which of them are other folders by now."""
        roots, other = [], set()
        for number, planned in enumerate(self.head.roots):
            try:
                root = _root(planned)
            except BadPlanError as error:
                raise self._bad(error) from error
            roots.append(root)
            if _is_other(root, planned):
                other.add(number)
        return roots, other

    def lines(self, state: State) -> Iterator[Planned]:
        """Yield what each line asks for."""
        paths = [root_path(root) for root in self.head.roots]
        reader = Reader(len(paths), _own_places(paths, os.fsencode(os.path.realpath(state.path))))
        while line := self._line():
            if line.isspace():
                continue
            try:
                yield reader.read(line)
            except BadPlanError as error:
                raise self._bad(error) from error

    def _line(self) -> bytes:
        self._number += 1
        try:
            line = self._file.readline(LONGEST_LINE)
        except OSError as error:
            raise UsageError(f"{self._name}: {error.strerror}", "is that a plan?") from error
        if self._number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) == LONGEST_LINE:
            raise self._bad(BadPlanError(f"longer than {LONGEST_LINE:,} bytes"))
        return line

    def _bad(self, error: BadPlanError) -> UsageError:
        return UsageError(
            f"{self._name}: line {self._number}: {error}",
            "nothing was moved; plans are made by organize --dry-run --save-plan",
        )


def _root(planned: PlanRoot) -> Root:
    """Return the root that a plan names; `BadPlanError` where this machine has no such folder."""
    path = root_path(planned)
    if planned.reach:
        return Root(path, planned.device, planned.inode, planned.reach)
    try:
        found = os.stat(path)
    except OSError as error:
        raise BadPlanError(
            f"{shown(path)!r}: {error.strerror}; is it another machine's?"
        ) from error
    if not stat.S_ISDIR(found.st_mode) or os.path.realpath(path) != path:
        raise BadPlanError(f"{shown(path)!r} is no folder, or leads to another place")
    return Root(path, found.st_dev, found.st_ino)


def _is_other(root: Root, planned: PlanRoot) -> bool:
    return not root.reach and planned.inode != root.inode and not numbers_anew(root.path)


def _own_places(roots: list[bytes], state: bytes) -> list[Location]:
    """Return where the state folder lies below the roots."""
    return [
        Location(number, state[len(root) :].strip(b"/"))
        for number, root in enumerate(roots)
        if is_below(state, root)
    ]

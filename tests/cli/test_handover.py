"""Lines on their way to a reader that is slow."""

import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fileorg.cli.handover import Handover
from fileorg.cli.json_lines import JsonLines
from fileorg.events import Progressed
from tests.pipeline.harness import in_child

LINE = b"x" * 99 + b"\n"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Return both ends of a pipe."""
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def drained(end: int, size: int) -> bytes:
    """Return what a pipe holds, up to a size."""
    content = b""
    while len(content) < size and (more := os.read(end, size - len(content))):
        content += more
    return content


def test_all_lines_come_in_order(pipe: tuple[int, int]) -> None:
    """Far more than the pipe and the memory hold comes out as it went in."""
    reader, writer = pipe
    is_behind, tells_so = os.pipe()
    lines = [b"%d %b" % (number, LINE) for number in range(40_000)]

    def hand_over() -> None:
        os.close(reader)
        handover = Handover(writer)
        for line in lines[:30_000]:
            handover.put(line)
        assert handover.is_behind
        os.write(tells_so, b"!")
        for line in lines[30_000:]:
            handover.put(line)
        handover.close()

    child = os.fork()
    if child == 0:
        os._exit(in_child(hand_over))
    os.close(writer)
    os.close(tells_so)
    assert os.read(is_behind, 1)
    os.close(is_behind)
    assert drained(reader, 1 << 30) == b"".join(lines)
    assert os.waitpid(child, 0)[1] == 0


def test_a_reader_that_comes_back_is_caught_up_with(pipe: tuple[int, int]) -> None:
    """What was kept is handed over as soon as there is room, and then nothing is behind."""
    reader, writer = pipe
    handover = Handover(writer)
    put, taken = 0, b""
    while not handover.is_behind:
        handover.put(LINE)
        put += 1
    while handover.is_behind:
        taken += os.read(reader, 1 << 16)
        handover.put(LINE * 50)
        put += 50
    handover.put(LINE * 50)
    put += 50
    assert taken + drained(reader, put * len(LINE) - len(taken)) == LINE * put


def test_progress_is_not_told_to_one_who_is_behind(pipe: tuple[int, int]) -> None:
    """Progress that nobody would read in time is dropped."""
    told: list[str] = []
    behind = [True]
    lines = JsonLines(told.append, lambda: behind[0])
    lines.tell(Progressed("plan", 1))
    assert told == []
    behind[0] = False
    for done in range(2, 50):
        lines.tell(Progressed("plan", done))
    assert len(told) == 1


def test_a_reader_that_is_gone_costs_nothing(pipe: tuple[int, int]) -> None:
    """After the pipe was closed lines are dropped, and the reason is known."""
    reader, writer = pipe
    handover = Handover(writer)
    os.close(reader)
    for _ in range(100_000):
        handover.put(LINE)
    handover.close()
    assert isinstance(handover.error, BrokenPipeError)
    assert handover.lost == 0


def test_lines_that_find_no_room_anywhere_are_counted(pipe: tuple[int, int]) -> None:
    """Where no file can take what the pipe has no room for, lines are lost, and counted."""

    def hand_over() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        handover = Handover(pipe[1])
        for _ in range(50_000):
            handover.put(LINE)
        assert 0 < handover.lost < 50_000

    assert in_child(hand_over) == 0


def test_a_file_takes_all_at_once(tmp_path: Path) -> None:
    """A regular file is never behind."""
    with (tmp_path / "out").open("wb") as file:
        handover = Handover(file.fileno())
        for _ in range(30_000):
            handover.put(LINE)
        assert not handover.is_behind
        handover.close()
    assert (tmp_path / "out").read_bytes() == LINE * 30_000


def test_lines_that_find_no_room_are_dropped_whole() -> None:
    """Where the file for what waits can't grow, lines are lost and counted, and none is torn."""
    reading, writing = os.pipe()
    counting, counted = os.pipe()
    line = b"x" * 999 + b"\n"

    def hand_over() -> None:
        os.close(reading)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_500, 1_500_500))
        handover = Handover(writing)
        for _ in range(5000):
            handover.put(line)
        os.write(counted, b"%4d" % handover.lost)
        handover.close()

    child = os.fork()
    if child == 0:
        os._exit(in_child(hand_over))
    os.close(writing)
    os.close(counted)
    lost = int(os.read(counting, 4))  # nothing is read before all was put
    os.close(counting)
    with os.fdopen(reading, "rb") as reader:
        found = reader.read()
    assert os.waitpid(child, 0)[1] == 0
    assert 0 < lost < 5000
    assert found == line * (5000 - lost)

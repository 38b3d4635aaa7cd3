"""Work in other processes gives what work here gives, and no process outlives its use."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fileorg.errors import (
    ConflictError,
    FileorgError,
    InterruptedRunError,
    StorageError,
    StorageUnavailableError,
)
from fileorg.model.entry import FileEntry, Fingerprint, Kind, Seen, Skip
from fileorg.model.location import Location
from fileorg.model.reason import Reason
from fileorg.workers import Beside, Crew, ForkedCrew, InlineCrew, ahead, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no fork here")

_PATIENCE = 60


def _until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; fail when it never comes true."""
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came true"
        os.sched_yield()


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(autouse=True)
def _no_process_and_no_handle_is_left() -> Iterator[None]:
    """After every test there are as many children and open files as before."""
    gc.collect()  # what other tests have left open
    before = len(os.listdir("/proc/self/fd"))
    others = _children()  # the servers of other tests
    yield
    assert _children() == others
    assert len(os.listdir("/proc/self/fd")) == before


# ahead


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 5000), st.integers(0, 3000), st.booleans())
def test_ahead_yields_the_same(length: int, inline: int, fork: bool) -> None:
    """Whatever the length, and however many are made here, every item comes once, in order."""
    assert list(ahead(iter(range(length)), int, inline=inline, fork=fork)) == list(range(length))


def test_ahead_carries_what_a_scan_sees() -> None:
    """The values of a scan arrive as they were made, of each kind."""
    items: list[Seen] = [
        FileEntry(Location(0, b"a\xff\n"), Kind.SYMLINK, Fingerprint(1, -5, 2**62, 4), 2),
        Skip(Location(1, b"b"), Reason.UNREADABLE, "d\u00e9tail"),
    ] * 1500
    assert list(ahead(iter(items), Seen, inline=1)) == items


def test_little_work_starts_no_process() -> None:
    """What is done within the first items is done here."""
    here = ahead(iter([os.getpid] * 10), object, inline=10)
    assert [call() for call in here] == [os.getpid()] * 10


def test_much_work_is_done_apart() -> None:
    """What comes after the first items is made by one other process."""
    makers = list(ahead((os.getpid() for _ in range(3000)), int, inline=5))
    assert set(makers[:6]) == {os.getpid()}
    assert len(set(makers[6:])) == 1
    assert makers[6] != os.getpid()


@pytest.mark.parametrize(
    "error",
    [
        ValueError("why"),
        StorageError(Reason.DISK_FULL, "no room"),
        StorageUnavailableError("gone", "mend it"),
        ConflictError("taken"),
        InterruptedRunError("stopped", "go on", signal=15),
        FileNotFoundError(2, "No such file", "name"),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_there_is_raised_here(error: BaseException) -> None:
    """What is raised in the other process comes here after the items before it, as it was."""

    def failing() -> Iterator[int]:
        yield from range(2500)
        raise error

    seen: list[int] = []
    with pytest.raises(type(error)) as raised:
        _keep(ahead(failing(), int, inline=10), seen)
    assert str(raised.value) == str(error)
    assert len(seen) >= 2000
    if isinstance(error, FileorgError):
        assert isinstance(raised.value, FileorgError)
        assert raised.value.exit_code == error.exit_code
    if isinstance(error, StorageError):
        assert isinstance(raised.value, StorageError)
        assert raised.value.reason is error.reason


def _keep(items: Iterator[int], seen: list[int]) -> None:
    for item in items:
        seen.append(item)


def test_an_error_that_cannot_travel_is_told() -> None:
    """An error that can't be pickled or made again still ends the work, with its words."""

    class LocalError(Exception):
        pass

    def failing() -> Iterator[int]:
        yield from range(20)
        raise LocalError("stopped in the middle")

    with pytest.raises(RuntimeError, match="LocalError: stopped in the middle"):
        list(ahead(failing(), int, inline=10))


def test_a_bug_there_shows_where_it_is() -> None:
    """An error that is no error of fileorg carries the traceback of the other process."""

    def buggy_function() -> Iterator[int]:
        yield from range(20)
        raise KeyError("bug")

    with pytest.raises(KeyError) as raised:
        list(ahead(buggy_function(), int, inline=10))
    assert "buggy_function" in "".join(raised.value.__notes__)


def test_a_maker_that_is_killed_is_no_end() -> None:
    """When the other process is killed, that is an error, never a shorter list."""

    def dying() -> Iterator[int]:
        yield from range(5000)
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(StorageUnavailableError, match="killed"):
        list(ahead(dying(), int, inline=10))


def test_stopping_early_leaves_no_process() -> None:
    """When no more is wanted, the other process is gone at once, even if it would never end."""

    def endless() -> Iterator[int]:
        yield from range(1500)
        while True:
            signal.pause()

    others = _children()
    items = ahead(endless(), int, inline=10)
    assert [next(items) for _ in range(1000)] == list(range(1000))
    assert len(_children()) == len(others) + 1
    items.close()  # type: ignore[attr-defined]
    assert _children() == others


# crews

CREWS: list[Callable[[Callable[[int], int]], Crew[int, int]]] = [
    InlineCrew,
    lambda work: ForkedCrew(work, int, int, 1),
    lambda work: ForkedCrew(work, int, int, 3),
]


@pytest.mark.parametrize("make", CREWS)
def test_replies_come_in_the_order_of_requests(make: Callable[..., Crew[int, int]]) -> None:
    """Whoever is quicker, the n-th reply is the answer to the n-th request."""

    def work(number: int) -> int:
        for _ in range((number * 7919) % 5 * 1000):
            pass
        return number * number

    crew, replies, waiting = make(work), [], 0
    for number in range(200):
        while waiting >= crew.capacity:
            replies.append(crew.collect())
            waiting -= 1
        crew.submit(number)
        waiting += 1
    replies += [crew.collect() for _ in range(waiting)]
    crew.close()
    assert replies == [number * number for number in range(200)]


def test_large_requests_and_replies_never_block_each_other() -> None:
    """Requests and replies larger than any pipe pass each other, up to the crew's capacity."""
    crew: ForkedCrew[bytes, bytes] = ForkedCrew(lambda part: part * 2, bytes, bytes, 2)
    requests = [bytes([number]) * (3 << 20) for number in range(8)]
    replies = []
    for number, request in enumerate(requests):
        if number >= crew.capacity:
            replies.append(crew.collect())
        crew.submit(request)
    replies += [crew.collect() for _ in range(crew.capacity)]
    crew.close()
    assert replies == [request * 2 for request in requests]


def test_a_crew_works_in_as_many_processes() -> None:
    """Requests go to each process in turn, none of them this one."""
    crew: ForkedCrew[int, int] = ForkedCrew(lambda _: os.getpid(), int, int, 2)
    for _ in range(4):
        crew.submit(0)
    workers = [crew.collect() for _ in range(4)]
    crew.close()
    assert workers[:2] == workers[2:]
    assert len({*workers, os.getpid()}) == 3


def test_an_error_of_a_worker_is_raised_at_its_turn() -> None:
    """The reply to a request that failed is its error; replies before it come as ever."""

    def work(number: int) -> int:
        if number == 2:
            raise StorageError(Reason.IO_ERROR)
        return number

    crew: ForkedCrew[int, int] = ForkedCrew(work, int, int, 2)
    for number in range(3):
        crew.submit(number)
    assert [crew.collect(), crew.collect()] == [0, 1]
    with pytest.raises(StorageError):
        crew.collect()
    crew.close()


def test_a_worker_that_is_killed_is_noticed() -> None:
    """A killed worker is an error for its reply and for what is sent to it, not a hang."""

    def die(_: bytes) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    crew: ForkedCrew[bytes, int] = ForkedCrew(die, bytes, int, 1)
    crew.submit(b"")
    with pytest.raises(StorageUnavailableError, match="killed"):
        crew.collect()
    with pytest.raises(StorageUnavailableError, match="killed"):
        crew.submit(b"x" * (1 << 20))
    crew.close()


def test_closing_a_crew_lets_it_finish(tmp_path: Path) -> None:
    """A worker does to its end what it is doing when the crew is closed."""
    started, done = tmp_path / "started", tmp_path / "done"

    def work(number: int) -> int:
        started.touch()
        for _ in range(300_000):
            pass
        done.touch()
        return number

    crew: ForkedCrew[int, int] = ForkedCrew(work, int, int, 1)
    crew.submit(1)
    _until(started.exists)
    crew.close()
    assert done.exists()


def test_crews_beside_each_other_end_one_by_one() -> None:
    """A crew ends though processes forked after it, which inherit everything, still live."""
    first: ForkedCrew[int, int] = ForkedCrew(lambda number: number, int, int, 2)
    items = ahead(iter(range(50_000)), int, inline=1)
    assert [next(items), next(items), next(items)] == [0, 1, 2]
    second: ForkedCrew[int, int] = ForkedCrew(lambda number: -number, int, int, 2)
    first.submit(1)
    assert first.collect() == 1
    first.close()
    items.close()  # type: ignore[attr-defined]
    second.submit(1)
    assert second.collect() == -1
    second.close()


def test_no_more_processes_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started, that is said with the remedy, and nothing is left over."""
    fork, calls = os.fork, []

    def refuse() -> int:
        calls.append(1)
        if len(calls) == 1:
            return fork()
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    with pytest.raises(StorageUnavailableError, match="--jobs 1"):
        ForkedCrew(lambda number: number, int, int, 2)


# signals

_PARENT = """
import os, signal, sys
from fileorg.workers import ForkedCrew, ahead
def endless():
    yield 0
    yield 1
    yield os.getpid()
    for number in range(1500):
        yield number
    while True:
        signal.pause()
items = ahead(endless(), int, inline=1)
scanner = [next(items) for _ in range(3)][2]
crew = ForkedCrew(lambda _: os.getpid(), int, int, 2)
crew.submit(0); crew.submit(0)
workers = [crew.collect(), crew.collect()]
got = []
signal.signal(signal.SIGINT, lambda *_: got.append(1))
print(scanner, *workers, flush=True)
sys.stdin.readline()
crew.submit(0); crew.submit(0)
print([crew.collect(), crew.collect()] == workers, bool(got), flush=True)
sys.stdin.readline()
crew.close(); items.close()
"""


def _parent() -> "tuple[subprocess.Popen[str], list[int]]":
    process = subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, [int(word) for word in process.stdout.readline().split()]


def test_children_die_with_a_killed_parent() -> None:
    """When the parent is killed, no process of its own stays."""
    process, children = _parent()
    assert len(children) == 3
    assert all(_is_alive(child) for child in children)
    process.kill()
    process.communicate()
    _until(lambda: not any(_is_alive(child) for child in children))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_are_the_parents_to_decide(number: signal.Signals) -> None:
    """Ctrl-C and the like, sent to all processes of a terminal, leave the workers at work."""
    process, children = _parent()
    try:
        for child in children:
            os.kill(child, number)
        if number is signal.SIGINT:
            os.killpg(process.pid, number)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline().split() == ["True", str(number is signal.SIGINT)]
        assert all(_is_alive(child) for child in children)
        process.communicate("\n")
        assert not any(_is_alive(child) for child in children)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def test_requests_are_checked_values() -> None:
    """Requests and replies arrive as the types they were declared with."""
    crew: ForkedCrew[list[Location], Location] = ForkedCrew(
        lambda places: places[-1], list[Location], Location, 1
    )
    crew.submit([Location(0, b"a"), Location(1, b"\xff")])
    assert crew.collect() == Location(1, b"\xff")
    crew.close()
    bad: ForkedCrew[int, str] = ForkedCrew(lambda number: number, int, str, 1)  # type: ignore[arg-type, return-value]
    bad.submit(1)
    with pytest.raises(msgspec.ValidationError):
        bad.collect()
    bad.close()


def test_work_beside_is_done_when_it_is_waited_for(tmp_path: Path) -> None:
    """What is begun beside is done when `finish` returns, and one after the other."""
    done = tmp_path / "done"
    Beside.begin(done.touch)
    Beside.begin(lambda: os.rename(done, tmp_path / "again"))
    Beside.finish()
    assert os.listdir(tmp_path) == ["again"]


def test_work_beside_fails_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    """Nobody hears of what goes wrong beside, and there is no process left."""

    def failing() -> None:
        raise ConflictError("over there", "no remedy")

    before = _children()
    Beside.begin(failing)
    Beside.finish()
    assert capfd.readouterr() == ("", "")
    assert _children() == before


def test_a_process_does_not_end_before_its_work_beside(tmp_path: Path) -> None:
    """What is still done beside when a process has nothing more to do is done to its end."""
    done = tmp_path / "done"
    script = (
        "import pathlib, sys; from fileorg.workers import Beside\n"
        "def work(): sys.stdin.readline(); pathlib.Path(sys.argv[1]).touch()\n"
        "Beside.begin(work); print('at its end', flush=True)"
    )
    command = [sys.executable, "-c", script, str(done)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "at its end\n"
        assert not done.exists()
        process.stdin.write("now\n")
    assert (process.returncode, done.exists()) == (0, True)

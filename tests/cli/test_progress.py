"""How far a run is: what is said of a phase, how often, and where."""

import re
from collections.abc import Iterator

import pytest

from fileorg.cli.bar import Bar
from fileorg.cli.heartbeat import Heartbeat
from fileorg.cli.json_lines import JsonLines
from fileorg.cli.meter import Meter
from fileorg.cli.options import Output
from fileorg.cli.sinks import Listener
from fileorg.events import Noted, PhaseStarted, Progressed

SECOND = 10**9


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        """Return the moment."""
        return self.now_ns

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now_ns += int(seconds * SECOND)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands at 0."""
    return Clock()


@pytest.fixture
def terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> pytest.CaptureFixture[str]:
    """Return what is shown, and have it taken for a terminal."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return capsys


def steps(clock: Clock, *, a_second: int, until: int, start: int = 0) -> Iterator[Progressed]:
    """Yield the events of a phase that does so many steps a second, a hundred at a time."""
    for done in range(start + 100, until + 1, 100):
        clock.pass_by(100 / a_second)
        yield Progressed("execute", done)


def measured(phase: PhaseStarted, *points: tuple[float, Progressed]) -> Meter:
    """Return a meter that was told *points* at so many seconds."""
    meter = Meter(phase, 0)
    for seconds, event in points:
        meter.take(event, int(seconds * SECOND))
    return meter


def test_steps_with_their_rate_and_the_time_left() -> None:
    """Steps are told with their number, how many a second, and how long the rest takes."""
    phase = PhaseStarted("execute", 100_000)
    meter = measured(phase, (10, Progressed("execute", 20_000)))
    assert meter.words() == "20,000 of 100,000, 2,000/s, 40 s left"
    assert meter.share == 0.2


def test_bytes_decide_where_they_are_carried(clock: Clock) -> None:
    """Where bytes go from disk to disk the time goes by them, however many files are done."""
    phase = PhaseStarted("execute", 1000, bytes=8 * 10**9)
    meter = measured(phase, (10, Progressed("execute", 990, 2 * 10**9)))
    assert meter.words() == "990 of 1,000, 2.0 GB of 8.0 GB, 200 MB/s, 30 s left"
    assert meter.share == 0.25


def test_a_phase_of_bytes_is_told_in_bytes() -> None:
    """A phase whose steps are bytes has sizes."""
    phase = PhaseStarted("compare", 3 * 10**9, "bytes")
    meter = measured(phase, (2, Progressed("compare", 10**9)))
    assert meter.words() == "1.0 GB of 3.0 GB, 500 MB/s, 4 s left"


def test_what_has_no_known_end_has_no_share() -> None:
    """A phase of unknown length is told without a share and without a time left."""
    meter = measured(PhaseStarted("plan"), (2, Progressed("plan", 50_000)))
    assert meter.words() == "50,000, 25,000/s"
    assert meter.share is None


def test_the_rate_is_that_of_the_last_seconds(clock: Clock) -> None:
    """A phase that has become slow says so within 20 seconds, whatever its beginning was."""
    meter = Meter(PhaseStarted("execute", 1_000_000), clock())
    for event in steps(clock, a_second=10_000, until=600_000):
        meter.take(event, clock())
    assert "10,000/s, 40 s left" in meter.words()
    for event in steps(clock, a_second=100, start=600_000, until=602_000):
        meter.take(event, clock())
    assert "100/s, 1 h 6 min left" in meter.words()


def test_no_rate_is_guessed_from_a_moment() -> None:
    """Within the first second there is neither a rate nor a time left."""
    phase = PhaseStarted("execute", 1_000_000)
    assert measured(phase, (0.5, Progressed("execute", 9000))).words() == "9,000 of 1,000,000"


def test_more_than_all_is_never_told() -> None:
    """Steps that are tried once more do not lead beyond the end."""
    meter = measured(PhaseStarted("execute", 10), (5, Progressed("execute", 12)))
    assert meter.words().startswith("10 of 10")
    assert "left" not in meter.words()
    assert meter.share == 1


def test_a_long_run_gives_a_sign_of_life_each_ten_seconds(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a terminal there is a line on stderr each ten seconds, and nothing on stdout."""
    heartbeat = Heartbeat(clock)
    heartbeat.tell(PhaseStarted("execute", 100_000))
    for event in steps(clock, a_second=2000, until=71_000):
        heartbeat.tell(event)
    shown = capsys.readouterr()
    assert shown.err.splitlines() == [
        "fileorg: moving: 20,000 of 100,000, 2,000/s, 40 s left",
        "fileorg: moving: 40,000 of 100,000, 2,000/s, 30 s left",
        "fileorg: moving: 60,000 of 100,000, 2,000/s, 20 s left",
    ]
    assert not shown.out


def test_a_short_run_gives_no_sign_of_life(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run of less than ten seconds has no line, whatever its phases are."""
    heartbeat = Heartbeat(clock)
    for _ in range(3):
        heartbeat.tell(PhaseStarted("execute", 100_000))
        for event in steps(clock, a_second=1000, until=3000):
            heartbeat.tell(event)
    assert not capsys.readouterr().err


def test_a_bar_is_drawn_at_most_ten_times_a_second(
    clock: Clock, terminal: pytest.CaptureFixture[str]
) -> None:
    """However often a bar is told, it is drawn ten times a second, and not in the first tenth."""
    bar = Bar(clock)
    bar.tell(PhaseStarted("execute", 100_000))
    for event in steps(clock, a_second=20_000, until=1000):
        bar.tell(event)
    assert not terminal.readouterr().err
    for event in steps(clock, a_second=20_000, start=1000, until=41_000):
        bar.tell(event)
    drawn = re.findall(r"([\d,]+) of 100,000", terminal.readouterr().err)
    assert 18 <= len(set(drawn)) <= 21
    assert all(int(number.replace(",", "")) >= 2000 for number in drawn)
    bar.close()


def test_a_new_phase_takes_the_place_of_a_bar(
    clock: Clock, terminal: pytest.CaptureFixture[str]
) -> None:
    """A phase that tells nothing more is on the screen as soon as it begins."""
    bar = Bar(clock)
    bar.tell(PhaseStarted("execute", 1000))
    clock.pass_by(1)
    bar.tell(Progressed("execute", 1000))
    assert "Moving" in terminal.readouterr().err
    bar.tell(PhaseStarted("sync"))
    assert "Making it durable" in terminal.readouterr().err
    bar.close()


def test_progress_events_are_at_most_ten_a_second(clock: Clock) -> None:
    """A stream of events has the first progress at once, and then ten a second."""
    lines: list[str] = []
    stream = JsonLines(lines.append, lambda: False, clock)
    for event in steps(clock, a_second=10_000, until=20_000):
        stream.tell(event)
    assert 19 <= len(lines) <= 21


@pytest.mark.parametrize(
    ("output", "quiet", "progress", "shown"),
    [
        (Output.TEXT, False, True, True),
        (Output.JSON, False, True, True),
        (Output.JSONL, False, True, False),
        (Output.TEXT, True, True, False),
        (Output.TEXT, False, False, False),
    ],
)
def test_where_signs_of_life_are_given(
    output: Output,
    quiet: bool,
    progress: bool,
    shown: bool,
    clock: Clock,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not with --quiet or --no-progress, and not where a stream of events tells of progress."""
    with Listener(output, quiet=quiet, progress=progress, clock=clock) as listener:
        listener.tell(PhaseStarted("execute", 100_000))
        for event in steps(clock, a_second=1000, until=11_000):
            listener.tell(event)
    assert ("fileorg: moving: 10,000 of" in capfd.readouterr().err) is shown


def test_a_line_comes_in_the_place_of_the_bar(
    clock: Clock, terminal: pytest.CaptureFixture[str]
) -> None:
    """What the user should read begins a line of its own, and the bar comes back behind it."""
    bar = Bar(clock)
    bar.tell(PhaseStarted("execute", 1000))
    for event in steps(clock, a_second=100, until=300):
        bar.tell(event)
    assert "300 of 1,000" in terminal.readouterr().err
    bar.tell(Noted("read this"))
    assert terminal.readouterr().err.endswith("\x1b[2K")
    clock.pass_by(1)
    bar.tell(Progressed("execute", 400))
    assert "400 of 1,000" in terminal.readouterr().err
    bar.close()

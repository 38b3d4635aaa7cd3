"""Sums of a run: by outcome, category and year, and as bars."""

import datetime as dt
import zoneinfo

import msgspec

from fileorg.model.evidence import Dated, Facts
from fileorg.model.outcome import RunKind, RunState, Status
from fileorg.model.plan import ActionKind
from fileorg.model.summary import RunSummary, StepSum
from fileorg.pipeline.viewing import FileLine
from fileorg.report.chart import MOST, bars
from fileorg.report.rows import UNDATED, Years
from fileorg.report.sums import Sum, by_category, by_outcome

STEPS = (
    StepSum("move", "done", "Images", 3, 30),
    StepSum("copy", "done", "Images", 1, 10),
    StepSum("set_aside", "done", "", 2, 20),
    StepSum("link", "done", "", 2, 20),
    StepSum("move", "done", "Audio", 9, 9),
    StepSum("move", "failed", "Audio", 1, 5),
    StepSum("move", "skipped", "Audio", 1, 7),
)


def line(
    mtime_ns: int, status: Status = Status.DONE, kind: ActionKind = ActionKind.MOVE
) -> FileLine:
    """Return a file of some time."""
    return FileLine(b"/a", b"/b", 10, mtime_ns, kind, "Images", status, None, "")


def test_outcomes_count_each_file_once() -> None:
    """A link in the place of a file set aside is no second file; failures are all there are."""
    summary = RunSummary("r", RunKind.ORGANIZE, RunState.FINISHED, (), 0, 0, failed=4, steps=STEPS)
    assert by_outcome(summary) == [
        Sum("done", 15, 69), Sum("skipped", 1, 7), Sum("failed", 4, 5),
    ]  # fmt: skip


def test_categories_are_of_what_was_done() -> None:
    """The category with the most files is first; what has none is not among them."""
    assert by_category(STEPS) == [Sum("Audio", 9, 9), Sum("Images", 4, 40)]


def test_years_are_those_of_the_zone() -> None:
    """A file of New Year's night is of the year that its zone was in; only files done count."""
    zone = zoneinfo.ZoneInfo("Asia/Tokyo")
    night = int(dt.datetime(2024, 1, 1, 0, 30, tzinfo=zone).timestamp() * 1e9)
    for chosen, year in ((zone, "2024"), (dt.UTC, "2023")):
        years = Years(chosen, night + 10**9)
        link = line(night, kind=ActionKind.LINK)
        years.count([line(night), line(night), line(night, Status.FAILED), link])
        assert years.sums() == [Sum(year, 2, 20)]


def test_years_that_no_file_can_be_of_are_none() -> None:
    """Times before 1980 and after the year of the run are no dates, and come last."""
    now = int(dt.datetime(2026, 5, 1, tzinfo=dt.UTC).timestamp()) * 10**9
    years = Years(dt.UTC, now)
    years.count([line(0), line(-(10**18)), line(2**62), line(now), line(now - 10**17)])
    assert years.sums() == [Sum("2023", 1, 10), Sum("2026", 1, 10), Sum(UNDATED, 3, 30)]


def test_the_date_that_was_found_counts() -> None:
    """A photo is of the year it was taken in, as written or in the zone; its last change is not."""
    now = int(dt.datetime(2026, 5, 1, tzinfo=dt.UTC).timestamp()) * 10**9
    zone = zoneinfo.ZoneInfo("Asia/Tokyo")
    years = Years(zone, now)
    for moment in (dt.datetime(1967, 1, 1), dt.datetime(2023, 12, 31, 20, tzinfo=dt.UTC)):
        facts = Facts(date=Dated(moment, "EXIF DateTimeOriginal"))
        years.count([msgspec.structs.replace(line(now), facts=facts)])
    assert years.sums() == [Sum("1967", 1, 10), Sum("2024", 1, 10)]


def test_bars_are_shares_of_the_longest() -> None:
    """The longest bar is 100 %, of files and of bytes each, also where there is nothing."""
    found = bars([Sum("a", 10, 0), Sum("b", 5, 0)])
    assert [(bar.of_files, bar.of_bytes) for bar in found] == [(100, 0), (50, 0)]
    assert bars([]) == []


def test_bars_beyond_the_room_are_one() -> None:
    """Of many, the last categories or the oldest years are taken together, and nothing is lost."""
    many = [Sum(str(number), 1, 2) for number in range(MOST + 7)]
    for oldest_first, name, place in ((False, "7 others", -1), (True, "until 6", 0)):
        found = bars(many, oldest_first=oldest_first)
        assert len(found) == MOST + 1
        assert (found[place].name, found[place].files) == (name, 7)
        assert sum(bar.bytes for bar in found) == 2 * (MOST + 7)

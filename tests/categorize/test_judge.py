"""What a file is and when it was made, by all the evidence there is."""

import datetime as dt

import pytest

from fileorg.categorize.dates import Calendar
from fileorg.categorize.judge import IN_NAME, LAST_CHANGE, FileEvidence, Judge
from fileorg.categorize.rules import Categorizer
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.evidence import Basis, Dated, Metadata, Trust
from fileorg.model.location import Location
from fileorg.model.plan import Classified
from tests.categorize.contents import Contents

NOON = dt.datetime(2024, 5, 17, 12, tzinfo=dt.UTC)
CALENDAR = Calendar(dt.timezone(dt.timedelta(hours=2)), int(NOON.timestamp()) * 10**9)
DATE = frozenset({"date"})


def entry_of(name: str, changed: dt.datetime = NOON, kind: Kind = Kind.FILE) -> FileEntry:
    """Return a file."""
    mtime_ns = int(changed.timestamp()) * 10**9
    return FileEntry(Location(0, b"a/" + name.encode()), kind, Fingerprint(5, mtime_ns, 0, 1))


def judge_of(trust: Trust = Trust.EXTENSION, wanted: frozenset[str] = frozenset()) -> Judge:
    """Return a judge in a zone two hours east of UTC."""
    return Judge(Categorizer({"Mine": ["own"], "Other": ["odd"]}), CALENDAR, trust, wanted)


def judged(
    name: str,
    contents: Contents,
    trust: Trust = Trust.EXTENSION,
    wanted: frozenset[str] = frozenset(),
) -> Classified:
    """Return a file as it is judged."""
    found = judge_of(trust, wanted).judge(entry_of(name), contents)
    assert isinstance(found, Classified)
    return found


def written(text: str, source: str = "EXIF DateTimeOriginal") -> Metadata:
    """Return the metadata of a file that is dated."""
    return Metadata(Dated(dt.datetime.fromisoformat(text), source))


@pytest.mark.parametrize(
    ("name", "mime", "category"),
    [("x", "image/png", "Images"), ("x.zzz", "image/png", "Images"), ("x.zzz", None, "Other"),
     ("x", "application/octet-stream", "Other"), ("x", "text/plain", "Documents")],
)  # fmt: skip
def test_content_decides_where_the_name_says_nothing(
    name: str, mime: str | None, category: str
) -> None:
    """Without a known extension the content is asked, and what it can't tell is `Other`."""
    found = judged(name, Contents(mime))
    assert found.category == category
    basis = Basis.NAME if category == "Other" else Basis.CONTENT
    assert (Basis.NAME if found.facts is None else found.facts.basis) is basis


@pytest.mark.parametrize("name", ["x.jpg", "Makefile", "x.own", "x.odd"])
def test_a_known_name_is_not_looked_into(name: str) -> None:
    """Where the name decides nothing is read; `Other` by the user's own word counts as known."""
    contents = Contents("application/x-executable")
    assert judged(name, contents).facts is None
    assert contents.asked == []


def test_trusted_content_decides_if_it_is_sure() -> None:
    """With trust in content it decides against the name, where it is certain, and says so."""
    found = judged("photo.jpg", Contents("application/x-executable"), Trust.CONTENT)
    assert found.category == "Programs"
    assert found.facts is not None
    assert (found.facts.basis, found.facts.doubt) == (Basis.CONTENT, "Programs")
    plain = judged("x.py", Contents("text/plain"), Trust.CONTENT)
    assert (plain.category, plain.facts and plain.facts.doubt) == ("Code", "")


def test_a_doubt_is_told_where_the_file_was_looked_into_anyway() -> None:
    """With trust in the extension the name decides still, but what was seen on the way is said."""
    found = judged("photo.jpg", Contents("text/html"), wanted=DATE)
    assert found.category == "Images"
    assert found.facts is not None
    assert (found.facts.basis, found.facts.doubt) == (Basis.NAME, "Web pages")
    assert not found.facts.is_evidence


def test_what_can_not_be_read_goes_by_its_name() -> None:
    """A file that can't be opened has the category of its name, and the reason is kept."""
    found = judged("x.jpg", Contents(problem="permission denied"), Trust.CONTENT)
    assert found.category == "Images"
    assert found.facts is not None
    assert found.facts.problem == "permission denied"


@pytest.mark.parametrize(
    ("name", "metadata", "date", "source"),
    [
        ("a.jpg", written("2011-02-03T04:05:06"), "2011-02-03T04:05:06", "EXIF DateTimeOriginal"),
        ("IMG_20190704_120000.jpg", written("2011-02-03T04:05:06"), "2011-02-03T04:05:06",
         "EXIF DateTimeOriginal"),
        ("IMG_20190704_120000.jpg", Metadata(), "2019-07-04T12:00:00", IN_NAME),
        ("IMG_20190704_120000.jpg", written("1970-01-01T00:00:00"), "2019-07-04T12:00:00",
         IN_NAME),
        ("IMG_20190704_120000.jpg", written("2031-01-01T00:00:00"), "2019-07-04T12:00:00",
         IN_NAME),
        ("IMG_20310704_120000.jpg", Metadata(), None, ""),
        ("a.jpg", written("1904-01-01T00:00:00"), None, ""),
        ("a.jpg", Metadata(), None, ""),
        ("1965-07-04.jpg", Metadata(), "1965-07-04T00:00:00", IN_NAME),
    ],
)  # fmt: skip
def test_the_best_date_that_can_be_is_taken(
    name: str, metadata: Metadata, date: str | None, source: str
) -> None:
    """Content goes before name, and what can't be falls through, down to the last change."""
    contents = Contents("image/jpeg", metadata)
    found = judged(name, contents, wanted=DATE).facts
    assert found is not None
    assert (found.date and found.date.moment.isoformat()) == date
    assert (found.date.source if found.date else "") == source
    evidence = FileEvidence(entry_of(name), contents, judge_of(wanted=DATE))
    dated = evidence.dated()
    assert dated is not None
    assert dated.source == (source or LAST_CHANGE)


def test_a_day_in_the_name_gets_its_time_from_a_change_on_that_day() -> None:
    """A name that says only the day leaves it to the last change if that was on the same day."""
    judge = judge_of(wanted=DATE)
    late = dt.datetime(2024, 3, 1, 23, 30, tzinfo=dt.UTC)  # the second of March two hours east
    for name, by_name in [("2024-03-02 x.txt", False), ("2024-03-01 x.txt", True),
                          ("2024-03-02 10.11.12 x.txt", True)]:  # fmt: skip
        item = judge.judge(entry_of(name, late), Contents())
        assert isinstance(item, Classified)
        facts = item.facts
        assert (facts is not None and facts.date is not None) is by_name


def test_what_is_not_credible_at_all_has_no_date() -> None:
    """Where not even the last change can be believed, there is no date."""
    entry = entry_of("x.txt", dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    assert FileEvidence(entry, Contents(), judge_of(wanted=DATE)).dated() is None


@pytest.mark.parametrize("name", ["x.txt", "x.py", "x.zip"])
def test_files_without_metadata_are_not_opened_for_dates(name: str) -> None:
    """What can hold no date is dated by its name and its last change alone."""
    contents = Contents("text/plain", written("2011-02-03T04:05:06"))
    assert judged(name, contents, wanted=DATE).facts is None
    assert contents.asked == []


def test_what_is_found_does_not_depend_on_who_asked_before() -> None:
    """A photo called `.txt` is not read for a date, also where somebody has asked what it is."""
    contents = Contents("image/jpeg", written("2011-02-03T04:05:06"))
    for trust, is_dated in [(Trust.EXTENSION, False), (Trust.CONTENT, True)]:
        asked = FileEvidence(entry_of("x.txt"), contents, judge_of(trust, DATE))
        asked.mime()
        facts = asked.facts(DATE)
        assert facts is not None
        assert (facts.date is not None) is is_dated
        assert (judged("x.txt", contents, trust, DATE).facts or facts).date == facts.date


def test_only_wanted_fields_are_asked_for_and_kept() -> None:
    """A field that no layout uses is neither read nor kept; one that is missing is not there."""
    metadata = Metadata(written("2011-02-03T04:05:06").date, {"camera": "EOS"})
    contents = Contents("image/jpeg", metadata, digest="abc")
    found = judged("a.jpg", contents, wanted=frozenset({"camera", "artist", "mime"})).facts
    assert found is not None
    assert found.fields == {"camera": "EOS", "mime": "image/jpeg"}
    assert found.date is None
    assert "digest" not in contents.asked
    assert judged("a.jpg", contents, wanted=frozenset({"digest"})).facts.fields == {  # type: ignore[union-attr]
        "digest": "abc"
    }


def test_who_has_to_be_looked_at() -> None:
    """Only files of no known name are, unless contents are trusted or something in them wanted."""
    plain, dated = judge_of(), judge_of(wanted=DATE)
    trusting = judge_of(Trust.CONTENT)
    file, folder = entry_of("x.jpg"), entry_of("x", kind=Kind.FOLDER)
    assert not plain.has_to_look(file, "Images")
    assert plain.has_to_look(entry_of("x"), "Other")
    assert dated.has_to_look(file, "Images")
    assert trusting.has_to_look(file, "Images")
    assert not dated.has_to_look(folder, "Other")
    assert not judge_of(wanted=frozenset({"name", "ext", "size"})).has_to_look(file, "Images")

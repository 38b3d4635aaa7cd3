"""Where files belong, mode by mode, and which folders a layout makes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.dates import Calendar, zone_named
from fileorg.categorize.rules import Categorizer
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.plan import Classified
from fileorg.plan.layout import Layout
from fileorg.plan.templates import MODES, UNDATED, with_folders
from tests.plan.surroundings import DAY_NS, MAY_17
from tests.strategies import names

CALENDAR = Calendar(dt.UTC, MAY_17 + 10 * DAY_NS)
CATEGORIES = Categorizer().names()


def layout_of(template: str) -> Layout:
    """Return a layout in UTC with the built-in categories."""
    return Layout(template, CALENDAR, CATEGORIES)


def place(
    template: str,
    path: bytes = b"x.jpg",
    mtime_ns: int = MAY_17,
    *,
    size: int = 1,
    category: str = "Images",
    kind: Kind = Kind.FILE,
    kept: bytes = b"",
) -> tuple[bytes, bytes]:
    """Return where one file belongs."""
    fingerprint = Fingerprint(size, mtime_ns, 0, 0)
    entry = FileEntry(Location(0, path), kind, fingerprint)
    layout = layout_of(template)
    subject = layout.subject(Classified(entry, category), entry.location.name)
    return layout.folder_of(subject, kept), layout.name_of(subject)


@pytest.mark.parametrize(
    ("mode", "folder"),
    [
        ("category", b"Images"),
        ("category_year", b"Images/2024"),
        ("category_month", b"Images/2024/2024-05"),
        ("year", b"2024"),
        ("month", b"2024/2024-05"),
        ("date", b"2024/05/17"),
        ("extension", b"jpg"),
        ("size", b"Tiny"),
    ],
)
def test_mode(mode: str, folder: bytes) -> None:
    """Each mode puts `x.jpg` of 17 May 2024 where the documentation says, under its own name."""
    assert place(MODES[mode], b"some/where/x.jpg") == (folder, b"x.jpg")


def test_table_has_every_mode() -> None:
    """The modes tested here are all there are."""
    tested = {args[0] for args in test_mode.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert tested == set(MODES)


@pytest.mark.parametrize(
    ("mode", "folder"),
    [
        ("category_month", b"Images/Undated"),
        ("date", b"Undated"),
        ("year", b"Undated"),
    ],
)
def test_without_a_credible_date_there_is_one_folder(mode: str, folder: bytes) -> None:
    """A file whose time means nothing is `Undated`, once, however many dates the template has."""
    assert place(MODES[mode], mtime_ns=0)[0] == folder
    assert place(MODES[mode], mtime_ns=MAY_17 + 400 * DAY_NS)[0] == folder


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        (b"README", b"No extension"),
        (b"X.JPG", b"jpg"),
        (b"a.tar.gz", b"tar.gz"),
        (b"film.7z.002", b"7z"),
        (b".bashrc", b"No extension"),
    ],
)
def test_extension_is_what_a_person_calls_it(name: bytes, folder: bytes) -> None:
    """Extensions are lower-case, compound ones whole, and files without one have a folder."""
    assert place(MODES["extension"], name)[0] == folder


def test_folder_has_no_extension() -> None:
    """A folder that moves as one keeps its whole name and has no extension, dots or not."""
    assert place(MODES["extension"], b"trip.2024.jpg", kind=Kind.FOLDER) == (
        b"No extension",
        b"trip.2024.jpg",
    )
    assert place("{category}/{stem}{ext}", b"v1.zip", kind=Kind.FOLDER)[1] == b"v1.zip"


def test_size_decides_the_class() -> None:
    """The size of the evidence decides, which for a folder is the sum of its files."""
    assert place(MODES["size"], size=5_000_000)[0] == b"Small"


def test_fields_make_the_name() -> None:
    """The last component may rename: stem, extension as written and lower-case, date."""
    assert place("{stem}.{extension}", b"A b.JPG")[1] == b"A b.jpg"
    assert place("{category}/{date:%Y%m%d}-{stem}{ext}", b"A.JPG")[1] == b"20240517-A.JPG"


def test_kept_folders_stand_where_the_template_says() -> None:
    """`{folder}` is the path below SOURCE, or nothing for a file that is directly in it."""
    template = "{category}/{folder}/{date:%Y}/{name}"
    assert place(template, kept=b"a/b")[0] == b"Images/a/b/2024"
    assert place(template)[0] == b"Images/2024"


@pytest.mark.parametrize(
    ("below", "folder"),
    [
        (b"", b"Images"),
        (b"a/b", b"Images/a/b"),
        (b"Images", b"Images"),
        (b"Images/a/b", b"Images/a/b"),
        (b"Audio/a", b"Images/Audio/a"),
        (b"ImagesX/a", b"Images/ImagesX/a"),
    ],
)
def test_kept_folders_in_place_come_to_rest(below: bytes, folder: bytes) -> None:
    """In place a file is home if the layout's own folders are above it; else they are added."""
    entry = FileEntry(Location(0, b"x.jpg"), Kind.FILE, Fingerprint(1, MAY_17, 0, 0))
    layout = layout_of(with_folders(MODES["category"]))
    subject = layout.subject(Classified(entry, "Images"), b"x.jpg")
    assert layout.folder_below(subject, below) == folder


def test_bytes_that_are_no_text_are_kept() -> None:
    """A name that is not UTF-8 goes through every field unchanged."""
    assert place("{stem}/{name}", b"\xff\xfe.jpg") == (b"\xff\xfe", b"\xff\xfe.jpg")


@pytest.mark.parametrize("category", ["", ".", "..", "a/b", "a\0b", ".fileorg", "\ud800"])
def test_hostile_value_is_refused_for_its_file(category: str) -> None:
    """A value can add no separator, no way up and no place of our own: `ValueError`."""
    with pytest.raises(ValueError, match=r"."):
        place(MODES["category"], category=category)


@pytest.mark.parametrize(
    "template",
    ["{date:.}/{name}", "{date:..}/{name}", ".fileorg/{name}", "\ud800/{name}", ".fileorg{ext}"],
)
def test_template_that_always_fails_is_refused_at_once(template: str) -> None:
    """What no file could be placed by is found when the layout is made, with the template named."""
    with pytest.raises(ValueError, match="template"):
        layout_of(template)


@given(names(), st.sampled_from(sorted(MODES)), st.integers(-(2**62), 2**62))
def test_any_name_and_time_has_a_place(name: bytes, mode: str, mtime_ns: int) -> None:
    """No file name and no time of modification makes a mode fail, and the name is kept."""
    folder, kept = place(MODES[mode], name, mtime_ns)
    assert kept == name
    assert all(part not in {b"", b".", b".."} for part in folder.split(b"/"))


@given(st.lists(st.integers(MAY_17 - 900 * DAY_NS, MAY_17), min_size=1, max_size=20))
def test_files_with_one_key_share_a_folder(times: list[int]) -> None:
    """One layout gives files the same key only where a new one gives them the same folder."""
    layout = layout_of("{date:%Y}/{date:%m-%d}/{category}/{name}")
    folders: dict[object, bytes] = {}
    for mtime_ns in times:
        entry = FileEntry(Location(0, b"x.jpg"), Kind.FILE, Fingerprint(1, mtime_ns, 0, 0))
        key = layout.key_of(Classified(entry, "Images"), b"x.jpg")
        folder, _ = place(layout.template, mtime_ns=mtime_ns)
        assert folders.setdefault(key, folder) == folder


def test_dates_are_asked_once_a_quarter() -> None:
    """The keys of files of one quarter hour cost one date, whatever their categories."""
    asked = []

    class Asked(Calendar):
        def date_of(self, mtime_ns: int) -> dt.datetime | None:
            asked.append(mtime_ns)
            return super().date_of(mtime_ns)

    layout = Layout(MODES["category_month"], Asked(dt.UTC, MAY_17), CATEGORIES)
    asked.clear()
    for number in range(50):
        entry = FileEntry(Location(0, b"x"), Kind.FILE, Fingerprint(1, MAY_17 + number, 0, 0))
        layout.key_of(Classified(entry, "Other" if number % 2 else "Images"), b"x")
    assert len(asked) == 1


def test_finer_dates_are_not_cached_by_the_day() -> None:
    """A format with hours and minutes tells files of one day apart."""
    layout = layout_of("{date:%H-%M}/{name}")
    for minute in (0, 1, 61):
        mtime_ns = MAY_17 + minute * 60 * 10**9
        entry = FileEntry(Location(0, b"x"), Kind.FILE, Fingerprint(1, mtime_ns, 0, 0))
        subject = layout.subject(Classified(entry, "Other"), b"x")
        assert layout.key_of(*subject[:2]) is None
        assert layout.folder_of(subject) == b"%02d-%02d" % divmod(minute, 60)


def test_day_does_not_depend_on_the_order_of_files() -> None:
    """Where clocks went back at a minute past midnight, all files of that quarter share a day."""
    calendar = Calendar(zone_named("America/St_Johns"), MAY_17)
    # 7 November 2010, 00:01 local time, became 6 November, 23:01.
    midnight = int(dt.datetime(2010, 11, 7, 2, 30, tzinfo=dt.UTC).timestamp()) * 10**9
    before, after = midnight + 30 * 10**9, midnight + 90 * 10**9
    days = {calendar.date_of(moment).day for moment in (before, after)}  # type: ignore[union-attr]
    assert days == {6, 7}
    for order in ((before, after), (after, before)):
        layout = Layout(MODES["date"], calendar)
        for mtime_ns in order:
            entry = FileEntry(Location(0, b"x"), Kind.FILE, Fingerprint(1, mtime_ns, 0, 0))
            subject = layout.subject(Classified(entry, "Other"), b"x")
            assert layout.folder_of(subject) == b"2010/11/07"


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ("{date:%Y}-{name}", "{date}"),
        ("{category}/{stem}", "{stem}"),
        ("{stem}.{extension}", "{extension}"),
        ("x-{name}", "{name}"),
        ("x{ext}", "{ext}"),
        ("{category}/{parent}-x/{stem}{ext}", "{parent}"),
    ],
)
def test_message_names_the_field_that_changes(template: str, field: str) -> None:
    """The field blamed for a name that changes is the one that adds something to it."""
    item = Classified(FileEntry(Location(0, b"a.b"), Kind.FILE, Fingerprint(1, 0, 0, 0)), "Other")
    layout = layout_of(template)
    first = layout.subject(item, b"a.b", b"in")
    second = layout.subject(item, layout.name_of(first), b"in-x")
    assert layout.changing_field(first, second) == field


@given(
    names(),
    st.sampled_from(
        [*MODES.values(), "{date:%Y.%B}/{category}-{date:%d}/{name}", "{stem}/{extension}/{name}"]
    ),
    st.integers(0, MAY_17 + 20 * DAY_NS),
    st.integers(0, 10**10),
    st.sampled_from(CATEGORIES),
)
def test_footprint_covers_what_is_made(
    name: bytes, template: str, mtime_ns: int, size: int, category: str
) -> None:
    """Every folder that a layout names is in its footprint, and so is each folder above."""
    footprint = layout_of(template).footprint
    folder, _ = place(template, name, mtime_ns, size=size, category=category)
    parts = folder.split(b"/")
    assert footprint.owns(parts[0], folds=False)
    assert footprint.owns(parts[0].swapcase(), folds=True)
    assert all(footprint.covers(b"/".join(parts[: n + 1])) for n in range(len(parts)))


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("category", b"Holiday"),
        ("category", b"images"),
        ("year", b"20240"),
        ("year", b"abcd"),
        ("extension", b"img_0001.jpg"),
        ("extension", b"Holiday"),
        ("size", b"Middling"),
    ],
)
def test_footprint_is_sharp(mode: str, name: bytes) -> None:
    """Folders with other names are not the layout's own."""
    assert not layout_of(MODES[mode]).footprint.owns(name, folds=False)


def test_footprint_knows_how_deep_folders_go() -> None:
    """Below its last folder a layout makes none, unless it keeps folders."""
    assert not layout_of(MODES["category"]).footprint.covers(b"Images/Images")
    loose = layout_of(with_folders(MODES["extension"])).footprint
    assert [loose.covers(p) for p in (b"tar.gz", b"a/b", b"a/b.c")] == [True, True, False]
    first = layout_of("{folder}/{category}/{name}").footprint
    assert [first.covers(p) for p in (b"a/Images", b"Images", b"a/b")] == [True, True, False]
    kept = layout_of(with_folders(MODES["category"])).footprint
    assert kept.covers(b"Images/any/thing")
    assert not kept.covers(b"any/Images")
    assert not layout_of("{name}").footprint.covers(b"any")
    assert layout_of(MODES["year"]).footprint.covers(UNDATED.encode())


def test_without_categories_any_folder_may_be_one() -> None:
    """A layout that is not told the categories takes every name for a possible one."""
    assert Layout(MODES["category"], CALENDAR).footprint.owns(b"Anything", folds=False)

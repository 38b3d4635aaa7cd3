"""Values of files in names: whatever they say, they are one part of one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.evidence import Facts
from fileorg.model.location import Location
from fileorg.model.plan import Classified
from fileorg.plan.layout import Layout
from fileorg.plan.templates import DEFAULTS
from fileorg.plan.values import cleaned
from tests.plan.plans import CALENDAR, CATEGORIES

FOUND = sorted(set(DEFAULTS) - {"date", "extension", "parent"})
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(["/", "\\", "..", ".", "\0", "\n", "\u202e", "a", " ", "\ud800", "~",
                              ".fileorg", "CON", "\u2215", "e\u0301"]), max_size=8).map("".join),
)  # fmt: skip


def rendered(template: str, fields: dict[str, str], name: bytes = b"x.jpg") -> tuple[bytes, bytes]:
    """Return folder and name of a file that says these things of itself."""
    entry = FileEntry(Location(0, b"in/" + name), Kind.FILE, Fingerprint(1234, 0, 0, 0))
    layout = Layout(template, CALENDAR, CATEGORIES)
    subject = layout.subject(Classified(entry, "Images", Facts(fields=fields)), name, b"in")
    return layout.folder_of(subject), layout.name_of(subject)


@pytest.mark.parametrize(
    ("field", "value", "result"),
    [
        ("artist", "AC/DC", "AC-DC"),
        ("artist", "Simon / Garfunkel", "Simon-Garfunkel"),
        ("artist", "..", ""),
        ("artist", "../../etc", "-..-etc"),
        ("artist", ".hidden", "hidden"),
        ("artist", "R.E.M.", "R.E.M"),
        ("artist", " a \n\t b\x00\u202e ", "a b"),
        ("artist", "e\u0301", "\u00e9"),
        ("title", 'What? No: "yes"', 'What? No: "yes"'),
        ("title", "x" * 300, "x" * 80),
        ("title", "\u00e9" * 300, "\u00e9" * 80),
        ("title", "\U0001f600" * 300, "\U0001f600" * 40),
        ("mime", "image/svg+xml", "image-svg+xml"),
        ("track", "3", "03"),
        ("track", "3/12", "03"),
        ("track", "103", "103"),
        ("track", "A1", "A1"),
        ("artist", "3", "3"),
    ],
)
def test_a_value_becomes_part_of_a_name(field: str, value: str, result: str) -> None:
    """Separators are dashes, what is not seen and dots at the ends are gone, and it is short."""
    assert cleaned(field, value) == result


@given(st.sampled_from(FOUND), HOSTILE)
def test_no_value_adds_a_component(field: str, value: str) -> None:
    """Whatever a file says of itself, alone it is one name, and never a way up or a hidden one."""
    folder, name = rendered(f"{{{field}}}/{{name}}", {field: value})
    assert name == b"x.jpg"
    assert b"/" not in folder
    assert folder not in {b"", b".", b".."}
    assert not folder.startswith(b".")
    assert folder.decode().isprintable()
    assert len(folder) <= 160


@given(HOSTILE, HOSTILE)
def test_no_value_leaves_the_name(artist: str, title: str) -> None:
    """Values beside one another in a file name stay one name with its extension."""
    fields = {"artist": artist, "title": title}
    _, name = rendered("{artist} - {title}{ext}", fields, b"x.mp3")
    assert b"/" not in name
    assert name.endswith(b".mp3")


@given(st.sampled_from(FOUND), HOSTILE)
def test_cleaning_twice_changes_nothing(field: str, value: str) -> None:
    """What is clean stays as it is."""
    assert cleaned(field, cleaned(field, value)) == cleaned(field, value)


def test_what_is_missing_is_visible() -> None:
    """A file that does not say stands under the default, the template's or the built-in one."""
    template = "{artist|Nobody}/{album}/{width}x{height}/{mime}/{name}"
    assert rendered(template, {})[0] == b"Nobody/Unknown album/0x0/Unknown type"
    assert rendered(template, {"artist": " . ", "width": "12", "height": "9"})[0] == (
        b"Nobody/Unknown album/12x9/Unknown type"
    )


def test_sizes_digests_and_folders() -> None:
    """The size is in bytes, of a digest there are as many digits as wanted, and so on."""
    folder, name = rendered("{parent}/{size}/{digest:8}{ext}", {"digest": "0123456789abcdef"})
    assert (folder, name) == (b"in/1234", b"01234567.jpg")


def test_files_that_say_other_things_have_other_folders() -> None:
    """The keys of files tell apart what their folder is made of, and nothing else."""
    layout = Layout("{artist}/{category}/{name}", CALENDAR, CATEGORIES)
    entry = FileEntry(Location(0, b"x.mp3"), Kind.FILE, Fingerprint(1, 0, 0, 0))
    keys = [
        layout.key_of(Classified(entry, "Audio", Facts(fields=fields)), b"x.mp3")
        for fields in ({"artist": "a"}, {"artist": "b"}, {"artist": "a", "title": "t"}, {})
    ]
    assert keys[0] == keys[2]
    assert len({*keys}) == 3

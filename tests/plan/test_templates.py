"""The language of templates."""

from datetime import UTC, datetime

import pytest

from fileorg.plan import templates
from fileorg.plan.templates import FIELDS, MODES, Field, parse, size_class, with_folders


@pytest.mark.parametrize("template", MODES.values(), ids=MODES)
def test_every_mode_is_a_template_that_keeps_the_name(template: str) -> None:
    """Each mode parses and ends with the file's own name, with and without kept folders."""
    assert parse(template)[-1] == (Field("name"),)
    kept = parse(with_folders(template))
    assert kept[-2:] == ((Field("folder"),), (Field("name"),))


def test_template_is_split_into_components() -> None:
    """Slashes part components, and a slash in a date format makes a folder of each part."""
    assert parse("a{category}/{date:%Y/%m}/{name}") == (
        ("a", Field("category")),
        (Field("date", "%Y", "Undated"),),
        (Field("date", "%m", "Undated"),),
        (Field("name"),),
    )


def test_doubled_braces_are_braces() -> None:
    """`{{` and `}}` stand for the characters themselves, beside fields and alone."""
    assert parse("{{x}}/{name}") == (("{x}",), (Field("name"),))
    assert parse("{{{category}}}/{name}")[0] == ("{", Field("category"), "}")


def test_date_without_format_is_a_day() -> None:
    """`{date}` is the ISO day."""
    assert parse("{date}/{name}")[0] == (Field("date", "%Y-%m-%d", "Undated"),)


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{colour}/{name}", "unknown field {colour}; the fields are album, artist, camera"),
        ("{name.__class__}", "unknown field"),
        ("{name[0]}", "unknown field"),
        ("{name!r}", "unknown field"),
        ("{}/{name}", "unknown field {}"),
        ("{category:x}/{name}", "{category} takes no format"),
        ("{date:%Q}/{name}", "unknown date code %Q"),
        ("{date:%}/{name}", "unknown date code %"),
        ("{date:%-d}/{name}", "unknown date code %-"),
        ("{category/{name}", "a brace stands alone"),
        ("category}/{name}", "a brace stands alone"),
        ("", "empty component"),
        ("/abs/{name}", "empty component"),
        ("{category}/", "empty component"),
        ("a//{name}", "empty component"),
        ("../{name}", "would leave the folder"),
        ("./{name}", "would leave the folder"),
        ("{category}/..", "would leave the folder"),
        ("{category}", "needs {name}, {stem} or {ext}"),
        ("all/files", "needs {name}, {stem} or {ext}"),
        ("{category}/{date:%Y}", "needs {name}, {stem} or {ext}"),
        ("{category}/{folder}", "{folder} can't be part of the file name"),
        ("{category}/{folder}-{name}", "{folder} must stand alone"),
        ("x{folder}/{name}", "{folder} must stand alone"),
        ("{folder}/{category}/{folder}/{name}", "{folder} can be used only once"),
        ("{ext}/{name}", "use {extension}"),
        ("a\0b/{name}", "NUL"),
        ("{artist:x}/{name}", "{artist} takes no format"),
        ("{artist|a/b}/{name}", "a default can't hold a slash"),
        ("{category|none}/{name}", "{category} is never missing"),
        ("{name|none}", "{name} is never missing"),
        ("{digest:0}/{name}", "the digits are 1 to 32"),
        ("{digest:33}/{name}", "the digits are 1 to 32"),
        ("{digest:x}/{name}", "the digits are 1 to 32"),
        ("{artist}/{title}", "needs {name}, {stem} or {ext}"),
    ],
)
def test_bad_template_says_what_is_wrong(template: str, says: str) -> None:
    """A template that can't work is refused with a message that names the spot."""
    with pytest.raises(ValueError, match="template") as refused:
        parse(template)
    assert says in str(refused.value)


def test_kept_folders_come_before_the_name_once() -> None:
    """Keeping folders adds `{folder}` before the last component, where it is not used already."""
    assert with_folders("{category}/{name}") == "{category}/{folder}/{name}"
    assert with_folders("{name}") == "{folder}/{name}"
    assert with_folders("{folder}/{category}/{name}") == "{folder}/{category}/{name}"


def test_sizes_have_classes() -> None:
    """The limits are those of the documentation, each the first size of its class."""
    limits = [(10**5, "Tiny"), (10**7, "Small"), (10**8, "Medium"), (10**9, "Large")]
    assert [size_class(limit - 1) for limit, _ in limits] == [name for _, name in limits]
    assert [size_class(limit) for limit, _ in limits] == ["Small", "Medium", "Large", "Huge"]
    assert size_class(0) == "Tiny"
    assert {name for _, name in limits} | {"Huge"} == set(templates.SIZE_CLASSES)


def test_date_is_text_or_undated() -> None:
    """A moment is formatted; none is `Undated`."""
    field = Field("date", "%Y-%m", "Undated")
    assert templates.date_text(datetime(2024, 5, 17, tzinfo=UTC), field) == "2024-05"
    assert templates.date_text(None, field) == "Undated"


def test_what_may_be_missing_has_a_default() -> None:
    """A default stands after a bar, also after a format; without one there is a built-in one."""
    assert parse("{artist|Nobody}/{name}")[0] == (Field("artist", "", "Nobody"),)
    assert parse("{artist}/{name}")[0] == (Field("artist", "", "Unknown artist"),)
    assert parse("{date:%Y|No date}/{name}")[0] == (Field("date", "%Y", "No date"),)
    assert parse("{date:%Y/%m|No date}/{name}")[1] == (Field("date", "%m", "No date"),)
    assert parse("{digest:8}{ext}")[0] == (Field("digest", "8", "No digest"), Field("ext"))
    assert parse("{stem}{camera|}{ext}")[0][1] == Field("camera", "", "")
    assert set(templates.DEFAULTS) < set(FIELDS)
    assert all(templates.DEFAULTS.values())


def test_a_rule_brings_fields_of_its_own() -> None:
    """A name that is given is a field, too, and there is something to say for it in any case."""
    assert parse("{client}/{name}", ["client"])[0] == (Field("client", "", "No client"),)
    assert parse("{client|Nobody}/{name}", ["client"])[0] == (Field("client", "", "Nobody"),)


def test_every_field_can_be_used() -> None:
    """Every field of the table is known to the parser and to the renderer's table."""
    for field in FIELDS:
        parse(f"{{{field}}}/{{name}}" if field != "ext" else "x{ext}/{name}")

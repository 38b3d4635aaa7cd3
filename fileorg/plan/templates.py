"""The small language of layouts: `{category}/{date:%Y}/{name}` (pure).

No attribute access, no calls: a field is a word of the table below. `date` takes a format, `digest`
a number of digits, and what may be missing a default: `{artist|Nobody}`.
"""

import re
from bisect import bisect_right
from collections.abc import Collection
from datetime import datetime

import msgspec

UNDATED = "Undated"
NO_EXTENSION = "No extension"

FIELDS = {
    "category": "the category, such as Images",
    "date": "the date, with a format after a colon: {date:%Y-%m}",
    "name": "the whole file name",
    "stem": "the file name without its extension",
    "ext": "the extension as it is written, with its dot; empty where there is none",
    "extension": "the extension in lower case without its dot, or 'No extension'",
    "size_class": "Tiny, Small, Medium, Large or Huge",
    "size": "the size in bytes",
    "folder": "the folders below SOURCE that the file is in",
    "parent": "the name of the folder that the file is in",
    "mime": "the MIME type by content, such as image-jpeg",
    "camera": "the camera that took a photo",
    "artist": "who made a piece of music",
    "album": "the album it is on",
    "title": "the title of a piece of music, a film or a document",
    "track": "the number on the album, of at least two digits",
    "width": "the width of a picture in pixels",
    "height": "the height of a picture in pixels",
    "digest": "xxh3-128 of the content in hexadecimal, with a number of digits: {digest:8}",
}
DEFAULTS = {
    "date": UNDATED,
    "extension": NO_EXTENSION,
    "parent": "No folder",
    "mime": "Unknown type",
    "camera": "Unknown camera",
    "artist": "Unknown artist",
    "album": "Unknown album",
    "title": "Unknown title",
    "track": "00",
    "width": "0",
    "height": "0",
    "digest": "No digest",
}
"""What stands for the fields that a file may not have, where the template says nothing else."""
MODES = {
    "category": "{category}/{name}",
    "category_year": "{category}/{date:%Y}/{name}",
    "category_month": "{category}/{date:%Y}/{date:%Y-%m}/{name}",
    "year": "{date:%Y}/{name}",
    "month": "{date:%Y}/{date:%Y-%m}/{name}",
    "date": "{date:%Y}/{date:%m}/{date:%d}/{name}",
    "extension": "{extension}/{name}",
    "size": "{size_class}/{name}",
}

_NAMING = frozenset({"name", "stem", "ext", "extension"})
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}:|]*)(?::([^{}|]*))?(?:\|([^{}]*))?\}|[{}]")
_DIGITS = 32
_DATE_CODES = frozenset("aAbBdHIjmMpSUuVwWyYGZz%")


class Field(msgspec.Struct, frozen=True):
    """A place in a template that a value goes into, or the *default* where there is none."""

    name: str
    format: str = ""
    default: str = ""


Component = tuple[str | Field, ...]


def parse(template: str, own: Collection[str] = ()) -> tuple[Component, ...]:
    """Return the components of a template, folders first; `ValueError` says what is wrong.

    The names in *own* are fields, too, whose values come from elsewhere; without one `No NAME`.
    """
    if re.search(r"\{[^{}]*\|[^{}]*/", template):
        raise ValueError(f"template {template!r}: a default can't hold a slash")
    parts = _split(template)
    components = tuple(_component(part, own) for part in parts)
    problem = next(filter(None, map(_problem, parts, components)), _whole_problem(components))
    if problem is not None:
        raise ValueError(f"template {template!r}: {problem}")
    return components


def fields_of(components: tuple[Component, ...]) -> frozenset[str]:
    """Return the names of the fields that are used."""
    return frozenset(
        part.name for component in components for part in component if isinstance(part, Field)
    )


def with_folders(template: str) -> str:
    """Return *template* with the path below SOURCE kept before the file name."""
    head, slash, last = template.rpartition("/")
    return template if "{folder}" in template else f"{head}{slash}{{folder}}/{last}"


def date_text(date: datetime | None, field: Field) -> str:
    """Return a date as the format of its field says, or its default."""
    return field.default if date is None else date.strftime(field.format)


def date_codes(pattern: str) -> list[str]:
    """Return the letters of the date codes in a format, `%%` included."""
    return re.findall(r"%(.?)", pattern, re.DOTALL)


def size_class(size: int) -> str:
    """Return the class of a size in bytes."""
    return SIZE_CLASSES[bisect_right(SIZE_STARTS, size)]


SIZE_CLASSES = ("Tiny", "Small", "Medium", "Large", "Huge")
SIZE_STARTS = (10**5, 10**7, 10**8, 10**9)
"""Bytes at which each class but the first begins."""


def _problem(part: str, component: Component) -> str | None:
    if not component:
        return "it has an empty component"
    if component in {(".",), ("..",)}:
        return f"{part!r} would leave the folder"
    if component == (Field("ext"),):
        return "files without an extension would go nowhere; use {extension}"
    if Field("folder") in component and len(component) > 1:
        return "{folder} must stand alone between slashes"
    if "\0" in part:
        return "it holds a NUL"
    return None


def _whole_problem(components: tuple[Component, ...]) -> str | None:
    if Field("folder") in components[-1]:
        return "{folder} can't be part of the file name"
    if components.count((Field("folder"),)) > 1:
        return "{folder} can be used only once"
    if fields_of(components[-1:]).isdisjoint(_NAMING):
        return "its last part is the file's name, and needs {name}, {stem} or {ext}"
    return None


def _split(template: str) -> list[str]:
    """Split at slashes outside of braces, so that `{date:%Y/%m}` is two folders of one field."""
    return re.sub(r"\{date:([^{}|]*)(\|[^{}]*)?\}", _spread, template).split("/")


def _spread(match: re.Match[str]) -> str:
    return "/".join(f"{{date:{part}{match[2] or ''}}}" for part in match[1].split("/"))


def _component(text: str, own: Collection[str]) -> Component:
    parts: list[str | Field] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts.append(text[end : token.start()])
        end = token.end()
        if token[0] in {"{{", "}}"}:
            parts.append(token[0][0])
        elif token[1] is None:
            raise ValueError(f"template: a brace stands alone in {text!r}; write {{{{ for a brace")
        else:
            parts.append(_field(token[1], token[2] or "", token[3], own))
    parts.append(text[end:])
    return _merged(parts)


def _merged(parts: list[str | Field]) -> Component:
    merged: list[str | Field] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part:
            merged.append(part)
    return tuple(merged)


def _field(name: str, form: str, default: str | None, own: Collection[str]) -> Field:
    if name not in FIELDS and name not in own:
        from fileorg.config.convert import nearest

        known = sorted({*FIELDS, *own})
        near = nearest(name, known)
        hint = f"did you mean {{{near}}}?" if near else f"the fields are {', '.join(known)}"
        raise ValueError(f"template: unknown field {{{name}}}; {hint}")
    if default is not None and name in FIELDS and name not in DEFAULTS:
        raise ValueError(f"template: {{{name}}} is never missing, and takes no default")
    if name == "date":
        form = form or "%Y-%m-%d"
        unknown = [code for code in date_codes(form) if code not in _DATE_CODES]
        if unknown:
            raise ValueError(f"template: unknown date code %{unknown[0]} in {{date:{form}}}")
    elif name == "digest" and form:
        if not (form.isascii() and form.isdigit() and 1 <= int(form) <= _DIGITS):
            raise ValueError(f"template: {{digest:{form}}}: the digits are 1 to {_DIGITS}")
    elif form:
        raise ValueError(f"template: {{{name}}} takes no format; {{date}} and {{digest}} do")
    if default is None:
        default = DEFAULTS.get(name, "" if name in FIELDS else f"No {name}")
    return Field(name, form, default)

"""The small language of layouts: `{category}/{date:%Y}/{name}` (pure).

No attribute access, no calls: a field is a word of the table below, and only `date` takes a format.
"""

import re
from bisect import bisect_right
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
    "folder": "the folders below SOURCE that the file is in",
}
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
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}|[{}]")
_DATE_CODES = frozenset("aAbBdHIjmMpSUuVwWyYGZz%")


class Field(msgspec.Struct, frozen=True):
    """A place in a template that a value goes into."""

    name: str
    format: str = ""


Component = tuple[str | Field, ...]


def parse(template: str) -> tuple[Component, ...]:
    """Return the components of a template, folders first; `ValueError` says what is wrong."""
    parts = _split(template)
    components = tuple(_component(part) for part in parts)
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


def date_text(date: datetime | None, pattern: str) -> str:
    """Return a date as *pattern* says, or `Undated`."""
    return UNDATED if date is None else date.strftime(pattern)


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
    return re.sub(r"\{date:([^{}]*)\}", _spread, template).split("/")


def _spread(match: re.Match[str]) -> str:
    return "/".join(f"{{date:{part}}}" for part in match[1].split("/"))


def _component(text: str) -> Component:
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
            parts.append(_field(token[1], token[2] or ""))
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


def _field(name: str, pattern: str) -> Field:
    if name not in FIELDS:
        raise ValueError(
            f"template: unknown field {{{name}}}; the fields are {', '.join(sorted(FIELDS))}"
        )
    if name != "date" and pattern:
        raise ValueError(f"template: {{{name}}} takes no format; only {{date}} does")
    if name == "date":
        pattern = pattern or "%Y-%m-%d"
        unknown = [code for code in date_codes(pattern) if code not in _DATE_CODES]
        if unknown:
            raise ValueError(f"template: unknown date code %{unknown[0]} in {{date:{pattern}}}")
    return Field(name, pattern)

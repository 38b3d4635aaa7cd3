"""Archives in parts, and web pages saved with a folder, told from their names (pure)."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

_SUFFIX = re.compile(rb"\.(?:rar|[0-9]{3}|[rsz][0-9]{2})\Z")
_PARTS = (
    re.compile(rb"(?is)(?P<stem>.+)(?P<form>\.part)(?P<number>[0-9]{1,4})\.(?:rar|exe)\Z"),
    re.compile(rb"(?is)(?P<stem>.+)(?P<form>\.[rz])(?P<number>[0-9]{2})\Z"),
    re.compile(rb"(?is)(?P<stem>.+)(?P<form>\.)(?P<number>[0-9]{3})\Z"),
)
_LAST = frozenset(b"0123456789eErR")
_WHOLE = {b".r": b".rar", b".z": b".zip"}
"""What the file is called that leads such parts."""

PAGES = frozenset({b".htm", b".html", b".xhtml"})
_FOLDER = re.compile(
    rb"(?is)(?P<stem>.+)(?:\.files|[_-](?:archivos|arquivos|bestanden|bylos|dateien|datoteke"
    rb"|dosyalar|elemei|failid|fails|fajlovi|ficheiros|fichiers|files?|filer|fitxategiak|fitxers"
    rb"|pliki|soubory|tiedostot|f\xc3\xa1jlok))\Z"
)
"""What browsers and Office, each in its language, call the folder of a page."""


class Member(NamedTuple):
    """What travels with another file, and what follows the stem of the unit in its name.

    Where its own name does not begin with that stem, the tail is what it gets with a new one.
    """

    name: bytes
    tail: bytes


class Group(NamedTuple):
    """A main file by name, the stem that the members share, and those members."""

    main: bytes
    stem: bytes
    others: tuple[Member, ...]

    @property
    def names(self) -> tuple[bytes, ...]:
        """The names of all, that of the main file first."""
        return (self.main, *(member.name for member in self.others))


def may_be_parts(suffixes: Iterable[bytes]) -> bool:
    """Whether, by the lower-case suffixes of a folder, there may be an archive in parts."""
    return any(_SUFFIX.match(suffix) for suffix in suffixes)


def stems_of_part(name: bytes) -> Iterator[bytes]:
    """Yield the stem by which parts of an archive find each other, or a page and its folder."""
    if (part := _part(name)) is not None:
        yield part["stem"]
    elif (folder := _FOLDER.match(name)) is not None:
        yield folder["stem"]
    elif name[name.rfind(b".") :].lower() in {*PAGES, *_WHOLE.values()}:
        yield name[: name.rfind(b".")]


def archives(names: Collection[bytes]) -> list[Group]:
    """Return the archives in two parts or more among the names of a folder's files."""
    found: dict[tuple[bytes, bytes], list[tuple[int, bytes]]] = {}
    for name in [n for n in names if n[-1] in _LAST]:  # few
        if (part := _part(name)) is not None:
            key = part["stem"], part["form"].lower()
            found.setdefault(key, []).append((int(part["number"]), name))
    wholes = {(n[:-4], n[-4:].lower()): n for n in names} if found else {}
    return [
        group
        for (stem, form), parts in sorted(found.items())
        if (group := _archive(stem, wholes.get((stem, _WHOLE.get(form, b""))), sorted(parts)))
    ]


def _part(name: bytes) -> re.Match[bytes] | None:
    return next(filter(None, (form.match(name) for form in _PARTS)), None)


def _archive(stem: bytes, whole: bytes | None, parts: list[tuple[int, bytes]]) -> Group | None:
    names = ([whole] if whole is not None else []) + [name for _, name in parts]
    main, *others = names
    members = tuple(Member(name, name[len(stem) :]) for name in others)
    return Group(main, stem, members) if members else None


def pages(names: Iterable[bytes], folders: Iterable[bytes]) -> list[Group]:
    """Return the saved pages with a folder, among the names of the files and folders of one."""
    kept: dict[bytes, bytes] = {}
    for name in sorted(folders):
        if (match := _FOLDER.match(name)) is not None:
            kept.setdefault(match["stem"], name)
    found: dict[bytes, Group] = {}
    for name in sorted(names) if kept else ():
        stem = name[: name.rfind(b".")]
        folder = kept.get(stem)
        if folder is not None and name[len(stem) :].lower() in PAGES:
            found.setdefault(stem, Group(name, stem, (Member(folder, folder[len(stem) :]),)))
    return list(found.values())

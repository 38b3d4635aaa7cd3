"""What a name may be on a file system, and the next free one (pure)."""

import re
import unicodedata
from collections.abc import Iterable

import msgspec

from fileorg.model.capabilities import Capabilities, name_length
from fileorg.model.names import split_extension

_RESERVED = re.compile(rb"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?", re.IGNORECASE | re.DOTALL)
_FORBIDDEN = re.compile(rb'[<>:"\\|?*\x00-\x1f]')
_NUMBER = re.compile(rb" \(([1-9][0-9]*)\)\Z")


def numbered(name: bytes, number: int, *, folder: bool = False) -> bytes:
    """Return `name (number).ext`; a folder has no extension to keep at the end."""
    stem, extension = _split(name, folder=folder)
    return b"%b (%d)%b" % (stem, number, extension)


def is_numbered_form(name: bytes, base: bytes, able: Capabilities, *, folder: bool = False) -> bool:
    """Whether *name* is *base*, or what `next_number` makes of it for some number."""
    if name == base:
        return True
    stem = name.removesuffix(_split(base, folder=folder)[1])
    found = _NUMBER.search(stem)
    return found is not None and name == next_number(base, int(found[1]), able, folder=folder)


def fit(name: bytes, able: Capabilities, *, folder: bool = False) -> bytes:
    """Return *name* as the file system can hold it: shortened, forbidden characters replaced.

    The extension is kept, and a cut falls between characters.
    """
    name = portable(name, able)
    if len(name) <= able.longest_name or name_length(name, able.name_unit) <= able.longest_name:
        return name
    stem, extension = _split(name, folder=folder)
    name = _cut(stem, extension, able) or _cut(name, b"", able)
    return portable(name, able)


def next_number(name: bytes, number: int, able: Capabilities, *, folder: bool = False) -> bytes:
    """Return the numbered form of *name*, its stem shortened where the number makes it too long."""
    candidate = numbered(name, number, folder=folder)
    if name_length(candidate, able.name_unit) <= able.longest_name:
        return candidate
    room = able.longest_name - len(f" ({number})")
    narrower = msgspec.structs.replace(able, longest_name=room)
    return numbered(fit(name, narrower, folder=folder), number, folder=folder)


def shared_stem(stem: bytes, number: int, tails: Iterable[bytes], able: Capabilities) -> bytes:
    """Return `stem (number)`, 0 adding nothing, cut so that it can stand before each of *tails*.

    Empty if there is one before which not even a single character can stand.
    """
    mark = b" (%d)" % number if number else b""
    longest = mark + max(tails, key=lambda tail: name_length(tail, able.name_unit))
    if name_length(stem + longest, able.name_unit) <= able.longest_name:
        return stem + mark
    cut = _cut(stem, longest, able)
    return cut[: len(cut) - len(longest)] + mark if cut else b""


def portable(name: bytes, able: Capabilities) -> bytes:
    """Return *name* with what is forbidden on the file system replaced."""
    return _portable(name) if able.reserved_names else name


def folded(name: bytes) -> bytes:
    """Return the key under which a case-insensitive file system knows *name*."""
    text = unicodedata.normalize("NFC", name.decode("utf-8", "surrogateescape"))
    folded_text = unicodedata.normalize("NFC", text.casefold())
    return folded_text.encode("utf-8", "surrogatepass")


def component_problem(component: bytes) -> str | None:
    """Return why a rendered component can't be a name, or None."""
    if component in {b"", b".", b".."}:
        return f"{component.decode()!r} is not a name"
    if b"/" in component or b"\0" in component:
        return "it holds a slash or a NUL"
    if component.startswith(b".fileorg"):
        return "names that begin with '.fileorg' are fileorg's own"
    return None


def _split(name: bytes, *, folder: bool) -> tuple[bytes, bytes]:
    return (name, b"") if folder else split_extension(name)


def _cut(stem: bytes, extension: bytes, able: Capabilities) -> bytes:
    """Return the longest name that fits and ends in *extension*; empty if none has a stem."""
    characters = stem.decode("utf-8", "surrogateescape")
    low, high = 0, len(characters)
    while low < high:
        middle = (low + high + 1) // 2
        candidate = characters[:middle].encode("utf-8", "surrogateescape") + extension
        if name_length(candidate, able.name_unit) <= able.longest_name:
            low = middle
        else:
            high = middle - 1
    return characters[:low].encode("utf-8", "surrogateescape") + extension if low else b""


def _portable(name: bytes) -> bytes:
    name = _FORBIDDEN.sub(b"_", name)
    if name.endswith((b" ", b".")):
        name = name[:-1] + b"_"
    return b"_" + name if _RESERVED.fullmatch(name) else name

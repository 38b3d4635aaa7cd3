"""Which category a file name belongs to."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from fileorg.categorize.filetypes import CATEGORIES, OTHER, WHOLE_NAMES
from fileorg.model.names import base_of, is_plain, split_extension

_DOT: Final = ord(".")
_LONGEST: Final = 100
_LONGEST_BYTES: Final = 255

_NO_OWN: Final[Mapping[str, Sequence[str]]] = MappingProxyType({})
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_NO_EXTENSION: Final = re.compile(r"""[\s/\\*?\[\]{}()<>|:;,"'`]|""" + _CONTROL.pattern)
"""What extensions are not made of: signs of patterns, lists and paths, and what can't be seen."""

_NUMBER: Final = re.compile(rb" \(\d+\)(?=\.[^.]*\Z|\Z)")

_WRONG_NAMES: Final[tuple[tuple[str, Callable[[str], object]], ...]] = (
    ("is empty", lambda name: not name),
    ("means a folder that is already there", lambda name: name in {".", ".."}),
    ("begins with '.fileorg', which is fileorg's own", lambda name: name.startswith(".fileorg")),
    ("begins with a dot, which hides the folder", lambda name: name.startswith(".")),
    ("holds a slash or backslash", re.compile(r"[/\\]").search),
    ("holds a control character", _CONTROL.search),
    ("begins or ends with a space", lambda name: name != name.strip()),
    ("ends with a dot, which Windows drops", lambda name: name.endswith(".")),
    (f"is longer than {_LONGEST} characters", lambda name: len(name) > _LONGEST),
    (f"is longer than {_LONGEST_BYTES} bytes", lambda name: len(name.encode()) > _LONGEST_BYTES),
)
"""What a folder's name must not be, first things first: a name without surrogates encodes."""

_BUILT_IN: Final = MappingProxyType(
    {f".{word}".encode(): category for category, words in CATEGORIES.items() for word in words}
)


class Categorizer:
    """Built-in categories under the user's: first the user's extensions, then the table.

    A compound extension that neither knows counts as its last part: `.txt.gz` as `.gz`.
    """

    __slots__ = ("_by_extension", "_by_name", "_by_suffix", "_names", "_plain")

    def __init__(self, own: Mapping[str, Sequence[str]] = _NO_OWN) -> None:
        """Take the user's extensions by category, dotted or not, in any case.

        A built-in category gains what is named for it. ValueError names a category that can be
        no folder, an extension that can be none, and two categories that want the same.
        """
        self._names: Final = _all_names(own)
        owned = _by_owner(own)
        regular = {ext: category for ext, category in owned.items() if _is_regular(ext)}
        # Everything is settled here, so that a file costs one look-up: a built-in compound
        # (`.tar.gz`) follows the user's word on its last part, and so does a name (`a.txt`).
        self._by_extension: Final = {
            **{ext: regular.get(_last_part(ext), built_in) for ext, built_in in _BUILT_IN.items()},
            **regular,
        }
        self._by_name: Final = {
            name: category
            for name, category in WHOLE_NAMES.items()
            if not regular.keys() & {(ext := split_extension(name)[1]), _last_part(ext)}
        }
        # What `split_extension` never answers (`.min.map`, `.2024`) is found by looking at the end.
        self._by_suffix: Final = tuple(
            (ext, owned[ext])
            for ext in sorted(owned.keys() - regular.keys(), key=len, reverse=True)
        )
        # Most files: their last suffix decides, whatever stands before it.
        named = {_last_part(name) for name in self._by_name}
        self._plain: Final = {
            ext: category
            for ext, category in self._by_extension.items()
            if is_plain(ext) and ext not in named and not self._by_suffix
        }

    def category_of(self, name: bytes) -> str:
        """Return the category of a file name, `OTHER` where nothing claims it."""
        dot = name.rfind(b".")
        if dot > 0 and (plain := self._plain.get(name[dot:].lower())) and name[0] != _DOT:
            return plain
        return self._known(name.lower()) or OTHER

    def knows(self, name: bytes) -> bool:
        """Whether a name says what the file is, were it only `OTHER`."""
        return self._known(name.lower()) is not None

    def names(self) -> tuple[str, ...]:
        """Return every category this categorizer can answer: built-in, the user's, `OTHER`."""
        return self._names

    def extensions(self) -> dict[str, list[str]]:
        """Return what each category holds, without dots and in order."""
        found: dict[str, list[str]] = {name: [] for name in self._names}
        for extension, category in (*self._by_extension.items(), *self._by_suffix):
            found[category].append(extension[1:].decode("utf-8", "surrogateescape"))
        return {name: sorted(extensions) for name, extensions in found.items()}

    def _known(self, name: bytes) -> str | None:
        for suffix, category in self._by_suffix:
            if name.endswith(suffix) and name != suffix:
                return category
        known = self._by_name.get(name)
        if known is None and b" (" in name:  # a numbered Makefile is a Makefile still
            known = self._by_name.get(_NUMBER.sub(b"", name))
        if known is not None:
            return known
        extension = split_extension(name)[1]
        return self._by_extension.get(extension) or self._by_part(extension)

    def _by_part(self, extension: bytes) -> str | None:
        base = base_of(extension)
        known = self._by_extension
        return known.get(base) or known.get(_last_part(base))


def check_category_name(name: str) -> str | None:
    """Return why `name` can be no folder, as the end of a sentence that it begins, else None."""
    return next((why for why, is_wrong in _WRONG_NAMES if is_wrong(name)), None)


def extension_of(text: str) -> bytes:
    """Return an extension, dotted or not and in any case, as it is looked up; else `ValueError`."""
    bare = text.removeprefix(".")
    if not _is_extension(bare):
        raise ValueError(f"{text!r} can be no file extension; {_write_instead(text)}")
    return b"." + bare.encode().lower()


def _is_extension(bare: str) -> bool:
    parts = bare.split(".")
    return len(bare) <= _LONGEST and all(parts) and not _NO_EXTENSION.search(bare)


def _write_instead(text: str) -> str:
    """Return what somebody may have meant who wrote what is no extension."""
    meant = [word.removeprefix("*").lstrip(".") for word in re.split(r"[\s,;]+", text) if word]
    if meant and all(map(_is_extension, meant)):
        each = ", ".join(map(repr, meant))
        return f"write {each}" if len(meant) == 1 else f"write each by itself: {each}"
    if re.search(r"[*?\[\]{}]", text):
        return "patterns are for 'glob' in a rule: write such as 'epub' or 'tar.gz'"
    return "write such as 'epub' or 'tar.gz'"


def _all_names(own: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return every category in order; names alike but for case would be one folder elsewhere."""
    spelled = {name.casefold(): name for name in (*CATEGORIES, OTHER)}
    for name in own:
        why = check_category_name(name)
        if why is not None:
            raise ValueError(f"category name {name!r} {why}")
        other = spelled.setdefault(name.casefold(), name)
        if other != name:
            raise ValueError(f"categories {other!r} and {name!r} differ only in case: use one")
    del spelled[OTHER.casefold()]
    return (*spelled.values(), OTHER)


def _by_owner(own: Mapping[str, Sequence[str]]) -> dict[bytes, str]:
    """Turn the user's table round, refusing an extension that is claimed twice."""
    owners: dict[bytes, str] = {}
    for category, extensions in own.items():
        for text in extensions:
            try:
                extension = extension_of(text)
            except ValueError as error:
                raise ValueError(f"category {category!r}: {error}") from None
            owner = owners.setdefault(extension, category)
            if owner != category:
                both = f"{owner!r} and {category!r}"
                raise ValueError(f"extension {text!r} is in two categories, {both}")
    return owners


def _is_regular(extension: bytes) -> bool:
    """Tell whether `split_extension` answers exactly this one for the files that have it."""
    return split_extension(b"x" + extension)[1] == extension


def _last_part(extension: bytes) -> bytes:
    return extension[max(0, extension.rfind(b".")) :]

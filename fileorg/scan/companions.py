"""Which files of one folder belong together, told from their names (pure).

A unit has a main file and what travels with it: the other parts of a shot (RAW and JPEG, a Live
Photo) and sidecars (`.xmp`, `.srt`, Google's `.json`). Stems are compared letter by letter,
extensions in any case.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from fileorg.scan.parts import Group, Member
from fileorg.scan.ranks import RANKS, SIDECARS, SUBTITLES, Rank, is_pair, may_pair
from fileorg.scan.takeout import Takeout, cut_titles, titles

_LANGUAGE = re.compile(
    rb"(?i)\.(?:[a-z]{2,3}(?:[-_][a-z0-9]{2,4})?|forced|default|full|signs|songs|commentary"
    rb"|english|german|french|spanish|italian|portuguese|dutch|russian|chinese|japanese)\Z"
)

_INFO = b".info"  # before `.json`, beside what was downloaded
_OF_DOWNLOADS = frozenset({Rank.VIDEO, Rank.AUDIO})


def may_accompany(suffixes: set[bytes]) -> bool:
    """Whether, by the lower-case suffixes of a folder, a file may have companions."""
    return not SIDECARS.keys().isdisjoint(suffixes) or may_pair(suffixes)


def stems_led(name: bytes) -> Iterator[bytes]:
    """Yield the stems by which others find a file that may have, or be, a companion."""
    suffix = _suffix(name)
    if suffix in RANKS:
        yield _stem(name)
        yield from cut_titles(name)
    elif suffix in SIDECARS:
        yield _stem(name)


def stems_asked(name: bytes) -> Iterator[bytes]:
    """Yield the stems, but for its own one, of the files that a sidecar may belong to."""
    suffix = _suffix(name)
    if suffix not in SIDECARS:
        return
    base = _stem(name)
    yield from (stem for stem in _stems(name) if stem != base)
    if suffix == b".json":
        yield from titles(base)
        if base.lower().endswith(_INFO):
            yield base[: -len(_INFO)]


def companies(names: Collection[bytes]) -> list[Group]:
    """Return the files with companions among the names of a folder's files."""
    return _Folder(names).groups()


class _Folder:
    """The names of a folder, as far as they come into question."""

    def __init__(self, names: Collection[bytes]) -> None:
        self._names = names
        self._sidecars = sorted(
            [
                name
                for name in names
                if (dot := name.rfind(b".")) > 0 and name[dot:].lower() in SIDECARS
            ]
        )
        stems = [name[: name.rfind(b".")] for name in names]
        wanted = {stem for stem, count in Counter(stems).items() if count > 1}
        wanted.update(stem for name in self._sidecars for stem in _stems(name))
        self._ranked: dict[bytes, list[bytes]] = {}
        for name, stem in zip(names, stems, strict=True):
            if stem in wanted and _suffix(name) in RANKS:
                self._ranked.setdefault(_stem(name), []).append(name)
        self._takeout: Takeout | None = None
        self._main_of: dict[bytes, bytes] = {}
        self._torn: set[bytes] = set()
        for stem, found in self._ranked.items():
            self._pair(stem, sorted(found, key=lambda name: (RANKS[_suffix(name)], name)))

    def groups(self) -> list[Group]:
        """Return the units, each with its members in the order of their names."""
        members: dict[bytes, dict[bytes, Member]] = {}
        for name, main in self._main_of.items():
            _join(members, main, name)
        for name in self._sidecars:
            owner = self._owner(name)
            if owner is not None:
                _join(members, self._main_of.get(owner, owner), name)
        return [
            Group(main, _stem(main), tuple(sorted(found.values())))
            for main, found in sorted(members.items())
        ]

    def _pair(self, stem: bytes, ranked: list[bytes]) -> None:
        """Note the parts of a shot; none where two of them have the same rank."""
        main, rank = ranked[0], RANKS[_suffix(ranked[0])]
        parts = [name for name in ranked[1:] if is_pair(rank, _suffix(name))]
        ranks = [rank, *(RANKS[_suffix(name)] for name in parts)]
        if len(set(ranks)) == len(ranks) and not _is_doubled(rank, ranked):
            self._main_of.update(dict.fromkeys(parts, main))
        else:
            self._torn.add(stem)

    def _owner(self, sidecar: bytes) -> bytes | None:
        """Return the file that a sidecar belongs to: by its full name, else by its stem."""
        base, suffix = _stem(sidecar), _suffix(sidecar)
        return (
            self._by_full_name(base)
            or self._by_stem(base, SIDECARS[suffix])
            or self._by_rule(base, suffix)
        )

    def _by_full_name(self, base: bytes) -> bytes | None:
        alike = self._ranked.get(_stem(base), ())
        if base in alike:
            return base
        same = [name for name in alike if _suffix(name) == _suffix(base)]
        return same[0] if len(same) == 1 else None

    def _by_stem(self, stem: bytes, ranks: frozenset[Rank]) -> bytes | None:
        """Return the file of the highest of some *ranks*, if there is but one of it."""
        able = [name for name in self._ranked.get(stem, ()) if RANKS[_suffix(name)] in ranks]
        if not able or stem in self._torn:
            return None
        first = min(able, key=lambda name: RANKS[_suffix(name)])
        return None if _is_doubled(RANKS[_suffix(first)], able) else first

    def _by_rule(self, base: bytes, suffix: bytes) -> bytes | None:
        """Return the owner of a sidecar with more in its name than that of its file."""
        if suffix in SUBTITLES:
            for stem in _without_languages(base):
                if (owner := self._by_stem(stem, SIDECARS[suffix])) is not None:
                    return owner
        if suffix != b".json":
            return None
        if base.lower().endswith(_INFO):
            return self._by_stem(base[: -len(_INFO)], _OF_DOWNLOADS)
        if self._takeout is None:
            self._takeout = Takeout(self._names, lambda name: _suffix(name) in RANKS)
        return self._takeout.owner(base)


def _join(members: dict[bytes, dict[bytes, Member]], main: bytes, name: bytes) -> None:
    """Add a member to the unit of a main file, unless another one would get the same name."""
    stem, extension = _stem(main), main[len(_stem(main)) :]
    tail = name[len(stem) :] if name.startswith(stem + b".") else b""
    if not _is_regular(tail, RANKS[extension.lower()]):
        tail = extension + _suffix(name)
    own = members.setdefault(main, {})
    if tail.lower() != extension.lower():
        own.setdefault(tail.lower(), Member(name, tail))


def _is_regular(tail: bytes, main: Rank) -> bool:
    """Whether what follows a stem would be told to belong to it after any other stem, too."""
    suffix = _suffix(b"x" + tail)
    if tail.count(b".") == 1:
        return suffix in RANKS or main in SIDECARS[suffix]
    first = b"." + tail[1:].partition(b".")[0].lower()
    return first in RANKS or first == _INFO or suffix in SUBTITLES


def _stems(sidecar: bytes) -> Iterator[bytes]:
    """Yield the stems of the files that a sidecar may belong to by its name alone."""
    base = _stem(sidecar)
    yield base
    yield _stem(base)
    if _suffix(sidecar) in SUBTITLES:
        yield from _without_languages(base)


def _without_languages(base: bytes) -> Iterator[bytes]:
    """Yield the base of a subtitle without one and without two marks at its end."""
    for _ in range(2):
        shorter = _LANGUAGE.sub(b"", base)
        if shorter == base or not shorter:
            return
        yield (base := shorter)


def _is_doubled(rank: Rank, names: Iterable[bytes]) -> bool:
    return sum(RANKS[_suffix(name)] is rank for name in names) > 1


def _stem(name: bytes) -> bytes:
    """Return a name up to its last dot, all of it where it has none."""
    dot = name.rfind(b".")
    return name[:dot] if dot > 0 else name


def _suffix(name: bytes) -> bytes:
    """Return the rest of a name, in lower case."""
    return name[len(_stem(name)) :].lower()

"""Whether new names in a folder would be taken for parts of what is there already (pure)."""

from collections.abc import Callable, Collection, Iterable, Iterator

from fileorg.scan.companions import stems_asked, stems_led
from fileorg.scan.parts import stems_of_part
from fileorg.scan.together import may_be_together, may_belong, together

_Group = frozenset[bytes]


class Company:
    """The names of a folder, and what new ones would do to the units among them.

    What is a folder can't be told from a name: each name that may be one counts as one.
    """

    def __init__(self, names: Iterable[bytes]) -> None:
        self._names = list(names)
        self._suffixes = set(filter(may_belong, {_suffix(name) for name in self._names}))
        self._concerning: dict[bytes, bool] = {}
        self._gone: set[bytes] = set()
        self._is_indexed = False
        # Names by stem, with a slash between them: of a million names a million lists are large.
        self._leaders: dict[bytes, bytes] = {}
        self._askers: dict[bytes, bytes] = {}

    def add(self, name: bytes) -> None:
        """Note a name that is new in the folder."""
        self._gone.discard(name)
        if (suffix := _suffix(name)) not in self._suffixes and may_belong(suffix):
            self._suffixes.add(suffix)
            self._concerning.clear()
        if not self._is_indexed:
            self._names.append(name)
            return
        _note(self._leaders, _led(name), name)
        _note(self._askers, stems_asked(name), name)

    def remove(self, name: bytes) -> None:
        """Note that a name is free again."""
        self._gone.add(name)

    def strangers(
        self,
        new: Collection[bytes],
        leaving: Collection[bytes] = (),
        may_meet: Callable[[bytes], bool] | None = None,
    ) -> set[bytes]:
        """Return the names that would become parts of one unit with *new* ones, or lose theirs.

        Those *leaving* are not there any more. One that is in no unit yet, and that the new one
        *may_meet*, is no stranger.
        """
        if not any(map(self._may_concern, new)):
            return set()
        near = self._near(new).difference(leaving, new)
        if not near:
            return set()
        near |= self._near(near).difference(leaving, new)  # which may have a better claim to those
        before, after = _groups(near), _groups([*near, *new])
        known = {name for group in before for name in group}
        found = {name for group in before - after for name in group}
        for group in after - before:
            others = group.difference(new)
            if len(others) < len(group) and not (
                may_meet and known.isdisjoint(others) and all(map(may_meet, others))
            ):
                found |= others
        return found if _groups(new) <= after else found | near

    def _may_concern(self, name: bytes) -> bool:
        """Whether, by what the names end with, one of them may belong together with a new one."""
        suffix = _suffix(name)
        if not may_belong(suffix):
            return False
        if suffix not in self._concerning:
            self._concerning[suffix] = may_be_together({*self._suffixes, suffix})
        return self._concerning[suffix]

    def _near(self, names: Iterable[bytes]) -> set[bytes]:
        """Return the names that some may have to do with."""
        if not self._is_indexed:
            self._is_indexed = True
            for name in self._names:
                self.add(name)
            self._names.clear()
        near: set[bytes] = set()
        for name in names:
            for stem in _led(name):
                near.update(self._leaders.get(stem, b"").split(b"/"))
                near.update(self._askers.get(stem, b"").split(b"/"))
            for stem in stems_asked(name):
                near.update(self._leaders.get(stem, b"").split(b"/"))
        near.discard(b"")
        return near - self._gone


def _suffix(name: bytes) -> bytes:
    return name[name.rfind(b".") :].lower()


def _led(name: bytes) -> Iterator[bytes]:
    yield from stems_led(name)
    yield from stems_of_part(name)


def _note(by_stem: dict[bytes, bytes], stems: Iterable[bytes], name: bytes) -> None:
    for stem in stems:
        others = by_stem.get(stem)
        by_stem[stem] = name if others is None else b"%b/%b" % (others, name)


def _groups(names: Collection[bytes]) -> set[_Group]:
    return {frozenset(group.names) for group in together(names, names)}

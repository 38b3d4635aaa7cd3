"""Whether new names in a folder would be taken for parts of what is there already (pure)."""

from collections.abc import Callable, Collection, Iterable

from fileorg.scan.companions import stems_asked, stems_led
from fileorg.scan.parts import stems_of_part
from fileorg.scan.ranks import RANKS, SIDECARS
from fileorg.scan.takeout import LONGEST
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
        self._note(name)

    def remove(self, name: bytes) -> None:
        """Note that a name is free again."""
        self._gone.add(name)

    def is_alone(self, name: bytes) -> bool:
        """Whether no name that is or was there has to do with a new one; of most it is so."""
        if not self._may_concern(name):
            return True
        leaders, askers = self._index()
        for stem in _led(name):
            if stem in leaders or stem in askers:
                return False
        return all(stem not in leaders for stem in _asked(name))

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
        if all(map(self.is_alone, new)):
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
        leaders, askers = self._index()
        found: list[bytes] = []
        for name in names:
            for stem in _led(name):
                found += [index[stem] for index in (leaders, askers) if stem in index]
            found += [leaders[stem] for stem in _asked(name) if stem in leaders]
        return {name for joined in found for name in joined.split(b"/")} - self._gone

    def _index(self) -> tuple[dict[bytes, bytes], dict[bytes, bytes]]:
        if not self._is_indexed:
            self._is_indexed = True
            for name in self._names:
                self._note(name)
            self._names.clear()
        return self._leaders, self._askers

    def _note(self, name: bytes) -> None:
        for stem in _led(name):
            others = self._leaders.get(stem)
            self._leaders[stem] = name if others is None else b"%b/%b" % (others, name)
        for stem in _asked(name):
            others = self._askers.get(stem)
            self._askers[stem] = name if others is None else b"%b/%b" % (others, name)


def _suffix(name: bytes) -> bytes:
    return name[name.rfind(b".") :].lower()


def _led(name: bytes) -> Iterable[bytes]:
    dot = name.rfind(b".")
    if len(name) <= LONGEST and name[dot:].lower() in RANKS and dot > 0:
        return (name[:dot],)  # most names, so that it has to be cheap
    return (*stems_led(name), *stems_of_part(name))


def _asked(name: bytes) -> Iterable[bytes]:
    return stems_asked(name) if _suffix(name) in SIDECARS else ()


def _groups(names: Collection[bytes]) -> set[_Group]:
    return {frozenset(group.names) for group in together(names, names)}

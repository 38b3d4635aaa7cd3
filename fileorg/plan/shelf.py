"""The names of a target folder: which are taken, by whom, and which numbers are next (pure)."""

from collections.abc import Callable, Collection, Iterable

import msgspec

from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location, join
from fileorg.model.reason import Reason
from fileorg.plan.naming import folded
from fileorg.plan.surroundings import Company

_SHORTEST = 64
"""Bytes for a name, without which a folder is too deep for any."""

Source = Location | bytes
"""Where the new holder of a name comes from: bytes are a folder of this root, the name the same."""


class Shelf:
    """One target folder: the names that were there when the run began, and those given since.

    Before `open` it only says where the folder is. *refusal* is why nothing can be put into it.
    """

    __slots__ = (
        "_chains",
        "_company",
        "_company_of",
        "_folds",
        "_gone",
        "_names",
        "_spelled",
        "able",
        "in_use",
        "is_open",
        "location",
        "longest",
        "path",
        "prefix",
        "refusal",
        "root",
    )

    def __init__(
        self,
        location: Location,
        able: Capabilities,
        company_of: Callable[[Iterable[bytes]], Company],
    ) -> None:
        self.location = location
        self.root, self.path = location.root, location.path
        self.prefix = join(location.path, b"")
        self.able = _narrowed(able, self.prefix)
        is_any_name = not (able.reserved_names or able.unicode_names)
        self.longest = self.able.longest_name if is_any_name else 0
        is_full = bool(able.longest_path) and self.able.longest_name < _SHORTEST
        self.refusal = Reason.NAME_TOO_LONG if is_full else None
        self.is_open = False
        self.in_use = False
        self._folds = able.case_insensitive
        self._names: dict[bytes, Source | None] = {}
        self._spelled: dict[bytes, bytes] = {}
        self._chains: dict[bytes, Chain] = {}
        self._gone: set[Location] = set()
        self._company: Company | None = None
        self._company_of = company_of

    def open(self, names: Iterable[bytes]) -> None:
        """Note the names that are there: taken, all of them."""
        self.is_open = True
        if self._folds:
            self._spelled = {folded(name): name for name in names}
            names = self._spelled
        self._names.update(dict.fromkeys(names))
        if self._names:
            self._company = self._company_of(self._names)

    def claim(self, name: bytes, source: Source) -> bool:
        """Give a name to the file at *source*; False, and nothing is done, if it is taken."""
        if self._folds:
            name = folded(name)
        if name in self._names:
            return False
        self._names[name] = source
        if self._company is not None:
            self._company.add(name)
        return True

    def is_free(self, name: bytes) -> bool:
        """Whether nobody has the name and nobody was given it."""
        return self._key(name) not in self._names

    @property
    def has_company(self) -> bool:
        """Whether not each free name will do: there are units, or what was there before the run."""
        return self._company is not None

    def is_alone(self, name: bytes) -> bool:
        """Whether nothing here has to do with a name; if not, see about `strangers`."""
        return self._company is not None and self._company.is_alone(self._key(name))

    def strangers(
        self,
        names: Collection[bytes],
        members: Collection[Location],
        aside: Collection[Location] = (),
        *,
        may_meet: Callable[[bytes], bool] | None = None,
    ) -> set[bytes]:
        """Return the names that would be told together with new ones, though they do not belong.

        What stands here of the *members* who get the names, and what is put *aside*, is none;
        nor is a single file that the new one *may_meet*.
        """
        if self._company is None:
            self._company = self._company_of(self._names)
        keys = list(map(self._key, names))
        leaving = [self._key(at.name) for at in (*members, *aside) if at.folder == self.location]
        return self._company.strangers(keys, leaving, may_meet)

    def was_there(self, name: bytes) -> bool:
        """Whether a taken name is that of a file that stands there and may be set aside."""
        return self._names[self._key(name)] is None

    def holder_of(self, name: bytes) -> Location:
        """Return where the file that has a taken name is now."""
        key = self._key(name)
        source = self._names[key]
        if isinstance(source, bytes):
            return Location(self.root, join(source, name))
        return source or self.location.below(self._spelled.get(key, name))

    def pin(self, holder: Location) -> None:
        """Keep the file at *holder* where it is, if it is here: another one stays because of it."""
        if holder.folder == self.location:
            key = self._key(holder.name)
            if key in self._names and self._names[key] is None:
                self._names[key] = holder

    def set_aside(self, holder: Location) -> None:
        """Take a name back from its holder, which is put in quarantine."""
        key = self._key(holder.name)
        del self._names[key]
        if self._company is not None:
            self._company.remove(key)
        self._gone.add(holder)

    def is_gone(self, holder: FileEntry) -> bool:
        """Whether a file was set aside."""
        return holder.location in self._gone

    def chain(self, name: bytes) -> "Chain | None":
        """Return what is known of the files that want *name*, None before `start_chain`."""
        return self._chains.get(self._key(name))

    def start_chain(self, name: bytes) -> "Chain":
        """Begin to remember the files that want *name*."""
        chain = self._chains[self._key(name)] = Chain()
        return chain

    def _key(self, name: bytes) -> bytes:
        return folded(name) if self._folds else name


def _narrowed(able: Capabilities, prefix: bytes) -> Capabilities:
    """Return what can be done in a folder where the whole path has a limit, and not each name."""
    if not able.longest_path:
        return able
    room = min(able.longest_name, able.longest_path - len(prefix))
    return msgspec.structs.replace(able, longest_name=room)


class Chain:
    """The files that want one name, by size: its holder and the numbered; *number* is the next.

    Once it *is_binding*, a file whose content is among them stays where it is.
    """

    __slots__ = ("_by_size", "is_binding", "number")

    def __init__(self) -> None:
        self.number = 1
        self.is_binding = True
        self._by_size: dict[int, list[FileEntry]] = {}

    def add(self, holder: FileEntry | None) -> None:
        """Remember a holder as one to compare with."""
        if holder is not None:
            self._by_size.setdefault(_size(holder), []).append(holder)

    def like(self, entry: FileEntry) -> list[FileEntry]:
        """Return the holders that an entry may be the same as: those of its kind and size."""
        if not self.is_binding:
            return []
        return [h for h in self._by_size.get(_size(entry), ()) if h.kind is entry.kind]


def _size(entry: FileEntry) -> int:
    """Return the size to compare by; what a folder has for a size says nothing."""
    return -1 if entry.kind is Kind.FOLDER else entry.fingerprint.size

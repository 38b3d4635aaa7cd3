"""Units of several files at a target: one stem and one number for all of them (pure)."""

from collections.abc import Iterable
from typing import NamedTuple

from fileorg.errors import ConflictError
from fileorg.model.entry import FileEntry, Kind, Skip, Unit
from fileorg.model.location import Location, text
from fileorg.model.names import split_extension
from fileorg.model.plan import ConflictPolicy
from fileorg.model.reason import Reason
from fileorg.plan.conflicts import Decision, Resolver, decide
from fileorg.plan.naming import folded, portable, shared_stem
from fileorg.plan.shelf import Shelf


class Names(NamedTuple):
    """The names that the members get, in their order, and the holders to set aside before."""

    names: tuple[bytes, ...]
    aside: tuple[FileEntry, ...] = ()


class _Wish(NamedTuple):
    """What a unit asks a shelf for: its stem there, and what follows it in each name."""

    members: tuple[FileEntry, ...]
    own: bytes
    stem: bytes
    tails: tuple[bytes, ...]

    def names(self, number: int, shelf: Shelf) -> tuple[bytes, ...]:
        """Return the names with a number; none where the file system can't hold one of them.

        With the stem that it has a unit keeps its names, odd ones as well.
        """
        stem = shared_stem(self.stem, number, self.tails, shelf.able)
        if not stem:
            return ()
        names = [stem + tail for tail in self.tails]
        if stem == self.own:
            names[1:] = [member.location.name for member in self.members[1:]]
        return tuple(portable(name, shelf.able) for name in names)

    def is_free(self, names: tuple[bytes, ...], shelf: Shelf) -> bool:
        """Whether all names are free, and nothing else would be told to belong to them."""
        return all(map(shelf.is_free, names)) and not self.strangers(names, shelf)

    def strangers(
        self, names: tuple[bytes, ...], shelf: Shelf, aside: Iterable[FileEntry] = ()
    ) -> set[bytes]:
        """Return the names there that would be told together with the unit, but for its own."""
        members = [member.location for member in self.members]
        return shelf.strangers(names, members, [holder.location for holder in aside])


class UnitResolver:
    """Says which names a unit gets, or why all of it stays."""

    def __init__(self, resolver: Resolver, policy: ConflictPolicy, *, copies: bool) -> None:
        self._stayer_at = resolver.stayer
        self._has_stayer = resolver.has_stayer
        self._same = resolver.is_same
        self._policy = policy
        self._copies = copies
        self._known: dict[tuple[Location, Location], FileEntry | None] = {}

    def resolve(self, unit: Unit, shelf: Shelf, rendered: bytes) -> Names | Skip:
        """Return the names for a unit whose main file is to be called *rendered*.

        `ConflictError` under the policy `fail`; `UndecidedError` changes nothing.
        """
        wish = _wish(unit, rendered)
        is_fixed = any(member.kind is Kind.FOLDER for member in wish.members)
        names = wish.names(0, shelf)
        if not names or len(set(map(folded, names))) < len(names):
            return Skip(unit.main.location, Reason.NAME_TOO_LONG, text(shelf.prefix + rendered))
        if is_fixed and names != tuple(member.location.name for member in wish.members):
            return Skip(unit.main.location, Reason.NAMES_ARE_LINKED, text(shelf.prefix + names[0]))
        if wish.is_free(names, shelf):
            return Names(names)
        return self._taken(unit, wish, names, shelf, is_fixed=is_fixed)

    def _taken(
        self, unit: Unit, wish: _Wish, names: tuple[bytes, ...], shelf: Shelf, *, is_fixed: bool
    ) -> Names | Skip:
        """Return what becomes of a unit that can't have all the names it asks for."""
        taken = {n: m for n, m in zip(names, wish.members, strict=True) if not shelf.is_free(n)}
        holders = {name: self._stayer(shelf, name) for name in taken}
        stayers = [holder for holder in holders.values() if holder is not None]
        is_binding = (
            self._copies
            or any(holder.kind is not Kind.FOLDER for holder in stayers)
            or (not taken and self._has_stayer(shelf, wish.strangers(names, shelf)))
        )
        free = self._next_free(wish, shelf, is_binding=is_binding, is_fixed=is_fixed)
        if isinstance(free, Skip):
            return free
        place = text(shelf.prefix + next(iter(taken), names[0]))
        decisions = {
            decide(self._policy, member, holders[name] if shelf.was_there(name) else None)
            for name, member in taken.items()
        } or {decide(self._policy, unit.main, None)}
        for decision in decisions:
            if isinstance(decision, Reason):
                return Skip(unit.main.location, decision, place)
        if Decision.REFUSE in decisions:
            raise ConflictError(
                f"{place}: {text(unit.main.location.path)} and what travels with it belong there, "
                "but the name is taken by another file",
                "nothing was moved; --on-conflict rename would number them",
            )
        if decisions == {Decision.SET_ASIDE} and not wish.strangers(names, shelf, stayers):
            return Names(names, tuple(stayers))
        if is_fixed:
            return Skip(unit.main.location, Reason.NAMES_ARE_LINKED, place)
        return free

    def _next_free(
        self, wish: _Wish, shelf: Shelf, *, is_binding: bool, is_fixed: bool
    ) -> Names | Skip:
        """Return the first names that are free, unless those before hold the very same files."""
        number, main = 0, wish.members[0].location
        while names := wish.names(number, shelf):
            if number and wish.is_free(names, shelf):
                return Names(names)
            if not any(map(shelf.is_free, names)):
                places = [shelf.holder_of(name) for name in names]
                if places == [member.location for member in wish.members]:
                    return Skip(main, Reason.IN_PLACE)
                if is_binding and self._are_twins(wish, shelf, names):
                    for place in places:
                        shelf.pin(place)
                    return Skip(main, Reason.SAME_CONTENT, text(places[0].path))
            if is_fixed:
                return Names(names)
            number += 1
        return Skip(main, Reason.NAME_TOO_LONG, text(shelf.prefix + wish.stem))

    def _are_twins(self, wish: _Wish, shelf: Shelf, names: tuple[bytes, ...]) -> bool:
        """Whether each member's name is held by the same content, of a file that stays."""
        for name, member in zip(names, wish.members, strict=True):
            holder = self._stayer(shelf, name)
            if holder is None or shelf.is_gone(holder) or not self._same(member, holder):
                return False
        return True

    def _stayer(self, shelf: Shelf, name: bytes) -> FileEntry | None:
        """Return who has a taken name and will still have it after the run; asked once."""
        key = shelf.location, shelf.holder_of(name)
        if key not in self._known:
            self._known[key] = self._stayer_at(shelf, name)
        return self._known[key]


def _wish(unit: Unit, rendered: bytes) -> _Wish:
    """Return the wish of a unit whose main file is to be called *rendered*.

    The main file keeps what follows the stem in its name, for it tells the unit together; but for
    the case of its extension.
    """
    own = unit.main.location.name
    tail = own[len(unit.stem) :]
    stem = unit.stem
    if rendered != own:
        extension = split_extension(own)[1][-len(tail) :]  # of `.7z.001` the stem has the `.7z`
        cut = len(rendered) - len(extension)
        if extension and cut > 0 and rendered[cut:].lower() == extension.lower():
            stem = rendered[:cut]
            tail = rendered[cut:] if tail == extension else tail
        else:
            stem = split_extension(rendered)[0]
    tails = (tail, *(companion.tail for companion in unit.companions))
    return _Wish(unit.members, unit.stem, stem, tails)

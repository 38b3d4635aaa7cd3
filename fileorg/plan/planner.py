"""From classified entries to a plan: a stream of actions, each target given once (pure).

The planner knows the names that were there when the run began and those it has given away since;
a name taken at the beginning stays taken, even if its holder moves.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from fileorg.errors import StorageError
from fileorg.model.duplicates import DedupeAction, DuplicateGroup
from fileorg.model.entry import FileEntry, FolderSeen, Kind, Settled, Skip
from fileorg.model.evidence import Facts, Mismatch
from fileorg.model.location import Location, text
from fileorg.model.plan import (
    Action,
    ActionKind,
    Classified,
    ClassifiedUnit,
    FolderFound,
    InPlace,
    Joint,
)
from fileorg.model.reason import Reason
from fileorg.plan.aside import AsideOptions, plan_group
from fileorg.plan.conflicts import Resolver, UndecidedError
from fileorg.plan.folders import FolderBook
from fileorg.plan.joint import UnitResolver
from fileorg.plan.layout import Layout
from fileorg.plan.meeting import Meeting
from fileorg.plan.options import PlanOptions
from fileorg.plan.places import Destination, Origin, Places
from fileorg.plan.rest import Classify, Rest
from fileorg.plan.shelf import Shelf
from fileorg.plan.shelves import Shelves
from fileorg.plan.surroundings import Surroundings
from fileorg.plan.wholes import Wholes

__all__ = ["Destination", "Planned", "Planner"]

Planned = Action | Facts | FolderFound | InPlace | Joint | Mismatch | Skip
_BATCH = 256
_FOLDER, _MOVE = Kind.FOLDER, ActionKind.MOVE  # looking one up in its enum takes 50 ns


class Planner:
    """Plans one run. Ask `plan` once; it yields as it reads.

    Each file is placed by the layout of its number.
    """

    def __init__(
        self,
        layouts: Sequence[Layout],
        destinations: Iterable[Destination],
        classify: Classify,
        around: Surroundings,
        options: PlanOptions,
    ) -> None:
        self._layouts = layouts
        self._around = around
        self._options = options
        self._out: list[Planned] = []
        self._emit = self._out.append
        self._places = Places(layouts, destinations, around)
        self._book = FolderBook(around, self._emit)
        self._shelves = Shelves(self._places, self._book, options.quarantine, self._emit)
        self._classify = classify
        self._rest = Rest(layouts, self._places, classify, around)
        self._is_of_others = Meeting(self._rest, around).is_of_others
        self._wholes = Wholes(self._places, self._rest, self._book, around, self._emit)
        self._resolver = Resolver(around, options.policy, self._leaves, copies=options.copy)
        self._unit_resolver = UnitResolver(self._resolver, options.policy, copies=options.copy)
        self._kind = ActionKind.COPY if options.copy else ActionKind.MOVE
        self._origin: Origin | None = None
        self._has_ended = False
        self._waiting: list[Classified | ClassifiedUnit] = []
        self._units: list[Classified] = []

    def wanted_folder(self, item: Classified | ClassifiedUnit) -> Location | None:
        """Return the folder that the layout wants a file in; None where its name can't be one."""
        item = item.main if isinstance(item, ClassifiedUnit) else item
        location = item.entry.location
        origin = self._places.origin_of(location)
        try:
            return self._places.place(item, location.name, origin)[0].location
        except ValueError:
            return None

    def plan(
        self,
        stream: Iterable[Classified | ClassifiedUnit | FolderSeen | Mismatch | Settled | Skip],
        redundant: Iterable[DuplicateGroup] = (),
    ) -> Iterator[Planned]:
        """Yield the actions in an order that is safe, and what is left alone with its reason.

        What is *redundant* is set aside before anything moves; the stream is without it.
        `ConflictError` under the policy `fail`, `UsageError` for a layout that never rests.
        """
        out, emit, settle = self._out, self._emit, self._settle
        self._set_redundant_aside(redundant)
        for item in stream:
            if type(item) is Classified:
                if item.entry.kind is _FOLDER:
                    self._units.append(item)
                else:
                    settle(item)
            elif type(item) is ClassifiedUnit:
                self._settle_unit(item)
            elif type(item) is FolderSeen:
                self._book.saw(item, keep=self._places.is_end(item.location))
            elif type(item) is Settled:
                self._settle_by_name(item)
            else:
                emit(item)
            if len(out) >= _BATCH:
                yield from out
                out.clear()
        self._has_ended = True
        self._leave_own_folders()
        self._find_blockers()
        self._settle_waiting()
        self._settle_units()
        self._leave_origin()
        for folder, places in self._shelves.aside.items():
            self._book.left(folder, len(places))
        if not (self._options.keep_empty or self._options.copy):
            self._book.remove_empty()
        yield from out

    def _set_redundant_aside(self, groups: Iterable[DuplicateGroup]) -> None:
        options = AsideOptions(DedupeAction.QUARANTINE, self._options.quarantine)
        for group in groups:
            for place in plan_group(group, options, self._around, self._book, self._emit):
                self._shelves.aside.setdefault(place.folder, []).append(place)

    # one file

    def _settle(self, item: Classified) -> None:
        entry = item.entry
        location = entry.location
        own = location.path
        cut = own.rfind(b"/")
        own_folder, own_name = (own[:cut], own[cut + 1 :]) if cut >= 0 else (b"", own)
        origin = self._origin
        if origin is None or origin.path != own_folder or origin.root != location.root:
            origin = self._enter_origin(location)
        if not self._has_ended and origin.blocking and self._places.is_in_the_way(origin, own):
            self._waiting.append(item)
            return
        try:
            shelf, name = self._places.place(item, own_name, origin)
        except ValueError as error:
            self._emit(Skip(location, Reason.BAD_NAME, str(error)))
            return
        if shelf.path == own_folder and self._rest.is_home(item, own_name, shelf, name):
            self._emit(Skip(location, Reason.IN_PLACE))
            return
        if not shelf.is_open or shelf.refusal is not None:
            refusal = self._shelves.ready(shelf)
            if refusal is not None:
                self._emit(Skip(location, refusal, text(shelf.path)))
                return
        # Most files keep their names, so that their folder says enough: it is one object for all.
        source = origin.path if name == own_name and origin.root == shelf.root else location
        if self._is_of_others(entry, own_name, shelf, name) or not shelf.claim(name, source):
            free = self._make_room(item, origin, shelf, name)
            if free is None:
                return
            name = free
            shelf.claim(name, location)
        if self._has_to_rest(item, origin, own_name, name):
            self._rest.check(item, origin.home, shelf, name)
        self._transfer(item, origin, shelf, Location(shelf.root, shelf.prefix + name))

    def _has_to_rest(self, item: Classified, origin: Origin, own_name: bytes, name: bytes) -> bool:
        """Whether the place of a file may turn out to be another one when it is there."""
        if not self._layouts[item.layout].rests:
            return True
        options = self._options
        return origin.in_place and (options.by_folder or (options.by_name and name != own_name))

    def _settle_by_name(self, files: Settled) -> None:
        """Count files that are home; where they are not, look at each after all."""
        if self._rest.are_home(files):
            self._emit(InPlace(len(files.names)))
            return
        for name in files.names:
            entry = self._around.entry(files.folder.below(name))
            item = None if entry is None else self._classify(entry)
            if isinstance(item, Classified):
                self._settle(item)
            elif item is not None:
                self._emit(item)

    # several files that belong together

    def _settle_unit(self, item: ClassifiedUnit) -> None:
        """Settle a unit where its main file belongs; what keeps that keeps all of it."""
        entry, members = item.main.entry, item.unit.members
        origin = self._origin
        if origin is None or origin.location != entry.location.folder:
            origin = self._enter_origin(entry.location)
        if not self._has_ended and any(
            self._places.is_in_the_way(origin, member.location.path) for member in members
        ):
            self._waiting.append(item)
            return
        answer = self._unit_place(item, origin)
        if isinstance(answer, Skip):
            for member in members:
                self._emit(Skip(member.location, answer.reason, answer.detail))
        elif answer is not None:
            self._transfer_unit(item, origin, *answer)

    def _unit_place(
        self, item: ClassifiedUnit, origin: Origin
    ) -> tuple[Shelf, tuple[bytes, ...]] | Skip | None:
        """Return where a unit goes and the names in it; why it stays, or None if it has to wait."""
        main, entry = item.main, item.main.entry
        own = entry.location.name
        try:
            shelf, name = self._places.place(main, own, origin)
        except ValueError as error:
            return Skip(entry.location, Reason.BAD_NAME, str(error))
        if shelf.path == origin.path and self._rest.is_home(main, own, shelf, name):
            return Skip(entry.location, Reason.IN_PLACE)
        if (refusal := self._shelves.ready(shelf)) is not None:
            return Skip(entry.location, refusal, text(shelf.path))
        try:
            answer = self._unit_resolver.resolve(item.unit, shelf, name)
            if isinstance(answer, Skip):
                return answer
            if self._is_unruled(main, origin, shelf, name, answer.names[0]):
                return Skip(entry.location, Reason.TAKEN, "no rule keeps it under a number")
            for holder in answer.aside:
                self._shelves.set_aside(holder, shelf)
        except UndecidedError:
            self._waiting.append(item)
            return None
        except StorageError as error:
            return Skip(entry.location, error.reason, str(error))
        if self._has_to_rest(main, origin, own, name):
            is_kept = self._layouts[main.layout].keeps_name
            self._rest.check(main, origin.home, shelf, answer.names[0] if is_kept else name)
        return shelf, answer.names

    def _is_unruled(
        self, main: Classified, origin: Origin, shelf: Shelf, name: bytes, other: bytes
    ) -> bool:
        """Whether rules would not leave a file alone under *other* than the name they ask for."""
        if other == name or not (self._options.by_name and origin.in_place):
            return False
        return not self._rest.stays(main, origin.home, shelf, other)

    def _transfer_unit(
        self, item: ClassifiedUnit, origin: Origin, shelf: Shelf, names: tuple[bytes, ...]
    ) -> None:
        if not shelf.in_use:
            self._shelves.use(shelf)
        actions: list[Action] = []
        for member, name in zip(item.unit.members, names, strict=True):
            shelf.claim(name, member.location)
            target = Location(shelf.root, shelf.prefix + name)
            if member.kind is _FOLDER and not self._moves_whole(member.location, target):
                whole = Classified(member, item.main.category)
                actions += self._wholes.steps(whole, target, self._kind)
                continue
            self._leave(origin)
            mark, category = member.fingerprint, item.main.category
            actions.append(Action(self._kind, member.location, target, mark, category, member.kind))
        facts = item.main.facts
        if facts is not None and facts.is_evidence:
            self._emit(facts)
        self._emit(Joint(tuple(actions)))

    def _transfer(self, item: Classified, origin: Origin, shelf: Shelf, target: Location) -> None:
        entry = item.entry
        if not shelf.in_use:
            self._shelves.use(shelf)
        if entry.kind is _FOLDER and not self._moves_whole(entry.location, target):
            for action in self._wholes.steps(item, target, self._kind):
                self._emit(action)
            return
        self._leave(origin)
        facts = item.facts
        if facts is not None and facts.is_evidence:
            self._emit(facts)
        self._emit(
            Action(self._kind, entry.location, target, entry.fingerprint, item.category, entry.kind)
        )

    def _leave(self, origin: Origin) -> None:
        if self._kind is _MOVE:
            if not origin.left:
                self._book.touch(origin.location)
            origin.left += 1

    def _moves_whole(self, source: Location, target: Location) -> bool:
        return not self._options.copy and self._around.same_device(source, target)

    def _enter_origin(self, location: Location) -> Origin:
        self._leave_origin()
        self._origin = self._places.origin_of(location)
        return self._origin

    def _leave_origin(self) -> None:
        if self._origin is not None and self._origin.left:
            self._book.left(self._origin.location, self._origin.left)
        self._origin = None

    # folders and taken names

    def _make_room(
        self, item: Classified, origin: Origin, shelf: Shelf, name: bytes
    ) -> bytes | None:
        """Return the name to take where *name* is taken; None if the file stays or has to wait."""

        def stays(number: bytes) -> bool:
            is_sure = not (self._options.by_name and origin.in_place)
            return is_sure or self._rest.stays(item, origin.home, shelf, number)

        try:
            answer = self._resolver.resolve(item.entry, shelf, name, stays)
            if isinstance(answer, FileEntry):
                self._shelves.set_aside(answer, shelf)
                return name
        except UndecidedError:
            self._waiting.append(item)
            return None
        except StorageError as error:
            answer = Skip(item.entry.location, error.reason, str(error))
        if isinstance(answer, Skip):
            self._emit(answer)
            return None
        return answer

    def _leaves(self, holder: FileEntry) -> bool:
        """Whether a file that stands at a target moves away; `UndecidedError` before that is known.

        It does if the layout wants it elsewhere and the scan comes by.
        """
        if self._options.copy or holder.kind not in {Kind.FILE, Kind.SYMLINK}:
            return False
        if not self._rest.wants_away(holder):
            return False
        was_seen = self._book.was_seen(holder.location.folder)
        if not (was_seen or self._has_ended):
            raise UndecidedError
        return was_seen

    # what has to wait for the rest

    def _find_blockers(self) -> None:
        """Find the files that are in the way of a folder, before any of them is moved away."""
        for item in (*self._waiting, *self._units):
            folder = self.wanted_folder(item)
            if folder is not None:
                self._shelves.find_blocker(folder)

    def _settle_waiting(self) -> None:
        for item in self._waiting:
            if isinstance(item, ClassifiedUnit):
                members, settle = item.unit.members, partial(self._settle_unit, item)
            else:
                members, settle = (item.entry,), partial(self._settle, item)
            if self._shelves.blockers.isdisjoint(member.location for member in members):
                settle()
            else:
                for member in members:
                    self._emit(Skip(member.location, Reason.BLOCKED_FOLDER))

    def _leave_own_folders(self) -> None:
        """Leave the folders that files are sorted into: what they want must not decide anything."""
        units, self._units = self._units, []
        for unit in units:
            if self._wholes.is_own(unit.entry.location):
                self._emit(Skip(unit.entry.location, Reason.FOLDER_ON_PATH))
            else:
                self._units.append(unit)

    def _settle_units(self) -> None:
        """Plan the folders that move as one; a folder on any target path is never one of them."""
        used = [shelf.location for shelf in self._places.shelves.values() if shelf.is_open]
        wanted = filter(None, map(self.wanted_folder, self._units))
        on_path = {step for folder in (*used, *wanted) for step in folder.upwards()}
        for unit in self._units:
            if unit.entry.location in on_path:
                self._emit(Skip(unit.entry.location, Reason.FOLDER_ON_PATH))
            else:
                self._settle(unit)

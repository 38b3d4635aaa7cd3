"""The plan that takes back what is in force of a run: its rows inverted, and folders for them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from fileorg.errors import StorageError, StorageUnavailableError
from fileorg.journal.in_force import InForce
from fileorg.journal.reading import JournalReader, Step
from fileorg.journal.rollback import Line, inverse, rollback
from fileorg.model.entry import FolderFacts, Skip
from fileorg.model.location import Location, shown
from fileorg.model.outcome import RunKind, RunState
from fileorg.model.plan import (
    NO_FINGERPRINT,
    Action,
    ActionKind,
    FolderFound,
    FolderTime,
    Joint,
    NotChosen,
    steps_in,
)
from fileorg.model.reason import Reason
from fileorg.move.acts import GONE, is_gone
from fileorg.pipeline.choosing import Chooser
from fileorg.pipeline.numbering import Numbering
from fileorg.pipeline.renumbered import Renumbered
from fileorg.storage.base import Storage, is_rewritten

Part = Action | FolderFound | FolderTime | Joint | NotChosen | Skip
Times = dict[Location, int | None]
_NEEDS_NO_FOLDER = {ActionKind.REMOVE_FOLDER, ActionKind.KEEP, ActionKind.REMOVE_LINK}


class TakingBack(msgspec.Struct, frozen=True):
    """What the plan is made from.

    *left* are the times at which folders were left, *moved* tells a redo where files are by now
    that were kept, and *renumbered* what came back as something new. With *numbered*, files whose
    place is taken go beside what is there.
    """

    forces: Sequence[InForce]
    storage: Storage
    left: Times
    moved: dict[Location, Location]
    renumbered: Renumbered
    numbered: bool = False

    def all(self) -> Iterator[Part]:
        """Yield the inverse of all that is in force, with folders made where they are missing."""
        yield from self._folders_now(self._found())
        yield from self._steps([force.line() for force in self.forces])

    def part(self, chooser: Chooser) -> Iterator[Part]:
        """Yield the inverse of what is chosen of all that is in force, and how much is not.

        Folders that were made go with their last file; where nothing is left, so do all others.
        """
        yield from self._steps([_chosen(force, chooser) for force in self.forces])
        rest = list(chooser.rest())
        yield from rest
        for force in self.forces if not rest else ():
            steps = force.of_kind(ActionKind.REMOVE_FOLDER)
            again = (inverse(ActionKind.MAKE_FOLDER, step, None) for _, step in steps)
            yield from _with_folders(again, self.storage)
        found = self._found().items()
        yield from self._folders_now({place: at for place, at in found if chooser.touched(place)})

    def _steps(self, lines: list[Line]) -> Iterator[Part]:
        gone = {place for force in self.forces for place in _purged(force, self.storage)}
        roots = self.storage.roots
        inverse_steps = (step for step in rollback(lines) if not _is_purged(step, gone))
        steps = (
            self._beside_what_is_kept(self.renumbered.item(step, roots)) for step in inverse_steps
        )
        if self.numbered:
            numbering = Numbering(self.forces, self.storage)
            yield from _with_folders(numbering.around_taken(steps), self.storage)
        else:
            yield from _with_folders(steps, self.storage)
        yield from (Skip(place, Reason.PURGED) for place in sorted(gone))

    def _beside_what_is_kept(self, step: Action | Joint) -> Action | Joint:
        """Name a file that is kept where it is now, if only redundant ones were taken back."""
        if isinstance(step, Joint) or step.kind is not ActionKind.KEEP:
            return step
        if step.source not in self.moved:
            return step
        there = self.moved[step.source]
        return msgspec.structs.replace(step, source=there, target=there)

    def _found(self) -> dict[Location, FolderFacts]:
        """Return how each folder was before it was first touched."""
        found: dict[Location, FolderFacts] = {}
        for force in self.forces:
            found |= {item.location: item.facts for item in force.journal.found_folders()}
        return found

    def _folders_now(self, found: dict[Location, FolderFacts]) -> Iterator[Part]:
        """Yield how each touched folder is now, and the time it gets back.

        A folder whose time somebody changed since it was *left* keeps its new one.
        """
        for folder, before in found.items():
            now = _facts(self.storage, folder)
            yield FolderFound(folder, before if now is None else now)
            if now is None or self.left.get(folder) in {None, now.mtime_ns}:
                yield FolderTime(folder, before.mtime_ns)


def left_times(line: Iterable[JournalReader]) -> Times:
    """Return the times at which the runs of a line, the newest first, left their folders.

    None is any time: that of a folder could not be read, or an undo that was interrupted did not
    come to give back the one it owed.
    """
    left: Times = {}
    for journal in line:
        is_undo = journal.header().kind is RunKind.UNDO
        has_ended = journal.progress().state is RunState.FINISHED or not is_undo
        times = journal.left_times() if has_ended else {}
        touched = [found.location for found in journal.found_folders()]
        owed = journal.times_to_restore() if is_undo else touched
        left = {folder: times.get(folder) for folder in owed} | left
    return left


def _chosen(force: InForce, chooser: Chooser) -> Line:
    def steps_of(kind: ActionKind) -> Iterator[tuple[int, Action]]:
        for unit in _units(force.journal, kind):
            there = [step for step in unit if force.has(step)]
            for _, action in unit if not there else ():
                chooser.knows(action)
            if there and chooser.takes(*(action for _, action in there)):
                yield from there

    line = force.line()
    left = [step for step in line.left if chooser.takes(step[1])]
    return line._replace(steps_of=steps_of, left=left)


def _units(journal: JournalReader, kind: ActionKind) -> Iterator[list[Step]]:
    """Yield the steps of a kind, the last first: those of a unit as one, others one by one."""
    for first, steps in groupby(journal.of_kind(kind), lambda step: journal.unit_of(step[0])):
        if first is None:
            yield from ([step] for step in steps)
        else:
            yield list(steps)


def _purged(force: InForce, storage: Storage) -> Iterator[Location]:
    """Yield the places of what was set aside and is gone from quarantine by a purge."""
    steps = {seq for seq, outcome in force.outcomes.items() if outcome.reason is Reason.PURGED}
    for seq, action in force.of_kind(ActionKind.SET_ASIDE) if steps else ():
        if seq not in steps:
            continue
        if is_gone(storage, action.target):
            yield action.source


def _is_purged(step: Action | Joint, purged: set[Location]) -> bool:
    """Whether a step would bring back what is gone, or remove the link that stands in its place."""
    if isinstance(step, Joint):
        return False
    if step.kind is ActionKind.BRING_BACK:
        return step.target in purged
    return step.kind is ActionKind.REMOVE_LINK and step.source in purged


def _with_folders(items: Iterable[Action | Joint], storage: Storage) -> Iterator[Part]:
    ready: set[Location] = set()
    for item in items:
        is_there = False
        for step in steps_in(item):
            if step.kind is ActionKind.MAKE_FOLDER:
                is_there = step.target in ready or _facts(storage, step.target) is not None
            real = not is_rewritten(storage, step.target.root)
            if real and not is_there and step.kind not in _NEEDS_NO_FOLDER:
                yield from _missing_folders(step.target.folder, storage, ready)
            if step.kind is ActionKind.MAKE_FOLDER:
                ready.add(step.target)
        if not is_there:
            yield item


def _missing_folders(folder: Location, storage: Storage, ready: set[Location]) -> Iterator[Action]:
    missing = []
    while folder.path and folder not in ready:
        ready.add(folder)
        if _facts(storage, folder) is not None:
            break
        missing.append(folder)
        folder = folder.folder
    for new in reversed(missing):
        yield Action(ActionKind.MAKE_FOLDER, new, new, NO_FINGERPRINT)


def _facts(storage: Storage, folder: Location) -> FolderFacts | None:
    try:
        return storage.folder_facts(folder)
    except StorageError as error:
        if error.reason in GONE:
            return None
        path = shown(storage.roots[folder.root].absolute(folder))
        raise StorageUnavailableError(f"{path}: {error}", "nothing was moved; try again") from error

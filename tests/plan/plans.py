"""Plans made in one line, and read as what goes where."""

import datetime as dt
from collections.abc import Iterable, Sequence

from fileorg.categorize.dates import Calendar
from fileorg.categorize.rules import Categorizer
from fileorg.model.entry import FolderSeen, Settled, Skip
from fileorg.model.location import Location
from fileorg.model.plan import Action, ActionKind, Classified, ClassifiedUnit, ConflictPolicy
from fileorg.model.reason import Reason
from fileorg.plan.layout import Layout
from fileorg.plan.options import PlanOptions
from fileorg.plan.planner import Destination, Planned, Planner
from fileorg.plan.templates import MODES, with_folders
from tests.plan.surroundings import DAY_NS, MAY_17, Disk, flat

HERE, THERE = Location(0, b""), Location(1, b"")
IN_PLACE = (Destination(HERE, HERE),)
ELSEWHERE = (Destination(HERE, THERE),)
CALENDAR = Calendar(dt.UTC, MAY_17 + 10 * DAY_NS)
CATEGORIES = Categorizer().names()


def plan_of(
    disk: Disk,
    template: str = "category",
    destinations: Sequence[Destination] = IN_PLACE,
    *,
    stream: Iterable[Classified | ClassifiedUnit | FolderSeen | Settled | Skip] | None = None,
    recurse: bool = False,
    whole: bool = False,
    keep_folders: bool = False,
    policy: ConflictPolicy = ConflictPolicy.RENAME,
    copy: bool = False,
    keep_empty: bool = False,
    others: Sequence[str] = (),
    by_name: bool = False,
    by_folder: bool = False,
) -> list[Planned]:
    """Return the plan for a disk by a mode or template; *stream* instead of what a scan yields.

    The *others* are templates that items of the stream may ask for, from number 1 on.
    """
    template = MODES.get(template, template)
    template = with_folders(template) if keep_folders else template
    layouts = [Layout(text, CALENDAR, CATEGORIES) for text in (template, *others)]
    options = PlanOptions(
        policy=policy, copy=copy, keep_empty=keep_empty, by_name=by_name, by_folder=by_folder
    )
    planner = Planner(layouts, destinations, disk.classify, disk, options)
    if stream is None:
        stream = [
            item
            for destination in destinations
            for item in disk.scan(destination.source, recurse=recurse, whole=whole)
        ]
    return list(planner.plan(stream))


def actions_of(plan: list[Planned], *kinds: ActionKind) -> list[Action]:
    """Return the actions, or those of some kinds."""
    actions = (item for item in flat(plan) if isinstance(item, Action))
    return [action for action in actions if not kinds or action.kind in kinds]


def moves_of(plan: list[Planned]) -> dict[bytes, bytes]:
    """Return what goes where: moves, copies and quarantine, by path."""
    kinds = (ActionKind.MOVE, ActionKind.COPY, ActionKind.QUARANTINE)
    return {action.source.path: action.target.path for action in actions_of(plan, *kinds)}


def made_in(plan: list[Planned]) -> list[bytes]:
    """Return the folders that are made, in order."""
    return [action.target.path for action in actions_of(plan, ActionKind.MAKE_FOLDER)]


def removed_in(plan: list[Planned]) -> list[bytes]:
    """Return the folders that are removed, in order."""
    return [action.source.path for action in actions_of(plan, ActionKind.REMOVE_FOLDER)]


def reasons_of(plan: list[Planned]) -> set[tuple[Location, Reason, str]]:
    """Return what is left alone, why, and the detail."""
    return {(item.location, item.reason, item.detail) for item in plan if isinstance(item, Skip)}


def at(path: bytes, root: int = 0) -> Location:
    """Return a location."""
    return Location(root, path)


def why(
    disk: Disk,
    path: bytes,
    template: str = "category",
    *,
    recurse: bool = False,
    whole: bool = False,
) -> Reason | None:
    """Return why a file stays, None if it moves."""
    plan = plan_of(disk, template, recurse=recurse, whole=whole)
    found = [reason for where, reason, _ in reasons_of(plan) if where.path == path]
    return found[0] if found else None

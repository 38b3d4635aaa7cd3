"""A plan as JSON lines: the head, then a line for each file; any of those may be deleted (pure).

Folders that a line needs are made for it, so only those are written in which nothing goes.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec

from fileorg.model.entry import Kind
from fileorg.model.location import Location, exact, shown
from fileorg.model.plan import Action, ActionKind, Joint, steps_in

VERSION = 1

OWN = b".fileorg"
KINDS: dict[str, Kind] = {"file": Kind.FILE, "folder": Kind.FOLDER, "symlink": Kind.SYMLINK}
_NAMES = {kind: name for name, kind in KINDS.items()}
DOES = {
    ActionKind.MOVE: "move", ActionKind.COPY: "copy", ActionKind.QUARANTINE: "replace",
    ActionKind.SET_ASIDE: "set_aside", ActionKind.MAKE_FOLDER: "make_folder",
    ActionKind.REMOVE_FOLDER: "remove_folder",
}  # fmt: skip
KIND_OF = {does: kind for kind, does in DOES.items()}
GOES = {ActionKind.MOVE, ActionKind.COPY}
FOLDER_ACTS = {ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER}
_Natural = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Moment = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class PlanRoot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder that paths are relative to, as it was when the plan was made.

    *reach* is how a bucket is got at, without secrets.
    """

    path: str
    device: int
    inode: int
    path_b64: str | msgspec.UnsetType = msgspec.UNSET
    reach: str | msgspec.UnsetType = msgspec.UNSET


class PlanHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line: what wrote the plan, when, from which words and options, and the roots."""

    plan: int
    fileorg: str
    created: str
    command: tuple[str, ...]
    options: dict[str, Any]
    zone: str
    roots: tuple[PlanRoot, ...]


class Mark(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A file that a line needs beside its own: the one replaced, or the one kept."""

    path: str
    size: _Natural = 0
    mtime_ns: _Moment = 0
    ctime_ns: _Moment = 0
    inode: _Natural = 0
    root: _Natural = 0
    kind: Literal["file", "folder", "symlink"] = "file"
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is done to one file; *main* is the path, in the same root, of the one it goes with."""

    do: Literal["move", "copy", "replace", "set_aside", "make_folder", "remove_folder"]
    source: str
    target: str = ""
    category: str = ""
    size: _Natural = 0
    mtime_ns: _Moment = 0
    ctime_ns: _Moment = 0
    inode: _Natural = 0
    kind: Literal["file", "folder", "symlink"] = "file"
    source_root: _Natural = 0
    target_root: _Natural = 0
    source_b64: str | msgspec.UnsetType = msgspec.UNSET
    target_b64: str | msgspec.UnsetType = msgspec.UNSET
    replaces: Mark | msgspec.UnsetType = msgspec.UNSET
    beside: Mark | msgspec.UnsetType = msgspec.UNSET
    main: str = msgspec.field(name="with", default="")
    main_b64: str | msgspec.UnsetType = msgspec.field(name="with_b64", default=msgspec.UNSET)


class Lines:
    """Makes lines of the items of a plan, in their order."""

    def __init__(self) -> None:
        self._replaced: dict[Location, Action] = {}
        self._kept: Action | None = None
        self._made: dict[Location, Action] = {}

    def of(self, item: object) -> Iterator[bytes]:
        """Yield the lines that are due with an item; what is no action has none."""
        steps = steps_in(item) if isinstance(item, Action | Joint) else ()
        for step in steps:
            yield from self._due(step, None if step is steps[0] else steps[0].source)

    def _due(self, step: Action, main: Location | None) -> Iterator[bytes]:
        if step.kind is not ActionKind.KEEP:
            self._made.pop(step.target.folder, None)
        match step.kind:
            case ActionKind.KEEP:
                self._kept = step
            case ActionKind.QUARANTINE:
                self._replaced[step.source] = step
            case ActionKind.MAKE_FOLDER:
                self._made[step.target] = step
            case _:
                yield _encoded(step, self._replaced.pop(step.target, None), self._kept, main)

    def rest(self) -> Iterator[bytes]:
        """Yield the lines that are due in the end."""
        yield from map(_encoded, self._replaced.values())
        for folder in self._made.values():
            if not folder.target.path.startswith(OWN):
                yield _encoded(folder)


def head_line(head: PlanHead) -> bytes:
    """Return the first line."""
    return _encode(head)


def root_of(path: bytes, device: int, inode: int, reach: str = "") -> PlanRoot:
    """Return a root as the head has it."""
    return PlanRoot(shown(path), device, inode, exact(path), reach or msgspec.UNSET)


def _encoded(
    action: Action,
    replaced: Action | None = None,
    kept: Action | None = None,
    main: Location | None = None,
) -> bytes:
    source, mark, kind = action.source, action.fingerprint, action.kind
    target = action.target if kind in GOES else Location(0, b"")
    return _encode(
        Line(
            DOES[kind],  # type: ignore[arg-type]
            shown(source.path),
            shown(target.path),
            action.category,
            mark.size,
            mark.mtime_ns,
            mark.ctime_ns,
            mark.inode,
            _NAMES.get(action.entry_kind, "file"),  # type: ignore[arg-type]
            source.root,
            target.root,
            exact(source.path),
            exact(target.path),
            _mark(replaced) if replaced is not None else msgspec.UNSET,
            _mark(kept) if kept is not None and kind is ActionKind.SET_ASIDE else msgspec.UNSET,
            "" if main is None else shown(main.path),
            msgspec.UNSET if main is None else exact(main.path),
        )
    )


def _mark(action: Action) -> Mark:
    mark, place = action.fingerprint, action.source
    return Mark(
        shown(place.path),
        mark.size,
        mark.mtime_ns,
        mark.ctime_ns,
        mark.inode,
        place.root,
        _NAMES.get(action.entry_kind, "file"),  # type: ignore[arg-type]
        exact(place.path),
    )


_encode = msgspec.json.Encoder().encode

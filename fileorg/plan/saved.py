"""A plan as JSON lines: the head, then a line for each file; any of those may be deleted (pure).

Folders that a line needs are made for it, so only those are written in which nothing goes. What a
line says is input from outside: nothing in it is believed that could lead out of the roots.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import msgspec

from fileorg.model.entry import Fingerprint, Kind
from fileorg.model.location import Location, exact, is_below, is_inside, shown
from fileorg.model.plan import NO_FINGERPRINT, Action, ActionKind

VERSION = 1
LONGEST_LINE = 1 << 20
"""Bytes; two paths of the longest kind, each also in base64, take a twentieth."""

_OWN = b".fileorg"
_KINDS: dict[str, Kind] = {"file": Kind.FILE, "folder": Kind.FOLDER, "symlink": Kind.SYMLINK}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_DOES = {
    ActionKind.MOVE: "move", ActionKind.COPY: "copy", ActionKind.QUARANTINE: "replace",
    ActionKind.SET_ASIDE: "set_aside", ActionKind.MAKE_FOLDER: "make_folder",
    ActionKind.REMOVE_FOLDER: "remove_folder",
}  # fmt: skip
_KIND_OF = {does: kind for kind, does in _DOES.items()}
_GOES = {ActionKind.MOVE, ActionKind.COPY}
_FOLDER_ACTS = {ActionKind.MAKE_FOLDER, ActionKind.REMOVE_FOLDER}
_Natural = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Moment = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class PlanRoot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder that paths are relative to, as it was when the plan was made."""

    path: str
    device: int
    inode: int
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class PlanHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line: what wrote the plan, when, from which words and options, and the roots."""

    plan: int
    fileorg: str
    created: str
    command: tuple[str, ...]
    options: dict[str, Any]
    zone: str
    roots: tuple[PlanRoot, ...]


class _Mark(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A file that a line needs beside its own: the one replaced, or the one kept."""

    path: str
    size: _Natural = 0
    mtime_ns: _Moment = 0
    ctime_ns: _Moment = 0
    inode: _Natural = 0
    root: _Natural = 0
    kind: Literal["file", "folder", "symlink"] = "file"
    path_b64: str | msgspec.UnsetType = msgspec.UNSET


class _Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is done to one file."""

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
    replaces: _Mark | msgspec.UnsetType = msgspec.UNSET
    beside: _Mark | msgspec.UnsetType = msgspec.UNSET


class Planned(msgspec.Struct, frozen=True):
    """What a line asks for: an action, what it *replaces*, and the file that it is redundant to.

    To replace and to set aside have no target yet: the run that does it has its own quarantine.
    """

    action: Action
    replaces: Action | None = None
    beside: Action | None = None


class BadPlanError(ValueError):
    """What is wrong with a line."""


# writing


class Lines:
    """Makes lines of the items of a plan, in their order."""

    def __init__(self) -> None:
        self._replaced: Action | None = None
        self._kept: Action | None = None
        self._made: dict[Location, Action] = {}

    def of(self, item: object) -> Iterator[bytes]:
        """Yield the lines that are due with an item; what is no action has none."""
        if type(item) is not Action:
            return
        if self._replaced is not None and item.target != self._replaced.source:
            yield from self._take_replaced()
        if item.kind is not ActionKind.KEEP:
            self._made.pop(item.target.folder, None)
        match item.kind:
            case ActionKind.KEEP:
                self._kept = item
            case ActionKind.QUARANTINE:
                self._replaced = item
            case ActionKind.MAKE_FOLDER:
                self._made[item.target] = item
            case _:
                yield _encoded(item, self._replaced, self._kept)
                self._replaced = None

    def rest(self) -> Iterator[bytes]:
        """Yield the lines that are due in the end."""
        yield from self._take_replaced()
        for folder in self._made.values():
            if not folder.target.path.startswith(_OWN):
                yield _encoded(folder)

    def _take_replaced(self) -> Iterator[bytes]:
        if self._replaced is not None:
            yield _encoded(self._replaced)
            self._replaced = None


def head_line(head: PlanHead) -> bytes:
    """Return the first line."""
    return _encode(head)


def root_of(path: bytes, device: int, inode: int) -> PlanRoot:
    """Return a root as the head has it."""
    return PlanRoot(shown(path), device, inode, exact(path))


def _encoded(action: Action, replaced: Action | None = None, kept: Action | None = None) -> bytes:
    source, mark, kind = action.source, action.fingerprint, action.kind
    target = action.target if kind in _GOES else Location(0, b"")
    return _encode(
        _Line(
            _DOES[kind],  # type: ignore[arg-type]
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
        )
    )


def _mark(action: Action) -> _Mark:
    mark, place = action.fingerprint, action.source
    return _Mark(
        shown(place.path),
        mark.size,
        mark.mtime_ns,
        mark.ctime_ns,
        mark.inode,
        place.root,
        _NAMES.get(action.entry_kind, "file"),  # type: ignore[arg-type]
        exact(place.path),
    )


# reading


def read_head(line: bytes) -> PlanHead:
    """Return what the first line says; `BadPlanError`."""
    try:
        version = msgspec.json.decode(line, type=dict[str, Any]).get("plan")
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise BadPlanError(f"not a plan: {error}") from error
    if version != VERSION:
        raise BadPlanError(f"a plan of version {version!r}; this fileorg knows version {VERSION}")
    head: PlanHead = _decoded(line, _heads)
    if not head.roots:
        raise BadPlanError("it has no roots")
    return head


def root_path(root: PlanRoot) -> bytes:
    """Return the absolute path of a root; `BadPlanError` for one that is not."""
    path = _bytes(root.path, root.path_b64)
    if not path.startswith(b"/") or not is_inside(path[1:]) or b"\0" in path:
        raise BadPlanError(f"{root.path!r} is no absolute path")
    return path


class Reader:
    """Makes of lines what they ask for, as far as one line and those before it can be judged.

    Nothing may lie in a place of fileorg's *own*.
    """

    def __init__(self, roots: int, own: Iterable[Location] = ()) -> None:
        self._roots = roots
        self._own = tuple(own)
        self._targets: list[set[bytes]] = [set() for _ in range(roots)]

    def read(self, line: bytes) -> Planned:
        """Return what a line asks for; `BadPlanError`."""
        asked = _decoded(line, _lines)
        kind = _KIND_OF[asked.do]
        source = self._place(asked.source, asked.source_b64, asked.source_root)
        target = source
        if kind in _GOES:
            target = self._place(asked.target, asked.target_b64, asked.target_root)
            self._claim(target)
        entry = Kind.FOLDER if kind in _FOLDER_ACTS else _KINDS[asked.kind]
        mark = Fingerprint(asked.size, asked.mtime_ns, asked.ctime_ns, asked.inode)
        if kind is ActionKind.MAKE_FOLDER:
            mark = NO_FINGERPRINT
        action = Action(kind, source, target, mark, asked.category, entry)
        replaces = self._also(asked.replaces, ActionKind.QUARANTINE, action, _GOES)
        beside = self._also(asked.beside, ActionKind.KEEP, action, {ActionKind.SET_ASIDE})
        if replaces is not None and replaces.source != target:
            raise BadPlanError("what it replaces is not at its target")
        if kind is ActionKind.SET_ASIDE and beside is None:
            raise BadPlanError("it does not say beside which file it is redundant")
        if kind is ActionKind.COPY and entry is Kind.FOLDER:
            raise BadPlanError("a folder can't be copied as one")
        is_inside_itself = source.root == target.root and is_below(target.path, source.path)
        if kind is ActionKind.MOVE and entry is Kind.FOLDER and is_inside_itself:
            raise BadPlanError("a folder can't go into itself")
        return Planned(action, replaces, beside)

    def _also(
        self,
        mark: _Mark | msgspec.UnsetType,
        kind: ActionKind,
        action: Action,
        allowed: set[ActionKind],
    ) -> Action | None:
        if mark is msgspec.UNSET:
            return None
        if action.kind not in allowed:
            raise BadPlanError(f"{_DOES[action.kind]} names a file that it has no use for")
        place = self._place(mark.path, mark.path_b64, mark.root)
        seen = Fingerprint(mark.size, mark.mtime_ns, mark.ctime_ns, mark.inode)
        return Action(kind, place, place, seen, "", _KINDS[mark.kind])

    def _place(self, path: str, in_base64: str | msgspec.UnsetType, root: int) -> Location:
        if root >= self._roots:
            raise BadPlanError(f"there is no root {root}")
        place = _bytes(path, in_base64)
        if not place or not is_inside(place) or b"\0" in place:
            raise BadPlanError(f"{path!r} is no path below the root")
        if any(part.startswith(_OWN) for part in place.split(b"/")) or any(
            own.root == root and is_below(place, own.path) for own in self._own
        ):
            raise BadPlanError(f"{path!r} belongs to fileorg")
        return Location(root, place)

    def _claim(self, target: Location) -> None:
        taken = self._targets[target.root]
        if target.path in taken:
            raise BadPlanError(f"{shown(target.path)!r} is the target of an earlier line, too")
        taken.add(target.path)


def _bytes(path: str, in_base64: str | msgspec.UnsetType) -> bytes:
    """Return the bytes of a path, whose text must be the one that a person reads."""
    try:
        if in_base64 is msgspec.UNSET:
            return path.encode("utf-8")
        raw = base64.b64decode(in_base64, validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadPlanError(f"{path!r}: {error}") from error
    if shown(raw) != path:
        raise BadPlanError(f"{path!r} is not what its base64 says")
    return raw


def _decoded(line: bytes, decoder: Any) -> Any:
    try:
        return decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadPlanError(str(error)) from error


_encode = msgspec.json.Encoder().encode
_heads = msgspec.json.Decoder(PlanHead)
_lines = msgspec.json.Decoder(_Line)

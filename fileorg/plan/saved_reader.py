"""Reading the lines of a saved plan (pure).

What a line says is input from outside: nothing in it is believed that could lead out of the roots.
"""

import base64
import binascii
from collections.abc import Iterable
from typing import Any

import msgspec

from fileorg.model.entry import Fingerprint, Kind
from fileorg.model.location import Location, is_below, is_inside, is_remote, shown
from fileorg.model.plan import NO_FINGERPRINT, Action, ActionKind
from fileorg.plan.saved import (
    DOES,
    FOLDER_ACTS,
    GOES,
    KIND_OF,
    KINDS,
    OWN,
    VERSION,
    Line,
    Mark,
    PlanHead,
    PlanRoot,
)

LONGEST_LINE = 1 << 20
"""Bytes; two paths of the longest kind, each also in base64, take a twentieth."""


class Planned(msgspec.Struct, frozen=True):
    """What a line asks for: an action, what it *replaces*, and the file that it is redundant to.

    *main* is where the file is with which this one moves or stays, if it goes with another.
    To replace and to set aside have no target yet: the run that does it has its own quarantine.
    """

    action: Action
    replaces: Action | None = None
    beside: Action | None = None
    main: Location | None = None


class BadPlanError(ValueError):
    """What is wrong with a line."""


def read_head(line: bytes) -> PlanHead:
    """Return what the first line says; `BadPlanError`."""
    if not line.strip():
        raise BadPlanError("not a plan: it is empty")
    try:
        version = msgspec.json.decode(line, type=dict[str, Any]).get("plan")
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise BadPlanError(f"not a plan: {error}") from error
    if version is None:
        raise BadPlanError("not a plan: it has no version")
    if version != VERSION:
        raise BadPlanError(f"a plan of version {version!r}; this fileorg knows version {VERSION}")
    head: PlanHead = _decoded(line, _heads)
    if not head.roots:
        raise BadPlanError("it has no roots")
    return head


def root_path(root: PlanRoot) -> bytes:
    """Return the absolute path of a root; `BadPlanError` for one that is not."""
    path = _bytes(root.path, root.path_b64)
    if root.reach and is_remote(path):
        return path
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
        kind = KIND_OF[asked.do]
        source = self._place(asked.source, asked.source_b64, asked.source_root)
        target = source
        if kind in GOES:
            target = self._place(asked.target, asked.target_b64, asked.target_root)
            self._claim(target)
        entry = Kind.FOLDER if kind in FOLDER_ACTS else KINDS[asked.kind]
        mark = Fingerprint(asked.size, asked.mtime_ns, asked.ctime_ns, asked.inode)
        if kind is ActionKind.MAKE_FOLDER:
            mark = NO_FINGERPRINT
        action = Action(kind, source, target, mark, asked.category, entry)
        replaces = self._also(asked.replaces, ActionKind.QUARANTINE, action, GOES)
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
        return Planned(action, replaces, beside, self._main(asked, kind))

    def _main(self, asked: Line, kind: ActionKind) -> Location | None:
        if not asked.main:
            return None
        if kind not in GOES:
            raise BadPlanError(f"{asked.do} goes with no other file")
        return self._place(asked.main, asked.main_b64, asked.source_root)

    def _also(
        self,
        mark: Mark | msgspec.UnsetType,
        kind: ActionKind,
        action: Action,
        allowed: set[ActionKind],
    ) -> Action | None:
        if mark is msgspec.UNSET:
            return None
        if action.kind not in allowed:
            raise BadPlanError(f"{DOES[action.kind]} names a file that it has no use for")
        place = self._place(mark.path, mark.path_b64, mark.root)
        seen = Fingerprint(mark.size, mark.mtime_ns, mark.ctime_ns, mark.inode)
        return Action(kind, place, place, seen, "", KINDS[mark.kind])

    def _place(self, path: str, in_base64: str | msgspec.UnsetType, root: int) -> Location:
        if root >= self._roots:
            raise BadPlanError(f"there is no root {root}")
        place = _bytes(path, in_base64)
        if not place or not is_inside(place) or b"\0" in place:
            raise BadPlanError(f"{path!r} is no path below the root")
        if any(part.startswith(OWN) for part in place.split(b"/")) or any(
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


_heads = msgspec.json.Decoder(PlanHead)
_lines = msgspec.json.Decoder(Line)

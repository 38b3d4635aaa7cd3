"""Whether a step that was done still stands: what the disk should look like after it (pure)."""

import msgspec

from fileorg.model.entry import FileEntry, Kind
from fileorg.model.outcome import Outcome
from fileorg.model.plan import Action, ActionKind
from fileorg.model.reason import Reason


def difference(
    action: Action,
    outcome: Outcome | None,
    source: FileEntry | None,
    target: FileEntry | None,
    *,
    by_content: bool = False,
) -> Reason | None:
    """Return what is no longer as a step left it, as an undo would meet it; None if all is.

    EDITED is in no undo's way: a file that was moved goes back as it is now. Where numbers are
    those of contents, *by_content*, a file with the same number is as it was.
    """
    match action.kind:
        case ActionKind.MAKE_FOLDER:
            if target is None:
                return Reason.VANISHED
            return None if target.kind is Kind.FOLDER else Reason.BLOCKED_FOLDER
        case ActionKind.REMOVE_FOLDER:
            return None if source is None or source.kind is Kind.FOLDER else Reason.BLOCKED_FOLDER
        case ActionKind.KEEP | ActionKind.CLONE | ActionKind.LEAVE_CLONE | ActionKind.REMOVE_LINK:
            return None
        case ActionKind.LINK:
            gone = target is None or _is_link(action, outcome, target)
            return None if gone else Reason.NOT_OURS
        case ActionKind.REMOVE_COPY:
            return None if source is None else Reason.TAKEN
        case ActionKind.COPY:
            changed = _changed(action, outcome, target, by_content=by_content)
            if changed is Reason.EDITED:
                return Reason.CHANGED
            return changed or (Reason.SOURCE_GONE if source is None else None)
        case _:
            changed = _changed(action, outcome, target, by_content=by_content)
            if source is not None and changed in {None, Reason.EDITED}:
                return Reason.TAKEN
            return changed


def _is_link(action: Action, outcome: Outcome | None, target: FileEntry) -> bool:
    left = action.fingerprint
    if outcome is not None and outcome.inode:
        left = msgspec.structs.replace(left, inode=outcome.inode)
    return target.kind is action.entry_kind and target.is_known_as(left)


def _changed(
    action: Action, outcome: Outcome | None, target: FileEntry | None, *, by_content: bool
) -> Reason | None:
    if target is None:
        return Reason.VANISHED
    seen, left = target.fingerprint, action.fingerprint
    if outcome is not None and outcome.inode:
        left = msgspec.structs.replace(left, inode=outcome.inode)
    if not target.is_known_as(left):
        return Reason.NOT_OURS if seen.inode else Reason.CHANGED
    if by_content:
        return None
    return None if seen.looks_like(left) or action.entry_kind is Kind.FOLDER else Reason.EDITED

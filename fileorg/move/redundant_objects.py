"""Objects of a bucket proven redundant: their bytes are compared before one of them is set aside.

The server moves only what still is what was compared, as with every move.
"""

from collections.abc import Iterable
from itertools import groupby

from fileorg.errors import StorageError
from fileorg.journal.store import Journal, Step
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action
from fileorg.model.reason import Reason
from fileorg.move.acts import GONE, Rules
from fileorg.move.redundant import about_kept
from fileorg.storage.base import ReadableStorage


def disproved(
    storage: ReadableStorage, journal: Journal, rules: Rules, steps: Iterable[Step]
) -> dict[int, Outcome]:
    """Return what came of the steps whose objects are not proven redundant, by their number.

    What is gone is for the move to judge: it may be where it was to go already.
    """
    groups: list[tuple[FileEntry, list[Step]]] = []
    found: dict[int, Outcome] = {}
    for keep, members in groupby(steps, lambda step: journal.keep_before(step[0])):
        group = list(members)
        try:
            groups.append((_kept(storage, keep, rules), group))
        except StorageError as error:
            found |= _all_failed(group, error)
    asked = [(keep, [_file(action) for _, action in group]) for keep, group in groups]
    for (_, group), answers in zip(groups, storage.alike_each(asked), strict=True):
        if isinstance(answers, StorageError):
            found |= _all_failed(group, answers)
            continue
        for (seq, _), answer in zip(group, answers, strict=True):
            reason = _reason(answer)
            if reason is not None and reason not in GONE:
                detail = str(answer) if isinstance(answer, StorageError) else ""
                found[seq] = Outcome(seq, Status.FAILED, reason, detail)
    return found


def disproof(storage: ReadableStorage, keep: Location, found: FileEntry) -> Reason | None:
    """Return why *found* is not redundant beside what stands at *keep*; None where it is.

    `StorageError` if that is not to be had.
    """
    kept = storage.stat(keep)
    if kept.location == found.location:
        return Reason.SAME_FILE
    (answers,) = storage.alike_each([(kept, [found])])
    if isinstance(answers, StorageError):
        raise answers
    return _reason(answers[0])


def _kept(storage: ReadableStorage, keep: Action | None, rules: Rules) -> FileEntry:
    """Return the file to keep; in a roll back as it is now, for its copies may have other ETags."""
    if keep is None:
        raise StorageError(Reason.SOURCE_GONE, "the journal names no file to keep")
    return storage.stat(keep.source) if rules.rollback else _file(keep)


def _file(action: Action) -> FileEntry:
    return FileEntry(action.source, Kind.FILE, action.fingerprint)


def _reason(answer: bool | StorageError) -> Reason | None:
    if isinstance(answer, StorageError):
        return answer.reason
    return None if answer else Reason.NOT_REDUNDANT


def _all_failed(group: list[Step], error: StorageError) -> dict[int, Outcome]:
    return {seq: Outcome(seq, Status.FAILED, about_kept(error), str(error)) for seq, _ in group}

"""Counting a plan and what came of it, into the sums that are shown."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from fileorg.model.entry import Kind, Skip
from fileorg.model.evidence import Facts, Mismatch
from fileorg.model.location import Location, Root, exact, exact_all, shown
from fileorg.model.outcome import Outcome, RunKind, RunState, Status
from fileorg.model.plan import (
    CARRIES,
    NO_FILES,
    Action,
    ActionKind,
    FolderFound,
    InPlace,
    Joint,
    NotChosen,
)
from fileorg.model.reason import Reason, is_failure
from fileorg.model.summary import (
    Failure,
    FolderSum,
    LikelySum,
    MismatchSum,
    ReasonSum,
    RunSummary,
    StepSum,
)

_EXAMPLES = 3
_MOST_FAILURES = 1000
_FOLDER = Kind.FOLDER
# Plus makes of an enum its number, which is found sooner than the enum is.
_CARRIES = frozenset(+kind for kind in CARRIES)
_NO_FILES = frozenset(+kind for kind in NO_FILES)
_DONE = +Status.DONE
_SET_ASIDE = ActionKind.SET_ASIDE
_REMOVE_COPY = ActionKind.REMOVE_COPY
_COPIES = {ActionKind.COPY, _REMOVE_COPY}


class _Folder:
    __slots__ = ("bytes", "examples", "files")

    def __init__(self) -> None:
        self.files = 0
        self.bytes = 0
        self.examples: list[bytes] = []

    def sums(self, path: bytes) -> FolderSum:
        examples = tuple(shown(name) for name in self.examples)
        return FolderSum(shown(path), self.files, self.bytes, examples, exact(path))


class Tally:
    """The sums of one run."""

    def __init__(self, roots: Sequence[Root]) -> None:
        self._roots = list(roots)
        self._folders: list[dict[bytes, _Folder]] = [{} for _ in roots]
        self._reasons: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}
        self._failures: list[Failure] = []
        self._mismatches = 0
        self._mismatched: list[MismatchSum] = []
        self._edited: list[str] = []
        self._pending: list[Action] = []
        self._steps: defaultdict[tuple[int, int, str], list[int]] = defaultdict(lambda: [0, 0])
        self.in_place = self.not_chosen = 0
        self.planned = self.skipped = self.failed = self.pending = 0
        self.made = self.removed = self.whole = self.copies = self.set_aside = self.groups = 0
        self.companions = 0
        self.likely: LikelySum | None = None

    # the plan

    def plan(self, item: Action | Facts | FolderFound | InPlace | Joint | NotChosen | Skip) -> None:
        """Count one item of a plan."""
        if type(item) is Action:
            self._action(item)
        elif type(item) is Joint:
            for action in item.actions:
                self._action(action)
            self.companions += len(item.actions) - 1
        elif type(item) is InPlace:
            self.in_place += item.count
        elif type(item) is NotChosen:
            self.not_chosen += item.count
        elif type(item) is Skip:
            self._skip(item)

    def _action(self, action: Action) -> None:
        kind = +action.kind
        if kind not in _NO_FILES:
            self._step(action, kind, _DONE, 1)
        if kind in _CARRIES:
            folder = self._count(action, 1)
            if folder.files <= _EXAMPLES:
                folder.examples.append(action.target.name)
        elif action.kind is ActionKind.KEEP:
            self.groups += 1
        elif action.kind is ActionKind.MAKE_FOLDER:
            self.made += 1
        elif action.kind is ActionKind.REMOVE_FOLDER:
            self.removed += 1

    def _skip(self, skip: Skip) -> None:
        if is_failure(skip.reason):
            self.fail(skip.location, skip.reason, skip.detail)
            return
        reason = skip.why if skip.reason is Reason.RULE else skip.reason
        self._reasons[reason] = self._reasons.get(reason, 0) + 1
        examples = self._examples.setdefault(reason, [])
        if len(examples) < _EXAMPLES:
            examples.append(shown(skip.location.path) or ".")

    def mismatch(self, found: Mismatch) -> bytes:
        """Count a file that is not what its name says, and return its absolute path."""
        path = self._roots[found.location.root].absolute(found.location)
        self._mismatches += 1
        if len(self._mismatched) < _MOST_FAILURES:
            self._mismatched.append(
                MismatchSum(shown(path), found.mime, found.category, exact(path))
            )
        return path

    def folders(self) -> list[Location]:
        """Return the folders that files go to by the plan."""
        return [Location(root, path) for root, paths in enumerate(self._folders) for path in paths]

    # what came of it

    def fail(
        self, location: Location, reason: Reason, detail: str = "", target: Location | None = None
    ) -> None:
        """Count something that could not be done; *target* is where a file was to go."""
        self.failed += 1
        if len(self._failures) < _MOST_FAILURES:
            detail = "" if detail == reason.value else detail
            path = self._absolute(location)
            failure = Failure(shown(path), reason.value, detail, exact(path))
            if target is not None and target != location:
                there = self._absolute(target)
                failure = msgspec.structs.replace(
                    failure, target=shown(there), target_b64=exact(there)
                )
            self._failures.append(failure)

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        """Count how an action ended; a plain success is what the plan counted on."""
        if outcome is None or outcome.status is Status.DONE:
            if outcome is not None and outcome.reason is Reason.EDITED:
                self._edited.append(shown(self._absolute(action.target)))
            return
        kind = +action.kind
        if kind not in _NO_FILES:
            self._step(action, kind, _DONE, -1)
            self._step(action, kind, +outcome.status, 1)
        if kind in _CARRIES:
            folder, name = self._count(action, -1), action.target.name
            if name in folder.examples:
                folder.examples.remove(name)
        elif action.kind is ActionKind.MAKE_FOLDER:
            self.made -= 1
        elif action.kind is ActionKind.REMOVE_FOLDER:
            self.removed -= 1
        if outcome.status is Status.FAILED:
            reason = outcome.reason or Reason.IO_ERROR
            self.fail(action.source, reason, outcome.detail, action.target)
        elif outcome.status is Status.PENDING:
            self.pending += kind in _CARRIES
            self._pending.append(action)
        elif outcome.reason is Reason.UNIT:
            self._skip(Skip(action.source, Reason.UNIT))
        elif kind in _CARRIES:
            self.skipped += 1

    def retry_pending(self) -> None:
        """Count on what is pending again, because it is about to be done."""
        for action in self._pending:
            if action.kind not in NO_FILES:
                self._step(action, +action.kind, +Status.PENDING, -1)
            self.plan(action)
        self._pending.clear()
        self.pending = 0

    def summary(
        self,
        run: str,
        kind: RunKind,
        state: RunState,
        times: tuple[int, int],
        *,
        dry_run: bool = False,
        parent: str = "",
        settled: Iterable[str] = (),
    ) -> RunSummary:
        """Return the sums; *times* are begin and end in nanoseconds UTC."""
        folders = self._sums()
        return RunSummary(
            run=run,
            kind=kind,
            state=state,
            roots=tuple(shown(root.path) for root in self._roots),
            started_ns=times[0],
            ended_ns=times[1],
            dry_run=dry_run,
            parent=parent,
            planned=self.planned
            + self.skipped
            + self.failed
            + self.pending
            + self._reasons.get(Reason.UNIT, 0),
            done=self.planned,
            skipped=self.skipped + sum(self._reasons.values()),
            failed=self.failed,
            pending=self.pending,
            whole_folders=self.whole,
            companions=self.companions,
            copies=self.copies,
            bytes=sum(folder.bytes for folder in folders),
            set_aside=self.set_aside,
            groups=self.groups,
            folders_made=self.made,
            folders_removed=self.removed,
            in_place=self.in_place,
            not_chosen=self.not_chosen,
            folders=folders,
            steps=self._step_sums(),
            left_alone=self.left_alone(),
            failures=self.failures(),
            mismatches=self._mismatches,
            mismatched=tuple(self._mismatched),
            edited=tuple(self._edited),
            settled=tuple(settled),
            likely=self.likely or msgspec.UNSET,
            roots_b64=exact_all(root.path for root in self._roots),
        )

    def _absolute(self, location: Location) -> bytes:
        return self._roots[location.root].absolute(location)

    def left_alone(self) -> tuple[ReasonSum, ...]:
        """Return what was left alone, the most frequent reason first."""
        return tuple(
            ReasonSum(str(reason), count, tuple(self._examples.get(reason, ())))
            for reason, count in sorted(self._reasons.items(), key=lambda item: -item[1])
        )

    def failures(self) -> tuple[Failure, ...]:
        """Return the first things that could not be done."""
        return tuple(self._failures)

    def _sums(self) -> tuple[FolderSum, ...]:
        return tuple(
            folder.sums(self._absolute(Location(root, path)))
            for root, folders in enumerate(self._folders)
            for path, folder in sorted(folders.items())
            if folder.files > 0
        )

    def _step_sums(self) -> tuple[StepSum, ...]:
        return tuple(
            StepSum(ActionKind(kind).name.lower(), Status(status).name.lower(), category, *sums)
            for (kind, status, category), sums in sorted(self._steps.items())
            if sums[0] > 0
        )

    def _step(self, action: Action, kind: int, status: int, sign: int) -> None:
        sums = self._steps[kind, status, action.category]
        sums[0] += sign
        sums[1] += sign * action.fingerprint.size

    def _count(self, action: Action, sign: int) -> _Folder:
        self.planned += sign
        if action.entry_kind is _FOLDER:
            self.whole += sign
        elif action.kind in _COPIES:
            self.copies += sign
        elif action.kind is _SET_ASIDE:
            self.set_aside += sign
        place = action.source if action.kind is _REMOVE_COPY else action.target
        path, root = place.path, place.root
        cut = path.rfind(b"/")
        key = path[:cut] if cut >= 0 else b""
        if action.kind is _SET_ASIDE:  # all in one, wherever they were
            key = b"/".join(key.split(b"/")[:3])
        folder = self._folders[root].get(key)
        if folder is None:
            folder = self._folders[root][key] = _Folder()
        folder.files += sign
        folder.bytes += sign * action.fingerprint.size
        return folder

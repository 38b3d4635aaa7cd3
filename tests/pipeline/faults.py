"""Faults by a script, in the storage and in the journal of a run: one mechanism for every test.

    rename_each:7:ENOSPC    the 7th call fails with that error and does nothing
    rename_each:7+:EIO      the 7th, and each after it
    remove:1:lost         acts, and fails all the same: its answer was lost
    sync:1:lie            does nothing, and says that it is done
    copy:1:short          stops half way: half a file is left, and an error
    copy:1:cut            half a file, and no error
    advance:2:hang        stops the process before the call, as a dead disk does; the test kills it,
                          or lets it go on
    *:12:crash-before     the process ends before the 12th call that changes something
    *:12:crash-after      or right after it

The verbs are those of `Storage` and the durable calls of `Journal`; blanks part the rules.
"""

import errno
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, NoReturn

from fileorg.errors import FileorgError, StorageUnavailableError
from fileorg.journal.store import Journal
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind
from fileorg.model.location import Location, Root
from fileorg.model.plan import Action
from fileorg.pipeline import state, workspace
from fileorg.storage.base import Alike, Group, ReadableStorage, Renamed, Storage
from fileorg.storage.decorators import StorageDecorator
from fileorg.storage.memory import MemoryStorage
from fileorg.storage.registry import open_storage
from fileorg.storage.translate import translated


def _verbs(protocol: type) -> tuple[str, ...]:
    return tuple(
        name for name in vars(protocol) if name[0] != "_" and callable(vars(protocol)[name])
    )


Opener = Callable[[Sequence[Root]], Storage]
"""Opens the storage of some roots."""

READING = tuple(verb for verb in _verbs(ReadableStorage) if verb not in {"close", "requests"})
CHANGING = _verbs(Storage)
DURABLE = ("record", "planned", "advance", "note", "settle", "finish")
CRASHED = 99
WHOLE_STORAGE = {"refresh", "probe"}
"""Verbs that fail for all files at once."""


class Crash(BaseException):
    """What stands for the end of the process where the disk is in memory and would end with it."""


class Rule(NamedTuple):
    """One fault: at which call of which verb, and what."""

    verb: str
    number: int
    onward: bool
    what: str

    def strikes(self, verb: str, number: int) -> bool:
        """Whether this call is the one."""
        return verb == self.verb and (
            number == self.number or (self.onward and number > self.number)
        )


def parse(script: str) -> list[Rule]:
    """Read a script; `ValueError` for a verb or a fault that there is not."""
    rules = []
    for word in script.split():
        verb, number, what = word.split(":")
        if verb not in {*READING, *CHANGING, *DURABLE, "*"} or not (
            what in _KINDS or hasattr(errno, what)
        ):
            raise ValueError(f"{word}: no such verb or fault")
        rules.append(Rule(verb, int(number.rstrip("+")), number.endswith("+"), what))
    return rules


class Faults:
    """A script at work: counts the calls and strikes; *dies* ends the process, or stands for it."""

    def __init__(self, script: str = "", dies: Callable[[], NoReturn] | None = None) -> None:
        self.rules = parse(script)
        self.calls: Counter[str] = Counter()
        self.log: list[str] = []
        self.struck = 0
        self.is_dead = False
        self._dies = dies or _end_process

    def call(self, side: "_Side", verb: str, act: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        """Make a call, or what the script has instead."""
        if self.is_dead:
            raise Crash  # nothing that runs after the end, such as a `finally`, has any effect
        what = self._due(verb)
        match what:
            case "":
                return act(*args, **kw)
            case "crash-before":
                self._die()
            case "crash-after":
                with suppress(FileorgError):
                    act(*args, **kw)
                self._die()
            case "hang":
                os.kill(os.getpid(), signal.SIGSTOP)
                return act(*args, **kw)
            case "lie":
                return side.lie(verb, *args)
            case "lost":
                act(*args, **kw)
                raise side.failure(verb, errno.EIO)
            case "short":
                side.halve(act, *args)
                raise side.failure(verb, errno.EIO)
            case "cut":
                return side.halve(act, *args)
        raise side.failure(verb, getattr(errno, what, errno.EIO))

    def _due(self, verb: str) -> str:
        self.log.append(verb)
        counted = [verb] if verb in READING else [verb, "*"]
        self.calls.update(counted)
        for rule in self.rules:
            if any(rule.strikes(name, self.calls[name]) for name in counted):
                self.struck += 1
                return rule.what
        return ""

    def _die(self) -> NoReturn:
        self.is_dead = True
        self._dies()


class _Side:
    """What a fault looks like on one side: the storage or the journal."""

    def failure(self, verb: str, code: int) -> FileorgError:
        """Return the error to raise for a system error."""
        raise NotImplementedError

    def lie(self, verb: str, *args: Any) -> Any:
        """Return what a call would return that did something."""

    def halve(self, act: Callable[..., Any], *args: Any) -> Any:
        """Do half of a copy."""
        raise NotImplementedError


class FaultyStorage(StorageDecorator, _Side):
    """A storage with the faults of a script."""

    def __init__(self, inner: Storage, faults: Faults) -> None:
        super().__init__(inner)
        self.faults = faults

    def rename_one(self, move: Action, *, by_ctime: bool) -> Renamed:
        """Count each rename of a batch."""
        one = super().rename_one
        renamed: Renamed = self.faults.call(self, "rename_each", one, move, by_ctime=by_ctime)
        return renamed

    def copy_one(self, copy: Action, *, restore: bool) -> FileEntry:
        """Count each copy of a batch."""
        made: FileEntry = self.faults.call(
            self, "copy_each", super().copy_one, copy, restore=restore
        )
        return made

    def alike_one(self, group: Group) -> Alike:
        """Count each group that is compared."""
        one = super().alike_one
        alike: Alike = self.faults.call(self, "alike_each", one, group)
        return alike

    def remove_one(self, file: FileEntry) -> None:
        """Count each removal of a batch."""
        self.faults.call(self, "remove_each", super().remove_one, file)

    def failure(self, verb: str, code: int) -> FileorgError:
        """Return the error as the local disk would."""
        if verb in WHOLE_STORAGE:
            return StorageUnavailableError(os.strerror(code), "mend it")
        return translated(OSError(code, os.strerror(code)))

    def lie(self, verb: str, *args: Any) -> Any:
        """Say what a success would say."""
        if verb == "rename_each":
            return Renamed(1)
        if verb == "write":
            return FileEntry(args[0], Kind.FILE, Fingerprint(0, args[2], 0, 1))
        if verb == "copy_each":
            return FileEntry(args[0].target, args[0].entry_kind, args[0].fingerprint)
        if verb == "copy":
            return FileEntry(args[1], args[2].kind, args[2].fingerprint)
        if verb == "make_folder":
            return FolderFacts(0o755, 0, 0, 0, 1, 1)
        return "rename" if verb == "probe" else None

    def halve(self, act: Callable[..., Any], *args: Any) -> Any:
        """Copy, and let half of it be lost; its time stays."""
        made = act(*args)
        target: Location = args[1]
        if isinstance(self.inner, MemoryStorage):
            node = self.inner.node(target)
            node.content = node.content[: len(node.content) // 2]
        else:
            path = self.roots[target.root].absolute(target)
            time = os.stat(path).st_mtime_ns
            os.truncate(path, os.stat(path).st_size // 2)
            os.utime(path, ns=(time, time))
        return made


class FaultyJournal(Journal, _Side):
    """A journal with the faults of a script, which is its class's."""

    faults: Faults

    def failure(self, verb: str, code: int) -> FileorgError:
        """Return the error of a commit that failed, which is this journal's last."""
        self._is_broken = True
        return StorageUnavailableError(f"{self.path}: {verb}: {os.strerror(code)}", "mend it")

    def lie(self, verb: str, *args: Any) -> Any:
        """Say how many actions there are, as `record` does."""
        return 1 if verb == "record" else None


def _faulty(kind: type, verb: str) -> Callable[..., Any]:
    inner = getattr(kind, verb)

    def call(self: Any, *args: Any, **kw: Any) -> Any:
        return self.faults.call(self, verb, inner.__get__(self), *args, **kw)

    return call


for _verb in (*READING, *CHANGING):
    if not _verb.endswith("_each") or _verb in {"read_each", "alike_each"}:
        setattr(FaultyStorage, _verb, _faulty(StorageDecorator, _verb))
for _verb in (*DURABLE, "discard"):
    setattr(FaultyJournal, _verb, _faulty(Journal, _verb))

_KINDS = ("crash-before", "crash-after", "hang", "lie", "lost", "short", "cut")


@contextmanager
def at_work(faults: Faults, disk: Storage | Opener | None = None) -> Iterator[Faults]:
    """Let every run in this process meet the faults, on the local disk, or on what *disk* opens."""

    class Scripted(FaultyJournal):
        pass

    def opened(roots: Any, **options: bool) -> Storage:
        if disk is None:
            return FaultyStorage(open_storage(roots, **options), faults)
        return FaultyStorage(disk(roots) if callable(disk) else disk, faults)

    Scripted.faults = faults
    seams = ((workspace, "open_storage", opened), (state, "Journal", Scripted))
    before = [vars(module)[name] for module, name, _ in seams]
    try:
        for module, name, made in seams:
            vars(module)[name] = made
        yield faults
    finally:
        for (module, name, _), old in zip(seams, before, strict=True):
            vars(module)[name] = old


def _end_process() -> NoReturn:
    os._exit(CRASHED)


def raise_crash() -> NoReturn:
    """End the process where it would take a disk in memory with it."""
    raise Crash

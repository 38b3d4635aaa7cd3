"""The verbs for Python programs: what the command line does, with typed values and a callback.

A path may be text, bytes or `pathlib.Path`. The configuration is *config*, with keys given by name
over it: `mode="category_year"`; the user's file is read by `load_config` alone. Every verb raises
`FileorgError` where the command would end with another code than 0 or 3; what went wrong with one
file is in the sums. `dedupe` and `scan` are called `duplicates` and `inventory`, because packages
have their names.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from fileorg.config.overrides import override
from fileorg.config.schema import Config
from fileorg.events import Event, EventSink, Happened, Planned
from fileorg.model.duplicates import DedupeAction
from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts
from fileorg.model.inventory import Inventory
from fileorg.model.outcome import Outcome
from fileorg.model.plan import Action, Joint, TakenPolicy
from fileorg.model.summary import RunSummary
from fileorg.pipeline.choosing import Choice
from fileorg.pipeline.dedupe import Duplicates
from fileorg.pipeline.history import RunLine
from fileorg.pipeline.purge import PurgeSummary
from fileorg.pipeline.state import State, state_folder
from fileorg.pipeline.viewing import FileLine, RunDetails
from fileorg.storage.remote import absolute

AnyPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]
_Given = TypeVar("_Given", bound=AnyPath)
OnEvent = Callable[[Event], object]


def load_config(path: AnyPath | None = None) -> Config:
    """Return the user's configuration, or that of a file; `ConfigError` says what is wrong."""
    from fileorg.config.load import load

    return load(None if path is None else os.fsdecode(path), os.environ).config


def organize(
    *sources: AnyPath,
    into: AnyPath | None = None,
    dry_run: bool = False,
    force: bool = False,
    wait: float = 0,
    jobs: int | None = None,
    config: Config | None = None,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
    **keys: object,
) -> RunSummary:
    """Sort the files of the sources into folders, in place or *into* another."""
    from fileorg.pipeline.organize import OrganizeRequest
    from fileorg.pipeline.organize import organize as run

    request = OrganizeRequest(
        tuple(map(_absolute, sources)),
        _state(state_dir),
        None if into is None else _absolute(into),
        override(config or Config(), keys),
        dry_run,
        force,
        wait,
        jobs,
        _command(),
    )
    return run(request, _sink(on_event))


def undo(
    run: str = "last",
    *,
    only: str | Iterable[str] = (),
    categories: str | Iterable[str] = (),
    files: AnyPath | Iterable[AnyPath] = (),
    on_conflict: TakenPolicy = TakenPolicy.SKIP,
    root: AnyPath | None = None,
    include_changed: bool = False,
    dry_run: bool = False,
    wait: float = 0,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
) -> RunSummary:
    """Put back what a run has done, or a part of it; `last` is the newest that can be undone."""
    from fileorg.pipeline.undo import UndoRequest
    from fileorg.pipeline.undo import undo as act

    request = UndoRequest(
        run,
        _state(state_dir),
        root=None if root is None else _absolute(root),
        include_changed=include_changed,
        dry_run=dry_run,
        wait=wait,
        command=_command(),
        choice=Choice(_several(only), _several(categories), tuple(map(_absolute, _several(files)))),
        on_conflict=TakenPolicy(on_conflict),
    )
    return act(request, _sink(on_event))


def redo(
    run: str = "last",
    *,
    dry_run: bool = False,
    wait: float = 0,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
) -> RunSummary:
    """Do a run again that was undone."""
    from fileorg.pipeline.undo import UndoRequest
    from fileorg.pipeline.undo import undo as act

    request = UndoRequest(
        run, _state(state_dir), redo=True, dry_run=dry_run, wait=wait, command=_command()
    )
    return act(request, _sink(on_event))


def recover(
    *, wait: float = 0, state_dir: AnyPath | None = None, on_event: OnEvent | None = None
) -> list[RunSummary]:
    """Finish every interrupted run; return the sums of those that had something to finish."""
    from fileorg.pipeline.recover import RecoverRequest, interrupted_runs
    from fileorg.pipeline.recover import recover as act

    state = _state(state_dir)
    done = (
        act(RecoverRequest(name, state, wait), _sink(on_event)) for name in interrupted_runs(state)
    )
    return [summary for summary in done if summary is not None]


def duplicates(
    *paths: AnyPath,
    action: DedupeAction = DedupeAction.REPORT,
    dry_run: bool = False,
    empty: bool = False,
    use_cache: bool = True,
    force: bool = False,
    wait: float = 0,
    jobs: int | None = None,
    config: Config | None = None,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
    **keys: object,
) -> Duplicates:
    """Find files that hold the same, compared byte by byte, and act on them if that is asked."""
    from fileorg.pipeline.dedupe import DedupeRequest
    from fileorg.pipeline.dedupe import dedupe as run

    request = DedupeRequest(
        tuple(map(_absolute, paths)),
        _state(state_dir),
        override(config or Config(), keys),
        action,
        empty,
        use_cache,
        dry_run,
        force,
        wait,
        jobs,
        _command(),
    )
    return run(request, _sink(on_event))


def inventory(
    *sources: AnyPath,
    top: int = 5,
    jobs: int | None = None,
    config: Config | None = None,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
    **keys: object,
) -> Inventory:
    """Say what is in the sources, by category, size and age; opens no file."""
    from fileorg.pipeline.scan import ScanRequest
    from fileorg.pipeline.scan import scan as run

    request = ScanRequest(
        tuple(map(_absolute, sources)),
        _state(state_dir),
        override(config or Config(), keys),
        top,
        jobs,
    )
    return run(request, _sink(on_event))


def runs(*, state_dir: AnyPath | None = None) -> list[RunLine]:
    """Return the runs, the newest first."""
    from fileorg.pipeline.history import list_runs

    return list_runs(_state(state_dir))


def show(run: str = "last", *, state_dir: AnyPath | None = None) -> RunDetails:
    """Return one run with its sums."""
    from fileorg.pipeline.viewing import RunView

    with RunView(_state(state_dir), run) as view:
        return view.details


def files(run: str = "last", *, state_dir: AnyPath | None = None) -> Iterator[FileLine]:
    """Yield the files of a run in the order in which they were planned."""
    from fileorg.pipeline.viewing import Listing, RunView

    with RunView(_state(state_dir), run) as view:
        yield from view.files(Listing())


def purge(
    run: str, *, dry_run: bool = False, wait: float = 0, state_dir: AnyPath | None = None
) -> PurgeSummary:
    """Free the space of the duplicates that a run set aside, each compared once more. For good."""
    from fileorg.pipeline.purge import PurgeRequest
    from fileorg.pipeline.purge import purge as act

    return act(PurgeRequest(run, _state(state_dir), dry_run, wait))


class _Callback:
    """Passes on everything as events; asks for each action only where somebody listens."""

    wants_actions = True

    def __init__(self, on_event: OnEvent) -> None:
        self.tell: Callable[[Event], Any] = on_event

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        self.tell(Planned(item))

    def happened(self, action: Action, outcome: Outcome | None) -> None:
        self.tell(Happened(action, outcome))


def _sink(on_event: OnEvent | None) -> EventSink:
    from fileorg.events import Silent

    return Silent() if on_event is None else _Callback(on_event)


def _several(one_or_more: _Given | Iterable[_Given]) -> tuple[_Given, ...]:
    """Return what is given as a tuple; a text alone is one, and not its letters."""
    if isinstance(one_or_more, str | bytes | os.PathLike):
        return (one_or_more,)
    return tuple(one_or_more)


def _absolute(path: AnyPath) -> bytes:
    return absolute(os.fsencode(path))


def _state(explicit: AnyPath | None) -> State:
    if explicit is not None:
        return State(Path(os.fsdecode(_absolute(explicit))))
    return state_folder(None, os.environ)


def _command() -> tuple[str, ...]:
    """Return what the journal names as the command: the program that called."""
    return ("import fileorg", os.path.basename(sys.argv[0]))

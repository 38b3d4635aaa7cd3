"""The verbs that move files, and those that take that back."""

from collections.abc import Iterable
from contextlib import nullcontext

from fileorg.api.given import (
    AnyPath,
    OnEvent,
    command,
    located,
    located_if,
    several,
    sink_of,
    state_of,
)
from fileorg.config.overrides import override
from fileorg.config.schema import Config
from fileorg.errors import UsageError
from fileorg.model.duplicates import DedupeAction
from fileorg.model.location import text
from fileorg.model.plan import TakenPolicy
from fileorg.model.summary import RunSummary
from fileorg.pipeline.choosing import Choice
from fileorg.pipeline.dedupe import Duplicates


def organize(
    *sources: AnyPath,
    into: AnyPath | None = None,
    dry_run: bool = False,
    save_plan: AnyPath | None = None,
    force: bool = False,
    wait: float = 0,
    jobs: int | None = None,
    config: Config | None = None,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
    **keys: object,
) -> RunSummary:
    """Sort the files of the sources into folders, in place or *into* another.

    A dry run writes its plan to *save_plan*, a file not there yet, for `apply`.
    """
    from fileorg.pipeline.organize import OrganizeRequest
    from fileorg.pipeline.organize import organize as run
    from fileorg.pipeline.saving import new_file

    if save_plan is not None and not dry_run:
        raise UsageError("save_plan needs dry_run=True", "apply executes the plan")
    with nullcontext() if save_plan is None else new_file(located(save_plan)) as save:
        request = OrganizeRequest(
            tuple(map(located, sources)),
            state_of(state_dir),
            located_if(into),
            override(config or Config(), keys),
            dry_run,
            force,
            wait,
            jobs,
            command(),
            save,
        )
        return run(request, sink_of(on_event))


def apply(
    plan: AnyPath,
    *,
    dry_run: bool = False,
    force: bool = False,
    wait: float = 0,
    jobs: int | None = None,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
) -> RunSummary:
    """Do what a saved plan says, each file only if it is still as it was; else it failed."""
    from fileorg.pipeline.apply import ApplyRequest
    from fileorg.pipeline.apply import apply as run
    from fileorg.pipeline.plan_file import opened

    path = located(plan)
    with opened(path) as file:
        request = ApplyRequest(
            file, text(path), state_of(state_dir), dry_run, force, wait, jobs, command()
        )
        return run(request, sink_of(on_event))


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
    jobs: int | None = None,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
) -> RunSummary:
    """Put back what a run has done, or a part of it; `last` is the newest that can be undone."""
    from fileorg.pipeline.undo import UndoRequest
    from fileorg.pipeline.undo import undo as act

    request = UndoRequest(
        run,
        state_of(state_dir),
        root=located_if(root),
        include_changed=include_changed,
        dry_run=dry_run,
        wait=wait,
        jobs=jobs,
        command=command(),
        choice=Choice(several(only), several(categories), tuple(map(located, several(files)))),
        on_conflict=TakenPolicy(on_conflict),
    )
    return act(request, sink_of(on_event))


def redo(
    run: str = "last",
    *,
    root: AnyPath | None = None,
    dry_run: bool = False,
    wait: float = 0,
    jobs: int | None = None,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
) -> RunSummary:
    """Do a run again that was undone."""
    from fileorg.pipeline.undo import UndoRequest
    from fileorg.pipeline.undo import undo as act

    request = UndoRequest(
        run,
        state_of(state_dir),
        redo=True,
        root=located_if(root),
        dry_run=dry_run,
        wait=wait,
        jobs=jobs,
        command=command(),
    )
    return act(request, sink_of(on_event))


def recover(
    run: str | None = None,
    *,
    rollback: bool = False,
    wait: float = 0,
    jobs: int | None = None,
    state_dir: AnyPath | None = None,
    on_event: OnEvent | None = None,
) -> list[RunSummary]:
    """Finish every interrupted run, or one, or take it back with *rollback*.

    Return the sums of those that had something to finish; `UsageError` if *run* has ended.
    """
    from fileorg.pipeline.finishing import FinishRequest, finish, runs_to_finish

    request = FinishRequest(state_of(state_dir), rollback, wait, jobs, command())
    names = runs_to_finish(request.state, run)
    done = [finish(name, request, sink_of(on_event)) for name in names]
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
        tuple(map(located, paths)),
        state_of(state_dir),
        override(config or Config(), keys),
        action,
        empty,
        use_cache,
        dry_run,
        force,
        wait,
        jobs,
        command(),
    )
    return run(request, sink_of(on_event))

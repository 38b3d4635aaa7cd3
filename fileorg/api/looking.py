"""The verbs that change nothing: what is there, what would happen to it, and what happened."""

import os
from collections.abc import Callable, Iterator

from fileorg.api.given import AnyPath, OnEvent, located, located_if, sink_of, state_of
from fileorg.config.overrides import override
from fileorg.config.schema import Config
from fileorg.model.inventory import Inventory
from fileorg.model.outcome import Status
from fileorg.pipeline.categories import CategoryLine
from fileorg.pipeline.explain import Explanation
from fileorg.pipeline.history import RunLine
from fileorg.pipeline.places import Finding
from fileorg.pipeline.viewing import FileLine, RunDetails, Sort
from fileorg.report.formats import ReportFormat


def load_config(path: AnyPath | None = None) -> Config:
    """Return the user's configuration, or that of a file; `ConfigError` says what is wrong."""
    from fileorg.config.load import load

    return load(None if path is None else os.fsdecode(path), os.environ).config


def categories(*, config: Config | None = None) -> list[CategoryLine]:
    """Return every category with its extensions, in the order in which they are known."""
    from fileorg.pipeline.categories import category_lines

    return category_lines(config or Config())


def category(name: str, *, config: Config | None = None) -> CategoryLine:
    """Return one category; `UsageError` where there is none of that name."""
    from fileorg.pipeline.categories import category_line

    return category_line(name, config or Config())


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
        tuple(map(located, sources)),
        state_of(state_dir),
        override(config or Config(), keys),
        top,
        jobs,
    )
    return run(request, sink_of(on_event))


def explain(
    *paths: AnyPath,
    source: AnyPath | None = None,
    into: AnyPath | None = None,
    force: bool = False,
    config: Config | None = None,
    state_dir: AnyPath | None = None,
    **keys: object,
) -> list[Explanation]:
    """Say where each path would go and what says so, or why it would be left alone.

    *source* is the folder to organize, else the one that a path is in.
    """
    from fileorg.pipeline.explain import ExplainRequest
    from fileorg.pipeline.explain import explain as run

    return run(
        ExplainRequest(
            tuple(map(located, paths)),
            state_of(state_dir),
            located_if(source),
            located_if(into),
            override(config or Config(), keys),
            force,
        )
    )


def runs(*, state_dir: AnyPath | None = None) -> list[RunLine]:
    """Return the runs, the newest first."""
    from fileorg.pipeline.history import list_runs

    return list_runs(state_of(state_dir))


def show(run: str = "last", *, state_dir: AnyPath | None = None) -> RunDetails:
    """Return one run with its sums."""
    from fileorg.pipeline.viewing import RunView

    with RunView(state_of(state_dir), run) as view:
        return view.details


def files(
    run: str = "last",
    *,
    status: Status | None = None,
    category: str | None = None,
    sort: Sort | None = None,
    reverse: bool = False,
    page: int | None = None,
    page_size: int | None = None,
    state_dir: AnyPath | None = None,
) -> Iterator[FileLine]:
    """Yield the files of a run as they were planned or by *sort*, all of them or a page.

    Pages count from 1 and have 100 files, unless *page_size* says how many.
    """
    from fileorg.pipeline.listing import listed, listing_of, paging_of
    from fileorg.pipeline.viewing import RunView

    paging = paging_of(page, page_size)
    with RunView(state_of(state_dir), run) as view:
        named = None if status is None else Status(status).name
        listing = listing_of(view, named, category, sort, reverse=reverse)
        yield from listed(view, listing, paging)


def write_report(
    run: str = "last",
    *,
    to: AnyPath | Callable[[str], object],
    format: ReportFormat = ReportFormat.HTML,  # noqa: A002 # the name of the option
    force: bool = False,
    state_dir: AnyPath | None = None,
) -> None:
    """Write a report of a run to a file, whole or not at all, or piece by piece to a callable.

    `RefusedError` where the file is there already, unless *force* says to replace it.
    """
    from fileorg.pipeline.viewing import RunView
    from fileorg.report.formats import writer_of
    from fileorg.report.saving import saved

    writer = writer_of(ReportFormat(format))
    with RunView(state_of(state_dir), run) as view:
        if isinstance(to, str | bytes | os.PathLike):
            with saved(os.fsdecode(to), force=force) as write:
                writer(view, write)
        else:
            writer(view, to)


def doctor(
    run: str | None = None, *, deep: bool = False, state_dir: AnyPath | None = None
) -> Iterator[Finding]:
    """Yield what is found in journals, folders and runs, or of one run compared with the disk.

    What is wrong has a *code* other than 0, and a remedy.
    """
    from fileorg.pipeline.doctor import DoctorRequest, examine

    return examine(DoctorRequest(state_of(state_dir), run, deep))

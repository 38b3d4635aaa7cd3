"""`fileorg doctor`."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from fileorg.cli import completing
from fileorg.cli.options import (
    ConfigOption,
    EndpointOption,
    Output,
    OutputOption,
    ProfileOption,
    StateOption,
    absolute,
    configured,
    state_from,
)
from fileorg.errors import UsageError

if TYPE_CHECKING:
    from fileorg.pipeline.places import Finding

_MOST_OF_ONE_KIND = 20


def doctor(
    ctx: typer.Context,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN",
            help="Compare this run with the disk; or s3://BUCKET/PREFIX: try it.",
            autocompletion=completing.runs,
        ),
    ] = None,
    deep: Annotated[bool, typer.Option("--deep", help="Check every row of every journal.")] = False,
    paths: Annotated[
        bool, typer.Option("--paths", help="List every place that fileorg writes to.")
    ] = False,
    endpoint_url: EndpointOption = None,
    profile: ProfileOption = None,
    config: ConfigOption = None,
    output: OutputOption = Output.TEXT,
    state_dir: StateOption = None,
) -> None:
    """Say whether journals, folders and runs are healthy, and what to do where they are not.

    Nothing is changed; a bucket that is named is tried with small objects, which are removed again.
    Exit status: 0 healthy; else the highest of: 2 no such run; 3 an
    interrupted run, something left over, or files that are not where a run put them; 4 a journal
    or folder that is not as it should be; 11 the disk cannot decide; 12 storage unavailable.
    """
    from fileorg.cli.render import as_json, out
    from fileorg.cli.sinks import wire
    from fileorg.model.location import is_remote
    from fileorg.pipeline.doctor import DoctorRequest, examine
    from fileorg.pipeline.places import written_places
    from fileorg.pipeline.selecting import asked_of

    state = state_from(state_dir)
    if paths:
        if run is not None:
            raise UsageError("--paths is about every run", "leave out RUN")
        _print_paths(written_places(state, os.environ), output)
        return
    worst, rows, told = 0, [], _Told()
    request = DoctorRequest(state, run, deep)
    if run is not None and is_remote(place := absolute(run)):
        given = {"endpoint_url": endpoint_url, "profile": profile}
        request = DoctorRequest(state, bucket=place, asked=asked_of(configured(config, given)))
    for finding in examine(request):
        worst = max(worst, finding.code)
        row = {
            "area": finding.area, **wire(finding.path), "says": finding.says,
            "remedy": finding.remedy, "code": finding.code,
        }  # fmt: skip
        if output is Output.JSON:
            rows.append(row)
        elif output is Output.JSONL:
            out(as_json(row))
        else:
            told.tell(finding)
    if output is Output.JSON:
        out(as_json({"healthy": worst == 0, "findings": rows}))
    elif output is Output.TEXT:
        told.end()
    ctx.exit(worst)


class _Told:
    """Prints findings as lines, of many of one kind only the first."""

    def __init__(self) -> None:
        self._problems = 0
        self._of_area: dict[str, int] = {}

    def tell(self, finding: "Finding") -> None:
        """Print one."""
        from fileorg.cli.render import out
        from fileorg.cli.words import safe
        from fileorg.model.location import shown

        self._problems += finding.code != 0
        number = self._of_area[finding.area] = self._of_area.get(finding.area, 0) + 1
        if number > _MOST_OF_ONE_KIND:
            return
        mark = "bad" if finding.code else "good"
        remedy = f"; {finding.remedy}" if finding.remedy else ""
        line = f"{mark:<4}  {finding.area:<9}  {shown(finding.path)}: {finding.says}{remedy}"
        out(safe(line))

    def end(self) -> None:
        """Print what was left out, and the verdict."""
        from fileorg.cli.render import out
        from fileorg.cli.words import count

        for area, number in self._of_area.items():
            if number > _MOST_OF_ONE_KIND:
                out(f"and {number - _MOST_OF_ONE_KIND:,} more of {area!r}; --output json has all")
        problems = count(self._problems, "problem")
        out(f"{problems} found" if self._problems else "Healthy")


def _print_paths(places: "list[tuple[bytes, str]]", output: Output) -> None:
    from fileorg.cli.render import as_json, out
    from fileorg.cli.sinks import wire
    from fileorg.cli.words import safe
    from fileorg.model.location import shown

    rows = [{**wire(path), "holds": what} for path, what in places]
    if output is Output.JSON:
        out(as_json(rows))
        return
    for row, (path, what) in zip(rows, places, strict=True):
        out(as_json(row) if output is Output.JSONL else f"{safe(shown(path))}: {what}")

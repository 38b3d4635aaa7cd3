"""`fileorg prune`."""

import time
from typing import Annotated

import typer

from fileorg.cli.options import (
    ConfigOption,
    Output,
    OutputOption,
    QuietOption,
    StateOption,
    configured,
    state_from,
)


def prune(
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", metavar="AGE", help="Such as 90d; else what retention says."),
    ] = None,
    keep: Annotated[
        int, typer.Option("--keep", metavar="N", min=0, help="Keep the N newest runs anyway.")
    ] = 20,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Only show what would happen.")
    ] = False,
    config: ConfigOption = None,
    state_dir: StateOption = None,
    output: OutputOption = Output.TEXT,
    quiet: QuietOption = False,
) -> None:
    """Drop the journals of old runs, which can't be taken back after that.

    Kept is what something depends on: an interrupted run, or files in quarantine.

    Exit status: 0 done; 2 wrong usage or configuration; 12 the state folder can't be written.
    """
    from fileorg.cli.render import as_json, err, out
    from fileorg.cli.words import count, safe, size
    from fileorg.pipeline.prune import PruneRequest, age_of
    from fileorg.pipeline.prune import prune as act

    age = age_of(configured(config, {}), older_than)
    summary = act(PruneRequest(state_from(state_dir), time.time_ns() - age, keep, dry_run))
    if output is not Output.TEXT:
        out(as_json(summary))
        return
    if not quiet:
        verb = "Would drop" if dry_run else "Dropped"
        journals = f"{count(summary.journals, 'journal')} of {count(summary.runs, 'run')}"
        out(f"{verb} {journals}, {size(summary.bytes)}")
    for kept in summary.kept if not quiet else ():
        err(f"fileorg: kept {kept.run}: {safe(kept.reason)}")

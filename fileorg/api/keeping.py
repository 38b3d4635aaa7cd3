"""The verbs that free room: what they remove can't be taken back."""

import time

from fileorg.api.given import AnyPath, state_of
from fileorg.config.schema import Config
from fileorg.errors import UsageError
from fileorg.pipeline.prune import PruneSummary
from fileorg.pipeline.purge import PurgeSummary


def prune(
    *,
    older_than: str | None = None,
    keep: int = 20,
    dry_run: bool = False,
    config: Config | None = None,
    state_dir: AnyPath | None = None,
) -> PruneSummary:
    """Drop the journals of old runs, but for the newest *keep*. For good.

    Old is what ended longer ago than *older_than*, such as `90d`, else than the key `retention`.
    """
    from fileorg.pipeline.prune import PruneRequest, age_of
    from fileorg.pipeline.prune import prune as act

    if keep < 0:
        raise UsageError(f"keep: {keep} runs", "0 keeps none for being new")
    age = age_of(config or Config(), older_than)
    return act(PruneRequest(state_of(state_dir), time.time_ns() - age, keep, dry_run))


def purge(
    run: str, *, dry_run: bool = False, wait: float = 0, state_dir: AnyPath | None = None
) -> PurgeSummary:
    """Free the space of the duplicates that a run set aside, each compared once more. For good."""
    from fileorg.pipeline.purge import PurgeRequest
    from fileorg.pipeline.purge import purge as act

    return act(PurgeRequest(run, state_of(state_dir), dry_run, wait))

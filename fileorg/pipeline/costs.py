"""What a command asked of the servers of buckets, put into its sums; no journal keeps it.

An interrupted run and the one that finishes it are two commands, and each tells of its own.
"""

from collections.abc import Callable

import msgspec

from fileorg.model.requests import Prices, Requests
from fileorg.model.summary import RunSummary
from fileorg.pipeline.workspace import Workspace


def with_requests(summary: RunSummary, work: Workspace, prices: Prices | None = None) -> RunSummary:
    """Return the sums with the requests so far; as they are where all is on local disks."""
    if not work.is_remote:
        return summary
    return msgspec.structs.replace(summary, requests=work.requests.priced(prices))


def after(earlier: RunSummary, summary: RunSummary) -> RunSummary:
    """Return the sums of the second half of a command, with the requests of both."""
    if not isinstance(earlier.requests, Requests) or not isinstance(summary.requests, Requests):
        return summary
    return msgspec.structs.replace(summary, requests=earlier.requests + summary.requests)


def priced(summary: RunSummary, prices: Callable[[], Prices | None]) -> RunSummary:
    """Return the sums with what the requests cost; *prices* are found only if there are any."""
    asked, expected = summary.requests, summary.expected_requests
    found = prices() if isinstance(asked, Requests) else None
    if isinstance(asked, Requests):
        summary = msgspec.structs.replace(summary, requests=asked.priced(found))
    if isinstance(expected, Requests):
        summary = msgspec.structs.replace(summary, expected_requests=expected.priced(found))
    return summary

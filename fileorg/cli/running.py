"""What the commands that run something share: printing the sums and choosing the exit code."""

from fileorg.cli.options import Output
from fileorg.cli.render import as_json, err, out, summary_lines
from fileorg.model.summary import RunSummary

SOME_FAILED = 3


def finish(summary: RunSummary, output: Output, *, again: str = "", quiet: bool = False) -> int:
    """Print the sums of a run as asked; return its exit code."""
    if output is Output.JSON:
        out(as_json(summary))
    elif output is Output.JSONL:
        out(as_json({"event": "runfinished", "summary": summary}))
    elif not quiet:
        for line in summary_lines(summary, again):
            out(line)
    elif summary.failed:
        for failure in summary.failures:
            err(f"fileorg: {failure.path}: {failure.reason}")
    return SOME_FAILED if summary.failed else 0

"""What the commands that run something share: printing the sums and choosing the exit code."""

import os
import sys

from fileorg.cli.options import Output
from fileorg.cli.render import as_json, err, out, print_summary
from fileorg.cli.words import quoted, safe
from fileorg.model.outcome import RunKind
from fileorg.model.summary import RunSummary

SOME_FAILED = 3


def finish(
    summary: RunSummary,
    output: Output,
    *,
    quiet: bool = False,
    state_dir: str | None = None,
    failed: int = SOME_FAILED,
) -> int:
    """Print the sums of a run as asked; return its exit code, *failed* where something did."""
    code = failed if summary.failed else 0
    if output is Output.JSON:
        out(as_json(summary))
    elif output is Output.JSONL:
        from fileorg.cli.stream import RunFinished

        out(as_json(RunFinished(exit_code=code, summary=summary)))
    elif not quiet:
        again = same_without_dry_run(summary) if summary.dry_run else next_line(summary, state_dir)
        print_summary(summary, again)
    elif summary.failed:
        for failure in summary.failures:
            err(f"fileorg: {safe(failure.path)}: {failure.reason}")
    return code


def next_line(summary: RunSummary, state_dir: str | None = None) -> str:
    """Return what takes a run back, or does it again; empty where it changed nothing."""
    if not (summary.done or summary.folders_made or summary.folders_removed):
        return ""
    words = next_words(summary, state_dir)
    if summary.kind is RunKind.UNDO:
        return f"Do it again: fileorg redo {words}"
    return f"Take it back: fileorg undo {words}"


def next_words(summary: RunSummary, state_dir: str | None = None) -> str:
    """Return how a command names this run, with the state folder where that was named."""
    return (summary.parent or summary.run) + in_state(state_dir)


def in_state(state_dir: str | None) -> str:
    """Return what names the state folder behind a command, where it was named."""
    return "" if state_dir is None else f" --state-dir {_word(os.path.abspath(state_dir))}"


def same_without_dry_run(summary: RunSummary) -> str:
    """Return this very command without its --dry-run, and with the run's id instead of `last`.

    Where it has saved a plan, that is what does it.
    """
    words, literal = ["fileorg"], False
    if (plan := _saved_plan()) is not None:
        return f"fileorg apply {_word(plan)}"
    for word in sys.argv[1:]:
        literal = literal or word == "--"
        if not literal and word == "--dry-run":
            continue
        kept = word if literal else _without_n(word)
        if kept == "last" and summary.parent:
            kept = summary.parent
        if kept != "-":
            words.append(_word(kept))
    return " ".join(words)


def _saved_plan() -> str | None:
    for word, following in zip(sys.argv[1:], [*sys.argv[2:], ""], strict=True):
        if word == "--":
            break
        if word.startswith("--save-plan"):
            return following if word == "--save-plan" else word.partition("=")[2]
    return None


def _without_n(word: str) -> str:
    """Return `-rn` as `-r` and `-n` as `-`; what follows `m` in such a word is a mode."""
    if len(word) < 2 or word[0] != "-" or word[1] == "-":  # noqa: PLR2004
        return word
    flags, mode, value = word.partition("m")
    return flags.replace("n", "") + mode + value


def _word(word: str) -> str:
    return quoted(os.fsencode(word), (sys.stdout and sys.stdout.encoding) or "ascii")

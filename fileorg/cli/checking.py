"""How `fileorg config check` writes what the rules say, and which of them takes a file."""

from collections.abc import Iterator

from fileorg.categorize.tracing import Trace
from fileorg.cli.options import Output
from fileorg.cli.render import as_json, out
from fileorg.cli.sinks import wire
from fileorg.cli.words import safe
from fileorg.config.load import Loaded
from fileorg.model.location import shown
from fileorg.pipeline.rule_check import RuleLine, TriedPath, check_rules, try_rules


def print_check(loaded: Loaded, paths: list[bytes], source: bytes | None, output: Output) -> None:
    """Print that a configuration is good, its rules, and what becomes of some files."""
    rules = check_rules(loaded.config)
    tried = try_rules(loaded.config, paths, source) if paths else []
    if output is not Output.TEXT:
        path = None if loaded.path is None else str(loaded.path)
        rows = {"rules": rules, "tried": list(map(_tried_wire, tried))}
        out(as_json({"path": path, "good": True, **rows}))
        return
    out(safe(f"{loaded.path or 'no configuration file, the defaults'}: good"))
    for rule in rules:
        _print_rule(rule)
    for file in tried:
        _print_tried(file)


def _tried_wire(file: TriedPath) -> dict[str, object]:
    known: dict[str, object] = {**wire(file.path), "rule": file.rule, "category": file.category}
    if file.main is not None:
        known["main"] = wire(file.main)
    return {**known, "tried": file.tried}


def _print_rule(rule: RuleLine) -> None:
    out(safe(f"{rule.key} {rule.name!r}: {rule.says}"))
    for warning in rule.warnings:
        out(safe(f"  warning: {warning}"))


def _print_tried(file: TriedPath) -> None:
    takes = "no rule takes it" if file.rule is None else f"rule {file.rule!r} takes it"
    end = "it stays where it is" if file.category is None else f"it counts as {file.category}"
    as_main = "" if file.main is None else f"as {shown(file.main)}, with which it goes: "
    out(safe(f"{shown(file.path)}: {as_main}{takes}; {end}"))
    for tried in file.tried:
        first, *more = _lines(tried.why)
        out(safe(f"  {first[:4]}{tried.rule!r}: {first[4:]}"))
        for line in more:
            out(safe(f"    {line}"))


def _lines(trace: Trace) -> Iterator[str]:
    """Yield a condition with what came of it, and below it those that it is made of."""
    yield f"{'yes' if trace.holds else 'no':<4}{trace.condition}"
    for part in trace.parts:
        yield from (f"  {line}" for line in _lines(part))

"""organize-tool, the best known program of this kind, on the same trees by the same table."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench import tree
from tests.bench.rounds import Bench
from tests.bench.snapshot import Snapshot, difference
from tests.bench.table import Row


def find() -> list[str] | None:
    """Return the command prefix of organize-tool, `None` when it is not installed."""
    if importlib.util.find_spec("organize") is not None:
        return [sys.executable, "-m", "organize"]
    found = shutil.which("organize")
    return [found] if found else None


def write_config(path: Path, target: Path, table: Mapping[str, Sequence[str]]) -> None:
    """Write to `path` the rules, one a category and one for the rest, that organize `target`.

    organize-tool walks the whole tree once a rule: only categories that the bench's trees
    hold get one, as a user would write them.
    """
    met = {extension.lower() for extension in tree.EXTENSIONS}
    known = {
        category: held
        for category, extensions in table.items()
        if (held := sorted(met.intersection(extensions)))
    }
    other = [extension for extensions in known.values() for extension in extensions]
    location = {"path": str(target), "exclude_dirs": [*known, "Other"]}

    def rule(category: str, condition: dict[str, list[str]]) -> dict[str, object]:
        return {
            "name": category,
            "locations": [location],
            "subfolders": True,
            "filters": [condition],
            "actions": [{"move": f"{target}/{category}/"}],
        }

    rules = [rule(category, {"extension": held}) for category, held in known.items()]
    rules.append(rule("Other", {"not extension": other}))
    path.write_text(json.dumps({"rules": rules}), encoding="utf-8")  # JSON is YAML


def measure(
    bench: Bench,
    command: Sequence[str],
    made: Snapshot,
    table: Mapping[str, Sequence[str]],
    rows: Sequence[Row],
) -> None:
    """Add to `rows` one pair each of organize-tool's preview and run, against the floor.

    With a third and fourth row fileorg's dry run and organize are measured on the same
    tree too. organize-tool leaves emptied folders behind: it does a little less.
    """
    config = bench.folder / "organize.yaml"
    write_config(config, made.root, table)
    bench.reset(made)
    scan = bench.wall(bench.floor.scan(made.root))
    organized = bench.wall(bench.floor.organize(made.root))
    sample = made.shape()

    bench.reset(made)
    rows[0].add(bench.wall([*command, "sim", "-F", "errorsonly", str(config)]), scan)
    bench.reset(made)
    rows[1].add(bench.wall([*command, "run", "-F", "errorsonly", str(config)]), organized)
    mine = {name: count for name, count in made.shape().items() if count or name in sample}
    if mine != sample:
        bench.say(f"organize-tool did another job than the floor: {difference(mine, sample)}")

    if len(rows) > 2:
        bench.reset(made)
        rows[2].add(bench.wall(bench.organize(made.root, "--dry-run")), scan)
        bench.reset(made)
        rows[3].add(bench.wall(bench.organize(made.root)), organized)

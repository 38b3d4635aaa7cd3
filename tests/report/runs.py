"""Runs to report on: of every kind, with every sort of name."""

import os
from pathlib import Path

from fileorg.model.outcome import RunKind, RunState
from fileorg.pipeline.execute import recount
from fileorg.pipeline.viewing import RunView
from tests.journal.making import RUN, create, move
from tests.pipeline.harness import Desk
from tests.pipeline.photos import photo
from tests.trees import HOSTILE_NAMES, make_tree

HOSTILE = (
    *(name for name in HOSTILE_NAMES if not name.startswith(b".")),
    b"<script>alert(1)<!--.txt", b"quote\"'&amp;.txt", b"=cmd()|x.txt", b"'quoted.txt",
    "rtl \u202egpj.exe".encode(), b"broken\xff.txt", b'comma, and "quote".txt', b"{{ 7 * 7 }}.txt",
    b"tag\xf3\xa0\x81\x81.txt",
)  # fmt: skip

MARKUP = b"<img src=x onerror=alert(1)>"


def hostile_run(base: Path) -> tuple[Desk, str]:
    """Return a run that moved files with hostile names, failed at one, and set some aside."""
    desk = Desk(base)
    tree = {name: b"%d" % number for number, name in enumerate(HOSTILE)}
    tree[b"x</script><script>alert(1).txt"] = b"in a folder named x<"
    make_tree(desk.root, tree)
    make_tree(desk.root, {b"twin-%d.bin" % n: b"the same" for n in range(3)})
    make_tree(desk.root, {b"Fonts": b"in the way", b"a.ttf": b"font", MARKUP + b".ttf": b"f"})
    make_tree(desk.root, {MARKUP + b"%d.xyz" % n: b"twins" for n in range(2)})
    for number, path in enumerate(sorted(desk.root.rglob("*"))):
        os.utime(path, (1e9 + number * 3e7 % 7e8,) * 2)
    run = desk.organize(folders="recurse", dedupe="quarantine").run
    return desk, run


def judged_run(base: Path) -> tuple[Desk, str]:
    """Return a run that looked into files: at a photo with a sidecar, a wrong name, and a text."""
    desk = Desk(base)
    program = Path(os.path.realpath("/bin/true")).read_bytes()
    taken = photo(1, "2011:02:03 04:05:06")
    make_tree(desk.root, {b"a.jpg": taken, b"nameless": taken + b".", MARKUP + b".png": program})
    make_tree(desk.root, {b"b.txt": b"b", b"a.jpg.xmp": b"with a.jpg"})
    return desk, desk.organize(mode="category_year", trust="content", timezone="Asia/Tokyo").run


def many(base: Path, count: int) -> RunView:
    """Return a run of so many moves, none of which was made."""
    desk = Desk(base)
    desk.state.prepare()
    journal = create(desk.state.journal_path(RUN))
    for low in range(0, count, 10_000):
        journal.record([move(number) for number in range(low, min(low + 10_000, count))])
    journal.planned()
    journal.advance(0, count, [])
    tally = recount(journal, [held.root for held in journal.roots()])
    summary = tally.summary(RUN, RunKind.ORGANIZE, RunState.FINISHED, (10**18, 10**18 + 9))
    journal.finish(RunState.FINISHED, [], count, summary)
    journal.close()
    return RunView(desk.state, RUN)

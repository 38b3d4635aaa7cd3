"""A journal that is not as it was written: refused in one line with exit 4, and nothing moves."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.pipeline.harness import snapshot
from tests.trees import make_tree

Damage = Callable[[Path], object]


def _sql(statement: str) -> Damage:
    def damage(path: Path) -> None:
        database = sqlite3.connect(path, isolation_level=None)
        database.execute(statement)
        database.close()

    return damage


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _swap(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


DAMAGES: dict[str, tuple[Damage, str]] = {
    "row": (_sql("UPDATE action SET size = size + 1 WHERE seq = 1"), "row of 'action'"),
    "lost row": (_sql("DELETE FROM action WHERE seq = 1"), "plan is not the one"),
    "version": (_sql("PRAGMA user_version = 99"), "version 99 is not known"),
    "garbage": (lambda path: path.write_bytes(b"garbage" * 999), "not a"),
    "cut": (_cut, "not a journal"),
    "empty": (lambda path: path.write_bytes(b""), "not a fileorg journal"),
    "symlink": (_swap, "not a file of yours"),
    "mode": (lambda path: path.chmod(0o644), "chmod 600"),
}
OWNER: tuple[Damage, str] = (lambda path: os.chown(path, 12345, 12345), "not a file of yours")
by_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a file away")


@pytest.fixture
def organized(cli: Cli) -> Cli:
    """Return a command line with two runs, the newer on `root`."""
    make_tree(cli.base / "other", {b"o.txt": b"o"})
    make_tree(cli.root, {b"a.txt": b"a", b"b.jpg": b"b", b"c.txt": b"c"})
    cli.good("organize", "other")
    cli.good("organize", "root")
    return cli


@pytest.mark.parametrize(
    "words", [("undo",), ("undo", "-n"), ("recover",), ("recover", "--rollback")]
)
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        *(pytest.param(*case, id=name) for name, case in DAMAGES.items()),
        pytest.param(*OWNER, id="owner", marks=[by_root, pytest.mark.root]),
    ],
)
def test_a_damaged_journal_is_refused(
    organized: Cli, words: tuple[str, ...], damage: Damage, says: str
) -> None:
    """Undo, its preview, recover and rollback end with 4, name the file, and touch nothing."""
    journal = organized.journals()[-1]
    damage(journal)
    before = snapshot(organized.base / "root")
    done = organized(*words, journal.stem)
    assert (done.returncode, done.stdout) == (4, ""), done.stderr
    assert says in done.stderr
    assert str(journal) in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert snapshot(organized.base / "root") == before
    assert len(organized.journals()) == 2


def test_last_is_no_older_run_because_the_newest_is_damaged(organized: Cli) -> None:
    """`undo last` refuses to take back an older run in the place of one it can't read."""
    older, newer = organized.journals()
    newer.write_bytes(b"garbage" * 999)
    (organized.state / "index").unlink()
    done = organized("undo", "last")
    assert done.returncode == 4, done.stderr
    assert str(newer) in done.stderr
    assert "name the run" in done.stderr
    assert not (organized.base / "other" / "o.txt").exists()
    organized.good("undo", older.stem)
    assert (organized.base / "other" / "o.txt").exists()


def test_a_damaged_journal_is_listed_and_in_nobodys_way(organized: Cli) -> None:
    """`runs` says what is wrong with it, and its folder can be organized again."""
    journal = organized.journals()[-1]
    journal.write_bytes(b"garbage" * 999)
    (organized.state / "index").unlink()
    assert f"{journal.stem}  unusable: {journal}: not a journal" in organized.good("runs")
    (organized.root / "new.txt").write_text("new")
    organized.good("organize", "root")
    assert (organized.root / "Documents" / "new.txt").exists()


@pytest.mark.parametrize(
    ("words", "statement"),
    [
        ((), "UPDATE meta SET value = replace(value, '3', '4') WHERE key = 'summary'"),
        ((), "UPDATE root SET path = '/elsewhere'"),
        (("--files",), "UPDATE action SET source_name = x'61' WHERE kind = 3"),
        (("--sort", "size"), "UPDATE action SET size = 7 WHERE kind = 3"),
        (("--page", "1"), "UPDATE folder SET path = x'61' WHERE path = x''"),
        (("--files",), "INSERT INTO outcome VALUES (1, 3, 'gone', '', 0, 5)"),
    ],
)
def test_what_is_shown_was_written_so(
    organized: Cli, words: tuple[str, ...], statement: str
) -> None:
    """A row that `show` would print and that is not as it was written ends it with 4."""
    _sql(statement)(organized.journals()[-1])
    done = organized("show", organized.journals()[-1].stem, *words)
    assert (done.returncode, done.stdout) == (4, "")
    assert "is not as it was written" in done.stderr

"""The list of runs in lines that fit."""

from fileorg.cli.run_list import run_lines
from fileorg.journal.index import RunRecord
from fileorg.model.outcome import RunKind
from fileorg.pipeline.history import RunLine


def run(number: int, status: str, root: bytes = b"/srv/files", **fields: object) -> RunLine:
    """Return one run of many."""
    kind = RunKind.ORGANIZE if number % 2 else RunKind.UNDO
    record = RunRecord(f"20261122-23173{number}-j58", kind, roots=(root,), done=number, **fields)  # type: ignore[arg-type]
    return RunLine(record, status)


RUNS = [run(3, "done, some failed", bytes=10**12), run(2, "done"), run(1, "undone")]


def test_where_there_is_room_a_run_is_a_line() -> None:
    """Without a terminal, and on one that is wide enough, runs are a table of lines."""
    table = list(run_lines(RUNS, None))
    assert len(table) == 3
    longest = max(map(len, table))
    assert list(run_lines(RUNS, longest)) == table == list(run_lines(RUNS, 200))
    assert len({line.index("  /srv/files") for line in table}) == 1


def test_where_there_is_none_a_run_is_two_lines() -> None:
    """On a narrow terminal files and folders stand below the rest, and no line is too long."""
    table = list(run_lines(RUNS, None))
    lines = list(run_lines(RUNS, max(map(len, table)) - 1))
    assert len(lines) == 6
    assert max(map(len, lines)) < 80
    assert [" ".join(f"{a} {b}".split()) for a, b in zip(lines[::2], lines[1::2], strict=True)] == [
        " ".join(line.split()) for line in table
    ]


def test_a_name_that_is_no_text_is_escaped() -> None:
    """A folder's name is printed with escapes, whichever way."""
    hostile = [run(1, "done", b"/srv/\xff\x1b[31m\n")]
    for width in (None, 20):
        assert "/srv/\\xff\\x1b[31m\\n" in "\n".join(run_lines(hostile, width))


def test_one_that_can_not_be_used_is_told_beside_the_others() -> None:
    """An unusable journal is a line with the reason, and does not bear on the columns."""
    bad = run(4, "unusable", problem="not a journal " * 9)
    assert list(run_lines([bad, *RUNS], None))[1:] == list(run_lines(RUNS, None))
    assert "unusable: not a journal" in next(run_lines([bad], 80))
    assert list(run_lines([], 80)) == []

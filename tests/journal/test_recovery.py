"""The crash table, cell by cell."""

from itertools import product

import pytest

from fileorg.journal.recovery import Resolution, resolve_copy, resolve_move, resolve_rewrite
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.plan import ActionKind

EXPECTED = Fingerprint(10, 20, 30, 40)
ABSENT = None
SAME = FileEntry(Location(0, b"x"), Kind.FILE, EXPECTED)
EDITED = FileEntry(Location(0, b"x"), Kind.FILE, Fingerprint(11, 21, 31, 40))
COPY = FileEntry(Location(0, b"x"), Kind.FILE, Fingerprint(10, 20, 99, 77))
OTHER = FileEntry(Location(0, b"x"), Kind.FILE, Fingerprint(12, 22, 32, 55))
STANDING = {"absent": ABSENT, "same": SAME, "edited": EDITED, "copy": COPY, "other": OTHER}
OURS = {"same", "edited"}


@pytest.mark.parametrize("listed", list(product([True, False], repeat=2)))
@pytest.mark.parametrize(("source", "target"), list(product(STANDING, STANDING)))
def test_a_rename_is_told_from_what_stands(
    source: str, target: str, listed: tuple[bool, bool]
) -> None:
    """Whichever of nothing, our file, or another stands at both ends, the table decides."""
    if source in OURS and target in OURS:
        expected = Resolution.HALF if listed[0] else Resolution.DONE
        expected = expected if listed[1] else Resolution.NOT_DONE
    elif target in OURS:
        expected = Resolution.DONE
    elif source in OURS:
        expected = Resolution.NOT_DONE if target == "absent" else Resolution.BLOCKED
    else:
        expected = Resolution.UNKNOWN
    found = resolve_move(EXPECTED, STANDING[source], STANDING[target], listed=listed)
    assert found is expected


@pytest.mark.parametrize("kind", [ActionKind.COPY, ActionKind.MOVE])
@pytest.mark.parametrize(("source", "target"), list(product(STANDING, STANDING)))
def test_a_copy_is_told_from_what_stands(source: str, target: str, kind: ActionKind) -> None:
    """A copy has size and time of its original; only a move is half done while both are there.

    A plain copy never touches its source, so that its target alone tells.
    """
    has_copy = target in {"same", "copy"}  # of whichever inode: a copy has its own
    if source not in OURS and kind is not ActionKind.COPY:
        expected = Resolution.DONE if has_copy else Resolution.UNKNOWN
    elif target == "absent":
        expected = Resolution.NOT_DONE
    elif not has_copy:
        expected = Resolution.BLOCKED
    else:
        expected = Resolution.DONE if kind is ActionKind.COPY else Resolution.HALF
    assert resolve_copy(kind, STANDING[source], STANDING[target], EXPECTED) is expected


def test_one_entry_under_two_spellings_is_never_half_done() -> None:
    """A case-only rename on a disk that folds case shows one file at both ends: its name tells."""
    assert resolve_move(EXPECTED, SAME, SAME, listed=(True, False)) is Resolution.NOT_DONE
    assert resolve_move(EXPECTED, SAME, SAME, listed=(False, True)) is Resolution.DONE


@pytest.mark.parametrize("copied", [0, 77])
@pytest.mark.parametrize("kind", [ActionKind.COPY, ActionKind.MOVE])
@pytest.mark.parametrize(("source", "target"), list(product(STANDING, STANDING)))
def test_a_copy_in_a_bucket_is_told_by_numbers(
    source: str, target: str, kind: ActionKind, copied: int
) -> None:
    """A number is of a content: the planned one, or the one noted, proves a copy; size alone not.

    Of a source that is gone or another nothing is removed, and without a proven copy never.
    """
    has_copy = target in {*OURS, *({"copy"} if copied else ())}
    if source not in OURS and kind is ActionKind.MOVE:
        expected = Resolution.DONE if has_copy else Resolution.UNKNOWN
    elif target == "absent":
        expected = Resolution.NOT_DONE
    elif has_copy:
        expected = Resolution.DONE if kind is ActionKind.COPY else Resolution.HALF
    else:
        may_be = source in OURS and target == "copy"
        expected = Resolution.DOUBTFUL if may_be else Resolution.BLOCKED
    found = resolve_rewrite(kind, STANDING[source], STANDING[target], EXPECTED, copied)
    assert found is expected

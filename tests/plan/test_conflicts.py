"""What becomes of a file whose name is taken."""

import pytest

from fileorg.errors import ConflictError
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.plan import ConflictPolicy
from fileorg.model.reason import Reason
from fileorg.plan.conflicts import Decision, decide
from tests.plan.plans import moves_of, plan_of, reasons_of
from tests.plan.surroundings import MAY_17, Disk, F

RENAME, SKIP, REPLACE, NEWER, FAIL = ConflictPolicy
ALL_BUT_FAIL = (RENAME, SKIP, REPLACE, NEWER)
OLD, NEW = F(b"old", MAY_17), F(b"new", MAY_17 + 1)


def entry(kind: Kind = Kind.FILE, mtime_ns: int = 5) -> FileEntry:
    """Return an entry of a kind."""
    return FileEntry(Location(0, b"x"), kind, Fingerprint(1, mtime_ns, 0, 1))


@pytest.mark.parametrize(
    ("policy", "holder", "decision"),
    [
        (RENAME, entry(), Decision.NUMBER),
        (RENAME, None, Decision.NUMBER),
        (SKIP, entry(), Reason.TAKEN),
        (SKIP, None, Reason.TAKEN),
        (FAIL, entry(), Decision.REFUSE),
        (FAIL, None, Decision.REFUSE),
        (REPLACE, entry(), Decision.SET_ASIDE),
        (REPLACE, entry(Kind.SYMLINK), Decision.SET_ASIDE),
        (REPLACE, entry(Kind.FOLDER), Decision.NUMBER),
        (REPLACE, entry(Kind.SPECIAL), Decision.NUMBER),
        (REPLACE, None, Decision.NUMBER),
        (NEWER, entry(mtime_ns=4), Decision.SET_ASIDE),
        (NEWER, entry(mtime_ns=5), Reason.OLDER),
        (NEWER, entry(mtime_ns=6), Reason.OLDER),
        (NEWER, entry(Kind.FOLDER, mtime_ns=4), Decision.NUMBER),
        (NEWER, None, Decision.NUMBER),
    ],
)
def test_decision(
    policy: ConflictPolicy, holder: FileEntry | None, decision: Decision | Reason
) -> None:
    """Each policy decides by what stands at the target: only a file that stays is set aside."""
    assert decide(policy, entry(), holder) is decision


@pytest.mark.parametrize("policy", [REPLACE, NEWER])
def test_folder_replaces_nothing(policy: ConflictPolicy) -> None:
    """A folder that moves as one is numbered, whatever has its name."""
    assert decide(policy, entry(Kind.FOLDER), entry(mtime_ns=1)) is Decision.NUMBER


def test_rename_numbers_the_newcomer() -> None:
    """The first free number is taken, and the file that was there stays."""
    disk = Disk({b"a.txt": NEW, b"Documents/a.txt": OLD, b"Documents/a (1).txt": b"one"})
    assert moves_of(plan_of(disk)) == {b"a.txt": b"Documents/a (2).txt"}


def test_skip_leaves_the_newcomer() -> None:
    """Under `skip` the file stays, and the name that is taken is told."""
    plan = plan_of(Disk({b"a.txt": NEW, b"Documents/a.txt": OLD}), policy=SKIP)
    assert moves_of(plan) == {}
    assert (Location(0, b"a.txt"), Reason.TAKEN, "Documents/a.txt") in reasons_of(plan)


def test_fail_refuses_the_run() -> None:
    """Under `fail` the first taken name ends the plan with an error that names both files."""
    with pytest.raises(ConflictError) as refused:
        plan_of(Disk({b"a.txt": NEW, b"Documents/a.txt": OLD}), policy=FAIL)
    assert "Documents/a.txt" in str(refused.value)
    assert "--on-conflict rename" in refused.value.remedy


def test_replace_sets_the_holder_aside() -> None:
    """Under `replace` the holder goes to quarantine, under its path, before the name is given."""
    disk = Disk({b"a.txt": OLD, b"Documents/a.txt": NEW})
    plan = plan_of(disk, policy=REPLACE)
    assert list(moves_of(plan).items()) == [
        (b"Documents/a.txt", b".fileorg/quarantine/run/Documents/a.txt"),
        (b"a.txt", b"Documents/a.txt"),
    ]
    disk.apply(plan)
    assert disk.files[Location(0, b"Documents/a.txt")] == OLD


@pytest.mark.parametrize(("mine", "theirs"), [(NEW, OLD), (OLD, NEW)])
def test_newer_keeps_the_newer(mine: F, theirs: F) -> None:
    """Under `newer` whichever file is newer ends at the target, and the other is not lost."""
    disk = Disk({b"a.txt": mine, b"Documents/a.txt": theirs})
    plan = plan_of(disk, policy=NEWER)
    assert len(moves_of(plan)) == (2 if mine is NEW else 0)
    assert mine is NEW or Reason.OLDER in {reason for _, reason, _ in reasons_of(plan)}
    disk.apply(plan)
    assert disk.files[Location(0, b"Documents/a.txt")] == NEW
    assert OLD in disk.files.values()


@pytest.mark.parametrize("policy", [REPLACE, NEWER])
def test_planned_file_is_not_replaced(policy: ConflictPolicy) -> None:
    """Of two files that come to one name in a run the second is numbered, under every policy."""
    disk = Disk({b"a/x.txt": OLD, b"b/x.txt": NEW})
    assert moves_of(plan_of(disk, recurse=True, policy=policy)) == {
        b"a/x.txt": b"Documents/x.txt",
        b"b/x.txt": b"Documents/x (1).txt",
    }


@pytest.mark.parametrize("policy", [REPLACE, NEWER])
def test_file_that_leaves_is_not_replaced(policy: ConflictPolicy) -> None:
    """What stands at the target and moves itself in this run keeps its name, and is not set aside.

    Whether it moves is known only when its folder was scanned, so the newcomer may have to wait.
    """
    disk = Disk({b"x.txt": NEW, b"2024/x.txt": F(b"leaves", MAY_17 - 400 * 86_400 * 10**9)})
    assert moves_of(plan_of(disk, "year", recurse=True, policy=policy)) == {
        b"2024/x.txt": b"2023/x.txt",
        b"x.txt": b"2024/x (1).txt",
    }


def test_file_in_a_folder_that_is_not_scanned_does_not_leave() -> None:
    """Without recursion a file in another year's folder stays, and can be replaced."""
    disk = Disk({b"x.txt": NEW, b"2024/x.txt": F(b"stays", MAY_17 - 400 * 86_400 * 10**9)})
    moved = moves_of(plan_of(disk, "year", policy=REPLACE))
    assert moved[b"x.txt"] == b"2024/x.txt"


@pytest.mark.parametrize("policy", [*ALL_BUT_FAIL, FAIL])
def test_same_content_stays(policy: ConflictPolicy) -> None:
    """Where the file at the target is the same the source stays, under every policy."""
    plan = plan_of(Disk({b"a.txt": OLD, b"Documents/a.txt": F(b"old", 0)}), policy=policy)
    assert moves_of(plan) == {}
    assert (Location(0, b"a.txt"), Reason.SAME_CONTENT, "Documents/a.txt") in reasons_of(plan)


@pytest.mark.parametrize("policy", [*ALL_BUT_FAIL, FAIL])
def test_same_content_as_a_planned_file_stays(policy: ConflictPolicy) -> None:
    """Of two same files that come to one name the second stays, under every policy."""
    plan = plan_of(Disk({b"a/x.txt": OLD, b"b/x.txt": OLD}), recurse=True, policy=policy)
    assert moves_of(plan) == {b"a/x.txt": b"Documents/x.txt"}
    assert (Location(0, b"b/x.txt"), Reason.SAME_CONTENT, "a/x.txt") in reasons_of(plan)


def test_same_content_under_a_number_stays() -> None:
    """The numbered files of a name are compared too, those there and those planned."""
    disk = Disk(
        {
            b"Documents/x.txt": b"one",
            b"Documents/x (1).txt": b"two",
            b"a/x.txt": b"two",
            b"b/x.txt": b"six",
            b"c/x.txt": b"six",
        }
    )
    plan = plan_of(disk, recurse=True)
    assert moves_of(plan) == {b"b/x.txt": b"Documents/x (2).txt"}
    assert {(at.path, told) for at, reason, told in reasons_of(plan) if told} == {
        (b"a/x.txt", "Documents/x (1).txt"),
        (b"c/x.txt", "b/x.txt"),
    }


def test_same_content_as_a_file_that_leaves_is_no_reason_to_stay() -> None:
    """A file that moves away proves nothing about its old place: the newcomer gets a number."""
    leaves = F(b"same", MAY_17 - 400 * 86_400 * 10**9)
    disk = Disk({b"x.txt": F(b"same"), b"2024/x.txt": leaves})
    assert moves_of(plan_of(disk, "year", recurse=True)) == {
        b"2024/x.txt": b"2023/x.txt",
        b"x.txt": b"2024/x (1).txt",
    }


def test_file_that_another_stays_for_is_not_replaced() -> None:
    """What proved to be the same as a source keeps its place, so that the source may stay."""
    disk = Disk({b"Documents/x.txt": b"one", b"a/x.txt": b"one", b"b/x.txt": b"two"})
    assert moves_of(plan_of(disk, recurse=True, policy=REPLACE)) == {
        b"b/x.txt": b"Documents/x (1).txt"
    }


@pytest.mark.parametrize("policy", [REPLACE, NEWER])
def test_copies_do_not_replace_each_other(policy: ConflictPolicy) -> None:
    """Copied again, a source whose copy has a number finds it, and replaces nothing."""
    disk = Disk({b"a/x.txt": OLD, b"b/x.txt": NEW})
    disk.apply(plan_of(disk, recurse=True, policy=policy, copy=True))
    assert moves_of(plan_of(disk, recurse=True, policy=policy, copy=True)) == {}


def test_size_is_looked_at_before_content() -> None:
    """Files of different size are never compared."""
    disk = Disk({b"a.txt": b"longer", b"Documents/a.txt": b"short"})
    disk.same_content = None  # type: ignore[method-assign,assignment]
    assert moves_of(plan_of(disk)) == {b"a.txt": b"Documents/a (1).txt"}


def test_link_is_not_the_same_as_a_file() -> None:
    """A symlink and a file with the same bytes in them are different things."""
    disk = Disk({b"a.txt": F(b"same", kind=Kind.SYMLINK), b"Documents/a.txt": F(b"same")})
    assert moves_of(plan_of(disk)) == {b"a.txt": b"Documents/a (1).txt"}


def test_name_freed_in_the_run_stays_taken() -> None:
    """A name that was taken when the run began is not given away, even if its holder moves."""
    disk = Disk({b"a.txt": NEW, b"Documents/a.txt/inner.jpg": b"in a folder of that name"})
    plan = plan_of(disk, recurse=True)
    assert moves_of(plan)[b"a.txt"] == b"Documents/a (1).txt"


def test_quarantine_that_can_not_be_made_fails_the_file_alone() -> None:
    """A file where the quarantine should be is that file's failure, not the run's."""
    disk = Disk({b"a.txt": OLD, b"b.txt": OLD, b"Documents/a.txt": NEW, b".fileorg": b"a file"})
    plan = plan_of(disk, policy=REPLACE)
    assert moves_of(plan) == {b"b.txt": b"Documents/b.txt"}
    assert (Location(0, b"a.txt"), Reason.FOLDER_GONE) in {r[:2] for r in reasons_of(plan)}


@pytest.mark.parametrize("policy", [REPLACE, NEWER])
def test_name_is_replaced_once(policy: ConflictPolicy) -> None:
    """After one file has replaced the holder the next gets a number, or stays if it is the same."""
    tree = {b"a/x.txt": b"one", b"b/x.txt": b"two", b"c/x.txt": b"one"}
    disk = Disk({**tree, b"Documents/x.txt": F(b"old", MAY_17 - 1)})
    plan = plan_of(disk, recurse=True, policy=policy)
    assert moves_of(plan) == {
        b"Documents/x.txt": b".fileorg/quarantine/run/Documents/x.txt",
        b"a/x.txt": b"Documents/x.txt",
        b"b/x.txt": b"Documents/x (1).txt",
    }
    assert (Location(0, b"c/x.txt"), Reason.SAME_CONTENT, "a/x.txt") in reasons_of(plan)
    disk.apply(plan)


def test_like_a_file_set_aside_is_no_reason_to_stay() -> None:
    """A file that is the same as one in quarantine is moved: nothing at its target is the same."""
    disk = Disk({b"a/x.txt": b"new", b"b/x.txt": b"old", b"Documents/x.txt": b"old"})
    moved = moves_of(plan_of(disk, recurse=True, policy=REPLACE))
    assert moved[b"b/x.txt"] == b"Documents/x (1).txt"


def test_numbered_files_that_were_passed_by_are_remembered() -> None:
    """A file is compared with every numbered one, not only with those after the last number."""
    disk = Disk({b"Documents/x.txt": b"one", b"Documents/x (1).txt": b"two"})
    disk.add(b"a/x.txt", b"six")
    disk.add(b"b/x.txt", b"two")
    plan = plan_of(disk, recurse=True)
    assert moves_of(plan) == {b"a/x.txt": b"Documents/x (2).txt"}
    assert (Location(0, b"b/x.txt"), Reason.SAME_CONTENT, "Documents/x (1).txt") in reasons_of(plan)


def test_nothing_leaves_when_copying() -> None:
    """A copied file stays where it is, so that what is the same there counts."""
    stays = F(b"same", MAY_17 - 400 * 86_400 * 10**9)
    disk = Disk({b"x.txt": F(b"same"), b"2024/x.txt": stays})
    assert moves_of(plan_of(disk, "year", recurse=True, copy=True)) == {
        b"2024/x.txt": b"2023/x.txt"
    }

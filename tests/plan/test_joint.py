"""Units of several files: one place, one stem and one number for all, or all of them stay."""

import pytest

from fileorg.errors import ConflictError, UsageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.plan import ActionKind, ConflictPolicy, Joint
from fileorg.model.reason import Reason
from tests.plan.plans import ELSEWHERE, actions_of, moves_of, plan_of, reasons_of
from tests.plan.surroundings import DAY_NS, MAY_17, Disk, F

UNIT = {b"a.cr2": b"raw", b"a.jpg": b"jpg", b"a.xmp": b"xmp", b"a.jpg.xmp": b"jpg xmp"}
NUMBERED = {
    b"a.cr2": b"Images/a (1).cr2", b"a.jpg": b"Images/a (1).jpg", b"a.xmp": b"Images/a (1).xmp",
    b"a.jpg.xmp": b"Images/a (1).jpg.xmp",
}  # fmt: skip
OTHER = F(b"other", MAY_17 - 1)
RENAME, SKIP, REPLACE, NEWER, FAIL = ConflictPolicy


def stays(disk: Disk, policy: ConflictPolicy = RENAME) -> dict[bytes, Reason]:
    """Return what is left of the unit, which must be all of it, and why."""
    plan = plan_of(disk, policy=policy)
    assert not actions_of(plan, ActionKind.MOVE)
    return {at.path: reason for at, reason, _ in reasons_of(plan) if at.path in UNIT}


def test_a_unit_goes_where_its_main_file_goes() -> None:
    """Category and date of the main file place all members, which keep their names."""
    disk = Disk({b"a.cr2": F(b"raw", MAY_17), b"a.mov": F(b"mov", 0), b"a.xmp": F(b"x", 0)})
    plan = plan_of(disk, "category_year")

    assert moves_of(plan) == {
        b"a.cr2": b"Images/2024/a.cr2",
        b"a.mov": b"Images/2024/a.mov",
        b"a.xmp": b"Images/2024/a.xmp",
    }
    (joint,) = (item for item in plan if isinstance(item, Joint))
    assert [action.source.path for action in joint.actions] == [b"a.cr2", b"a.mov", b"a.xmp"]


@pytest.mark.parametrize("taken", [b"a.cr2", b"a.xmp", b"a.jpg.xmp"])
def test_one_taken_name_numbers_all(taken: bytes) -> None:
    """Whichever member's name is taken, every one gets the same number."""
    assert moves_of(plan_of(Disk({**UNIT, b"Images/" + taken: OTHER}))) == NUMBERED


def test_a_number_is_free_for_all_or_for_none() -> None:
    """The first number that no member's name has yet is the one that is taken."""
    there = {b"Images/a.cr2": OTHER, b"Images/a (1).xmp": OTHER, b"Images/a (2).jpg": OTHER}
    moves = moves_of(plan_of(Disk({**UNIT, **there})))

    assert moves[b"a.cr2"] == b"Images/a (3).cr2"
    assert moves[b"a.jpg.xmp"] == b"Images/a (3).jpg.xmp"


def test_units_of_one_name_are_numbered_one_by_one() -> None:
    """Units that want the same names in one run get numbers of their own."""
    disk = Disk({b"in/a.cr2": b"1", b"in/a.xmp": b"1", b"on/a.cr2": b"2", b"on/a.xmp": b"2"})
    assert moves_of(plan_of(disk, recurse=True)) == {
        b"in/a.cr2": b"Images/a.cr2", b"in/a.xmp": b"Images/a.xmp",
        b"on/a.cr2": b"Images/a (1).cr2", b"on/a.xmp": b"Images/a (1).xmp",
    }  # fmt: skip


def test_a_single_file_gets_no_name_of_a_unit() -> None:
    """A file that is alone is numbered past the names that a unit was given."""
    disk = Disk({b"in/a.cr2": b"1", b"in/a.jpg": b"1", b"on/a.jpg": b"2"})
    assert moves_of(plan_of(disk, recurse=True))[b"on/a.jpg"] == b"Images/a (1).jpg"


@pytest.mark.parametrize(("policy", "reason"), [(SKIP, Reason.TAKEN), (NEWER, Reason.OLDER)])
def test_all_stay_where_one_is_skipped(policy: ConflictPolicy, reason: Reason) -> None:
    """A policy that keeps one member keeps all of them, each with the reason."""
    newer = F(b"newer", MAY_17 + 1)
    assert stays(Disk({**UNIT, b"Images/a.jpg": newer}), policy) == dict.fromkeys(UNIT, reason)


@pytest.mark.parametrize("policy", [REPLACE, NEWER])
def test_holders_of_any_member_are_set_aside(policy: ConflictPolicy) -> None:
    """What is replaced goes to quarantine first, for each name that is taken."""
    plan = plan_of(Disk({**UNIT, b"Images/a.jpg": OTHER, b"Images/a.xmp": OTHER}), policy=policy)

    aside = [action.source.path for action in actions_of(plan, ActionKind.QUARANTINE)]
    assert sorted(aside) == [b"Images/a.jpg", b"Images/a.xmp"]
    assert {target for target in moves_of(plan).values() if target.startswith(b"Images/")} == {
        b"Images/" + name for name in UNIT
    }


def test_a_conflict_is_refused() -> None:
    """Under the policy `fail` the taken name of a companion is an error as well."""
    with pytest.raises(ConflictError, match="what travels with it"):
        plan_of(Disk({**UNIT, b"Images/a.xmp": OTHER}), policy=FAIL)


@pytest.mark.parametrize("policy", [RENAME, SKIP, REPLACE, NEWER, FAIL])
def test_a_unit_that_is_there_already_stays(policy: ConflictPolicy) -> None:
    """Where each name is held by the same content, all members stay, under every policy."""
    there = {b"Images/" + name: what for name, what in UNIT.items()}
    assert stays(Disk({**UNIT, **there}), policy) == dict.fromkeys(UNIT, Reason.SAME_CONTENT)


def test_a_unit_that_is_there_in_part_is_none() -> None:
    """The same main file alone is no reason to stay: the companions would be parted from it."""
    assert moves_of(plan_of(Disk({**UNIT, b"Images/a.cr2": UNIT[b"a.cr2"]}))) == NUMBERED


def test_a_unit_that_is_there_under_a_number_stays() -> None:
    """Numbered names that hold the very same files are found, if the first name stays taken."""
    there = {new: UNIT[old] for old, new in NUMBERED.items()}
    disk = Disk({**UNIT, **there, b"Images/a.cr2": OTHER, b"Images/a.jpg": OTHER})
    assert stays(disk) == dict.fromkeys(UNIT, Reason.SAME_CONTENT)


def test_nothing_stays_because_of_a_number_where_the_name_gets_free() -> None:
    """Where a holder leaves, the first name is free next time: then the unit must not want it."""
    year_ago = F(b"old", MAY_17 - 400 * DAY_NS)
    there = {b"Images/2024/a (1).cr2": b"raw", b"Images/2024/a (1).xmp": b"xmp"}
    disk = Disk({b"a.cr2": b"raw", b"a.xmp": b"xmp", b"Images/2024/a.cr2": year_ago, **there})
    plan = plan_of(disk, "category_year", recurse=True)
    assert moves_of(plan)[b"a.cr2"] == b"Images/2024/a (2).cr2"
    disk.apply(plan)
    assert not actions_of(plan_of(disk, "category_year", recurse=True))


def test_companions_at_the_target_go_nowhere() -> None:
    """A sidecar there that would be sorted elsewhere if it were alone stays with its main file."""
    unit = {b"p.jpg": b"jpg", b"p.jpg.json": b"json"}
    disk = Disk({**unit, **{b"Images/" + name: what for name, what in unit.items()}})
    found = {at.path: reason for at, reason, _ in reasons_of(plan_of(disk, recurse=True))}
    assert found[b"p.jpg"] is found[b"p.jpg.json"] is Reason.SAME_CONTENT


def test_a_companion_at_the_target_stays_with_its_main_file() -> None:
    """A sidecar that is where its main file belongs leaves for nowhere: its name is taken."""
    disk = Disk({**UNIT, b"Images/b.jpg": b"x", b"Images/b.xmp": b"y", b"in/b.xmp": b"z"})
    plan = plan_of(disk, recurse=True)
    assert b"Images/b.xmp" not in moves_of(plan)


def test_a_unit_in_place_stays() -> None:
    """Where the main file is in place so are all: a second run plans nothing."""
    disk = Disk({b"Images/" + name: what for name, what in UNIT.items()})
    found = {where.path: reason for where, reason, _ in reasons_of(plan_of(disk, recurse=True))}
    assert found == {b"Images/" + name: Reason.IN_PLACE for name in UNIT}


def test_all_get_the_new_stem() -> None:
    """A template that renames gives every member the main file's new stem, odd names included."""
    disk = Disk(
        {b"a(1).JPG": b"1", b"a.JPG(1).json": b"2", b"a(1).mov": b"3", b"a(1).JPG.xmp": b"4"}
    )
    plan = plan_of(disk, "{category}/{date:%Y%m%d}{ext}")

    assert moves_of(plan) == {
        b"a(1).JPG": b"Images/20240517.JPG",
        b"a.JPG(1).json": b"Images/20240517.JPG.json",
        b"a(1).mov": b"Images/20240517.mov",
        b"a(1).JPG.xmp": b"Images/20240517.JPG.xmp",
    }
    disk.apply(plan)
    assert not actions_of(plan_of(disk, "{category}/{date:%Y%m%d}{ext}", recurse=True))


def test_the_case_of_an_extension_follows_the_template() -> None:
    """A template that writes extensions in lower case does so for the main file."""
    disk = Disk({b"a.JPG": b"1", b"a.XMP": b"2"})
    moves = moves_of(plan_of(disk, "{category}/{stem}.{extension}"))
    assert moves == {b"a.JPG": b"Images/a.jpg", b"a.XMP": b"Images/a.XMP"}


def test_a_template_that_never_rests_is_refused() -> None:
    """A unit is planned again like any file: a stem that grows each time is an error."""
    with pytest.raises(UsageError, match="never comes to rest"):
        plan_of(Disk(UNIT), "{category}/{date:%Y}_{stem}{ext}")


def test_parts_of_an_archive_keep_their_numbers() -> None:
    """What says which part a file is stays behind the new stem and the number."""
    disk = Disk({b"z.part1.rar": b"1", b"z.part2.rar": b"2", b"Archives/z.part2.rar": OTHER})
    assert moves_of(plan_of(disk)) == {
        b"z.part1.rar": b"Archives/z (1).part1.rar",
        b"z.part2.rar": b"Archives/z (1).part2.rar",
    }
    renamed = moves_of(plan_of(disk, "all/{date:%Y}{ext}"))
    assert renamed[b"z.part2.rar"] == b"all/2024.part2.rar"


def test_parts_of_an_archive_keep_what_archive_it_is() -> None:
    """Of `.7z.001` the whole extension stands behind the new stem, in every part."""
    disk = Disk({b"y.7z.001": b"1", b"y.7z.002": b"2"})
    assert moves_of(plan_of(disk, "{category}/{date:%Y}{ext}")) == {
        b"y.7z.001": b"Archives/2024.7z.001",
        b"y.7z.002": b"Archives/2024.7z.002",
    }


@pytest.mark.parametrize("able", [Capabilities(longest_name=20), Capabilities()])
def test_a_long_stem_is_cut_for_all(able: Capabilities) -> None:
    """The longest of the names must fit, and the others have the same stem."""
    stem = b"n" * (able.longest_name - 4)
    disk = Disk(
        {stem + b".cr2": b"1", stem + b".xmp": b"2", b"Images/" + stem + b".xmp": OTHER}, able
    )
    moves = moves_of(plan_of(disk))

    cut = b"n" * (able.longest_name - 8) + b" (1)"
    assert moves == {
        stem + b".cr2": b"Images/" + cut + b".cr2", stem + b".xmp": b"Images/" + cut + b".xmp",
    }  # fmt: skip


def test_a_page_moves_with_its_folder() -> None:
    """The folder of a saved page goes with it, though subfolders stay."""
    disk = Disk({b"p.html": b"1", b"p_files/x.css": b"2", b"sub/y.txt": b"3"})
    plan = plan_of(disk)
    assert moves_of(plan) == {b"p.html": b"Web pages/p.html", b"p_files": b"Web pages/p_files"}


def test_a_page_gets_no_other_name() -> None:
    """It names its folder inside: where a name is taken, or a template renames, both stay."""
    disk = Disk({b"p.html": b"1", b"p_files/x.css": b"2", b"Web pages/p_files/z": b"3"})
    for template in ("category", "all/{date:%Y}{ext}"):
        found = {at.path: reason for at, reason, _ in reasons_of(plan_of(disk, template))}
        assert found[b"p.html"] is found[b"p_files"] is Reason.NAMES_ARE_LINKED
        assert not actions_of(plan_of(disk, template), ActionKind.MOVE)


def test_a_page_on_its_way_to_another_device_is_one_step() -> None:
    """Where a folder can't be renamed its files are steps of the page's unit."""
    disk = Disk({b"p.html": b"1", b"p_files/x.css": b"2", b"p_files/d/y": b"3"}, one_device=False)
    plan = plan_of(disk, "category", ELSEWHERE)

    (joint,) = (item for item in plan if isinstance(item, Joint))
    assert [action.source.path for action in joint.actions] == [
        b"p.html", b"p_files/x.css", b"p_files/d/y",
    ]  # fmt: skip
    disk.apply(plan)
    assert disk.tree(0) == {}


def test_a_stem_of_a_unit_is_taken() -> None:
    """What would be told to belong to another unit, or part one, gets a number, all of it."""
    disk = Disk({
        b"in/f.mp4": b"1", b"in/f.srt": b"2", b"on/f.mkv": b"3",
        b"one/i.jpg": b"4", b"one/i.xmp": b"5", b"two/i.CR2": b"6",
        b"two/j.cr2": b"7", b"two/j.xmp": b"8", b"one/j.jpg": b"9",
    })  # fmt: skip
    plan = plan_of(disk, recurse=True)
    moves = moves_of(plan)
    assert moves[b"on/f.mkv"] == b"Video/f (1).mkv"
    assert moves[b"two/i.CR2"] == b"Images/i (1).CR2"
    assert {moves[b"two/j.cr2"], moves[b"two/j.xmp"]} == {
        b"Images/j (1).cr2", b"Images/j (1).xmp",
    }  # fmt: skip
    disk.apply(plan)
    assert not actions_of(plan_of(disk, recurse=True))
    assert not actions_of(plan_of(disk, "{category}/{date:%Y}/{name}", policy=SKIP))


def test_a_stem_that_stands_there_is_taken() -> None:
    """So it is with what was there before the run, whether that is a unit or alone."""
    disk = Disk({
        b"Images/a.jpg": b"1", b"Images/a.xmp": b"2", b"a.cr2": b"3",
        b"Images/b.jpg": b"4", b"b.cr2": b"5", b"b.xmp": b"6",
    })  # fmt: skip
    assert moves_of(plan_of(disk)) == {
        b"a.cr2": b"Images/a (1).cr2",
        b"b.cr2": b"Images/b (1).cr2", b"b.xmp": b"Images/b (1).xmp",
    }  # fmt: skip


@pytest.mark.parametrize(("policy", "is_refused"), [(SKIP, False), (FAIL, True)])
def test_a_taken_stem_is_a_taken_name(policy: ConflictPolicy, is_refused: bool) -> None:
    """What keeps a file where its name is taken keeps it where its stem is."""
    for tree in (
        {b"Video/f.mp4": b"1", b"Video/f.srt": b"2", b"f.mkv": b"3"},
        {b"f.mp4": b"1", b"f.srt": b"2", b"Video/f.mkv": b"3"},
    ):
        if is_refused:
            with pytest.raises(ConflictError, match="belong"):
                plan_of(Disk(tree), policy=policy)
        else:
            plan = plan_of(Disk(tree), policy=policy)
            assert not moves_of(plan)
            stay = {reason for at, reason, _ in reasons_of(plan) if b"/" not in at.path}
            assert Reason.TAKEN in stay


def test_single_files_that_keep_their_names_may_meet() -> None:
    """The halves of a shot from two folders are a unit from then on, as their names say."""
    disk = Disk({b"raw/a.cr2": b"1", b"jpg/a.jpg": b"2", b"Images/b.jpg": b"3", b"b.cr2": b"4"})
    plan = plan_of(disk, recurse=True)
    assert set(moves_of(plan).values()) == {b"Images/a.cr2", b"Images/a.jpg", b"Images/b.cr2"}
    disk.apply(plan)
    assert not actions_of(plan_of(disk, recurse=True))


def test_single_files_do_not_meet_one_that_does_not_belong_there() -> None:
    """What stays though it belongs elsewhere would pull the other one along the next time."""
    disk = Disk({b"Video/a.cr2": b"1", b"Images/a.cr2": b"1", b"on/a.mov": b"2"})
    plan = plan_of(disk, recurse=True)
    assert moves_of(plan) == {b"on/a.mov": b"Video/a (1).mov"}
    disk.apply(plan)
    assert not actions_of(plan_of(disk, recurse=True))


def test_names_that_are_given_never_meet() -> None:
    """Files of one day that a template gives one stem are no shot because of it."""
    disk = Disk({b"x.cr2": b"1", b"y.jpg": b"2", b"z.mp3": b"3"})
    template = "all/{date:%Y-%m-%d}{ext}"
    plan = plan_of(disk, template)
    assert sorted(moves_of(plan).values()) == [
        b"all/2024-05-17 (1).jpg", b"all/2024-05-17.cr2", b"all/2024-05-17.mp3",
    ]  # fmt: skip
    disk.apply(plan)
    assert not actions_of(plan_of(disk, template, recurse=True))


def test_copies_of_what_has_a_number_stay() -> None:
    """Where a stem stays taken, what was copied under a number is not copied once more."""
    sources = {b"f.mkv": b"3", b"g.mp4": b"4", b"g.srt": b"5"}
    disk = Disk(sources)
    for name in (b"f.mp4", b"f.srt", b"g.mkv"):
        disk.add(b"Video/" + name, name, root=1)
    plan = plan_of(disk, "category", ELSEWHERE, copy=True)
    assert set(moves_of(plan).values()) == {
        b"Video/f (1).mkv", b"Video/g (1).mp4", b"Video/g (1).srt",
    }  # fmt: skip
    disk.apply(plan)
    again = plan_of(disk, "category", ELSEWHERE, copy=True)
    assert not actions_of(again)
    assert {r for at, r, _ in reasons_of(again) if at.path in sources} == {Reason.SAME_CONTENT}


def test_a_number_may_set_a_unit_moving() -> None:
    """A template that rests until a unit gets a number is refused when it does."""
    disk = Disk({b"in/a.cr2": b"1", b"in/a.xmp": b"2", b"on/a.cr2": b"3", b"on/a.xmp": b"4"})
    with pytest.raises(UsageError, match=r"never comes to rest: \{stem\} would turn"):
        plan_of(disk, "{stem}/{name}", recurse=True)

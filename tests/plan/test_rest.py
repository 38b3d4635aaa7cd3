"""A second run does nothing, and what can't come to rest is refused."""

import pytest

from fileorg.errors import UsageError
from fileorg.model.entry import Skip
from fileorg.model.reason import Reason
from fileorg.plan.templates import MODES
from tests.plan.plans import actions_of, at, moves_of, plan_of, why
from tests.plan.surroundings import DAY_NS, MAY_17, Disk, F, Made


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("keep_folders", [False, True])
def test_second_run_in_place(mode: str, keep_folders: bool) -> None:
    """Every mode, with kept folders or not, finds its own result in place."""
    tree: dict[bytes, Made] = {
        b"x.jpg": b"1", b"a/x.jpg": b"2", b"a/b/y.tar.gz": b"3", b"2024/z": F(b"4", 0),
        b"Images/c/x.jpg": b"5", b"old.txt": F(b"6", MAY_17 - 700 * DAY_NS),
    }  # fmt: skip
    disk = Disk(tree)
    plan = plan_of(disk, mode, recurse=True, keep_folders=keep_folders)
    assert actions_of(plan)
    disk.apply(plan)
    again = plan_of(disk, mode, recurse=True, keep_folders=keep_folders)
    assert {(type(item), getattr(item, "reason", None)) for item in again} == {
        (Skip, Reason.IN_PLACE)
    }


def test_file_in_its_folder_is_in_place_whatever_its_name() -> None:
    """A layout that keeps names leaves every file that is in the right folder."""
    assert why(Disk({b"Images/x (7).jpg": b""}), b"Images/x (7).jpg", recurse=True) is (
        Reason.IN_PLACE
    )


def test_number_is_kept_where_names_are_made() -> None:
    """Files with one name by the template keep their numbers over runs, gaps and all."""
    template = "{category}/{date:%Y-%m-%d}{ext}"
    disk = Disk({b"a.jpg": b"1", b"b.jpg": b"2", b"c.jpg": b"3"})
    disk.apply(plan_of(disk, template, recurse=True))
    del disk.files[at(b"Images/2024-05-17 (1).jpg")]
    assert sorted(disk.tree()) == [
        b"Images/2024-05-17 (2).jpg",
        b"Images/2024-05-17.jpg",
    ]
    assert actions_of(plan_of(disk, template, recurse=True)) == []


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ("{category}/{date:%Y}_{name}", "{date}"),
        ("{category}/x{name}", "{name}"),
        ("{category}/{stem}", "{stem}"),
        ("{category}/{stem}.{extension}", "{extension}"),
        ("{parent}/{category}/{name}", "{parent}"),
        ("{parent}/{category}/{stem}{ext}", "{parent}"),
        ("{date:%Y}/{parent}-x/{stem}.{extension}", "{parent}"),
    ],
)
def test_template_that_never_rests_is_refused(template: str, field: str) -> None:
    """A template whose result would move again is refused, and the field is named."""
    with pytest.raises(UsageError) as refused:
        plan_of(Disk({b"README": b"", b"x.jpg": b""}), template)
    assert "never comes to rest" in refused.value.message
    leaves_it_out = f"leave {field} out" in refused.value.remedy
    assert leaves_it_out is (field not in {"{name}", "{stem}"})
    assert f"comes to rest: {field} would turn" in refused.value.message
    assert refused.value.exit_code == 2


def test_number_may_set_a_file_moving() -> None:
    """A template that rests until a name is taken is refused when it is."""
    disk = Disk({b"a/x.jpg": b"1"})
    assert moves_of(plan_of(disk, "{stem}/{name}", recurse=True)) == {b"a/x.jpg": b"x/x.jpg"}
    disk.add(b"b/x.jpg", b"2")
    with pytest.raises(UsageError, match="x \\(1\\)"):
        plan_of(disk, "{stem}/{name}", recurse=True)


def test_lower_case_extensions_rest() -> None:
    """A template that changes names once and then never is fine."""
    disk = Disk({b"x.JPG": b"1"})
    template = "{category}/{stem}.{extension}"
    disk.apply(plan_of(disk, template))
    assert disk.tree() == {b"Images/x.jpg": b"1"}
    assert actions_of(plan_of(disk, template, recurse=True)) == []


@pytest.mark.parametrize(
    "template",
    [
        "{folder}/{category}/{name}",
        "{category}/{folder}/{date:%Y}/{name}",
        "{date:%Y}/{date:%m}/{folder}/{category}/{name}",
        "sorted/{category}/{date:%Y.%B}/{name}",
        "{size_class}-{extension}/{folder}/{name}",
    ],
)
def test_second_run_of_own_templates(template: str) -> None:
    """Kept folders are found again wherever the template puts them."""
    disk = Disk({b"x.jpg": b"1", b"a/x.jpg": b"2", b"a/b/y.txt": F(b"3", 0), b"Images/z": b"4"})
    disk.apply(plan_of(disk, template, recurse=True))
    assert actions_of(plan_of(disk, template, recurse=True)) == []


@pytest.mark.parametrize("template", ["{parent}/{name}", "{category}/{parent}/{name}"])
def test_a_layout_by_the_folder_that_a_file_is_in_rests(template: str) -> None:
    """Files of two folders keep apart, those of the source have its name, and all stay there."""
    disk = Disk({b"a/x.jpg": b"1", b"b/x.jpg": b"2", b"y.jpg": b"3"})
    disk.apply(plan_of(disk, template, recurse=True))
    prefix = b"Images/" if "category" in template else b""
    assert set(disk.tree()) == {prefix + p for p in (b"a/x.jpg", b"b/x.jpg", b"root-0/y.jpg")}
    assert actions_of(plan_of(disk, template, recurse=True)) == []

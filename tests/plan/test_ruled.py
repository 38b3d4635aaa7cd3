"""Files about which rules decide: by names and folders, so that a target may be judged anew."""

import msgspec
import pytest

from fileorg.errors import UsageError
from fileorg.model.entry import FileEntry, Skip
from fileorg.model.evidence import Facts
from fileorg.model.plan import Classified, ConflictPolicy
from fileorg.model.reason import Reason
from fileorg.plan.planner import Planned
from tests.plan.plans import ELSEWHERE, IN_PLACE, moves_of, plan_of, reasons_of
from tests.plan.surroundings import Disk


class Ruled(Disk):
    """A disk with rules: for one name, for two folders, for a layout, and one to leave alone."""

    @staticmethod
    def classify(entry: FileEntry, was: Classified | None = None) -> Classified | Skip:
        """Return an entry as the first rule that fits has it."""
        item, location = by_name(entry), entry.location
        if location.name == b"invoice.pdf":
            return by_rule(item, "invoices", category="Invoices")
        if location.path.startswith((b"Camera/", b"Shots/")):
            return by_rule(item, "camera", category="Shots")
        if location.path.startswith(b"Code/left/"):
            return Skip(location, Reason.RULE, "left")
        if location.name.startswith(b"scan"):
            return by_rule(item, "scans", layout=1)
        return item


def by_name(entry: FileEntry) -> Classified:
    """Return an entry with the category of its extension."""
    item = Disk.classify(entry)
    assert isinstance(item, Classified)
    return item


def by_rule(item: Classified, rule: str, category: str = "", layout: int = 0) -> Classified:
    """Return an item as a rule has it."""
    return msgspec.structs.replace(
        item, category=category or item.category, layout=layout, facts=Facts(rule=rule)
    )


def plan(disk: Disk, other: str = "Scans/{name}", *, elsewhere: bool = False) -> list[Planned]:
    """Return the plan for all below."""
    places = ELSEWHERE if elsewhere else IN_PLACE
    return plan_of(
        disk, "category", places, recurse=True, others=[other], by_name=True, by_folder=True
    )


def test_a_number_that_no_rule_holds_for_is_not_given() -> None:
    """Where a numbered name would be judged by another rule, the file stays and the run goes on."""
    disk = Ruled({b"a/invoice.pdf": b"1", b"b/invoice.pdf": b"2", b"x.pdf": b"3"})
    found = plan(disk)
    assert moves_of(found) == {
        b"a/invoice.pdf": b"Invoices/invoice.pdf",
        b"x.pdf": b"Documents/x.pdf",
    }
    disk.apply(found)
    assert moves_of(again := plan(disk)) == {}
    assert {(w.path, reason) for w, reason, _ in reasons_of(again)} >= {
        (b"b/invoice.pdf", Reason.TAKEN)
    }


def test_a_number_is_given_where_the_result_is_left_alone() -> None:
    """Another rule may hold for a numbered name, as long as nothing moves the file again."""

    class Kept(Ruled):
        @staticmethod
        def classify(entry: FileEntry, was: Classified | None = None) -> Classified | Skip:
            is_numbered = b"(" in entry.location.name
            return Skip(entry.location, Reason.RULE, "kept") if is_numbered else by_name(entry)

    disk = Kept({b"a/x.pdf": b"1", b"b/x.pdf": b"2"})
    found = plan(disk)
    assert moves_of(found)[b"b/x.pdf"] == b"Documents/x (1).pdf"
    disk.apply(found)
    assert moves_of(plan(disk)) == {}


def test_what_a_second_run_would_move_is_not_left_for_it() -> None:
    """Where the holder leaves, or would be replaced next time, the run is refused instead."""

    class Sized(Ruled):
        @staticmethod
        def classify(entry: FileEntry, was: Classified | None = None) -> Classified | Skip:
            is_invoice = entry.fingerprint.size > 1
            return Ruled.classify(entry, was) if is_invoice else by_name(entry)

    leaves = Sized({b"Invoices/invoice.pdf": b"1", b"b/invoice.pdf": b"22"})
    with pytest.raises(UsageError, match=r"would turn 'b/invoice\.pdf' into"):
        plan(leaves)
    twice = Ruled({b"a/invoice.pdf": b"1", b"b/invoice.pdf": b"2"})
    with pytest.raises(UsageError, match=r"would turn 'b/invoice\.pdf' into"):
        plan_of(twice, recurse=True, policy=ConflictPolicy.REPLACE, by_name=True)


def test_a_folder_of_a_telling_layout_stays_whatever_is_in_it() -> None:
    """A loose layout of a rule does not put the folders of the others in doubt."""
    disk = Ruled({b"Images/odd.txt": b"1", b"box/a.jpg": b"2"})
    found = plan_of(disk, "category", whole=True, others=["{mime}/{name}"])
    assert moves_of(found) == {b"box": b"Images/box"}


def test_elsewhere_a_number_does_no_harm() -> None:
    """A target that is no source is not judged again, so that a numbered name may be given."""
    disk = Ruled({b"a/invoice.pdf": b"1", b"b/invoice.pdf": b"2"})
    assert moves_of(plan(disk, elsewhere=True)) == {
        b"a/invoice.pdf": b"Invoices/invoice.pdf",
        b"b/invoice.pdf": b"Invoices/invoice (1).pdf",
    }


def test_a_rule_that_holds_for_its_target_rests() -> None:
    """A rule by folder whose own folder it holds for plans nothing in a second run."""
    disk = Ruled({b"Camera/a.jpg": b"1", b"b.jpg": b"2"})
    found = plan(disk)
    assert moves_of(found) == {b"Camera/a.jpg": b"Shots/a.jpg", b"b.jpg": b"Images/b.jpg"}
    disk.apply(found)
    assert moves_of(plan(disk)) == {}


class Restless(Ruled):
    """A disk whose rule by folder does not hold in the folder that it moves files to."""

    @staticmethod
    def classify(entry: FileEntry, was: Classified | None = None) -> Classified | Skip:
        """Return an entry, what is in Camera as a rule has it, and in Images as another."""
        item, path = by_name(entry), entry.location.path
        if path.startswith(b"Camera/"):
            return by_rule(item, "camera", category="Shots")
        if path.startswith(b"Music/"):
            return by_rule(item, "music", category="Camera")
        return item


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            b"Camera/a.jpg",
            (
                "rule 'camera' would turn 'Camera/a.jpg' into 'Shots/a.jpg', and then the layout "
                "without a rule that into 'Images/a.jpg': it never comes to rest; "
                "let the rules hold for the result, too, or use --into"
            ),
        ),
        (
            b"Music/a.jpg",
            (
                "rule 'music' would turn 'Music/a.jpg' into 'Camera/a.jpg', and then rule 'camera' "
                "that into 'Shots/a.jpg': it never comes to rest; "
                "let the rules hold for the result, too, or use --into"
            ),
        ),
    ],
)
def test_rules_that_never_rest_are_refused(path: bytes, message: str) -> None:
    """What a second run would move again is refused before the first, with both rules by name."""
    with pytest.raises(UsageError) as caught:
        plan(Restless({path: b"1"}))
    assert str(caught.value) == message
    assert moves_of(plan(Restless({path: b"1"}), elsewhere=True))


def test_a_target_that_a_rule_leaves_alone_rests() -> None:
    """Where a rule leaves the result alone, nothing moves it again."""
    disk = Ruled({b"left/a.py": b"1", b"b.py": b"2"})
    assert moves_of(plan(disk)) == {b"left/a.py": b"Code/a.py", b"b.py": b"Code/b.py"}


def test_the_template_of_a_rule_that_never_rests_names_the_rule() -> None:
    """A rule whose own template would change the name again is refused with its name."""
    with pytest.raises(UsageError, match=r"^rule 'scans': template 'Scans/scan \{name\}' never"):
        plan(Ruled({b"scan1.pdf": b"1"}), "Scans/scan {name}")


def test_a_holder_that_a_rule_leaves_alone_stays() -> None:
    """A file at a target that a rule leaves alone makes no room unless the policy says so."""

    class Left(Ruled):
        @staticmethod
        def classify(entry: FileEntry, was: Classified | None = None) -> Classified | Skip:
            if entry.location.path == b"Images/a.txt":
                return Skip(entry.location, Reason.RULE, "left")
            return by_rule(by_name(entry), "", category="Images")

    disk = Left({b"Images/a.txt": b"1", b"a.txt": b"2"})
    assert moves_of(plan(disk)) == {b"a.txt": b"Images/a (1).txt"}
    found = plan_of(disk, "category", recurse=True, policy=ConflictPolicy.REPLACE)
    assert moves_of(found) == {
        b"Images/a.txt": b".fileorg/quarantine/run/Images/a.txt",
        b"a.txt": b"Images/a.txt",
    }

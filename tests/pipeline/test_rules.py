"""Rules of the configuration on a real disk: run, second run, undo; and what they read."""

import os
import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fileorg.categorize.dates import Calendar
from fileorg.config.schema import Config
from fileorg.errors import ConfigError, UsageError
from fileorg.events import Silent
from fileorg.model.entry import Skip
from fileorg.model.evidence import Basis, Facts
from fileorg.model.location import Location, Root
from fileorg.model.plan import Action, Joint
from fileorg.model.reason import Reason
from fileorg.pipeline.job import Job
from fileorg.pipeline.organize import OrganizeRequest, organize
from fileorg.pipeline.viewing import FileLine, Listing, RunView
from fileorg.pipeline.zone import resolve_zone
from fileorg.storage.decorators import CountingStorage
from fileorg.storage.local import LocalStorage
from tests.pipeline.harness import Desk, contents
from tests.pipeline.photos import photo
from tests.trees import HOSTILE_NAMES, File, make_tree

SEPTEMBER = 1_600_000_000  # 2020
TAKEN = "2011:02:03 04:05:06"


def docx(text: str) -> bytes:
    """Return a document of a word processor."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", f"<w:document><w:p>{text}</w:p></w:document>")
    return content.getvalue()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a folder of what rules are written about."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {
        b"canon.jpg": File(photo(1, TAKEN, "Canon EOS"), SEPTEMBER),
        b"phone.jpg": File(photo(2, None, "iPhone"), SEPTEMBER),
        b"letter.txt": File(b"Your invoice no. 4711 of May\n", SEPTEMBER),
        b"bill.docx": File(docx("Invoice No. 12"), SEPTEMBER),
        b"Screenshot 2023-04-05.png": File(b"\x89PNG\r\n\x1a\n", SEPTEMBER),
        b"scan": File(photo(3, TAKEN), SEPTEMBER),
        b"large.iso": File(b"x" * 20_000, SEPTEMBER),
        b"draft.txt": File(b"draft", SEPTEMBER),
        b"Camera/one.jpg": File(photo(4, TAKEN), SEPTEMBER),
        b"Camera/draft 2.txt": File(b"more", SEPTEMBER),
        b"deep/er/letter.txt": File(b"another invoice no. 5\n", SEPTEMBER),
    })  # fmt: skip
    return desk


RULES: list[dict[str, Any]] = [
    {"name": "drafts", "when": {"glob": "draft*"}, "skip": True},
    {
        "name": "invoices",
        "when": {
            "any": [{"extension": "txt"}, {"mime": "application/*wordprocessing*"}],
            "text_regex": r"(?i)invoice no\. (?P<number>\d+)",
        },
        "category": "Invoices",
        "template": "Paper/{category}/{number}/{name}",
    },
    {
        "name": "canon",
        "when": {"metadata": {"camera": "*canon*"}},
        "template": "Canon/{date:%Y}/{name}",
    },
    {"name": "shots", "when": {"regex": r"^Screenshot (?P<day>[\d-]+)"}, "rename": "Shot {day}"},
    {"name": "large", "when": {"size": ">10k", "not": {"category": "Images"}}, "category": "Heavy"},
]  # fmt: skip
ALL_PLACES = {
    "Canon/2011/canon.jpg",
    "Images/phone.jpg",
    "Paper/Invoices/4711/letter.txt",
    "Paper/Invoices/12/bill.docx",
    "Paper/Invoices/5/letter.txt",
    "Images/Shot 2023-04-05.png",
    "Images/scan",
    "Heavy/large.iso",
    "draft.txt",
    "Images/one.jpg",
    "Camera/draft 2.txt",
}


def places(desk: Desk) -> set[str]:
    """Return where all files are."""
    return {os.fsdecode(p)[1:] for p, facts in desk.snapshot().items() if facts[0] != "folder"}


def planned(desk: Desk, **options: Any) -> list[Action | Facts | Joint | Skip]:
    """Return what a preview tells, item by item."""

    class Listener(Silent):
        wants_actions = True

        def planned(self, item: Action | Facts | Joint | Skip) -> None:
            told.append(item)

    told: list[Action | Facts | Joint | Skip] = []
    config = msgspec.convert({"folders": "recurse", "rules": RULES, **options}, Config)
    organize(
        OrganizeRequest((os.fsencode(desk.root),), desk.state, config=config, dry_run=True),
        Listener(),
    )
    return told


def files_of(desk: Desk, run: str) -> list[FileLine]:
    """Return the files of a run as they are shown."""
    with RunView(desk.state, run) as view:
        return list(view.files(Listing()))


def test_the_first_rule_that_fits_decides_where_a_file_goes(desk: Desk) -> None:
    """Categories, templates with groups, new names and what is left alone are as the rules say."""
    desk.organize(folders="recurse", rules=RULES)
    assert places(desk) == ALL_PLACES


@pytest.mark.parametrize(
    "options",
    [
        {"folders": "recurse"},
        {"folders": "recurse", "mode": "category_month"},
        {"folders": "recurse", "template": "{camera}/{extension}/{name}"},
        {"folders": "recurse", "keep_folders": True},
        {"folders": "recurse", "trust": "content"},
        {"folders": "recurse", "dedupe": "quarantine"},
        {"folders": "recurse", "on_conflict": "replace"},
        {"folders": "recurse", "copy": True},
        {"folders": "leave"},
        {"folders": "whole"},
    ],
    ids=str,
)
def test_the_whole_cycle_is_exact_with_rules(desk: Desk, options: dict[str, Any]) -> None:
    """A preview is the run, nothing is lost, a second run plans nothing, and undo is exact."""
    make_tree(desk.root / "odd", {name: File(name, SEPTEMBER) for name in HOSTILE_NAMES})
    before, files = desk.snapshot(), contents(desk.root)
    preview = desk.organize(dry_run=True, rules=RULES, **options)
    assert before == desk.snapshot()
    run = desk.organize(rules=RULES, **options)
    assert (preview.done, preview.folders, preview.left_alone) == (
        run.done, run.folders, run.left_alone
    )  # fmt: skip
    assert not files - contents(desk.root)
    assert not run.failures
    organized = desk.snapshot()
    assert not desk.organize(rules=RULES, **options).run
    assert organized == desk.snapshot()
    assert not desk.undo().failures
    assert before == desk.snapshot()


def test_what_a_rule_leaves_alone_is_named_with_it(desk: Desk) -> None:
    """The summary counts skips by rule, and a preview tells each of them."""
    summary = desk.organize(folders="recurse", rules=RULES)
    left = {one.reason: one.count for one in summary.left_alone}
    assert left == {"left alone by rule 'drafts'": 2}
    skips = [one for one in planned(desk) if isinstance(one, Skip) and one.reason is Reason.RULE]
    assert {skip.detail for skip in skips} == {"drafts"}


def test_the_rule_is_in_the_journal_with_what_its_groups_found(desk: Desk) -> None:
    """Each action that a rule decided about is recorded with the rule and the values it found."""
    run = desk.organize(folders="recurse", rules=RULES).run
    facts = [line.facts for line in files_of(desk, run) if line.facts is not None]
    by_rule = {one.rule: one for one in facts}
    assert by_rule.keys() >= {"invoices", "canon", "shots", "large"}
    assert by_rule["invoices"].basis is Basis.RULE
    assert by_rule["shots"].fields == {"day": "2023-04-05"}
    assert by_rule["canon"].basis is Basis.NAME


def test_a_category_of_a_rule_counts_for_only_category(desk: Desk) -> None:
    """Only files of that category are organized, and a rule alone may name it."""
    desk.organize(folders="recurse", rules=RULES, only_category=["Heavy"])
    assert "Heavy/large.iso" in places(desk)
    assert "canon.jpg" in places(desk)
    with pytest.raises(UsageError, match="'Heavyy' is no category; did you mean 'Heavy'"):
        desk.organize(rules=RULES, only_category=["Heavyy"])


def test_a_folder_is_judged_by_what_rules_make_of_its_files(desk: Desk) -> None:
    """With `--folders whole` the categories that rules give count, and the folder moves as one."""
    rules = [{"name": "heavy", "when": {"size": ">1k"}, "category": "Heavy"}]
    make_tree(desk.root, {b"box/a.txt": b"x" * 2000, b"box/b.txt": b"x" * 2000, b"box/c.txt": b"1"})
    desk.organize(folders="whole", rules=rules)
    assert {"Heavy/box/a.txt", "Heavy/box/c.txt"} <= places(desk)


def test_a_new_name_is_judged_by_what_is_in_the_file(desk: Desk) -> None:
    """A rule that reads a file holds under the new name it gives, so that a second run rests."""
    rules = [
        {
            "name": "canon",
            "when": {"metadata": {"camera": "*canon*"}},
            "template": "Cam/{name}",
            "rename": "Taken {date:%Y}",
        }
    ]
    desk.organize(rules=rules)
    assert "Cam/Taken 2011.jpg" in places(desk)
    assert not desk.organize(folders="recurse", rules=rules, exclude=["/Camera", "/deep"]).run


def test_what_a_group_takes_from_a_hostile_name_is_kept(desk: Desk) -> None:
    """Groups that take all of a name, whatever it is, go through template, journal and undo."""
    shutil.rmtree(desk.root)
    make_tree(desk.root, {name: File(name, SEPTEMBER) for name in HOSTILE_NAMES})
    before, files = desk.snapshot(), contents(desk.root)
    rules = [
        {
            "name": "all",
            "when": {"regex": "(?s)^(?P<all>.*)$", "text_regex": "(?P<text>.)?"},
            "template": "X/{all}/{text}/{name}",
        }
    ]
    run = desk.organize(rules=rules)
    assert run.done > 10
    assert not run.failures
    assert files == contents(desk.root)
    kept = [line.facts for line in files_of(desk, run.run)]
    assert all(facts is not None and facts.fields["all"] for facts in kept)
    assert not desk.organize(rules=rules, folders="recurse").run
    desk.undo()
    assert before == desk.snapshot()


def test_a_download_is_known_by_where_it_comes_from(desk: Desk) -> None:
    """A rule sees the addresses that a browser has noted beside a file."""
    try:
        os.setxattr(desk.root / "draft.txt", "user.xdg.origin.url", b"https://www.bank.test/x")
    except OSError:
        pytest.skip("there are no extended attributes here")
    rules = [{"name": "bank", "when": {"origin": "bank.test"}, "category": "Bank"}]
    desk.organize(rules=rules)
    assert "Bank/draft.txt" in places(desk)
    assert not desk.organize(rules=rules).run
    desk.undo()
    assert "draft.txt" in places(desk)


def test_rules_by_folder_that_never_rest_are_refused_before_anything_moves(desk: Desk) -> None:
    """What a second run would move on is refused with both steps; elsewhere it is allowed."""
    rules = [{"name": "camera", "when": {"glob": "Camera/**"}, "category": "Shots"}]
    before = desk.snapshot()
    with pytest.raises(UsageError, match=r"rule 'camera' would turn 'Camera/draft 2\.txt' into"):
        desk.organize(folders="recurse", rules=rules)
    assert before == desk.snapshot()
    desk.organize(folders="recurse", rules=rules, into=desk.root.parent / "sorted")
    shots = os.listdir(desk.root.parent / "sorted" / "Shots")
    assert sorted(shots) == ["draft 2.txt", "one.jpg"]


@pytest.mark.parametrize(
    ("does", "message"),
    [
        ({"rename": "{date:%Y} {stem}"}, "rule 'x': template '{category}/{date:%Y} {stem}{ext}'"),
        ({"rename": "new", "category": "Y"}, "rule 'x' would turn 'canon.jpg' into 'Y/new.jpg'"),
    ],
)  # fmt: skip
def test_a_name_that_never_rests_is_refused(desk: Desk, does: dict[str, str], message: str) -> None:
    """A rule whose result would be renamed again, or judged otherwise, is refused by its name."""
    rule = {"name": "x", "when": {"glob": "*canon*", "extension": "jpg"}, **does}
    with pytest.raises(UsageError, match=r"never|rest") as caught:
        desk.organize(rules=[rule])
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"template": "{nothing}/{name}"}, "rules[0].template: template: unknown field {nothing}"),
        ({"rename": "a/b"}, "rules[0].rename: 'a/b' is a name, and holds a slash"),
        (
            {"rename": "a", "template": "X/{date:%Y} {name}"},
            "rules[0].rename: template 'X/{date:%Y} {name}' names the file, too",
        ),
        (
            {"when": {"regex": "(?P<date>x)"}, "skip": True},
            "rules[0].when: a group is named 'date', as a field of templates is",
        ),
        ({"rename": "..\x00"}, "rules[0].rename: template"),
    ],
)
def test_a_template_that_can_not_be_is_named_by_its_path(
    desk: Desk, rule: dict[str, Any], message: str
) -> None:
    """What is wrong with the templates of a rule is found before anything is opened."""
    with pytest.raises(ConfigError) as caught:
        desk.organize(rules=[{"name": "x", "when": {"extension": "pdf"}, **rule}])
    assert str(caught.value).startswith(message)


class Opened(CountingStorage):
    """A storage that knows which files were read."""

    def __init__(self, root: Path) -> None:
        found = root.stat()
        super().__init__(LocalStorage([Root(os.fsencode(root), found.st_dev, found.st_ino)]))
        self.opened: set[str] = set()

    def read(self, location: Location, start: int, length: int) -> bytes:
        """Note the name."""
        self.opened.add(os.fsdecode(location.path))
        return super().read(location, start, length)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"extension": "pdf"}, set()),
        ({"extension": "pdf", "text": "x"}, set()),
        ({"extension": "txt", "text": "x"}, {"letter.txt", "draft.txt"}),
        ({"any": [{"text": "x"}, {"glob": "*"}]}, set()),
        ({"size": ">10k", "mime": "image/*"}, {"large.iso"}),
        ({"not": {"any": [{"glob": "*"}, {"metadata": {"camera": True}}]}}, set()),
        ({"category": "Images", "metadata": {"camera": True}},
         {"canon.jpg", "phone.jpg", "Screenshot 2023-04-05.png"}),
    ],
)  # fmt: skip
def test_only_files_that_a_rule_leaves_open_are_opened(
    desk: Desk, when: dict[str, Any], expected: set[str]
) -> None:
    """A file is opened if cheap conditions do not settle it, or if it has no known extension."""
    rules = [{"name": "x", "when": when, "category": "Y"}]
    config = msgspec.convert({"rules": rules}, Config)
    job = Job(config, Calendar(resolve_zone("UTC")[1], 10**19), 10**19)
    storage = Opened(desk.root)
    look = job.looker(storage)
    for entry in storage.listing(Location(0, b"")).entries:
        if entry.kind.name == "FILE":
            look.classify(entry)
    storage.close()
    is_decided = when == {"any": [{"text": "x"}, {"glob": "*"}]}
    assert storage.opened == expected | (set() if is_decided else {"scan"})


def test_many_files_by_rules_that_read_go_through_workers(desk: Desk) -> None:
    """So many files that other processes look into them are judged the same, in their order."""
    shutil.rmtree(desk.root)
    make_tree(desk.root, {
        b"d%d/f%d.txt" % (n % 7, n): b"invoice" if n % 3 == 0 else b"text" for n in range(1500)
    })  # fmt: skip
    rules = [{"name": "x", "when": {"text": "invoice"}, "category": "Invoices"},
             {"name": "left", "when": {"regex": "^f1.*9.txt"}, "skip": True}]  # fmt: skip
    before = desk.snapshot()
    options: dict[str, Any] = {"folders": "recurse", "rules": rules, "dedupe": "off"}
    desk.organize(**options)
    assert len(os.listdir(desk.root / "Invoices")) == 500
    assert not desk.organize(jobs=1, **options).run
    desk.undo()
    assert before == desk.snapshot()


@pytest.mark.parametrize("when", [{"extension": "txt"}, {"text": "private"}])
def test_what_a_rule_leaves_alone_keeps_what_belongs_to_it(
    tmp_path: Path, when: dict[str, str]
) -> None:
    """A rule that skips a main file skips its unit, known by name or by a look into the file."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"a.txt": b"private", b"a.txt.xmp": b"x", b"b.pdf": b"b"})
    summary = desk.organize(rules=[{"name": "mine", "when": when, "skip": True}])
    assert places(desk) == {"a.txt", "a.txt.xmp", "Documents/b.pdf"}
    assert {(left.reason, left.count) for left in summary.left_alone} == {
        ("left alone by rule 'mine'", 2),
    }  # fmt: skip


def test_a_unit_goes_where_a_rule_says_and_comes_to_rest(tmp_path: Path) -> None:
    """A rule for the main file places and names all of a unit; a second run plans nothing."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"u.cr2": b"raw", b"u.jpg": b"jpg", b"Shots/shot.jpg": b"taken"})
    before = desk.snapshot()
    rule = {"name": "raw", "when": {"extension": "cr2"}, "template": "Shots/{name}"}
    rules = [rule | {"rename": "shot"}]
    desk.organize(rules=rules)
    assert places(desk) == {"Shots/shot.jpg", "Shots/shot (1).cr2", "Shots/shot (1).jpg"}
    assert desk.organize(folders="recurse", rules=rules).planned == 1  # shot.jpg goes to Images
    desk.undo()
    desk.undo()
    assert desk.snapshot() == before


def test_a_unit_that_no_rule_keeps_under_a_number_stays(tmp_path: Path) -> None:
    """Where a unit had to be numbered and its rule would let go of it then, all of it stays."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"u.cr2": b"raw", b"u.jpg": b"jpg", b"Shots/shot.jpg": b"taken"})
    when = {"regex": "^(u|shot)[.]cr2$"}
    rules = [{"name": "raw", "when": when, "template": "Shots/{name}", "rename": "shot"}]
    summary = desk.organize(rules=rules)
    assert places(desk) == {"Shots/shot.jpg", "u.cr2", "u.jpg"}
    assert {(left.reason, left.count) for left in summary.left_alone} >= {(Reason.TAKEN, 2)}

"""What is in files decides where they go, from a real disk through the journal and back."""

import os
from pathlib import Path
from typing import Any

import pytest

from fileorg.errors import UsageError
from fileorg.events import Event, Mismatched, Silent
from fileorg.model.entry import Skip
from fileorg.model.evidence import Facts
from fileorg.model.plan import Action, ActionKind, Joint
from fileorg.pipeline.organize import OrganizeRequest, organize
from tests.pipeline.harness import Desk
from tests.pipeline.photos import photo
from tests.trees import File, make_tree

HTML = b"<!DOCTYPE html><html><body>404</body></html>"
ELF = Path("/bin/true").read_bytes()
SEPTEMBER = 1_600_000_000  # 2020
TAKEN = "2011:02:03 04:05:06"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a folder with photos, dated names, files without extension, and impostors."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {
        b"a.jpg": File(photo(1, TAKEN, "EOS"), SEPTEMBER),
        b"b.jpg": File(photo(2, None), SEPTEMBER),
        b"IMG_20190704_120000.jpg": File(photo(3, None), SEPTEMBER),
        b"IMG_20190704_120001.jpg": File(photo(4, "1970:01:01 00:00:00"), SEPTEMBER),
        b"broken.jpg": File(photo(5, TAKEN)[:40], SEPTEMBER),
        b"2018-01-02 notes.txt": File(b"text", SEPTEMBER),
        b"picture": File(photo(6, TAKEN), SEPTEMBER),
        b"letter": File(b"Dear all,\n", SEPTEMBER),
        b"empty": File(b"", SEPTEMBER),
        b"photo.jpg": File(ELF, SEPTEMBER),
        b"sub/paper.pdf": File(HTML, SEPTEMBER),
        b"sub/a.jpg": File(photo(7, TAKEN), SEPTEMBER),
        b"sub/\xff.jpg": File(photo(8, TAKEN), SEPTEMBER),
    })  # fmt: skip
    return desk


def places(desk: Desk) -> set[str]:
    """Return where all files are."""
    return {os.fsdecode(p)[1:] for p, facts in desk.snapshot().items() if facts[0] != "folder"}


def test_contents_and_names_decide_the_year(desk: Desk) -> None:
    """A photo goes by its EXIF date, else by its name, else by its last change."""
    desk.organize(folders="recurse", mode="category_year")
    assert places(desk) == {
        "Images/2011/a.jpg",
        "Images/2020/b.jpg",
        "Images/2019/IMG_20190704_120000.jpg",
        "Images/2019/IMG_20190704_120001.jpg",
        "Images/2020/broken.jpg",
        "Documents/2018/2018-01-02 notes.txt",
        "Images/2011/picture",
        "Documents/2020/letter",
        "Other/2020/empty",
        "Images/2020/photo.jpg",
        "Documents/2020/paper.pdf",
        "Images/2011/a (1).jpg",
        "Images/2011/\udcff.jpg",
    }


def test_trusted_contents_decide_the_category(desk: Desk) -> None:
    """With trust in contents a program that is called a photo is a program."""
    summary = desk.organize(trust="content")
    assert {"Programs/photo.jpg", "Images/a.jpg", "Images/picture"} <= places(desk)
    assert [os.path.basename(found.path) for found in summary.mismatched] == ["photo.jpg"]


def test_whatever_a_file_is_called_its_content_is_trusted(desk: Desk) -> None:
    """Code, data and settings that are a picture or a program are told, and sorted as that."""
    jpeg = File(photo(9, TAKEN), SEPTEMBER)
    make_tree(desk.root, {b"x.py": jpeg, b"x.json": jpeg, b"x.sh": File(ELF), b"x.jpg.bak": jpeg})
    summary = desk.organize(trust="content", folders="recurse")
    assert {"Images/x.py", "Images/x.json", "Programs/x.sh", "Backups/x.jpg.bak"} <= places(desk)
    told = {os.path.basename(found.path) for found in summary.mismatched}
    assert told == {"photo.jpg", "paper.pdf", "x.py", "x.json", "x.sh"}
    assert not desk.organize(trust="content", folders="recurse").done


def test_files_go_by_the_clock_that_was_written_down(tmp_path: Path) -> None:
    """Whatever the zone of the run: the day on the camera and of the sender; UTC is of the zone."""
    desk = Desk(tmp_path)
    taken = "2011:02:03 23:30:00"
    mail = "From: a@example.com\nTo: b@example.com\nDate: Thu, 03 Feb 2011 23:30:00 {}\n\nHello\n"
    make_tree(desk.root, {
        b"a.jpg": photo(1, taken, offset="-11:00"),
        b"b.jpg": photo(2, taken, offset="+00:00"),
        b"c.jpg": photo(3, taken),
        b"d.eml": mail.format("-1100").encode(),
        b"e.eml": mail.format("GMT").encode(),
    })  # fmt: skip
    desk.organize(template="{date:%d}/{name}", timezone="Asia/Tokyo")
    assert places(desk) == {"03/a.jpg", "03/b.jpg", "03/c.jpg", "03/d.eml", "04/e.eml"}
    assert not desk.organize(
        template="{date:%d}/{name}", timezone="Asia/Tokyo", folders="recurse"
    ).done


TEMPLATES: list[dict[str, Any]] = [
    {"mode": "category_month"},
    {"mode": "date"},
    {"mode": "year", "trust": "content"},
    {"template": "{category}/{date:%Y-%m-%d_%H%M%S}{ext}"},
    {"template": "{date:%Y}/{date:%Y-%m-%d %H.%M}{ext}"},
    {"template": "{category}/{date:%Y}/{name}", "into": "there"},
    {"template": "{category}/{date:%Y}/{name}", "copy": True, "into": "there"},
    {"mode": "category_year", "dedupe": "quarantine"},
    {"mode": "category_year", "folders": "whole"},
    {"mode": "category_year", "folders": "leave", "on_conflict": "replace"},
]


@pytest.mark.parametrize(
    "options", TEMPLATES, ids=lambda options: " ".join(map(str, options.values()))
)
def test_preview_run_second_run_and_undo(
    desk: Desk, options: dict[str, Any], tmp_path: Path
) -> None:
    """By whatever dates: a preview says what is done, a second run does nothing, undo is exact."""
    options = {"folders": "recurse", **options}
    into = desk.root / options.pop("into") if "into" in options else None
    before = desk.snapshot()
    listener = Planned()
    preview = organize(_request(desk, into, dry_run=True, **options), listener)
    assert desk.snapshot() == before
    summary = desk.organize(into=into, **options)
    done = {(line.source, line.target) for line in desk.lines(summary.run)
            if line.kind in {ActionKind.MOVE, ActionKind.COPY}}  # fmt: skip
    root = os.fsencode(desk.root)
    assert {(os.path.join(root, s), os.path.join(root, t)) for s, t in listener.moves} == done
    assert (preview.done, preview.mismatches) == (summary.done, summary.mismatches)
    assert summary.failed == 0
    if not options.get("copy"):
        assert desk.organize(into=into, **options).planned == 0
    desk.undo(summary.run)
    assert desk.snapshot() == before


def test_a_template_that_loses_the_date_of_a_name_is_refused(desk: Desk) -> None:
    """Where a name dates a file and its new name would not, the template never comes to rest."""
    with pytest.raises(UsageError, match=r"\{date\} would turn '2018-01-02 notes.txt'"):
        desk.organize(template="{date:%d.%m.%Y}{ext}")


def test_evidence_is_in_the_journal(desk: Desk) -> None:
    """Each action that was judged by more than name and time says by what; others say nothing."""
    run = desk.organize(mode="category_year").run
    facts = {os.path.basename(line.source): line.facts for line in desk.lines(run)}
    photo, named, picture = (facts[n] for n in (b"a.jpg", b"IMG_20190704_120000.jpg", b"picture"))
    assert isinstance(photo, Facts)
    assert photo.date is not None
    assert (photo.date.moment.isoformat(), photo.date.source, photo.mime) == (
        "2011-02-03T04:05:06", "EXIF DateTimeOriginal", "image/jpeg",
    )  # fmt: skip
    assert named is not None
    assert named.date is not None
    assert named.date.source == "file name"
    assert picture is not None
    assert picture.basis == "content"
    assert facts[b"b.jpg"] is None


def test_a_mismatch_is_told_in_place_too(desk: Desk) -> None:
    """What is not what its name says is named, also when it stays where it is."""
    listener = Planned()
    desk.organize(folders="recurse", mode="category_year")
    summary = organize(_request(desk, None, folders="recurse", mode="category_year"), listener)
    assert summary.planned == 0
    assert summary.mismatches == 2
    told = {
        (os.path.basename(os.fsdecode(m.path)), m.mime, m.category) for m in listener.mismatched
    }
    assert told == {
        ("photo.jpg", "application/x-pie-executable", "Programs"),
        ("paper.pdf", "text/html", "Web pages"),
    }


def test_nothing_is_opened_by_default(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the default layout only files that their names say nothing of are opened."""
    os.chmod(desk.root / "a.jpg", 0)
    opened: list[str] = []
    monkeypatch.setattr(
        "fileorg.pipeline.contents.mime_of",
        lambda _, name: opened.append(name),
    )
    desk.organize(dedupe="off")
    assert set(opened) == {"picture", "letter"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_can_not_be_read_is_no_failure(desk: Desk) -> None:
    """A photo that can't be opened goes by its name and its last change."""
    os.chmod(desk.root / "a.jpg", 0)
    summary = desk.organize(mode="category_year", dedupe="off")
    assert summary.failed == 0
    assert "Images/2020/a.jpg" in places(desk)


def test_many_files_are_read_in_order_by_other_processes(tmp_path: Path) -> None:
    """Photos among other files keep their order and their dates, whoever has read them."""
    desk = Desk(tmp_path)
    tree: dict[bytes, File] = {}
    for number in range(700):
        year = 2000 + number % 20
        tree[b"%04d.jpg" % number] = File(photo(number, f"{year}:02:03 04:05:06"), SEPTEMBER)
    for number in range(1400):  # so many that scan and plan have processes of their own, too
        tree[b"%04d.txt" % number] = File(b"%d" % number, SEPTEMBER)
    make_tree(desk.root, tree)
    before = desk.snapshot()
    summaries = [desk.organize(mode="year", dry_run=True, jobs=jobs) for jobs in (1, 3)]
    assert len({s.folders for s in summaries}) == 1
    listener = Planned()
    organize(_request(desk, None, dry_run=True, mode="year", jobs=3), listener)
    assert [source for source, _ in listener.moves] == sorted(tree)
    run = desk.organize(mode="year", jobs=3)
    assert all(f"{2000 + n % 20}/{n:04}.jpg" in places(desk) for n in range(700))
    assert desk.organize(mode="year").planned == 0
    desk.undo(run.run)
    assert desk.snapshot() == before


class Planned(Silent):
    """A listener that keeps what is planned, and what is not what its name says."""

    wants_actions = True

    def __init__(self) -> None:
        self.moves: list[tuple[bytes, bytes]] = []
        self.mismatched: list[Mismatched] = []

    def planned(self, item: Action | Facts | Joint | Skip) -> None:
        """Keep a move or copy."""
        if isinstance(item, Action) and item.kind in {ActionKind.MOVE, ActionKind.COPY}:
            self.moves.append((item.source.path, item.target.path))

    def tell(self, event: Event) -> None:
        """Keep a mismatch."""
        if isinstance(event, Mismatched):
            self.mismatched.append(event)


def _request(desk: Desk, into: Path | None, **options: Any) -> OrganizeRequest:
    import msgspec

    from fileorg.config.schema import Config

    own = {name: options.pop(name) for name in ("dry_run", "jobs") if name in options}
    place = None if into is None else os.fsencode(into)
    return OrganizeRequest(
        (os.fsencode(desk.root),), desk.state, place, msgspec.convert(options, Config), **own
    )

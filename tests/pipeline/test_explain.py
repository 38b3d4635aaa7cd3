"""What is explained is what happens."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fileorg.categorize.confidence import Confidence
from fileorg.config.schema import Config
from fileorg.errors import RefusedError, SourceMissingError
from fileorg.model.evidence import Basis
from fileorg.model.plan import ActionKind
from fileorg.model.reason import Reason
from fileorg.pipeline.explain import ExplainRequest, Explanation, explain
from tests.pipeline.harness import Desk
from tests.pipeline.photos import photo
from tests.trees import File, Link, make_tree

SEPTEMBER = 1_600_000_000
ELF = Path("/bin/true").read_bytes()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a folder with a bit of everything."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {
        b"a.jpg": File(photo(1, "2011:02:03 04:05:06", "EOS"), SEPTEMBER),
        b"b.jpg": File(photo(2, None), SEPTEMBER),
        b"IMG_20190704_120000.jpg": File(photo(3, None), SEPTEMBER),
        b"photo.jpg": File(ELF, SEPTEMBER),
        b"letter": File(b"Dear all,\n", SEPTEMBER),
        b"odd.zzz": File(b"\0\1\2", SEPTEMBER),
        b"old.txt": File(b"x", 0),
        b"Images/b.jpg": File(photo(4, None), SEPTEMBER),
        b"Images/c.jpg": File(photo(5, None), SEPTEMBER),
        b"half.part": b"",
        b".hidden": b"",
        b"link.txt": Link(b"/etc/hosts"),
        b"project/package.json": b"{}",
        b"project/src/x.jpg": b"x",
        b"sub/deep/d.txt": b"d",
        b"\xff.txt": b"y",
    })  # fmt: skip
    return desk


def told(desk: Desk, *names: str, **options: Any) -> list[Explanation]:
    """Return what is explained of names in the folder."""
    own = {name: options.pop(name) for name in ("source", "into") if name in options}
    paths = tuple(os.path.join(os.fsencode(desk.root), os.fsencode(name)) for name in names)
    own = {name: os.fsencode(desk.root / place) for name, place in own.items()}
    config = msgspec.convert(options, Config)
    return explain(ExplainRequest(paths, desk.state, config=config, **own))


def goes(desk: Desk, name: str, **options: Any) -> str | Reason | None:
    """Return where one file goes, below the folder, or why it stays."""
    (found,) = told(desk, name, **options)
    if found.target is None:
        return found.reason
    return os.path.relpath(os.fsdecode(found.target), desk.root)


@pytest.mark.parametrize("options", [
    {"folders": "recurse", "mode": "category_year"},
    {"folders": "recurse", "mode": "date", "trust": "content"},
    {"folders": "recurse", "keep_folders": True},
    {"folders": "recurse", "template": "{category}/{date:%Y-%m-%d}{ext}"},
    {"folders": "whole"},
    {"copy": True, "into": "there"},
], ids=str)  # fmt: skip
def test_what_is_explained_is_what_happens(desk: Desk, options: dict[str, Any]) -> None:
    """Every file and folder goes where it was said to, and what was said to stay does."""
    before = desk.snapshot()
    names = [os.fsdecode(path)[1:] for path in before if path]
    explained = told(desk, *names, source="", **options)
    assert desk.snapshot() == before
    assert not list(desk.state.path.glob("runs/*"))
    into = options.pop("into", None)
    run = desk.organize(into=None if into is None else desk.root / into, **options).run
    done = {line.source: line.target for line in desk.lines(run)
            if line.kind in {ActionKind.MOVE, ActionKind.COPY}}  # fmt: skip
    assert {e.path: e.target for e in explained if e.target and e.folder is None} == done
    for found in explained:
        if found.folder is not None and found.target is not None:
            assert found.target == done[found.folder] + found.path[len(found.folder) :]
        if found.target is None and found.reason is not None:
            assert os.path.lexists(found.path)


def test_reasons_for_staying(desk: Desk) -> None:
    """What stays is told with its reason, and of a folder above that decides, which one."""
    reasons = {name: goes(desk, name) for name in ("half.part", ".hidden", "sub", "project")}
    assert reasons == {
        "half.part": Reason.PARTIAL,
        ".hidden": Reason.HIDDEN,
        "sub": Reason.FOLDER_LEFT,
        "project": Reason.FOLDER_LEFT,
    }
    assert goes(desk, "project", folders="recurse") is Reason.PROJECT
    assert goes(desk, "Images/c.jpg", source="", folders="recurse") is Reason.IN_PLACE
    (inside,) = told(desk, "project/src/x.jpg", source="", folders="recurse")
    assert (inside.reason, os.path.basename(inside.folder or b"")) == (Reason.PROJECT, b"project")
    assert goes(desk, "sub", source="", folders="recurse") is None


def test_a_folder_that_moves_whole_is_what_it_holds(desk: Desk) -> None:
    """Of a folder that moves as one the category is told, and that its files decide it."""
    make_tree(desk.root, {b"album/1.mp3": b"1", b"album/2.mp3": b"2", b"album/cover.jpg": b"3"})
    (found,) = told(desk, "album", source="", folders="whole")
    assert found.target == os.fsencode(desk.root / "Audio" / "album")
    assert found.judged is not None
    assert (found.judged.category, found.judged.facts.basis) == ("Audio", Basis.HELD)


def test_names_that_are_taken_are_seen(desk: Desk) -> None:
    """The name is the one that the file would get, beside what is there."""
    assert goes(desk, "b.jpg") == "Images/b (1).jpg"
    assert goes(desk, "b.jpg", on_conflict="skip") is Reason.TAKEN


def test_companions_are_told(desk: Desk) -> None:
    """What goes with others is told with all of them, the main file first."""
    make_tree(desk.root, {b"u.cr2": b"1", b"u.xmp": b"2"})
    together = tuple(os.fsencode(desk.root / name) for name in ("u.cr2", "u.xmp"))
    main, companion, alone = told(desk, "u.cr2", "u.xmp", "a.jpg")
    assert main.together == companion.together == together
    assert alone.together == ()
    assert companion.target == os.fsencode(desk.root / "Images" / "u.xmp")


def test_the_main_file_decides_for_its_companions(desk: Desk) -> None:
    """Rule, category, date and fields of a companion are those of its main file, which is named."""
    shot = photo(6, "2012:03:04 05:06:07", "EOS")
    make_tree(desk.root, {
        b"v.jpg": File(shot, SEPTEMBER), b"v.xmp": File(b"x", 0),
        b"Images/w.jpg": File(shot, SEPTEMBER), b"Images/w.jpg.xmp": File(b"x", 0),
    })  # fmt: skip
    rule = {"name": "shots", "when": {"extension": "jpg"}, "category": "Shots"}
    names = ("v.jpg", "v.xmp", "Images/w.jpg.xmp")
    for found in told(desk, *names, source="", template="{camera}/{name}", rules=[rule]):
        assert found.judged is not None
        judged = found.judged
        assert (judged.category, judged.facts.rule) == ("Shots", "shots")
        assert judged.facts.fields == {"camera": "Maker EOS"}
        assert judged.date is not None
        assert judged.date.source == "EXIF DateTimeOriginal"
        main = found.path.removesuffix(b".xmp")
        main = main if main.endswith(b".jpg") else main + b".jpg"
        assert judged.main == (None if main == found.path else main)
        assert judged.facts.mime == ("image/jpeg" if main == found.path else "text/plain")


def test_evidence_has_its_source_and_its_confidence(desk: Desk) -> None:
    """Category and date are told with what says so, and how sure that is."""
    names = ["a.jpg", "IMG_20190704_120000.jpg", "photo.jpg", "letter", "odd.zzz", "old.txt"]
    rows = {}
    for found, name in zip(told(desk, *names), names, strict=True):
        judged = found.judged
        assert judged is not None
        date = judged.date and judged.date.source
        rows[name] = (judged.category, judged.facts.basis.value, judged.confidence, date,
                      judged.date_confidence)  # fmt: skip
    high, medium, low = Confidence
    assert rows == {
        "a.jpg": ("Images", "name", high, "EXIF DateTimeOriginal", high),
        "IMG_20190704_120000.jpg": ("Images", "name", high, "file name", medium),
        "photo.jpg": ("Images", "name", low, "modification time", low),
        "letter": ("Documents", "content", medium, "modification time", low),
        "odd.zzz": ("Other", "name", low, "modification time", low),
        "old.txt": ("Documents", "name", high, None, None),
    }


def test_fields_of_the_template_are_told(desk: Desk) -> None:
    """What a template takes from a file is told as it is."""
    (found,) = told(desk, "a.jpg", template="{camera}/{name}")
    assert found.judged is not None
    assert found.judged.facts.fields == {"camera": "Maker EOS"}
    assert found.judged.facts.doubt == ""


def test_a_moment_is_told_in_the_zone_of_the_run(desk: Desk) -> None:
    """A moment is shown as a clock of the configured zone shows it."""
    (found,) = told(desk, "b.jpg", timezone="Asia/Tokyo")
    assert found.judged is not None
    assert found.judged.date is not None
    assert found.judged.date.moment.isoformat() == "2020-09-13T21:26:40+09:00"


def test_what_is_not_there_or_refused(desk: Desk) -> None:
    """A path that is not there, or not in the source, is said so; a refusal is that of organize."""
    with pytest.raises(SourceMissingError, match=r"nothing.txt: there is no such"):
        told(desk, "nothing.txt")
    with pytest.raises(SourceMissingError, match=r"not in .*sub"):
        told(desk, "a.jpg", source="sub")
    make_tree(desk.root, {b"checkout/.git/": None, b"checkout/x.jpg": b""})
    with pytest.raises(RefusedError, match="project or repository"):
        told(desk, "checkout/x.jpg")

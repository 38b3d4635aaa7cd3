"""Names that are new in a folder: with which of those that are there they would be one unit."""

import pytest

from fileorg.scan.company import Company
from fileorg.scan.takeout import cut_titles

LONG = b"n" * 60


@pytest.mark.parametrize(
    ("there", "new", "strangers"),
    [
        ([b"a.jpg"], [b"b.xmp"], set()),
        ([b"a.jpg"], [b"a.xmp"], {b"a.jpg"}),
        ([b"a.jpg"], [b"a.jpg.xmp"], {b"a.jpg"}),
        ([b"a.xmp"], [b"a.cr2"], {b"a.xmp"}),
        ([b"a.cr2"], [b"a.jpg"], {b"a.cr2"}),
        ([b"a.pdf"], [b"a.docx"], set()),
        ([b"a.en.srt"], [b"a.mkv"], {b"a.en.srt"}),
        ([b"a.jpg"], [b"a.b.jpg"], set()),
        ([b"z.part1.rar"], [b"z.part2.rar"], {b"z.part1.rar"}),
        ([b"z.part1.exe"], [b"z.part2.rar"], {b"z.part1.exe"}),
        ([b"z.zip"], [b"z.z01"], {b"z.zip"}),
        ([b"z.rar"], [b"z.7z"], set()),
        ([b"a(1).jpg"], [b"a.jpg(1).json"], {b"a(1).jpg"}),
        ([b"a.jpg.supplemental-meta.json"], [b"a.jpg"], {b"a.jpg.supplemental-meta.json"}),
        ([LONG + b".jpg"], [LONG[:46] + b".json"], {LONG + b".jpg"}),
        ([b"v.mp4"], [b"v.info.json"], {b"v.mp4"}),
    ],
)
def test_what_would_belong_together(
    there: list[bytes], new: list[bytes], strangers: set[bytes]
) -> None:
    """Every way in which names are told together is seen, whichever of them comes last."""
    assert Company(there).strangers(new) == strangers
    grown = Company(())
    for name in there:
        grown.add(name)
    assert grown.strangers(new) == strangers
    assert Company(new).strangers(there) == (set(new) if strangers else set())


@pytest.mark.parametrize(
    ("there", "new"),
    [
        ([b"f.mp4", b"f.srt"], [b"f.mkv"]),
        ([b"p_files"], [b"p.html"]),
        ([b"a.mp4", b"a.en.srt"], [b"a.en.mkv"]),
        ([b"f.mkv"], [b"f.mp4", b"f.srt"]),
        ([b"p.html", b"p_files"], [b"p.htm"]),
    ],
)
def test_who_would_lose_what_it_has(there: list[bytes], new: list[bytes]) -> None:
    """A name that would part a unit is none to give, though it belongs to nothing itself."""
    assert Company(there).strangers(new) == set(there)


def test_what_is_gone_is_no_stranger() -> None:
    """What leaves, has left, or comes back is there or not as it is now."""
    company = Company([b"a.jpg", b"b.jpg"])
    assert not company.strangers([b"a.xmp"], [b"a.jpg"])
    company.remove(b"b.jpg")
    assert not company.strangers([b"b.xmp"])
    company.add(b"b.jpg")
    assert company.strangers([b"b.xmp"]) == {b"b.jpg"}


def test_single_files_may_meet() -> None:
    """A single file may meet another one that may be met, but none of a unit."""
    company = Company([b"a.jpg", b"b.jpg", b"b.xmp"])
    assert not company.strangers([b"a.cr2"], may_meet=lambda _: True)
    assert company.strangers([b"a.cr2"], may_meet=lambda _: False) == {b"a.jpg"}
    assert company.strangers([b"b.cr2"], may_meet=lambda _: True) == {b"b.jpg", b"b.xmp"}


def test_a_name_that_is_cut_holds_no_other_stem() -> None:
    """What stands for the title of a long name can't be the stem of a file."""
    assert all(b"/" in title for title in cut_titles(LONG + b".jpg"))

"""What belongs together in a folder, told from names."""

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.scan.protection import survey
from fileorg.scan.together import may_be_together, together

LONG = "a photograph of everybody at the table in the garden"  # more than 46 characters
CUT = f"{LONG}.jpg"[:46]


def units(*names: str, folders: Iterable[str] = ()) -> dict[str, set[str]]:
    """Return companions by main file."""
    found = together([n.encode() for n in names], [n.encode() for n in folders])
    return {
        group.main.decode(): {member.name.decode() for member in group.others} for group in found
    }


def tails(*names: str) -> dict[str, str]:
    """Return what follows the stem in the names of companions."""
    found = together([name.encode() for name in names], ())
    return {
        member.name.decode(): member.tail.decode() for group in found for member in group.others
    }


@pytest.mark.parametrize(
    ("main", "others"),
    [
        ("IMG_1.CR2", {"IMG_1.JPG"}),
        ("IMG_1.nef", {"IMG_1.jpg", "IMG_1.tif", "IMG_1.wav"}),
        ("IMG_1.dng", {"IMG_1.heic", "IMG_1.jpeg", "IMG_1.mov", "IMG_1.xmp", "IMG_1.AAE"}),
        ("IMG_1.HEIC", {"IMG_1.MOV", "IMG_1.aae", "IMG_1.jpg"}),
        ("IMG_1.heic", {"IMG_1.mp4"}),
        ("IMG_1.JPG", {"IMG_1.MOV"}),
        ("a.jpg", {"a.xmp", "a.jpg.xmp", "a.JPG.json", "a.aae", "a.thm", "a.pp3"}),
        ("a.cr2", {"a.jpg", "a.jpg.xmp", "a.cr2.xmp", "a.xmp"}),
        ("MVI_1.AVI", {"MVI_1.THM"}),
        ("GOPR1.MP4", {"GOPR1.LRV", "GOPR1.THM"}),
        ("film.mkv", {"film.srt", "film.en.srt", "film.pt-BR.forced.vtt", "film.nfo", "film.idx"}),
        ("film.mkv", {"film.en.sdh.srt"}),
        ("song.flac", {"song.lrc", "song.cue", "song.nfo"}),
        ("talk.mp3", {"talk.vtt", "talk.info.json"}),
        ("report.pdf", {"report.xmp", "report.pdf.json"}),
        ("a.jpg", {"a.jpg.json"}),
        ("a.jpg", {"a.json"}),
        ("a.jpg", {"a.jpg.supplemental-metadata.json"}),
        ("a.jpg", {"a.jpg.suppl.json"}),
        ("a.jpg", {"a.jpg..json"}),
        ("a(1).jpg", {"a.jpg(1).json"}),
        ("a(12).jpg", {"a.jpg.supplemental-metadata(12).json"}),
        (f"{LONG}.jpg", {f"{CUT}.json"}),
        (f"{LONG}(2).jpg", {f"{CUT}(2).json"}),
        ("x.part1.rar", {"x.part2.rar", "x.part3.rar"}),
        ("x.part01.rar", {"x.part02.rar", "x.part10.rar"}),
        ("x.part1.exe", {"x.part2.rar", "x.part3.rar"}),
        ("x.rar", {"x.r00", "x.r01"}),
        ("x.r00", {"x.r01"}),
        ("x.zip", {"x.z01", "x.z02"}),
        ("x.7z.001", {"x.7z.002"}),
        ("x.001", {"x.002", "x.003"}),
    ],
)
def test_these_belong_together(main: str, others: set[str]) -> None:
    """Shots, sidecars and archives in parts: the main file first, whatever the order of names."""
    names = [main, *others]
    assert units(*names) == units(*reversed(names)) == {main: others}


@pytest.mark.parametrize(
    "names",
    [
        ("a.jpg",),
        ("a.jpg", "b.xmp"),
        ("a.jpg", "a.jpeg", "a.xmp"),
        ("a.cr2", "a.nef", "a.jpg", "a.xmp"),
        ("film.mkv", "film.avi", "film.srt"),
        ("film.mp4", "film.jpg"),
        ("IMG_1234.JPG", "IMG_1234.MP4"),
        ("song.wav", "song.jpg"),
        ("report.pdf", "report.docx"),
        ("invoice.jpg", "invoice.pdf"),
        ("data.csv", "data.json"),
        ("data.json",),
        ("metadata.json", "a.jpg"),
        ("a.jpg", "a.lrc", "a.srt"),
        ("film.mkv", "film.long.srt"),
        ("A.jpg", "a.xmp"),
        ("a.jpg", "a.jpg(1).json"),
        (f"{LONG}.jpg", f"{LONG}.png", f"{CUT}.json"),
        ("x.part1.rar",),
        ("x.rar",),
        (".jpg", ".xmp"),
        ("IMG_1.jpg", "IMG_E1.jpg"),
    ],
)
def test_these_do_not(names: tuple[str, ...]) -> None:
    """Two of one rank, another stem, a poster, two documents: each is a file of its own."""
    assert units(*names) == {}


def test_a_full_name_tells_among_equals() -> None:
    """Where two files of one rank share a stem, a sidecar is that of the one it names in full."""
    assert units("a.jpg", "a.jpeg", "a.jpeg.xmp", "a.xmp", "a.jpg.json") == {
        "a.jpeg": {"a.jpeg.xmp"},
        "a.jpg": {"a.jpg.json"},
    }


def test_a_sidecar_goes_with_the_highest_rank_that_it_serves() -> None:
    """Beside a poster and a film the subtitle is the film's, and the edit the picture's."""
    assert units("a.jpg", "a.mkv", "a.pdf", "a.srt", "a.xmp") == {
        "a.jpg": {"a.xmp"},
        "a.mkv": {"a.srt"},
    }


def test_tails_follow_the_stem() -> None:
    """The tail is what comes after the stem; an odd name has the one it gets with a new stem."""
    assert tails("a.CR2", "a.JPG", "a.JPG.xmp", "f.mkv", "f.en.srt") == {
        "a.JPG": ".JPG", "a.JPG.xmp": ".JPG.xmp", "f.en.srt": ".en.srt",
    }  # fmt: skip
    assert tails("a(1).jpg", "a.jpg(1).json") == {"a.jpg(1).json": ".jpg.json"}
    assert tails(f"{LONG}.jpg", f"{CUT}.json") == {f"{CUT}.json": ".jpg.json"}
    assert tails("z.part1.rar", "z.part2.rar") == {"z.part2.rar": ".part2.rar"}


def test_no_two_members_get_one_name() -> None:
    """Of two sidecars that a new stem would give one name, in any case, the second is alone."""
    assert units("a.jpg", "a.xmp", "a.XMP") == {"a.jpg": {"a.XMP"}}
    assert units("a(1).jpg", "a.jpg(1).json", "a(1).jpg.json") == {"a(1).jpg": {"a(1).jpg.json"}}


@pytest.mark.parametrize(
    "folder",
    ["page_files", "page.files", "page-Dateien", "page_fichiers", "page_archivos", "page_file",
     "page-filer", "page_pliki", "page_bestanden", "page_f\u00e1jlok"],
)  # fmt: skip
def test_a_saved_page_has_a_folder(folder: str) -> None:
    """The folder beside a page belongs to it, in the language of whoever saved it."""
    for page in ("page.html", "page.HTM", "page.xhtml"):
        assert units(page, folders=[folder, "other_files"]) == {page: {folder}}
    assert units("page.txt", folders=[folder]) == {}


def test_a_folder_has_but_one_page() -> None:
    """Of two pages of one stem the first by name has the folder."""
    assert units("page.html", "page.htm", folders=["page_files"]) == {"page.htm": {"page_files"}}


STEMS = st.sampled_from(("a", "a(1)", "IMG_1234", "a.en", LONG, CUT, "a.jpg", "a.part1", "é", ""))
SUFFIXES = st.sampled_from(
    (".cr2", ".nef", ".HEIC", ".jpg", ".JPG", ".jpeg", ".png", ".mov", ".mp4", ".wav", ".mp3",
     ".pdf", ".xmp", ".XMP", ".aae", ".json", "(1).json", ".suppl.json", ".info.json", ".srt",
     ".en.srt", ".nfo", ".html", ".rar", ".r00", ".r01", ".z01", ".zip", ".001", ".002", ".7z.001",
     ".part1.rar", ".part2.rar", "", ".")
)  # fmt: skip
NAMES = st.sets(st.builds("{}{}".format, STEMS, SUFFIXES).filter(bool), max_size=14)
FOLDERS = st.sets(st.sampled_from((b"a_files", b"a-Dateien", b"IMG_1234.files")), max_size=2)


@given(NAMES, FOLDERS, st.randoms())
def test_every_name_is_in_one_unit_at_most(
    names: set[str], folders: set[bytes], random: Random
) -> None:
    """No name is in two units or unknown, and the order of the names changes nothing."""
    listed = sorted(name.encode() for name in names)
    found = together(listed, sorted(folders))
    members = [name for group in found for name in group.names]
    assert len(set(members)) == len(members)
    assert set(members) <= set(listed) | folders
    shuffled = random.sample(listed, len(listed))
    assert sorted(together(shuffled, folders)) == sorted(found)


@given(NAMES, FOLDERS, st.sampled_from((b"new", b"a (1)", b"IMG_1234 (2)", b"x.y")))
def test_with_a_new_stem_it_is_the_same_unit(
    names: set[str], folders: set[bytes], stem: bytes
) -> None:
    """What gets another stem belongs together as before: a second run leaves it alone."""
    for group in together([name.encode() for name in names], folders):
        tail = group.main[len(group.stem) :]
        others = {member.name: stem + member.tail for member in group.others}
        files = [stem + tail, *(new for old, new in others.items() if old not in folders)]
        there = [new for old, new in others.items() if old in folders]
        (again,) = together(files, there)
        assert set(again.names) == {stem + tail, *others.values()}


@given(NAMES, FOLDERS)
def test_a_first_look_misses_nothing(names: set[str], folders: set[bytes]) -> None:
    """Where the suffixes promise no unit, there is none."""
    listed = [name.encode() for name in names]
    if not may_be_together(survey([*listed, *folders]).suffixes):
        assert not together(listed, folders)
